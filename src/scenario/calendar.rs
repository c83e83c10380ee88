//! `[calendar]`: how often the parties meet, and how much is on the table each time.

use super::diagnostic::Diagnostic;
use super::document::{Entry, Value};
use super::located::{Formula, Located, Span};
use super::reader::Reader;
use super::reading::Reading;

/// The sessions of a scenario. Without it there is one session over all issues.
#[derive(Debug, Clone, PartialEq)]
pub struct Calendar {
    /// How many sessions: a plain whole number.
    pub sessions: Formula,
    /// What is signed together.
    pub scope: Located<Scope>,
    /// The chance per session that talks break down.
    pub breakdown: Option<Formula>,
    /// The sessions after which the state is recorded; empty if nothing is written.
    pub report: Vec<Located<u64>>,
    /// Whether signatories look ahead through the calendar.
    pub foresight: Option<Formula>,
    /// Why.
    pub about: Option<String>,
    /// The assumptions behind it.
    pub source: Vec<Located<String>>,
    /// The table.
    pub span: Span,
}

/// What is signed together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// All open files, all or nothing.
    Package,
    /// All ripe files at one table, any of which may stay as it stands.
    Modular,
    /// One ripe file after the other.
    OneByOne,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Scope; 3] = [Scope::Package, Scope::Modular, Scope::OneByOne];

    /// What scenarios call it.
    pub fn word(self) -> &'static str {
        match self {
            Scope::Package => "package",
            Scope::Modular => "modular",
            Scope::OneByOne => "one_by_one",
        }
    }
}

/// A calendar may have this many sessions.
const SESSIONS: u64 = 1000;

/// The calendar; `modular` is whether there are files that can be signed on their own.
pub(super) fn read(
    reading: &mut Reading<'_>,
    entry: Option<&Entry>,
    modular: bool,
) -> Option<Calendar> {
    let mut table = Reader::new(reading, &entry?.node, "calendar")?;
    let sessions = read_sessions(&mut table);
    let scope = table.choice("scope", &Scope::ALL, Scope::word);
    let usual = if modular {
        Scope::Modular
    } else {
        Scope::Package
    };
    let calendar = Calendar {
        scope: scope.unwrap_or(Located::new(usual, table.span.clone())),
        breakdown: table.formula("breakdown"),
        report: read_report(&mut table, &sessions),
        sessions,
        foresight: table.condition("foresight"),
        about: table.text("about"),
        source: table.source(),
        span: table.span.clone(),
    };
    table.finish();
    Some(calendar)
}

/// A formula only in that it has an address: every run has the same sessions.
fn read_sessions(table: &mut Reader<'_, '_, '_>) -> Formula {
    let address = table.address_of("sessions");
    let Some(entry) = table.required("sessions") else {
        return Formula::placeholder(table.span.clone(), address);
    };
    let sessions = table.reading.count(&entry.node, &address, 1..=SESSIONS);
    match sessions {
        Some(_) => table.reading.formula(&entry.node, address),
        None => Formula::placeholder(entry.node.span.clone(), address),
    }
}

fn read_report(table: &mut Reader<'_, '_, '_>, sessions: &Formula) -> Vec<Located<u64>> {
    let address = table.address_of("report");
    let Some(entry) = table.entry("report") else {
        return Vec::new();
    };
    let reading = &mut *table.reading;
    let Value::List(items) = &entry.node.value else {
        reading.wrong(&entry.node, &address, "a list of sessions");
        if let (Value::Whole(Some(one)), Some(fault)) =
            (&entry.node.value, reading.faults.last_mut())
        {
            fault.help = Some(format!("write `report = [{one}]`"));
        }
        return Vec::new();
    };
    if items.is_empty() {
        let fault = Diagnostic::error(entry.node.span.clone(), format!("`{address}` is empty"))
            .label("expected at least one session")
            .help("leave `report` out to record the last session only");
        reading.faults.push(fault);
    }
    let mut report: Vec<Located<u64>> = Vec::new();
    for item in items {
        let Some(session) = reading.count(item, &address, 1..=u64::MAX) else {
            continue;
        };
        if let Some(fault) = no_such_session(sessions, &session) {
            reading.faults.push(fault);
            continue;
        }
        if let Some(last) = report.last().filter(|last| last.value >= session.value) {
            let message = format!(
                "session {} stands behind session {}",
                session.value, last.value
            );
            let fault = Diagnostic::error(session.span, message)
                .label("expected ascending sessions, each once")
                .note(last.span.clone(), "stands before it");
            reading.faults.push(fault);
            continue;
        }
        report.push(session);
    }
    report
}

/// The fault of a session that the calendar does not have.
pub(super) fn no_such_session(sessions: &Formula, session: &Located<u64>) -> Option<Diagnostic> {
    let last = sessions.literal.filter(|_| !sessions.is_placeholder())?;
    if session.value as f64 <= last {
        return None;
    }
    let message = format!("there is no session {}", session.value);
    let expected = if last == 1.0 {
        "expected 1, the only session".to_owned()
    } else {
        format!("expected a session from 1 to {last}")
    };
    let fault = Diagnostic::error(session.span.clone(), message).label(expected);
    Some(fault.note(sessions.span.clone(), "how many there are"))
}
