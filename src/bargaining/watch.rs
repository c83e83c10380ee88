//! Somebody who follows a negotiation step by step. What happens does not depend on it.

/// Looks on while parties bargain.
pub trait Watch {
    /// One step was taken.
    fn step(&mut self, step: &Step<'_>);
}

/// One step of a negotiation.
#[derive(Debug, Clone, Copy)]
pub struct Step<'s> {
    /// In which round, counted from 0.
    pub round: u32,
    /// Whose step it is.
    pub who: Who,
    /// What is done, as a word after a name: `offers`, `accepts`, `concedes`.
    pub does: &'static str,
    /// The deal it is about, as on [`super::Desk::deal`]; empty if it is about none,
    /// NaN for issues it is not about.
    pub deal: &'s [f64],
    /// What was weighed: the target of an offer, a risk limit, a disagreement point.
    pub figures: &'s [(&'static str, f64)],
}

/// Whose step it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// A signatory.
    Seat(usize),
    /// Any actor with a voice, by its place among the voices.
    Voice(usize),
    /// The mediator, the arbitrator, the clock.
    Nobody,
}
