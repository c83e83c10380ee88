//! Kalai-Smorodinsky: the deal at which gains, as shares of the ideal gains, are most equal and largest.
//!
//! Leximin of `((gain_i / ideal_i)^risk_i) / power_i`; ideals are taken over the individually
//! rational deals. Kalai & Smorodinsky (1975), Imai (1983), Nagahisa & Tanaka (2002), Dubra (2001).

use super::{LOTTERIES, Needs, POWER, ProtocolKind};
use crate::bargaining::arbitration::{Arbitration, Rule};
use crate::bargaining::ballot::{Ballot, TOLERANCE, bent};
use crate::bargaining::lottery::Blend;
use crate::bargaining::scout::{Scout, Worth};
use crate::catalogue::Kind;

pub(super) const KALAI_SMORODINSKY: ProtocolKind = ProtocolKind {
    kind: Kind {
        name: "kalai-smorodinsky",
        about: "the most equal shares of what each could gain at best",
        reference: "Kalai & Smorodinsky 1975; Imai 1983; Nagahisa & Tanaka 2002; Dubra 2001",
        manual: "Each signatory's gain is measured against the most it could gain in any deal the others would \
accept. The arbitrator makes the smallest of these shares (divided by power) as large as possible, then the next \
smallest, and so on. Unlike the Nash rule, a signatory whose best prospects improve never loses by it in talks of two. \
Two solutions go by this name. This one takes the ideals over the deals that nobody would refuse, as published, and among \
lumpy deals or more than two signatories the lexicographic largest shares (Imai 1983; Nagahisa & Tanaka 2002), so it is efficient. \
The ray solution, the last point on the straight line from no agreement to the ideals, is the same in convex problems of two, but \
need not be efficient beyond; with ideals over all deals, acceptable or not, the solution is that of Kalai & Rosenthal (1978). Some \
call it Raiffa's; `raiffa` here is his sequence.",
        settings: &[POWER, LOTTERIES],
    },
    needs: Needs::ANY,
    build: || Box::new(Arbitration(KalaiSmorodinsky)),
};

pub(super) struct KalaiSmorodinsky;

impl Rule for KalaiSmorodinsky {
    fn blend(&self) -> Option<Blend> {
        Some(Blend::Shares)
    }

    fn needs_ideal(&self) -> bool {
        true
    }

    fn narrow(&self, power: &[f64], scout: &mut Scout<'_>) -> bool {
        let shares = Shares::new(power, scout.ballot);
        scout.smallest(&shares)
    }

    fn side(&self, power: &[f64], ballot: &Ballot, place: u32) -> Option<f64> {
        Shares::new(power, ballot).side(ballot.gains(place))
    }

    fn elect(&self, power: &[f64], ballot: &mut Ballot) {
        let shares = |ballot: &Ballot, seat: usize, gain: f64| {
            let shares = Shares::new(power, ballot);
            shares.counts(seat).then(|| shares.of(seat, gain))
        };
        ballot.keep_leximin(TOLERANCE, shares);
    }
}

/// Gains as shares of the ideal gains, in proportion to power.
struct Shares<'b> {
    power: &'b [f64],
    most: f64,
    ballot: &'b Ballot,
}

impl<'b> Shares<'b> {
    fn new(power: &'b [f64], ballot: &'b Ballot) -> Shares<'b> {
        Shares {
            power,
            most: power.iter().fold(0.0, |most: f64, power| most.max(*power)),
            ballot,
        }
    }
}

impl Worth for Shares<'_> {
    fn of(&self, seat: usize, gain: f64) -> f64 {
        let share = self.ballot.normal(seat, gain);
        self.ballot.bent(seat, share) * self.most / self.power[seat]
    }

    fn gain(&self, seat: usize, worth: f64) -> f64 {
        let share = bent(
            worth * self.power[seat] / self.most,
            1.0 / self.ballot.risk[seat],
        );
        share * self.ballot.ideal[seat]
    }

    fn counts(&self, seat: usize) -> bool {
        self.power[seat] > 0.0 && self.ballot.can_gain(seat)
    }

    fn tolerance(&self) -> f64 {
        TOLERANCE
    }
}
