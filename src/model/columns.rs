//! The columns a model reports, in the scenario's own order.

use super::utilities::Utility;
use super::variable::{Role, Variable, VariableKind};
use crate::scenario::{IssueKind, Scenario};
use std::collections::BTreeMap;

/// Issues, utilities, gains, measures, then probes; `flags` says which of the last two are 0 or 1.
pub(super) fn variables(
    scenario: &Scenario,
    utilities: &BTreeMap<usize, Utility>,
    flags: &[bool],
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
    variables
}
