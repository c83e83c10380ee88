//! `[events]`: shocks, which move quantities and nothing else.

use super::diagnostic::Diagnostic;
use super::document::{Entry, Value};
use super::located::{Formula, Located, Span};
use super::quantities::Quantity;
use super::reader::Reader;
use super::reading::Reading;

/// Something that may happen before the parties sit down.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// What formulas call it.
    pub name: Located<String>,
    /// What readers call it.
    pub label: Option<String>,
    /// The chance per session.
    pub chance: Option<Formula>,
    /// When alone it can happen.
    pub when: Option<Formula>,
    /// Whether it happens at most once a run.
    pub once: Option<Formula>,
    /// Whether it shifts the level to which quantities revert.
    pub lasting: Option<Formula>,
    /// Quantities and their new values.
    pub effects: Vec<(Located<String>, Formula)>,
    /// What it is.
    pub about: Option<String>,
    /// The assumptions behind it.
    pub source: Vec<Located<String>>,
    /// The table.
    pub span: Span,
}

pub(super) fn read(
    reading: &mut Reading<'_>,
    entry: Option<&Entry>,
    quantities: &[Quantity],
) -> Vec<Event> {
    let named = reading.named(entry);
    named
        .iter()
        .filter_map(|entry| read_event(reading, entry, quantities))
        .collect()
}

fn read_event(reading: &mut Reading<'_>, entry: &Entry, quantities: &[Quantity]) -> Option<Event> {
    let address = format!("events.{}", entry.key.value);
    let mut table = Reader::new(reading, &entry.node, &address)?;
    let event = Event {
        name: entry.key.clone(),
        label: table.text("label"),
        chance: table.formula("chance"),
        when: table.condition("when"),
        once: table.condition("once"),
        lasting: table.condition("lasting"),
        effects: read_effects(&mut table, quantities),
        about: table.text("about"),
        source: table.source(),
        span: entry.node.span.clone(),
    };
    table.finish();
    Some(event)
}

fn read_effects(
    table: &mut Reader<'_, '_, '_>,
    quantities: &[Quantity],
) -> Vec<(Located<String>, Formula)> {
    let mut effects = table.formulas("effects");
    if let Some(entry) = table.required("effects")
        && matches!(&entry.node.value, Value::Table(entries) if entries.is_empty())
    {
        let message = format!("`{}` has no effect", table.address);
        let fault = Diagnostic::error(entry.node.span.clone(), message)
            .label("expected at least one quantity and its new value")
            .help("write `effects = { price = \"price + 1\" }`, say");
        table.reading.absent(fault);
    }
    let known = quantities
        .iter()
        .map(|quantity| quantity.name.value.as_str());
    effects.retain(|(name, _)| table.reading.refers(name, "quantity", known.clone()));
    effects
}
