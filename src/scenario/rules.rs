//! `[[rules]]`: what cannot be agreed.

use super::document::Entry;
use super::located::{Formula, Located, Span};
use super::reading::Reading;

/// A condition that every deal must meet.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Its name, for addresses.
    pub id: Option<Located<String>>,
    /// What must hold.
    pub require: Formula,
    /// Why.
    pub about: Option<String>,
    /// The assumptions behind it.
    pub source: Vec<Located<String>>,
    /// The table.
    pub span: Span,
}

pub(super) fn read(reading: &mut Reading<'_>, entry: Option<&Entry>) -> Vec<Rule> {
    reading.items(entry, "rules", "a rule", |table, id| {
        Some(Rule {
            id,
            require: table.required_formula("require"),
            about: table.text("about"),
            source: table.source(),
            span: table.span.clone(),
        })
    })
}
