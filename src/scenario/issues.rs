//! `[issues]`: what is on the table, and the levels on which each issue can be settled.

use std::collections::BTreeMap;

use super::diagnostic::Diagnostic;
use super::document::{Entry, Node, Value};
use super::grid;
use super::located::{Located, Span};
use super::names::{self, Given};
use super::reader::Reader;
use super::reading::Reading;

/// Something to be settled.
#[derive(Debug, Clone, PartialEq)]
pub struct Issue {
    /// What formulas call it.
    pub name: Located<String>,
    /// How it can be settled.
    pub kind: IssueKind,
    /// Where it stands without a deal.
    pub status_quo: Option<Located<LevelRef>>,
    /// The file it is part of.
    pub module: Option<Located<String>>,
    /// What readers call it.
    pub label: Option<String>,
    /// What it means.
    pub about: Option<String>,
    /// What its levels are counted in.
    pub unit: Option<String>,
    /// The assumptions behind it.
    pub source: Vec<Located<String>>,
    /// The table.
    pub span: Span,
}

/// How an issue can be settled. An issue whose spelling was at fault (reported) has `Levels` without a level.
#[derive(Debug, Clone, PartialEq)]
pub enum IssueKind {
    /// Named levels, lowest first.
    Levels(Vec<Located<String>>),
    /// Named options without an order.
    Options(Vec<Located<String>>),
    /// The numbers listed, in the order listed.
    Values(Vec<Located<f64>>),
    /// `from`, `from + step`, ... `to`.
    Stepped {
        /// The lowest value.
        from: f64,
        /// The highest value.
        to: f64,
        /// The distance of one value to the next.
        step: f64,
    },
    /// Every number from `from` to `to`.
    Range {
        /// The lowest value.
        from: f64,
        /// The highest value.
        to: f64,
    },
}

/// A level as written.
#[derive(Debug, Clone, PartialEq)]
pub enum LevelRef {
    /// One of the named levels or options.
    Name(String),
    /// One of the numbers.
    Number(f64),
}

impl Issue {
    /// How many levels there are; `None` if the issue is continuous.
    pub fn count(&self) -> Option<usize> {
        match &self.kind {
            IssueKind::Levels(names) | IssueKind::Options(names) => Some(names.len()),
            IssueKind::Values(values) => Some(values.len()),
            IssueKind::Stepped { from, to, step } => Some(grid::count(*from, *to, *step)),
            IssueKind::Range { .. } => None,
        }
    }

    /// The number at a level: itself for a numeric issue, its index for a named one.
    pub fn value(&self, level: usize) -> f64 {
        match &self.kind {
            IssueKind::Values(values) => values.get(level).map_or(f64::NAN, |value| value.value),
            IssueKind::Stepped { from, step, .. } => grid::value(*from, *step, level),
            _ => level as f64,
        }
    }

    /// What a level is called, in addresses and results.
    pub fn label(&self, level: usize) -> String {
        match &self.kind {
            IssueKind::Levels(names) | IssueKind::Options(names) => names
                .get(level)
                .map_or_else(String::new, |name| name.value.clone()),
            _ => self.value(level).to_string(),
        }
    }

    /// The index of a level as written, if there is such a level.
    pub fn level(&self, written: &LevelRef) -> Option<usize> {
        match (&self.kind, written) {
            (IssueKind::Levels(names) | IssueKind::Options(names), LevelRef::Name(name)) => {
                names.iter().position(|level| level.value == *name)
            }
            (IssueKind::Values(values), LevelRef::Number(number)) => {
                values.iter().position(|level| level.value == *number)
            }
            (IssueKind::Stepped { from, step, .. }, LevelRef::Number(number)) => {
                let level = ((number - from) / step).round().max(0.0) as usize;
                let exists = level < self.count()? && self.value(level) == *number;
                exists.then_some(level)
            }
            _ => None,
        }
    }

    /// Whether its levels are numbers.
    pub fn is_numeric(&self) -> bool {
        !matches!(self.kind, IssueKind::Levels(_) | IssueKind::Options(_))
    }

