//! Rules that together forbid every deal, and the smallest set of them that does.

use super::compiler::Compiler;
use super::{Model, RuleSource};
use crate::bargaining::{
    Desk, Ending, Grid, IssueSketch, Negotiation, Party, Shape, Sketch, Stakes, frontier,
};
use crate::scenario::Diagnostic;

/// Report rules that forbid everything. Rules that depend on the world are left out, and so is what
/// vetoes and those at home refuse: that is a result, not a fault.
pub(super) fn report(compiler: &mut Compiler<'_>, model: &Model) {
    let fixed: Vec<usize> = (0..model.rules.len())
        .filter(|rule| model.rules[*rule].column.is_fixed())
        .filter(|rule| matches!(model.rules[*rule].source, RuleSource::Written(_)))
        .collect();
    if fixed.is_empty() || leaves_a_deal(model, &fixed) {
        return;
    }
    // Deletion filter: what can be left out without freeing a deal is not to blame.
    let mut blamed = fixed;
    let mut next = 0;
    while next < blamed.len() {
        let mut fewer = blamed.clone();
        fewer.remove(next);
        if leaves_a_deal(model, &fewer) {
            next += 1;
        } else {
            blamed = fewer;
        }
    }
    let scenario = compiler.scenario;
    let span = |rule: &usize| match model.rules[*rule].source {
        RuleSource::Written(rule) => Some(scenario.rules[rule].require.span.clone()),
        _ => None,
    };
    let mut written: Vec<crate::scenario::Span> = blamed.iter().filter_map(span).collect();
    written.sort_by_key(|span| span.start);
    written.dedup();
    let Some((first, others)) = written.split_first() else {
        return;
    };
    let message = match others.len() {
        0 => "this rule forbids every deal".to_string(),
        _ => "these rules together forbid every deal".to_string(),
    };
    let mut found = Diagnostic::error(first.clone(), message).label("no deal satisfies it");
    for other in others {
        found = found.note(other.clone(), "nor it together with this one");
    }
    compiler.faults.push(found);
}

/// Whether some deal satisfies all of these rules (on the grid, for ranges).
fn leaves_a_deal(model: &Model, rules: &[usize]) -> bool {
    let levels = |values: &Vec<f64>| IssueSketch::Levels(values.clone());
    let sketch = Sketch {
        issues: model.axes.iter().map(levels).collect(),
        seats: 1,
        ties: Vec::new(),
        factors: Vec::new(),
        rules: rules
            .iter()
            .map(|rule| model.rules[*rule].column.scope().to_vec())
            .collect(),
    };
    let Ok(shape) = Shape::new(sketch) else {
        return true;
    };
    let mut stakes = RulesAlone {
        world: super::World::new(model, model.laws.len()),
        rules,
    };
    let mut negotiation = Negotiation::new(
        &shape,
        &mut stakes,
        Party {
            reservation: &[0.0],
            discount: &[1.0],
            risk: &[1.0],
        },
        &[],
    );
    let mut desk = Desk::new(&shape);
    !matches!(
        frontier(&mut negotiation, &mut desk).ending,
        Some(Ending::NoZone)
    )
}

/// A world in which nobody wants anything: only rules count.
struct RulesAlone<'m> {
    world: super::World<'m>,
    rules: &'m [usize],
}

impl Stakes for RulesAlone<'_> {
    fn factor(&mut self, _: usize, _: &Grid, out: &mut [f64]) {
        out.fill(0.0);
    }

    fn rule(&mut self, which: usize, grid: &Grid, out: &mut [bool]) {
        self.world.rule(self.rules[which], grid, out);
    }
}
