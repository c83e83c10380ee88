//! What trades across issues add to splitting every issue in the middle: the words `logrolling`,
//! `logrolling.ACTOR` and `integrative`.
//!
//! With `x0` the split, an actor's gain from logrolling is `u(x) - u(x0)`; the integrative index is
//! `(W(x) - W(x0)) / (W_max - W(x0))`, with `W` the signatories' sum and `W_max` the most that any deal
//! gives that all of them would sign. Froman & Cohen (1970), Pruitt (1981).

use super::compiler::{Compiler, Room};
use super::world::World;
use crate::bargaining::{Ending, MOST_SEATS, PROTOCOLS, Party, Protocol};
use crate::expression::{Fault, NodeId, Operation};
use crate::scenario::{IssueKind, Scenario};
use std::ops::Range;

/// The words that ask of all signatories together.
pub(super) const WORDS: [&str; 2] = ["logrolling", "integrative"];

/// An index whose scale is a smaller share of the sum than this has none.
const NOTHING: f64 = 1e-9;

/// Where the outcome says the largest sum of utilities: after all actors' numbers, before the round.
pub(super) fn best_slot(actors: usize) -> usize {
    1 + 2 * actors
}

/// The protocol that finds the largest sum.
pub(super) fn best_sum() -> Option<Box<dyn Protocol>> {
    let kind = PROTOCOLS
        .iter()
        .find(|protocol| protocol.kind.name == "utilitarian");
    kind.map(|kind| (kind.build)())
}

impl Compiler<'_> {
    /// The number behind a word of logrolling, if it is one.
    pub(super) fn of_logrolling(
        &mut self,
        name: &str,
        at: &Range<usize>,
    ) -> Option<Result<NodeId, Fault>> {
        let scenario = self.scenario;
        let signing = |actor: &usize| scenario.actors[*actor].signs;
        let actors: Vec<usize> = match name.strip_prefix("logrolling.") {
            Some(member) => {
                let actor = self.actor(member).filter(signing);
                let Some(actor) = actor else {
                    let message = format!("`{member}` is not a signatory");
                    let fault = Fault::new(at.clone(), message, "expected `logrolling.SIGNATORY`");
                    let names = scenario.actors.iter().filter(|actor| actor.signs);
                    let names = names.map(|actor| actor.name.value.as_str());
                    return Some(Err(fault.nearest(member, names)));
                };
                vec![actor]
            }
            None if WORDS.contains(&name) => (0..scenario.actors.len()).filter(signing).collect(),
            None => return None,
        };
        if self.room() != Room::Outcome {
            return Some(Err(Fault::new(
                at.clone(),
                format!("`{name}` cannot stand here"),
                "known only when it is over: in measures and claims",
            )));
        }
        let (mut gains, mut splits) = (Vec::new(), Vec::new());
        for actor in actors {
            let Some(slot) = super::outcome_slot(scenario, "utility", actor) else {
                continue;
            };
            let (utility, split) = (self.graph.outcome(slot), self.split(actor));
            gains.push(self.graph.binary(Operation::Subtract, utility, split));
            splits.push(split);
        }
        let gain = self.graph.sum(&gains);
        let value = match name {
            "integrative" => {
                let split = self.graph.sum(&splits);
                self.index(gain, split)
            }
            _ => gain,
        };
        let deal = self.graph.outcome(super::DEAL_SLOT);
        let nothing = self.graph.constant(f64::NAN);
        Some(Ok(self.graph.select(deal, value, nothing)))
    }

    /// The gain as a share of the largest there is.
    fn index(&mut self, gain: NodeId, split: NodeId) -> NodeId {
        self.seeks_best = true;
        let slot = best_slot(self.scenario.actors.len());
        let graph = &mut self.graph;
        let best = graph.outcome(slot);
        let most = graph.binary(Operation::Subtract, best, split);
        let (tiny, nothing) = (graph.constant(NOTHING), graph.constant(f64::NAN));
        let is_some = graph.binary(Operation::Less, tiny, most);
        let index = graph.binary(Operation::Divide, gain, most);
        graph.select(is_some, index, nothing)
    }

    /// What an actor has if every issue is split in the middle: the mean over the middle levels.
    fn split(&mut self, actor: usize) -> NodeId {
        let scenario = self.scenario;
        let parts = match self.worths.get(&actor) {
            Some(whole) => self.graph.parts(*whole),
            None => Vec::new(),
        };
        let means: Vec<NodeId> = parts
            .into_iter()
            .map(|part| {
                let scope = self.graph.scope(part);
                let middles: Vec<Vec<(f64, usize)>> =
                    scope.iter().map(|issue| middle(scenario, *issue)).collect();
                let rows: usize = middles.iter().map(Vec::len).product();
                let fixed: Vec<NodeId> = (0..rows)
                    .map(|row| {
                        let at = |issue: usize| {
                            let mut rest = row;
                            let pairs = scope.iter().zip(&middles);
                            let mut places = pairs.map(|(other, middle)| {
                                let place = rest % middle.len();
                                rest /= middle.len();
                                (*other, middle[place])
                            });
                            places
                                .find(|(other, _)| *other == issue)
                                .map_or((f64::NAN, 0), |(_, place)| place)
                        };
                        self.graph.fix(part, &at)
                    })
                    .collect();
                let (sum, count) = (self.graph.sum(&fixed), self.graph.constant(rows as f64));
                self.graph.binary(Operation::Divide, sum, count)
            })
            .collect();
        self.graph.sum(&means)
    }
}

/// Value and level of the middle of an issue: of a range its middle, of an even number of levels both
/// in the middle, of options all. What is split is signed.
fn middle(scenario: &Scenario, issue: usize) -> Vec<(f64, usize)> {
    let Some(definition) = scenario.issues.get(issue) else {
        let files = scenario.modules.len().max(1);
        let signed = match issue - scenario.issues.len() < files {
            true => 1,
            false => files,
        };
        return vec![(signed as f64, signed)];
    };
    let count = definition.count().unwrap_or(0);
    let level = |level: usize| (definition.value(level), level);
    match &definition.kind {
        IssueKind::Range { from, to } => vec![((from + to) / 2.0, 0)],
        IssueKind::Options(_) => (0..count).map(level).collect(),
        _ if count % 2 == 0 => (count / 2 - 1..=count / 2).map(level).collect(),
        _ => vec![level(count / 2)],
    }
}

impl World<'_> {
    /// The largest sum of the signatories' utilities over all deals that each of them would sign.
    pub(super) fn find_best_sum(&mut self) {
        static ALIKE: [f64; MOST_SEATS] = [1.0; MOST_SEATS];
        let model = self.model;
        let Some(best) = &model.best_sum else {
            return;
        };
        let sum = self.sit_down(|negotiation, desk| {
            let alike = &ALIKE[..negotiation.parties.reservation.len()];
            negotiation.settings = alike;
            negotiation.parties = Party {
                risk: alike,
                ..negotiation.parties
            };
            match best.negotiate(negotiation, desk).ending {
                Ending::Agreement => desk.utilities().iter().sum(),
                _ => f64::NAN,
            }
        });
        self.standing.outcome[best_slot(model.actors)] = sum;
    }
}
