//! How a negotiation ended.

/// The end of one negotiation. The settled deal itself lies on the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// In what way it ended.
    pub ending: Ending,
    /// In which round, counted from 0.
    pub round: u32,
}

/// In what way a negotiation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// On a deal.
    Agreement,
    /// No allowed deal is individually rational for every seat.
    NoZone,
    /// Time ran out.
    Deadline,
    /// Talks broke down.
    Breakdown,
    /// Somebody had nothing to offer.
    WalkedAway,
    /// A party took its outside option.
    OptedOut,
    /// An offer was refused.
    Rejected,
    /// Rules forbid the deal that was forecast.
    Forbidden,
    /// It could not be played, for this reason.
    Unplayable(&'static str),
}

/// One deal of a lottery.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Lot {
    /// Its probability.
    pub share: f64,
    /// The deal, as on [`super::Desk::deal`].
    pub deal: Vec<f64>,
    /// What it gives each seat.
    pub utilities: Vec<f64>,
}

impl Outcome {
    pub(super) fn at_once(ending: Ending) -> Outcome {
        Outcome { ending, round: 0 }
    }
}
