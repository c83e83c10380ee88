//! `[quantities]` and `[[dependence]]`: what is not known, and what varies together.

use super::diagnostic::Diagnostic;
use super::document::{Entry, Node, Value};
use super::located::{Formula, Located, Span};
use super::names::{self, Given};
use super::reader::Reader;
use super::reading::Reading;

/// A number that formulas may speak of.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    /// What formulas call it.
    pub name: Located<String>,
    /// What it is, or how it is drawn.
    pub value: Formula,
    /// What readers call it.
    pub label: Option<String>,
    /// What it means.
    pub about: Option<String>,
    /// What it is counted in.
    pub unit: Option<String>,
    /// How often it is drawn; once a run, if nothing is written.
    pub redraw: Option<Located<Redraw>>,
    /// The share of the gap to its level that closes before every session.
    pub reverts: Option<Formula>,
    /// The assumptions behind it.
    pub source: Vec<Located<String>>,
}

/// How often a quantity is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Redraw {
    /// Once a run.
    Run,
    /// Anew in every session.
    Session,
}

impl Redraw {
    /// Both of them.
    pub const ALL: [Redraw; 2] = [Redraw::Run, Redraw::Session];

    /// What scenarios call it.
    pub fn word(self) -> &'static str {
        match self {
            Redraw::Run => "run",
            Redraw::Session => "session",
        }
    }
}

/// Quantities that vary together, by Gaussian copula.
#[derive(Debug, Clone, PartialEq)]
pub struct Dependence {
    /// Its name, for addresses.
    pub id: Option<Located<String>>,
    /// Two or more quantities; the same rank holds for every pair of them.
    pub between: Vec<Located<String>>,
    /// Spearman's rank correlation.
    pub rank: Located<f64>,
    /// Why.
    pub about: Option<String>,
    /// The assumptions behind it.
    pub source: Vec<Located<String>>,
    /// The table.
    pub span: Span,
}

/// Named numbers, `name = formula` or `name = { value = formula, ... }`: also the shape of measures.
pub(super) fn read_named(
    reading: &mut Reading<'_>,
    entry: Option<&Entry>,
    given: &mut Given,
    what: &'static str,
) -> Vec<Quantity> {
    let mut quantities = Vec::new();
    let section = entry.map_or("", |entry| &entry.key.value);
    for entry in reading.named(entry) {
        names::check_own(reading, &entry.key);
        let fresh = given.give(reading, &entry.key, what);
        let address = format!("{section}.{}", entry.key.value);
        let quantity = read_quantity(reading, entry, address, section == "quantities");
        if fresh {
            quantities.push(quantity);
        }
    }
    quantities
}

fn read_quantity(
    reading: &mut Reading<'_>,
    entry: &Entry,
    address: String,
    drawn: bool,
) -> Quantity {
    let mut quantity = Quantity {
        name: entry.key.clone(),
        value: Formula::placeholder(entry.node.span.clone(), address.clone()),
        label: None,
        about: None,
        unit: None,
        redraw: None,
        reverts: None,
        source: Vec::new(),
    };
    if !matches!(entry.node.value, Value::Table(_)) {
        quantity.value = reading.formula(&entry.node, address);
        return quantity;
    }
    let Some(mut table) = Reader::new(reading, &entry.node, &address) else {
        return quantity;
    };
    // The long form keeps the address of the short one.
    quantity.value = Formula {
        address,
        ..table.required_formula("value")
    };
    quantity.label = table.text("label");
    quantity.about = table.text("about");
    quantity.unit = table.text("unit");
    quantity.source = table.source();
    if drawn {
        quantity.redraw = table.choice("redraw", &Redraw::ALL, Redraw::word);
        quantity.reverts = table.formula("reverts");
        check_course(&mut table, &quantity);
    }
    table.finish();
    quantity
}

/// What changes from session to session needs sessions, and one reason to change.
fn check_course(table: &mut Reader<'_, '_, '_>, quantity: &Quantity) {
    for key in ["redraw", "reverts"] {
        if let Some(entry) = table.entry(key) {
            table.reading.needs_calendar(&entry.key);
        }
    }
    if let (Some(redraw), Some(reverts)) = (&quantity.redraw, &quantity.reverts)
        && redraw.value == Redraw::Session
    {
        let message = format!(
            "`{}` cannot both be drawn anew and revert",
            quantity.name.value
        );
        let fault = Diagnostic::error(redraw.span.clone(), message)
            .label("starts afresh in every session")
            .help("leave out `redraw` or `reverts`")
            .note(reverts.span.clone(), "reverts to where it started");
        table.reading.faults.push(fault);
    }
}

pub(super) fn read_dependence(
    reading: &mut Reading<'_>,
    entry: Option<&Entry>,
    quantities: &[Quantity],
) -> Vec<Dependence> {
    reading.items(entry, "dependence", "a dependence", |table, id| {
        let between = table
            .required("between")
            .and_then(|entry| read_between(table.reading, &entry.node, quantities));
        let rank = table.required("rank").and_then(|_| table.number("rank"));
        if let Some(rank) = &rank
            && !(-1.0..=1.0).contains(&rank.value)
        {
            let message = format!("a rank correlation of {} is impossible", rank.value);
            let fault = Diagnostic::error(rank.span.clone(), message)
                .label("expected a number from -1 to 1");
            table.reading.faults.push(fault);
        }
        let about = table.text("about");
        let source = table.source();
        let rank = rank.filter(|rank| (-1.0..=1.0).contains(&rank.value));
        let span = table.span.clone();
        Some(Dependence {
            id,
            between: between?,
            rank: rank?,
            about,
            source,
            span,
        })
    })
}

fn read_between(
    reading: &mut Reading<'_>,
    node: &Node,
    quantities: &[Quantity],
) -> Option<Vec<Located<String>>> {
    let before = reading.faults.len();
    let between = reading.words(node, "between");
    if between.len() < 2 && reading.faults.len() == before {
        let count = if between.is_empty() {
            "no quantity"
        } else {
            "one quantity"
        };
        let message = format!("`between` names {count}");
        let fault = Diagnostic::error(node.span.clone(), message)
            .label("expected two or more")
            .help("write `between = [\"one_quantity\", \"another\"]`");
        reading.faults.push(fault);
    }
    let mut given = Given::default();
    for name in &between {
        given.give(reading, name, "a quantity of this dependence");
        let known = quantities
            .iter()
            .map(|quantity| quantity.name.value.as_str());
        reading.refers(name, "quantity", known);
    }
    let sound = reading.faults.len() == before && between.len() >= 2;
    sound.then_some(between)
}
