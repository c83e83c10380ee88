//! One run after one session, as it is reported: how it ended so far and one number per variable.

use crate::model::Ended;

/// One row of the raw output, borrowed from the worker that played it.
#[derive(Debug, Clone, Copy)]
pub struct Record<'r> {
    /// The index of the run.
    pub run: u64,
    /// Which play of its world, from 0.
    pub play: u32,
    /// The session after which this is how things stand, from 1.
    pub session: u32,
    /// Whether the session is one of those the scenario reports.
    pub is_reported: bool,
    /// Whether it is the last session.
    pub is_last: bool,
    /// How it ended.
    pub ended: Ended,
    /// Why it could not be played; only with [`Ended::Unplayable`].
    pub reason: Option<&'static str>,
    /// One number per [`crate::model::Variable`]; NaN = does not apply.
    pub values: &'r [f64],
}
