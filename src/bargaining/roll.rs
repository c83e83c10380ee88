//! The roll of all deals, one after the other, with what each gives every seat.
//!
//! For protocols that rank or search deals instead of eliminating issues. Columns grow issue by issue,
//! so that a deal costs little more than its own entry; in units of each seat's lattice, so that
//! decimal ties are ties.

use super::outcome::Ending;
use super::shape::Shape;
use super::tables::{Lattice, Tables};
use super::ties::{complete, place};

/// The most deals a roll holds.
pub const MOST_ON_ROLL: f64 = 1_048_576.0;

/// The most issues with more than one level among so many deals.
const MOST_OPEN: usize = 20;

/// All deals of a table: row-major, the last issue fastest.
#[derive(Debug, Default)]
pub(super) struct Roll {
    pub deals: usize,
    seats: usize,
    /// Seat after seat.
    units: Vec<f64>,
    pub allowed: Vec<bool>,
    pub lattices: Vec<Lattice>,
    /// The lowest and the highest units of each seat among the allowed deals.
    spans: Vec<(f64, f64)>,
    /// Counts the times the roll was written: who derives something from it can tell.
    pub edition: u64,
    /// What it was written from.
    shape: u64,
    raw: Vec<f64>,
    masks: Vec<bool>,
    spare: Vec<f64>,
    levels: Vec<u32>,
}

impl Roll {
    /// One seat's units of utility, deal by deal.
    pub fn seat(&self, seat: usize) -> &[f64] {
        &self.units[seat * self.deals..(seat + 1) * self.deals]
    }

    /// The utility of one deal to one seat.
    pub fn utility(&self, seat: usize, deal: usize) -> f64 {
        self.lattices[seat].utility(self.units[seat * self.deals + deal])
    }

    /// The utility of one deal to one seat, as a share of what allowed deals can give it; 0.5 if they all
    /// give the same.
    pub fn share(&self, seat: usize, deal: usize) -> f64 {
        let (low, high) = self.spans[seat];
        match high > low {
            true => (self.units[seat * self.deals + deal] - low) / (high - low),
            false => 0.5,
        }
    }

    /// Finds the spans.
    pub fn measure(&mut self) {
        self.spans.clear();
        for seat in 0..self.seats {
            let units = &self.units[seat * self.deals..(seat + 1) * self.deals];
            let allowed = units
                .iter()
                .zip(&self.allowed)
                .filter(|(_, allowed)| **allowed);
            let ends = (f64::INFINITY, f64::NEG_INFINITY);
            self.spans
                .push(allowed.fold(ends, |(low, high), (units, _)| {
                    (low.min(*units), high.max(*units))
                }));
        }
    }

    /// Writes the roll of one world, whose tables are known; nothing to do if they are as before.
    pub fn write(&mut self, shape: &Shape, tables: &Tables) -> Result<(), Ending> {
        if self.shape == shape.id && self.raw == tables.raw && self.masks == tables.masks {
            return Ok(());
        }
        if shape.plan.deals() > MOST_ON_ROLL {
            return Err(Ending::Unplayable("there are too many deals to list them"));
        }
        self.edition += 1;
        self.shape = shape.id;
        self.raw.clone_from(&tables.raw);
        self.masks.clone_from(&tables.masks);
        self.seats = shape.seats;
        self.deals = shape.plan.deals() as usize;
        self.lattices.clone_from(&tables.lattices);
        self.units.resize(self.seats * self.deals, 0.0);
        for seat in 0..self.seats {
            self.grow(shape, tables, seat);
        }
        self.allow(shape);
        if !shape.ties.is_empty() {
            self.follow(shape, tables);
        }
        Ok(())
    }

