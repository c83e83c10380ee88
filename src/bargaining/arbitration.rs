//! A rule becomes a protocol by arbitration: the arbitrator picks the deal that the rule scores best.

use super::ballot::Ballot;
use super::desk::Desk;
use super::outcome::{Ending, Outcome};
use super::protocol::Protocol;
use super::refine::{self, FINEST, Goal};
use super::scout::Scout;
use super::stakes::Negotiation;

/// How one solution concept scores deals.
pub(super) trait Rule: Send + Sync {
    /// Leaves on the ballot the deals that the rule cannot tell from the best.
    fn elect(&self, power: &[f64], ballot: &mut Ballot);

    /// Cuts the frontier to the part that can hold the winner; false to leave it whole. Whether
    /// it cuts never changes the winner.
    fn narrow(&self, _power: &[f64], _scout: &mut Scout<'_>) -> bool {
        false
    }

    /// How finely ranges are worth resolving, as a share of them: a smooth score is flat at its top.
    fn finest(&self) -> f64 {
        FINEST
    }

    /// Whether it measures gains against the ideal, so that ranges need an exact one.
    fn needs_ideal(&self) -> bool {
        false
    }
}

/// A rule, arbitrated. Its settings are the seats' power.
pub(super) struct Arbitration<R>(pub R);

impl<R: Rule> Protocol for Arbitration<R> {
    fn negotiate(&self, negotiation: &mut Negotiation<'_>, desk: &mut Desk) -> Outcome {
        match self.arbitrate(negotiation, desk, true) {
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
        narrows: bool,
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
        if let Some(close) = &negotiation.shape.close {
            let goal = Ruled {
                rule: &self.0,
                power,
            };
            return refine::settle(negotiation, desk, close, &goal, self.0.needs_ideal());
        }
        if narrows && self.0.needs_ideal() {
            desk.find_ideal(negotiation)?;
        }
        let mut scout = desk.scout(negotiation.shape, negotiation.parties.reservation);
        let is_cut = narrows && self.0.narrow(power, &mut scout);
        desk.canvass(negotiation)?;
        if !is_cut {
            desk.ballot.take_ideal();
        }
        self.0.elect(power, &mut desk.ballot);
        if desk.ballot.is_tied() {
            desk.know_ideal(negotiation)?;
            desk.ballot.break_tie();
        }
        match desk.ballot.alive.first() {
            Some(&winner) => Ok(desk.settle(negotiation.shape, winner, 0)),
            None => Err(Ending::NoZone),
        }
    }
}

/// The goal of a search for the rule's deal.
struct Ruled<'r> {
    rule: &'r dyn Rule,
    power: &'r [f64],
}

impl Goal for Ruled<'_> {
    fn finest(&self) -> f64 {
        self.rule.finest()
    }

    fn elect(&self, ballot: &mut Ballot) {
        self.rule.elect(self.power, ballot);
        ballot.break_tie();
    }
}
