//! How large a scenario is: what `check` tells before anything is played.

use super::Model;

/// The size of a model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Size {
    /// Deals, allowed or not; a range counts with the points of its grid.
    pub deals: f64,
    /// Issues.
    pub issues: usize,
    /// Ranges among them.
    pub ranges: usize,
    /// Signatories.
    pub seats: usize,
    /// Summands of all signatories' utilities.
    pub factors: usize,
    /// Rules, split at `and`.
    pub rules: usize,
    /// Open quantities: distributions drawn per run.
    pub open: usize,
    /// Entries of all elimination tables: what a run looks at at least.
    pub work: usize,
}

impl Model {
    /// How large it is.
    pub fn size(&self) -> Size {
        Size {
            deals: self.shape().deals(),
            issues: self.pieces.issues.len(),
            ranges: self
                .pieces
                .issues
                .iter()
                .filter(|issue| issue.values.is_empty())
                .count(),
            seats: self.seats.len(),
            factors: self.whole.factors.len(),
            rules: self.whole.rules.len(),
            open: self.drawn.iter().flatten().count(),
            work: self.shape().work(),
        }
    }
}
