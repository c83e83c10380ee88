//! What a name in a formula stands for: quantities, issues, measures, and dotted names of actors' numbers.

use super::compiler::{Compiler, Room};
use crate::expression::{Context, Fault, Graph, IssueWords, NodeId, Referent, Tree};
use crate::scenario::Formula;
use std::ops::Range;

impl<'s> Compiler<'s> {
    /// A number named in a formula: built on first use; a fault if it is being built right now.
    fn named(
        &mut self,
        formula: &'s Formula,
        room: Room,
        name: &str,
        at: &Range<usize>,
    ) -> Result<NodeId, Fault> {
        if let Some(None) = self.numbers.get(&formula.address) {
            let via: Vec<&str> = self
                .frames
                .iter()
                .map(|frame| frame.address.as_str())
                .collect();
            let start = via.iter().position(|a| *a == formula.address).unwrap_or(0);
            let mut circle: Vec<&str> = via[start..].to_vec();
            circle.push(&formula.address);
            return Err(Fault::new(
                at.clone(),
                format!("`{name}` depends on itself"),
                circle.join(" needs "),
            ));
        }
        Ok(self.number(formula, room))
    }

    fn plain(&mut self, name: &str, at: &Range<usize>) -> Option<Result<Referent, Fault>> {
        let scenario = self.scenario;
        if let Some(quantity) = scenario
            .quantities
            .iter()
            .position(|q| q.name.value == name)
        {
            let in_start = self.frames.last().is_some_and(|frame| frame.is_start);
            if self.moving[quantity] && !in_start {
                let slot = self.slots.quantities + quantity;
                return Some(Ok(Referent::Number(self.graph.state(slot))));
            }
            let value = &scenario.quantities[quantity].value;
            let found = self.named(value, Room::World, name, at);
            return Some(found.map(Referent::Number));
        }
        if let Some(found) = self.of_process(name, at) {
            return Some(found.map(Referent::Number));
        }
        let room = self.room();
        if let Some(issue) = self.issue_index(name) {
            if room == Room::World {
                return Some(Err(Fault::new(
                    at.clone(),
                    format!("the issue `{name}` cannot stand here"),
                    "this number is fixed before any deal is in sight",
                )));
            }
            return Some(Ok(Referent::Issue(issue)));
        }
        if let Some(measure) = scenario.measures.iter().find(|m| m.name.value == name) {
            if room != Room::Outcome {
                return Some(Err(Fault::new(
                    at.clone(),
                    format!("the measure `{name}` cannot stand here"),
                    "measures are known only when it is over",
                )));
            }
            let found = self.named(&measure.value, Room::Outcome, name, at);
            return Some(found.map(Referent::Number));
        }
        let found = self.of_logrolling(name, at);
        found.map(|found| found.map(Referent::Number))
    }

    /// `value.mill.price`, `discount.baker`, `gain.baker` ...
    fn dotted(&mut self, name: &str, at: &Range<usize>) -> Option<Result<Referent, Fault>> {
        let scenario = self.scenario;
        let parts: Vec<&str> = name.split('.').collect();
        let (family, actor_name) = (*parts.first()?, *parts.get(1)?);
        if family == "quantities" && parts.len() == 2 {
            return self.plain(actor_name, at);
        }
        if let Some(found) = self.of_process(name, at) {
            return Some(found.map(Referent::Number));
        }
        if let Some(found) = self.of_logrolling(name, at) {
            return Some(found.map(Referent::Number));
        }
        if !DOTTED.contains(&family) {
            return None;
        }
        let Some(actor) = self.actor(actor_name) else {
            let names = scenario
                .actors
                .iter()
                .map(|actor| actor.name.value.as_str());
            return Some(Err(Fault::new(
                at.clone(),
                format!("`{actor_name}` is not an actor"),
                format!("expected `{family}.ACTOR`"),
            )
            .nearest(actor_name, names)));
        };
        let missing = |what: &str| {
            Err(Fault::new(
                at.clone(),
                format!("`{actor_name}` has no {what}"),
                format!("`{name}` needs one"),
            ))
        };
        let definition = &scenario.actors[actor];
        let found = match (family, parts.as_slice()) {
            ("value" | "weight", [_, _, issue]) => {
                let stake = definition.stakes.iter().find(|s| s.issue.value == *issue);
                match stake {
                    None => missing(&format!("stake in `{issue}`")),
                    Some(stake) if family == "weight" => {
                        self.named(&stake.weight, Room::World, name, at)
                    }
                    Some(_) if matches!(self.room(), Room::World) => Err(Fault::new(
                        at.clone(),
                        format!("`{name}` cannot stand here"),
                        "a value depends on the deal, and no deal is in sight yet",
                    )),
                    Some(stake) => Ok(self.stake_value(stake)),
                }
            }
            ("discount", [_, _]) => self.actor_number(definition.discount.as_ref(), name, at),
            ("risk", [_, _]) => self.actor_number(definition.risk.as_ref(), name, at),
            ("reservation", [_, _]) => match &definition.reservation {
                None => missing("reservation value"),
                Some(formula) => match self.numbers.get(&formula.address) {
                    Some(Some(id)) => Ok(*id),
                    _ => Err(Fault::new(
                        at.clone(),
                        format!("`{name}` cannot stand here"),
                        "reservation values are known only after all stakes",
                    )),
                },
            },
            ("utility" | "gain", [_, _]) if self.room() == Room::Outcome => {
                let slot = super::outcome_slot(scenario, family, actor);
                match slot {
                    Some(slot) => Ok(self.graph.outcome(slot)),
                    None => missing(family),
                }
            }
            ("utility", [_, _]) if self.room() == Room::Text => {
                match self.worths.get(&actor).copied() {
                    Some(worth) => Ok(worth),
                    None => missing(family),
                }
            }
            ("utility" | "gain", [_, _]) => Err(Fault::new(
                at.clone(),
                format!("`{name}` cannot stand here"),
                "known only when it is over: in measures and claims",
            )),
            _ => return None,
        };
        Some(found.map(Referent::Number))
    }

