//! What every actor values: weights times values, terms and inducements, as sums of small factors.

use super::compiler::{Compiler, Room};
use crate::expression::{NodeId, Operation};
use crate::scenario::{
    Diagnostic, Formula, Issue, IssueKind, LevelRef, Scenario, Stake, StakeValue,
};
use std::collections::BTreeMap;

/// The summands of one actor's utility, each with a scope as small as it can be.
pub(super) struct Utility {
    pub parts: Vec<NodeId>,
    /// Their sum.
    pub whole: NodeId,
}

/// Whether an actor values anything: signatories always do.
pub(super) fn has_utility(scenario: &Scenario, actor: usize) -> bool {
    let definition = &scenario.actors[actor];
    let name = &definition.name.value;
    definition.signs
        || !definition.stakes.is_empty()
        || !definition.terms.is_empty()
        || scenario.inducements.iter().any(|inducement| {
            inducement.to.value == *name
                || (inducement.by.value == *name && inducement.cost.is_some())
        })
        || scenario
            .modules
            .iter()
            .any(|module| module.cost.iter().any(|(by, _)| by.value == *name))
}

impl<'s> Compiler<'s> {
    /// The utility of an actor.
    pub fn utility(&mut self, actor: usize) -> Utility {
        let scenario = self.scenario;
        let definition = &scenario.actors[actor];
        let mut parts = Vec::new();
        for stake in &definition.stakes {
            let weight = self.number(&stake.weight, Room::World);
            let value = self.stake_value(stake);
            let value = self.hundredth(value);
            let part = self.graph.binary(Operation::Multiply, weight, value);
            parts.extend(self.graph.parts(part));
        }
        for term in &definition.terms {
            parts.extend(self.condition(term.when.as_ref(), &term.adds, 1.0));
        }
        for inducement in &scenario.inducements {
            let name = &definition.name.value;
            if inducement.to.value == *name {
                parts.extend(self.condition(inducement.when.as_ref(), &inducement.worth, 1.0));
            }
            if let (true, Some(cost)) = (inducement.by.value == *name, &inducement.cost) {
                parts.extend(self.condition(inducement.when.as_ref(), cost, -1.0));
            }
        }
        for (file, module) in scenario.modules.iter().enumerate() {
            for (_, cost) in module
                .cost
                .iter()
                .filter(|(by, _)| by.value == definition.name.value)
            {
                let cost = self.number(cost, Room::World);
                let cost = self.graph.unary(Operation::Negate, cost);
                let signed = self.graph.issue(scenario.issues.len() + file);
                let zero = self.graph.constant(0.0);
                parts.push(self.graph.select(signed, cost, zero));
            }
        }
        let parts = self.gather(parts);
        let whole = self.graph.sum(&parts);
        Utility { parts, whole }
    }

    /// The score of the level of a stake's issue, 0..100.
    pub fn stake_value(&mut self, stake: &'s Stake) -> NodeId {
        match &stake.value {
            StakeValue::Formula(formula) => self.number(formula, Room::Deal),
            StakeValue::List(entries) => self.score(stake, &entries.iter().collect::<Vec<_>>()),
            StakeValue::ByLevel(entries) => {
                let Some(issue) = self.issue_index(&stake.issue.value) else {
                    return self.graph.constant(0.0);
                };
                let issue = &self.scenario.issues[issue];
                let names = |name: &str, level: usize| match issue.is_numeric() {
                    true => name.parse() == Ok(issue.value(level)),
                    false => name == issue.label(level),
                };
                let entry = |level: usize| {
                    let found = entries.iter().find(|(name, _)| names(&name.value, level));
                    found.map(|(_, formula)| formula)
                };
                let ordered: Vec<&Formula> =
                    (0..issue.count().unwrap_or(0)).filter_map(entry).collect();
                self.score(stake, &ordered)
            }
        }
    }

    /// One score per level; a table of the wrong length was reported where it was read.
    fn score(&mut self, stake: &Stake, entries: &[&Formula]) -> NodeId {
        let nodes: Vec<NodeId> = entries
            .iter()
            .map(|e| self.number(e, Room::World))
            .collect();
        match self.issue_index(&stake.issue.value) {
            Some(issue) if self.scenario.issues[issue].count() == Some(nodes.len()) => {
                self.graph.lookup(issue, nodes)
            }
            _ => self.graph.constant(0.0),
        }
    }

