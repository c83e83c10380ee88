//! Questions about a single sitting, for those who tell of it: what could be gained, why a file was left.

use super::agenda::Lot;
use super::process::File;
use super::sitting::Sitting;
use super::table::Table;
use super::witness::Sat;
use super::world::World;
use crate::bargaining::{Desk, Negotiation, frontier};
use crate::expression::NodeId;
use std::sync::Arc;

/// Why a file was not signed although it was up.
#[derive(Debug, Clone, PartialEq)]
pub enum Hindrance {
    /// A text exists that nobody would refuse; the rule preferred to leave it.
    Preference,
    /// No text leaves everybody at least as well off; these would have to give way.
    Closed(Vec<String>),
    /// Nothing in it can move now.
    Fixed,
}

impl World<'_> {
    /// Look at a sitting once more, before what was agreed stands.
    pub fn look<R>(
        &mut self,
        sat: Sat,
        act: impl FnOnce(&mut Negotiation<'_>, &mut Desk) -> R,
    ) -> Option<R> {
        if !self.model.process.has_calendar && sat.again == 0 {
            return Some(self.sit_down(act));
        }
        if !self.open(sat.files) {
            return None;
        }
        self.at_table(sat.files, sat.again, |world, table| {
            world.sit_at(table, act)
        })
    }

    /// The text that was agreed last: issue, value and level.
    pub fn text(&self) -> &[(usize, f64, usize)] {
        &self.course.text.terms
    }

    /// The lottery that text was drawn from, if it was and the witness follows the talks.
    pub fn lottery(&self) -> &[Lot] {
        &self.course.text.lottery
    }

    /// The value of an issue that stands now, NaN if none does.
    pub fn stands(&self, issue: usize) -> f64 {
        self.standing.values[issue]
    }

    /// Whether a file is signed.
    pub fn is_signed(&self, file: usize) -> bool {
        self.state[self.model.process.slots.signed + file] != 0.0
    }

    /// The file of an issue.
    pub fn file_of(&self, issue: usize) -> usize {
        self.model.pieces.file_of[issue]
    }

    /// The current value of a quantity, if it moves.
    pub fn quantity(&self, quantity: usize) -> Option<f64> {
        let mut moving = self.model.process.moving.iter();
        let moves = moving.any(|moving| moving.quantity == quantity);
        moves.then(|| self.state[self.model.process.slots.quantities + quantity])
    }

    /// What the signatories get from what stands now, over no agreement in this session.
    pub fn session_gains(&mut self) -> Vec<f64> {
        let model = self.model;
        self.run(&model.inside);
        let seats = model.utilities.iter().zip(&self.course.floor);
        seats
            .map(|((_, node), floor)| self.register(*node) - floor)
            .collect()
    }

    /// Why this file, which was up, was left as it stands: asked with all else as it stands now.
    pub fn hindrance(&mut self, file: usize) -> Hindrance {
        let model = self.model;
        self.convene();
        self.open_files(1 << file);
        let Some(mut table) = self.moving_table(file) else {
            return Hindrance::Fixed;
        };
        let sitting = Arc::clone(&table.sitting);
        self.run(&sitting.code);
        if self.sit_at(&mut table, |negotiation, desk| {
            !frontier(negotiation, desk).points.is_empty()
        }) {
            return Hindrance::Preference;
        }
        let places = self.blockers_at(&mut table).into_iter();
        let names = places.filter_map(|place| model.blockers.get(place).cloned());
        Hindrance::Closed(names.collect())
    }

    /// A table over one file alone at which something must move.
    fn moving_table(&self, file: usize) -> Option<Table> {
        let model = self.model;
        let mut agenda = self.agenda(1 << file, 0);
        let standing = |issue: &usize| (*issue, self.standing.levels[*issue]);
        agenda.must_move = agenda.issues.iter().map(standing).collect();
        let open = |file: &File| {
            file.issues
                .iter()
                .any(|issue| self.domains.count(*issue) > 1)
        };
        let ranges = |file: &File| {
            let mut issues = file.issues.iter();
            issues.any(|issue| model.pieces.issues[*issue].range.is_some())
        };
        let file = &model.process.files[file];
        if !open(file) || ranges(file) {
            return None;
        }
        let sitting = Sitting::new(&model.graph, &model.pieces, &model.rules, &agenda).ok()?;
        Some(Table::new(model, Arc::new(sitting), &self.registers))
    }

    /// A number of the world drawn last.
    pub(super) fn register(&self, id: NodeId) -> f64 {
        self.registers[id.index()]
    }
}
