//! The summary as one JSON value, every number in full; what is not available is null.

use serde_json::{Map, Value, json as value};

use crate::model::{Role, Variable, VariableKind};
use crate::simulation::Ended;
use crate::summary::{Estimate, Share, Summary, level_labels, statistics};

/// The summary of one variant as JSON.
pub fn json(summary: &Summary, variables: &[Variable]) -> Value {
    let endings = Ended::ALL
        .into_iter()
        .filter(|&ended| ended != Ended::Unplayable);
    let shown = variables
        .iter()
        .enumerate()
        .filter(|(_, v)| v.role != Role::Claim);
    value!({
        "runs": summary.runs(),
        "unplayable": {
            "count": summary.unplayable(),
            "first": summary.unplayed(),
        },
        "ended": endings
            .map(|ended| share(ended.name(), summary.ended(ended)))
            .collect::<Vec<_>>(),
        "variables": shown
            .map(|(index, variable)| one(summary, index, variable))
            .collect::<Vec<_>>(),
    })
}

fn one(summary: &Summary, index: usize, variable: &Variable) -> Value {
    let view = summary.view(index);
    let store = view.store;
    let mut object = Map::new();
    object.insert("name".into(), value!(variable.name));
    object.insert("role".into(), value!(role(variable.role)));
    object.insert("n".into(), value!(store.count()));
    let labels = level_labels(&variable.kind, store);
    if !labels.is_empty() {
        let levels = labels.iter().zip(view.shares());
        let levels: Vec<Value> = levels.map(|(label, s)| share(label, s)).collect();
        object.insert("levels".into(), Value::Array(levels));
    }
    let is_level = matches!(variable.kind, VariableKind::Level { .. });
    let mut all = Map::new();
    for (name, estimate) in statistics(&variable.kind, view) {
        // the shares of levels already stand above
        if !(is_level && name.starts_with("share(")) {
            all.insert(name, self::estimate(estimate));
        }
    }
    object.insert("statistics".into(), Value::Object(all));
    Value::Object(object)
}

fn share(level: &str, share: Share) -> Value {
    let Estimate {
        value,
        std_error,
        interval,
    } = share.estimate();
    value!({
        "level": level,
        "count": share.count,
        "share": value,
        "std_error": std_error,
        "ci_low": interval.low,
        "ci_high": interval.high,
    })
}

fn estimate(estimate: Estimate) -> Value {
    value!({
        "value": estimate.value,
        "std_error": estimate.std_error,
        "ci_low": estimate.interval.low,
        "ci_high": estimate.interval.high,
    })
}

fn role(role: Role) -> &'static str {
    match role {
        Role::Issue => "issue",
        Role::Utility => "utility",
        Role::Gain => "gain",
        Role::Measure => "measure",
        Role::Quantity => "quantity",
        Role::Claim => "claim",
        Role::Signed => "signed",
        Role::Event => "event",
        Role::Rejected => "rejected",
        Role::Blocked => "blocked",
        Role::Signal => "signal",
        Role::Chance => "chance",
        Role::Likelihood => "likelihood",
        Role::State => "state",
    }
}
