//! Room 1: text -> [`Scenario`], every fault of the file reported together.
//!
//! A [`Scenario`] is what the author wrote, names and all. Every value knows its place in the
//! file; formulas are still text. One file for each section of the language, over one
//! reader that asks a table for its keys and reports what nobody asked for.

mod actors;
mod addresses;
mod bargaining;
mod calendar;
mod diagnostic;
mod document;
mod erosion;
mod events;
mod expect;
mod extends;
mod grid;
mod inducements;
mod issues;
mod lines;
mod located;
mod measures;
mod modules;
mod names;
mod observations;
mod overview;
mod process;
mod quantities;
mod ratification;
mod reader;
mod reading;
mod rules;
mod signals;
mod stakes;
#[cfg(test)]
mod tests;
mod text;
mod variants;
mod voices;

use std::sync::Arc;

pub use actors::{Actor, Term};
pub use bargaining::{Bargaining, ListedDeal, STRATEGY_KEYS, Setting, SettingValue, Strategy};
pub use calendar::{Calendar, Scope};
pub use diagnostic::{Diagnostic, Diagnostics, Severity};
pub use erosion::Erosion;
pub use events::Event;
pub use expect::Expect;
pub use extends::{Manuscript, extends};
pub use inducements::Inducement;
pub use issues::{Issue, IssueKind, LevelRef};
pub use located::{Formula, Located, Span};
pub use measures::Measure;
pub use modules::Module;
pub use observations::Observation;
pub use overview::Source;
pub use quantities::{Dependence, Quantity, Redraw};
pub use ratification::{OnFailure, Ratification};
pub use rules::Rule;
pub use signals::{Signal, SignalChance, SignalRow};
pub use stakes::{Stake, StakeValue};
pub use text::{LIMIT, TextFault, decode};
pub use variants::Variant;
pub use voices::Voice;

use document::Document;
use reader::Reader;
use reading::Reading;

/// What the author wrote: may still be wrong in ways that only `model` can see.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// The file's text, into which all spans point.
    pub text: Arc<str>,
    /// The file's name, for reports.
    pub file: String,
    /// What the scenario is called.
    pub title: Option<String>,
    /// What it is about.
    pub summary: Option<String>,
    /// What its results must not be taken for.
    pub caveat: Option<String>,
    /// How many runs, if the command line does not say.
    pub runs: Option<Located<u64>>,
    /// Which seed, if the command line does not say.
    pub seed: Option<Located<u64>>,
    /// The day it speaks of.
    pub date: Option<String>,
    /// What money is counted in.
    pub currency: Option<String>,
    /// Who wrote it.
    pub authors: Vec<String>,
    /// The ledger of assumptions.
    pub sources: Vec<Source>,
    /// What is not known and what can move.
    pub quantities: Vec<Quantity>,
    /// What varies together.
    pub dependence: Vec<Dependence>,
    /// What is on the table.
    pub issues: Vec<Issue>,
    /// What cannot be agreed.
    pub rules: Vec<Rule>,
    /// Who wants what.
    pub actors: Vec<Actor>,
    /// What one actor pays another, or threatens.
    pub inducements: Vec<Inducement>,
    /// How the parties settle.
    pub bargaining: Bargaining,
    /// How often they meet.
    pub calendar: Option<Calendar>,
    /// What can be signed on its own.
    pub modules: Vec<Module>,
    /// What moves quantities.
    pub events: Vec<Event>,
    /// What falls if nobody tends to it.
    pub erosion: Vec<Erosion>,
    /// Who must consent at home.
    pub ratification: Vec<Ratification>,
    /// What an observer could see.
    pub signals: Vec<Signal>,
    /// What was seen.
    pub observations: Vec<Observation>,
    /// Derived results.
    pub measures: Vec<Measure>,
    /// What-ifs.
    pub variants: Vec<Variant>,
    /// What a credible run must show.
    pub expects: Vec<Expect>,
}

/// Read a scenario's text. With faults, the scenario comes back as far as it could be read, so
/// that faults of meaning can join the report; if too little could be read, it does not.
pub fn read(file: &str, text: Arc<str>) -> (Option<Scenario>, Diagnostics) {
    read_manuscript(&Manuscript::new(file, text))
}

