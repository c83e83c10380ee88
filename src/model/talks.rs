//! The talks of one session: which files are up, what the parties agree on, what those at home say.

use super::Luck;
use super::slots::BREAKDOWN;
use super::witness::{Sat, Witness};
use super::world::{World, unplayable};
use crate::bargaining::Ending;
use crate::scenario::{OnFailure, Scope};
use crate::uncertainty::Purpose;

impl World<'_> {
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
            self.course
                .home
                .extend(process.homes.iter().map(|_| stream.uniform()));
        }
        self.convene();
        if !process.can_fall_back() {
            if self.talk(up, 0, luck, witness) != 0 {
                self.reckon();
            }
            witness.stands(self);
            return;
        }
        self.course.before.0.clone_from(&self.standing.values);
        self.course.before.1.clone_from(&self.standing.levels);
        let moved = self.talk(up, 0, luck, witness);
        let sent_back = self.bring_home(moved, true, witness);
        if sent_back != 0 {
            // They know that a text with this chance does not pass.
            self.reserve();
            let moved = self.talk(up, sent_back, luck, witness);
            self.bring_home(moved, false, witness);
        }
        if self.has_moved() {
            self.reckon();
        }
        witness.stands(self);
    }

    /// The parties sit down, over everything at once or over one file after the other. The files that
    /// what they agreed on moves, one bit each.
    fn talk(&mut self, up: u64, again: u64, luck: &Luck, witness: &mut impl Witness) -> u64 {
        let process = &self.model.process;
        if process.scope != Scope::OneByOne {
            return self.settle(up, again, luck, witness);
        }
        let mut moved = 0;
        for file in (0..process.files.len()).filter(|file| up >> file & 1 == 1) {
            if moved != 0 {
                // The text so far is the status quo.
                self.reserve();
            }
            moved |= self.settle(1 << file, again, luck, witness);
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
    fn settle(&mut self, files: u64, again: u64, luck: &Luck, witness: &mut impl Witness) -> u64 {
        if self.course.unplayable.is_some() {
            return 0;
        }
        let outcome = match (
            self.bargain(files, again, luck, witness),
            self.course.unplayable,
        ) {
            (_, Some(reason)) => unplayable(reason),
            (outcome, None) => outcome,
        };
        witness.rose(self, Sat { files, again }, &outcome);
        self.course.last = Some(outcome.ending);
        self.course.round = f64::from(outcome.round) + 1.0;
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
        let (mut falls, mut all_falls, mut sent_back, mut refused) = (0, false, 0, 0);
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
            refused |= 1 << nth;
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
        if refused != 0 {
            self.blame_homes(refused);
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
                values[issue] != before[issue]
                    && !(values[issue].is_nan() && before[issue].is_nan())
            })
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
