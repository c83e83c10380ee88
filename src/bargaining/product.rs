//! The cut for weighted products of gains.
//!
//! By the weighted inequality of means, `sum_i w_i g_i / r_i >= prod_i (g_i / r_i)^(w_i)` for any
//! reference gains `r` and weights that sum to 1. With the best point of the upper hull as reference
//! the left side is hardly above 1 anywhere, so a deal with a good product lies within a small
//! distance of that top, and only deals there are listed, a little deeper each time until the best
//! product among them proves that nothing deeper can match it.

use super::ballot::Ballot;
use super::bench::Cut;
use super::scout::{Found, PerSeat, Scout};
use super::shape::MOST_SEATS;
use crate::uncertainty::maths;

/// How far a search below the top has come.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Depth {
    /// Reference gains.
    reference: PerSeat,
    /// The level of a deal that nobody would refuse, as a utility sum.
    base: f64,
    /// The highest level above the base, and the product already found.
    top: f64,
    least: f64,
    /// How deep below the top the search is.
    depth: f64,
    /// The level above the base.
    level: f64,
    /// Nothing deeper can match what was found.
    is_final: bool,
}

/// What to do after a look at a part of the frontier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// The winner is among the deals.
    Enough,
    /// Look deeper.
    Deeper,
    /// Look at the whole frontier.
    Whole,
}

const TANGENTS: usize = 4;
const MIXTURES: usize = 12;
const SLACK: f64 = 1e-8;
const FIRST_DEPTH: f64 = 1.0 / 1024.0;
const DEEPER: f64 = 6.0;

