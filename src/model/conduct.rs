//! How every signatory behaves: the kinds of its strategy, and a node for each of their numbers.

use super::compiler::Compiler;
use super::patch::{Origin, Patch};
use super::setting::Wanted;
use crate::bargaining::{ACCEPTANCES, Manner, OFFERS, OPPONENT_MODELS};
use crate::catalogue::Kind;
use crate::expression::NodeId;
use crate::scenario::{Diagnostic, STRATEGY_KEYS, Span, Strategy};

/// What every seat does, and a node for each of its numbers.
#[derive(Debug, Default)]
pub(super) struct Conducted {
    pub manners: Vec<Manner>,
    pub numbers: Vec<NodeId>,
}

/// The kinds of a signatory that says nothing of its behaviour.
const DEFAULTS: [&str; 3] = ["linear", "next", "none"];

/// Find what every signatory does, patches applied, and resolve its settings.
pub(super) fn conduct(compiler: &mut Compiler<'_>, seats: &[(usize, String)]) -> Conducted {
    let scenario = compiler.scenario;
    for strategy in &scenario.bargaining.strategies {
        let name = &strategy.actor;
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
    let mut conducted = Conducted::default();
    for (_, seat) in seats {
        behave(compiler, seat, seats, &mut conducted);
    }
    let scripted = conducted
        .manners
        .iter()
        .any(|manner| manner.offers.kind.name == "script");
    if let (true, Some(calendar)) = (scripted, &scenario.calendar) {
        let found = Diagnostic::error(
            calendar.span.clone(),
            "a script cannot be played over a calendar",
        )
        .label("expected a single session about everything");
        compiler.faults.push(found);
    }
    conducted
}

/// One signatory.
fn behave(
    compiler: &mut Compiler<'_>,
    seat: &str,
    seats: &[(usize, String)],
    conducted: &mut Conducted,
) {
    let strategies = &compiler.scenario.bargaining.strategies;
    let written: Option<&Strategy> = strategies.iter().find(|s| s.actor.value == seat);
    let end = compiler.scenario.bargaining.span.clone();
    let span = written.map_or(end, |strategy| strategy.actor.span.clone());
    announce(compiler, seat, seats);
    let mut choose = |which: usize,
                      all: Vec<&'static Kind>|
     -> (Option<usize>, Option<&'static Kind>) {
        let key = STRATEGY_KEYS[which];
        let address = format!("bargaining.strategies.{seat}.{key}");
        let patches = compiler.patches.get(&address);
        let patch = patches.and_then(|patches| patches.last().copied());
        let own = written.and_then(|strategy| strategy.kinds[which].as_ref());
        let default = DEFAULTS[which].to_string();
        let (name, span, origin): (&str, Span, Origin) = match (patch, own) {
            (
                Some(Patch {
                    formula, origin, ..
                }),
                _,
            ) => (&formula.text, formula.span.clone(), *origin),
            (None, Some(own)) => (&own.value, own.span.clone(), Origin::File),
            (None, None) => (&default, span.clone(), Origin::File),
        };
        let find = |name: &str| all.iter().position(|kind| kind.name == name);
        let base = patch.and(own).and_then(|own| find(&own.value));
        let found = find(name.trim());
        if found.is_none() {
            let names: Vec<&str> = all.iter().map(|kind| kind.name).collect();
            let found = Diagnostic::error(span, format!("`{name}` is not a way to fill `{key}`"))
                .label(format!("expected one of {}", names.join(", ")))
                .did_you_mean(name, names);
            compiler.report_at(origin, found);
        }
        (found, base.map(|base| all[base]))
    };
    let (offers, offered) = choose(0, OFFERS.iter().map(|kind| &kind.kind).collect());
    let (accepts, accepted) = choose(1, ACCEPTANCES.iter().map(|kind| &kind.kind).collect());
    let (model, modelled) = choose(2, OPPONENT_MODELS.iter().map(|kind| &kind.kind).collect());
    let (Some(offers), Some(accepts), Some(model)) = (offers, accepts, model) else {
        return;
    };
    let (offers, accepts, model) = (OFFERS[offers], ACCEPTANCES[accepts], OPPONENT_MODELS[model]);
    let kinds = [&offers.kind, &accepts.kind, &model.kind];
    let wanted = Wanted {
        kinds: kinds.to_vec(),
        base: [offered, accepted, modelled]
            .into_iter()
            .flatten()
            .collect(),
        others: all_kinds().collect(),
        address: format!("bargaining.strategies.{seat}"),
        written: written.map_or(&[], |strategy| &strategy.settings),
        span,
    };
    wanted.refuse_others(compiler);
    let slots = kinds.map(|kind| {
        let slots = wanted.resolve(compiler, kind, seats);
        conducted.numbers.extend_from_slice(&slots);
        slots.len()
    });
    conducted.manners.push(Manner {
        offers,
        accepts,
        model,
        slots,
    });
}

/// The addresses of every setting of every kind: a variant may change the kind, too.
fn announce(compiler: &mut Compiler<'_>, seat: &str, seats: &[(usize, String)]) {
    let address = format!("bargaining.strategies.{seat}");
    for key in STRATEGY_KEYS {
        compiler.addresses.insert(format!("{address}.{key}"));
    }
    for setting in all_kinds().flat_map(|kind| kind.settings) {
        super::settings::announce_one(compiler, &address, setting, seats);
    }
}

/// Everything a part of a strategy can be.
fn all_kinds() -> impl Iterator<Item = &'static Kind> {
    let offers = OFFERS.iter().map(|kind| &kind.kind);
    let accepts = ACCEPTANCES.iter().map(|kind| &kind.kind);
    let models = OPPONENT_MODELS.iter().map(|kind| &kind.kind);
    offers.chain(accepts).chain(models)
}
