//! The tidy tables beside the rows: `summary.csv` and `distribution.csv`.

use super::rows::Table;
use crate::model::Variable;
use crate::summary::{Confidence, Summary, distribution_rows, statistic_rows};

/// The file with one row per run.
pub const RUNS: &str = "runs.csv";
/// The file with one row per statistic.
pub const SUMMARY: &str = "summary.csv";
/// The file with one row per level or bin.
pub const DISTRIBUTION: &str = "distribution.csv";

/// `summary.csv` for some variants, each played up to a session: one row per statistic.
pub fn summary_table(parts: &[(&str, u32, &Summary)], variables: &[Variable]) -> Vec<u8> {
    let mut table = Table::with_header(&[
        "variant",
        "session",
        "variable",
        "statistic",
        "value",
        "std_error",
        "ci_low",
        "ci_high",
        "n",
    ]);
    for (variant, session, summary) in parts {
        for row in statistic_rows(summary, variables) {
            table.text(variant);
            table.count(u64::from(*session));
            table.text(&row.variable);
            table.text(&row.statistic);
            table.number(row.estimate.value);
            table.number(row.estimate.std_error);
            table.number(row.estimate.interval.low);
            table.number(row.estimate.interval.high);
            table.count(row.n);
            table.end_row();
        }
    }
    table.into_bytes()
}

/// `distribution.csv`: one row per level (also those never seen) or bin.
pub fn distribution_table(parts: &[(&str, u32, &Summary)], variables: &[Variable]) -> Vec<u8> {
    let mut table = Table::with_header(&[
        "variant", "session", "variable", "level", "bin_low", "bin_high", "count", "share",
        "ci_low", "ci_high",
    ]);
    for (variant, session, summary) in parts {
        for row in distribution_rows(summary, variables) {
            let interval = row.share.interval(Confidence::NINETY_FIVE);
            table.text(variant);
            table.count(u64::from(*session));
            table.text(&row.variable);
            table.text(&row.level);
            table.number(row.low);
            table.number(row.high);
            table.count(row.share.count);
            table.number(row.share.value());
            table.number(interval.low);
            table.number(interval.high);
            table.end_row();
        }
    }
    table.into_bytes()
}