impl Scout<'_> {
    /// Cuts to what can match the largest weighted product of gains; weights sum to 1.
    pub fn product(&mut self, weights: &[f64]) -> bool {
        let seats = weights.len();
        let mut slopes = [0.0; MOST_SEATS];
        for seat in 0..seats {
            let room = self.bench.most(seat) - self.reservation[seat];
            if room <= self.ballot.epsilon[seat] {
                return false;
            }
            slopes[seat] = weights[seat] / room;
        }
        let mut best = None;
        for _ in 0..TANGENTS {
            let found = self.probe(&slopes[..seats]);
            let is_same = best.is_some_and(|(best, _): (Found, f64)| best.deal == found.deal);
            if is_same {
                self.along(&slopes[..seats], &found.utilities, SLACK);
                self.cut.is_lazy = true;
                self.cut.depth = Depth {
                    is_final: true,
                    ..Depth::default()
                };
                return true;
            }
            if !self.keep_product(weights, found, &mut best) {
                break;
            }
            for seat in 0..seats {
                slopes[seat] = weights[seat] / (found.utilities[seat] - self.reservation[seat]);
            }
        }
        let reference = match seats {
            2 => self.best_of_hull(weights, &mut best),
            _ => self.mixture(weights, &mut best),
        };
        let Some(reference) = reference else {
            return false;
        };
        let mut scale = 0.0;
        for seat in 0..seats {
            slopes[seat] = weights[seat] / reference[seat];
            scale += weights[seat] * maths::ln(reference[seat]);
        }
        let top = self.probe(&slopes[..seats]);
        self.keep_product(weights, top, &mut best);
        let mut reservation = [0.0; MOST_SEATS];
        reservation[..seats].copy_from_slice(self.reservation);
        self.along(&slopes[..seats], &reservation, SLACK);
        let height = |seat: usize| slopes[seat] * (top.utilities[seat] - reservation[seat]);
        let top = (0..seats).map(height).sum();
        self.cut.is_lazy = true;
        self.cut.depth = Depth {
            reference,
            base: self.cut.level,
            top,
            least: best.map_or(0.0, |(_, score)| maths::exp(score - scale)),
            depth: FIRST_DEPTH * (seats * seats) as f64 / 4.0,
            level: 0.0,
            is_final: false,
        };
        self.cut.sink();
        true
    }

    /// Keeps a deal from which everybody gains if its product is the largest so far.
    fn keep_product(&self, weights: &[f64], found: Found, best: &mut Option<(Found, f64)>) -> bool {
        let mut score = 0.0;
        for (seat, weight) in weights.iter().enumerate() {
            let gain = found.utilities[seat] - self.reservation[seat];
            if gain <= self.ballot.epsilon[seat] {
                return false;
            }
            score += weight * maths::ln(gain);
        }
        let keeps = best.is_none_or(|(_, best)| score > best);
        if keeps {
            *best = Some((found, score));
        }
        keeps
    }

    /// The gains of two seats with the largest product on the upper hull.
    fn best_of_hull(
        &mut self,
        weights: &[f64],
        best: &mut Option<(Found, f64)>,
    ) -> Option<PerSeat> {
        let low = self.probe(&[1.0, 0.0]);
        let high = self.probe(&[0.0, 1.0]);
        let gains = |scout: &Self, found: &Found| {
            [0, 1].map(|seat| found.utilities[seat] - scout.reservation[seat])
        };
        let (_, low, high) = self.chords(low, high, |scout, found, slopes| {
            scout.keep_product(weights, *found, best);
            let [one, two] = gains(scout, found).map(|gain| gain.max(0.0));
            weights[0] * two * slopes[1] > weights[1] * one * slopes[0]
        });
        let (low, high) = (gains(self, &low), gains(self, &high));
        let (across, up) = (high[0] - low[0], high[1] - low[1]);
        let middle = -(weights[0] * across * low[1] + weights[1] * up * low[0]) / (across * up);
        let share = if middle.is_finite() {
            middle.clamp(0.0, 1.0)
        } else {
            0.0
        };
        let mut reference = [0.0; MOST_SEATS];
        reference[0] = low[0] + share * across;
        reference[1] = low[1] + share * up;
        let gain = |seat: usize| reference[seat] > self.ballot.epsilon[seat];
        (gain(0) && gain(1)).then_some(reference)
    }

    /// The gains of a mixture of deals with nearly the largest product, by the conditional gradient.
    fn mixture(&mut self, weights: &[f64], best: &mut Option<(Found, f64)>) -> Option<PerSeat> {
        let seats = weights.len();
        let room = |scout: &Self, seat: usize| scout.bench.most(seat) - scout.reservation[seat];
        let mut mixed: PerSeat = [0.0; MOST_SEATS];
        let mut slopes = [0.0; MOST_SEATS];
        for turn in 0..MIXTURES {
            for seat in 0..seats {
                let gain = mixed[seat].max(room(self, seat) / 64.0);
                let gain = if turn == 0 { room(self, seat) } else { gain };
                slopes[seat] = weights[seat] / gain;
            }
            let found = self.probe(&slopes[..seats]);
            self.keep_product(weights, found, best);
            let share = 2.0 / (turn + 2) as f64;
            for (seat, mixed) in mixed[..seats].iter_mut().enumerate() {
                let gain = found.utilities[seat] - self.reservation[seat];
                *mixed += share * (gain - *mixed);
            }
        }
        for (seat, mixed) in mixed[..seats].iter_mut().enumerate() {
            *mixed = mixed.max(room(self, seat) / 64.0);
        }
        Some(mixed)
    }
}

impl Cut {
    /// Sets the level to the search's depth, or to what is known to be deep enough.
    fn sink(&mut self) {
        let depth = &mut self.depth;
        depth.level = depth.top - depth.depth;
        if depth.least > 0.0 && depth.level <= depth.least {
            depth.level = depth.least;
            depth.is_final = true;
        }
        self.level = depth.base + depth.level;
    }

    /// After a look: whether the largest product on the ballot proves to be the largest of all.
    pub fn deepen(&mut self, weights: &[f64], ballot: &Ballot) -> Next {
        if self.depth.is_final {
            return Next::Enough;
        }
        if !(self.depth.level.abs() < f64::MAX) {
            return Next::Whole;
        }
        let mut largest = self.depth.least;
        for &place in &ballot.alive {
            let gains = ballot.gains(place).iter().zip(&ballot.epsilon);
            if gains.clone().all(|(gain, epsilon)| gain > epsilon) {
                let shares = gains.zip(&self.depth.reference).zip(weights);
                let score = shares
                    .map(|(((gain, _), reference), weight)| weight * maths::ln(gain / reference));
                largest = largest.max(maths::exp(score.sum()));
            }
        }
        if largest > 0.0 && largest >= self.depth.level {
            return Next::Enough;
        }
        if largest == 0.0 && self.depth.level < 0.5 {
            return Next::Whole;
        }
        self.depth.depth *= DEEPER;
        self.depth.least = largest;
        self.sink();
        Next::Deeper
    }
}
