//! Deals up for choice, and the filters by which rules choose among them.
//!
//! A rule is a chain of filters: each keeps the deals whose score is within a tolerance of the best
//! score. Comparing with the best, never pair by pair, makes ties transitive.

use super::tables::Tables;
use crate::uncertainty::maths;

/// Candidate deals with their utilities, and those still in the running.
#[derive(Debug, Default)]
pub(super) struct Ballot {
    pub seats: usize,
    /// Utilities and gains, deal after deal.
    pub utilities: Vec<f64>,
    pub gains: Vec<f64>,
    pub deals: Vec<u64>,
    /// Places of the deals still in the running.
    pub alive: Vec<u32>,
    /// Each seat's largest gain in the zone of agreement, once known.
    pub ideal: Vec<f64>,
    pub knows_ideal: bool,
    /// Utilities closer than this are equal.
    pub epsilon: Vec<f64>,
    /// Risk exponents; neutral if all are 1.
    pub risk: Vec<f64>,
    /// Refined grids compare with hardly any tolerance, so that ties do not blunt them.
    pub exact: bool,
    scores: Vec<f64>,
    sorted: Vec<f64>,
}

/// Scores of the order of one that are closer than this are equal.
pub(super) const TOLERANCE: f64 = 1e-9;
const SHARPER: f64 = 1e-6;

impl Ballot {
    pub fn new(seats: usize) -> Ballot {
        Ballot {
            seats,
            risk: vec![1.0; seats],
            ..Ballot::default()
        }
    }

    /// A new world: tolerances and risk are known, the ideal is not.
    pub fn open(&mut self, tables: &Tables, risk: &[f64]) {
        self.clear();
        self.knows_ideal = false;
        self.exact = false;
        self.risk.copy_from_slice(risk);
        self.epsilon.clear();
        self.epsilon
            .extend((0..self.seats).map(|seat| tables.epsilon(seat)));
    }

    pub fn clear(&mut self) {
        self.utilities.clear();
        self.gains.clear();
        self.deals.clear();
        self.alive.clear();
    }

    /// Everybody is in the running.
    pub fn admit_all(&mut self) {
        self.alive.clear();
        self.alive.extend(0..self.deals.len() as u32);
    }

    /// The utilities of one deal.
    pub fn utilities(&self, place: u32) -> &[f64] {
        let start = place as usize * self.seats;
        &self.utilities[start..start + self.seats]
    }

    /// The gains of one deal.
    #[inline]
    pub fn gains(&self, place: u32) -> &[f64] {
        let start = place as usize * self.seats;
        &self.gains[start..start + self.seats]
    }

    /// A seat's utility of a gain on its way through risk: `gain^rho`, odd around zero.
    #[inline]
    pub fn bent(&self, seat: usize, gain: f64) -> f64 {
        bent(gain, self.risk[seat])
    }

    /// Turns all gains into what protocols compare.
    pub fn bend(&mut self) {
        let neutral = self.risk.iter().all(|risk| *risk == 1.0);
        let seats = self.seats.max(1);
        let rows = self.gains.chunks_exact_mut(seats).filter(|_| !neutral);
        for gains in rows {
            for (gain, risk) in gains.iter_mut().zip(&self.risk) {
                *gain = bent(*gain, *risk);
            }
        }
    }

    /// The largest tolerance among the seats, for sums of raw utilities.
    pub fn common_epsilon(&self) -> f64 {
        self.epsilon
            .iter()
            .fold(0.0, |most: f64, epsilon| most.max(*epsilon))
    }

    /// A tolerance, as sharp as this ballot compares.
    pub fn tolerance(&self, tolerance: f64) -> f64 {
        match self.exact {
            true => tolerance * SHARPER,
            false => tolerance,
        }
    }

