//! One session around the talks: what happens outside, what fades, how it ended.

use super::agenda::Text;
use super::slots::{BREAKDOWN, SESSION};
use super::witness::{Ended, Witness};
use super::world::World;
use super::{Luck, Model};
use crate::bargaining::Ending;
use crate::uncertainty::Purpose;

/// How far a run has come.
#[derive(Debug, Clone, Default)]
pub(super) struct Course {
    /// Why it cannot be played.
    pub unplayable: Option<&'static str>,
    /// How the last sitting ended.
    pub last: Option<Ending>,
    /// In which round, counted from 1; NaN if nobody sat down.
    pub round: f64,
    /// Whether a text was refused at home last.
    pub is_refused: bool,
    /// Whether the parties' numbers are those of this session.
    pub is_reserved: bool,
    /// Whether this session's signals are drawn.
    pub is_watched: bool,
    /// Per seat: what its agreements gave it over no agreement.
    pub gains: Vec<f64>,
    /// Per possible blocker: whether it stood in the way when they sat down last.
    pub blocked: Vec<bool>,
    /// Per signal: its chance.
    pub chances: Vec<f64>,
    /// Luck of this session that is needed later in it.
    fading: Vec<f64>,
    pub home: Vec<f64>,
    /// What each seat had to lose when the session began.
    pub floor: Vec<f64>,
    /// What stood when the session began: the issues' values and levels, and the files signed.
    pub before: (Vec<f64>, Vec<Option<usize>>),
    /// The text the parties agreed on.
    pub text: Text,
    /// New values of an event's quantities.
    effects: Vec<f64>,
    has_redrawn: bool,
    /// How often the parties sat down in this session.
    pub sittings: u32,
}

impl Course {
    pub fn new(model: &Model) -> Course {
        Course {
            gains: vec![0.0; model.seats.len()],
            blocked: vec![false; model.blockers.len()],
            chances: vec![f64::NAN; model.process.signals.len()],
            ..Course::default()
        }
    }

    fn restart(&mut self) {
        self.unplayable = None;
        self.last = None;
        self.round = f64::NAN;
        self.is_refused = false;
        self.gains.fill(0.0);
        self.blocked.fill(false);
    }
}

