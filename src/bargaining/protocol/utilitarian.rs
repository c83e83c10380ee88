//! Utilitarian choice: the deal with the largest weighted sum of utilities.
//!
//! `max sum_i power_i * utility_i` over the zone of agreement; where somebody is not risk neutral,
//! `max sum_i power_i * gain_i^risk_i`. Harsanyi (1955), Myerson (1981).

use super::{LOTTERIES, Needs, POWER, ProtocolKind};
use crate::bargaining::arbitration::{Arbitration, Rule};
use crate::bargaining::ballot::Ballot;
use crate::bargaining::lottery::Blend;
use crate::bargaining::refine::SMOOTH;
use crate::bargaining::scout::Scout;
use crate::bargaining::shape::MOST_SEATS;
use crate::catalogue::Kind;

pub(super) const UTILITARIAN: ProtocolKind = ProtocolKind {
    kind: Kind {
        name: "utilitarian",
        about: "the largest sum of utilities, weighted by power",
        reference: "Harsanyi 1955; Myerson 1981",
        manual: "The arbitrator maximises the weighted sum of utilities among the deals that nobody would rather \
walk away from. It does not ask who gains. Utilities must be measured in the same unit. Ties, which are the norm when \
something can be shifted one to one, go to the larger sum of normalised gains, then to the larger smallest one.",
        settings: &[POWER, LOTTERIES],
    },
    needs: Needs::ANY,
    build: || Box::new(Arbitration(Utilitarian)),
};

pub(super) struct Utilitarian;

impl Rule for Utilitarian {
    fn blend(&self) -> Option<Blend> {
        Some(Blend::Sum)
    }

    fn narrow(&self, power: &[f64], scout: &mut Scout<'_>) -> bool {
        let total: f64 = power.iter().sum();
        let mut weights = [0.0; MOST_SEATS];
        weights
            .iter_mut()
            .zip(power)
            .for_each(|(weight, power)| *weight = power / total);
        let is_neutral = scout.ballot.risk.iter().all(|risk| *risk == 1.0);
        is_neutral && scout.sum(&weights[..power.len()])
    }

    fn finest(&self) -> f64 {
        SMOOTH
    }

    fn elect(&self, power: &[f64], ballot: &mut Ballot) {
        let total: f64 = power.iter().sum();
        ballot.keep_best(ballot.common_epsilon(), |ballot, place| {
            let gains = ballot.gains(place).iter().enumerate();
            let sum: f64 = gains
                .map(|(seat, &gain)| power[seat] * ballot.bent(seat, gain))
                .sum();
            sum / total
        });
    }
}
