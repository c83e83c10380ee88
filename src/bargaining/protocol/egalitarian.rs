//! Egalitarian bargaining: the deal at which gains, in proportion to power, are most equal and largest.
//!
//! Leximin of `(gain_i^risk_i) / power_i`. Also known as the proportional solution. Kalai (1977),
//! Chun & Peters (1988).

use super::{LOTTERIES, Needs, POWER, ProtocolKind};
use crate::bargaining::arbitration::{Arbitration, Rule};
use crate::bargaining::ballot::{Ballot, bent};
use crate::bargaining::lottery::Blend;
use crate::bargaining::scout::{Scout, Worth};
use crate::catalogue::Kind;

pub(super) const EGALITARIAN: ProtocolKind = ProtocolKind {
    kind: Kind {
        name: "egalitarian",
        about: "the most equal gains (with power: the proportional solution)",
        reference: "Kalai 1977; Chun & Peters 1988",
        manual: "The arbitrator makes the smallest gain (divided by power) as large as possible, then the next \
smallest, and so on. Gains of different signatories are compared as they stand, so utilities must be measured in the \
same unit, money for example. With unequal power this is the proportional solution. \
It is Kalai's solution of 1977 (\"Proportional solutions\"), in its lexicographic form, so it is efficient; the maximin form stops at the \
smallest gain. Kalai's other solution of 1977, the nonsymmetric Nash solution, is `nash` with `power`.",
        settings: &[POWER, LOTTERIES],
    },
    needs: Needs::ANY,
    build: || Box::new(Arbitration(Egalitarian)),
};

pub(super) struct Egalitarian;

impl Rule for Egalitarian {
    fn blend(&self) -> Option<Blend> {
        Some(Blend::Gains)
    }

    fn narrow(&self, power: &[f64], scout: &mut Scout<'_>) -> bool {
        let gains = Gains::new(power, scout.ballot);
        scout.smallest(&gains)
    }

    fn side(&self, power: &[f64], ballot: &Ballot, place: u32) -> Option<f64> {
        Gains::new(power, ballot).side(ballot.gains(place))
    }

    fn elect(&self, power: &[f64], ballot: &mut Ballot) {
        let gains = |ballot: &Ballot, seat: usize, gain: f64| {
            let gains = Gains::new(power, ballot);
            gains.counts(seat).then(|| gains.of(seat, gain))
        };
        ballot.keep_leximin(ballot.common_epsilon(), gains);
    }
}

/// Gains in proportion to power.
struct Gains<'b> {
    power: &'b [f64],
    most: f64,
    ballot: &'b Ballot,
}

impl<'b> Gains<'b> {
    fn new(power: &'b [f64], ballot: &'b Ballot) -> Gains<'b> {
        Gains {
            power,
            most: power.iter().fold(0.0, |most: f64, power| most.max(*power)),
            ballot,
        }
    }
}

impl Worth for Gains<'_> {
    fn of(&self, seat: usize, gain: f64) -> f64 {
        self.ballot.bent(seat, gain) * self.most / self.power[seat]
    }

    fn gain(&self, seat: usize, worth: f64) -> f64 {
        bent(
            worth * self.power[seat] / self.most,
            1.0 / self.ballot.risk[seat],
        )
    }

    fn counts(&self, seat: usize) -> bool {
        self.power[seat] > 0.0
    }

    fn tolerance(&self) -> f64 {
        self.ballot.common_epsilon()
    }
}
