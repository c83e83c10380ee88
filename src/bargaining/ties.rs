//! Deals read one by one: what follows from the issues that are told, and whether rules allow it.

use super::shape::Shape;
use super::tables::Tables;

/// Levels below which issues that follow from others stay.
const UNKNOWN: u32 = u32::MAX;

/// Where a table over this scope is read for these levels.
#[inline]
pub(super) fn place(scope: &[usize], sizes: &[usize], levels: &[u32]) -> usize {
    scope.iter().fold(0, |place, &issue| {
        place * sizes[issue] + levels[issue] as usize
    })
}

/// Finds the issues that follow from the others; false if one of them has no level left.
pub(super) fn follow(shape: &Shape, tables: &Tables, levels: &mut [u32]) -> bool {
    let plan = &shape.plan;
    let free = levels.len() - shape.ties.len();
    levels[free..].fill(UNKNOWN);
    for tie in &shape.ties {
        let scope = &shape.scopes.rules[tie.rule];
        let mask = &tables.masks[plan.rules[tie.rule]..plan.rules[tie.rule + 1]];
        let allowed = (0..plan.levels[tie.issue] as u32).find(|&level| {
            levels[tie.issue] = level;
            mask[place(scope, &plan.levels, levels)]
        });
        if allowed.is_none() {
            return false;
        }
    }
    true
}

/// Completes a deal by the issues that follow from those told; false if a rule forbids it.
pub(super) fn complete(shape: &Shape, tables: &Tables, levels: &mut [u32]) -> bool {
    let plan = &shape.plan;
    if !follow(shape, tables, levels) {
        return false;
    }
    shape.scopes.rules.iter().enumerate().all(|(rule, scope)| {
        let mask = &tables.masks[plan.rules[rule]..plan.rules[rule + 1]];
        mask[place(scope, &plan.levels, levels)]
    })
}
