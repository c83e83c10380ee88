//! Whatever adds up: `add` a run, `merge` what later runs added up to.

use super::Record;

/// Something runs add up to.
pub trait Tally: Send {
    /// Take one run in.
    fn add(&mut self, record: &Record<'_>);

    /// Take in what the runs after mine added up to.
    fn merge(&mut self, later: Self)
    where
        Self: Sized;
}