    /// A value over 100; inside a table, so that plain scores fold.
    fn hundredth(&mut self, value: NodeId) -> NodeId {
        let hundred = self.graph.constant(100.0);
        if let crate::expression::Node::Lookup(issue, entries) = self.graph.node(value).clone() {
            let scaled = entries
                .iter()
                .map(|entry| self.graph.binary(Operation::Divide, *entry, hundred))
                .collect();
            return self.graph.lookup(issue as usize, scaled);
        }
        self.graph.binary(Operation::Divide, value, hundred)
    }

    /// `sign * adds` where `when` holds, in parts.
    fn condition(
        &mut self,
        when: Option<&'s Formula>,
        adds: &'s Formula,
        sign: f64,
    ) -> Vec<NodeId> {
        let adds = self.number(adds, Room::Deal);
        let sign = self.graph.constant(sign);
        let adds = self.graph.binary(Operation::Multiply, sign, adds);
        let node = match when {
            None => adds,
            Some(when) => {
                let when = self.number(when, Room::Deal);
                let zero = self.graph.constant(0.0);
                self.graph.select(when, adds, zero)
            }
        };
        self.graph.parts(node)
    }

    /// One part per scope: parts over the same issues are added up.
    fn gather(&mut self, parts: Vec<NodeId>) -> Vec<NodeId> {
        let mut by_scope: BTreeMap<u64, Vec<NodeId>> = BTreeMap::new();
        for part in parts {
            by_scope
                .entry(self.graph.needs(part).issues)
                .or_default()
                .push(part);
        }
        by_scope
            .into_values()
            .map(|parts| self.graph.sum(&parts))
            .collect()
    }

    /// What the status quo is worth to an actor; `None` if an issue it cares about has none. In a
    /// calendar, what was signed earlier is the status quo of the next session.
    pub fn status_quo(&mut self, actor: usize, whole: NodeId) -> Option<NodeId> {
        let issues = self.scenario.issues.len();
        let mut standing = Vec::new();
        for issue in 0..issues {
            standing.push(self.standing(issue));
        }
        let mut scope = self.graph.scope(whole).into_iter();
        if scope.any(|issue| issue < issues && standing[issue].is_none()) {
            return None;
        }
        if self.scenario.calendar.is_some() {
            return Some(self.graph.worth(self.slots.worth + actor));
        }
        // No file is signed yet.
        let at = |issue: usize| match standing.get(issue) {
            Some(stands) => stands.unwrap_or((f64::NAN, 0)),
            None => (0.0, 0),
        };
        Some(self.graph.fix(whole, &at))
    }

    /// The value and the level of an issue's status quo, patches applied.
    pub fn standing(&mut self, issue: usize) -> Option<(f64, usize)> {
        let definition = &self.scenario.issues[issue];
        let address = format!("issues.{}.status_quo", definition.name.value);
        let patch = self
            .patches
            .get(&address)
            .and_then(|list| list.last().copied());
        self.addresses.insert(address);
        let Some(patch) = patch else {
            return written(definition, &definition.status_quo.as_ref()?.value);
        };
        let text = patch.formula.text.trim();
        let level = match (definition.is_numeric(), patch.formula.literal) {
            (true, Some(number)) => LevelRef::Number(number),
            _ => LevelRef::Name(text.to_string()),
        };
        let found = written(definition, &level);
        if found.is_none() {
            let name = &definition.name.value;
            let message = format!("`{text}` is not a level of `{name}`");
            let labels: Vec<String> = (0..definition.count().unwrap_or(0))
                .map(|l| definition.label(l))
                .collect();
            let fault = Diagnostic::error(patch.formula.span.clone(), message)
                .label("expected one of its levels")
                .did_you_mean(text, labels.iter().map(String::as_str));
            self.report_at(patch.origin, fault);
            return written(definition, &definition.status_quo.as_ref()?.value);
        }
        found
    }
}

/// The value and the index of a level as written.
fn written(issue: &Issue, level: &LevelRef) -> Option<(f64, usize)> {
    match (&issue.kind, level) {
        (IssueKind::Range { from, to }, LevelRef::Number(value)) => {
            (*from <= *value && *value <= *to).then_some((*value, 0))
        }
        _ => {
            let level = issue.level(level)?;
            Some((issue.value(level), level))
        }
    }
}
