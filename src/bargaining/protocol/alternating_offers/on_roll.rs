//! Offers from the roll of all deals, where a majority is enough or deals come later: inefficient ones may
//! be among them.

use super::clock::Clock;
use super::induction::{Offers, induce};
use super::ledger::{Ledger, Offer};
use super::path::walk;
use crate::bargaining::ballot::{TOLERANCE, bent};
use crate::bargaining::desk::Desk;
use crate::bargaining::outcome::{Ending, Outcome};
use crate::bargaining::roll::Roll;
use crate::bargaining::settling::read_deal;
use crate::bargaining::shape::MOST_SEATS;
use crate::bargaining::stakes::{Negotiation, Party};

/// Plays over a list of deals on which a majority is enough.
pub(super) fn play(
    negotiation: &mut Negotiation<'_>,
    desk: &mut Desk,
    clock: &Clock<'_>,
    ledger: &mut Ledger,
) -> Result<Outcome, Ending> {
    if clock.rounds.is_none() {
        return Err(Ending::Unplayable(
            "without a deadline a quota needs continuous issues, and no deal may come later: set `rounds`",
        ));
    }
    desk.call_roll(negotiation)?;
    let (mut gains, mut deals) = (
        std::mem::take(&mut ledger.gains),
        std::mem::take(&mut ledger.deals),
    );
    let epsilon = &desk.ballot.epsilon;
    let room = (&mut gains, &mut deals);
    let mut majority = Majority::new(&desk.roll, epsilon, clock.quota, &negotiation.parties, room);
    let mut from = std::mem::take(&mut ledger.from);
    from.clear();
    if clock.has_later() {
        let plan = &negotiation.shape.plan;
        let levels =
            |deal: u32| (0..plan.told).map(move |issue| plan.level(u64::from(deal), issue));
        from.extend(majority.deals.iter().map(|deal| clock.from(levels(*deal))));
    }
    majority.from = &from;
    let solved = induce(clock, &negotiation.parties, &mut majority, ledger);
    (ledger.gains, ledger.deals, ledger.from) = (gains, deals, from);
    solved?;
    walk(
        negotiation,
        desk,
        clock,
        ledger,
        &mut |negotiation, desk, deal, spot| {
            spot.deal.clear();
            spot.deal.resize(negotiation.shape.issues.len(), 0.0);
            read_deal(negotiation.shape, deal as u64, &mut spot.deal);
            spot.utilities.clear();
            spot.utilities
                .extend((0..negotiation.shape.seats()).map(|seat| desk.roll.utility(seat, deal)));
        },
    )
}

/// Every deal, and how many must accept one.
struct Majority<'d> {
    epsilon: &'d [f64],
    quota: usize,
    /// Bent gains of the allowed deals, seat after seat for each.
    gains: &'d [f64],
    deals: &'d [u32],
    /// From which round on each of them is on the table; empty if all are from the start.
    from: &'d [u32],
    ideal: [f64; MOST_SEATS],
}

impl<'d> Majority<'d> {
    /// Works out everybody's gains; `gains` and `deals` are room for them.
    fn new(
        roll: &'d Roll,
        epsilon: &'d [f64],
        quota: usize,
        parties: &Party<'_>,
        (gains, deals): (&'d mut Vec<f64>, &'d mut Vec<u32>),
    ) -> Majority<'d> {
        let seats = epsilon.len();
        let mut ideal = [0.0; MOST_SEATS];
        gains.clear();
        deals.clear();
        for deal in (0..roll.deals).filter(|&deal| roll.allowed[deal]) {
            deals.push(deal as u32);
            for (seat, ideal) in ideal[..seats].iter_mut().enumerate() {
                let gain = roll.utility(seat, deal) - parties.reservation[seat];
                gains.push(bent(gain, parties.risk[seat]));
                *ideal = f64::max(*ideal, gains[gains.len() - 1]);
            }
        }
        Majority {
            epsilon,
            quota,
            gains,
            deals,
            from: &[],
            ideal,
        }
    }

    fn gains(&self, place: usize) -> &[f64] {
        let seats = self.epsilon.len();
        &self.gains[place * seats..(place + 1) * seats]
    }

    /// A deal's sum of normalised gains, and the smallest of them.
    fn merit(&self, place: usize) -> (f64, f64) {
        let gains = self.gains(place).iter().zip(&self.ideal).zip(self.epsilon);
        let normal =
            gains.map(|((gain, ideal), epsilon)| if ideal > epsilon { gain / ideal } else { 0.0 });
        normal.fold((0.0, f64::INFINITY), |(sum, least), normal| {
            (sum + normal, least.min(normal))
        })
    }
}

impl Offers for Majority<'_> {
    fn offer(
        &mut self,
        round: u32,
        proposer: usize,
        least: &[f64],
        ledger: &mut Ledger,
    ) -> Result<(), Ending> {
        let passes = |place: usize| {
            if self.from.get(place).is_some_and(|from| *from > round) {
                return false;
            }
            let gains = self.gains(place);
            let accepts = |seat: usize| gains[seat] >= least[seat] - self.epsilon[seat];
            let others = (0..gains.len()).filter(|&seat| seat != proposer && accepts(seat));
            gains[proposer] >= -self.epsilon[proposer] && others.count() + 1 >= self.quota
        };
        let mut best = f64::NEG_INFINITY;
        let mut found = std::mem::take(&mut ledger.candidates);
        found.clear();
        for place in (0..self.deals.len()).filter(|&place| passes(place)) {
            let gain = self.gains(place)[proposer];
            if gain > best {
                best = gain;
            }
            if gain >= best - self.epsilon[proposer] {
                found.push(place as u32);
            }
        }
        found
            .retain(|&place| self.gains(place as usize)[proposer] >= best - self.epsilon[proposer]);
        let sum = |place: u32| self.merit(place as usize).0;
        let most = found
            .iter()
            .fold(f64::NEG_INFINITY, |most, &place| most.max(sum(place)));
        found.retain(|&place| sum(place) >= most - TOLERANCE);
        let least = |place: u32| self.merit(place as usize).1;
        let most = found
            .iter()
            .fold(f64::NEG_INFINITY, |most, &place| most.max(least(place)));
        found.retain(|&place| least(place) >= most - TOLERANCE);
        let share = 1.0 / found.len() as f64;
        ledger.offers.extend(found.iter().map(|&place| {
            let mut gains = [0.0; MOST_SEATS];
            gains[..self.epsilon.len()].copy_from_slice(self.gains(place as usize));
            let deal = self.deals[place as usize] as usize;
            Offer { share, deal, gains }
        }));
        ledger.candidates = found;
        Ok(())
    }

    fn epsilon(&self, seat: usize) -> f64 {
        self.epsilon[seat]
    }

    fn settled(&self) -> f64 {
        0.0
    }
}
