//! The words of the process: `session`, `signed.basing`, `event.shock` and the like.

use super::compiler::{Compiler, Room};
use super::slots::{BREAKDOWN, SESSION, SIGNED_BEFORE, SIGNED_COUNT};
use crate::expression::{Fault, NodeId, Operation};
use crate::scenario::Located;
use std::ops::Range;

/// The dotted families: name, what its members are called, and whether only measures and claims know it.
const FAMILIES: [(&str, &str, bool); 5] = [
    ("signed", "a module", false),
    ("event", "an event", false),
    ("rejected", "a ratification", false),
    ("signal", "a signal", true),
    ("likelihood", "an observation", true),
];

impl Compiler<'_> {
    /// The number behind a word of the process, if it is one.
    pub(super) fn of_process(
        &mut self,
        name: &str,
        at: &Range<usize>,
    ) -> Option<Result<NodeId, Fault>> {
        let has_calendar = self.scenario.calendar.is_some();
        match name {
            "session" if has_calendar => return Some(Ok(self.graph.state(SESSION))),
            "breakdown" if has_calendar => return Some(Ok(self.graph.state(BREAKDOWN))),
            "signed_count" if has_calendar => {
                if !self.room().is_deal() {
                    return Some(Ok(self.graph.state(SIGNED_COUNT)));
                }
                let (so_far, new) = (self.graph.state(SIGNED_BEFORE), self.newly_signed());
                return Some(Ok(self.graph.binary(Operation::Add, so_far, new)));
            }
            "newly_signed" if has_calendar => return Some(Ok(self.newly_signed())),
            "session" | "breakdown" | "signed_count" | "newly_signed" => {
                let fault = Fault::new(
                    at.clone(),
                    format!("`{name}` is not known here"),
                    "the scenario has no calendar",
                );
                return Some(Err(fault.help("write `[calendar]` and `sessions = 1`")));
            }
            _ => {}
        }
        let (family, member) = name.split_once('.')?;
        let &(_, what, only_when_over) = FAMILIES.iter().find(|(known, ..)| *known == family)?;
        let names = self.members(family);
        let Some(place) = names.iter().position(|known| known.value == member) else {
            let message = format!("`{member}` is not {what}");
            let fault = Fault::new(at.clone(), message, format!("expected `{family}.NAME`"));
            let names: Vec<&str> = names.iter().map(|name| name.value.as_str()).collect();
            return Some(Err(fault.nearest(member, names)));
        };
        if only_when_over && self.room() != Room::Outcome {
            return Some(Err(Fault::new(
                at.clone(),
                format!("`{name}` cannot stand here"),
                "known only when the session is over: in measures and claims",
            )));
        }
        let slots = self.slots;
        Some(Ok(match family {
            "signed" if self.room().is_deal() => {
                self.graph.issue(self.scenario.issues.len() + place)
            }
            "signed" => self.graph.state(slots.signed + place),
            "event" => self.graph.state(slots.events + place),
            "rejected" => self.graph.state(slots.rejected + place),
            "signal" => self.graph.seen(slots.signals + place),
            _ => self.graph.seen(slots.likelihood + place),
        }))
    }

    /// How many files the deal at hand signs, or this session has signed.
    fn newly_signed(&mut self) -> NodeId {
        if self.room().is_deal() {
            return self
                .graph
                .issue(self.scenario.issues.len() + self.files_named());
        }
        let signed = self.graph.state(SIGNED_COUNT);
        let before = self.graph.state(SIGNED_BEFORE);
        self.graph.binary(Operation::Subtract, signed, before)
    }

    /// How many files the state knows: one, if the scenario names none.
    pub(super) fn files_named(&self) -> usize {
        self.scenario.modules.len().max(1)
    }

    fn members(&self, family: &str) -> Vec<&Located<String>> {
        let scenario = self.scenario;
        match family {
            "signed" => scenario.modules.iter().map(|module| &module.name).collect(),
            "event" => scenario.events.iter().map(|event| &event.name).collect(),
            "rejected" => scenario
                .ratification
                .iter()
                .map(|home| &home.name)
                .collect(),
            "signal" => scenario.signals.iter().map(|signal| &signal.name).collect(),
            _ => scenario.observations.iter().map(|seen| &seen.id).collect(),
        }
    }

    /// Every word of the process that may stand in the formula at hand.
    pub(super) fn process_words(&self) -> Vec<String> {
        let mut words = Vec::new();
        if self.scenario.calendar.is_some() {
            words.extend(
                ["session", "breakdown", "signed_count", "newly_signed"].map(str::to_string),
            );
        }
        for (family, _, only_when_over) in FAMILIES {
            if !only_when_over || self.room() == Room::Outcome {
                let members = self.members(family);
                words.extend(
                    members
                        .iter()
                        .map(|name| format!("{family}.{}", name.value)),
                );
            }
        }
        words
    }
}
