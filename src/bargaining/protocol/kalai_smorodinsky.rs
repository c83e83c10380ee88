//! Kalai-Smorodinsky: the deal at which gains, as shares of the ideal gains, are most equal and largest.
//!
//! Leximin of `((gain_i / ideal_i)^risk_i) / power_i`; ideals are taken over the individually
//! rational deals. Kalai & Smorodinsky (1975), Imai (1983), Nagahisa & Tanaka (2002), Dubra (2001).

use super::{POWER, ProtocolKind};
use crate::bargaining::arbitration::{Arbitration, Rule};
use crate::bargaining::ballot::{Ballot, TOLERANCE};
use crate::bargaining::shape::MOST_SEATS;
use crate::catalogue::Kind;

pub(super) const KALAI_SMORODINSKY: ProtocolKind = ProtocolKind {
    kind: Kind {
        name: "kalai-smorodinsky",
        about: "the most equal shares of what each could gain at best",
        reference: "Kalai & Smorodinsky 1975; Imai 1983; Nagahisa & Tanaka 2002; Dubra 2001",
        manual: "Each signatory's gain is measured against the most it could gain in any deal the others would \
accept. The arbitrator makes the smallest of these shares (divided by power) as large as possible, then the next \
smallest, and so on. Unlike the Nash rule, a signatory whose best prospects improve never loses by it in talks of two.",
        settings: &[POWER],
    },
    seats: (1, MOST_SEATS),
    build: || Box::new(Arbitration(KalaiSmorodinsky)),
};

struct KalaiSmorodinsky;

impl Rule for KalaiSmorodinsky {
    fn needs_ideal(&self) -> bool {
        true
    }

    fn elect(&self, power: &[f64], ballot: &mut Ballot) {
        let most = power.iter().fold(0.0, |most: f64, power| most.max(*power));
        ballot.keep_leximin(TOLERANCE, |ballot, seat, gain| {
            let counts = power[seat] > 0.0 && ballot.can_gain(seat);
            counts.then(|| ballot.bent(seat, ballot.normal(seat, gain)) * most / power[seat])
        });
    }
}