impl World<'_> {
    /// Before the first session: the status quo, nothing signed.
    pub fn begin(&mut self) {
        if self.course.has_redrawn {
            self.undraw();
            self.course.has_redrawn = false;
        }
        self.course.restart();
        self.course.is_reserved = false;
        self.course.is_watched = false;
        self.stand_as_before();
        self.start();
    }

    /// A session begins: what is drawn anew, what reverts, what happens outside, whether talks go on.
    pub fn happen(&mut self, luck: &Luck, session: u32, witness: &mut impl Witness) {
        let model = self.model;
        let process = &model.process;
        self.state[SESSION] = f64::from(session);
        self.course.sittings = 0;
        self.course.is_reserved = false;
        self.course.is_watched = false;
        if !process.has_calendar {
            return;
        }
        self.count_signed();
        let refused = process.slots.refused..process.slots.signals;
        self.state[refused].fill(-1.0);
        if session > 1 {
            self.move_on(luck);
        }
        let mut stream = self.stream(luck, Purpose::Events);
        let breaks = stream.uniform();
        self.course.fading.clear();
        self.course
            .fading
            .extend(process.erosion.iter().map(|_| stream.uniform()));
        for event in 0..process.events.len() {
            self.maybe_happen(event, stream.uniform(), witness);
        }
        let chance = self.now(&process.breakdown);
        if !self.is_broken_down() && self.occurs(breaks, chance) {
            self.state[BREAKDOWN] = 1.0;
            self.blame_calendar(true);
            witness.breakdown(self);
        }
    }

    /// From one session to the next: quantities are drawn anew or revert to their level.
    fn move_on(&mut self, luck: &Luck) {
        let process = &self.model.process;
        if !process.anew.is_empty() {
            let stream = self.stream(luck, Purpose::Redraw);
            self.redraw(stream);
            self.course.has_redrawn = true;
        }
        for (nth, moving) in process.moving.iter().enumerate() {
            let slot = process.slots.quantities + moving.quantity;
            if moving.anew {
                self.levels[nth] = self.now(&moving.start);
                self.state[slot] = self.levels[nth];
            } else {
                let share = self.now(&moving.reverts);
                if !(0.0..=1.0).contains(&share) {
                    let reason = "a share of reversion lies outside 0 and 1";
                    self.course.unplayable.get_or_insert(reason);
                }
                if share != 0.0 {
                    let gap = self.levels[nth] - self.state[slot];
                    self.state[slot] += share * gap;
                }
            }
        }
    }

    fn maybe_happen(&mut self, which: usize, u: f64, witness: &mut impl Witness) {
        let process = &self.model.process;
        let (event, count) = (&process.events[which], process.slots.events + which);
        let again = self.state[count] == 0.0 || !self.is_so(&event.once);
        if !again || !self.is_so(&event.when) {
            return;
        }
        let chance = self.now(&event.chance);
        if !self.occurs(u, chance) {
            return;
        }
        self.state[count] += 1.0;
        let mut effects = std::mem::take(&mut self.course.effects);
        effects.clear();
        effects.extend(event.effects.iter().map(|(_, effect)| self.now(effect)));
        let is_lasting = self.is_so(&event.lasting);
        for ((moving, _), value) in event.effects.iter().zip(&effects) {
            let slot = process.slots.quantities + process.moving[*moving].quantity;
            if is_lasting {
                self.levels[*moving] += value - self.state[slot];
            }
            self.state[slot] = *value;
        }
        self.course.effects = effects;
        witness.event(self, which);
    }

    /// Whether something of this chance occurs. What is no number spoils the run.
    pub(super) fn occurs(&mut self, u: f64, chance: f64) -> bool {
        if chance.is_nan() {
            self.course
                .unplayable
                .get_or_insert("a chance is not a number");
        }
        u < chance
    }

    /// What nobody has signed may lose a level.
    pub fn fade(&mut self, is_recorded: bool, witness: &mut impl Witness) {
        let model = self.model;
        if self.course.unplayable.is_some() || model.process.erosion.is_empty() {
            return;
        }
        if self.is_remembered(is_recorded) && !self.course.is_reserved {
            self.convene();
        }
        for (nth, erosion) in model.process.erosion.iter().enumerate() {
            let chance = self.now(&erosion.chance);
            if !self.is_so(&erosion.when) || !self.occurs(self.course.fading[nth], chance) {
                continue;
            }
            for &issue in &erosion.issues {
                if let Some(level) = self.standing.levels[issue].filter(|level| *level > 0) {
                    let value = model.pieces.issues[issue].values[level - 1];
                    self.set(issue, Some((value, level - 1)));
                }
            }
            witness.eroded(self, nth);
        }
    }

    /// The session ends: what it is worth and what it shows, if somebody records or remembers it.
    pub fn end(&mut self, luck: &Luck, is_recorded: bool) {
        if self.is_remembered(is_recorded) {
            self.weigh_up();
            self.watch(luck);
        }
    }

    /// Whether somebody records this session or asks what was observed in it.
    fn is_remembered(&self, is_recorded: bool) -> bool {
        let session = self.session();
        let mut observations = self.model.process.observations.iter();
        is_recorded || observations.any(|observation| observation.session == session)
    }

    /// How the run ended, as far as it has come, and why it could not be played.
    pub fn ended(&self) -> (Ended, Option<&'static str>) {
        if let Some(reason) = self.course.unplayable {
            return (Ended::Unplayable, Some(reason));
        }
        let ended = match self.course.last {
            _ if self.is_broken_down() => Ended::Breakdown,
            _ if self.is_anything_signed() => Ended::Agreement,
            _ if self.course.is_refused => Ended::Rejected,
            Some(Ending::Deadline) => Ended::Deadline,
            Some(Ending::Breakdown) => Ended::Breakdown,
            Some(Ending::OptedOut) => Ended::OptedOut,
            Some(Ending::Rejected) => Ended::Rejected,
            _ => Ended::NoDeal,
        };
        (ended, None)
    }
}
