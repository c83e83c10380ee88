//! `[[expect]]`: what a credible run must show, claims that travel with the scenario.

use super::document::Entry;
use super::located::{Formula, Located, Span};
use super::reading::Reading;

/// A claim about the distribution of outcomes.
#[derive(Debug, Clone, PartialEq)]
pub struct Expect {
    /// Its name, for addresses and reports.
    pub id: Option<Located<String>>,
    /// What must hold of the summary.
    pub claim: Formula,
    /// Why.
    pub note: Option<String>,
    /// The assumptions behind it.
    pub source: Vec<Located<String>>,
    /// The table.
    pub span: Span,
}

pub(super) fn read(reading: &mut Reading<'_>, entry: Option<&Entry>) -> Vec<Expect> {
    reading.items(entry, "expect", "a claim", |table, id| {
        let claim = table.required_formula("claim");
        let about = table.text("about");
        Some(Expect {
            id,
            claim,
            note: table.text("note").or(about),
            source: table.source(),
            span: table.span.clone(),
        })
    })
}
