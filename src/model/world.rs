//! One world after another at one desk: a worker's registers, tables and scratch.

use super::Model;
use super::compile::MOST_ISSUES;
use super::draws::{DrawLaw, open_quantile};
use crate::bargaining::{Desk, Ending, Grid, Negotiation, Outcome, Party, Stakes};
use crate::expression::{Axes, Code, Column, ColumnStore, Inputs, NodeId};
use crate::uncertainty::Stream;

/// A worker: everything one thread needs to play runs of a model, allocated once.
pub struct World<'m> {
    model: &'m Model,
    tables: Tables<'m>,
    uniforms: Vec<f64>,
    draws: Vec<f64>,
    reservation: Vec<f64>,
    discount: Vec<f64>,
    risk: Vec<f64>,
    settings: Vec<f64>,
    desk: Desk,
    standing: Standing,
    values: Vec<f64>,
}

/// The tables of one world.
struct Tables<'m> {
    model: &'m Model,
    registers: Vec<f64>,
    /// Columns over the scenario's own grid.
    whole: Vec<ColumnStore>,
    /// Columns over the grid at hand, where ranges are refined.
    near: Vec<ColumnStore>,
    scratch: Vec<f64>,
}

/// What stands when it is over.
struct Standing {
    /// Per issue: its number, or the index of its level; NaN = nothing stands.
    values: Vec<f64>,
    levels: Vec<Option<usize>>,
    /// Deal or not, utilities, gains: what formulas may ask of the outcome.
    outcome: Vec<f64>,
}