    fn actor_number(
        &mut self,
        formula: Option<&'s Formula>,
        name: &str,
        at: &Range<usize>,
    ) -> Result<NodeId, Fault> {
        match formula {
            Some(formula) => self.named(formula, Room::World, name, at),
            None => Ok(self.graph.constant(1.0)),
        }
    }

    /// Every name that may stand in the formula at hand.
    fn candidates(&self) -> Vec<String> {
        let scenario = self.scenario;
        let mut names: Vec<String> = scenario
            .quantities
            .iter()
            .map(|q| q.name.value.clone())
            .collect();
        if let Some(issue) = self.frames.last().and_then(|frame| frame.position) {
            names.extend(self.words[issue].labels.iter().cloned());
        }
        if self.room() != Room::World {
            names.extend(scenario.issues.iter().map(|issue| issue.name.value.clone()));
        }
        if self.room() == Room::Outcome {
            names.extend(scenario.measures.iter().map(|m| m.name.value.clone()));
            names.extend(["deal", "round"].map(str::to_string));
            names.extend(super::logrolling::WORDS.map(str::to_string));
        }
        names.extend(self.process_words());
        for actor in &scenario.actors {
            names.extend(
                DOTTED[2..]
                    .iter()
                    .map(|family| format!("{family}.{}", actor.name.value)),
            );
            for stake in &actor.stakes {
                for family in &DOTTED[..2] {
                    names.push(format!(
                        "{family}.{}.{}",
                        actor.name.value, stake.issue.value
                    ));
                }
            }
        }
        names
    }
}

const DOTTED: [&str; 7] = [
    "value",
    "weight",
    "discount",
    "risk",
    "reservation",
    "utility",
    "gain",
];

impl Context for Compiler<'_> {
    fn graph(&mut self) -> &mut Graph {
        &mut self.graph
    }

    fn referent(&mut self, name: &str, at: &Range<usize>) -> Result<Referent, Fault> {
        let frame = self.frames.last();
        let special = match name {
            "base" => frame.and_then(|frame| frame.base),
            "status_quo" => frame.and_then(|frame| frame.status_quo),
            _ => None,
        };
        if let Some(id) = special {
            return Ok(Referent::Number(id));
        }
        if let Some(level) = self.level_of_position(name) {
            return Ok(Referent::Number(self.graph.constant(level as f64)));
        }
        if name == "deal" && self.room() == Room::Outcome {
            return Ok(Referent::Number(self.graph.outcome(super::DEAL_SLOT)));
        }
        let found = if name.contains('.') {
            self.dotted(name, at)
        } else {
            self.plain(name, at)
        };
        if let Some(found) = found {
            return found;
        }
        // A scenario's own name would have been found by now.
        if name == "round" && self.room() == Room::Outcome {
            let slot = super::round_slot(self.scenario.actors.len());
            return Ok(Referent::Number(self.graph.outcome(slot)));
        }
        let fault = Fault::new(
            at.clone(),
            format!("`{name}` is not known here"),
            "unknown name",
        );
        let level_of = self
            .words
            .iter()
            .position(|words| words.labels.iter().any(|l| l == name));
        Err(match (name, level_of) {
            ("base", _) => fault.help("`base` is what a variant or `--set` replaces"),
            ("status_quo", _) => fault.help(
                "`status_quo` is the utility of the status quo deal: in a reservation of an actor whose issues all have a `status_quo`",
            ),
            (_, Some(issue)) if self.frames.last().is_none_or(|f| f.position.is_none()) => {
                let issue = &self.scenario.issues[issue].name.value;
                fault.help(format!("`{name}` is a level of `{issue}`: write `{issue} == {name}`"))
            }
            _ => {
                let candidates = self.candidates();
                fault.nearest(name, candidates.iter().map(String::as_str))
            }
        })
    }

    fn issue(&self, issue: usize) -> (&str, &IssueWords) {
        (&self.scenario.issues[issue].name.value, &self.words[issue])
    }

    fn distribution(
        &mut self,
        name: &str,
        at: &Range<usize>,
        arguments: &[Tree],
    ) -> Result<NodeId, Vec<Fault>> {
        super::distribution::call(self, name, at, arguments)
    }
}
