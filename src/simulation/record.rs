//! One run as it is reported: how it ended and one number per variable.

use serde::{Deserialize, Serialize};

/// One row of the raw output, borrowed from the worker that played it.
#[derive(Debug, Clone, Copy)]
pub struct Record<'r> {
    /// The index of the run.
    pub run: u64,
    /// How it ended.
    pub ended: Ended,
    /// Why it could not be played; only with [`Ended::Unplayable`].
    pub reason: Option<&'static str>,
    /// The last session that was held, from 1.
    pub session: u32,
    /// One number per [`crate::model::Variable`]; NaN = does not apply.
    pub values: &'r [f64],
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Ended {
    /// The signatories agreed on a deal.
    Agreement,
    /// No deal left everybody at least as well off as its reservation value.
    NoDeal,
    /// Talks broke down.
    Breakdown,
    /// The last round passed without agreement.
    Deadline,
    /// The last offer was refused.
    Rejected,
    /// The run could not be played (a NaN utility, say).
    Unplayable,
}

impl Ended {
    /// Every ending, in the order reports list them.
    pub const ALL: [Ended; 6] = [
        Ended::Agreement,
        Ended::NoDeal,
        Ended::Breakdown,
        Ended::Deadline,
        Ended::Rejected,
        Ended::Unplayable,
    ];

    /// The word that stands in the column `ended`.
    pub fn name(self) -> &'static str {
        match self {
            Ended::Agreement => "agreement",
            Ended::NoDeal => "no_deal",
            Ended::Breakdown => "breakdown",
            Ended::Deadline => "deadline",
            Ended::Rejected => "rejected",
            Ended::Unplayable => "unplayable",
        }
    }
}
