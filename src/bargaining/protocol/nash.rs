//! Nash bargaining: the deal with the largest weighted product of gains.
//!
//! `max prod_i gain_i^(power_i * risk_i)`; if not everybody can gain, first the most gainers, then
//! the product of the gainers' normalised gains. Nash (1950), Harsanyi & Selten (1972), Caragiannis
//! et al. (2019).

use super::{LOTTERIES, Needs, POWER, ProtocolKind};
use crate::bargaining::arbitration::{Arbitration, Rule};
use crate::bargaining::ballot::{Ballot, TOLERANCE};
use crate::bargaining::bench::Cut;
use crate::bargaining::lottery::Blend;
use crate::bargaining::product::Next;
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
weakens a signatory as less power would. Where some signatory cannot gain, the number of gainers comes first. \
With unequal power it is the nonsymmetric Nash solution (Harsanyi & Selten 1972; Kalai 1977). Nash's bargaining solution is not his \
equilibrium of 1951, nor the solution with threats of 1953.",
        settings: &[POWER, LOTTERIES],
    },
    needs: Needs::ANY,
    build: || Box::new(Arbitration(Nash)),
};

pub(super) struct Nash;

impl Rule for Nash {
    fn blend(&self) -> Option<Blend> {
        Some(Blend::Product)
    }

    fn is_plain_product(&self, power: &[f64], ballot: &Ballot) -> bool {
        let exponents = exponents(power, &ballot.risk);
        let mut pairs = exponents[..power.len()].windows(2);
        pairs.all(|pair| pair[0] == pair[1])
    }

    fn narrow(&self, power: &[f64], scout: &mut Scout<'_>) -> bool {
        let exponents = exponents(power, &scout.ballot.risk);
        scout.product(&exponents[..power.len()])
    }

    fn deepen(&self, power: &[f64], cut: &mut Cut, ballot: &Ballot) -> Next {
        cut.deepen(&exponents(power, &ballot.risk)[..power.len()], ballot)
    }

    fn finest(&self) -> f64 {
        SMOOTH
    }

    fn elect(&self, power: &[f64], ballot: &mut Ballot) {
        if !ballot.is_tied() {
            return;
        }
        let exponents = exponents(power, &ballot.risk);
        let gainers = |ballot: &Ballot, place: u32| {
            let gains = ballot.gains(place).iter().zip(&ballot.epsilon);
            gains.filter(|(gain, epsilon)| gain > epsilon).count()
        };
        ballot.keep_best(0.5, |ballot, place| gainers(ballot, place) as f64);
        let first = ballot.alive.first();
        let everybody = first.is_some_and(|&place| gainers(ballot, place) == ballot.seats);
        ballot.keep_best(TOLERANCE, |ballot, place| {
            let mut sum = 0.0;
            for (seat, &gain) in ballot.gains(place).iter().enumerate() {
                if gain > ballot.epsilon[seat] {
                    let share = if everybody {
                        gain
                    } else {
                        ballot.normal(seat, gain)
                    };
                    sum += exponents[seat] * maths::ln(share);
                }
            }
            sum
        });
    }
}

/// Power times risk exponent, with sum 1.
fn exponents(power: &[f64], risk: &[f64]) -> [f64; MOST_SEATS] {
    let products = power.iter().zip(risk).map(|(power, risk)| power * risk);
    let total: f64 = products.clone().sum();
    let mut exponents = [0.0; MOST_SEATS];
    for (exponent, product) in exponents.iter_mut().zip(products) {
        *exponent = product / total;
    }
    exponents
}