    /// Whether its spelling was at fault (and reported): nothing more needs to be said about it.
    pub fn is_placeholder(&self) -> bool {
        self.count() == Some(0)
    }
}

pub(super) fn read(
    reading: &mut Reading<'_>,
    entry: Option<&Entry>,
    given: &mut Given,
) -> Vec<Issue> {
    let mut issues = Vec::new();
    for entry in reading.named(entry) {
        names::check_own(reading, &entry.key);
        let fresh = given.give(reading, &entry.key, "an issue");
        let address = format!("issues.{}", entry.key.value);
        let Some(mut table) = Reader::new(reading, &entry.node, &address) else {
            continue;
        };
        let kind = read_kind(&mut table, &entry.key);
        let mut issue = Issue {
            name: entry.key.clone(),
            kind: kind.unwrap_or(IssueKind::Levels(Vec::new())),
            status_quo: None,
            module: table.word("module"),
            label: table.text("label"),
            about: table.text("about"),
            unit: table.text("unit"),
            source: table.source(),
            span: entry.node.span.clone(),
        };
        if let Some(entry) = table.entry("status_quo") {
            issue.status_quo = read_status_quo(table.reading, &entry.node, &issue);
        }
        table.finish();
        if fresh {
            issues.push(issue);
        }
    }
    issues
}

/// Exactly one of the spellings: `levels`, `options`, `values`, `from` and `to`.
fn read_kind(table: &mut Reader<'_, '_, '_>, name: &Located<String>) -> Option<IssueKind> {
    let spelled: Vec<&Entry> = ["levels", "options", "values", "from"]
        .into_iter()
        .filter_map(|key| table.entry(key))
        .collect();
    let bounds = [table.entry("to"), table.entry("step")];
    let Some(first) = spelled.first().copied().or(bounds[0]) else {
        let fault = Diagnostic::error(
            table.span.clone(),
            format!("`{}` has no levels", name.value),
        )
        .label("expected one of `levels`, `options`, `values`, or `from` and `to`")
        .help("write `levels = [\"low\", \"high\"]`, lowest first, say");
        table.reading.absent(fault);
        return None;
    };
    let stray = bounds
        .into_iter()
        .flatten()
        .filter(|_| first.key.value != "from" && spelled.len() == 1);
    if let Some(second) = spelled.get(1).copied().or(stray.into_iter().next())
        && second.key.value != first.key.value
    {
        let keys = (&first.key.value, &second.key.value);
        let message = format!(
            "both `{}` and `{}` spell the levels of `{}`",
            keys.0, keys.1, name.value
        );
        let fault = Diagnostic::error(second.key.span.clone(), message)
            .label("expected one spelling")
            .note(first.key.span.clone(), "the other spelling");
        table.reading.faults.push(fault);
        return None;
    }
    match (first.key.value.as_str(), &first.node.value) {
        ("levels", _) => read_names(table.reading, first).map(IssueKind::Levels),
        ("options", _) => read_names(table.reading, first).map(IssueKind::Options),
        ("values", Value::Table(_)) => {
            let address = table.address_of("values");
            let mut inner = Reader::new(table.reading, &first.node, &address)?;
            let kind = grid::read(&mut inner);
            inner.finish();
            kind
        }
        ("values", _) => read_values(table, first).map(IssueKind::Values),
        _ => grid::read(table),
    }
}

fn read_names(reading: &mut Reading<'_>, entry: &Entry) -> Option<Vec<Located<String>>> {
    let before = reading.faults.len();
    if !matches!(entry.node.value, Value::List(_)) {
        reading.wrong(&entry.node, &entry.key.value, "a list of names");
        return None;
    }
    let levels = reading.words(&entry.node, &entry.key.value);
    let mut given = Given::default();
    for level in &levels {
        names::check(reading, level);
        names::check_word(reading, level);
        given.give(reading, level, "a level of this issue");
    }
    if levels.is_empty() && reading.faults.len() == before {
        reading.faults.push(empty(entry));
    }
    (reading.faults.len() == before).then_some(levels)
}

