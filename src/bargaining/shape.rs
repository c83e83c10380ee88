//! The shape of a bargaining problem: what is the same in every world. Issues, which seats care
//! about which of them together, what is forbidden, and the order in which issues are eliminated.

use super::close::Close;
use super::plan::{Plan, Scopes};
use std::sync::atomic::{AtomicU64, Ordering};
use thiserror::Error;

/// A bargaining problem as the model describes it, before any number is known.
#[derive(Debug, Clone, Default)]
pub struct Sketch {
    /// What is on the table.
    pub issues: Vec<IssueSketch>,
    /// The last issues, as many as there are ties, follow from the others by rules: no two deals differ
    /// in them alone. Each tie finds its issue once those of the ties before are known.
    pub ties: Vec<Tie>,
    /// How many parties must agree.
    pub seats: usize,
    /// Utilities are sums of these.
    pub factors: Vec<FactorSketch>,
    /// The issues each rule reads, sorted.
    pub rules: Vec<Vec<usize>>,
}

/// What one issue can be.
#[derive(Debug, Clone)]
pub enum IssueSketch {
    /// The numeric value of each level; 0, 1, 2, ... where levels only have names.
    Levels(Vec<f64>),
    /// Every number between two ends.
    Range {
        /// The lower end.
        from: f64,
        /// The upper end.
        to: f64,
    },
}

impl IssueSketch {
    pub(super) fn is_range(&self) -> bool {
        matches!(self, IssueSketch::Range { .. })
    }
}

/// How one issue follows from others.
#[derive(Debug, Clone, Copy)]
pub struct Tie {
    /// The issue.
    pub issue: usize,
    /// The rule that allows one of its levels, whatever the others in its scope are.
    pub rule: usize,
}

/// One summand of one seat's utility.
#[derive(Debug, Clone)]
pub struct FactorSketch {
    /// Whose utility.
    pub seat: usize,
    /// The issues it reads, sorted; none for a constant.
    pub scope: Vec<usize>,
}

/// A problem too large to solve exactly: what is too large, how large, and the limit.
#[derive(Debug, Clone, PartialEq, Error)]
#[error("{what}: {size:.4e} is more than the limit of {limit:.4e}")]
pub struct TooLarge {
    /// What is too large.
    pub what: String,
    /// Its size.
    pub size: f64,
    /// The most there may be.
    pub limit: f64,
}

/// The values behind every level of every issue. Issues with levels always show all of them;
/// ranges show the points that are looked at just now.
#[derive(Debug, Clone)]
pub struct Grid {
    pub(super) values: Vec<Vec<f64>>,
    pub(super) whole: bool,
}

impl Grid {
    /// The values of one issue, lowest first.
    pub fn values(&self, issue: usize) -> &[f64] {
        &self.values[issue]
    }

    /// Whether this is the scenario's own grid, the same in every world, and not a refined one.
    pub fn is_whole(&self) -> bool {
        self.whole
    }
}

/// The structure of a bargaining problem and the plan for solving it. Made once, used in every world.
#[derive(Debug)]
pub struct Shape {
    /// No two shapes have the same.
    pub(super) id: u64,
    pub(super) seats: usize,
    pub(super) issues: Vec<IssueSketch>,
    pub(super) owners: Vec<usize>,
    pub(super) scopes: Scopes,
    pub(super) ties: Vec<Tie>,
    pub(super) grid: Grid,
    pub(super) plan: Plan,
    pub(super) close: Option<Close>,
}

/// The most seats one table can have.
pub const MOST_SEATS: usize = 16;
const MOST_DEALS: f64 = 9.223_372_036_854_775e18;
const COARSE: [usize; 11] = [41, 33, 25, 21, 17, 13, 11, 9, 7, 5, 3];
const COARSE_SLOTS: usize = 5_000;
const NEAR: [usize; 5] = [17, 9, 7, 5, 3];
const NEAR_SLOTS: usize = 750;

