//! Equal loss: the deal at which everybody's loss against its ideal is most equal and smallest.
//!
//! Leximin of `u_i - a_i`, the ideal `a_i` taken over the individually rational deals; with risk
//! exponents, of `gain_i^risk_i - ideal_i^risk_i`. Chun (1988).

use super::{Needs, ProtocolKind};
use crate::bargaining::arbitration::{Arbitration, Rule};
use crate::bargaining::ballot::{Ballot, bent};
use crate::bargaining::scout::{Scout, Worth};
use crate::catalogue::Kind;

pub(super) const EQUAL_LOSS: ProtocolKind = ProtocolKind {
    kind: Kind {
        name: "equal-loss",
        about: "the most equal losses against what each could have at best",
        reference: "Chun 1988",
        manual: "Each signatory starts from the best deal the others would accept and gives way. The arbitrator \
makes the largest sacrifice as small as possible, then the next largest, and so on. Losses of different signatories \
are compared as they stand, so utilities must be measured in the same unit. Where equal losses would leave somebody \
with less than no agreement, that signatory loses less: nobody signs below its reservation value.",
        settings: &[],
    },
    needs: Needs::ANY,
    build: || Box::new(Arbitration(EqualLoss)),
};

pub(super) struct EqualLoss;

impl Rule for EqualLoss {
    fn has_power(&self) -> bool {
        false
    }

    fn needs_ideal(&self) -> bool {
        true
    }

    fn narrow(&self, _: &[f64], scout: &mut Scout<'_>) -> bool {
        let losses = Losses(scout.ballot);
        scout.smallest(&losses)
    }

    fn side(&self, _: &[f64], ballot: &Ballot, place: u32) -> Option<f64> {
        Losses(ballot).side(ballot.gains(place))
    }

    fn elect(&self, _: &[f64], ballot: &mut Ballot) {
        let losses = |ballot: &Ballot, seat: usize, gain: f64| Some(Losses(ballot).of(seat, gain));
        ballot.keep_leximin(ballot.common_epsilon(), losses);
    }
}

/// Gains less the ideal gains: a loss, counted below zero.
struct Losses<'b>(&'b Ballot);

impl Losses<'_> {
    fn ideal(&self, seat: usize) -> f64 {
        self.0.bent(seat, self.0.ideal[seat])
    }
}

impl Worth for Losses<'_> {
    fn of(&self, seat: usize, gain: f64) -> f64 {
        self.0.bent(seat, gain) - self.ideal(seat)
    }

    fn gain(&self, seat: usize, worth: f64) -> f64 {
        bent(worth + self.ideal(seat), 1.0 / self.0.risk[seat])
    }

    fn counts(&self, _: usize) -> bool {
        true
    }

    fn tolerance(&self) -> f64 {
        self.0.common_epsilon()
    }
}
