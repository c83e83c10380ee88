//! What happens and what is seen of it: events, erosion, signals, observations.

use super::compiler::{Compiler, Room};
use super::process::{Erosion, Event, Moving, Observation, Timed};
use crate::expression::{Node, NodeId, Operation};
use crate::scenario::{Diagnostic, Located, Scenario, SignalChance};

impl Compiler<'_> {
    /// Shocks.
    pub(super) fn events(&mut self, moving: &[Moving]) -> Vec<Event> {
        let scenario = self.scenario;
        let mut events = Vec::new();
        for event in &scenario.events {
            let mut effects = Vec::new();
            for (name, formula) in &event.effects {
                let called =
                    |moving: &Moving| scenario.quantities[moving.quantity].name.value == name.value;
                if let Some(place) = moving.iter().position(called) {
                    effects.push((place, self.timed(Some(formula), 0.0, Room::Session)));
                }
            }
            events.push(Event {
                chance: self.timed(event.chance.as_ref(), 1.0, Room::Session),
                when: self.timed(event.when.as_ref(), 1.0, Room::Session),
                once: self.timed(event.once.as_ref(), 0.0, Room::Session),
                lasting: self.timed(event.lasting.as_ref(), 0.0, Room::Session),
                effects,
            });
        }
        events
    }

    /// What happens to levels nobody has signed.
    pub(super) fn erosion(&mut self) -> Vec<Erosion> {
        let mut list = Vec::new();
        for erosion in &self.scenario.erosion {
            let issues = erosion.issues.iter();
            list.push(Erosion {
                issues: issues
                    .filter_map(|name| self.issue_index(&name.value))
                    .collect(),
                chance: self.timed(Some(&erosion.chance), 0.0, Room::Session),
                when: self.timed(erosion.when.as_ref(), 1.0, Room::Session),
            });
        }
        list
    }

    /// The chance that each signal is seen: the first row that matches, less what is missed.
    pub(super) fn signals(&mut self) -> Vec<Timed> {
        let scenario = self.scenario;
        let mut signals = Vec::new();
        for signal in &scenario.signals {
            let mut chance = match &signal.chance {
                SignalChance::Formula(formula) => self.number(formula, Room::Outcome),
                SignalChance::Rows(rows) => {
                    let mut chance = self.graph.constant(0.0);
                    for row in rows.iter().rev() {
                        let is = self.number(&row.is, Room::Outcome);
                        chance = match &row.when {
                            None => is,
                            Some(when) => {
                                let when = self.number(when, Room::Outcome);
                                self.graph.select(when, is, chance)
                            }
                        };
                    }
                    chance
                }
            };
            if let Some(missed) = &signal.missed {
                let missed = self.number(missed, Room::Outcome);
                let one = self.graph.constant(1.0);
                let noticed = self.graph.binary(Operation::Subtract, one, missed);
                chance = self.graph.binary(Operation::Multiply, chance, noticed);
            }
            self.refuse_seeing_oneself(&signal.name, chance);
            signals.push(Timed::new(chance));
        }
        signals
    }

    /// What is seen cannot depend on what is seen.
    fn refuse_seeing_oneself(&mut self, name: &Located<String>, chance: NodeId) {
        let slots = self.slots.signals as u32..self.slots.quantities as u32;
        let is_seen = |id: NodeId| match self.graph.node(id) {
            Node::State(slot) => slots.contains(slot),
            _ => false,
        };
        if is_seen(chance) || self.graph.reaches(chance, &is_seen) {
            let message = format!("the chance of `{}` depends on what is seen", name.value);
            let found = Diagnostic::error(name.span.clone(), message)
                .label("signals are drawn side by side, given what stands");
            self.report_at(super::Origin::File, found);
        }
    }
}

/// What was seen, by place.
pub(super) fn observations(scenario: &Scenario) -> Vec<Observation> {
    let places = |names: &[Located<String>]| {
        let place = |name: &Located<String>| {
            let mut signals = scenario.signals.iter();
            signals.position(|signal| signal.name.value == name.value)
        };
        names.iter().filter_map(place).collect()
    };
    let list = scenario.observations.iter();
    list.map(|observation| Observation {
        session: observation.session.as_ref().map_or(1, |s| s.value as u32),
        seen: places(&observation.seen),
        not_seen: places(&observation.not_seen),
        temper: observation
            .temper
            .as_ref()
            .map_or(1.0, |temper| temper.value),
    })
    .collect()
}
