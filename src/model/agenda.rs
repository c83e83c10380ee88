//! From the files that are up to a table, and from its deal to what stands.

use super::process::File;
use super::sitting::{Agenda, Fresh, Sitting};
use super::table::{Company, Moment, Table};
use super::witness::{Follower, Witness};
use super::world::{World, unplayable};
use super::{Luck, Model};
use crate::bargaining::{Desk, Ending, Negotiation, Outcome};
use std::sync::Arc;

/// Kinds of sittings a worker remembers; most scenarios meet a few hundred.
const MOST_TABLES: usize = 4096;

impl<'m> World<'m> {
    /// Bargain over these files; `again` are ratifications for which a better text is wanted.
    pub(super) fn bargain(
        &mut self,
        files: u64,
        again: u64,
        luck: &Luck,
        witness: &mut impl Witness,
    ) -> Outcome {
        let model = self.model;
        if !self.can_play() {
            return unplayable("a setting is out of bounds");
        }
        if !model.process.has_calendar && again == 0 {
            return self.negotiate(luck, witness);
        }
        if model.process.foresight {
            return self.bargain_ahead(files);
        }
        if !self.open(files) {
            return Outcome {
                ending: Ending::NoZone,
                round: 0,
            };
        }
        self.at_table(files, again, |world, table| {
            let (sitting, mut text) = (
                table.sitting.clone(),
                std::mem::take(&mut world.course.text),
            );
            let follows = witness.follows();
            let mut follower = Follower::new(witness, model, &sitting);
            let company = world.company(luck, &mut follower);
            let outcome = world.sit_with(table, company, |negotiation, desk| {
                let outcome = model.settle(negotiation, desk);
                text.take(model, &sitting, &outcome, desk, follows);
                outcome
            });
            world.course.text = text;
            outcome
        })
        .unwrap_or_else(|| unplayable("the tables of a session are too large"))
    }

