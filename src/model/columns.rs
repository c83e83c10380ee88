//! The columns a model reports, in the scenario's own order.

use super::utilities::Utility;
use super::variable::{Role, Variable, VariableKind};
use crate::scenario::{IssueKind, Scenario};
use std::collections::BTreeMap;

/// Issues, utilities, gains, measures, probes, then the process; `flags` says which measures and
/// probes are 0 or 1, `blockers` what can stand in the way.
pub(super) fn variables(
    scenario: &Scenario,
    utilities: &BTreeMap<usize, Utility>,
    flags: &[bool],
    blockers: &[String],
) -> Vec<Variable> {
    let number = |name: String, role| Variable {
        name,
        role,
        kind: VariableKind::Number,
    };
    let mut variables: Vec<Variable> = scenario
        .issues
        .iter()
        .map(|issue| Variable {
            name: issue.name.value.clone(),
            role: Role::Issue,
            kind: match &issue.kind {
                IssueKind::Levels(names) | IssueKind::Options(names) => VariableKind::Level {
                    labels: names.iter().map(|name| name.value.clone()).collect(),
                    ordered: matches!(issue.kind, IssueKind::Levels(_)),
                },
                IssueKind::Range { .. } => VariableKind::Number,
                _ => VariableKind::Values(
                    (0..issue.count().unwrap_or(0))
                        .map(|level| issue.value(level))
                        .collect(),
                ),
            },
        })
        .collect();
    let name = |actor: &usize| &scenario.actors[*actor].name.value;
    let valued = utilities.keys();
    variables.extend(
        valued
            .clone()
            .map(|a| number(format!("utility.{}", name(a)), Role::Utility)),
    );
    let signing = valued.filter(|actor| scenario.actors[**actor].signs);
    variables.extend(signing.map(|a| number(format!("gain.{}", name(a)), Role::Gain)));
    let measures = scenario.measures.len();
    variables.extend(flags.iter().enumerate().map(|(index, flag)| Variable {
        name: match scenario.measures.get(index) {
            Some(measure) => measure.name.value.clone(),
            None => format!("claim.{}", index - measures),
        },
        role: if index < measures {
            Role::Measure
        } else {
            Role::Claim
        },
        kind: if *flag {
            VariableKind::Flag
        } else {
            VariableKind::Number
        },
    }));
    variables.extend(of_process(scenario, blockers));
    variables
}

/// What the process adds: files, events, refusals, blockers, signals, their chances, observations.
fn of_process(scenario: &Scenario, blockers: &[String]) -> Vec<Variable> {
    let mut variables = Vec::new();
    let mut family = |family: &str, role, kind: VariableKind, names: Vec<&str>| {
        variables.extend(names.into_iter().map(|name| Variable {
            name: format!("{family}.{name}"),
            role,
            kind: kind.clone(),
        }));
    };
    let files = scenario
        .modules
        .iter()
        .map(|module| module.name.value.as_str());
    family("signed", Role::Signed, VariableKind::Flag, files.collect());
    let events = scenario
        .events
        .iter()
        .map(|event| event.name.value.as_str());
    family("event", Role::Event, VariableKind::Number, events.collect());
    let homes = scenario
        .ratification
        .iter()
        .map(|home| home.name.value.as_str());
    family(
        "rejected",
        Role::Rejected,
        VariableKind::Number,
        homes.collect(),
    );
    let blockers = blockers.iter().map(String::as_str);
    family(
        "blocked",
        Role::Blocked,
        VariableKind::Flag,
        blockers.collect(),
    );
    let signals = || {
        scenario
            .signals
            .iter()
            .map(|signal| signal.name.value.as_str())
    };
    family(
        "signal",
        Role::Signal,
        VariableKind::Flag,
        signals().collect(),
    );
    family(
        "chance",
        Role::Chance,
        VariableKind::Number,
        signals().collect(),
    );
    let seen = scenario
        .observations
        .iter()
        .map(|seen| seen.id.value.as_str());
    family(
        "likelihood",
        Role::Likelihood,
        VariableKind::Number,
        seen.collect(),
    );
    variables
}
