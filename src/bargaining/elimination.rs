//! The exact Pareto frontier, one issue at a time.
//!
//! In every bucket and for every assignment of the issues still open, the levels' partial deals
//! compete, and a dominated partial deal can never be part of an efficient one: dominance survives
//! addition. So each message is a list of undominated partial deals, each with its index.

use super::maxima::{self, Runs};
use super::outcome::Ending;
use super::plan::{Bucket, Plan};
use super::scalar::Scalar;
use super::tables::Tables;

/// A partial deal: what it gives each seat, in units, and its share of the deal's index.
#[derive(Debug, Clone, Copy)]
pub(super) struct Point<const N: usize> {
    pub units: [f64; N],
    pub deal: u64,
}

impl<const N: usize> Point<N> {
    #[inline]
    pub fn shifted(&self, by: &Point<N>) -> Point<N> {
        let mut point = *self;
        for (unit, more) in point.units.iter_mut().zip(&by.units) {
            *unit += more;
        }
        point.deal += by.deal;
        point
    }
}

/// Which deals are wanted: those that give every seat its floor and reach a level of a weighted sum.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds<'d> {
    /// Least units per seat.
    pub floors: &'d [f64],
    /// What each seat can reach, both passes done; looked at where the floor is finite.
    pub reach: &'d [Scalar],
    /// Weights of the sum, per unit.
    pub weights: &'d [f64],
    /// Least sum; minus infinity for any.
    pub level: f64,
}

/// A solver for any number of seats.
pub(super) trait Eliminate: Send {
    /// All efficient deals within the bounds: units seat by seat, and indices. `along` has done the
    /// pass up along the bounds' weights, if their level is finite.
    fn run(
        &mut self,
        plan: &Plan,
        tables: &Tables,
        bounds: &Bounds<'_>,
        along: &mut Scalar,
        units: &mut Vec<f64>,
        deals: &mut Vec<u64>,
    ) -> Result<(), Ending>;
}

/// The solver for so many seats.
pub(super) fn solver(seats: usize) -> Box<dyn Eliminate> {
    match seats {
        0..=2 => Box::new(Solver::<2>::default()),
        3 => Box::new(Solver::<3>::default()),
        4 => Box::new(Solver::<4>::default()),
        5..=6 => Box::new(Solver::<6>::default()),
        7..=8 => Box::new(Solver::<8>::default()),
        _ => Box::new(Solver::<16>::default()),
    }
}

const MOST_POINTS: usize = 8_000_000;
const COMPACT: usize = 1 << 20;

#[derive(Debug, Default)]
struct Solver<const N: usize> {
    /// All messages, list after list.
    points: Vec<Point<N>>,
    /// Where each row's list stands.
    spans: Vec<(u32, u32)>,
    runs: Runs<N>,
    pairs: Runs<N>,
    mixed: Vec<Point<N>>,
}

impl<const N: usize> Eliminate for Solver<N> {
    fn run(
        &mut self,
        plan: &Plan,
        tables: &Tables,
        bounds: &Bounds<'_>,
        along: &mut Scalar,
        units: &mut Vec<f64>,
        deals: &mut Vec<u64>,
    ) -> Result<(), Ending> {
        let seats = tables.lattices.len();
        self.points.clear();
        self.spans.clear();
        if plan.is_chain
            && bounds.level > f64::NEG_INFINITY
            && self.explore(plan, tables, bounds, along)
        {
            self.write(seats, 0, units, deals);
            return Ok(());
        }
        if bounds.level > f64::NEG_INFINITY {
            if plan.is_chain {
                along.climb_sum(plan, tables, bounds.weights);
            }
            along.descend(plan);
        }
        let along = &*along;
        for bucket in &plan.buckets {
            for row in 0..bucket.rows {
                let start = self.points.len();
                if let Some(wanted) = Wanted::new(bounds, along, bucket.row + row) {
                    self.compete(plan, tables, bucket, row, &wanted);
                    self.runs.finish_into(&mut self.points);
                }
                self.spans.push((start as u32, self.points.len() as u32));
                if self.points.len() > MOST_POINTS {
                    return Err(Ending::Unplayable("the frontier has too many deals"));
                }
            }
        }
        let (start, _) = self.spans.last().copied().unwrap_or_default();
        self.write(seats, start as usize, units, deals);
        Ok(())
    }
}

/// The most partial deals a search along the level looks at before it gives up.
const MOST_STEPS: usize = 400;
const MOST_FOUND: usize = 48;

impl<const N: usize> Solver<N> {
    /// Issues that nothing ties together, and a level near the top: every issue may lose only so
    /// much, and the few deals that keep within the loss are found directly. False if they are many.
    fn explore(
        &mut self,
        plan: &Plan,
        tables: &Tables,
        bounds: &Bounds<'_>,
        along: &Scalar,
    ) -> bool {
        let top: f64 = along.inside[..plan.rows].iter().sum();
        let loss = top - bounds.level;
        let mut steps = MOST_STEPS;
        let none = Point {
            units: [0.0; N],
            deal: 0,
        };
        if !self.follow(&plan.buckets, tables, along, loss, none, &mut steps) {
            self.points.clear();
            return false;
        }
        let meets = |point: &Point<N>| {
            bounds
                .floors
                .iter()
                .zip(&point.units)
                .all(|(floor, units)| units >= floor)
        };
        self.points.retain(meets);
        maxima::thin_few(&mut self.points);
        true
    }