impl Shape {
    /// Plans the elimination, or says what is too large for it.
    pub fn new(sketch: Sketch) -> Result<Shape, TooLarge> {
        let Sketch {
            issues,
            ties,
            seats,
            factors,
            rules,
        } = sketch;
        within("seats at one table", seats as f64, MOST_SEATS as f64)?;
        let scopes = Scopes {
            factors: factors.iter().map(|factor| factor.scope.clone()).collect(),
            rules,
        };
        let continuous = issues.iter().any(|issue| issue.is_range());
        let sized = |points: usize, own: bool| -> Vec<usize> {
            let size = |issue: &IssueSketch| match issue {
                IssueSketch::Levels(values) if own => values.len().max(1),
                IssueSketch::Levels(_) => 1,
                IssueSketch::Range { from, to } if from == to => 1,
                IssueSketch::Range { .. } => points,
            };
            issues.iter().map(size).collect()
        };
        // A close look at ranges reads the levels of all others from the deal's index.
        let told = if continuous {
            issues.len()
        } else {
            issues.len() - ties.len()
        };
        let finest = |counts: &[usize], own: bool, most: usize| {
            let (last, finer) = counts.split_last().unwrap_or((&3, &[]));
            let fits = |plan: &Plan| plan.widest() <= most;
            finer
                .iter()
                .filter(|_| continuous)
                .map(|&points| (points, Plan::new(sized(points, own), told, &scopes)))
                .find(|(_, plan)| plan.as_ref().is_ok_and(fits))
                .unwrap_or_else(|| (*last, Plan::new(sized(*last, own), told, &scopes)))
        };
        let (points, plan) = finest(&COARSE, true, COARSE_SLOTS);
        let plan = plan?;
        within("deal space", plan.deals(), MOST_DEALS)?;
        let close = match continuous {
            true => {
                let ranges = issues.iter().filter(|issue| issue.is_range());
                let counts = if ranges.count() == 1 {
                    &NEAR
                } else {
                    &NEAR[1..]
                };
                let (points, near) = finest(counts, false, NEAR_SLOTS);
                Some(Close::new(&issues, &scopes, &plan, near?, points))
            }
            false => None,
        };
        let values = |issue: &IssueSketch| match issue {
            IssueSketch::Levels(values) => values.clone(),
            IssueSketch::Range { from, to } if from == to => vec![*from],
            IssueSketch::Range { from, to } => spread(*from, *to, points),
        };
        let grid = Grid {
            values: issues.iter().map(values).collect(),
            whole: true,
        };
        let owners = factors.iter().map(|factor| factor.seat).collect();
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Ok(Shape {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            seats,
            issues,
            owners,
            scopes,
            ties,
            grid,
            plan,
            close,
        })
    }

    /// How many deals there are, allowed or not; a range counts with the points of its grid.
    pub fn deals(&self) -> f64 {
        self.plan.deals()
    }

    /// How many parties must agree.
    pub fn seats(&self) -> usize {
        self.seats
    }

    /// How many issues are on the table, those that follow from others left out.
    pub fn issues(&self) -> usize {
        self.plan.told
    }

    /// The entries of all elimination tables together: what one run must at least look at.
    pub fn work(&self) -> usize {
        self.plan.slots
    }

    /// The scenario's own grid.
    pub fn grid(&self) -> &Grid {
        &self.grid
    }

    /// Whether an issue is continuous.
    pub fn is_continuous(&self) -> bool {
        self.close.is_some()
    }

    pub(super) fn is_range(&self, issue: usize) -> bool {
        self.issues[issue].is_range()
    }
}

/// Evenly spread points, both ends among them.
pub(super) fn spread(from: f64, to: f64, points: usize) -> Vec<f64> {
    let last = (points - 1) as f64;
    (0..points)
        .map(|point| {
            let share = point as f64 / last;
            from * (1.0 - share) + to * share
        })
        .collect()
}

pub(super) fn within(what: &str, size: f64, limit: f64) -> Result<(), TooLarge> {
    if size <= limit {
        return Ok(());
    }
    Err(TooLarge {
        what: what.to_owned(),
        size,
        limit,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deal_space_beyond_the_index_is_refused() {
        let issues = vec![IssueSketch::Levels(vec![0.0; 10]); 20];
        let fault = Shape::new(Sketch {
            issues,
            seats: 2,
            ..Sketch::default()
        })
        .unwrap_err();
        assert_eq!((fault.what.as_str(), fault.size), ("deal space", 1e20));
    }

    #[test]
    fn scopes_that_couple_too_much_are_refused_before_work() {
        let issues = vec![IssueSketch::Levels(vec![0.0; 10]); 12];
        let factors = vec![FactorSketch {
            seat: 0,
            scope: (0..12).collect(),
        }];
        let fault = Shape::new(Sketch {
            issues,
            seats: 2,
            factors,
            ..Sketch::default()
        })
        .unwrap_err();
        assert_eq!(
            (fault.what.as_str(), fault.size),
            ("table of one factor", 1e12)
        );
    }
}
