//! From the files that are up to a table, and from its deal to what stands.

use super::Model;
use super::process::File;
use super::sitting::{Agenda, Fresh, Sitting};
use super::slots::SIGNED_COUNT;
use super::table::Table;
use super::world::{World, unplayable};
use crate::bargaining::{Ending, Outcome};
use std::sync::Arc;

/// Kinds of sittings a worker remembers; most scenarios meet a few hundred.
const MOST_TABLES: usize = 4096;

impl World<'_> {
    /// Bargain over these files; `again` are ratifications for which a better text is wanted.
    pub(super) fn bargain(&mut self, files: u64, again: u64) -> Outcome {
        let model = self.model;
        if !self.can_play() {
            return unplayable("a setting is out of bounds");
        }
        if !model.process.has_calendar && again == 0 {
            let outcome = self.negotiate();
            if outcome.ending == Ending::Agreement {
                take(model, &self.whole, &mut self.course.text);
            }
            return outcome;
        }
        if !self.open(files) {
            return Outcome {
                ending: Ending::NoZone,
                round: 0,
            };
        }
        self.at_table(files, again, |world, table| {
            let protocol = &model.protocol;
            let (issues, registers) = (&model.pieces.issues, &world.registers);
            let outcome = table.sit_down(issues, registers, &world.seats, |negotiation, desk| {
                protocol.negotiate(negotiation, desk)
            });
            if outcome.ending == Ending::Agreement {
                take(model, table, &mut world.course.text);
            }
            outcome
        })
        .unwrap_or_else(|| unplayable("the tables of a session are too large"))
    }

    /// Bargain with everything on the table; a text that is agreed stands.
    pub(super) fn bargain_over_all(&mut self) -> Outcome {
        let outcome = self.negotiate();
        match outcome.ending {
            Ending::Agreement => {
                take(self.model, &self.whole, &mut self.course.text);
                self.adopt();
                self.reckon();
            }
            Ending::Unplayable(reason) => self.course.unplayable = Some(reason),
            _ => {}
        }
        outcome
    }

    /// The levels that are open while these files are up, without those that rules close anyway;
    /// false if no deal is left.
    pub(super) fn open(&mut self, files: u64) -> bool {
        self.open_files(files);
        let model = self.model;
        self.domains.propagate(&model.fixed)
    }

    /// The levels that are open while these files are up.
    pub(super) fn open_files(&mut self, files: u64) {
        let model = self.model;
        for (nth, file) in model.process.files.iter().enumerate() {
            let is_up = files >> nth & 1 == 1;
            let (ratchet, step) = match is_up {
                true => (self.is_so(&file.ratchet), self.now(&file.step)),
                false => (false, f64::INFINITY),
            };
            for &issue in &file.issues {
                let standing = self.standing.levels[issue];
                if !is_up {
                    self.domains.close(issue, standing);
                    continue;
                }
                self.domains.open(issue, model.pieces.issues[issue].values.len());
                if let Some(standing) = standing {
                    self.domains.retain(issue, |level| {
                        let moves = level.abs_diff(standing) as f64;
                        moves <= step && !(ratchet && level < standing)
                    });
                }
            }
        }
    }

    /// Go to the table for these files and the levels that are open; `None` if it is too large.
    pub(super) fn at_table<R>(
        &mut self,
        files: u64,
        again: u64,
        act: impl FnOnce(&mut Self, &mut Table) -> R,
    ) -> Option<R> {
        let mut key = std::mem::take(&mut self.key);
        self.write_key(files, again, &mut key);
        let mut table = match self.tables.remove(key.as_slice()) {
            Some(table) => table,
            None => {
                if self.tables.len() >= MOST_TABLES {
                    self.tables.clear();
                }
                match self.new_table(files, again) {
                    Some(table) => table,
                    None => {
                        self.key = key;
                        return None;
                    }
                }
            }
        };
        let sitting = Arc::clone(&table.sitting);
        self.run(&sitting.code);
        let done = act(self, &mut table);
        self.tables.insert(key, table);
        Some(done)
    }

    /// Everything the shape of a table depends on.
    fn write_key(&self, files: u64, again: u64, key: &mut Vec<u64>) {
        key.clear();
        key.extend([files, again]);
        key.extend_from_slice(self.domains.words());
        let asked = self.model.pieces.asked;
        if asked != 0 {
            key.push(self.state[SIGNED_COUNT] as u64);
            for (nth, file) in self.model.process.files.iter().enumerate() {
                if self.is_fresh(nth, files) {
                    key.push(nth as u64);
                    let standing = |issue: &usize| self.standing.levels[*issue];
                    key.extend(file.issues.iter().map(|i| standing(i).map_or(0, |l| l as u64 + 1)));
                }
            }
        }
    }

    /// Whether somebody cares about the signature of this file, which is up and not signed.
    fn is_fresh(&self, file: usize, files: u64) -> bool {
        let is_signed = self.state[self.model.process.slots.signed + file] != 0.0;
        files >> file & 1 == 1 && !is_signed && self.model.pieces.asks(file)
    }

    fn new_table(&self, files: u64, again: u64) -> Option<Table> {
        let model = self.model;
        let agenda = self.agenda(files, again);
        let sitting = Sitting::new(&model.graph, &model.pieces, &model.rules, &agenda).ok()?;
        Some(Table::new(model, Arc::new(sitting), &self.registers))
    }

    /// What is up while these files are, on the levels that are open.
    pub(super) fn agenda(&self, files: u64, again: u64) -> Agenda<'_> {
        let model = self.model;
        let (process, domains) = (&model.process, &self.domains);
        let stays = |issue: usize| {
            let standing = self.standing.levels[issue];
            domains.count(issue) == 1 && standing.is_some_and(|level| domains.has(issue, level))
        };
        let is_range = |issue: usize| model.pieces.issues[issue].range.is_some();
        let open = |file: &File| -> Vec<usize> {
            let issues = file.issues.iter().copied();
            issues.filter(|issue| is_range(*issue) || !stays(*issue)).collect()
        };
        let (mut issues, mut fresh) = (Vec::new(), Vec::new());
        for (nth, file) in process.files.iter().enumerate() {
            if files >> nth & 1 == 0 {
                continue;
            }
            let open = open(file);
            issues.extend_from_slice(&open);
            if self.is_fresh(nth, files) && !open.is_empty() {
                let standing = open.iter().map(|issue| (*issue, self.standing.levels[*issue]));
                fresh.push(Fresh {
                    file: nth,
                    standing: standing.collect(),
                });
            }
        }
        issues.sort_unstable();
        let counts = model.pieces.counts() && !fresh.is_empty();
        let entailed = |rule: usize| {
            let fixed = model.fixed_of[rule].map(|place| &model.fixed[place]);
            fixed.is_some_and(|fixed| fixed.is_entailed(domains))
        };
        Agenda {
            issues,
            domains,
            signed: counts.then_some(self.state[SIGNED_COUNT] as usize),
            fresh,
            rules: (0..model.rules.len())
                .filter(|rule| model.rules[*rule].applies(again) && !entailed(*rule))
                .collect(),
            must_move: Vec::new(),
        }
    }

    /// The text that was agreed stands. The files it moves, one bit each.
    pub(super) fn adopt(&mut self) -> u64 {
        let model = self.model;
        let mut moved = if model.process.has_files { 0 } else { 1 };
        for nth in 0..self.course.text.len() {
            let (issue, value, level) = self.course.text[nth];
            // What does not stand yet is no number, and so moves with any text.
            if self.standing.values[issue] != value {
                moved |= 1 << model.pieces.file_of[issue];
                self.set(issue, Some((value, level)));
            }
        }
        for file in (0..model.pieces.files).filter(|file| moved >> file & 1 == 1) {
            self.sign(file, true);
        }
        moved
    }
}

/// The deal on a table's desk: issue, value and level.
fn take(model: &Model, table: &Table, text: &mut Vec<(usize, f64, usize)>) {
    text.clear();
    let deal = table.sitting.issues.iter().zip(table.desk.deal());
    for (place, (&issue, &entry)) in deal.enumerate() {
        text.push(match table.sitting.level(place, entry) {
            Some(level) => (issue, model.pieces.issues[issue].values[level], level),
            None => (issue, entry, 0),
        });
    }
}
