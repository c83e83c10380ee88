//! `[actors.NAME.stakes]`: what each issue weighs for an actor, and what each level is worth.
//!
//! Utility = sum over issues of weight x value / 100, values from 0 (worst) to 100 (best).

use super::diagnostic::Diagnostic;
use super::document::{Entry, Node, Value};
use super::issues::{self, Issue, LevelRef};
use super::located::{Formula, Located, Span};
use super::reader::Reader;
use super::reading::{Reading, join};
use super::voices::{self, Voice};

/// What one issue is worth to one actor.
#[derive(Debug, Clone, PartialEq)]
pub struct Stake {
    /// Which issue.
    pub issue: Located<String>,
    /// What the issue weighs.
    pub weight: Formula,
    /// What its levels are worth.
    pub value: StakeValue,
    /// Why.
    pub about: Option<String>,
    /// The assumptions behind it.
    pub source: Vec<Located<String>>,
    /// The table.
    pub span: Span,
}

/// What the levels of an issue are worth.
#[derive(Debug, Clone, PartialEq)]
pub enum StakeValue {
    /// One number for each level, in the issue's order.
    List(Vec<Formula>),
    /// One number for each level, by its name, in the order of the file.
    ByLevel(Vec<(Located<String>, Formula)>),
    /// A formula of the issue.
    Formula(Formula),
}

pub(super) fn read(
    reading: &mut Reading<'_>,
    entry: Option<&Entry>,
    address: &str,
    issues: &[Issue],
    signs: bool,
) -> (Vec<Stake>, Vec<Voice>) {
    let (mut stakes, mut voices) = (Vec::new(), Vec::new());
    let Some(entry) = entry else {
        return (stakes, voices);
    };
    for entry in reading.table(&entry.node, address).unwrap_or_default() {
        if let Some((stake, voice)) = read_stake(reading, entry, address, issues, signs) {
            stakes.extend(stake);
            voices.extend(Some(voice).filter(|voice| !voice.is_silent()));
        }
    }
    (stakes, voices)
}

fn read_stake(
    reading: &mut Reading<'_>,
    entry: &Entry,
    address: &str,
    issues: &[Issue],
    signs: bool,
) -> Option<(Option<Stake>, Voice)> {
    let name = &entry.key.value;
    let issue = issues.iter().find(|issue| issue.name.value == *name);
    let known = issues.iter().map(|issue| issue.name.value.as_str());
    reading.refers(&entry.key, "issue", known);
    let mut table = Reader::new(reading, &entry.node, &join(address, name))?;
    let mut voice = voices::read(&mut table, entry.key.clone());
    let is_valued = table.entry("weight").is_some() || table.entry("value").is_some();
    if !signs && !is_valued && (voice.position.is_some() || voice.salience.is_some()) {
        table.required("position");
        table.required("salience");
        table.text("about");
        voice.source = table.source();
        table.finish();
        return issue.map(|_| (None, voice));
    }
    let weight = table.required_formula("weight");
    let address = table.address_of("value");
    let value = match table.required("value") {
        Some(entry) => read_value(table.reading, &entry.node, &address, issue),
        None => StakeValue::Formula(Formula::placeholder(table.span.clone(), address)),
    };
    let about = table.text("about");
    let source = table.source();
    table.finish();
    issue?;
    let stake = Stake {
        issue: entry.key.clone(),
        weight,
        value,
        about,
        source,
        span: entry.node.span.clone(),
    };
    Some((Some(stake), voice))
}

fn read_value(
    reading: &mut Reading<'_>,
    node: &Node,
    address: &str,
    issue: Option<&Issue>,
) -> StakeValue {
    let issue = issue.filter(|issue| !issue.is_placeholder());
    if let (Value::List(_) | Value::Table(_), Some(issue)) = (&node.value, issue)
        && issue.count().is_none()
    {
        let name = &issue.name.value;
        let fault = Diagnostic::error(node.span.clone(), format!("`{name}` has no levels to list"))
            .label("expected a formula of the issue")
            .help(format!(
                "write `value = \"100 * {name}\"`, say; or give the issue a `step`"
            ));
        reading.faults.push(fault);
        return StakeValue::Formula(Formula::placeholder(node.span.clone(), address.to_owned()));
    }
    match &node.value {
        Value::List(items) => {
            if let Some(issue) = issue {
                check_count(reading, node, items.len(), issue);
            }
            let label = |level: usize| match issue {
                Some(issue) if Some(level) < issue.count() => issue.label(level),
                _ => level.to_string(),
            };
            let items = items.iter().enumerate();
            let formula = |(level, item)| reading.formula(item, join(address, &label(level)));
            StakeValue::List(items.map(formula).collect())
        }
        Value::Table(entries) => {
            let mut values = Vec::new();
            for entry in entries {
                let key = &entry.key.value;
                values.push((
                    entry.key.clone(),
                    reading.formula(&entry.node, join(address, key)),
                ));
            }
            if let Some(issue) = issue {
                check_levels(reading, node, entries, issue);
            }
            StakeValue::ByLevel(values)
        }
        _ => StakeValue::Formula(reading.formula(node, address.to_owned())),
    }
}

fn check_count(reading: &mut Reading<'_>, node: &Node, found: usize, issue: &Issue) {
    let Some(count) = issue.count().filter(|count| *count != found) else {
        return;
    };
    let plural =
        |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    let name = &issue.name.value;
    let message = format!(
        "{} for the {} of `{name}`",
        plural(found, "value"),
        plural(count, "level")
    );
    let labels: Vec<String> = (0..count.min(12)).map(|level| issue.label(level)).collect();
    let more = if count > labels.len() { ", ..." } else { "" };
    let fault = Diagnostic::error(node.span.clone(), message)
        .label(format!(
            "expected {}, found {found}",
            plural(count, "value")
        ))
        .help(format!("in order: {}{more}", labels.join(", ")))
        .note(issue.name.span.clone(), "the issue");
    reading.faults.push(fault);
}

/// Every key of a table is a level, every level is a key.
fn check_levels(reading: &mut Reading<'_>, node: &Node, entries: &[Entry], issue: &Issue) {
    let mut found = vec![false; issue.count().unwrap_or(0)];
    for entry in entries {
        let key = &entry.key.value;
        let written = match key.parse::<f64>() {
            Ok(number) if issue.is_numeric() => LevelRef::Number(number),
            _ => LevelRef::Name(key.clone()),
        };
        if let Some(level) = issue.level(&written) {
            found[level] = true;
        } else {
            let span = entry.key.span.clone();
            if let Some(fault) = issues::no_such_level(issue, &written, span) {
                reading.faults.push(fault);
            }
        }
    }
    let missing: Vec<String> = (0..found.len())
        .filter(|level| !found[*level])
        .map(|level| issue.label(level))
        .take(12)
        .collect();
    if !missing.is_empty() && reading.whole {
        let name = &issue.name.value;
        let message = format!("no value for `{}` of `{name}`", missing.join("`, `"));
        let fault = Diagnostic::error(node.span.clone(), message)
            .label("expected a value for every level")
            .note(issue.name.span.clone(), "the issue");
        reading.faults.push(fault);
    }
}