    fn follow(
        &mut self,
        buckets: &[Bucket],
        tables: &Tables,
        along: &Scalar,
        loss: f64,
        point: Point<N>,
        steps: &mut usize,
    ) -> bool {
        let Some((bucket, rest)) = buckets.split_last() else {
            self.points.push(point);
            return self.points.len() <= MOST_FOUND;
        };
        let best = along.inside[bucket.row];
        for level in 0..bucket.levels {
            let slot = bucket.slot + level;
            let left = loss - (best - along.full[slot]);
            if left >= 0.0 {
                if *steps == 0 {
                    return false;
                }
                *steps -= 1;
                let mut point = point;
                point.deal += bucket.stride * level as u64;
                for seat in 0..tables.lattices.len() {
                    point.units[seat] += tables.values[seat * tables.slots + slot];
                }
                if !self.follow(rest, tables, along, left, point, steps) {
                    return false;
                }
            }
        }
        true
    }

    fn write(&self, seats: usize, start: usize, units: &mut Vec<f64>, deals: &mut Vec<u64>) {
        for point in &self.points[start..] {
            units.extend_from_slice(&point.units[..seats]);
            deals.push(point.deal);
        }
    }

    /// Lets the levels of one row compete.
    #[inline]
    fn compete(
        &mut self,
        plan: &Plan,
        tables: &Tables,
        bucket: &Bucket,
        row: usize,
        wanted: &Wanted<'_, N>,
    ) {
        let seats = tables.lattices.len();
        for level in 0..bucket.levels {
            let slot = bucket.slot + row * bucket.levels + level;
            if tables.is_shut(slot) || !wanted.is_in_reach(slot) {
                continue;
            }
            let mut step = Point {
                units: [0.0; N],
                deal: bucket.stride * level as u64,
            };
            for (seat, unit) in step.units.iter_mut().take(seats).enumerate() {
                *unit = tables.values[seat * tables.slots + slot];
            }
            let list = |child: usize| {
                let lookup = &bucket.children[child];
                let from = plan.buckets[lookup.which].row + lookup.at(row, level);
                let (start, end) = self.spans[from];
                &self.points[start as usize..end as usize]
            };
            match bucket.children.len() {
                0 => self.runs.push_run(&[step], |point| *point, |_| true),
                1 if N == 2 && wanted.level == f64::NEG_INFINITY => {
                    let [low, high] = [wanted.floors[0], wanted.floors[1]];
                    let list = list(0);
                    let end = list.partition_point(|point| point.units[0] + step.units[0] >= low);
                    let list = &list[..end];
                    let start = list.partition_point(|point| point.units[1] + step.units[1] < high);
                    self.runs.push_shifted(&list[start..], &step);
                }
                1 => self.runs.push_run(
                    list(0),
                    |point| point.shifted(&step),
                    |point| wanted.is_met(point),
                ),
                many => {
                    self.mixed.clear();
                    self.mixed.extend_from_slice(list(0));
                    for child in 1..many {
                        let last = child + 1 == many;
                        let other = list(child);
                        let (few, more) = match other.len() < self.mixed.len() {
                            true => (other, &self.mixed[..]),
                            false => (&self.mixed[..], other),
                        };
                        for one in few {
                            let one = if last { one.shifted(&step) } else { *one };
                            self.pairs.push_run(
                                more,
                                |point| point.shifted(&one),
                                |point| !last || wanted.is_met(point),
                            );
                            if self.pairs.len() > COMPACT {
                                self.pairs.reduce();
                            }
                        }
                        self.mixed.clear();
                        self.pairs.finish_into(&mut self.mixed);
                    }
                    self.runs.push_run(&self.mixed, |point| *point, |_| true);
                }
            }
            if self.runs.len() > COMPACT {
                self.runs.reduce();
            }
        }
    }
}

/// What a partial deal in one row must give for the bounds to stay within reach.
struct Wanted<'b, const N: usize> {
    bounds: &'b Bounds<'b>,
    along: &'b Scalar,
    floors: [f64; N],
    weights: [f64; N],
    level: f64,
}

impl<'b, const N: usize> Wanted<'b, N> {
    /// Nothing, if no partial deal of this row can be completed.
    #[inline]
    fn new(bounds: &'b Bounds<'b>, along: &'b Scalar, row: usize) -> Option<Wanted<'b, N>> {
        let none = f64::NEG_INFINITY;
        let (mut floors, mut weights, mut level) = ([none; N], [0.0; N], none);
        for (seat, &floor) in bounds.floors.iter().enumerate() {
            if floor > none {
                floors[seat] = floor - bounds.reach[seat].outside[row];
                if bounds.reach[seat].inside[row] < floors[seat] {
                    return None;
                }
            }
        }
        if bounds.level > none {
            weights[..bounds.weights.len()].copy_from_slice(bounds.weights);
            level = bounds.level - along.outside[row];
            if along.inside[row] < level {
                return None;
            }
        }
        Some(Wanted {
            bounds,
            along,
            floors,
            weights,
            level,
        })
    }

    /// Whether the best below this slot would do.
    #[inline]
    fn is_in_reach(&self, slot: usize) -> bool {
        let none = f64::NEG_INFINITY;
        (self.level == none || self.along.full[slot] >= self.level)
            && (self.bounds.floors.iter().enumerate()).all(|(seat, &floor)| {
                floor == none || self.bounds.reach[seat].full[slot] >= self.floors[seat]
            })
    }

    #[inline]
    fn is_met(&self, point: &Point<N>) -> bool {
        let mut sum = 0.0;
        let mut met = true;
        for seat in 0..N {
            met &= point.units[seat] >= self.floors[seat];
            sum += self.weights[seat] * point.units[seat];
        }
        met & (sum >= self.level)
    }
}
