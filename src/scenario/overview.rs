//! `[scenario]` and `[sources]`: what the scenario is, and the ledger of its assumptions.

use super::document::Entry;
use super::located::Located;
use super::reader::Reader;
use super::reading::Reading;

/// `[scenario]`, as its keys stand in [`Scenario`](super::Scenario).
#[derive(Default)]
pub(super) struct Overview {
    pub title: Option<String>,
    pub summary: Option<String>,
    pub caveat: Option<String>,
    pub runs: Option<Located<u64>>,
    pub seed: Option<Located<u64>>,
    pub date: Option<String>,
    pub currency: Option<String>,
    pub authors: Vec<String>,
}

/// One entry of the ledger of assumptions.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// The name that tables cite.
    pub name: Located<String>,
    /// What it says.
    pub text: Located<String>,
}

pub(super) fn read_overview(reading: &mut Reading<'_>, entry: Option<&Entry>) -> Overview {
    let Some(mut table) = entry.and_then(|entry| Reader::new(reading, &entry.node, "scenario"))
    else {
        return Overview::default();
    };
    let overview = Overview {
        title: table.text("title"),
        summary: table.text("summary"),
        caveat: table.text("caveat"),
        runs: table.count("runs", 1),
        seed: table.count("seed", 0),
        date: table.date("date"),
        currency: table.text("currency"),
        authors: table
            .words("authors")
            .into_iter()
            .map(|word| word.value)
            .collect(),
    };
    table.finish();
    overview
}

pub(super) fn read_sources(reading: &mut Reading<'_>, entry: Option<&Entry>) -> Vec<Source> {
    let Some(entry) = entry else {
        return Vec::new();
    };
    let Some(entries) = reading.table(&entry.node, "sources") else {
        return Vec::new();
    };
    reading.sources = Some(
        entries
            .iter()
            .map(|entry| entry.key.value.clone())
            .collect(),
    );
    let source = |entry: &Entry| {
        let address = format!("sources.{}", entry.key.value);
        let text = reading.word(&entry.node, &address)?;
        Some(Source {
            name: entry.key.clone(),
            text,
        })
    };
    entries.iter().filter_map(source).collect()
}
