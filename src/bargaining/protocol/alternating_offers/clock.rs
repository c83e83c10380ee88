//! The settings of alternating offers, checked: the order of play, and what refusing is worth.

use crate::bargaining::ballot::bent;
use crate::bargaining::outcome::Ending;
use crate::bargaining::shape::MOST_SEATS;
use crate::bargaining::stakes::Party;

/// The most rounds until a deadline.
pub(super) const MOST_ROUNDS: f64 = 100_000.0;

/// The settings, checked.
pub(super) struct Clock<'w> {
    pub seats: usize,
    /// Nothing for no deadline.
    pub rounds: Option<u32>,
    first: Option<usize>,
    pub breakdown: f64,
    payoffs: &'w [f64],
    options: &'w [f64],
    /// Whether proposers are drawn.
    pub is_drawn: bool,
    /// The chance of each seat to be drawn.
    chances: [f64; MOST_SEATS],
    /// How many must accept, the proposer among them.
    pub quota: usize,
    /// Parts of deals that come later: the round, from 1, then a level or -1 per issue.
    later: &'w [f64],
}

impl<'w> Clock<'w> {
    /// Reads the slots in the order of the settings; those left out at the end are not set.
    pub fn read(settings: &'w [f64], seats: usize) -> Result<Clock<'w>, Ending> {
        let wrong = |reason| Err(Ending::Unplayable(reason));
        let &[rounds, first, breakdown, ref rest @ ..] = settings else {
            return wrong("alternating offers need their settings");
        };
        let (payoffs, rest) = rest.split_at(seats.min(rest.len()));
        let (options, rest) = rest.split_at(seats.min(rest.len()));
        let (is_drawn, rest) = rest.split_first().unwrap_or((&0.0, &[]));
        let (weights, rest) = rest.split_at(seats.min(rest.len()));
        let (quota, later) = rest.split_first().unwrap_or((&f64::NAN, &[]));
        let quota = *quota;
        if rounds != f64::INFINITY && !(1.0..=MOST_ROUNDS).contains(&rounds) {
            return wrong("the number of rounds is neither `inf` nor from 1 to 100000");
        }
        if !(0.0..=1.0).contains(&breakdown) {
            return wrong("the chance of breakdown lies outside 0 and 1");
        }
        if first >= seats as f64 || first < 0.0 || payoffs.len() != seats {
            return wrong("the first proposer is not at the table");
        }
        let mut chances = [1.0 / seats as f64; MOST_SEATS];
        let total: f64 = weights.iter().sum();
        if !weights.is_empty() {
            if !(total > 0.0 && total.is_finite()) || weights.iter().any(|weight| *weight < 0.0) {
                return wrong("the chances to propose are not proportions");
            }
            for (chance, weight) in chances.iter_mut().zip(weights) {
                *chance = weight / total;
            }
        }
        if quota < 1.0 || quota > seats as f64 {
            return wrong("the quota is not from 1 to the number of signatories");
        }
        let quota = if quota.is_nan() {
            seats
        } else {
            quota as usize
        };
        if quota < seats && options.iter().any(|option| !option.is_nan()) {
            return wrong(
                "who can be outvoted cannot opt out: an outside option needs a quota of all",
            );
        }
        Ok(Clock {
            seats,
            rounds: rounds.is_finite().then_some(rounds as u32),
            first: (first >= 0.0).then_some(first as usize),
            breakdown,
            payoffs,
            options,
            is_drawn: *is_drawn == 1.0,
            chances,
            quota,
            later,
        })
    }

    /// Whether some deals come later than others.
    pub fn has_later(&self) -> bool {
        !self.later.is_empty()
    }

    /// From which round on, counted from 0, a deal is on the table; it is told by its levels.
    pub fn from(&self, levels: impl ExactSizeIterator<Item = usize> + Clone) -> u32 {
        let named = self.later.chunks_exact(levels.len() + 1);
        let matches = named.filter(|named| {
            let parts = named[1..].iter().zip(levels.clone());
            parts
                .into_iter()
                .all(|(part, level)| *part < 0.0 || *part == level as f64)
        });
        matches.fold(0, |from, named| from.max(named[0] as u32 - 1))
    }

    /// Whether a majority is enough.
    pub fn can_outvote(&self) -> bool {
        self.quota < self.seats
    }

    /// Whether two signatories take turns and nothing else can happen to them but the end of talks.
    pub fn takes_turns(&self) -> bool {
        self.seats == 2 && !self.is_drawn && !(0..2).any(|seat| self.has_option(seat))
    }

    /// The chance that a seat proposes in a round.
    pub fn chance(&self, seat: usize, round: u32) -> f64 {
        let certain = match (self.is_drawn, self.first, round) {
            (true, None, _) | (true, Some(_), 1..) => return self.chances[seat],
            (true, Some(first), 0) => first,
            (false, first, round) => (first.unwrap_or(0) + round as usize) % self.seats,
        };
        f64::from(u8::from(certain == seat))
    }

    /// After how many rounds the order of play begins again.
    pub fn period(&self) -> u32 {
        if self.is_drawn { 1 } else { self.seats as u32 }
    }

    /// What is left of a gain after a refusal.
    pub fn patience(&self, seat: usize, parties: &Party<'_>) -> f64 {
        (1.0 - self.breakdown) * parties.discount[seat]
    }

    /// What refusing is worth to a seat whose game goes on at `value`, as bent gains.
    pub fn refusal(&self, seat: usize, value: f64, parties: &Party<'_>) -> f64 {
        let lost = gain(self.payoffs[seat], seat, parties);
        self.breakdown * lost + self.patience(seat, parties) * value
    }

    /// The utilities of all once somebody has opted out.
    pub fn outside_utilities(&self, parties: &Party<'_>) -> [f64; MOST_SEATS] {
        let mut utilities = [0.0; MOST_SEATS];
        for (seat, utility) in utilities[..self.seats].iter_mut().enumerate() {
            *utility = match self.has_option(seat) {
                true => self.options[seat],
                false => parties.reservation[seat],
            };
        }
        utilities
    }

    /// Whether a seat has an outside option.
    pub fn has_option(&self, seat: usize) -> bool {
        self.options
            .get(seat)
            .is_some_and(|option| !option.is_nan())
    }

    /// What a seat has once somebody has opted out, as a bent gain: its own outside option, or its
    /// reservation value.
    pub fn outside(&self, seat: usize, parties: &Party<'_>) -> f64 {
        let option = self.options.get(seat).copied();
        gain(option.unwrap_or(f64::NAN), seat, parties)
    }
}

fn gain(utility: f64, seat: usize, parties: &Party<'_>) -> f64 {
    match utility - parties.reservation[seat] {
        unset if unset.is_nan() => 0.0,
        gain => bent(gain, parties.risk[seat]),
    }
}
