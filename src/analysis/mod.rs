//! Summaries to findings: what the runs say about a claim, with its own uncertainty.

mod claim;
mod evidence;
mod reader;
mod verdict;

pub use claim::{Aggregate, Claim, Claims, Measure, Relation, Side};
pub use evidence::Evidence;
pub use verdict::{Finding, Verdict, judge};
