//! The plan for looking closely at the ranges around one deal: levels stay, ranges get a fine grid.

use super::plan::{Plan, Scopes};
use super::shape::IssueSketch;

/// A plan in which issues with levels have one and ranges a few, and how its tables are cut out.
#[derive(Debug)]
pub(super) struct Close {
    pub plan: Plan,
    pub factors: Vec<Slice>,
    pub rules: Vec<Slice>,
    /// The issues that are ranges.
    pub ranges: Vec<usize>,
    /// Points per range.
    pub points: usize,
}

/// How one table over all levels becomes one over the ranges alone.
#[derive(Debug)]
pub(super) struct Slice {
    /// Whether it reads a range, so that a new grid means new values.
    pub moves: bool,
    /// Entries of the table over all levels.
    pub size: usize,
    /// Per entry of the small table: where it stands in the large one at level 0 of all others.
    pub offsets: Vec<u32>,
    /// Issues with levels, and what one level adds to the place.
    pub anchors: Vec<(usize, usize)>,
}

impl Close {
    pub fn new(
        issues: &[IssueSketch],
        scopes: &Scopes,
        whole: &Plan,
        plan: Plan,
        points: usize,
    ) -> Close {
        let slices = |scopes: &[Vec<usize>]| -> Vec<Slice> {
            scopes
                .iter()
                .map(|scope| Slice::new(issues, scope, whole, &plan))
                .collect()
        };
        Close {
            factors: slices(&scopes.factors),
            rules: slices(&scopes.rules),
            ranges: (0..issues.len())
                .filter(|&issue| issues[issue].is_range())
                .collect(),
            points,
            plan,
        }
    }
}

impl Slice {
    fn new(issues: &[IssueSketch], scope: &[usize], whole: &Plan, near: &Plan) -> Slice {
        let mut size = 1;
        let mut anchors = vec![];
        let mut offsets = vec![0_u32];
        for &issue in scope.iter().rev() {
            if issues[issue].is_range() {
                let steps = 0..near.levels[issue] as u32;
                let stride = size as u32;
                let shifted = |step: u32| offsets.iter().map(move |offset| offset + step * stride);
                offsets = steps.flat_map(shifted).collect();
                size *= near.levels[issue];
            } else {
                anchors.push((issue, size));
                size *= whole.levels[issue];
            }
        }
        Slice {
            moves: scope.iter().any(|&issue| issues[issue].is_range()),
            size,
            offsets,
            anchors,
        }
    }

    /// Where the entry at level 0 of every range stands, at this deal's levels.
    pub fn base(&self, deal: &[f64]) -> usize {
        self.anchors
            .iter()
            .map(|&(issue, stride)| deal[issue] as usize * stride)
            .sum()
    }
}
