//! Cuts: which part of the frontier can hold a rule's winner.
//!
//! A few weighted sums are maximised, each a single pass over the tables, to find a good deal, the
//! incumbent. What cannot match it need not be kept: for smallest gains and proposals that is a
//! floor per seat, and any nonnegative weights make a linear cut of the floors. Ties always survive
//! a cut. Products of gains have their own file.

use super::ballot::Ballot;
use super::bench::{Bench, Cut};
use super::plan::Plan;
use super::shape::MOST_SEATS;

pub(super) type PerSeat = [f64; MOST_SEATS];

/// The search for an incumbent in one world.
pub(super) struct Scout<'d> {
    pub plan: &'d Plan,
    pub bench: &'d mut Bench,
    pub cut: &'d mut Cut,
    pub ballot: &'d Ballot,
    pub reservation: &'d [f64],
}

/// A deal that a weighted sum found.
#[derive(Clone, Copy)]
pub(super) struct Found {
    pub deal: u64,
    pub utilities: PerSeat,
}

/// How a seat's gain counts, and which gain counts so much.
pub(super) trait Worth {
    fn of(&self, seat: usize, gain: f64) -> f64;
    fn gain(&self, seat: usize, worth: f64) -> f64;
    /// Whether the seat counts at all.
    fn counts(&self, seat: usize) -> bool;
    /// Worths closer than this tie.
    fn tolerance(&self) -> f64;

    /// By how much the first of two seats is better off.
    fn side(&self, gains: &[f64]) -> Option<f64> {
        let both = self.counts(0) && self.counts(1);
        both.then(|| self.of(0, gains[0]) - self.of(1, gains[1]))
    }
}

const CHORDS: usize = 16;

