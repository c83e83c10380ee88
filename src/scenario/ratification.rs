//! `[ratification]`: second tables at home, where a text can fail that the parties agreed.

use super::actors::Actor;
use super::diagnostic::Diagnostic;
use super::document::Entry;
use super::located::{Formula, Located, Span};
use super::modules::Module;
use super::reader::Reader;
use super::reading::Reading;

/// Somebody at home who must consent.
#[derive(Debug, Clone, PartialEq)]
pub struct Ratification {
    /// What formulas call it.
    pub name: Located<String>,
    /// What readers call it.
    pub label: Option<String>,
    /// Whose home.
    pub of: Located<String>,
    /// The file for which it is needed; for any text, if nothing is written.
    pub module: Option<Located<String>>,
    /// What it accepts, as the negotiators know.
    pub accepts: Option<Formula>,
    /// The chance that it consents to a text that it accepts.
    pub chance: Option<Formula>,
    /// Whether negotiators weigh gains by the chance.
    pub foreseen: Option<Formula>,
    /// What happens if it refuses.
    pub on_failure: OnFailure,
    /// What it is.
    pub about: Option<String>,
    /// The assumptions behind it.
    pub source: Vec<Located<String>>,
    /// The table.
    pub span: Span,
}

/// What happens if a text is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnFailure {
    /// What stood before stands.
    Drop,
    /// The parties sit down once more.
    Renegotiate,
    /// Talks break down.
    Breakdown,
}

impl OnFailure {
    /// Everything that can happen.
    pub const ALL: [OnFailure; 3] = [
        OnFailure::Drop,
        OnFailure::Renegotiate,
        OnFailure::Breakdown,
    ];

    /// What scenarios call it.
    pub fn word(self) -> &'static str {
        match self {
            OnFailure::Drop => "drop",
            OnFailure::Renegotiate => "renegotiate",
            OnFailure::Breakdown => "breakdown",
        }
    }
}

pub(super) fn read(
    reading: &mut Reading<'_>,
    entry: Option<&Entry>,
    actors: &[Actor],
    modules: &[Module],
) -> Vec<Ratification> {
    let named = reading.named(entry);
    named
        .iter()
        .filter_map(|entry| read_ratification(reading, entry, actors, modules))
        .collect()
}

fn read_ratification(
    reading: &mut Reading<'_>,
    entry: &Entry,
    actors: &[Actor],
    modules: &[Module],
) -> Option<Ratification> {
    let address = format!("ratification.{}", entry.key.value);
    let mut table = Reader::new(reading, &entry.node, &address)?;
    let of = table.required_word("of");
    if let Some(of) = &of {
        check_of(table.reading, of, actors);
    }
    let module = table.word("module");
    if let Some(module) = &module {
        let known = modules.iter().map(|module| module.name.value.as_str());
        table.reading.refers(module, "module", known);
    }
    let on_failure = table.choice("on_failure", &OnFailure::ALL, OnFailure::word);
    let ratification = Ratification {
        name: entry.key.clone(),
        label: table.text("label"),
        // What is reported as missing is nobody.
        of: of.unwrap_or(Located::new(String::new(), table.span.clone())),
        module,
        accepts: table.condition("accepts"),
        chance: table.formula("chance"),
        foreseen: table.condition("foreseen"),
        on_failure: on_failure.map_or(OnFailure::Drop, |word| word.value),
        about: table.text("about"),
        source: table.source(),
        span: entry.node.span.clone(),
    };
    if ratification.accepts.is_none() && ratification.chance.is_none() {
        let fault = Diagnostic::error(table.span.clone(), format!("`{address}` never refuses"))
            .label("expected `accepts`, `chance` or both")
            .help("write `chance = 0.8`, say");
        table.reading.absent(fault);
    }
    table.finish();
    Some(ratification)
}

/// A text is taken home by someone who signs it.
fn check_of(reading: &mut Reading<'_>, of: &Located<String>, actors: &[Actor]) {
    let known = actors.iter().map(|actor| actor.name.value.as_str());
    if !reading.refers(of, "actor", known) {
        return;
    }
    let stranger = actors
        .iter()
        .find(|actor| actor.name.value == of.value && !actor.signs);
    if let Some(actor) = stranger {
        let message = format!("`{}` does not sign, so it has nothing to ratify", of.value);
        let fault = Diagnostic::error(of.span.clone(), message)
            .label("expected an actor that signs")
            .help("to let someone block who does not sign, write `veto = true` for that actor")
            .note(actor.name.span.clone(), "the actor");
        reading.faults.push(fault);
    }
}
