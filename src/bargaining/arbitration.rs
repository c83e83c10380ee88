//! A rule becomes a protocol by arbitration: the arbitrator picks the deal that the rule scores best.

use super::ballot::Ballot;
use super::desk::Desk;
use super::outcome::{Ending, Outcome};
use super::protocol::Protocol;
use super::stakes::Negotiation;

/// How one solution concept scores deals.
pub(super) trait Rule: Send + Sync {
    /// Leaves on the ballot the deals that the rule cannot tell from the best.
    fn elect(&self, power: &[f64], ballot: &mut Ballot);
}

/// A rule, arbitrated. Its settings are the seats' power.
pub(super) struct Arbitration<R>(pub R);

impl<R: Rule> Protocol for Arbitration<R> {
    fn negotiate(&self, negotiation: &mut Negotiation<'_>, desk: &mut Desk) -> Outcome {
        match self.arbitrate(negotiation, desk) {
            Ok(outcome) => outcome,
            Err(ending) => Outcome::at_once(ending),
        }
    }
}

impl<R: Rule> Arbitration<R> {
    fn arbitrate(
        &self,
        negotiation: &mut Negotiation<'_>,
        desk: &mut Desk,
    ) -> Result<Outcome, Ending> {
        let power = negotiation.settings;
        if !power.iter().all(|power| (0.0..=1e9).contains(power))
            || !(power.iter().sum::<f64>() > 0.0)
        {
            return Err(Ending::Unplayable(
                "bargaining power is not a positive number",
            ));
        }
        desk.open(negotiation)?;
        desk.uncut(&negotiation.parties);
        desk.canvass(negotiation)?;
        desk.ballot.take_ideal();
        self.0.elect(power, &mut desk.ballot);
        desk.ballot.break_tie();
        match desk.ballot.alive.first() {
            Some(&winner) => Ok(desk.settle(negotiation.shape, winner, 0)),
            None => Err(Ending::NoZone),
        }
    }
}
