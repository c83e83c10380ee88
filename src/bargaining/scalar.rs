//! The best deal for one weighted sum of utilities, and what each partial deal can still reach.
//!
//! Max-sum over the elimination tree: a pass up gives every message its best value, a pass down
//! gives every row the best that the rest of the problem can add to it.

use super::plan::Plan;
use super::tables::Tables;

/// One weighted sum's messages.
#[derive(Debug, Default)]
pub(super) struct Scalar {
    /// Per slot: its own value plus the best of all below it.
    pub full: Vec<f64>,
    /// Per row: the best of its slots.
    pub inside: Vec<f64>,
    /// Per row: the best that all other buckets can add.
    pub outside: Vec<f64>,
    /// Per row: the level that is best.
    pub chosen: Vec<u32>,
    row_of: Vec<u32>,
}

impl Scalar {
    /// Make room for the messages of a plan; all of it is written before it is read.
    pub fn fit(&mut self, plan: &Plan) {
        self.full.resize(plan.slots, 0.0);
        self.inside.resize(plan.rows, 0.0);
        self.outside.resize(plan.rows, 0.0);
        self.chosen.resize(plan.rows, 0);
        self.row_of.resize(plan.buckets.len(), 0);
    }

    /// The pass up for one seat's units.
    pub fn climb_seat(&mut self, plan: &Plan, tables: &Tables, seat: usize) -> f64 {
        self.full.copy_from_slice(tables.seat(seat));
        for (full, shut) in self.full.iter_mut().zip(&tables.shut) {
            *full += shut;
        }
        self.climb(plan)
    }

    /// The pass up for weighted units; returns the best sum, minus infinity if nothing is allowed.
    pub fn climb_sum(&mut self, plan: &Plan, tables: &Tables, weights: &[f64]) -> f64 {
        self.weigh(tables, weights);
        self.climb(plan)
    }

    /// Both the pass up and its best deal where nothing ties issues together: every issue for
    /// itself, `full` and `inside` without what lies below.
    pub fn climb_chain(
        &mut self,
        plan: &Plan,
        tables: &Tables,
        weights: &[f64],
        units: &mut [f64],
    ) -> u64 {
        self.weigh(tables, weights);
        units.fill(0.0);
        let mut deal = 0;
        for (row, bucket) in plan.buckets.iter().enumerate() {
            let (best, level) = highest(&self.full[bucket.slot..bucket.slot + bucket.levels]);
            self.inside[row] = best;
            deal += bucket.stride * u64::from(level);
            let slot = bucket.slot + level as usize;
            for (seat, units) in units.iter_mut().enumerate() {
                *units += tables.values[seat * tables.slots + slot];
            }
        }
        deal
    }

    /// The weighted sum of every slot's own units.
    fn weigh(&mut self, tables: &Tables, weights: &[f64]) {
        let full = &mut self.full[..tables.slots];
        for (seat, &weight) in weights.iter().enumerate() {
            let pairs = full.iter_mut().zip(tables.seat(seat));
            if seat == 0 {
                pairs.for_each(|(full, value)| *full = weight * value);
            } else {
                pairs.for_each(|(full, value)| *full += weight * value);
            }
        }
        for (full, shut) in full.iter_mut().zip(&tables.shut) {
            *full += shut;
        }
    }

    fn climb(&mut self, plan: &Plan) -> f64 {
        let mut top = f64::NEG_INFINITY;
        for bucket in &plan.buckets {
            let slots = &mut self.full[bucket.slot..bucket.slot + bucket.rows * bucket.levels];
            for lookup in &bucket.children {
                let child = &self.inside[plan.buckets[lookup.which].row..];
                for (row, slots) in slots.chunks_exact_mut(bucket.levels).enumerate() {
                    let base = lookup.base[row] as usize;
                    for (level, slot) in slots.iter_mut().enumerate() {
                        *slot += child[base + level * lookup.step];
                    }
                }
            }
            for (row, slots) in slots.chunks_exact(bucket.levels).enumerate() {
                (top, self.chosen[bucket.row + row]) = highest(slots);
                self.inside[bucket.row + row] = top;
            }
        }
        top
    }

    /// The pass down.
    pub fn descend(&mut self, plan: &Plan) {
        self.outside.fill(f64::NEG_INFINITY);
        if let Some(last) = self.outside.last_mut() {
            *last = 0.0;
        }
        for bucket in plan.buckets.iter().rev() {
            for lookup in &bucket.children {
                let child = plan.buckets[lookup.which].row;
                for row in 0..bucket.rows {
                    let above = self.outside[bucket.row + row];
                    for level in 0..bucket.levels {
                        let full = self.full[bucket.slot + row * bucket.levels + level];
                        let entry = child + lookup.at(row, level);
                        let rest = above + full - self.inside[entry];
                        if rest > self.outside[entry] {
                            self.outside[entry] = rest;
                        }
                    }
                }
            }
        }
    }

    /// The units and the index of the deal that is best, after a pass up.
    pub fn trace(&mut self, plan: &Plan, tables: &Tables, units: &mut [f64]) -> u64 {
        units.fill(0.0);
        let mut deal = 0;
        if let Some(last) = self.row_of.last_mut() {
            *last = 0;
        }
        for (turn, bucket) in plan.buckets.iter().enumerate().rev() {
            let row = self.row_of[turn] as usize;
            let level = self.chosen[bucket.row + row] as usize;
            deal += bucket.stride * level as u64;
            let slot = bucket.slot + row * bucket.levels + level;
            for (seat, units) in units.iter_mut().enumerate() {
                *units += tables.values[seat * tables.slots + slot];
            }
            for lookup in &bucket.children {
                self.row_of[lookup.which] = lookup.at(row, level) as u32;
            }
        }
        deal
    }
}

#[inline]
fn highest(slots: &[f64]) -> (f64, u32) {
    let mut best = (f64::NEG_INFINITY, 0);
    for (level, &slot) in slots.iter().enumerate() {
        if slot > best.0 {
            best = (slot, level as u32);
        }
    }
    best
}