impl<'m> World<'m> {
    /// A worker for a model.
    pub fn new(model: &'m Model, draws: usize) -> World<'m> {
        let mut registers = vec![0.0; model.graph.len()];
        for (index, register) in registers.iter_mut().enumerate() {
            *register = model
                .graph
                .known_value(model.graph.id(index))
                .unwrap_or(0.0);
        }
        let columns = model.factors.len() + model.rules.len();
        let mut tables = Tables {
            model,
            registers,
            whole: vec![ColumnStore::default(); columns],
            near: vec![ColumnStore::default(); columns],
            scratch: Vec::new(),
        };
        tables.prepare(model.shape.grid());
        let seats = model.parties.len();
        World {
            model,
            tables,
            uniforms: vec![0.5; draws.max(model.laws.len())],
            draws: vec![f64::NAN; model.laws.len()],
            reservation: vec![0.0; seats],
            discount: vec![0.0; seats],
            risk: vec![0.0; seats],
            settings: vec![0.0; model.settings.len()],
            desk: Desk::new(&model.shape),
            standing: Standing {
                values: vec![f64::NAN; model.issues.len()],
                levels: vec![None; model.issues.len()],
                outcome: vec![f64::NAN; 1 + 2 * model.actors],
            },
            values: Vec::with_capacity(model.variables.len() + model.laws.len()),
        }
    }

    /// Draw the world of one run.
    pub fn draw(&mut self, mut stream: Stream) {
        stream.fill(&mut self.uniforms);
        if let Some(dependence) = &self.model.dependence {
            dependence.apply(&mut self.uniforms);
        }
        self.realise();
    }

    /// The world in which every open quantity stands at its median.
    pub fn median(&mut self) {
        self.uniforms.fill(0.5);
        self.realise();
    }

    fn realise(&mut self) {
        for ((draw, law), u) in self
            .draws
            .iter_mut()
            .zip(&self.model.laws)
            .zip(&self.uniforms)
        {
            *draw = match law {
                DrawLaw::Fixed(law) => law.quantile(*u),
                DrawLaw::Open => *u,
                DrawLaw::Unused => f64::NAN,
            };
        }
        let model = self.model;
        self.run(&model.world);
        let registers = &self.tables.registers;
        for (seat, party) in self.model.parties.iter().enumerate() {
            self.reservation[seat] = registers[party.reservation.index()];
            self.discount[seat] = registers[party.discount.index()];
            self.risk[seat] = registers[party.risk.index()];
        }
        for (slot, node) in self.settings.iter_mut().zip(&self.model.settings) {
            *slot = registers[node.index()];
        }
    }

    /// Sit down at the table of the world drawn last.
    pub fn sit_down(&mut self) -> (Negotiation<'_>, &mut Desk) {
        let negotiation = Negotiation {
            shape: &self.model.shape,
            stakes: &mut self.tables,
            parties: Party {
                reservation: &self.reservation,
                discount: &self.discount,
                risk: &self.risk,
            },
            settings: &self.settings,
        };
        (negotiation, &mut self.desk)
    }

    /// Negotiate in the world drawn last.
    pub fn negotiate(&mut self) -> Outcome {
        let protocol = &self.model.protocol;
        let settings = self.model.protocol_kind.kind.settings;
        if !super::settings::in_bounds(settings, &self.settings, self.reservation.len()) {
            return Outcome {
                ending: Ending::Unplayable("a setting is out of bounds"),
                round: 0,
            };
        }
        let (mut negotiation, desk) = self.sit_down();
        protocol.negotiate(&mut negotiation, desk)
    }

    /// One number per variable of the model, and, if wanted, per open quantity.
    pub fn observe(&mut self, outcome: &Outcome, worlds: bool) -> &[f64] {
        let model = self.model;
        self.values.clear();
        if let Ending::Unplayable(_) = outcome.ending {
            self.values.resize(model.variables.len(), f64::NAN);
        } else {
            self.stand(outcome.ending == Ending::Agreement);
            self.derive();
        }
        if worlds {
            let registers = &self.tables.registers;
            let drawn = model.drawn.iter();
            self.values
                .extend(drawn.map(|node| node.map_or(f64::NAN, |id| registers[id.index()])));
            // Quantities that only other variants draw.
            self.values
                .resize(model.variables.len() + self.uniforms.len(), f64::NAN);
        }
        &self.values
    }

    /// Compute more of the world drawn last.
    pub(super) fn run(&mut self, code: &Code) {
        let inputs = Inputs {
            draws: &self.draws,
            issues: &[],
            levels: &[],
            outcome: &[],
            quantile: &|law, u, arguments| {
                open_quantile(self.model.kinds[law as usize], u, arguments)
            },
        };
        code.run(&mut self.tables.registers, &inputs);
    }

    /// A number of the world drawn last.
    pub(super) fn register(&self, id: NodeId) -> f64 {
        self.tables.registers[id.index()]
    }

    /// A table in the world drawn last, over the scenario's own grid.
    pub(super) fn column(&self, column: &Column, rows: usize) -> Vec<f64> {
        let mut store = ColumnStore::default();
        let (model, registers) = (self.model, &self.tables.registers);
        prepare(model, column, model.shape.grid(), registers, &mut store);
        let mut table = vec![0.0; rows];
        column.fill(registers, &mut store, &mut table);
        table
    }

    /// One rule over its scope, in the world drawn last.
    pub(super) fn rule(&mut self, which: usize, grid: &Grid, out: &mut [bool]) {
        self.tables.rule(which, grid, out);
    }

    /// The value of each party's reservation in the world drawn last, in seat order.
    pub fn reservation(&self) -> &[f64] {
        &self.reservation
    }

    /// Put on the record what stands: the deal, or else the status quo.
    fn stand(&mut self, agreed: bool) {
        let Standing {
            values,
            levels,
            outcome,
        } = &mut self.standing;
        for (issue, definition) in self.model.issues.iter().enumerate() {
            let stands = match (agreed, definition.values.as_slice()) {
                (false, _) => definition.standing,
                (true, []) => Some((self.desk.deal()[issue], 0)),
                (true, of_levels) => {
                    let level = self.desk.deal()[issue] as usize;
                    Some((of_levels[level], level))
                }
            };
            values[issue] = stands.map_or(f64::NAN, |(value, _)| value);
            levels[issue] = stands.map(|(_, level)| level);
        }
        outcome[super::DEAL_SLOT] = f64::from(agreed);
        for (seat, (actor, _)) in self.model.seats.iter().enumerate() {
            let reservation = self.reservation[seat];
            let utility = if agreed {
                self.desk.utilities()[seat]
            } else {
                reservation
            };
            outcome[1 + actor] = utility;
            outcome[1 + self.model.actors + actor] = gain(utility, reservation);
        }
    }

    /// Everything that follows from what stands.
    fn derive(&mut self) {
        let model = self.model;
        let quantile = |law: u32, u: f64, arguments: &[f64]| {
            open_quantile(model.kinds[law as usize], u, arguments)
        };
        let Standing {
            values,
            levels,
            outcome,
        } = &mut self.standing;
        let registers = &mut self.tables.registers;
        let mut inputs = Inputs {
            draws: &self.draws,
            issues: values,
            levels,
            outcome: &[],
            quantile: &quantile,
        };
        model.third_parties.run(registers, &inputs);
        for (actor, node) in &model.outside {
            outcome[1 + actor] = registers[node.index()];
        }
        inputs.outcome = outcome;
        model.derived.run(registers, &inputs);
        self.values.extend_from_slice(values);
        self.values
            .extend(model.valued.iter().map(|actor| outcome[1 + actor]));
        let gains = model
            .seats
            .iter()
            .map(|(actor, _)| outcome[1 + model.actors + actor]);
        self.values.extend(gains);
        self.values
            .extend(model.measures.iter().map(|id| registers[id.index()]));
    }
}

/// The utility less the reservation value; a loss within rounding of indifference is none.
fn gain(utility: f64, reservation: f64) -> f64 {
    let gain = utility - reservation;
    let rounding = 1e-9 * utility.abs().max(reservation.abs()).max(1.0);
    if gain < 0.0 && gain >= -rounding {
        0.0
    } else {
        gain
    }
}

impl Tables<'_> {
    /// Compute the parts of all tables that depend on the grid alone.
    fn prepare(&mut self, grid: &Grid) {
        let columns = self.model.factors.iter().chain(&self.model.rules);
        for (column, store) in columns.zip(&mut self.whole) {
            prepare(self.model, column, grid, &self.registers, store);
        }
    }

