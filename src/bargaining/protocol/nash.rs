//! Nash bargaining: the deal with the largest weighted product of gains.
//!
//! `max prod_i gain_i^(power_i * risk_i)`; if not everybody can gain, first the most gainers, then
//! the product of the gainers' normalised gains. Nash (1950), Harsanyi & Selten (1972), Caragiannis
//! et al. (2019).

use super::{POWER, ProtocolKind};
use crate::bargaining::arbitration::{Arbitration, Rule};
use crate::bargaining::ballot::{Ballot, TOLERANCE};
use crate::bargaining::refine::SMOOTH;
use crate::bargaining::scout::Scout;
use crate::bargaining::shape::MOST_SEATS;
use crate::catalogue::Kind;
use crate::uncertainty::maths;

pub(super) const NASH: ProtocolKind = ProtocolKind {
    kind: Kind {
        name: "nash",
        about: "the largest product of gains over no agreement, weighted by power",
        reference: "Nash 1950; Harsanyi & Selten 1972; Caragiannis et al. 2019",
        manual: "The arbitrator picks the deal that maximises the product of the signatories' gains over \
their reservation values, each raised to its power. It is the limit of patient alternating offers \
and does not depend on the units in which utilities are measured. A risk exponent below 1 \
weakens a signatory as less power would. Where some signatory cannot gain, the number of gainers comes first.",
        settings: &[POWER],
    },
    seats: (1, MOST_SEATS),
    build: || Box::new(Arbitration(Nash)),
};

struct Nash;

impl Rule for Nash {
    fn narrow(&self, power: &[f64], scout: &mut Scout<'_>) -> bool {
        let mut weights = [0.0; MOST_SEATS];
        let shares = power
            .iter()
            .zip(&scout.ballot.risk)
            .map(|(power, risk)| power * risk);
        let total: f64 = shares.clone().sum();
        weights
            .iter_mut()
            .zip(shares)
            .for_each(|(weight, share)| *weight = share / total);
        scout.product(&weights[..power.len()])
    }

    fn finest(&self) -> f64 {
        SMOOTH
    }

    fn elect(&self, power: &[f64], ballot: &mut Ballot) {
        let total: f64 = power
            .iter()
            .zip(&ballot.risk)
            .map(|(power, risk)| power * risk)
            .sum();
        let gainers = |ballot: &Ballot, place: u32| {
            let gains = ballot.gains(place).iter().zip(&ballot.epsilon);
            gains.filter(|(gain, epsilon)| gain > epsilon).count()
        };
        ballot.keep_best(0.5, |ballot, place| gainers(ballot, place) as f64);
        let everybody = ballot
            .alive
            .first()
            .is_some_and(|&place| gainers(ballot, place) == ballot.seats);
        ballot.keep_best(TOLERANCE, |ballot, place| {
            let mut sum = 0.0;
            for (seat, &gain) in ballot.gains(place).iter().enumerate() {
                if gain > ballot.epsilon[seat] {
                    let gain = if everybody {
                        gain
                    } else {
                        ballot.normal(seat, gain)
                    };
                    sum += power[seat] * ballot.risk[seat] * maths::ln(gain);
                }
            }
            sum / total
        });
    }
}
