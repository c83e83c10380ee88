//! `[[observations]]`: which signals were seen, and which were not.

use super::calendar::{self, Calendar};
use super::diagnostic::Diagnostic;
use super::document::Entry;
use super::located::{Located, Span};
use super::names::Given;
use super::reader::Reader;
use super::reading::Reading;
use super::signals::Signal;

/// What an observer reports of one session.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    /// What formulas call it.
    pub id: Located<String>,
    /// What readers call it.
    pub label: Option<String>,
    /// Of which session; of the first, if nothing is written.
    pub session: Option<Located<u64>>,
    /// Signals that were there.
    pub seen: Vec<Located<String>>,
    /// Signals that were looked for in vain.
    pub not_seen: Vec<Located<String>>,
    /// Signals of which nothing is known.
    pub unknown: Vec<Located<String>>,
    /// The exponent of the likelihood, from 0 to 1.
    pub temper: Option<Located<f64>>,
    /// Whether it is kept back to test what others teach.
    pub holdout: bool,
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
    calendar: Option<&Calendar>,
    signals: &[Signal],
) -> Vec<Observation> {
    reading.items(entry, "observations", "an observation", |table, id| {
        table.required("id");
        let mut given = Given::default();
        let [seen, not_seen, unknown] = ["seen", "not_seen", "unknown"]
            .map(|key| read_signals(table, key, signals, &mut given));
        let session = read_session(table, calendar);
        let temper = read_temper(table);
        let label = table.text("label");
        let holdout = table.flag("holdout").unwrap_or(false);
        let about = table.text("about");
        let source = table.source();
        Some(Observation {
            id: id?,
            label,
            session,
            seen,
            not_seen,
            unknown,
            temper,
            holdout,
            about,
            source,
            span: table.span.clone(),
        })
    })
}

fn read_signals(
    table: &mut Reader<'_, '_, '_>,
    key: &'static str,
    signals: &[Signal],
    given: &mut Given,
) -> Vec<Located<String>> {
    let mut names = table.words(key);
    names.retain(|name| {
        let known = signals.iter().map(|signal| signal.name.value.as_str());
        let fresh = given.once(table.reading, name, key);
        table.reading.refers(name, "signal", known) && fresh
    });
    names
}

fn read_session(
    table: &mut Reader<'_, '_, '_>,
    calendar: Option<&Calendar>,
) -> Option<Located<u64>> {
    let session = table.count("session", 1)?;
    let fault =
        calendar.and_then(|calendar| calendar::no_such_session(&calendar.sessions, &session));
    match fault {
        None => Some(session),
        Some(fault) => {
            table.reading.faults.push(fault);
            None
        }
    }
}

fn read_temper(table: &mut Reader<'_, '_, '_>) -> Option<Located<f64>> {
    let temper = table.number("temper")?;
    if (0.0..=1.0).contains(&temper.value) {
        return Some(temper);
    }
    let message = format!("a temper of {} is impossible", temper.value);
    let fault = Diagnostic::error(temper.span, message).label("expected a number from 0 to 1");
    table.reading.faults.push(fault);
    None
}
