//! `[[erosion]]`: how what stands falls if nobody tends to it.

use super::diagnostic::Diagnostic;
use super::document::{Entry, Value};
use super::issues::{self, Issue};
use super::located::{Formula, Located, Span};
use super::names::Given;
use super::reader::Reader;
use super::reading::Reading;

/// Issues that fall by one level, together.
#[derive(Debug, Clone, PartialEq)]
pub struct Erosion {
    /// Its name, for addresses.
    pub id: Option<Located<String>>,
    /// What falls.
    pub issues: Vec<Located<String>>,
    /// The chance per session.
    pub chance: Formula,
    /// When alone it can happen.
    pub when: Option<Formula>,
    /// Why.
    pub about: Option<String>,
    /// The assumptions behind it.
    pub source: Vec<Located<String>>,
    /// The table.
    pub span: Span,
}

pub(super) fn read(
    reading: &mut Reading<'_>,
    entry: Option<&Entry>,
    issues: &[Issue],
) -> Vec<Erosion> {
    reading.items(entry, "erosion", "an erosion", |table, id| {
        Some(Erosion {
            id,
            issues: read_issues(table, issues),
            chance: table.required_formula("chance"),
            when: table.condition("when"),
            about: table.text("about"),
            source: table.source(),
            span: table.span.clone(),
        })
    })
}

fn read_issues(table: &mut Reader<'_, '_, '_>, issues: &[Issue]) -> Vec<Located<String>> {
    let Some(entry) = table.required("issues") else {
        return Vec::new();
    };
    if matches!(&entry.node.value, Value::List(items) if items.is_empty()) {
        let message = format!("`{}` names no issue", table.address);
        let fault = Diagnostic::error(entry.node.span.clone(), message)
            .label("expected at least one issue");
        table.reading.faults.push(fault);
    }
    let mut given = Given::default();
    let mut names = table.words("issues");
    names.retain(|name| {
        let reading = &mut *table.reading;
        let known = issues.iter().map(|issue| issue.name.value.as_str());
        let fresh = given.once(reading, name, "issues");
        reading.refers(name, "issue", known) && fresh && can_fall(reading, name, issues)
    });
    names
}

/// Whether an issue has levels in an order; a fault, if not.
fn can_fall(reading: &mut Reading<'_>, name: &Located<String>, issues: &[Issue]) -> bool {
    let Some(issue) = issues.iter().find(|issue| issue.name.value == name.value) else {
        return false;
    };
    let Some((why, help)) = issues::unordered(issue) else {
        return true;
    };
    let message = format!("`{}` cannot fall: {why}", name.value);
    let fault = Diagnostic::error(name.span.clone(), message)
        .label("expected an issue with levels in an order")
        .help(help)
        .note(issue.name.span.clone(), "the issue");
    reading.faults.push(fault);
    false
}
