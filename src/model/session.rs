//! One session: what happens outside, who sits down over what, what those at home say, what fades.

use super::agenda::Text;
use super::slots::{BREAKDOWN, SESSION};
use super::world::World;
use super::{Luck, Model};
use crate::bargaining::{Ending, Outcome};
use crate::scenario::{OnFailure, Scope};
use crate::uncertainty::Purpose;
use serde::{Deserialize, Serialize};

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Ended {
    /// The signatories agreed on a deal.
    Agreement,
    /// No deal left everybody at least as well off as its reservation value.
    NoDeal,
    /// Talks broke down.
    Breakdown,
    /// The last round passed without agreement.
    Deadline,
    /// The last offer was refused, or the text was at home.
    Rejected,
    /// The run could not be played (a NaN utility, say).
    Unplayable,
}

/// Somebody who looks on. What happens does not depend on it.
pub trait Witness {
    /// An event happened.
    fn event(&mut self, _world: &World<'_>, _event: usize) {}
    /// Talks broke down.
    fn breakdown(&mut self, _world: &World<'_>) {}
    /// These files are up, one bit each.
    fn up(&mut self, _world: &World<'_>, _files: u64) {}
    /// The parties sat down and rose; a text they agreed on does not stand yet.
    fn rose(&mut self, _world: &mut World<'_>, _sitting: Sat, _outcome: &Outcome) {}
    /// The text they agreed on moves these files, one bit each; those at home have not been asked.
    fn agreed(&mut self, _world: &mut World<'_>, _moved: u64) {}
    /// The talks of this session are over; what stands now was ratified.
    fn stands(&mut self, _world: &mut World<'_>) {}
    /// Those at home were asked about the text that stands now: the chance, and what they said.
    fn home(&mut self, _world: &World<'_>, _home: usize, _chance: f64, _ratified: bool) {}
    /// What nobody has signed lost a level.
    fn eroded(&mut self, _world: &World<'_>, _erosion: usize) {}
}

/// One sitting.
#[derive(Debug, Clone, Copy)]
pub struct Sat {
    /// The files that were up, one bit each.
    pub files: u64,
    /// The ratifications for which a better text is wanted, one bit each.
    pub again: u64,
}

/// Nobody looks on.
impl Witness for () {}

/// How far a run has come.
#[derive(Debug, Clone, Default)]
pub(super) struct Course {
    /// Why it cannot be played.
    pub unplayable: Option<&'static str>,
    /// How the last sitting ended.
    pub last: Option<Ending>,
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
    home: Vec<f64>,
    /// What each seat had to lose when the session began.
    pub floor: Vec<f64>,
    /// What stood when the session began: the issues' values and levels, and the files signed.
    pub before: (Vec<f64>, Vec<Option<usize>>),
    /// The text the parties agreed on.
    pub text: Text,
    /// New values of an event's quantities.
    effects: Vec<f64>,
    has_redrawn: bool,
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
        self.course.is_reserved = false;
        self.course.is_watched = false;
        if !process.has_calendar {
            return;
        }
        let refused = process.slots.refused..process.slots.signals;
        self.state[refused].fill(-1.0);
        if session > 1 {
            self.move_on(luck);
        }
        let mut stream = self.stream(luck, Purpose::Events);
        let breaks = stream.uniform();
        self.course.fading.clear();
        self.course.fading.extend(process.erosion.iter().map(|_| stream.uniform()));
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
    fn occurs(&mut self, u: f64, chance: f64) -> bool {
        if chance.is_nan() {
            self.course.unplayable.get_or_insert("a chance is not a number");
        }
        u < chance
    }

    /// The parties meet over the files that are up.
    pub fn meet(&mut self, luck: &Luck, witness: &mut impl Witness) {
        if self.course.unplayable.is_some() || self.is_broken_down() {
            return;
        }
        let process = &self.model.process;
        let up = self.up(luck);
        witness.up(self, up);
        if up == 0 {
            self.course.last = None;
            self.blame_calendar(false);
            return;
        }
        self.course.home.clear();
        if !process.homes.is_empty() {
            let mut stream = self.stream(luck, Purpose::Home);
            self.course.home.extend(process.homes.iter().map(|_| stream.uniform()));
        }
        self.convene();
        self.course.before.0.clone_from(&self.standing.values);
        self.course.before.1.clone_from(&self.standing.levels);
        let moved = self.talk(up, 0, witness);
        let sent_back = self.bring_home(moved, true, witness);
        if sent_back != 0 {
            // They know that a text with this chance does not pass.
            self.reserve();
            let moved = self.talk(up, sent_back, witness);
            self.bring_home(moved, false, witness);
        }
        self.reckon();
        witness.stands(self);
    }

    /// The parties sit down, over everything at once or over one file after the other. The files that
    /// what they agreed on moves, one bit each.
    fn talk(&mut self, up: u64, again: u64, witness: &mut impl Witness) -> u64 {
        let process = &self.model.process;
        if process.scope != Scope::OneByOne {
            return self.settle(up, again, witness);
        }
        let mut moved = 0;
        for file in (0..process.files.len()).filter(|file| up >> file & 1 == 1) {
            if moved != 0 {
                // The text so far is the status quo.
                self.reserve();
            }
            moved |= self.settle(1 << file, again, witness);
        }
        moved
    }

    /// The files that are up: not signed or open to change, and ripe.
    fn up(&mut self, luck: &Luck) -> u64 {
        let process = &self.model.process;
        if !process.has_calendar {
            return 1;
        }
        let mut stream = self.stream(luck, Purpose::Ripeness);
        let mut up = 0;
        for (nth, file) in process.files.iter().enumerate() {
            let u = stream.uniform();
            let is_signed = self.state[process.slots.signed + nth] != 0.0;
            if is_signed && !self.is_so(&file.reopen) && !self.is_so(&file.ratchet) {
                continue;
            }
            let chance = match process.scope {
                Scope::Package => 1.0,
                _ => self.now(&file.ripe),
            };
            if self.occurs(u, chance) {
                up |= 1 << nth;
            }
        }
        up
    }

    /// One sitting. The files that the text they agree on moves, one bit each.
    fn settle(&mut self, files: u64, again: u64, witness: &mut impl Witness) -> u64 {
        if self.course.unplayable.is_some() {
            return 0;
        }
        let outcome = self.bargain(files, again);
        witness.rose(self, Sat { files, again }, &outcome);
        self.course.last = Some(outcome.ending);
        self.course.is_refused = false;
        match outcome.ending {
            Ending::Agreement => {}
            Ending::Unplayable(reason) => {
                self.course.unplayable = Some(reason);
                return 0;
            }
            Ending::NoZone => {
                self.blame_zone(files, again);
                return 0;
            }
            _ => return 0,
        }
        let moved = self.adopt();
        if moved == 0 {
            self.blame_preference();
        } else {
            witness.agreed(self, moved);
        }
        moved
    }

    /// Asks those at home about the text. Where they refuse, what stood before stands again. The
    /// ratifications that send the parties back to the table, one bit each.
    fn bring_home(&mut self, moved: u64, may_go_back: bool, witness: &mut impl Witness) -> u64 {
        let process = &self.model.process;
        let (mut falls, mut all_falls, mut sent_back) = (0, false, 0);
        for (nth, home) in process.homes.iter().enumerate() {
            if moved == 0 || home.file.is_some_and(|file| moved >> file & 1 == 0) {
                continue;
            }
            let chance = self.now(&home.chance);
            let ratified = self.occurs(self.course.home[nth], chance);
            witness.home(self, nth, chance, ratified);
            if ratified {
                continue;
            }
            self.state[process.slots.rejected + nth] += 1.0;
            self.blame_home(nth);
            match (home.failure, home.file) {
                (OnFailure::Renegotiate, _) if may_go_back => {
                    self.state[process.slots.refused + nth] = chance;
                    sent_back |= 1 << nth;
                }
                (OnFailure::Breakdown, _) => {
                    all_falls = true;
                    self.state[BREAKDOWN] = 1.0;
                }
                (_, Some(file)) if process.scope != Scope::Package => falls |= 1 << file,
                _ => all_falls = true,
            }
        }
        if sent_back != 0 {
            all_falls = true;
        }
        if falls != 0 && !all_falls {
            self.fall_back(moved & falls);
            // The rest may not hold without it.
            all_falls = !self.is_allowed();
        }
        if all_falls {
            self.fall_back(moved);
        }
        self.course.is_refused = all_falls || moved != 0 && falls & moved == moved;
        if self.is_broken_down() { 0 } else { sent_back }
    }

    /// These files stand as they stood when the session began.
    fn fall_back(&mut self, files: u64) {
        let model = self.model;
        let before = std::mem::take(&mut self.course.before);
        for (nth, file) in model.process.files.iter().enumerate() {
            if files >> nth & 1 == 0 {
                continue;
            }
            for &issue in &file.issues {
                self.standing.values[issue] = before.0[issue];
                self.standing.levels[issue] = before.1[issue];
            }
            self.sign(nth, before.0[model.pieces.issues.len() + nth] != 0.0);
        }
        self.course.before = before;
    }

    /// Whether what stands meets every written rule.
    fn is_allowed(&mut self) -> bool {
        let model = self.model;
        model.rules.iter().all(|rule| self.is_so(&rule.holds))
    }

    /// Adds up what the text that now stands gives over no agreement in this session.
    pub(super) fn reckon(&mut self) {
        let model = self.model;
        if !self.has_moved() {
            return;
        }
        if model.process.is_played_out {
            self.run(&model.inside);
        }
        for seat in 0..model.seats.len() {
            let utility = match model.process.is_played_out {
                true => self.registers[model.utilities[seat].1.index()],
                false => self.course.text.utilities[seat],
            };
            self.course.gains[seat] += gain(utility, self.course.floor[seat]);
        }
    }

    /// Whether the session has left another text, or the first one.
    fn has_moved(&self) -> bool {
        let (values, before) = (&self.standing.values, &self.course.before.0);
        // What stood nowhere is no number, and so has moved.
        let files = self.model.pieces.issues.len()..values.len();
        files.clone().any(|number| values[number] != before[number])
            || (0..files.start).any(|issue| {
                values[issue] != before[issue] && !(values[issue].is_nan() && before[issue].is_nan())
            })
    }

    /// What nobody has signed may lose a level.
    pub fn fade(&mut self, is_recorded: bool, witness: &mut impl Witness) {
        let model = self.model;
        if self.course.unplayable.is_some() || model.process.erosion.is_empty() {
            return;
        }
        if is_recorded && !self.course.is_reserved {
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

    /// The session ends; what it shows is seen even if nobody records it.
    pub fn end(&mut self, luck: &Luck, is_recorded: bool) {
        if !is_recorded && !self.model.process.observations.is_empty() {
            self.watch_unrecorded(luck);
        }
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
            Some(Ending::Rejected) => Ended::Rejected,
            _ => Ended::NoDeal,
        };
        (ended, None)
    }
}

impl Ended {
    /// Every ending, in the order reports list them.
    pub const ALL: [Ended; 6] = [
        Ended::Agreement,
        Ended::NoDeal,
        Ended::Breakdown,
        Ended::Deadline,
        Ended::Rejected,
        Ended::Unplayable,
    ];

    /// The word that stands in the column `ended`.
    pub fn name(self) -> &'static str {
        match self {
            Ended::Agreement => "agreement",
            Ended::NoDeal => "no_deal",
            Ended::Breakdown => "breakdown",
            Ended::Deadline => "deadline",
            Ended::Rejected => "rejected",
            Ended::Unplayable => "unplayable",
        }
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
