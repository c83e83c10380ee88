//! What stands: the level of every issue, which files are signed, and what follows for the record.

use super::slots::{SIGNED_BEFORE, SIGNED_COUNT};
use super::witness::Witness;
use super::world::World;
use super::{DEAL_SLOT, Luck, Model};
use crate::bargaining::{Ending, Outcome};
use crate::uncertainty::{Purpose, maths};

/// What stands at one moment of a run.
#[derive(Debug, Clone, Default)]
pub(super) struct Standing {
    /// Per issue: its number, or the index of its level; NaN = nothing stands. Then, per file,
    /// whether it is signed, and how many newly are.
    pub values: Vec<f64>,
    pub levels: Vec<Option<usize>>,
    /// Deal or not, utilities, gains, the last round: what formulas may ask of the outcome.
    pub outcome: Vec<f64>,
}

impl Standing {
    pub fn new(model: &Model) -> Standing {
        let numbers = model.pieces.issues.len() + model.pieces.files + 1;
        Standing {
            values: vec![f64::NAN; numbers],
            levels: vec![None; numbers],
            outcome: vec![f64::NAN; super::round_slot(model.actors) + 1],
        }
    }
}

impl World<'_> {
    /// The status quo, nothing signed.
    pub(super) fn stand_as_before(&mut self) {
        let model = self.model;
        for (issue, definition) in model.pieces.issues.iter().enumerate() {
            self.set(issue, definition.standing);
        }
        for number in model.pieces.issues.len()..self.standing.values.len() {
            self.standing.values[number] = 0.0;
            self.standing.levels[number] = Some(0);
        }
    }

    /// An issue from now on stands so, or nowhere.
    pub(super) fn set(&mut self, issue: usize, stands: Option<(f64, usize)>) {
        self.standing.values[issue] = stands.map_or(f64::NAN, |(value, _)| value);
        self.standing.levels[issue] = stands.map(|(_, level)| level);
    }

    /// A file is signed, or falls.
    pub(super) fn sign(&mut self, file: usize, signed: bool) {
        let model = self.model;
        let (issues, files) = (model.pieces.issues.len(), model.pieces.files);
        self.state[model.process.slots.signed + file] = f64::from(signed);
        let flags = &self.state[model.process.slots.signed..][..files];
        let count: f64 = flags.iter().sum();
        self.state[SIGNED_COUNT] = count;
        let new = count - self.state[SIGNED_BEFORE];
        let mut put = |number: usize, value: f64| {
            self.standing.values[number] = value;
            self.standing.levels[number] = Some(value as usize);
        };
        put(issues + file, f64::from(signed));
        put(issues + files, new);
    }

    /// How many files this session has signed so far.
    pub(super) fn newly_signed(&self) -> usize {
        (self.state[SIGNED_COUNT] - self.state[SIGNED_BEFORE]) as usize
    }

    /// A session begins: what was signed so far is not new any more.
    pub(super) fn count_signed(&mut self) {
        self.state[SIGNED_BEFORE] = self.state[SIGNED_COUNT];
        let number = self.standing.values.len() - 1;
        self.standing.values[number] = 0.0;
        self.standing.levels[number] = Some(0);
    }

    /// One number per variable of the model, and, if wanted, per open quantity, after the session has
    /// ended.
    pub fn observe(&mut self, worlds: bool) -> &[f64] {
        let model = self.model;
        self.values.clear();
        if self.course.unplayable.is_some() {
            self.values.resize(model.variables.len(), f64::NAN);
        } else {
            self.derive();
        }
        if worlds {
            let registers = &self.registers;
            let drawn = model.drawn.iter();
            self.values
                .extend(drawn.map(|node| node.map_or(f64::NAN, |id| registers[id.index()])));
            // Quantities that only other variants draw.
            let moving = &model.process.moving;
            let open = model.variables.len() + self.uniforms.len();
            self.values.resize(open, f64::NAN);
            let start = model.process.slots.quantities;
            let state = moving
                .iter()
                .map(|moving| self.state[start + moving.quantity]);
            self.values.extend(state);
        }
        &self.values
    }

    /// Settle everything at once in the world at hand, and what follows: no chance comes into it.
    pub fn settle_all(&mut self, witness: &mut impl Witness) -> (Outcome, Vec<f64>) {
        let nobody = Luck {
            seed: 0,
            run: 0,
            play: 0,
        };
        let outcome = self.bargain_over_all(&nobody, witness);
        self.end(&nobody, true);
        (outcome, self.observe(false).to_vec())
    }

    /// What it is worth to everybody as it stands.
    pub(super) fn weigh_up(&mut self) {
        let model = self.model;
        if self.course.unplayable.is_some() {
            return;
        }
        if !self.course.is_reserved {
            self.convene();
        }
        let agreed = self.is_anything_signed();
        self.standing.outcome[DEAL_SLOT] = f64::from(agreed);
        self.standing.outcome[super::round_slot(model.actors)] = self.course.round;
        self.run(&model.outside);
        if agreed && model.process.is_played_out {
            self.run(&model.inside);
        }
        let seats = model.seats.len();
        let opted_out = !agreed && self.course.last == Some(Ending::OptedOut);
        for (nth, (actor, node)) in model.utilities.iter().enumerate() {
            self.standing.outcome[1 + actor] = match nth < seats {
                true if opted_out => self.course.text.utilities[nth],
                true if !agreed => self.course.floor[nth],
                true if !model.process.is_played_out => self.course.text.utilities[nth],
                _ => self.registers[node.index()],
            };
        }
        let seats = model.utilities.iter().take(seats);
        let mut worths = seats.map(|(actor, _)| self.standing.outcome[1 + actor]);
        if model.process.has_calendar && !worths.all(f64::is_finite) {
            self.course.unplayable = Some("a utility is not a finite number");
        }
        for (seat, (actor, _)) in model.seats.iter().enumerate() {
            self.standing.outcome[1 + model.actors + actor] = match opted_out {
                true => self.course.text.utilities[seat] - self.course.floor[seat],
                false => self.course.gains[seat],
            };
        }
        if agreed {
            self.find_best_sum();
        }
    }

    /// What an observer sees of this session, and how likely that makes each observation.
    pub(super) fn watch(&mut self, luck: &Luck) {
        let model = self.model;
        let process = &model.process;
        let is_over = self.course.unplayable.is_some() || self.course.is_watched;
        if process.signals.is_empty() || is_over {
            return;
        }
        self.course.is_watched = true;
        let mut stream = self.stream(luck, Purpose::Signals);
        for (nth, signal) in process.signals.iter().enumerate() {
            let chance = self.now(signal).clamp(0.0, 1.0);
            let seen = self.occurs(stream.uniform(), chance);
            self.course.chances[nth] = chance;
            self.state[process.slots.signals + nth] = f64::from(seen);
        }
        for (nth, observation) in process.observations.iter().enumerate() {
            if observation.session != self.session() {
                continue;
            }
            let chances = &self.course.chances;
            let seen = observation.seen.iter().map(|signal| chances[*signal]);
            let not_seen = observation
                .not_seen
                .iter()
                .map(|signal| 1.0 - chances[*signal]);
            let likelihood: f64 = seen.chain(not_seen).product();
            self.state[process.slots.likelihood + nth] = maths::pow(likelihood, observation.temper);
        }
    }

    /// Everything that follows from what stands.
    fn derive(&mut self) {
        let model = self.model;
        self.run(&model.derived);
        let slots = &model.process.slots;
        let (outcome, registers, state) = (&self.standing.outcome, &self.registers, &self.state);
        let values = &mut self.values;
        values.extend_from_slice(&self.standing.values[..model.pieces.issues.len()]);
        values.extend(model.valued.iter().map(|actor| outcome[1 + actor]));
        let gains = model.seats.iter();
        values.extend(gains.map(|(actor, _)| outcome[1 + model.actors + actor]));
        values.extend(model.measures.iter().map(|id| registers[id.index()]));
        if model.process.has_calendar {
            if model.process.has_files {
                values.extend_from_slice(&state[slots.signed..slots.events]);
            }
            values.extend_from_slice(&state[slots.events..slots.rejected]);
        }
        values.extend_from_slice(&state[slots.rejected..slots.refused]);
        if model.process.has_calendar {
            let nothing = state[SIGNED_COUNT] == 0.0;
            values.extend(self.course.blocked.iter().map(|blocked| match nothing {
                true => f64::from(*blocked),
                false => f64::NAN,
            }));
            values.extend_from_slice(&state[slots.signals..slots.likelihood]);
            values.extend_from_slice(&self.course.chances);
            values.extend_from_slice(&state[slots.likelihood..slots.quantities]);
        }
    }
}