    /// One seat's column from the factors over the issues that are told.
    fn grow(&mut self, shape: &Shape, tables: &Tables, seat: usize) {
        let plan = &shape.plan;
        let lattice = tables.lattices[seat];
        let factors = || {
            let owned = shape.owners.iter().enumerate();
            let mine = owned.filter(move |(_, owner)| **owner == seat);
            mine.map(|(which, _)| {
                let table = &tables.raw[plan.factors[which]..plan.factors[which + 1]];
                (shape.scopes.factors[which].as_slice(), table)
            })
        };
        let constant = factors().filter(|(scope, _)| scope.is_empty());
        let constant = constant.fold(0.0, |sum, (_, table)| sum + lattice.round(table[0]));
        let mut column = std::mem::take(&mut self.spare);
        column.clear();
        column.push(constant);
        let target = seat * self.deals..(seat + 1) * self.deals;
        for issue in 0..plan.told {
            let levels = plan.levels[issue];
            let size = column.len() * levels;
            let grown = &mut self.units[target.clone()][..size];
            for (slots, before) in grown.chunks_exact_mut(levels).zip(&column) {
                slots.fill(*before);
            }
            for (scope, table) in factors().filter(|(scope, _)| scope.last() == Some(&issue)) {
                match scope {
                    [_] => {
                        for slots in grown.chunks_exact_mut(levels) {
                            for (slot, value) in slots.iter_mut().zip(table) {
                                *slot += lattice.round(*value);
                            }
                        }
                    }
                    _ => {
                        let scope = &scope[..scope.len() - 1];
                        each_row(&plan.levels[..issue], scope, |row, base| {
                            let slots = &mut grown[row * levels..(row + 1) * levels];
                            let values = &table[base * levels..(base + 1) * levels];
                            for (slot, value) in slots.iter_mut().zip(values) {
                                *slot += lattice.round(*value);
                            }
                        });
                    }
                }
            }
            column.clear();
            column.extend_from_slice(grown);
        }
        if plan.told == 0 {
            self.units[target].copy_from_slice(&column);
        }
        self.spare = column;
    }

    /// Which deals the rules over told issues allow.
    fn allow(&mut self, shape: &Shape) {
        let plan = &shape.plan;
        self.allowed.clear();
        self.allowed.resize(self.deals, true);
        for (rule, scope) in shape.scopes.rules.iter().enumerate() {
            let mask = &self.masks[plan.rules[rule]..plan.rules[rule + 1]];
            if scope.iter().any(|&issue| issue >= plan.told) {
                continue;
            }
            let allowed = &mut self.allowed;
            each_row(&plan.levels[..plan.told], scope, |deal, base| {
                allowed[deal] &= mask[base];
            });
        }
    }

    /// What follows from the told issues: its rules, and what it is worth.
    fn follow(&mut self, shape: &Shape, tables: &Tables) {
        let plan = &shape.plan;
        let untold = |scope: &[usize]| scope.iter().any(|&issue| issue >= plan.told);
        let mut levels = std::mem::take(&mut self.levels);
        levels.clear();
        levels.resize(plan.levels.len(), 0);
        for deal in 0..self.deals {
            if self.allowed[deal] {
                for (issue, level) in levels.iter_mut().enumerate().take(plan.told) {
                    *level = plan.level(deal as u64, issue) as u32;
                }
                self.allowed[deal] = complete(shape, tables, &mut levels);
                let owned = shape.scopes.factors.iter().zip(&shape.owners).enumerate();
                for (which, (scope, &seat)) in owned.filter(|(_, (scope, _))| untold(scope)) {
                    if self.allowed[deal] {
                        let value =
                            tables.raw[plan.factors[which] + place(scope, &plan.levels, &levels)];
                        self.units[seat * self.deals + deal] += tables.lattices[seat].round(value);
                    }
                }
            }
        }
        self.levels = levels;
    }
}

/// Every row over issues of these sizes, and where a table over some of them is read for it.
fn each_row(sizes: &[usize], scope: &[usize], mut act: impl FnMut(usize, usize)) {
    let rows: usize = sizes.iter().product();
    // Issues that can move: their size, how far a table moves with them, their level.
    let mut wheels = [(0, 0, 0); MOST_OPEN];
    let mut open = 0;
    for (issue, &size) in sizes.iter().enumerate().filter(|(_, size)| **size > 1) {
        let place = scope.iter().position(|read| *read == issue);
        let step = place.map_or(0, |at| scope[at + 1..].iter().map(|i| sizes[*i]).product());
        wheels[open] = (size, step, 0);
        open += 1;
    }
    let mut base = 0;
    for row in 0..rows {
        act(row, base);
        for (size, step, level) in wheels[..open].iter_mut().rev() {
            *level += 1;
            base += *step;
            if *level < *size {
                break;
            }
            base -= *step * *level;
            *level = 0;
        }
    }
}

#[cfg(test)]
mod tests;
