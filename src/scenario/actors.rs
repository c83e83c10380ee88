//! `[actors]`: who wants what.

use super::diagnostic::Diagnostic;
use super::document::Entry;
use super::issues::Issue;
use super::located::{Formula, Located, Span};
use super::reader::Reader;
use super::reading::Reading;
use super::stakes::{self, Stake};
use super::voices::Voice;

/// Someone with a stake in the deal.
#[derive(Debug, Clone, PartialEq)]
pub struct Actor {
    /// What the scenario calls them.
    pub name: Located<String>,
    /// Whether no deal is made without them; true unless written.
    pub signs: bool,
    /// What readers call them.
    pub label: Option<String>,
    /// Who they are.
    pub about: Option<String>,
    /// What they are after, in words.
    pub objective: Option<String>,
    /// The utility below which they do not sign.
    pub reservation: Option<Formula>,
    /// What a later agreement is worth, per round.
    pub discount: Option<Formula>,
    /// The exponent of their gain.
    pub risk: Option<Formula>,
    /// What they know of the others' reservation values: `complete`, `prior`, or the standard deviation
    /// of an error.
    pub knowledge: Option<Formula>,
    /// Whether no deal may give them less than their reservation, though they do not sign.
    pub veto: Option<Formula>,
    /// What they can throw in when positions are weighed against each other; 1 unless written.
    pub capability: Option<Formula>,
    /// What each issue is worth to them.
    pub stakes: Vec<Stake>,
    /// What they say on issues, where it is written.
    pub voices: Vec<Voice>,
    /// Anything beyond weights times values.
    pub terms: Vec<Term>,
    /// The assumptions behind it.
    pub source: Vec<Located<String>>,
    /// The table.
    pub span: Span,
}

/// Something that adds to an actor's utility for some deals.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// Its name, for addresses.
    pub id: Option<Located<String>>,
    /// For which deals; always, if nothing is written.
    pub when: Option<Formula>,
    /// What it adds.
    pub adds: Formula,
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
    issues: &[Issue],
) -> Vec<Actor> {
    let named = reading.named(entry);
    named
        .iter()
        .filter_map(|entry| read_actor(reading, entry, issues))
        .collect()
}

fn read_actor(reading: &mut Reading<'_>, entry: &Entry, issues: &[Issue]) -> Option<Actor> {
    let address = format!("actors.{}", entry.key.value);
    let mut table = Reader::new(reading, &entry.node, &address)?;
    let stakes = table.entry("stakes");
    let terms = table.entry("terms");
    let signs = table.flag("signs").unwrap_or(true);
    let stakes_at = format!("{address}.stakes");
    let (stakes, voices) = stakes::read(table.reading, stakes, &stakes_at, issues, signs);
    let actor = Actor {
        name: entry.key.clone(),
        signs,
        label: table.text("label"),
        about: table.text("about"),
        objective: table.text("objective"),
        reservation: table.formula("reservation"),
        discount: table.formula("discount"),
        risk: table.formula("risk"),
        knowledge: table.formula("knowledge"),
        veto: table.condition("veto"),
        capability: table.formula("capability"),
        stakes,
        voices,
        terms: read_terms(table.reading, terms, &format!("{address}.terms")),
        source: table.source(),
        span: entry.node.span.clone(),
    };
    if let Some(power) = table.entry("power") {
        let name = &entry.key.value;
        let fault = Diagnostic::error(power.key.span.clone(), "`power` is not a key of an actor")
            .label("power is relative: a setting of the protocol")
            .help(format!(
                "write `power = {{ {name} = ... }}` under [bargaining.settings]"
            ));
        table.reading.faults.push(fault);
    }
    if let Some(knowledge) = actor.knowledge.as_ref().filter(|_| !actor.signs) {
        let fault = Diagnostic::error(knowledge.span.clone(), "`knowledge` is for those who sign")
            .label(format!("`{}` does not sign", actor.name.value));
        table.reading.faults.push(fault);
    }
    if let Some(veto) = actor.veto.as_ref().filter(|_| actor.signs) {
        let message = format!("`{}` signs and needs no veto", actor.name.value);
        let fault = Diagnostic::error(veto.span.clone(), message)
            .label("a signatory can refuse anyway")
            .help("leave `veto` out, or write `signs = false`");
        table.reading.faults.push(fault);
    }
    table.finish();
    Some(actor)
}

fn read_terms(reading: &mut Reading<'_>, entry: Option<&Entry>, address: &str) -> Vec<Term> {
    reading.items(entry, address, "a term of this actor", |table, id| {
        Some(Term {
            id,
            when: table.condition("when"),
            adds: table.required_formula("adds"),
            about: table.text("about"),
            source: table.source(),
            span: table.span.clone(),
        })
    })
}
