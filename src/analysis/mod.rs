//! Summaries to findings: what the runs say about a claim or a difference, with its own uncertainty.

mod claim;
mod evidence;
mod grouped;
mod reader;
mod verdict;

pub use claim::{Aggregate, Claim, Claims, Measure, Relation, Side};
pub use evidence::Evidence;
pub use grouped::{Contrast, Grouped};
pub use verdict::{Finding, Verdict, judge};
