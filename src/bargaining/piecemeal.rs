//! One issue at a time: every issue as a negotiation of its own, while the others stand as they are.

use super::desk::Desk;
use super::shape::{FactorSketch, Grid, Shape, Sketch, TooLarge};
use super::stakes::Stakes;
use super::tables::Tables;
use super::ties::{follow, place};

/// A table for each issue of a shape, and what lies on them.
pub(super) struct Piecemeal {
    pub parts: Vec<Part>,
    pub text: Partial,
}

/// The table of one issue.
pub(super) struct Part {
    pub shape: Shape,
    pub desk: Desk,
}

/// A text of which some issues may be open yet.
#[derive(Debug, Default)]
pub(super) struct Partial {
    /// Per issue: the level's index; of a range, its value.
    pub deal: Vec<f64>,
    /// Per issue: whether it counts: it is settled, or something stands.
    pub counts: Vec<bool>,
    /// The same deal as levels; those of ranges are not read.
    levels: Vec<u32>,
    /// Every issue at one value alone.
    grid: Option<Grid>,
}

impl Piecemeal {
    /// Make the tables of a shape.
    pub fn new(shape: &Shape) -> Result<Piecemeal, TooLarge> {
        let free = shape.issues.len() - shape.ties.len();
        let part = |issue: usize| {
            let factor = |seat| FactorSketch {
                seat,
                scope: vec![0],
            };
            let shape = Shape::new(Sketch {
                issues: vec![shape.issues[issue].clone()],
                ties: vec![],
                seats: shape.seats,
                factors: (0..shape.seats).map(factor).collect(),
                rules: vec![vec![0]],
            })?;
            let desk = Desk::new(&shape);
            Ok(Part { shape, desk })
        };
        Ok(Piecemeal {
            parts: (0..free).map(part).collect::<Result<_, _>>()?,
            text: Partial::default(),
        })
    }
}

impl Partial {
    /// What stands without a deal; issues on which nothing does stay open.
    pub fn open(&mut self, shape: &Shape, stands: impl Fn(usize) -> f64) {
        let issues = shape.issues.len();
        self.deal.clear();
        self.deal.extend((0..issues).map(stands));
        let free = issues - shape.ties.len();
        self.counts.clear();
        let counts = self.deal.iter().enumerate();
        self.counts
            .extend(counts.map(|(issue, stands)| issue >= free || !stands.is_nan()));
        self.levels.clear();
        self.levels.resize(issues, 0);
        let grid = self.grid.get_or_insert_with(|| Grid {
            values: Vec::new(),
            whole: false,
        });
        grid.values.resize(issues, Vec::new());
        for issue in 0..issues {
            self.put(shape, issue, self.deal[issue]);
        }
    }

    /// One issue lies at this level or value; an open one at any.
    pub fn put(&mut self, shape: &Shape, issue: usize, entry: f64) {
        self.deal[issue] = entry;
        let points = &shape.grid.values[issue];
        let is_range = shape.is_range(issue);
        if !is_range {
            self.levels[issue] = if entry.is_nan() { 0 } else { entry as u32 };
        }
        if let Some(grid) = &mut self.grid {
            grid.values[issue].clear();
            grid.values[issue].push(match (is_range, entry.is_nan()) {
                (true, false) => entry,
                _ => points[self.levels[issue] as usize],
            });
        }
    }

    /// Whether all issues of a scope count.
    fn counts(&self, scope: &[usize]) -> bool {
        scope.iter().all(|&issue| self.counts[issue])
    }
}

/// The parties' whole problem, read at one deal after the other.
pub(super) struct Reading<'r> {
    pub shape: &'r Shape,
    pub stakes: &'r mut dyn Stakes,
    pub tables: &'r Tables,
    pub text: &'r mut Partial,
}

impl Reading<'_> {
    /// What the text gives a seat by the issues that count; with `alone`, by that issue alone.
    pub fn worth(&mut self, seat: usize, alone: Option<usize>) -> f64 {
        let Reading {
            shape,
            stakes,
            tables,
            text,
        } = self;
        let lattice = tables.lattices[seat];
        let mut units = 0.0;
        for (which, scope) in shape.scopes.factors.iter().enumerate() {
            let is_meant = match alone {
                Some(issue) => scope == &[issue],
                None => true,
            };
            if shape.owners[which] != seat || !is_meant || !text.counts(scope) {
                continue;
            }
            let is_exact = scope.iter().any(|&issue| shape.is_range(issue));
            let value = match (&text.grid, is_exact) {
                (Some(grid), true) => {
                    let mut value = [0.0];
                    stakes.factor(which, grid, &mut value);
                    value[0]
                }
                _ => {
                    let place = place(scope, &shape.plan.levels, &text.levels);
                    tables.raw[shape.plan.factors[which] + place]
                }
            };
            units += lattice.round(value);
        }
        lattice.utility(units)
    }

    /// Finds the issues that follow from the others, and whether the text keeps the rules over issues
    /// that count; with `alone`, those over that issue alone.
    pub fn is_allowed(&mut self, alone: Option<usize>) -> bool {
        let Reading {
            shape,
            stakes,
            tables,
            text,
        } = self;
        if !follow(shape, tables, &mut text.levels) {
            return false;
        }
        for tie in &shape.ties {
            text.put(shape, tie.issue, f64::from(text.levels[tie.issue]));
        }
        shape.scopes.rules.iter().enumerate().all(|(rule, scope)| {
            let is_meant = match alone {
                Some(issue) => scope == &[issue],
                None => true,
            };
            if !is_meant || !text.counts(scope) {
                return true;
            }
            let is_exact = scope.iter().any(|&issue| shape.is_range(issue));
            match (&text.grid, is_exact) {
                (Some(grid), true) => {
                    let mut holds = [true];
                    stakes.rule(rule, grid, &mut holds);
                    holds[0]
                }
                _ => {
                    let place = place(scope, &shape.plan.levels, &text.levels);
                    tables.masks[shape.plan.rules[rule] + place]
                }
            }
        })
    }
}

/// One issue of the text as all there is to bargain about.
pub(super) struct OneIssue<'r> {
    pub whole: Reading<'r>,
    pub issue: usize,
    /// Whether the issue counts for itself, and not with what stands.
    pub is_alone: bool,
}

impl OneIssue<'_> {
    fn alone(&self) -> Option<usize> {
        self.is_alone.then_some(self.issue)
    }

    /// Puts the issue at one point of a grid; levels are told by their place.
    fn put(&mut self, grid: &Grid, point: usize) {
        let shape = self.whole.shape;
        let entry = match shape.is_range(self.issue) {
            true => grid.values(0)[point],
            false => point as f64,
        };
        self.whole.text.put(shape, self.issue, entry);
    }
}

impl Stakes for OneIssue<'_> {
    fn factor(&mut self, seat: usize, grid: &Grid, out: &mut [f64]) {
        for (point, out) in out.iter_mut().enumerate() {
            self.put(grid, point);
            let is_known = self.whole.is_allowed(self.alone());
            *out = match is_known {
                true => self.whole.worth(seat, self.alone()),
                false => 0.0,
            };
        }
    }

    fn rule(&mut self, _: usize, grid: &Grid, out: &mut [bool]) {
        for (point, out) in out.iter_mut().enumerate() {
            self.put(grid, point);
            *out = self.whole.is_allowed(self.alone());
        }
    }
}
