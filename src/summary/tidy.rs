//! The summary as tidy rows: one statistic, or one level of one variable, per row.
//!
//! | variable | statistics |
//! |---|---|
//! | `runs` | `count`, `unplayable` |
//! | `ended` | `share(agreement)`, ... of the runs that could be played |
//! | levels | `share(<level>)`; where the order means something also `mean_level`, lowest level = 0 |
//! | listed and free numbers | `mean sd min max p05 p25 median p75 p95` |
//! | flags | `share` |
//! | numbers, flags and ordered levels, where worlds are played several times | `var_world var_luck share_world` |
//!
//! `n` is the number of runs to which the variable applies. Claims never appear.

use super::{Estimate, Share, Store, Summary, View, histogram, level_labels};
use crate::model::{Role, Variable, VariableKind};
use crate::simulation::Ended;

/// The quantiles every summary reports, with their names.
pub const QUANTILES: [(&str, f64); 5] = [
    ("p05", 0.05),
    ("p25", 0.25),
    ("median", 0.5),
    ("p75", 0.75),
    ("p95", 0.95),
];

/// One statistic of one variable. NaN reads "not available".
#[derive(Debug, Clone, PartialEq)]
pub struct StatisticRow {
    /// The variable's name, or `ended`, or `runs`.
    pub variable: String,
    /// `share(full)`, `mean`, `p95`, ...
    pub statistic: String,
    /// The statistic with its Monte Carlo error.
    pub estimate: Estimate,
    /// The runs it is taken over.
    pub n: u64,
}

/// One level or bin of one variable.
#[derive(Debug, Clone, PartialEq)]
pub struct LevelRow {
    /// The variable's name, or `ended`.
    pub variable: String,
    /// The level's label or the listed number; empty for a bin.
    pub level: String,
    /// The bin's lower edge, or the listed number; NaN for a label.
    pub low: f64,
    /// The bin's upper edge, or the listed number; NaN for a label.
    pub high: f64,
    /// How many runs, of how many to which the variable applies.
    pub share: Share,
}

/// The rows of `summary.csv`.
pub fn statistic_rows(summary: &Summary, variables: &[Variable]) -> Vec<StatisticRow> {
    let (runs, unplayable) = (summary.runs(), summary.unplayable());
    let row = |variable: &str, statistic: String, estimate, n| StatisticRow {
        variable: variable.to_string(),
        statistic,
        estimate,
        n,
    };
    let mut rows = vec![
        row("runs", "count".into(), Estimate::bare(runs as f64), runs),
        row(
            "runs",
            "unplayable".into(),
            Estimate::bare(unplayable as f64),
            runs,
        ),
    ];
    for ended in endings() {
        let share = summary.ended(ended);
        let statistic = format!("share({})", ended.name());
        rows.push(row("ended", statistic, share.estimate(), share.of));
    }
    for (variable, view) in reported(summary, variables) {
        let n = view.count();
        for (statistic, estimate) in statistics(&variable.kind, view) {
            rows.push(row(&variable.name, statistic, estimate, n));
        }
    }
    rows
}

/// The rows of `distribution.csv`: every level, also those never seen, and bins of free numbers.
pub fn distribution_rows(summary: &Summary, variables: &[Variable]) -> Vec<LevelRow> {
    let ended = endings().map(|ended| LevelRow {
        variable: "ended".to_string(),
        level: ended.name().to_string(),
        low: f64::NAN,
        high: f64::NAN,
        share: summary.ended(ended),
    });
    let mut rows: Vec<LevelRow> = ended.collect();
    for (variable, view) in reported(summary, variables) {
        let store = view.store;
        let row = |level, low, high, share| LevelRow {
            variable: variable.name.clone(),
            level,
            low,
            high,
            share,
        };
        let labels = level_labels(&variable.kind, store);
        match store {
            Store::Level { .. } | Store::Flag { .. } => {
                for (label, share) in labels.into_iter().zip(view.shares()) {
                    rows.push(row(label, f64::NAN, f64::NAN, share));
                }
            }
            Store::Values { values, .. } => {
                for ((label, share), &value) in labels.into_iter().zip(view.shares()).zip(values) {
                    rows.push(row(label, value, value, share));
                }
            }
            Store::Number { .. } => {
                for bin in histogram(&store.ordered()) {
                    let share = Share::new(bin.count, store.count());
                    rows.push(row(String::new(), bin.low, bin.high, share));
                }
            }
        }
    }
    rows
}

/// Every statistic reported of a variable, by name.
pub fn statistics(kind: &VariableKind, view: View<'_>) -> Vec<(String, Estimate)> {
    let store = view.store;
    let mut all = match store {
        Store::Level { .. } => {
            let labels = level_labels(kind, store);
            let mut all: Vec<(String, Estimate)> = labels
                .iter()
                .zip(view.shares())
                .map(|(label, share)| (format!("share({label})"), share.estimate()))
                .collect();
            if matches!(kind, VariableKind::Level { ordered: true, .. }) {
                all.push(("mean_level".to_string(), view.mean()));
            }
            all
        }
        Store::Flag { .. } => vec![("share".to_string(), view.shares()[1].estimate())],
        Store::Values { .. } | Store::Number { .. } => numbers(view),
    };
    // Options without an order have no variance.
    if let (Some(split), false) = (
        view.split(),
        matches!(kind, VariableKind::Level { ordered: false, .. }),
    ) {
        let total = split.world + split.luck;
        for (name, value) in [
            ("var_world", split.world),
            ("var_luck", split.luck),
            ("share_world", split.world / total),
        ] {
            all.push((name.to_string(), Estimate::bare(value)));
        }
    }
    all
}

fn numbers(view: View<'_>) -> Vec<(String, Estimate)> {
    let (ordered, moments) = (view.ordered(), view.moments());
    let named = |name: &str, estimate| (name.to_string(), estimate);
    let mut all = vec![
        named("mean", view.mean()),
        named("sd", view.sd(&ordered)),
        named("min", Estimate::bare(moments.min())),
        named("max", Estimate::bare(moments.max())),
    ];
    for (name, q) in QUANTILES {
        all.push(named(name, view.quantile(&ordered, q)));
    }
    all
}

/// How a played run can end.
fn endings() -> impl Iterator<Item = Ended> {
    Ended::ALL
        .into_iter()
        .filter(|&ended| ended != Ended::Unplayable)
}

fn reported<'s>(
    summary: &'s Summary,
    variables: &'s [Variable],
) -> impl Iterator<Item = (&'s Variable, View<'s>)> {
    let all = variables.iter().zip(summary.views());
    all.filter(|(variable, _)| variable.role != Role::Claim)
}