/// The same for a scenario that may extend another one.
pub fn read_manuscript(manuscript: &Manuscript) -> (Option<Scenario>, Diagnostics) {
    let (file, text) = (&manuscript.own.0, manuscript.text());
    let mut faults = Diagnostics::new();
    if text.len() > LIMIT {
        let fault = Diagnostic::error(0..0, format!("the file has {} bytes", text.len()))
            .label(format!("expected at most {LIMIT} bytes"));
        faults.push(fault);
        return (None, faults);
    }
    let document = manuscript.document(&mut faults);
    if document.entries.is_empty() && faults.is_empty() {
        let fault = Diagnostic::error(0..0, "the scenario is empty")
            .label("expected `format = 1`")
            .help("`demarche new NAME` writes a commented start");
        faults.push(fault);
        return (None, faults);
    }
    let mut reading = Reading {
        text: &text,
        faults: Diagnostics::new(),
        whole: document.whole,
        sources: None,
        calendar: false,
    };
    let scenario = read_sections(&mut reading, &document, file, &text);
    let mut found = reading.faults;
    found.retain(|fault| document.is_certain(&fault.span));
    faults.append(found);
    (scenario.filter(|_| document.whole), faults)
}

fn read_sections(
    reading: &mut Reading<'_>,
    document: &Document,
    file: &str,
    text: &Arc<str>,
) -> Option<Scenario> {
    let mut root = Reader::of(reading, &document.entries, 0..0, "");
    if !read_format(&mut root) {
        return None;
    }
    let mut given = names::Given::default();
    // Whoever read the file has read the one it extends.
    root.word("extends");
    let sources = root.entry("sources");
    let overview = root.entry("scenario");
    let quantities = root.entry("quantities");
    let dependence = root.entry("dependence");
    let issues = root.entry("issues");
    let rules = root.entry("rules");
    let actors = root.entry("actors");
    let inducements = root.entry("inducements");
    let bargaining = root.entry("bargaining");
    let calendar = root.entry("calendar");
    let modules = root.entry("modules");
    let events = root.entry("events");
    let erosion = root.entry("erosion");
    let ratification = root.entry("ratification");
    let signals = root.entry("signals");
    let observations = root.entry("observations");
    let measures = root.entry("measures");
    let variants = root.entry("variants");
    let expect = root.entry("expect");
    let end = text.trim_end().len();
    for (section, entry, example) in [
        ("issues", issues, "[issues.price]"),
        ("actors", actors, "[actors.seller]"),
    ] {
        if entry.is_none() {
            let fault = Diagnostic::error(end..end, format!("the scenario has no {section}"))
                .label(format!("expected a table like `{example}`"));
            root.reading.absent(fault);
        }
    }
    let reading = &mut *root.reading;
    reading.calendar = calendar.is_some();
    let over_sessions = [modules, events, erosion, signals, observations];
    for section in over_sessions.into_iter().flatten() {
        reading.needs_calendar(&section.key);
    }
    // Sources first, for everything cites them; then names before those who use them.
    let sources = overview::read_sources(reading, sources);
    let overview = overview::read_overview(reading, overview);
    let quantities = quantities::read_named(reading, quantities, &mut given, "a quantity");
    let issues = issues::read(reading, issues, &mut given);
    let actors = actors::read(reading, actors, &issues);
    let modules = modules::read(reading, modules, &actors);
    process::check(reading, &modules, &issues);
    let calendar = calendar::read(reading, calendar, !modules.is_empty());
    let signals = signals::read(reading, signals);
    let scenario = Scenario {
        text: Arc::clone(text),
        file: file.to_owned(),
        title: overview.title,
        summary: overview.summary,
        caveat: overview.caveat,
        runs: overview.runs,
        seed: overview.seed,
        date: overview.date,
        currency: overview.currency,
        authors: overview.authors,
        sources,
        dependence: quantities::read_dependence(reading, dependence, &quantities),
        events: events::read(reading, events, &quantities),
        quantities,
        rules: rules::read(reading, rules),
        erosion: erosion::read(reading, erosion, &issues),
        issues,
        ratification: ratification::read(reading, ratification, &actors, &modules),
        actors,
        modules,
        inducements: inducements::read(reading, inducements),
        bargaining: bargaining::read(reading, bargaining),
        observations: observations::read(reading, observations, calendar.as_ref(), &signals),
        calendar,
        signals,
        measures: measures::read(reading, measures, &mut given),
        variants: variants::read(reading, variants),
        expects: expect::read(reading, expect),
    };
    root.finish();
    Some(scenario)
}

/// Whether the file speaks a language that this version reads.
fn read_format(root: &mut Reader<'_, '_, '_>) -> bool {
    let Some(entry) = root.entry("format") else {
        let fault = Diagnostic::error(0..0, "the scenario does not say its format")
            .label("expected `format = 1`")
            .help("write `format = 1` as the first line");
        root.reading.absent(fault);
        return true;
    };
    let before = root.reading.faults.len();
    match root.reading.number(&entry.node, "format") {
        Some(format) if format.value == 1.0 => true,
        Some(format) => {
            let message = format!("format {} is not known to this version", format.value);
            let fault = Diagnostic::error(format.span, message)
                .label("expected 1, the only format supported");
            root.reading.faults.push(fault);
            false
        }
        None => root.reading.faults.len() > before,
    }
}
