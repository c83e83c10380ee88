//! One world after another at one desk: a worker's registers, tables and scratch.

use super::domains::Domains;
use super::draws::{DrawLaw, open_quantile};
use super::foresight::Foreseen;
use super::process::Timed;
use super::session::Course;
use super::slots::{BREAKDOWN, SESSION, SIGNED_COUNT};
use super::standing::Standing;
use super::table::{Company, Moment, Seats, Table, fill_in};
use super::voices::Heard;
use super::witness::{Follower, Witness};
use super::{Luck, Model};
use crate::bargaining::{Desk, Ending, Grid, Negotiation, Outcome};
use crate::expression::{Code, Column, ColumnStore, Inputs};
use crate::uncertainty::{Purpose, Stream};
use std::collections::HashMap;

/// A worker: everything one thread needs to play runs of a model, allocated once.
pub struct World<'m> {
    pub(super) model: &'m Model,
    pub(super) registers: Vec<f64>,
    /// Uniform numbers before and after they were made to depend on each other.
    raw: Vec<f64>,
    pub(super) uniforms: Vec<f64>,
    draws: Vec<f64>,
    /// What changes in the course of a run; see [`super::slots`].
    pub(super) state: Vec<f64>,
    /// What each quantity that moves reverts to.
    pub(super) levels: Vec<f64>,
    pub(super) standing: Standing,
    pub(super) seats: Seats,
    pub(super) course: Course,
    pub(super) desk: Desk,
    /// The sitting with everything up, and all others met so far.
    pub(super) whole: Table,
    pub(super) tables: HashMap<Vec<u64>, Table>,
    pub(super) domains: Domains,
    pub(super) key: Vec<u64>,
    pub(super) foreseen: Foreseen,
    pub(super) values: Vec<f64>,
}

