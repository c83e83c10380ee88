//! The protocol and its settings: one node per slot.

use super::compiler::{Compiler, Room};
use super::patch::{Origin, Patch};
use crate::bargaining::{PROTOCOLS, ProtocolKind};
use crate::catalogue::{Form, Setting};
use crate::expression::{Fault, NodeId};
use crate::scenario::{Diagnostic, Formula, Located, SettingValue, Span};

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
        let message = format!("`{}` does not apply here", self.kind.kind.name);
        let found = Diagnostic::error(self.span.clone(), message).label(reason);
        compiler.report_at(self.origin, found);
    }
}

const PROTOCOL: &str = "bargaining.protocol";

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
    let base = find(&written.value);
    unknown_settings(compiler, kind, base.filter(|_| patch.is_some()));
    let mut settings = Vec::new();
    for setting in kind.kind.settings {
        resolve(compiler, kind, setting, seats, &mut settings);
    }
    Some(Chosen {
        kind,
        settings,
        span,
        origin,
    })
}

/// Whether the numbers in the slots are what the settings allow; checked in every world.
pub(super) fn in_bounds(settings: &[Setting], slots: &[f64], seats: usize) -> bool {
    let mut slots = slots.iter();
    settings.iter().all(|setting| {
        let (low, high, count) = match setting.form {
            Form::Number(low, high) | Form::Whole(low, high) => (low, high, 1),
            Form::PerSeat(low, high) => (low, high, seats),
            Form::Seat | Form::Choice(_) => (0.0, f64::INFINITY, 1),
        };
        let unset = setting.default.is_some_and(f64::is_nan);
        let allowed = |value: &f64| (low <= *value && *value <= high) || (value.is_nan() && unset);
        slots.by_ref().take(count).all(allowed)
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
        let address = address(setting.name);
        if let Form::PerSeat(..) = setting.form {
            for (_, seat) in seats {
                compiler.addresses.insert(format!("{address}.{seat}"));
            }
        }
        compiler.addresses.insert(address);
    }
}

/// Settings no protocol at hand knows; `base` is the protocol written, if another one is in force.
fn unknown_settings(
    compiler: &mut Compiler<'_>,
    kind: &'static ProtocolKind,
    base: Option<&'static ProtocolKind>,
) {
    let scenario = compiler.scenario;
    let names = |kind: &'static ProtocolKind| kind.kind.settings.iter().map(|s| s.name);
    for setting in &scenario.bargaining.settings {
        let key = &setting.key.value;
        let known = names(kind)
            .chain(base.into_iter().flat_map(names))
            .any(|name| name == key);
        if known {
            continue;
        }
        let message = format!("`{}` has no setting `{key}`", kind.kind.name);
        let known: Vec<&str> = names(kind).collect();
        let found = Diagnostic::error(setting.key.span.clone(), message)
            .label(match known.as_slice() {
                [] => "it has no settings".to_string(),
                known => format!("expected one of {}", known.join(", ")),
            })
            .did_you_mean(key, known);
        compiler.faults.push(found);
    }
}

/// The slots of one setting.
fn resolve(
    compiler: &mut Compiler<'_>,
    kind: &'static ProtocolKind,
    setting: &'static Setting,
    seats: &[(usize, String)],
    slots: &mut Vec<NodeId>,
) {
    let scenario = compiler.scenario;
    let written = scenario
        .bargaining
        .settings
        .iter()
        .find(|s| s.key.value == setting.name);
    let value = written.map(|setting| &setting.value);
    if let (None, None, true) = (setting.default, value, !is_patched(compiler, setting)) {
        let span = scenario.bargaining.protocol.span.clone();
        let found = Diagnostic::error(
            span,
            format!("`{}` needs the setting `{}`", kind.kind.name, setting.name),
        )
        .label(setting.about);
        compiler.faults.push(found);
    }
    match (setting.form, value) {
        (Form::PerSeat(..), Some(SettingValue::Table(entries))) => {
            check_seats(compiler, entries, seats);
            for (_, seat) in seats {
                let entry = entries.iter().find(|(name, _)| name.value == *seat);
                slots.push(number(
                    compiler,
                    setting,
                    entry.map(|(_, formula)| formula),
                    Some(seat),
                ));
            }
        }
        (Form::PerSeat(..), Some(SettingValue::Formula(formula))) => {
            let found = Diagnostic::error(
                formula.span.clone(),
                format!("`{}` needs one number for each signatory", setting.name),
            )
            .label("expected a table")
            .help(format!(
                "write `{} = {{ {} }}`",
                setting.name,
                example(seats)
            ));
            compiler.faults.push(found);
            slots.extend(seats.iter().map(|_| compiler.graph.constant(1.0)));
        }
        (Form::PerSeat(..), None) => {
            for (_, seat) in seats {
                slots.push(number(compiler, setting, None, Some(seat)));
            }
        }
        (_, Some(SettingValue::Table(entries))) => {
            let span = entries.first().map_or(0..0, |(name, _)| name.span.clone());
            let found = Diagnostic::error(span, format!("`{}` is not a table", setting.name))
                .label("expected one value");
            compiler.faults.push(found);
            slots.push(compiler.graph.constant(0.0));
        }
        (form, Some(SettingValue::Formula(formula))) => {
            slots.push(single(compiler, setting, form, Some(formula), seats));
        }
        (form, None) => slots.push(single(compiler, setting, form, None, seats)),
    }
}

/// A setting of one slot.
fn single(
    compiler: &mut Compiler<'_>,
    setting: &'static Setting,
    form: Form,
    written: Option<&Formula>,
    seats: &[(usize, String)],
) -> NodeId {
    let words: Vec<&str> = match form {
        Form::Seat => seats.iter().map(|(_, name)| name.as_str()).collect(),
        Form::Choice(words) => words.to_vec(),
        _ => return number(compiler, setting, written, None),
    };
    let patch = compiler
        .patches
        .get(&address(setting.name))
        .and_then(|patches| patches.last().copied());
    let (formula, origin) = match (patch, written) {
        (Some(patch), _) => (&patch.formula, patch.origin),
        (None, Some(formula)) => (formula, Origin::File),
        (None, None) => return compiler.graph.constant(setting.default.unwrap_or(0.0)),
    };
    match words.iter().position(|word| *word == formula.text.trim()) {
        Some(index) => compiler.graph.constant(index as f64),
        None => {
            let what = if matches!(form, Form::Seat) {
                "a signatory"
            } else {
                "a choice"
            };
            let message = format!("`{}` is not {what} of `{}`", formula.text, setting.name);
            let found = Diagnostic::error(formula.span.clone(), message)
                .label(format!("expected one of {}", words.join(", ")))
                .did_you_mean(&formula.text, words);
            compiler.report_at(origin, found);
            compiler.graph.constant(0.0)
        }
    }
}

/// A number in a setting's bounds; without one written, its default, which patches may replace.
fn number(
    compiler: &mut Compiler<'_>,
    setting: &'static Setting,
    written: Option<&Formula>,
    seat: Option<&str>,
) -> NodeId {
    let address = match seat {
        Some(seat) => format!("{}.{seat}", address(setting.name)),
        None => address(setting.name),
    };
    let default = setting.default.unwrap_or(1.0);
    let unwritten = Formula {
        text: default.to_string(),
        literal: Some(default),
        span: 0..0,
        inner: None,
        address,
    };
    let formula = written.unwrap_or(&unwritten);
    if let (Form::Whole(_, f64::INFINITY), "inf") = (setting.form, in_force(compiler, formula)) {
        return compiler.graph.constant(f64::INFINITY);
    }
    let id = compiler.number(formula, Room::World);
    let (low, high, whole) = match setting.form {
        Form::Number(low, high) | Form::PerSeat(low, high) => (low, high, false),
        Form::Whole(low, high) => (low, high, true),
        Form::Seat | Form::Choice(_) => return id,
    };
    let allowed = |value: f64| low <= value && value <= high && (!whole || value == value.floor());
    if let Some(value) = compiler.graph.known_value(id)
        && !(allowed(value) || (value.is_nan() && default.is_nan()))
    {
        let what = if whole { "a whole number" } else { "a number" };
        let place = super::Place {
            origin: Origin::File,
            formula: formula.clone(),
        };
        let patch = compiler
            .patches
            .get(&formula.address)
            .and_then(|patches| patches.last());
        let place = match patch {
            Some(patch) => super::Place {
                origin: patch.origin,
                formula: patch.formula.clone(),
            },
            None => place,
        };
        let range = 0..place.formula.text.len();
        let message = format!("`{}` is out of bounds", setting.name);
        let label = format!("expected {what} from {low} to {high}; found {value}");
        compiler.report(Fault::new(range, message, label), &place);
    }
    id
}

/// What stands for a setting in the end: what patches say, or what is written.
fn in_force<'f>(compiler: &Compiler<'f>, written: &'f Formula) -> &'f str {
    let patches = compiler.patches.get(&written.address);
    let patch = patches.and_then(|patches| patches.last());
    patch.map_or(written.text.trim(), |patch| patch.formula.text.trim())
}

fn check_seats(
    compiler: &mut Compiler<'_>,
    entries: &[(Located<String>, Formula)],
    seats: &[(usize, String)],
) {
    for (name, _) in entries {
        if !seats.iter().any(|(_, seat)| *seat == name.value) {
            let found = Diagnostic::error(
                name.span.clone(),
                format!("`{}` is not a signatory", name.value),
            )
            .label("expected an actor who signs")
            .did_you_mean(&name.value, seats.iter().map(|(_, seat)| seat.as_str()));
            compiler.faults.push(found);
        }
    }
}

fn is_patched(compiler: &Compiler<'_>, setting: &Setting) -> bool {
    let address = address(setting.name);
    compiler
        .patches
        .keys()
        .any(|key| *key == address || key.starts_with(&format!("{address}.")))
}

fn address(setting: &str) -> String {
    format!("bargaining.settings.{setting}")
}

fn example(seats: &[(usize, String)]) -> String {
    let entries: Vec<String> = seats
        .iter()
        .map(|(_, seat)| format!("{seat} = 1"))
        .collect();
    entries.join(", ")
}
