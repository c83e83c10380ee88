//! What signatories know of each other's reservation values. Beliefs are another game: decisions follow
//! from what is believed, payoffs from what is true.
//!
//! Harsanyi (1967), "Games with incomplete information played by Bayesian players".

use super::desk::Desk;
use super::outcome::{Ending, Outcome};
use super::prior::Prior;
use super::protocol::Protocol;
use super::stakes::{Negotiation, Party};

/// How much a signatory knows of the others' reservation values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Knows {
    /// What they are.
    All,
    /// What they are, give or take an error.
    Roughly,
    /// How they are distributed.
    Prior,
}

/// What the signatories of one table believe, in one world.
#[derive(Debug, Clone, Copy)]
pub struct Beliefs<'w> {
    /// Per seat.
    pub knows: &'w [Knows],
    /// Seat after seat, what it takes every seat's reservation value for; where it knows the prior
    /// alone, the lowest it may be.
    pub taken: &'w [f64],
    /// What the others, on average, take each seat's reservation value for.
    pub common: &'w [f64],
    /// Per seat, how its reservation value is distributed; empty where nobody asks.
    pub priors: &'w [Prior],
}

impl<'w> Beliefs<'w> {
    /// What a seat takes everybody's reservation value for.
    pub(super) fn of(&self, seat: usize) -> &'w [f64] {
        let seats = self.common.len();
        &self.taken[seat * seats..(seat + 1) * seats]
    }

    /// How likely a seat is to accept a utility, by its prior.
    pub(super) fn acceptance(&self, seat: usize, utility: f64, epsilon: f64) -> f64 {
        self.priors[seat].at_most(utility + epsilon)
    }
}

/// Plays the protocol in the game that the table believes in; a signatory whose true reservation value
/// the deal does not reach refuses to sign.
pub(super) fn negotiate_on_belief(
    protocol: &dyn Protocol,
    negotiation: &mut Negotiation<'_>,
    desk: &mut Desk,
    beliefs: Beliefs<'_>,
) -> Outcome {
    let truth = negotiation.parties;
    let outcome = {
        let mut believed = negotiation.with(Party {
            reservation: beliefs.common,
            ..truth
        });
        protocol.negotiate(&mut believed, desk)
    };
    sign(truth.reservation, desk, outcome)
}

/// Whether everybody signs what was agreed.
pub(super) fn sign(reservation: &[f64], desk: &Desk, outcome: Outcome) -> Outcome {
    let mut floors = desk
        .utilities()
        .iter()
        .zip(reservation)
        .zip(&desk.ballot.epsilon);
    let is_refused = floors.any(|((utility, floor), epsilon)| *utility < floor - epsilon);
    match outcome.ending {
        Ending::Agreement if is_refused => Outcome {
            ending: Ending::Rejected,
            ..outcome
        },
        _ => outcome,
    }
}
