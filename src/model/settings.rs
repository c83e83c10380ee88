//! The protocol and its settings: one node per slot.

use super::compiler::Compiler;
use super::patch::{Origin, Patch};
use super::setting::Wanted;
use crate::bargaining::{PROTOCOLS, ProtocolKind};
use crate::catalogue::{Form, Setting};
use crate::expression::NodeId;
use crate::scenario::{Diagnostic, Span};

/// The protocol in force, and a node for each slot of its settings.
pub(super) struct Chosen {
    pub kind: &'static ProtocolKind,
    pub settings: Vec<NodeId>,
    /// Where its name is written, and by whom.
    span: Span,
    origin: Origin,
}

impl Chosen {
    /// Reports why the protocol does not apply.
    pub fn refuse(&self, compiler: &mut Compiler<'_>, reason: String) {
        compiler.refusal.get_or_insert_with(|| reason.clone());
        let message = format!("`{}` does not apply here", self.kind.kind.name);
        let found = Diagnostic::error(self.span.clone(), message).label(reason);
        compiler.report_at(self.origin, found);
    }
}

const PROTOCOL: &str = "bargaining.protocol";
const ADDRESS: &str = "bargaining.settings";

/// Find the protocol, patches applied, and resolve its settings.
pub(super) fn choose(compiler: &mut Compiler<'_>, seats: &[(usize, String)]) -> Option<Chosen> {
    announce(compiler, seats);
    let written = &compiler.scenario.bargaining.protocol;
    let patch = compiler
        .patches
        .get(PROTOCOL)
        .and_then(|patches| patches.last().copied());
    let (name, span, origin) = match patch {
        Some(Patch {
            formula, origin, ..
        }) => (&formula.text, formula.span.clone(), *origin),
        None => (&written.value, written.span.clone(), Origin::File),
    };
    let Some(kind) = find(name) else {
        let names: Vec<&str> = PROTOCOLS
            .iter()
            .map(|protocol| protocol.kind.name)
            .collect();
        let found = Diagnostic::error(span, format!("`{name}` is not a protocol"))
            .label(format!("expected one of {}", names.join(", ")))
            .did_you_mean(name, names);
        compiler.report_at(origin, found);
        return None;
    };
    let base = find(&written.value).filter(|_| patch.is_some());
    let wanted = Wanted {
        kinds: vec![&kind.kind],
        base: base.iter().map(|kind| &kind.kind).collect(),
        others: PROTOCOLS.iter().map(|protocol| &protocol.kind).collect(),
        address: ADDRESS.to_string(),
        written: &compiler.scenario.bargaining.settings,
        span: compiler.scenario.bargaining.protocol.span.clone(),
    };
    wanted.refuse_others(compiler);
    let settings = wanted.resolve(compiler, &kind.kind, seats);
    Some(Chosen {
        kind,
        settings,
        span,
        origin,
    })
}

fn find(name: &str) -> Option<&'static ProtocolKind> {
    PROTOCOLS
        .iter()
        .find(|protocol| protocol.kind.name == name)
        .copied()
}

/// The addresses of every setting of every protocol: a variant may change the protocol, too.
fn announce(compiler: &mut Compiler<'_>, seats: &[(usize, String)]) {
    compiler.addresses.insert(PROTOCOL.to_string());
    for setting in PROTOCOLS.iter().flat_map(|protocol| protocol.kind.settings) {
        announce_one(compiler, ADDRESS, setting, seats);
    }
}

/// The addresses of one setting.
pub(super) fn announce_one(
    compiler: &mut Compiler<'_>,
    address: &str,
    setting: &Setting,
    seats: &[(usize, String)],
) {
    let scenario = compiler.scenario;
    let address = format!("{address}.{}", setting.name);
    let names: Vec<&str> = match setting.form {
        Form::PerSeat(..) | Form::Each(..) => seats.iter().map(|(_, seat)| seat.as_str()).collect(),
        Form::PerIssue(..) => {
            let issues = scenario.issues.iter();
            issues.map(|issue| issue.name.value.as_str()).collect()
        }
        Form::PerActor(..) => {
            let others = scenario.actors.iter().filter(|actor| !actor.signs);
            others.map(|actor| actor.name.value.as_str()).collect()
        }
        _ => Vec::new(),
    };
    for name in names {
        compiler.addresses.insert(format!("{address}.{name}"));
    }
    compiler.addresses.insert(address);
}