impl Scout<'_> {
    /// Cuts to what can match the largest weighted sum of utilities.
    pub fn sum(&mut self, weights: &[f64]) -> bool {
        let seats = weights.len();
        let mut slopes = [0.0; MOST_SEATS];
        slopes[..seats].copy_from_slice(weights);
        for _ in 0..CHORDS {
            let found = self.probe(&slopes[..seats]);
            if self.lift(&found, &mut slopes[..seats], None) {
                self.along(
                    weights,
                    &found.utilities,
                    2.0 * self.ballot.common_epsilon(),
                );
                return true;
            }
        }
        false
    }

    /// Cuts to what can match one seat's best deal that the others accept.
    pub fn favourite(&mut self, seat: usize) -> bool {
        let seats = self.reservation.len();
        let mut slopes = [0.0; MOST_SEATS];
        slopes[seat] = 1.0;
        let mut low = self.probe(&slopes[..seats]);
        let mut high = low;
        if !self.is_rational(&low) {
            for _ in 0..CHORDS {
                high = self.probe(&slopes[..seats]);
                if self.lift(&high, &mut slopes[..seats], Some(seat)) {
                    break;
                }
                low = high;
            }
            if !self.is_rational(&high) {
                return false;
            }
            if seats == 2 {
                (slopes, _, high) =
                    self.chords(low, high, |scout, found, _| scout.is_rational(found));
            }
        }
        let epsilon = self.ballot.epsilon[seat];
        let floors = &mut self.cut.floors;
        floors[seat] = floors[seat].max(high.utilities[seat] - 2.0 * epsilon);
        self.along_floors(&slopes[..seats]);
        true
    }

    /// Cuts to what can match the largest smallest worth.
    pub fn smallest(&mut self, worth: &dyn Worth) -> bool {
        let seats = self.reservation.len();
        let mut slopes = [0.0; MOST_SEATS];
        let least = |scout: &Self, found: &Found| {
            let counted = (0..seats).filter(|&seat| worth.counts(seat));
            let worths = counted.map(|seat| {
                (
                    worth.of(seat, found.utilities[seat] - scout.reservation[seat]),
                    seat,
                )
            });
            worths.fold(
                (f64::INFINITY, 0),
                |one, two| if two.0 < one.0 { two } else { one },
            )
        };
        if !(0..seats).any(|seat| worth.counts(seat)) {
            return false;
        }
        let mut best = None;
        let keep = |scout: &Self, found: Found, best: &mut Option<(Found, f64)>| {
            let (worth, _) = least(scout, &found);
            if scout.is_rational(&found) && best.is_none_or(|(_, most)| worth > most) {
                *best = Some((found, worth));
            }
        };
        if seats == 2 && worth.counts(0) && worth.counts(1) {
            let one = self.probe(&[1.0, 0.0]);
            let other = self.probe(&[0.0, 1.0]);
            let mut low = one;
            let mut seen = [one; CHORDS + 2];
            let mut count = 0;
            (slopes, ..) = self.chords(one, other, |scout, found, _| {
                seen[count] = *found;
                count += 1;
                low = *found;
                least(scout, found).1 == 0
            });
            seen[count] = other;
            for found in seen.into_iter().take(count + 1).chain([one, low]) {
                keep(self, found, &mut best);
            }
        } else {
            for seat in (0..seats).filter(|&seat| worth.counts(seat)) {
                slopes[seat] = 1.0 / (self.bench.most(seat) - self.reservation[seat]).max(1e-300);
            }
            for _ in 0..CHORDS {
                let found = self.probe(&slopes[..seats]);
                keep(self, found, &mut best);
                slopes[least(self, &found).1] *= 1.5;
            }
        }
        let Some((_, level)) = best else { return false };
        for seat in (0..seats).filter(|&seat| worth.counts(seat)) {
            let gain = worth.gain(seat, level - 2.0 * worth.tolerance());
            let floor = self.reservation[seat] + gain - 2.0 * self.ballot.epsilon[seat];
            self.cut.floors[seat] = self.cut.floors[seat].max(floor);
        }
        self.along_floors(&slopes[..seats]);
        true
    }

    /// Between a deal on the low side and one on the high side: follows the upper hull to the edge
    /// where the side changes. Its normal, and the last deal on the high side.
    pub(super) fn chords(
        &mut self,
        mut low: Found,
        mut high: Found,
        mut is_high: impl FnMut(&Self, &Found, &PerSeat) -> bool,
    ) -> (PerSeat, Found, Found) {
        let mut slopes = [0.0; MOST_SEATS];
        slopes[..2].copy_from_slice(&[1.0, 1.0]);
        for _ in 0..CHORDS {
            let (one, two) = (low.utilities, high.utilities);
            let normal = [two[1] - one[1], one[0] - two[0]];
            if normal[0] * normal[1] <= 0.0 {
                break;
            }
            slopes[..2].copy_from_slice(&normal.map(f64::abs));
            let found = self.probe(&slopes[..2]);
            let value =
                |found: &Found| slopes[0] * found.utilities[0] + slopes[1] * found.utilities[1];
            let size = value(&low).abs() + value(&high).abs();
            if value(&found) <= value(&low).max(value(&high)) + 1e-12 * size {
                break;
            }
            if is_high(self, &found, &slopes) {
                high = found;
            } else {
                low = found;
            }
        }
        (slopes, low, high)
    }

    /// Raises the weight of every seat that a deal leaves below its floor; true if there is none.
    fn lift(&self, found: &Found, slopes: &mut [f64], but: Option<usize>) -> bool {
        let mut met = true;
        let most = slopes.iter().fold(0.0, |most: f64, slope| most.max(*slope));
        for (seat, slope) in slopes
            .iter_mut()
            .enumerate()
            .filter(|(seat, _)| Some(*seat) != but)
        {
            if found.utilities[seat] < self.cut.floors[seat] {
                *slope = f64::max(*slope * 2.0, most / 16.0);
                met = false;
            }
        }
        met
    }

    fn is_rational(&self, found: &Found) -> bool {
        let pairs = found.utilities.iter().zip(&self.cut.floors);
        pairs.into_iter().all(|(utility, floor)| utility >= floor)
    }

    /// The linear cut through a deal, lower by a slack.
    pub(super) fn along(&mut self, slopes: &[f64], utilities: &PerSeat, slack: f64) {
        self.cut.weights.clear();
        self.cut.weights.extend_from_slice(slopes);
        let mut level = -slack;
        for (seat, slope) in slopes.iter().enumerate() {
            level += slope * utilities[seat];
            level -= slope * self.bench.tables.lattices[seat].bound * 1e-12;
        }
        self.cut.level = level;
    }

    /// The linear cut that follows from the floors.
    fn along_floors(&mut self, slopes: &[f64]) {
        let mut floors = [0.0; MOST_SEATS];
        for (seat, slope) in slopes.iter().enumerate() {
            floors[seat] = if *slope > 0.0 {
                self.cut.floors[seat]
            } else {
                0.0
            };
        }
        self.along(slopes, &floors, 0.0);
    }

    /// The best deal for a weighted sum of utilities.
    pub(super) fn probe(&mut self, slopes: &[f64]) -> Found {
        let mut found = Found {
            deal: 0,
            utilities: [0.0; MOST_SEATS],
        };
        found.deal = self
            .bench
            .probe(self.plan, slopes, &mut found.utilities[..slopes.len()]);
        found
    }
}
