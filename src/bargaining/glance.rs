//! Two seats, equal power, a small deal space without ties between issues: look at every product.
//!
//! `max (l_1 + r_1)(l_2 + r_2)` over the deals, cut into two halves whose gains are added up once
//! (Horowitz & Sahni 1974, meet in the middle). Below a few thousand deals this is less work than
//! finding out where not to look.

use super::ballot::Ballot;
use super::bench::Bench;
use super::plan::{Bucket, Plan};

/// Deals beyond which a cut is less work.
const MOST_DEALS: f64 = 4096.0;
/// Lanes of a row, for machines that multiply several numbers at once.
const LANES: usize = 4;
/// Products this close, relatively, go to the rule as ties.
const SLACK: f64 = 1e-8;
/// A gain that no other makes up for.
const NEVER: f64 = -1e300;

/// Both halves: gains of partial deals in units, and their share of the deal's index.
#[derive(Debug, Default)]
pub(super) struct Glance {
    left: Half,
    right: Half,
    /// The largest product of each left part.
    rows: Vec<f64>,
}

#[derive(Debug, Default)]
struct Half {
    gains: [Vec<f64>; 2],
    deals: Vec<u64>,
}

impl Half {
    /// Starts from one partial deal.
    fn start(&mut self, gains: [f64; 2]) {
        for (column, gain) in self.gains.iter_mut().zip(gains) {
            column.clear();
            column.push(gain);
        }
        self.deals.clear();
        self.deals.push(0);
    }

    /// Every partial deal with every level of one more issue.
    fn extend(&mut self, bench: &Bench, bucket: &Bucket) {
        let tables = &bench.tables;
        let before = self.deals.len();
        // The first level is added in place, once the others have been appended.
        for level in (0..bucket.levels).rev() {
            let start = if level == 0 { 0 } else { self.deals.len() };
            for (seat, column) in self.gains.iter_mut().enumerate() {
                let value = tables.values[seat * tables.slots + bucket.slot + level];
                if level > 0 {
                    column.extend_from_within(..before);
                }
                let added = &mut column[start..start + before];
                added.iter_mut().for_each(|gain| *gain += value);
            }
            if level > 0 {
                let share = bucket.stride * level as u64;
                self.deals.extend_from_within(..before);
                self.deals[start..]
                    .iter_mut()
                    .for_each(|deal| *deal += share);
            }
        }
    }

    /// The largest product with a partial deal of these gains.
    fn row(&self, gain: f64, other: f64) -> f64 {
        let [one, two] = &self.gains;
        let mut best = [0.0; LANES];
        for (one, two) in one.chunks_exact(LANES).zip(two.chunks_exact(LANES)) {
            for lane in 0..LANES {
                let (x, y) = (gain + one[lane], other + two[lane]);
                let x = if x > 0.0 { x } else { 0.0 };
                let y = if y > 0.0 { y } else { 0.0 };
                let product = x * y;
                best[lane] = if product > best[lane] {
                    product
                } else {
                    best[lane]
                };
            }
        }
        greatest(&best)
    }

    /// Fills up the last lanes with what cannot win.
    fn pad(&mut self) {
        let full = self.deals.len().next_multiple_of(LANES);
        self.gains
            .iter_mut()
            .for_each(|column| column.resize(full, NEVER));
    }
}

fn greatest(values: &[f64]) -> f64 {
    values.iter().fold(
        NEVER,
        |best, &value| if value > best { value } else { best },
    )
}

impl Bench {
    /// Puts the deals with the largest product of both gains on the ballot; false if this is not
    /// the way: more than two seats, issues tied together, too many deals, or no gain for both.
    pub fn glance(&mut self, plan: &Plan, reservation: &[f64], ballot: &mut Ballot) -> bool {
        let open = plan.is_chain && self.tables.shut.is_empty();
        if !open || reservation.len() != 2 || plan.deals() > MOST_DEALS {
            return false;
        }
        let mut glance = std::mem::take(&mut self.glance);
        let found = glance.look(self, plan, reservation);
        ballot.clear();
        if let Some(largest) = found {
            glance.list(largest, |left, right| {
                for (seat, lattice) in self.tables.lattices.iter().enumerate() {
                    let gain = glance.left.gains[seat][left] + glance.right.gains[seat][right];
                    let units = gain + lattice.units(reservation[seat]);
                    let utility = lattice.utility(units.round());
                    ballot.utilities.push(utility);
                    ballot.gains.push(utility - reservation[seat]);
                }
                ballot
                    .deals
                    .push(glance.left.deals[left] + glance.right.deals[right]);
            });
        }
        self.glance = glance;
        ballot.admit_all();
        // A product counts for something only if both gain more than rounding.
        let gains = ballot.gains.chunks_exact(2);
        found.is_some()
            && gains.into_iter().all(|gains| {
                gains
                    .iter()
                    .zip(&ballot.epsilon)
                    .all(|(gain, epsilon)| gain > epsilon)
            })
    }
}

impl Glance {
    /// The largest product, if it is above zero.
    fn look(&mut self, bench: &Bench, plan: &Plan, reservation: &[f64]) -> Option<f64> {
        let lattices = &bench.tables.lattices;
        self.left
            .start([0, 1].map(|seat| -lattices[seat].units(reservation[seat])));
        self.right.start([0.0, 0.0]);
        for bucket in plan.buckets.iter().filter(|bucket| bucket.levels > 0) {
            match self.left.deals.len() <= self.right.deals.len() {
                true => self.left.extend(bench, bucket),
                false => self.right.extend(bench, bucket),
            }
        }
        self.right.pad();
        let most = [0, 1].map(|seat| greatest(&self.right.gains[seat]));
        let [lefts, others] = &self.left.gains;
        // What a row could reach at most: both of its best gains at once.
        let bound = |row: usize| {
            let [gain, other] = [lefts[row] + most[0], others[row] + most[1]];
            if gain > 0.0 && other > 0.0 {
                gain * other
            } else {
                0.0
            }
        };
        self.rows.clear();
        self.rows.extend((0..lefts.len()).map(bound));
        let promising = (0..lefts.len()).fold(0, |best, row| {
            if self.rows[row] > self.rows[best] {
                row
            } else {
                best
            }
        });
        let mut largest = self.right.row(lefts[promising], others[promising]);
        for (row, best) in self.rows.iter_mut().enumerate() {
            *best = match *best < largest {
                true => 0.0,
                false => self.right.row(lefts[row], others[row]),
            };
            largest = if *best > largest { *best } else { largest };
        }
        (largest > 0.0).then_some(largest)
    }

    /// Every deal with as good as the largest product.
    fn list(&self, largest: f64, mut tell: impl FnMut(usize, usize)) {
        let enough = largest * (1.0 - SLACK);
        let [one, two] = &self.right.gains;
        for (left, row) in self.rows.iter().enumerate() {
            if *row < enough {
                continue;
            }
            let (x, y) = (self.left.gains[0][left], self.left.gains[1][left]);
            for right in 0..self.right.deals.len() {
                if (x + one[right]).max(0.0) * (y + two[right]).max(0.0) >= enough {
                    tell(left, right);
                }
            }
        }
    }
}
