//! What can be seen of a run: how it ended, who was at the table, what happened on the way.

use super::Model;
use super::sitting::Sitting;
use super::world::World;
use crate::bargaining::{Outcome, Step, Watch};
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
    /// A signatory took its outside option.
    OptedOut,
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
    /// Whether the talks are followed offer by offer.
    fn follows(&self) -> bool {
        false
    }
    /// One step of the talks: `deal` holds issue, value and level of what it is about.
    fn step(&mut self, _step: &Step<'_>, _deal: &[(usize, f64, usize)]) {}
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

/// A witness at one table: what is offered there, by issues of the scenario.
pub(super) struct Follower<'f, W> {
    pub witness: &'f mut W,
    pub model: &'f Model,
    pub sitting: &'f Sitting,
    pub deal: Vec<(usize, f64, usize)>,
}

impl<'f, W: Witness> Follower<'f, W> {
    pub fn new(witness: &'f mut W, model: &'f Model, sitting: &'f Sitting) -> Follower<'f, W> {
        Follower {
            witness,
            model,
            sitting,
            deal: Vec::new(),
        }
    }
}

impl<W: Witness> Watch for Follower<'_, W> {
    fn step(&mut self, step: &Step<'_>) {
        self.deal.clear();
        self.deal.extend(self.sitting.terms(self.model, step.deal));
        self.witness.step(step, &self.deal);
    }
}

/// Nobody looks on.
impl Witness for () {}

impl Ended {
    /// Every ending, in the order reports list them.
    pub const ALL: [Ended; 7] = [
        Ended::Agreement,
        Ended::NoDeal,
        Ended::Breakdown,
        Ended::Deadline,
        Ended::OptedOut,
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
            Ended::OptedOut => "opted_out",
            Ended::Rejected => "rejected",
            Ended::Unplayable => "unplayable",
        }
    }
}
