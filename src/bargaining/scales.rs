//! What one deal gives every seat, and whether rules allow it; on ranges at any number, on the grid or off.

use super::desk::Desk;
use super::near::Spot;
use super::outcome::Ending;
use super::shape::{Grid, Shape};
use super::stakes::Negotiation;
use super::tables::Tables;
use super::ties::place;

/// The workspace for weighing single deals.
#[derive(Debug)]
pub(super) struct Scales {
    /// One point for every range, all levels of all other issues.
    grid: Grid,
    sizes: Vec<usize>,
    levels: Vec<u32>,
    table: Vec<f64>,
    mask: Vec<bool>,
}

impl Default for Scales {
    fn default() -> Scales {
        Scales {
            grid: Grid {
                values: Vec::new(),
                whole: false,
            },
            sizes: Vec::new(),
            levels: Vec::new(),
            table: Vec::new(),
            mask: Vec::new(),
        }
    }
}

impl Scales {
    /// Writes down what the deal gives everybody, once the desk has read the world.
    pub fn weigh(
        &mut self,
        negotiation: &mut Negotiation<'_>,
        desk: &Desk,
        spot: &mut Spot,
    ) -> Result<(), Ending> {
        let shape = negotiation.shape;
        let tables = &desk.bench.tables;
        self.lay(shape, &spot.deal);
        for tie in &shape.ties {
            let found = (0..self.sizes[tie.issue] as u32).any(|level| {
                self.levels[tie.issue] = level;
                self.holds(negotiation, tables, tie.rule)
            });
            if !found {
                return Err(Ending::Forbidden);
            }
        }
        for rule in 0..shape.scopes.rules.len() {
            if !self.holds(negotiation, tables, rule) {
                return Err(Ending::Forbidden);
            }
        }
        spot.utilities.clear();
        spot.utilities.resize(shape.seats, 0.0);
        for (factor, &seat) in shape.owners.iter().enumerate() {
            let value = self.value(negotiation, tables, factor);
            spot.utilities[seat] += match shape.is_continuous() {
                true => value,
                false => tables.lattices[seat].round(value),
            };
        }
        if !shape.is_continuous() {
            for (utility, lattice) in spot.utilities.iter_mut().zip(&tables.lattices) {
                *utility = lattice.utility(*utility);
            }
        }
        match spot.utilities.iter().all(|utility| utility.is_finite()) {
            true => Ok(()),
            false => Err(Ending::Unplayable("a utility is not a finite number")),
        }
    }

    fn lay(&mut self, shape: &Shape, deal: &[f64]) {
        let issues = shape.issues.len();
        self.grid.values.resize(issues, Vec::new());
        self.sizes.clear();
        self.levels.clear();
        for (issue, &entry) in deal.iter().enumerate() {
            let values = &mut self.grid.values[issue];
            if shape.is_range(issue) {
                values.clear();
                values.push(entry);
                self.levels.push(0);
            } else {
                values.clone_from(&shape.grid.values[issue]);
                self.levels.push(entry as u32);
            }
            self.sizes.push(values.len());
        }
    }

    fn rows(&self, scope: &[usize]) -> usize {
        scope.iter().map(|&issue| self.sizes[issue]).product()
    }

    fn holds(&mut self, negotiation: &mut Negotiation<'_>, tables: &Tables, rule: usize) -> bool {
        let shape = negotiation.shape;
        let scope = &shape.scopes.rules[rule];
        let at = place(scope, &self.sizes, &self.levels);
        if !scope.iter().any(|&issue| shape.is_range(issue)) {
            return tables.masks[shape.plan.rules[rule] + at];
        }
        self.mask.clear();
        self.mask.resize(self.rows(scope), true);
        negotiation.stakes.rule(rule, &self.grid, &mut self.mask);
        self.mask[at]
    }

    fn value(&mut self, negotiation: &mut Negotiation<'_>, tables: &Tables, factor: usize) -> f64 {
        let shape = negotiation.shape;
        let scope = &shape.scopes.factors[factor];
        let at = place(scope, &self.sizes, &self.levels);
        if !scope.iter().any(|&issue| shape.is_range(issue)) {
            return tables.raw[shape.plan.factors[factor] + at];
        }
        self.table.clear();
        self.table.resize(self.rows(scope), 0.0);
        negotiation
            .stakes
            .factor(factor, &self.grid, &mut self.table);
        self.table[at]
    }
}