fn read_values(table: &mut Reader<'_, '_, '_>, entry: &Entry) -> Option<Vec<Located<f64>>> {
    let address = table.address_of("values");
    let reading = &mut *table.reading;
    let before = reading.faults.len();
    let Value::List(items) = &entry.node.value else {
        reading.wrong(&entry.node, &address, "a list of numbers");
        return None;
    };
    let mut values: Vec<Located<f64>> = Vec::new();
    let mut listed = BTreeMap::new();
    for item in items {
        let Some(value) = reading.number(item, &address) else {
            continue;
        };
        // Adding 0 makes -0 and 0 the same.
        let bits = (value.value + 0.0).to_bits();
        if let Some(first) = listed.insert(bits, value.span.clone()) {
            let message = format!("{} is listed twice", value.value);
            let fault = Diagnostic::error(value.span.clone(), message)
                .label("expected another number")
                .note(first, "first listed here");
            reading.faults.push(fault);
        }
        values.push(value);
    }
    if items.is_empty() {
        reading.faults.push(empty(entry));
    }
    (reading.faults.len() == before).then_some(values)
}

fn empty(entry: &Entry) -> Diagnostic {
    Diagnostic::error(
        entry.node.span.clone(),
        format!("`{}` is empty", entry.key.value),
    )
    .label("expected at least one level")
}

/// The level at which an issue stands without a deal; if it is at fault, the lowest.
fn read_status_quo(
    reading: &mut Reading<'_>,
    node: &Node,
    issue: &Issue,
) -> Option<Located<LevelRef>> {
    let span = node.span.clone();
    if issue.is_placeholder() {
        return None;
    }
    let address = format!("issues.{}.status_quo", issue.name.value);
    let written = match (&node.value, issue.is_numeric()) {
        (Value::Text(name), false) => Some(LevelRef::Name(name.clone())),
        (_, false) => {
            reading.wrong(node, &address, "the name of a level");
            None
        }
        (_, true) => {
            let number = reading.number(node, &address);
            number.map(|number| LevelRef::Number(number.value))
        }
    };
    if let Some(written) = written {
        let fault = no_such_level(issue, &written, span.clone());
        match fault {
            None => return Some(Located::new(written, span)),
            Some(fault) => reading.faults.push(fault),
        }
    }
    let lowest = match issue.kind {
        IssueKind::Range { from, .. } => LevelRef::Number(from),
        _ if issue.is_numeric() => LevelRef::Number(issue.value(0)),
        _ => LevelRef::Name(issue.label(0)),
    };
    Some(Located::new(lowest, span))
}

/// The fault of a level that an issue does not have.
pub(super) fn no_such_level(issue: &Issue, written: &LevelRef, span: Span) -> Option<Diagnostic> {
    if let (IssueKind::Range { from, to }, LevelRef::Number(number)) = (&issue.kind, written) {
        let message = format!("{number} is outside the range of `{}`", issue.name.value);
        return (!(from..=to).contains(&number)).then(|| {
            Diagnostic::error(span, message).label(format!("expected a number from {from} to {to}"))
        });
    }
    if issue.level(written).is_some() {
        return None;
    }
    let name = match written {
        LevelRef::Name(name) => name.clone(),
        LevelRef::Number(number) => number.to_string(),
    };
    let count = issue.count().unwrap_or(0);
    let labels: Vec<String> = (0..count.min(12)).map(|level| issue.label(level)).collect();
    let more = if count > labels.len() { ", ..." } else { "" };
    let message = format!("`{}` has no level `{name}`", issue.name.value);
    let fault = Diagnostic::error(span, message)
        .label(format!("expected one of {}{more}", labels.join(", ")));
    match written {
        LevelRef::Name(_) => Some(fault.did_you_mean(&name, labels.iter().map(String::as_str))),
        LevelRef::Number(_) => Some(fault),
    }
}

/// Why an issue can go neither up nor down by a level, and what to do about it.
pub(super) fn unordered(issue: &Issue) -> Option<(&'static str, &'static str)> {
    match issue.kind {
        IssueKind::Options(_) => Some((
            "its options have no order",
            "write `levels = [...]`, lowest first, if they have one",
        )),
        IssueKind::Range { .. } => Some(("it has no levels", "give the issue a `step`")),
        _ => None,
    }
}
