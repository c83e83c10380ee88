//! A worker's place at one kind of sitting: what its tables need to be filled.

use super::compile::MOST_ISSUES;
use super::knowledge::Knowledge;
use super::sitting::{Placed, Sitting};
use super::standing::Standing;
use super::voices::Heard;
use super::{IssueLevels, Model};
use crate::bargaining::{
    Beliefs, Conduct, Desk, Grid, Manner, Negotiation, Party, Rumours, Stakes, Watch,
};
use crate::expression::{Axes, Column, ColumnStore};
use crate::uncertainty::Chance;
use std::sync::Arc;

/// One kind of sitting with everything a worker needs for it, allocated once.
pub(super) struct Table {
    pub sitting: Arc<Sitting>,
    /// Where ranges are refined; all other tables share the worker's desk.
    own: Option<Desk>,
    /// Columns over the scenario's own grid.
    whole: Vec<ColumnStore>,
    /// Columns over the grid at hand, where ranges are refined.
    near: Vec<ColumnStore>,
    scratch: Vec<f64>,
    /// The table of the kinds of opponent somebody believes in.
    rumours: Option<Box<Table>>,
    /// What stands, as the table knows it.
    standing: Vec<f64>,
}

/// The moment of a run at which the parties sit down.
#[derive(Clone, Copy)]
pub(super) struct Moment<'w> {
    pub issues: &'w [IssueLevels],
    pub registers: &'w [f64],
    pub seats: &'w Seats,
    pub standing: &'w Standing,
}

/// The numbers of the signatories in one session.
#[derive(Debug, Clone, Default)]
pub(super) struct Seats {
    pub reservation: Vec<f64>,
    pub discount: Vec<f64>,
    pub risk: Vec<f64>,
    /// The protocol's settings.
    pub settings: Vec<f64>,
    /// How everybody behaves, and the numbers of that.
    pub manners: Vec<Manner>,
    pub conduct: Vec<f64>,
    /// What everybody takes the others' reservation values for; see [`Beliefs`].
    pub taken: Vec<f64>,
    pub common: Vec<f64>,
    /// And of everybody with a voice.
    pub voices: Heard,
}

/// What surrounds one sitting: its luck, and who follows it.
#[derive(Default)]
pub(super) struct Company<'r> {
    pub chance: Chance,
    pub watch: Option<&'r mut dyn Watch>,
    /// What the signatories know of each other; everything if nothing is said.
    pub knowledge: Option<&'r Knowledge>,
}

impl Table {
    /// A place at the table; `registers` holds at least the constants.
    pub fn new(model: &Model, sitting: Arc<Sitting>, registers: &[f64]) -> Table {
        let columns = sitting.factors.len() + sitting.rules.len();
        let refines = sitting.shape.is_continuous();
        let mut table = Table {
            own: refines.then(|| Desk::new(&sitting.shape)),
            whole: vec![ColumnStore::default(); columns],
            near: vec![ColumnStore::default(); if refines { columns } else { 0 }],
            scratch: Vec::new(),
            rumours: None,
            standing: Vec::new(),
            sitting,
        };
        let placed = table.sitting.factors.iter().chain(&table.sitting.rules);
        for (placed, store) in placed.zip(&mut table.whole) {
            let grid = table.sitting.shape.grid();
            prepare(&model.pieces.issues, placed, grid, registers, store);
        }
        table.rumours = table
            .sitting
            .rumours
            .clone()
            .map(|rumours| Box::new(Table::new(model, rumours, registers)));
        table
    }

