//! `[[inducements]]`: what one actor pays another, or threatens, for some deals.

use super::document::Entry;
use super::located::{Formula, Located, Span};
use super::reading::Reading;

/// A payment or punishment that depends on the deal.
#[derive(Debug, Clone, PartialEq)]
pub struct Inducement {
    /// Its name, for addresses.
    pub id: Option<Located<String>>,
    /// Who gives it.
    pub by: Located<String>,
    /// Who receives it.
    pub to: Located<String>,
    /// For which deals; always, if nothing is written.
    pub when: Option<Formula>,
    /// What it adds to the utility of `to`.
    pub worth: Formula,
    /// What it takes from the utility of `by`.
    pub cost: Option<Formula>,
    /// What it is.
    pub about: Option<String>,
    /// The assumptions behind it.
    pub source: Vec<Located<String>>,
    /// The table.
    pub span: Span,
}

pub(super) fn read(reading: &mut Reading<'_>, entry: Option<&Entry>) -> Vec<Inducement> {
    reading.items(entry, "inducements", "an inducement", |table, id| {
        let by = table.required_word("by");
        let to = table.required_word("to");
        let when = table.condition("when");
        let worth = table.required_formula("worth");
        let cost = table.formula("cost");
        let about = table.text("about");
        let source = table.source();
        let span = table.span.clone();
        Some(Inducement {
            id,
            by: by?,
            to: to?,
            when,
            worth,
            cost,
            about,
            source,
            span,
        })
    })
}