    /// Keeps the deals whose score is within the tolerance of the best.
    pub fn keep_best(&mut self, tolerance: f64, score: impl Fn(&Ballot, u32) -> f64) {
        if self.alive.len() < 2 {
            return;
        }
        let mut scores = std::mem::take(&mut self.scores);
        scores.clear();
        scores.extend(self.alive.iter().map(|&place| score(self, place)));
        let best = scores
            .iter()
            .fold(f64::NEG_INFINITY, |best, score| best.max(*score));
        let least = best - self.tolerance(tolerance);
        let mut place = 0;
        self.alive.retain(|_| {
            place += 1;
            scores[place - 1] >= least
        });
        self.scores = scores;
    }

    /// Keeps the lexicographically best after each deal's seats are sorted by share, worst first.
    /// Seats without a share do not count.
    pub fn keep_leximin(
        &mut self,
        tolerance: f64,
        share: impl Fn(&Ballot, usize, f64) -> Option<f64>,
    ) {
        let mut sorted = std::mem::take(&mut self.sorted);
        sorted.clear();
        let mut width = 0;
        for (place, gains) in self.gains.chunks_exact(self.seats.max(1)).enumerate() {
            let start = place * width;
            let shares = gains.iter().enumerate();
            sorted.extend(shares.filter_map(|(seat, gain)| share(self, seat, *gain)));
            sorted[start..].sort_unstable_by(f64::total_cmp);
            width = sorted.len() - start;
        }
        for rank in 0..width {
            self.keep_best(tolerance, |_, place| sorted[place as usize * width + rank]);
        }
        self.sorted = sorted;
    }

    /// Whether more than one deal is left.
    pub fn is_tied(&self) -> bool {
        self.alive.len() > 1
    }

    /// Takes the ideal from the candidates, which must be the whole frontier.
    pub fn take_ideal(&mut self) {
        self.ideal.clear();
        self.ideal.resize(self.seats, 0.0);
        for gains in self.gains.chunks_exact(self.seats.max(1)) {
            for (ideal, gain) in self.ideal.iter_mut().zip(gains) {
                *ideal = ideal.max(*gain);
            }
        }
        self.knows_ideal = true;
    }

    /// Takes the ideal as found elsewhere.
    pub fn know_ideal(&mut self, ideal: &[f64]) {
        self.ideal.clear();
        self.ideal.extend_from_slice(ideal);
        self.knows_ideal = true;
    }

    /// Takes over tolerances and risk.
    pub fn clone_terms(&mut self, other: &Ballot) {
        self.epsilon.clone_from(&other.epsilon);
        self.risk.clone_from(&other.risk);
    }

    /// A gain as a share of the seat's ideal gain; 0 if it cannot gain at all.
    #[inline]
    pub fn normal(&self, seat: usize, gain: f64) -> f64 {
        if self.can_gain(seat) {
            gain / self.ideal[seat]
        } else {
            0.0
        }
    }

    #[inline]
    pub fn can_gain(&self, seat: usize) -> bool {
        self.ideal[seat] > self.epsilon[seat]
    }

    /// Larger sum of normalised gains, larger smallest one, lower index.
    pub fn break_tie(&mut self) {
        let normal = |ballot: &Ballot, place: u32| {
            let gains = ballot.gains(place).iter().enumerate();
            gains.fold((0.0, f64::INFINITY), |(sum, least), (seat, gain)| {
                let normal = ballot.normal(seat, *gain);
                (sum + normal, f64::min(least, normal))
            })
        };
        self.keep_best(TOLERANCE, |ballot, place| normal(ballot, place).0);
        self.keep_best(TOLERANCE, |ballot, place| normal(ballot, place).1);
        let lowest = self
            .alive
            .iter()
            .copied()
            .min_by_key(|&place| self.deals[place as usize]);
        self.alive.clear();
        self.alive.extend(lowest);
    }
}

#[inline]
pub(super) fn bent(gain: f64, risk: f64) -> f64 {
    if risk == 1.0 {
        gain
    } else {
        maths::pow(gain.abs(), risk).copysign(gain)
    }
}
