//! One world's numbers: every bucket's table of utilities, on a decimal lattice.
//!
//! Each entry is rounded once to a whole multiple of `10^k`, chosen per seat and world so that no
//! sum exceeds 2^50 units. Sums of units are exact in any order: decimal ties are ties.

use super::outcome::Ending;
use super::plan::{Lookup, Plan};
use super::shape::Shape;
use super::stakes::Stakes;

/// The tables of one plan in one world.
#[derive(Debug, Default)]
pub(super) struct Tables {
    /// Factor tables as the stakes gave them.
    pub raw: Vec<f64>,
    /// Rule tables as the stakes gave them.
    pub masks: Vec<bool>,
    /// Units of utility, seat after seat, slot after slot.
    pub values: Vec<f64>,
    /// Zero where allowed, minus infinity where forbidden; empty without rules.
    pub shut: Vec<f64>,
    pub lattices: Vec<Lattice>,
    pub slots: usize,
    /// Refined grids keep utilities as they are: no two of their deals tie for a reason.
    pub is_exact: bool,
}

/// One seat's lattice of utilities.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lattice {
    /// No deal's utility is larger than this, either way.
    pub bound: f64,
    /// The bound lies in `(low, high]`, neighbouring powers of ten.
    low: f64,
    high: f64,
    /// Units per utility, or utility per unit: the one that is a whole number.
    scale: f64,
    divides: bool,
}

impl Default for Lattice {
    fn default() -> Self {
        Lattice {
            bound: 0.0,
            low: f64::INFINITY,
            high: 0.0,
            scale: 1.0,
            divides: false,
        }
    }
}

/// Adding and subtracting this rounds to a whole number.
const ROUND: f64 = 6_755_399_441_055_744.0;
const DIGITS: i32 = 14;

impl Lattice {
    /// The utility of a number of units.
    #[inline]
    pub fn utility(&self, units: f64) -> f64 {
        if self.divides {
            units * self.scale
        } else {
            units / self.scale
        }
    }

    /// The units of a utility, not rounded.
    #[inline]
    pub fn units(&self, utility: f64) -> f64 {
        if self.divides {
            utility / self.scale
        } else {
            utility * self.scale
        }
    }

    /// The whole units nearest to a utility.
    #[inline]
    pub fn round(&self, utility: f64) -> f64 {
        (self.units(utility) + ROUND) - ROUND
    }

    fn fit(&mut self) {
        let bound = self.bound;
        if bound == 0.0 || (bound > self.low && bound <= self.high) {
            return;
        }
        let mut exponent = 0;
        while exponent < 290 && power(exponent) < bound {
            exponent += 1;
        }
        while exponent > -290 && power(exponent - 1) >= bound {
            exponent -= 1;
        }
        (self.low, self.high) = (power(exponent - 1), power(exponent));
        self.divides = exponent > DIGITS;
        self.scale = power((exponent - DIGITS).abs());
    }
}

/// A power of ten, exact up to 10^22 and the same on every machine beyond.
fn power(exponent: i32) -> f64 {
    let mut power = 1.0;
    for _ in 0..exponent.abs() {
        power *= 10.0;
    }
    if exponent < 0 { 1.0 / power } else { power }
}

impl Tables {
    /// Make room for the tables of a plan; all of it is written before it is read.
    pub fn fit(&mut self, plan: &Plan, seats: usize) {
        let last = |offsets: &[usize]| offsets.last().copied().unwrap_or(0);
        self.raw.resize(last(&plan.factors), 0.0);
        self.masks.resize(last(&plan.rules), true);
        self.values.resize(plan.slots * seats, 0.0);
        let shut = if plan.rules.len() > 1 { plan.slots } else { 0 };
        self.shut.resize(shut, 0.0);
        self.lattices.resize(seats, Lattice::default());
        self.slots = plan.slots;
    }

    /// Asks the stakes for every table and lays them out.
    pub fn ask(
        &mut self,
        plan: &Plan,
        shape: &Shape,
        stakes: &mut dyn Stakes,
    ) -> Result<(), Ending> {
        self.read(plan, shape, stakes);
        self.lay_out(plan, &shape.owners)
    }

    /// The same without laying them out: for protocols that read deals one by one.
    pub fn ask_plainly(&mut self, shape: &Shape, stakes: &mut dyn Stakes) -> Result<(), Ending> {
        self.read(&shape.plan, shape, stakes);
        self.measure(&shape.plan, &shape.owners)
    }

