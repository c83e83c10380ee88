//! `[variants]`: what-ifs, each a patch on addresses.

use super::diagnostic::Diagnostic;
use super::document::{Entry, Value};
use super::located::{Formula, Located, Span};
use super::reader::Reader;
use super::reading::{Reading, join};

/// A what-if: numbers that stand in place of others.
#[derive(Debug, Clone, PartialEq)]
pub struct Variant {
    /// What `--variant` calls it.
    pub name: Located<String>,
    /// What readers call it.
    pub label: Option<String>,
    /// What if.
    pub about: Option<String>,
    /// Addresses and what stands there instead; `base` in a formula is what stood there.
    pub set: Vec<(Located<String>, Formula)>,
    /// The assumptions behind it.
    pub source: Vec<Located<String>>,
    /// The table.
    pub span: Span,
}

pub(super) fn read(reading: &mut Reading<'_>, entry: Option<&Entry>) -> Vec<Variant> {
    let mut variants = Vec::new();
    for entry in reading.named(entry) {
        let name = &entry.key.value;
        if matches!(name.as_str(), "all" | "base") {
            let message = format!("a variant cannot be called `{name}`");
            let fault = Diagnostic::error(entry.key.span.clone(), message)
                .label("has a meaning of its own")
                .help("`--variant all` plays every variant, `base` is the scenario as written");
            reading.faults.push(fault);
        }
        variants.extend(read_variant(reading, entry));
    }
    variants
}

fn read_variant(reading: &mut Reading<'_>, entry: &Entry) -> Option<Variant> {
    let address = format!("variants.{}", entry.key.value);
    let mut table = Reader::new(reading, &entry.node, &address)?;
    let mut set = Vec::new();
    if let Some(patch) = table.required("set") {
        let address = table.address_of("set");
        if let Some(entries) = table.reading.table(&patch.node, &address) {
            flatten(table.reading, entries, None, &address, &mut set);
        }
    }
    let variant = Variant {
        name: entry.key.clone(),
        label: table.text("label"),
        about: table.text("about"),
        set,
        source: table.source(),
        span: entry.node.span.clone(),
    };
    table.finish();
    Some(variant)
}

/// `"quantities.x" = 1` and `quantities.x = 1` say the same.
fn flatten(
    reading: &mut Reading<'_>,
    entries: &[Entry],
    above: Option<&Located<String>>,
    address: &str,
    set: &mut Vec<(Located<String>, Formula)>,
) {
    for entry in entries {
        let key = match above {
            None => entry.key.clone(),
            Some(above) => below(reading.text, above, &entry.key),
        };
        if let Value::Table(entries) = &entry.node.value {
            flatten(reading, entries, Some(&key), address, set);
        } else {
            let formula = reading.condition(&entry.node, join(address, &key.value));
            set.push((key, formula));
        }
    }
}

fn below(text: &str, above: &Located<String>, key: &Located<String>) -> Located<String> {
    let joined = above.span.start..key.span.end;
    let adjoining = text
        .get(above.span.end..key.span.start)
        .is_some_and(|between| between.trim() == ".");
    let span = if adjoining { joined } else { key.span.clone() };
    Located::new(join(&above.value, &key.value), span)
}
