//! What signatories know of each other's reservation values. Beliefs are another game: decisions follow
//! from what is believed, payoffs from what is true.
//!
//! Harsanyi (1967), "Games with incomplete information played by Bayesian players".

use super::desk::Desk;
use super::outcome::{Ending, Outcome};
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
    /// Per seat: equally likely reservation values, rising; empty where nobody knows the prior alone.
    pub priors: &'w [Vec<f64>],
}

impl<'w> Beliefs<'w> {
    /// What a seat takes everybody's reservation value for.
    pub(super) fn of(&self, seat: usize) -> &'w [f64] {
        let seats = self.common.len();
        &self.taken[seat * seats..(seat + 1) * seats]
    }

    /// How likely a seat is to accept a utility, by its prior.
    pub(super) fn acceptance(&self, seat: usize, utility: f64, epsilon: f64) -> f64 {
        let values = &self.priors[seat];
        let count = values.len() as f64;
        let below = values.partition_point(|value| *value <= utility + epsilon);
        // Between two values the distribution is taken to be even: half a value lies below the first.
        let share = |place: usize| (place as f64 + 0.5) / count;
        match (below.checked_sub(1), values.get(below)) {
            (None, _) => 0.0,
            (Some(_), None) => 1.0,
            (Some(last), Some(next)) => {
                let gap = next - values[last];
                let way = ((utility - values[last]) / gap).clamp(0.0, 1.0);
                share(last) + way / count
            }
        }
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
