//! Offers on a polytope of deals: each is a linear program, one for every coalition that can pass it.

use super::clock::Clock;
use super::induction::{Offers, induce};
use super::ledger::{Ledger, Offer};
use super::path::walk;
use crate::bargaining::ballot::bent;
use crate::bargaining::desk::Desk;
use crate::bargaining::flat::Flat;
use crate::bargaining::outcome::{Ending, Outcome};
use crate::bargaining::shape::MOST_SEATS;
use crate::bargaining::stakes::{Negotiation, Party};

/// Plays over a polytope.
pub(super) fn play(
    negotiation: &mut Negotiation<'_>,
    desk: &mut Desk,
    flat: &mut Flat,
    clock: &Clock<'_>,
    ledger: &mut Ledger,
) -> Result<Outcome, Ending> {
    let parties = negotiation.parties;
    let mut polytope = Polytope::new(flat, parties, &desk.ballot.epsilon, clock.quota)?;
    induce(clock, &parties, &mut polytope, ledger)?;
    let deals = std::mem::take(&mut ledger.shares);
    let ended = walk(
        negotiation,
        desk,
        clock,
        ledger,
        &mut |negotiation, _, deal, spot| {
            flat.write(negotiation, &deals[deal..], spot);
        },
    );
    ledger.shares = deals;
    ended
}

/// Straight utilities over continuous issues.
struct Polytope<'d> {
    flat: &'d mut Flat,
    parties: Party<'d>,
    epsilon: &'d [f64],
    quota: usize,
    ideal: [f64; MOST_SEATS],
}

impl<'d> Polytope<'d> {
    /// Finds everybody's ideal; no zone of agreement if all must accept and somebody cannot.
    fn new(
        flat: &'d mut Flat,
        parties: Party<'d>,
        epsilon: &'d [f64],
        quota: usize,
    ) -> Result<Polytope<'d>, Ending> {
        let mut polytope = Polytope {
            flat,
            parties,
            epsilon,
            quota,
            ideal: [0.0; MOST_SEATS],
        };
        let seats = epsilon.len();
        let everybody = quota == seats;
        for seat in 0..seats {
            let floors = polytope.floors(|other| everybody || other == seat, &[0.0; MOST_SEATS]);
            if polytope.flat.best(seat, &floors[..seats], &[]) {
                polytope.ideal[seat] = polytope.gain(seat);
            } else if everybody {
                return Err(Ending::NoZone);
            }
        }
        Ok(polytope)
    }

    /// The least utilities of those who are asked: their reservation values, or more.
    fn floors(&self, asked: impl Fn(usize) -> bool, least: &[f64]) -> [f64; MOST_SEATS] {
        let mut floors = [f64::NEG_INFINITY; MOST_SEATS];
        for seat in (0..self.epsilon.len()).filter(|&seat| asked(seat)) {
            let gain = bent(least[seat], 1.0 / self.parties.risk[seat]);
            floors[seat] = self.parties.reservation[seat] + gain;
        }
        floors
    }

    fn gain(&self, seat: usize) -> f64 {
        self.flat.utility(seat) - self.parties.reservation[seat]
    }
}

impl Offers for Polytope<'_> {
    fn offer(
        &mut self,
        _: u32,
        proposer: usize,
        least: &[f64],
        ledger: &mut Ledger,
    ) -> Result<(), Ending> {
        let seats = least.len();
        let everybody = self.quota == seats;
        let mut wanted = [0.0; MOST_SEATS];
        for (seat, wanted) in wanted[..seats].iter_mut().enumerate() {
            *wanted = match (seat == proposer, everybody) {
                (true, _) => 0.0,
                (false, true) => least[seat].max(0.0),
                (false, false) => least[seat],
            };
        }
        let mut best = f64::NEG_INFINITY;
        // Every set of as many seats as needed, the proposer among them.
        for coalition in (0..1_u32 << seats).filter(|set| set >> proposer & 1 == 1) {
            if coalition.count_ones() as usize != self.quota {
                continue;
            }
            let floors = self.floors(|seat| coalition >> seat & 1 == 1, &wanted);
            if !self
                .flat
                .best(proposer, &floors[..seats], &self.ideal[..seats])
            {
                continue;
            }
            let gain = self.gain(proposer);
            if gain < best - self.epsilon[proposer] {
                continue;
            }
            if gain > best + self.epsilon[proposer] {
                ledger.offers.clear();
            }
            best = best.max(gain);
            let mut gains = [0.0; MOST_SEATS];
            for (seat, bent_gain) in gains[..seats].iter_mut().enumerate() {
                *bent_gain = bent(self.gain(seat), self.parties.risk[seat]);
            }
            let deal = ledger.shares.len();
            ledger.shares.extend_from_slice(self.flat.shares());
            ledger.offers.push(Offer {
                share: 1.0,
                deal,
                gains,
            });
        }
        let share = 1.0 / ledger.offers.len() as f64;
        ledger
            .offers
            .iter_mut()
            .for_each(|offer| offer.share = share);
        Ok(())
    }

    fn epsilon(&self, seat: usize) -> f64 {
        self.epsilon[seat]
    }

    fn settled(&self) -> f64 {
        1e-3
    }
}