    fn fill(&mut self, column: &Column, store: usize, grid: &Grid, out: &mut [f64]) {
        if grid.is_whole() {
            column.fill(&self.registers, &mut self.whole[store], out);
        } else {
            let near = &mut self.near[store];
            prepare(self.model, column, grid, &self.registers, near);
            column.fill(&self.registers, near, out);
        }
    }
}

impl Stakes for Tables<'_> {
    fn factor(&mut self, which: usize, grid: &Grid, out: &mut [f64]) {
        let model = self.model;
        self.fill(&model.factors[which], which, grid, out);
    }

    fn rule(&mut self, which: usize, grid: &Grid, out: &mut [bool]) {
        let model = self.model;
        let mut held = std::mem::take(&mut self.scratch);
        held.resize(out.len(), 0.0);
        self.fill(
            &model.rules[which],
            model.factors.len() + which,
            grid,
            &mut held,
        );
        for (out, held) in out.iter_mut().zip(&held) {
            *out = *held != 0.0 && !held.is_nan();
        }
        self.scratch = held;
    }
}

fn prepare(
    model: &Model,
    column: &Column,
    grid: &Grid,
    registers: &[f64],
    store: &mut ColumnStore,
) {
    // Refined grids come many times a run: nothing is allocated for them.
    let mut values: [&[f64]; MOST_ISSUES] = [&[]; MOST_ISSUES];
    for (values, issue) in values.iter_mut().zip(column.scope()) {
        *values = grid.values(*issue);
    }
    // A refined grid shows some levels only: find each by its value.
    let level = |position: usize, entry: usize| {
        let of_levels = &model.issues[column.scope()[position]].values;
        let value = values[position][entry];
        match of_levels.get(entry) {
            Some(same) if *same == value => entry,
            _ => of_levels
                .iter()
                .position(|other| *other == value)
                .unwrap_or(entry),
        }
    };
    let axes = Axes {
        values: &values[..column.scope().len()],
        level: &level,
    };
    column.prepare(registers, &axes, store);
}
