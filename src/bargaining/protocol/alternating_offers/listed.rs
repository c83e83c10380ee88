//! Offers from the list of all efficient deals, and from lotteries between neighbours on it.

use super::clock::Clock;
use super::induction::{Offers, induce};
use super::ledger::{Ledger, Offer};
use super::path::walk;
use crate::bargaining::ballot::{Ballot, TOLERANCE};
use crate::bargaining::desk::Desk;
use crate::bargaining::outcome::{Ending, Outcome};
use crate::bargaining::settling::read_deal;
use crate::bargaining::shape::MOST_SEATS;
use crate::bargaining::stakes::Negotiation;

/// Plays over a list of deals on which all must agree.
pub(super) fn play(
    negotiation: &mut Negotiation<'_>,
    desk: &mut Desk,
    clock: &Clock<'_>,
    ledger: &mut Ledger,
) -> Result<Outcome, Ending> {
    if clock.rounds.is_none() && clock.seats != 2 {
        return Err(Ending::Unplayable(
            "without a deadline a list of deals is for two signatories; more need continuous issues",
        ));
    }
    desk.open(negotiation)?;
    desk.canvass(negotiation)?;
    desk.ballot.bend();
    desk.ballot.take_ideal();
    let parties = &negotiation.parties;
    match clock.rounds {
        Some(_) => induce(clock, parties, &mut Listed(&mut desk.ballot), ledger)?,
        None => {
            let mut hull = std::mem::take(&mut ledger.candidates);
            let solved = induce(
                clock,
                parties,
                &mut Hull::new(&desk.ballot, &mut hull),
                ledger,
            );
            ledger.candidates = hull;
            solved?;
        }
    }
    walk(
        negotiation,
        desk,
        clock,
        ledger,
        &mut |negotiation, desk, place, spot| {
            let index = desk.ballot.deals[place];
            spot.deal.clear();
            spot.deal.resize(negotiation.shape.issues.len(), 0.0);
            read_deal(negotiation.shape, index, &mut spot.deal);
            spot.utilities.clear();
            spot.utilities
                .extend_from_slice(desk.ballot.utilities(place as u32));
        },
    )
}

fn offer(ballot: &Ballot, place: u32, share: f64) -> Offer {
    let mut gains = [0.0; MOST_SEATS];
    gains[..ballot.seats].copy_from_slice(ballot.gains(place));
    Offer {
        share,
        deal: place as usize,
        gains,
    }
}

/// The deals themselves.
struct Listed<'d>(&'d mut Ballot);

impl Offers for Listed<'_> {
    fn offer(
        &mut self,
        _: u32,
        proposer: usize,
        least: &[f64],
        ledger: &mut Ledger,
    ) -> Result<(), Ending> {
        let ballot = &mut *self.0;
        if ballot.seats == 2 {
            scan(ballot, proposer, least);
        } else {
            ballot.admit_all();
            let Ballot {
                alive,
                gains,
                epsilon,
                seats,
                ..
            } = &mut *ballot;
            alive.retain(|&place| {
                let gains = &gains[place as usize * *seats..];
                (0..*seats)
                    .all(|seat| seat == proposer || gains[seat] >= least[seat] - epsilon[seat])
            });
        }
        let epsilon = ballot.epsilon[proposer];
        ballot.keep_best(epsilon, |ballot, place| ballot.gains(place)[proposer]);
        if ballot.is_tied() {
            ballot.break_tie();
        }
        let best = ballot.alive.first();
        ledger
            .offers
            .extend(best.map(|&place| offer(ballot, place, 1.0)));
        Ok(())
    }

    fn epsilon(&self, seat: usize) -> f64 {
        self.0.epsilon[seat]
    }

    fn settled(&self) -> f64 {
        0.0
    }
}

/// Two seats: the list falls for one and rises for the other, so the best acceptable deal
/// is at its end of what the responder accepts; with it, its near ties.
fn scan(ballot: &mut Ballot, proposer: usize, least: &[f64]) {
    let Ballot {
        alive,
        gains,
        epsilon,
        deals,
        ..
    } = ballot;
    alive.clear();
    let responder = 1 - proposer;
    let accepted = least[responder] - epsilon[responder];
    let gain = |place: usize, seat: usize| gains[2 * place + seat];
    let count = deals.len();
    let rank = |rank: usize| {
        if proposer == 0 {
            rank
        } else {
            count - 1 - rank
        }
    };
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = (low + high) / 2;
        let refused = gain(rank(middle), responder) < accepted;
        (low, high) = if refused {
            (middle + 1, high)
        } else {
            (low, middle)
        };
    }
    if low == count {
        return;
    }
    let least = gain(rank(low), proposer) - epsilon[proposer] * (1.0 + TOLERANCE);
    let near = (low..count).take_while(|&place| gain(rank(place), proposer) >= least);
    alive.extend(near.map(|place| rank(place) as u32));
}

/// Two seats: the deals on the upper hull of the list, and lotteries between neighbours on it.
struct Hull<'d> {
    ballot: &'d Ballot,
    hull: &'d [u32],
}

impl<'d> Hull<'d> {
    /// Keeps of a list that falls for the first seat what a weighted sum of gains can pick.
    fn new(ballot: &'d Ballot, hull: &'d mut Vec<u32>) -> Hull<'d> {
        hull.clear();
        for place in 0..ballot.deals.len() as u32 {
            let new = ballot.gains(place);
            while let [.., one, two] = hull[..] {
                let (one, two) = (ballot.gains(one), ballot.gains(two));
                let turn =
                    (two[0] - one[0]) * (new[1] - one[1]) - (two[1] - one[1]) * (new[0] - one[0]);
                if turn > 0.0 {
                    break;
                }
                hull.pop();
            }
            hull.push(place);
        }
        Hull { ballot, hull }
    }
}

impl Offers for Hull<'_> {
    fn offer(
        &mut self,
        _: u32,
        proposer: usize,
        least: &[f64],
        ledger: &mut Ledger,
    ) -> Result<(), Ending> {
        let responder = 1 - proposer;
        let count = self.hull.len();
        let at = |rank: usize| {
            self.hull[if proposer == 0 {
                rank
            } else {
                count - 1 - rank
            }]
        };
        let gain = |rank: usize| self.ballot.gains(at(rank))[responder];
        let enough = least[responder];
        let rounding = self.ballot.epsilon[responder];
        let (mut low, mut high) = (0, count);
        while low < high {
            let middle = (low + high) / 2;
            (low, high) = match gain(middle) < enough {
                true => (middle + 1, high),
                false => (low, middle),
            };
        }
        if low == count && count > 0 && gain(count - 1) >= enough - rounding {
            low = count - 1;
        }
        if low == count {
            return Ok(());
        }
        let more = match low {
            0 => 1.0,
            _ => (enough - gain(low - 1)) / (gain(low) - gain(low - 1)),
        };
        let more = more.clamp(0.0, 1.0);
        if more < 1.0 {
            ledger
                .offers
                .push(offer(self.ballot, at(low - 1), 1.0 - more));
        }
        ledger.offers.push(offer(self.ballot, at(low), more));
        Ok(())
    }

    fn epsilon(&self, seat: usize) -> f64 {
        self.ballot.epsilon[seat]
    }

    fn settled(&self) -> f64 {
        1e-3
    }
}
