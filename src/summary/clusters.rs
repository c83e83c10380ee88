//! Worlds played several times, each time with other luck: what we do not know against what merely happens.
//!
//! Plays of one world are alike, so N plays tell less than N worlds: every standard error is that of
//! clusters. And the variance falls apart into the part between worlds and the part within them, by
//! one-way analysis of variance with random effects (Searle, Casella & McCulloch 1992, "Variance
//! Components", ch. 3); "effect" is the design effect (Kish 1965, "Survey Sampling").

use super::Moments;
use serde::{Deserialize, Serialize};

/// The worlds of one variable: how its plays spread within them and their means between them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Clusters {
    /// Plays of the world at hand.
    now: Moments,
    /// Per category, in the world at hand and, squared and times its plays, in all so far.
    counts: Vec<[u64; 3]>,
    worlds: u64,
    plays: u64,
    /// Sum of squares of the worlds' plays.
    squares: u64,
    /// Mean of all plays, and sums of squares between and within worlds.
    mean: f64,
    between: f64,
    within: f64,
}

/// The variance of a variable, in two parts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Split {
    /// Between worlds: what is not known.
    pub world: f64,
    /// Within worlds: luck.
    pub luck: f64,
}

impl Clusters {
    /// Nothing yet; `categories` are the levels whose shares are reported, if any.
    pub fn new(categories: usize) -> Clusters {
        Clusters {
            now: Moments::EMPTY,
            counts: vec![[0; 3]; categories],
            worlds: 0,
            plays: 0,
            squares: 0,
            mean: 0.0,
            between: 0.0,
            within: 0.0,
        }
    }

    /// Takes one play in: its value, NaN where it does not apply, and its category.
    pub fn add(&mut self, value: f64, category: Option<usize>) {
        if value.is_nan() {
            return;
        }
        self.now.add(value);
        if let Some(count) = category.and_then(|category| self.counts.get_mut(category)) {
            count[0] += 1;
        }
    }

    /// The world at hand has been played often enough.
    pub fn close_world(&mut self) {
        let now = std::mem::replace(&mut self.now, Moments::EMPTY);
        let n = now.count();
        for [now, squares, products] in &mut self.counts {
            *squares += *now * *now;
            *products += *now * n;
            *now = 0;
        }
        if n == 0 {
            return;
        }
        let within = now.variance() * (n - 1) as f64;
        self.join(
            1,
            n,
            n * n,
            now.mean(),
            0.0,
            if n > 1 { within } else { 0.0 },
        );
    }

    /// Takes later worlds in.
    pub fn merge(&mut self, later: Clusters) {
        let Clusters {
            counts,
            worlds,
            plays,
            squares,
            mean,
            between,
            within,
            ..
        } = later;
        for (mine, more) in self.counts.iter_mut().zip(counts) {
            mine.iter_mut()
                .zip(more)
                .for_each(|(mine, more)| *mine += more);
        }
        self.join(worlds, plays, squares, mean, between, within);
    }

    fn join(
        &mut self,
        worlds: u64,
        plays: u64,
        squares: u64,
        mean: f64,
        between: f64,
        within: f64,
    ) {
        if plays == 0 {
            return;
        }
        let (mine, more) = (self.plays as f64, plays as f64);
        let apart = mean - self.mean;
        self.between += between + apart * apart * mine * more / (mine + more);
        self.within += within;
        self.mean += apart * more / (mine + more);
        self.worlds += worlds;
        self.plays += plays;
        self.squares += squares;
    }

    /// How many worlds it applies to.
    pub fn worlds(&self) -> u64 {
        self.worlds
    }

    /// The two parts of the variance; NaN below two worlds or without a second play.
    pub fn split(&self) -> Split {
        let (worlds, plays) = (self.worlds as f64, self.plays as f64);
        let luck = self.within / (plays - worlds);
        let size = (plays - self.squares as f64 / plays) / (worlds - 1.0);
        let world = (self.between / (worlds - 1.0) - luck) / size;
        Split {
            world: if world < 0.0 { 0.0 } else { world },
            luck,
        }
    }

    /// By how much the variance of the mean exceeds that of as many independent plays.
    pub fn effect(&self) -> f64 {
        let (worlds, plays) = (self.worlds as f64, self.plays as f64);
        let of_mean =
            self.between * self.squares as f64 / plays / (plays * plays) * worlds / (worlds - 1.0);
        let alone = (self.between + self.within) / (plays - 1.0) / plays;
        sound(of_mean / alone, plays / worlds)
    }

    /// The same for the share of a category.
    pub fn effect_of_share(&self, category: usize, count: u64) -> f64 {
        let (worlds, plays) = (self.worlds as f64, self.plays as f64);
        let share = count as f64 / plays;
        let [_, squares, products] = self.counts[category].map(|count| count as f64);
        let apart = squares - 2.0 * share * products + share * share * self.squares as f64;
        let of_share = apart / (plays * plays) * worlds / (worlds - 1.0);
        sound(of_share * plays / (share * (1.0 - share)), plays / worlds)
    }
}

/// An effect that can be told, or the largest there can be.
fn sound(effect: f64, most: f64) -> f64 {
    if effect.is_finite() && effect > 0.0 {
        effect
    } else {
        most
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clusters(worlds: &[&[f64]]) -> Clusters {
        let mut all = Clusters::new(2);
        for world in worlds {
            let mut one = Clusters::new(2);
            for value in *world {
                one.add(*value, Some(*value as usize));
            }
            one.close_world();
            all.merge(one);
        }
        all
    }

    #[test]
    fn variance_components_of_a_textbook_table() {
        // Three worlds of two plays: means 2, 5, 8; SSB = 2 * 18 = 36, SSW = 3 * 2 = 6,
        // MSB = 18, MSW = 2, so luck 2 and world (18 - 2) / 2 = 8.
        let split = clusters(&[&[1.0, 3.0], &[4.0, 6.0], &[7.0, 9.0]]).split();
        assert_eq!((split.world, split.luck), (8.0, 2.0));
    }

    #[test]
    fn plays_that_are_all_alike_count_once() {
        let alike = clusters(&[&[0.0, 0.0], &[1.0, 1.0], &[1.0, 1.0], &[0.0, 0.0]]);
        // Four worlds: the variance of the mean is s^2 / 4 with s^2 = 1/3.
        let of_mean = (1.0 / 3.0) / 4.0;
        let alone = (8.0 / 28.0) / 8.0;
        assert!((alike.effect() - of_mean / alone).abs() < 1e-12);
        assert!((alike.effect_of_share(1, 4) - of_mean / (0.25 / 8.0)).abs() < 1e-12);
    }

    #[test]
    fn worlds_that_are_all_alike_leave_only_luck() {
        let luck = clusters(&[&[0.0, 1.0], &[1.0, 0.0], &[0.0, 1.0]]);
        assert_eq!(luck.split().world, 0.0);
        assert!(luck.effect() >= 0.0 && luck.effect() <= 2.0);
    }
}