impl<'m> World<'m> {
    /// A worker for a model.
    pub fn new(model: &'m Model, draws: usize) -> World<'m> {
        let registers = model.constants();
        let seats = model.parties.len();
        let numbers = draws.max(model.laws.len());
        let counts: Vec<usize> = model.pieces.issues.iter().map(|i| i.values.len()).collect();
        World {
            model,
            whole: Table::new(model, model.whole.clone(), &registers),
            desk: Desk::new(model.shape()),
            tables: HashMap::new(),
            seats: Seats {
                reservation: vec![0.0; seats],
                discount: vec![0.0; seats],
                risk: vec![0.0; seats],
                settings: vec![0.0; model.settings.len()],
                manners: model.manners.clone(),
                numbers: vec![0.0; model.numbers.len()],
                taken: vec![f64::NAN; seats * seats],
                common: vec![f64::NAN; seats],
                voices: Heard::new(model, &registers),
            },
            registers,
            raw: vec![0.5; numbers],
            uniforms: vec![0.5; numbers],
            draws: vec![f64::NAN; model.laws.len()],
            state: vec![0.0; model.process.slots.len],
            levels: vec![0.0; model.process.moving.len()],
            standing: Standing::new(model),
            course: Course::new(model),
            domains: Domains::whole(&counts),
            key: Vec::new(),
            foreseen: Foreseen::new(),
            values: Vec::with_capacity(model.variables.len() + numbers),
        }
    }

    /// Draw the world of one run.
    pub fn draw(&mut self, mut stream: Stream) {
        stream.fill(&mut self.raw);
        self.uniforms.copy_from_slice(&self.raw);
        if let Some(dependence) = &self.model.dependence {
            dependence.apply(&mut self.uniforms);
        }
        self.realise();
    }

    /// The world of one run, the parties about to sit down for the first time.
    pub(super) fn open_first(&mut self, stream: Stream) {
        self.draw(stream);
        self.begin();
        self.state[SESSION] = 1.0;
        self.convene();
    }

    /// The world in which one draw stands at a quantile and all others at their medians.
    pub(super) fn open_at(&mut self, draw: usize, quantile: f64) {
        self.raw.fill(0.5);
        self.raw[draw] = quantile;
        self.uniforms.copy_from_slice(&self.raw);
        self.realise();
        self.begin();
        self.state[SESSION] = 1.0;
        self.convene();
    }

    /// The world in which every open quantity stands at its median, before its first session.
    pub fn median(&mut self) {
        self.raw.fill(0.5);
        self.uniforms.fill(0.5);
        self.realise();
        self.begin();
        self.state[SESSION] = 1.0;
        self.convene();
    }

    fn realise(&mut self) {
        for draw in 0..self.draws.len() {
            self.realise_one(draw);
        }
        let model = self.model;
        self.run(&model.world);
    }

    fn realise_one(&mut self, draw: usize) {
        let u = self.uniforms[draw];
        self.draws[draw] = match &self.model.laws[draw] {
            DrawLaw::Fixed(law) => law.quantile(u),
            DrawLaw::Open => u,
            DrawLaw::Unused => f64::NAN,
        };
    }

    /// Draw anew what every session draws anew.
    pub(super) fn redraw(&mut self, mut stream: Stream) {
        let model = self.model;
        stream.fill(&mut self.uniforms);
        for draw in (0..self.uniforms.len()).filter(|d| !model.process.anew.contains(d)) {
            self.uniforms[draw] = self.raw[draw];
        }
        if let Some(dependence) = &model.dependence {
            dependence.apply(&mut self.uniforms);
        }
        model
            .process
            .anew
            .iter()
            .for_each(|draw| self.realise_one(*draw));
    }

    /// Go back to what the first session draws.
    pub(super) fn undraw(&mut self) {
        self.uniforms.copy_from_slice(&self.raw);
        if let Some(dependence) = &self.model.dependence {
            dependence.apply(&mut self.uniforms);
        }
        let model = self.model;
        model
            .process
            .anew
            .iter()
            .for_each(|draw| self.realise_one(*draw));
    }

    /// Start the quantities that move.
    pub(super) fn start(&mut self) {
        let model = self.model;
        let slots = &model.process.slots;
        self.state.fill(0.0);
        let refused = slots.refused..slots.signals;
        self.state[refused].fill(-1.0);
        let likelihood = slots.likelihood..slots.quantities;
        self.state[likelihood].fill(f64::NAN);
        for (nth, moving) in model.process.moving.iter().enumerate() {
            let start = self.now(&moving.start);
            self.state[slots.quantities + moving.quantity] = start;
            self.levels[nth] = start;
        }
    }

    /// The numbers of this session, and the parties' own: what they have to lose.
    pub(super) fn convene(&mut self) {
        let model = self.model;
        self.run(&model.session);
        self.reserve();
        self.course.floor.clone_from(&self.seats.reservation);
    }

    /// What the status quo is worth to the parties, and their reservation values with it.
    pub(super) fn reserve(&mut self) {
        let model = self.model;
        if model.process.has_calendar {
            self.run(&model.inside);
            self.run(&model.outside);
            for (actor, node) in &model.utilities {
                self.state[model.process.slots.worth + actor] = self.registers[node.index()];
            }
        }
        self.take_seats();
        self.course.is_reserved = true;
    }

    /// The parties' own numbers, once it is known what the status quo is worth.
    pub(super) fn take_seats(&mut self) {
        let model = self.model;
        self.run(&model.stands);
        let registers = &self.registers;
        for (seat, party) in model.parties.iter().enumerate() {
            self.seats.reservation[seat] = registers[party.reservation.index()];
            self.seats.discount[seat] = registers[party.discount.index()];
            self.seats.risk[seat] = registers[party.risk.index()];
        }
        for (slot, node) in self.seats.settings.iter_mut().zip(&model.settings) {
            *slot = registers[node.index()];
        }
        for (slot, node) in self.seats.numbers.iter_mut().zip(&model.numbers) {
            *slot = registers[node.index()];
        }
        self.believe();
        self.hear();
    }

    /// Sit down with everything on the table, in the world drawn last.
    pub fn sit_down<R>(&mut self, act: impl FnOnce(&mut Negotiation<'_>, &mut Desk) -> R) -> R {
        let moment = Moment {
            issues: &self.model.pieces.issues,
            registers: &self.registers,
            seats: &self.seats,
            standing: &self.standing,
        };
        self.whole
            .sit_down(moment, &mut self.desk, Company::default(), act)
    }

    /// Negotiate with everything on the table, in the world drawn last.
    pub(super) fn negotiate(&mut self, luck: &Luck, witness: &mut impl Witness) -> Outcome {
        if !self.can_play() {
            return unplayable("a setting is out of bounds");
        }
        let model = self.model;
        let mut text = std::mem::take(&mut self.course.text);
        let follows = witness.follows();
        let mut follower = Follower::new(witness, model, &model.whole);
        let company = self.company(luck, &mut follower);
        let moment = Moment {
            issues: &model.pieces.issues,
            registers: &self.registers,
            seats: &self.seats,
            standing: &self.standing,
        };
        let act = |negotiation: &mut Negotiation<'_>, desk: &mut Desk| {
            let outcome = model.settle(negotiation, desk);
            text.take(model, &model.whole, &outcome, desk, follows);
            outcome
        };
        let outcome = self.whole.sit_down(moment, &mut self.desk, company, act);
        self.course.text = text;
        outcome
    }

    /// Whether the protocol's settings are within their bounds.
    pub(super) fn can_play(&self) -> bool {
        let kind = &self.model.protocol_kind.kind;
        let (seats, issues) = (self.seats.reservation.len(), self.model.pieces.issues.len());
        kind.allows(&self.seats.settings, seats, Some(issues))
    }

    /// The value of a formula at this moment of the run.
    pub(super) fn now(&mut self, timed: &Timed) -> f64 {
        self.run(&timed.code);
        self.registers[timed.node.index()]
    }

    /// Whether a condition holds at this moment; what is not a number does not.
    pub(super) fn is_so(&mut self, timed: &Timed) -> bool {
        let value = self.now(timed);
        value != 0.0 && !value.is_nan()
    }

    /// Compute more of the world drawn last, at what stands.
    pub(super) fn run(&mut self, code: &Code) {
        let model = self.model;
        let inputs = Inputs {
            draws: &self.draws,
            issues: &self.standing.values,
            levels: &self.standing.levels,
            outcome: &self.standing.outcome,
            state: &self.state,
            quantile: &|law, u, arguments| open_quantile(model.kinds[law as usize], u, arguments),
        };
        code.run(&mut self.registers, &inputs);
    }

    /// A table in the world drawn last, over the scenario's own grid.
    pub(super) fn column(&self, column: &Column, rows: usize) -> Vec<f64> {
        let mut store = ColumnStore::default();
        let model = self.model;
        let values: Vec<&[f64]> = column.scope().iter().map(|i| model.axis(*i)).collect();
        fill_in(
            &model.pieces.issues,
            column,
            &values,
            &self.registers,
            &mut store,
        );
        let mut table = vec![0.0; rows];
        column.fill(&self.registers, &mut store, &mut table);
        table
    }

    /// One rule over its scope, in the world drawn last.
    pub(super) fn rule(&mut self, which: usize, _: &Grid, out: &mut [bool]) {
        let model = self.model;
        let held = self.column(&model.rules[which].column, out.len());
        for (out, held) in out.iter_mut().zip(&held) {
            *out = *held != 0.0 && !held.is_nan();
        }
    }

    /// The value of each party's reservation in the session at hand, in seat order.
    pub fn reservation(&self) -> &[f64] {
        &self.seats.reservation
    }

    /// What is played.
    pub fn model(&self) -> &'m Model {
        self.model
    }

    /// How many sessions there are.
    pub fn sessions(&self) -> u32 {
        self.model.process.sessions
    }

    /// The sessions after which a run is recorded.
    pub fn report(&self) -> &'m [u32] {
        &self.model.process.report
    }

    /// The session at hand, from 1.
    pub fn session(&self) -> u32 {
        self.state[SESSION] as u32
    }

    /// Whether talks have broken down.
    pub fn is_broken_down(&self) -> bool {
        self.state[BREAKDOWN] != 0.0
    }

    /// Whether anything is signed.
    pub(super) fn is_anything_signed(&self) -> bool {
        self.state[SIGNED_COUNT] > 0.0
    }

    /// The stream of a play, for one purpose in the session at hand.
    pub(super) fn stream(&self, luck: &super::Luck, purpose: Purpose) -> Stream {
        luck.stream(purpose, self.session())
    }
}

/// A negotiation that could not be played.
pub(super) fn unplayable(reason: &'static str) -> Outcome {
    Outcome {
        ending: Ending::Unplayable(reason),
        round: 0,
    }
}
