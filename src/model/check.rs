//! What only worlds reveal: formulas that are no numbers, weights that are all zero, values off their scale.

use super::compiler::Compiler;
use super::probe::Place;
use super::world::World;
use super::{Luck, Model, conflict};
use crate::expression::{Code, Column, NodeId};
use crate::scenario::{Diagnostic, Diagnostics, Formula, StakeValue};
use crate::uncertainty::{Purpose, Stream};

/// Worlds looked at before a scenario is played.
const WORLDS: u64 = 128;

/// Their seed: any will do, but always the same.
const SEED: u64 = 0;

/// Tables with more rows are not looked at: a measure may read every issue there is.
const ROWS: f64 = 20_000.0;

/// Look at sampled worlds and report what they reveal.
pub(super) fn worlds(compiler: &mut Compiler<'_>, model: &Model) {
    let watched = Watched::new(compiler, model);
    let mut world = World::new(model, model.laws.len());
    let mut counts = vec![Count::default(); watched.formulas.len()];
    for run in 0..WORLDS {
        world.open_first(Stream::new(SEED, Purpose::World, run));
        watched.look(&mut world, &mut counts);
    }
    for ((place, id), count) in watched.formulas.iter().zip(&counts) {
        // What a broken formula breaks in turn is not at fault itself.
        let broken = |other: NodeId| {
            let seen = watched.formulas.iter().zip(&counts);
            seen.into_iter()
                .any(|((_, id), count)| *id == other && count.broken > 0)
        };
        let follows = || model.graph.reaches(*id, &broken);
        if let Some(found) = count.finding(place).filter(|_| !follows()) {
            compiler.report_at(place.origin, found);
        }
    }
    parties(compiler, model, &mut world);
    weights(compiler, &watched, &counts);
    world.median();
    spans(compiler, model, &watched, &mut world);
    conflict::report(compiler, model);
    play(compiler, model);
}

/// Worlds played before it is said that none can be.
const PLAYED: u64 = 3;

/// Plays the first session of a few worlds: if none of them can be played, says why. A scenario at fault
/// has been told why already.
fn play(compiler: &mut Compiler<'_>, model: &Model) {
    if compiler.faults.has_errors() || compiler.arguments.values().any(Diagnostics::has_errors) {
        return;
    }
    let mut world = World::new(model, model.laws.len());
    let mut why = None;
    for run in 0..PLAYED {
        let luck = Luck {
            seed: SEED,
            run,
            play: 0,
        };
        world.draw(Stream::new(SEED, Purpose::World, run));
        world.begin();
        world.happen(&luck, 1, &mut ());
        world.meet(&luck, &mut ());
        match world.ended().1 {
            Some(reason) => why = Some(reason),
            None => return,
        }
    }
    if let Some(reason) = why {
        let span = compiler.scenario.bargaining.protocol.span.clone();
        let protocol = model.protocol_kind.kind.name;
        let message = format!("no sampled run can be played by `{protocol}`");
        let found = Diagnostic::warning(span, message).label(reason);
        compiler.faults.push(found);
    }
}

/// Every formula that can be looked at before a run, and how.
struct Watched {
    formulas: Vec<(Place, NodeId)>,
    code: Code,
    columns: Vec<Option<(Column, usize)>>,
}

/// What was seen of one formula.
#[derive(Debug, Clone, Default)]
struct Count {
    worlds: u64,
    broken: u64,
    example: f64,
    nonzero: bool,
}

impl Watched {
    fn new(compiler: &Compiler<'_>, model: &Model) -> Watched {
        let graph = &model.graph;
        let formulas: Vec<(Place, NodeId)> = compiler
            .built
            .iter()
            .filter(|(_, id)| !graph.needs(*id).outcome && rows(model, *id) <= ROWS)
            .cloned()
            .collect();
        let columns: Vec<Option<(Column, usize)>> = formulas
            .iter()
            .map(|(_, id)| {
                let scope = graph.scope(*id);
                let rows = rows(model, *id) as usize;
                (!scope.is_empty()).then(|| (Column::new(graph, *id, scope), rows))
            })
            .collect();
        let plain = formulas
            .iter()
            .map(|(_, id)| *id)
            .filter(|id| graph.needs(*id).issues == 0);
        let inner = columns
            .iter()
            .flatten()
            .flat_map(|(column, _)| column.registers());
        let code = Code::new(graph, plain.chain(inner), |_| false);
        Watched {
            formulas,
            code,
            columns,
        }
    }

    fn look(&self, world: &mut World<'_>, counts: &mut [Count]) {
        world.run(&self.code);
        for (((_, id), column), count) in self.formulas.iter().zip(&self.columns).zip(counts) {
            let values = match column {
                None => vec![world.register(*id)],
                Some((column, rows)) => world.column(column, *rows),
            };
            count.worlds += 1;
            count.nonzero |= values.iter().any(|value| *value != 0.0);
            if let Some(broken) = values.iter().find(|value| !value.is_finite()) {
                count.broken += 1;
                count.example = *broken;
            }
        }
    }
}

/// Rows of the table of a formula over all issues it reads.
fn rows(model: &Model, id: NodeId) -> f64 {
    let scope = model.graph.scope(id);
    scope
        .iter()
        .map(|issue| model.axis(*issue).len() as f64)
        .product()
}

