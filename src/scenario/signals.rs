//! `[signals]`: what an outside observer could see.

use super::diagnostic::Diagnostic;
use super::document::{Entry, Node, Value};
use super::located::{Formula, Located, Span};
use super::reader::Reader;
use super::reading::{Reading, join};

/// A yes or no that the state of the world makes more or less likely.
#[derive(Debug, Clone, PartialEq)]
pub struct Signal {
    /// What formulas call it.
    pub name: Located<String>,
    /// What readers call it.
    pub label: Option<String>,
    /// What is asked.
    pub question: Option<String>,
    /// The chance per session that it is there to be seen.
    pub chance: SignalChance,
    /// The chance that it is not noticed.
    pub missed: Option<Formula>,
    /// What it means.
    pub about: Option<String>,
    /// The assumptions behind it.
    pub source: Vec<Located<String>>,
    /// The table.
    pub span: Span,
}

/// The chance of a signal.
#[derive(Debug, Clone, PartialEq)]
pub enum SignalChance {
    /// One formula for every case.
    Formula(Formula),
    /// Cases, of which the first that holds counts; none is a chance of 0.
    Rows(Vec<SignalRow>),
}

/// One case of a signal's chance.
#[derive(Debug, Clone, PartialEq)]
pub struct SignalRow {
    /// When it holds; always, if nothing is written.
    pub when: Option<Formula>,
    /// The chance then.
    pub is: Formula,
}

pub(super) fn read(reading: &mut Reading<'_>, entry: Option<&Entry>) -> Vec<Signal> {
    let named = reading.named(entry);
    named
        .iter()
        .filter_map(|entry| read_signal(reading, entry))
        .collect()
}

fn read_signal(reading: &mut Reading<'_>, entry: &Entry) -> Option<Signal> {
    let address = format!("signals.{}", entry.key.value);
    let mut table = Reader::new(reading, &entry.node, &address)?;
    let signal = Signal {
        name: entry.key.clone(),
        label: table.text("label"),
        question: table.text("question"),
        chance: read_chance(&mut table),
        missed: table.formula("missed"),
        about: table.text("about"),
        source: table.source(),
        span: entry.node.span.clone(),
    };
    table.finish();
    Some(signal)
}

fn read_chance(table: &mut Reader<'_, '_, '_>) -> SignalChance {
    let Some(Entry { node, .. }) = table.entry("chance") else {
        return SignalChance::Formula(table.required_formula("chance"));
    };
    let Value::List(rows) = &node.value else {
        return SignalChance::Formula(table.required_formula("chance"));
    };
    let address = table.address_of("chance");
    if rows.is_empty() {
        let fault = Diagnostic::error(node.span.clone(), format!("`{address}` is empty"))
            .label("expected a chance, or rows of them")
            .help(
                "write `chance = [{ when = \"signed_count > 0\", is = 0.8 }, { is = 0.2 }]`, say",
            );
        table.reading.faults.push(fault);
    }
    SignalChance::Rows(read_rows(table.reading, rows, &address))
}

fn read_rows(reading: &mut Reading<'_>, nodes: &[Node], address: &str) -> Vec<SignalRow> {
    let mut rows = Vec::new();
    for (index, node) in nodes.iter().enumerate() {
        let address = join(address, &index.to_string());
        let Some(mut table) = Reader::new(reading, node, &address) else {
            continue;
        };
        let row = SignalRow {
            when: table.condition("when"),
            is: table.required_formula("is"),
        };
        if row.when.is_none() && index + 1 < nodes.len() {
            let message = format!("no row behind `{address}` is ever reached");
            let fault = Diagnostic::error(table.span.clone(), message)
                .label("holds always: expected a `when`, or the last place");
            table.reading.absent(fault);
        }
        table.finish();
        rows.push(row);
    }
    rows
}
