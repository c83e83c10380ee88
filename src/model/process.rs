//! The process around the bargain, as a model plays it: calendar, files, shocks, those at home, observers.

use super::slots::Slots;
use crate::expression::{Code, NodeId};
use crate::scenario::{OnFailure, Scope};

/// Everything that happens around the table.
pub(super) struct Process {
    /// Whether the scenario has a calendar; without one there is a single session over all issues.
    pub has_calendar: bool,
    /// Whether the scenario names files.
    pub has_files: bool,
    /// Whether what a deal is worth must be looked up once it stands: it may stand longer than the
    /// session that made it, or be weighed by its chances beforehand.
    pub is_played_out: bool,
    pub sessions: u32,
    /// The sessions after which the state is recorded, the last one among them.
    pub report: Vec<u32>,
    pub scope: Scope,
    /// Whether signatories look ahead to later sessions.
    pub foresight: bool,
    pub slots: Slots,
    pub breakdown: Timed,
    /// At least one: all issues, if the scenario names no modules.
    pub files: Vec<File>,
    /// The quantities that move, each after those its start needs.
    pub moving: Vec<Moving>,
    pub events: Vec<Event>,
    pub erosion: Vec<Erosion>,
    pub homes: Vec<Home>,
    pub signals: Vec<Timed>,
    pub observations: Vec<Observation>,
    /// The open quantities that are drawn anew in every session.
    pub anew: Vec<usize>,
}

/// A formula that is asked in the course of a run, and the steps to its value.
#[derive(Debug, Clone)]
pub(super) struct Timed {
    pub node: NodeId,
    pub code: Code,
}

impl Timed {
    /// The steps follow once all formulas are built.
    pub fn new(node: NodeId) -> Timed {
        Timed {
            node,
            code: Code::default(),
        }
    }
}

/// Issues that are signed together.
pub(super) struct File {
    pub issues: Vec<usize>,
    pub ripe: Timed,
    pub reopen: Timed,
    pub ratchet: Timed,
    /// Most levels an issue may move in one session.
    pub step: Timed,
}

/// A quantity that moves from session to session.
pub(super) struct Moving {
    /// Which quantity.
    pub quantity: usize,
    pub start: Timed,
    /// Share of the gap to its level that each session closes.
    pub reverts: Timed,
    /// Whether each session starts it afresh.
    pub anew: bool,
}

/// A shock.
pub(super) struct Event {
    pub chance: Timed,
    pub when: Timed,
    pub once: Timed,
    pub lasting: Timed,
    /// Which of the moving quantities becomes what.
    pub effects: Vec<(usize, Timed)>,
}

/// What happens to levels nobody has signed.
pub(super) struct Erosion {
    pub issues: Vec<usize>,
    pub chance: Timed,
    pub when: Timed,
}

/// A second table at home.
pub(super) struct Home {
    /// The file it must ratify; any text if none.
    pub file: Option<usize>,
    pub chance: Timed,
    pub failure: OnFailure,
}

/// What was seen.
pub(super) struct Observation {
    pub session: u32,
    pub seen: Vec<usize>,
    pub not_seen: Vec<usize>,
    pub temper: f64,
}

impl Process {
    /// Whether it matters what stood before a text: somebody may refuse it, or it is one of several.
    pub fn can_fall_back(&self) -> bool {
        self.has_calendar || !self.homes.is_empty()
    }

    /// Every formula, to be given its steps.
    pub fn each(&mut self, act: &mut dyn FnMut(&mut Timed)) {
        act(&mut self.breakdown);
        for file in &mut self.files {
            [
                &mut file.ripe,
                &mut file.reopen,
                &mut file.ratchet,
                &mut file.step,
            ]
            .into_iter()
            .for_each(&mut *act);
        }
        for moving in &mut self.moving {
            act(&mut moving.start);
            act(&mut moving.reverts);
        }
        for event in &mut self.events {
            [
                &mut event.chance,
                &mut event.when,
                &mut event.once,
                &mut event.lasting,
            ]
            .into_iter()
            .for_each(&mut *act);
            event.effects.iter_mut().for_each(|(_, effect)| act(effect));
        }
        for erosion in &mut self.erosion {
            act(&mut erosion.chance);
            act(&mut erosion.when);
        }
        self.homes.iter_mut().for_each(|home| act(&mut home.chance));
        self.signals.iter_mut().for_each(act);
    }
}