impl Count {
    fn finding(&self, place: &Place) -> Option<Diagnostic> {
        if self.broken == 0 {
            return None;
        }
        let what = if self.example.is_nan() {
            "not a number"
        } else {
            "infinite"
        };
        let range = 0..place.formula.text.len();
        let span = place.formula.place(range);
        let found = if self.broken == self.worlds {
            Diagnostic::error(span, format!("this formula is {what}"))
                .label("in every sampled world")
        } else {
            Diagnostic::warning(span, format!("this formula is {what} in some worlds")).label(
                format!("in {} of {} sampled worlds", self.broken, self.worlds),
            )
        };
        Some(found.help("keep logarithms, roots and divisors in their range with `max` or `clamp`"))
    }
}

/// Discount factors and risk exponents stay where they mean something.
fn parties(compiler: &mut Compiler<'_>, model: &Model, world: &mut World<'_>) {
    let mut broken = vec![[0u64; 2]; model.seats.len()];
    for run in 0..WORLDS {
        world.open_first(Stream::new(SEED, Purpose::World, run));
        for (party, broken) in model.parties.iter().zip(&mut broken) {
            let discount = world.register(party.discount);
            let risk = world.register(party.risk);
            broken[0] += u64::from(!(0.0..=1.0).contains(&discount));
            broken[1] += u64::from(!(risk > 0.0 && risk.is_finite()));
        }
    }
    for ((actor, _), counts) in model.seats.iter().zip(broken) {
        let actor = &compiler.scenario.actors[*actor];
        let keys = [
            (&actor.discount, "a discount factor", "between 0 and 1"),
            (&actor.risk, "a risk exponent", "above 0"),
        ];
        for ((formula, what, expected), count) in keys.into_iter().zip(counts) {
            let (Some(formula), true) = (formula, count > 0) else {
                continue;
            };
            let message = format!("{what} must be {expected}");
            let label = format!("it is not, in {count} of {WORLDS} sampled worlds");
            let span = formula.span.clone();
            let found = if count == WORLDS {
                Diagnostic::error(span, message)
            } else {
                Diagnostic::warning(span, message)
            };
            compiler.faults.push(found.label(label));
        }
    }
}

/// An actor whose weights are all zero wants nothing.
fn weights(compiler: &mut Compiler<'_>, watched: &Watched, counts: &[Count]) {
    let scenario = compiler.scenario;
    let moves = |formula: &Formula| match formula.literal {
        Some(value) => value != 0.0,
        None => (watched.formulas.iter().zip(counts))
            .any(|((place, _), count)| place.formula.address == formula.address && count.nonzero),
    };
    for actor in &scenario.actors {
        let name = &actor.name.value;
        let induced = scenario.inducements.iter().any(|i| i.to.value == *name);
        if actor.stakes.is_empty() || !actor.terms.is_empty() || induced {
            continue;
        }
        let patched = |formula: &Formula| compiler.patches.contains_key(&formula.address);
        if !actor
            .stakes
            .iter()
            .any(|stake| moves(&stake.weight) || patched(&stake.weight))
        {
            let span = actor.stakes[0].weight.span.clone();
            let found = Diagnostic::error(span, format!("the weights of `{name}` are all zero"))
                .label("expected at least one weight above zero");
            compiler.faults.push(found);
        }
    }
}

/// Weights compare only if every value function spans the same scale.
fn spans(compiler: &mut Compiler<'_>, model: &Model, watched: &Watched, world: &mut World<'_>) {
    let scenario = compiler.scenario;
    world.run(&watched.code);
    for stake in scenario.actors.iter().flat_map(|actor| &actor.stakes) {
        let value = |formula: &Formula| match formula.literal {
            Some(value) => vec![value],
            None => {
                let found = watched.formulas.iter().zip(&watched.columns);
                let mut found =
                    found.filter(|((place, _), _)| place.formula.address == formula.address);
                match found.next_back() {
                    Some((_, Some((column, rows)))) => world.column(column, *rows),
                    Some(((_, id), None)) => vec![world.register(*id)],
                    None => Vec::new(),
                }
            }
        };
        let (values, span): (Vec<f64>, _) = match &stake.value {
            StakeValue::Formula(formula) => (with(value, [formula]), formula.span.clone()),
            StakeValue::List(entries) => {
                let start = entries.first().map_or(0, |e| e.span.start);
                let end = entries.last().map_or(0, |e| e.span.end);
                (with(value, entries), start..end)
            }
            StakeValue::ByLevel(entries) => {
                let start = entries.first().map_or(0, |(name, _)| name.span.start);
                let end = entries.last().map_or(0, |(_, e)| e.span.end);
                (with(value, entries.iter().map(|(_, e)| e)), start..end)
            }
        };
        let low = values.iter().copied().fold(f64::INFINITY, f64::min);
        let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let issue = &stake.issue.value;
        let single = compiler
            .issue_index(issue)
            .is_some_and(|i| model.axis(i).len() < 2);
        if !low.is_finite() || single || (low.abs() < 0.5 && (high - 100.0).abs() < 0.5) {
            continue;
        }
        let found = Diagnostic::warning(span, format!("the values of `{issue}` do not span 0 to 100"))
            .label(format!("they span {} to {}", short(low), short(high)))
            .help("score the worst level 0 and the best 100, or weights do not compare; what is not a weighted score belongs in terms");
        compiler.faults.push(found);
    }
}

fn with<'f>(
    mut value: impl FnMut(&Formula) -> Vec<f64>,
    formulas: impl IntoIterator<Item = &'f Formula>,
) -> Vec<f64> {
    formulas.into_iter().flat_map(&mut value).collect()
}

fn short(value: f64) -> String {
    let rounded = (value * 100.0).round() / 100.0;
    format!("{rounded}")
}
