//! A text under discussion: one deal, changed issue by issue, with what it gives every seat.
//!
//! A change costs the factors and rules that read the issue, however many deals there are. Utilities
//! are summed in units of each seat's lattice, so that they do not drift.

use super::shape::{MOST_SEATS, Shape};
use super::tables::Tables;
use super::ties::{follow, place};

/// The text and a proposal to change it.
#[derive(Debug, Default)]
pub(super) struct Text {
    /// The shape that `factors` and `rules` were listed for.
    shape: u64,
    /// Per issue: the factors and the rules that read it.
    factors: Vec<Vec<usize>>,
    rules: Vec<Vec<usize>>,
    /// Level of every issue; of a range, the point of its grid.
    levels: Vec<u32>,
    units: [f64; MOST_SEATS],
    proposal: Vec<u32>,
    proposed: [f64; MOST_SEATS],
    /// Per factor and per rule: the last proposal it was read for.
    seen: Vec<u64>,
    turn: u64,
    told: Vec<f64>,
    utilities: Vec<f64>,
}

impl Text {
    /// Make room for the texts of a shape.
    pub fn fit(&mut self, shape: &Shape) {
        if self.shape == shape.id {
            return;
        }
        self.shape = shape.id;
        let issues = shape.issues.len();
        let readers = |scopes: &[Vec<usize>]| -> Vec<Vec<usize>> {
            let of = |issue: usize| {
                let all = scopes.iter().enumerate();
                let reading = all.filter(move |(_, scope)| scope.contains(&issue));
                reading.map(|(which, _)| which).collect()
            };
            (0..issues).map(of).collect()
        };
        self.factors = readers(&shape.scopes.factors);
        self.rules = readers(&shape.scopes.rules);
        self.seen.clear();
        let tables = shape.scopes.factors.len() + shape.scopes.rules.len();
        self.seen.resize(tables, 0);
        self.turn = 0;
        self.levels.resize(issues, 0);
    }

    /// Write down this text: a level for every issue that does not follow from others.
    pub fn write(&mut self, shape: &Shape, tables: &Tables, level: impl FnMut(usize) -> u32) {
        let free = shape.issues.len() - shape.ties.len();
        let written = self.levels.iter_mut().take(free);
        (0..free)
            .map(level)
            .zip(written)
            .for_each(|(new, level)| *level = new);
        follow(shape, tables, &mut self.levels);
        self.units.fill(0.0);
        let plan = &shape.plan;
        for (which, scope) in shape.scopes.factors.iter().enumerate() {
            let at = plan.factors[which] + place(scope, &plan.levels, &self.levels);
            let seat = shape.owners[which];
            self.units[seat] += tables.lattices[seat].round(tables.raw[at]);
        }
    }

    /// The level of an issue.
    pub fn level(&self, issue: usize) -> u32 {
        self.levels[issue]
    }

    /// Whether the text keeps every rule.
    pub fn is_allowed(&self, shape: &Shape, tables: &Tables) -> bool {
        (0..shape.scopes.rules.len()).all(|rule| keeps(shape, tables, rule, &self.levels))
    }

    /// Propose to change one issue; false if that breaks a rule which the text keeps.
    pub fn propose(&mut self, shape: &Shape, tables: &Tables, issue: usize, level: u32) -> bool {
        self.proposal.clone_from(&self.levels);
        self.proposal[issue] = level;
        self.proposed = self.units;
        self.turn += 1;
        if shape.ties.is_empty() {
            return self.weigh(shape, tables, issue);
        }
        follow(shape, tables, &mut self.proposal)
            && (0..self.levels.len()).all(|other| {
                self.proposal[other] == self.levels[other] || self.weigh(shape, tables, other)
            })
    }

    /// What the change of one issue does to rules and utilities, each read once a proposal.
    fn weigh(&mut self, shape: &Shape, tables: &Tables, issue: usize) -> bool {
        let plan = &shape.plan;
        let factors = shape.scopes.factors.len();
        for &rule in &self.rules[issue] {
            let is_seen = std::mem::replace(&mut self.seen[factors + rule], self.turn) == self.turn;
            if !is_seen
                && !keeps(shape, tables, rule, &self.proposal)
                && keeps(shape, tables, rule, &self.levels)
            {
                return false;
            }
        }
        for &which in &self.factors[issue] {
            if std::mem::replace(&mut self.seen[which], self.turn) == self.turn {
                continue;
            }
            let scope = &shape.scopes.factors[which];
            let table = &tables.raw[plan.factors[which]..];
            let seat = shape.owners[which];
            let worth = |levels: &[u32]| {
                tables.lattices[seat].round(table[place(scope, &plan.levels, levels)])
            };
            self.proposed[seat] += worth(&self.proposal) - worth(&self.levels);
        }
        true
    }

    /// How much more the proposal gives a seat than the text.
    pub fn change(&self, tables: &Tables, seat: usize) -> f64 {
        tables.lattices[seat].utility(self.proposed[seat] - self.units[seat])
    }

    /// The proposal is the text from now on.
    pub fn adopt(&mut self) {
        std::mem::swap(&mut self.levels, &mut self.proposal);
        self.units = self.proposed;
    }

    /// The text as a deal, and what it gives every seat.
    pub fn tell(&mut self, shape: &Shape, tables: &Tables) -> (&[f64], &[f64]) {
        read(shape, &self.levels, &mut self.told);
        self.utilities.clear();
        let seats = tables.lattices.iter().zip(&self.units);
        self.utilities
            .extend(seats.map(|(lattice, units)| lattice.utility(*units)));
        (&self.told, &self.utilities)
    }

    /// The proposal as a deal.
    pub fn tell_proposal(&mut self, shape: &Shape) -> &[f64] {
        read(shape, &self.proposal, &mut self.told);
        &self.told
    }
}

/// Whether a deal keeps one rule.
fn keeps(shape: &Shape, tables: &Tables, rule: usize, levels: &[u32]) -> bool {
    let scope = &shape.scopes.rules[rule];
    tables.masks[shape.plan.rules[rule] + place(scope, &shape.plan.levels, levels)]
}

/// A deal as on the desk.
fn read(shape: &Shape, levels: &[u32], told: &mut Vec<f64>) {
    told.clear();
    told.extend(
        levels
            .iter()
            .enumerate()
            .map(|(issue, &level)| match shape.is_range(issue) {
                true => shape.grid.values[issue][level as usize],
                false => f64::from(level),
            }),
    );
}
