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

/// Two tallies side by side.
impl<A: Tally, B: Tally> Tally for (A, B) {
    fn add(&mut self, record: &Record<'_>) {
        self.0.add(record);
        self.1.add(record);
    }

    fn merge(&mut self, later: (A, B)) {
        self.0.merge(later.0);
        self.1.merge(later.1);
    }
}