    /// Bargain with everything on the table; a text that is agreed stands.
    pub(super) fn bargain_over_all(&mut self, luck: &Luck, witness: &mut impl Witness) -> Outcome {
        let outcome = self.negotiate(luck, witness);
        self.course.round = f64::from(outcome.round) + 1.0;
        self.course.last = Some(outcome.ending);
        match outcome.ending {
            Ending::Agreement => {
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
        self.course.unplayable.is_none() && self.domains.propagate(&model.fixed)
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
            if !(step >= 1.0) {
                self.course
                    .unplayable
                    .get_or_insert("a step is less than one level");
            }
            for &issue in &file.issues {
                let standing = self.standing.levels[issue];
                if !is_up {
                    self.domains.close(issue, standing);
                    continue;
                }
                self.domains
                    .open(issue, model.pieces.issues[issue].values.len());
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

    /// Sit down at a table for which everything is computed.
    pub(super) fn sit_at<R>(
        &mut self,
        table: &mut Table,
        act: impl FnOnce(&mut Negotiation<'_>, &mut Desk) -> R,
    ) -> R {
        self.sit_with(table, Company::default(), act)
    }

    /// The same with luck, and with somebody who follows.
    fn sit_with<R>(
        &mut self,
        table: &mut Table,
        company: Company<'_>,
        act: impl FnOnce(&mut Negotiation<'_>, &mut Desk) -> R,
    ) -> R {
        let moment = Moment {
            issues: &self.model.pieces.issues,
            registers: &self.registers,
            seats: &self.seats,
            standing: &self.standing,
        };
        table.sit_down(moment, &mut self.desk, company, act)
    }

    /// The luck of the next sitting of this session, and who follows it.
    pub(super) fn company<'c, W: Witness>(
        &mut self,
        luck: &Luck,
        follower: &'c mut Follower<'_, W>,
    ) -> Company<'c>
    where
        'm: 'c,
    {
        self.course.sittings += 1;
        Company {
            knowledge: Some(&self.model.knowledge),
            chance: luck.at_table(self.session(), self.course.sittings - 1),
            watch: match follower.witness.follows() {
                true => Some(follower),
                false => None,
            },
        }
    }

    /// Everything the shape of a table depends on.
    fn write_key(&self, files: u64, again: u64, key: &mut Vec<u64>) {
        key.clear();
        let model = self.model;
        let mut fresh = 0;
        for (nth, file) in model.process.files.iter().enumerate() {
            if files >> nth & 1 == 0 {
                continue;
            }
            let is_fresh = self.is_fresh(nth, files);
            fresh |= u64::from(is_fresh) << nth;
            for &issue in &file.issues {
                key.extend_from_slice(self.domains.of(issue));
                let standing = self.standing.levels[issue];
                // Whether a level moves the issue matters to the links, and to issues of one level.
                if is_fresh || self.domains.count(issue) == 1 {
                    key.push(standing.map_or(0, |level| level as u64 + 1));
                }
            }
        }
        key.extend([files, again, fresh, self.newly_signed() as u64]);
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
            issues
                .filter(|issue| is_range(*issue) || !stays(*issue))
                .collect()
        };
        let (mut issues, mut fresh) = (Vec::new(), Vec::new());
        for (nth, file) in process.files.iter().enumerate() {
            if files >> nth & 1 == 0 {
                continue;
            }
            let open = open(file);
            issues.extend_from_slice(&open);
            if self.is_fresh(nth, files) && !open.is_empty() {
                let standing = open
                    .iter()
                    .map(|issue| (*issue, self.standing.levels[*issue]));
                fresh.push(Fresh {
                    file: nth,
                    standing: standing.collect(),
                });
            }
        }
        issues.sort_unstable();
        let entailed = |rule: usize| {
            let fixed = model.fixed_of[rule].map(|place| &model.fixed[place]);
            // Whether a rule can be broken must follow from the levels that are open.
            let is_up = |issue: &usize| files >> model.pieces.file_of[*issue] & 1 == 1;
            fixed.is_some_and(|fixed| fixed.scope.iter().all(is_up) && fixed.is_entailed(domains))
        };
        Agenda {
            issues,
            domains,
            newly: (model.pieces.counts() && !fresh.is_empty()).then_some(self.newly_signed()),
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
        // In a single session an agreement to leave things as they are is an agreement.
        let mut moved = u64::from(!model.process.has_calendar);
        for nth in 0..self.course.text.terms.len() {
            let (issue, value, level) = self.course.text.terms[nth];
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

/// A text the parties agreed on.
#[derive(Debug, Clone, Default)]
pub(super) struct Text {
    /// Issue, value and level.
    pub terms: Vec<(usize, f64, usize)>,
    /// What each seat expected of it.
    pub utilities: Vec<f64>,
    /// The lottery it was drawn from, if somebody asks.
    pub lottery: Vec<Lot>,
}

/// One text of a lottery.
#[derive(Debug, Clone)]
pub struct Lot {
    /// Its probability.
    pub share: f64,
    /// Issue, value and level.
    pub terms: Vec<(usize, f64, usize)>,
    /// What it gives each seat.
    pub utilities: Vec<f64>,
}

impl Text {
    /// The deal on the desk, if there is one, or what everybody has outside; with the lottery it was drawn from if somebody follows.
    pub fn take(
        &mut self,
        model: &Model,
        sitting: &Sitting,
        outcome: &Outcome,
        desk: &Desk,
        is_followed: bool,
    ) {
        self.lottery.clear();
        self.terms.clear();
        self.utilities.clear();
        if matches!(outcome.ending, Ending::Agreement | Ending::OptedOut) {
            self.utilities.extend_from_slice(desk.utilities());
        }
        if outcome.ending != Ending::Agreement {
            return;
        }
        self.terms.extend(sitting.terms(model, desk.deal()));
        if is_followed {
            self.lottery.extend(desk.lottery().iter().map(|lot| Lot {
                share: lot.share,
                terms: sitting.terms(model, &lot.deal).collect(),
                utilities: lot.utilities.clone(),
            }));
        }
    }
}
