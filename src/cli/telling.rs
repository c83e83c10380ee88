//! Deals and endings in words, for commands that tell of single runs.

use crate::bargaining::Ending;
use crate::model::{Model, Role, Variable, VariableKind};
use serde_json::{Value, json};

/// A deal in one line: `price 360, delivery daily`.
pub fn deal(model: &Model, word: impl Fn(usize) -> String) -> String {
    let issues = model
        .variables
        .iter()
        .enumerate()
        .filter(|(_, v)| v.role == Role::Issue);
    let words = issues.map(|(issue, variable)| format!("{} {}", variable.name, word(issue)));
    words.collect::<Vec<_>>().join(", ")
}

/// The word for a level of an issue, whose values are these.
pub fn level(variable: &Variable, level: usize, values: &[f64]) -> String {
    match &variable.kind {
        VariableKind::Level { labels, .. } => labels.get(level).cloned().unwrap_or_default(),
        _ => values.get(level).map_or_else(String::new, f64::to_string),
    }
}

/// The word for what an issue was settled at.
pub fn settled(variable: &Variable, value: f64) -> String {
    match &variable.kind {
        _ if value.is_nan() => "-".to_string(),
        VariableKind::Level { labels, .. } => {
            labels.get(value as usize).cloned().unwrap_or_default()
        }
        VariableKind::Flag if value == 1.0 => "yes".to_string(),
        VariableKind::Flag => "no".to_string(),
        VariableKind::Values(_) => value.to_string(),
        VariableKind::Number => super::test::short(value),
    }
}

/// What an issue was settled at, for a program.
pub fn as_json(variable: &Variable, value: f64) -> Value {
    match &variable.kind {
        _ if value.is_nan() => Value::Null,
        VariableKind::Level { .. } => json!(settled(variable, value)),
        _ => json!(value),
    }
}

/// How it ended, in words.
pub fn ending(ending: Ending) -> String {
    match ending {
        Ending::Agreement => "agreement".to_string(),
        Ending::NoZone => "no deal: the zone of agreement is empty".to_string(),
        Ending::Deadline => "no deal: the deadline passed".to_string(),
        Ending::Breakdown => "no deal: the talks broke down".to_string(),
        Ending::WalkedAway => "no deal: a signatory had nothing to offer".to_string(),
        Ending::OptedOut => "no deal: a signatory took its outside option".to_string(),
        Ending::Rejected => "no deal: the offer was refused".to_string(),
        Ending::Forbidden => "no deal: rules forbid what was forecast".to_string(),
        Ending::Unplayable(reason) => format!("could not be played: {reason}"),
    }
}

/// Cells in aligned columns: the first and the last to the left, the others to the right.
pub fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        let full = rows.iter().filter(|row| row.len() == columns);
        full.filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::from(" ");
        for (column, cell) in row.iter().enumerate() {
            let left = column == 0 || cell.contains(' ') || row.len() < columns;
            let pad = widths[column].saturating_sub(cell.chars().count());
            match left {
                true => line.push_str(&format!(" {cell}{}", " ".repeat(pad))),
                false => line.push_str(&format!(" {}{cell}", " ".repeat(pad))),
            }
            line.push(' ');
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}