    /// Sit down: what the tables say in the world whose registers these are.
    pub fn sit_down<R>(
        &mut self,
        moment: Moment<'_>,
        shared: &mut Desk,
        company: Company<'_>,
        act: impl FnOnce(&mut Negotiation<'_>, &mut Desk) -> R,
    ) -> R {
        let Table {
            sitting,
            own,
            whole,
            near,
            scratch,
            rumours,
            standing,
        } = self;
        let Moment {
            issues,
            registers,
            seats,
            ..
        } = moment;
        let mut believed = rumours.as_deref_mut().map(|table| Seated {
            sitting: &table.sitting,
            issues,
            registers,
            whole: &mut table.whole,
            near: &mut table.near,
            scratch: &mut table.scratch,
        });
        standing.clear();
        standing.extend(sitting.standing(moment.standing));
        let mut seated = Seated {
            sitting,
            issues,
            registers,
            whole,
            near,
            scratch,
        };
        let mut negotiation = Negotiation {
            shape: &sitting.shape,
            stakes: &mut seated,
            parties: Party {
                reservation: &seats.reservation,
                discount: &seats.discount,
                risk: &seats.risk,
            },
            standing,
            voices: seats.voices.on(&sitting.issues),
            settings: &seats.settings,
            conduct: Conduct {
                manners: &seats.manners,
                numbers: &seats.conduct,
            },
            places: &sitting.places,
            rumours: believed.as_mut().map(|seated| Rumours {
                shape: &seated.sitting.shape,
                stakes: seated,
            }),
            beliefs: company
                .knowledge
                .filter(|knowledge| !knowledge.is_complete())
                .map(|knowledge| Beliefs {
                    knows: &knowledge.knows,
                    taken: &seats.taken,
                    common: &seats.common,
                    priors: &knowledge.priors,
                }),
            chance: company.chance,
            watch: match company.watch {
                Some(watch) => Some(&mut *watch),
                None => None,
            },
        };
        let desk = match own {
            Some(own) => own,
            None => {
                shared.fit(&sitting.shape);
                shared
            }
        };
        act(&mut negotiation, desk)
    }
}

/// The tables of one world.
struct Seated<'t> {
    sitting: &'t Sitting,
    issues: &'t [IssueLevels],
    registers: &'t [f64],
    whole: &'t mut [ColumnStore],
    near: &'t mut [ColumnStore],
    scratch: &'t mut Vec<f64>,
}

impl Seated<'_> {
    fn fill(&mut self, placed: &Placed, store: usize, grid: &Grid, out: &mut [f64]) {
        if grid.is_whole() {
            placed
                .column
                .fill(self.registers, &mut self.whole[store], out);
        } else {
            let near = &mut self.near[store];
            prepare(self.issues, placed, grid, self.registers, near);
            placed.column.fill(self.registers, near, out);
        }
    }
}

impl Stakes for Seated<'_> {
    fn factor(&mut self, which: usize, grid: &Grid, out: &mut [f64]) {
        let sitting = self.sitting;
        self.fill(&sitting.factors[which], which, grid, out);
    }

    fn rule(&mut self, which: usize, grid: &Grid, out: &mut [bool]) {
        let sitting = self.sitting;
        let Some(placed) = sitting.rules.get(which) else {
            out.copy_from_slice(&sitting.links[which - sitting.rules.len()]);
            return;
        };
        let mut held = std::mem::take(self.scratch);
        held.resize(out.len(), 0.0);
        self.fill(placed, sitting.factors.len() + which, grid, &mut held);
        for (out, held) in out.iter_mut().zip(&held) {
            *out = *held != 0.0 && !held.is_nan();
        }
        *self.scratch = held;
    }
}

/// Compute the parts of a table that depend on the grid alone.
fn prepare(
    issues: &[IssueLevels],
    placed: &Placed,
    grid: &Grid,
    registers: &[f64],
    store: &mut ColumnStore,
) {
    // Refined grids come many times a run: nothing is allocated for them.
    let mut values: [&[f64]; MOST_ISSUES] = [&[]; MOST_ISSUES];
    for (values, variable) in values.iter_mut().zip(&placed.variables) {
        *values = grid.values(*variable);
    }
    fill_in(
        issues,
        &placed.column,
        &values[..placed.variables.len()],
        registers,
        store,
    );
}

/// The same over any values of the issues in scope.
pub(super) fn fill_in(
    issues: &[IssueLevels],
    column: &Column,
    values: &[&[f64]],
    registers: &[f64],
    store: &mut ColumnStore,
) {
    // A grid may show some levels only: find each by its value. Whether a file is signed, and how
    // many are, read as their own level.
    let level = |position: usize, entry: usize| {
        let value = values[position][entry];
        let Some(of_levels) = issues.get(column.scope()[position]) else {
            return value as usize;
        };
        match of_levels.values.get(entry) {
            Some(same) if *same == value => entry,
            _ => of_levels
                .values
                .iter()
                .position(|other| *other == value)
                .unwrap_or(entry),
        }
    };
    let axes = Axes {
        values,
        level: &level,
    };
    column.prepare(registers, &axes, store);
}
