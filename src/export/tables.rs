//! The tidy tables beside the rows: `summary.csv`, `distribution.csv` and, of several protocols, `paired.csv`.

use super::rows::Table;
use crate::analysis::Contrast;
use crate::model::Variable;
use crate::summary::{Confidence, Summary, distribution_rows, statistic_rows};

/// The file with one row per run.
pub const RUNS: &str = "runs.csv";
/// The file with one row per statistic.
pub const SUMMARY: &str = "summary.csv";
/// The file with one row per level or bin.
pub const DISTRIBUTION: &str = "distribution.csv";
/// The file with one row per statistic that two protocols share.
pub const PAIRED: &str = "paired.csv";

/// What was played so, up to a session.
#[derive(Clone, Copy)]
pub struct Part<'p> {
    /// The variant.
    pub variant: &'p str,
    /// The protocol, where there are several.
    pub protocol: Option<&'p str>,
    /// After this session.
    pub session: u32,
    /// What its runs say together.
    pub summary: &'p Summary,
}

/// A protocol against the baseline of its variant, after a session.
pub struct Pair<'p> {
    /// The variant.
    pub variant: &'p str,
    /// The protocol.
    pub protocol: &'p str,
    /// What it is compared with.
    pub baseline: &'p str,
    /// After this session.
    pub session: u32,
    /// Statistic by statistic.
    pub contrasts: &'p [Contrast],
}

/// `summary.csv`: one row per statistic.
pub fn summary_table(parts: &[Part<'_>], variables: &[Variable]) -> Vec<u8> {
    let mut table = begun(
        parts,
        &[
            "session",
            "variable",
            "statistic",
            "value",
            "std_error",
            "ci_low",
            "ci_high",
            "n",
        ],
    );
    for part in parts {
        for row in statistic_rows(part.summary, variables) {
            begin(&mut table, part);
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
pub fn distribution_table(parts: &[Part<'_>], variables: &[Variable]) -> Vec<u8> {
    let mut table = begun(
        parts,
        &[
            "session", "variable", "level", "bin_low", "bin_high", "count", "share", "ci_low",
            "ci_high",
        ],
    );
    for part in parts {
        for row in distribution_rows(part.summary, variables) {
            let interval = row.share.interval(Confidence::NINETY_FIVE);
            begin(&mut table, part);
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

/// `paired.csv`: one row per statistic of a protocol and its baseline.
pub fn paired_table(pairs: &[Pair<'_>]) -> Vec<u8> {
    let mut table = Table::with_header(&[
        "variant",
        "protocol",
        "baseline",
        "session",
        "variable",
        "statistic",
        "value",
        "baseline_value",
        "difference",
        "std_error",
        "ci_low",
        "ci_high",
        "n",
        "baseline_n",
    ]);
    for pair in pairs {
        for row in pair.contrasts {
            table.text(pair.variant);
            table.text(pair.protocol);
            table.text(pair.baseline);
            table.count(u64::from(pair.session));
            table.text(&row.variable);
            table.text(&row.statistic);
            table.number(row.value.value);
            table.number(row.baseline);
            table.number(row.difference.value);
            table.number(row.difference.std_error);
            table.number(row.difference.interval.low);
            table.number(row.difference.interval.high);
            table.count(row.n[0]);
            table.count(row.n[1]);
            table.end_row();
        }
    }
    table.into_bytes()
}

/// A table with its header: the variant, the protocol if there are several, and these columns.
fn begun(parts: &[Part<'_>], columns: &[&str]) -> Table {
    let mut names = vec!["variant"];
    names.extend(
        parts
            .iter()
            .find_map(|part| part.protocol)
            .map(|_| "protocol"),
    );
    names.extend(columns);
    Table::with_header(&names)
}

/// The first fields of a row.
fn begin(table: &mut Table, part: &Part<'_>) {
    table.text(part.variant);
    if let Some(protocol) = part.protocol {
        table.text(protocol);
    }
    table.count(u64::from(part.session));
}