    fn read(&mut self, plan: &Plan, shape: &Shape, stakes: &mut dyn Stakes) {
        for (which, ends) in plan.factors.windows(2).enumerate() {
            stakes.factor(which, &shape.grid, &mut self.raw[ends[0]..ends[1]]);
        }
        for (which, ends) in plan.rules.windows(2).enumerate() {
            stakes.rule(which, &shape.grid, &mut self.masks[ends[0]..ends[1]]);
        }
    }

    /// From raw tables to units per slot.
    pub fn lay_out(&mut self, plan: &Plan, owners: &[usize]) -> Result<(), Ending> {
        self.measure(plan, owners)?;
        self.values.fill(0.0);
        self.shut.fill(0.0);
        for bucket in &plan.buckets {
            for lookup in &bucket.factors {
                let seat = owners[lookup.which];
                let from = plan.factors[lookup.which];
                let source = &self.raw[from..plan.factors[lookup.which + 1]];
                let lattice = self.lattices[seat];
                let start = seat * plan.slots + bucket.slot;
                let target = &mut self.values[start..start + bucket.rows * bucket.levels];
                let scale = lattice.scale;
                match (self.is_exact, lattice.divides) {
                    (true, _) => add(bucket.levels, lookup, source, target, |value| value),
                    (false, false) => add(bucket.levels, lookup, source, target, |value| {
                        (value * scale + ROUND) - ROUND
                    }),
                    (false, true) => add(bucket.levels, lookup, source, target, |value| {
                        (value / scale + ROUND) - ROUND
                    }),
                }
            }
            for lookup in &bucket.rules {
                let source = &self.masks[plan.rules[lookup.which]..];
                for row in 0..bucket.rows {
                    for level in 0..bucket.levels {
                        if !source[lookup.at(row, level)] {
                            self.shut[bucket.slot + row * bucket.levels + level] =
                                f64::NEG_INFINITY;
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// Bounds every seat's utility and fits its lattice.
    fn measure(&mut self, plan: &Plan, owners: &[usize]) -> Result<(), Ending> {
        for lattice in &mut self.lattices {
            lattice.bound = 0.0;
        }
        let mut sound = 0.0;
        for (which, ends) in plan.factors.windows(2).enumerate() {
            let mut largest = 0.0_f64;
            for value in &self.raw[ends[0]..ends[1]] {
                largest = largest.max(value.abs());
                sound += value * 0.0;
            }
            self.lattices[owners[which]].bound += largest;
        }
        let finite = self.lattices.iter().all(|lattice| lattice.bound < 1e280);
        if sound != 0.0 || !finite {
            return Err(Ending::Unplayable("a utility is not a finite number"));
        }
        if !self.is_exact {
            self.lattices.iter_mut().for_each(Lattice::fit);
        }
        Ok(())
    }

    /// One seat's units, slot by slot.
    pub fn seat(&self, seat: usize) -> &[f64] {
        &self.values[seat * self.slots..(seat + 1) * self.slots]
    }

    /// Where nothing ties issues together: the most units of a seat.
    pub fn sum_of_largest(&self, plan: &Plan, seat: usize) -> f64 {
        let values = self.seat(seat);
        let mut sum = 0.0;
        for bucket in &plan.buckets {
            let mut largest = f64::NEG_INFINITY;
            let slots = bucket.slot..bucket.slot + bucket.levels;
            for (slot, value) in slots.clone().zip(&values[slots]) {
                let shut = self.shut.get(slot).copied().unwrap_or(0.0);
                largest = largest.max(value + shut);
            }
            sum += largest;
        }
        sum
    }

    #[inline]
    pub fn is_shut(&self, slot: usize) -> bool {
        !self.shut.is_empty() && self.shut[slot] != 0.0
    }

    /// Utilities closer than this count as equal.
    pub fn epsilon(&self, seat: usize) -> f64 {
        1e-9 * self.lattices[seat].bound.max(1.0)
    }
}

/// Adds one factor's table to a bucket's slots, each entry rounded.
#[inline]
fn add(
    levels: usize,
    lookup: &Lookup,
    source: &[f64],
    target: &mut [f64],
    round: impl Fn(f64) -> f64,
) {
    for (slots, base) in target.chunks_exact_mut(levels).zip(&lookup.base) {
        let source = &source[*base as usize..];
        if lookup.step == 1 {
            for (slot, value) in slots.iter_mut().zip(source) {
                *slot += round(*value);
            }
        } else {
            for (level, slot) in slots.iter_mut().enumerate() {
                *slot += round(source[level * lookup.step]);
            }
        }
    }
}
