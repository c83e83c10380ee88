//! What every text must meet: written rules, vetoes, what those at home accept and foresee.

use super::RuleSource;
use super::compiler::{Compiler, Room};
use super::utilities::Utility;
use crate::expression::{Node, NodeId, Operation};
use crate::scenario::{Diagnostic, OnFailure};

impl Compiler<'_> {
    /// Rules, split at `and` so that each has a scope as small as it can be.
    pub(super) fn rules(&mut self) -> Vec<(NodeId, RuleSource)> {
        let scenario = self.scenario;
        let mut rules = Vec::new();
        for (index, rule) in scenario.rules.iter().enumerate() {
            let reported = self.reported;
            let id = self.number(&rule.require, Room::Text);
            if self.reported > reported {
                continue;
            }
            for part in self.conjuncts(id) {
                if self.graph.needs(part).issues != 0 {
                    rules.push((part, RuleSource::Written(index)));
                } else {
                    let span = rule.require.span.clone();
                    let found = Diagnostic::error(span, "this rule names no issue")
                        .label("expected a condition on issues");
                    self.faults.push(found);
                }
            }
        }
        rules
    }

    /// The parts of a condition that is joined by `and`.
    fn conjuncts(&self, id: NodeId) -> Vec<NodeId> {
        let (mut parts, mut open) = (Vec::new(), vec![id]);
        while let Some(id) = open.pop() {
            match *self.graph.node(id) {
                Node::Apply(Operation::And, [a, b, _]) => open.extend([b, a]),
                _ => parts.push(id),
            }
        }
        parts
    }

    /// No deal gives an actor with a veto less than its reservation value (Tsebelis 2002).
    pub(super) fn vetoes(&mut self) -> Vec<(NodeId, RuleSource)> {
        let scenario = self.scenario;
        let mut rules = Vec::new();
        for (actor, definition) in scenario.actors.iter().enumerate() {
            let Some(veto) = &definition.veto else {
                continue;
            };
            let Some(worth) = self.worths.get(&actor).copied() else {
                let name = &definition.name;
                let message = format!("`{}` has a veto and wants nothing", name.value);
                let found = Diagnostic::error(name.span.clone(), message)
                    .label("expected stakes or terms: a veto guards a utility");
                self.faults.push(found);
                continue;
            };
            let status_quo = self.status_quo(actor, worth);
            let least = match (&definition.reservation, status_quo) {
                (Some(formula), _) => self.number_with(formula, Room::World, status_quo),
                (None, Some(worth)) => worth,
                (None, None) => {
                    let span = definition.name.span.clone();
                    let name = &definition.name.value;
                    let message = format!("`{name}` has a veto and no reservation");
                    let found = Diagnostic::error(span, message)
                        .label("an issue it cares about has no `status_quo`")
                        .help("write `reservation`, or a `status_quo` for each of its issues");
                    self.faults.push(found);
                    continue;
                }
            };
            // Who is indifferent accepts.
            let magnitude = self.graph.unary(Operation::Abs, least);
            let one = self.graph.constant(1.0);
            let magnitude = self.graph.binary(Operation::Max, one, magnitude);
            let share = self.graph.constant(1e-11);
            let rounding = self.graph.binary(Operation::Multiply, share, magnitude);
            let least = self.graph.binary(Operation::Subtract, least, rounding);
            let accepts = self.graph.binary(Operation::AtMost, least, worth);
            let veto = self.number(veto, Room::World);
            let rule = self.unless(veto, accepts);
            rules.extend(self.about_issues(rule, RuleSource::Veto(actor)));
        }
        rules
    }

    /// What those at home accept; after a refusal, only what is more likely to pass (Putnam 1988).
    pub(super) fn ratified(&mut self) -> Vec<(NodeId, RuleSource)> {
        let scenario = self.scenario;
        let mut rules = Vec::new();
        for (nth, home) in scenario.ratification.iter().enumerate() {
            let file = home
                .module
                .as_ref()
                .and_then(|module| self.file(&module.value));
            let signed = match file {
                Some(file) => self.graph.issue(scenario.issues.len() + file),
                None => self.graph.constant(1.0),
            };
            if let Some(accepts) = &home.accepts {
                let accepts = self.number(accepts, Room::Text);
                for part in self.conjuncts(accepts) {
                    let rule = self.unless(signed, part);
                    rules.extend(self.about_issues(rule, RuleSource::Home(nth)));
                }
            }
            if let (Some(chance), OnFailure::Renegotiate) = (&home.chance, home.on_failure) {
                let chance = self.number(chance, Room::Text);
                // Known only while they sit, like what the status quo is worth.
                let refused = self.graph.worth(self.slots.refused + nth);
                let better = self.graph.binary(Operation::Less, refused, chance);
                let rule = self.unless(signed, better);
                rules.extend(self.about_issues(rule, RuleSource::Better(nth)));
            }
        }
        rules
    }

    /// `not condition or rule`.
    fn unless(&mut self, condition: NodeId, rule: NodeId) -> NodeId {
        let one = self.graph.constant(1.0);
        self.graph.select(condition, rule, one)
    }

    /// The rule, unless no issue can break it.
    fn about_issues(&self, rule: NodeId, source: RuleSource) -> Option<(NodeId, RuleSource)> {
        (self.graph.needs(rule).issues != 0).then_some((rule, source))
    }

    /// Negotiators who foresee those at home weigh a gain by the chance that the text passes:
    /// `reservation + chance * (utility - reservation)` (Iida 1993).
    pub(super) fn foresee(&mut self, utility: &mut Utility, reservation: NodeId) {
        let scenario = self.scenario;
        let mut chance = None;
        for home in &scenario.ratification {
            if !self.switch(home.foreseen.as_ref()) {
                continue;
            }
            let Some(formula) = &home.chance else {
                continue;
            };
            let mut passes = self.number(formula, Room::Text);
            let (zero, one) = (self.graph.constant(0.0), self.graph.constant(1.0));
            passes = self.graph.binary(Operation::Max, zero, passes);
            passes = self.graph.binary(Operation::Min, one, passes);
            if let Some(file) = home.module.as_ref().and_then(|m| self.file(&m.value)) {
                let signed = self.graph.issue(scenario.issues.len() + file);
                passes = self.unless(signed, passes);
            }
            chance = Some(match chance {
                None => passes,
                Some(others) => self.graph.binary(Operation::Multiply, others, passes),
            });
        }
        let Some(chance) = chance else {
            return;
        };
        let gain = self
            .graph
            .binary(Operation::Subtract, utility.whole, reservation);
        let gain = self.graph.binary(Operation::Multiply, chance, gain);
        utility.parts = vec![self.graph.binary(Operation::Add, reservation, gain)];
    }
}
