//! Egalitarian bargaining: the deal at which gains, in proportion to power, are most equal and largest.
//!
//! Leximin of `(gain_i^risk_i) / power_i`. Also known as the proportional solution. Kalai (1977),
//! Chun & Peters (1988).

use super::{POWER, ProtocolKind};
use crate::bargaining::arbitration::{Arbitration, Rule};
use crate::bargaining::ballot::Ballot;
use crate::bargaining::shape::MOST_SEATS;
use crate::catalogue::Kind;

pub(super) const EGALITARIAN: ProtocolKind = ProtocolKind {
    kind: Kind {
        name: "egalitarian",
        about: "the most equal gains (with power: the proportional solution)",
        reference: "Kalai 1977; Chun & Peters 1988",
        manual: "The arbitrator makes the smallest gain (divided by power) as large as possible, then the next \
smallest, and so on. Gains of different signatories are compared as they stand, so utilities must be measured in the \
same unit, money for example. With unequal power this is the proportional solution.",
        settings: &[POWER],
    },
    seats: (1, MOST_SEATS),
    build: || Box::new(Arbitration(Egalitarian)),
};

struct Egalitarian;

impl Rule for Egalitarian {
    fn elect(&self, power: &[f64], ballot: &mut Ballot) {
        let most = power.iter().fold(0.0, |most: f64, power| most.max(*power));
        ballot.keep_leximin(ballot.common_epsilon(), |ballot, seat, gain| {
            (power[seat] > 0.0).then(|| ballot.bent(seat, gain) * most / power[seat])
        });
    }
}
