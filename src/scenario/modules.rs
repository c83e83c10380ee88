//! `[modules]`: files that can be signed on their own.

use super::actors::Actor;
use super::document::Entry;
use super::located::{Formula, Located, Span};
use super::reader::Reader;
use super::reading::Reading;

/// Issues that are signed together.
#[derive(Debug, Clone, PartialEq)]
pub struct Module {
    /// What formulas call it.
    pub name: Located<String>,
    /// What readers call it.
    pub label: Option<String>,
    /// The chance per session that it can be closed.
    pub ripe: Option<Formula>,
    /// Whether it stays on the table once it is signed.
    pub reopen: Option<Formula>,
    /// Whether it stays on the table and may only move up.
    pub ratchet: Option<Formula>,
    /// The most levels by which one of its issues may move in one session.
    pub step: Option<Formula>,
    /// What signing it costs an actor, in points.
    pub cost: Vec<(Located<String>, Formula)>,
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
    actors: &[Actor],
) -> Vec<Module> {
    let named = reading.named(entry);
    named
        .iter()
        .filter_map(|entry| read_module(reading, entry, actors))
        .collect()
}

fn read_module(reading: &mut Reading<'_>, entry: &Entry, actors: &[Actor]) -> Option<Module> {
    let address = format!("modules.{}", entry.key.value);
    let mut table = Reader::new(reading, &entry.node, &address)?;
    let mut cost = table.formulas("cost");
    let known = actors.iter().map(|actor| actor.name.value.as_str());
    cost.retain(|(actor, _)| table.reading.refers(actor, "actor", known.clone()));
    let module = Module {
        name: entry.key.clone(),
        label: table.text("label"),
        ripe: table.formula("ripe"),
        reopen: table.condition("reopen"),
        ratchet: table.condition("ratchet"),
        step: table.formula("step"),
        cost,
        about: table.text("about"),
        source: table.source(),
        span: entry.node.span.clone(),
    };
    table.finish();
    Some(module)
}
