//! Raiffa's sequence over continuous issues: each seat's best and the half-way deal by close looks.
//!
//! A deal that gives everybody its share of the way is what the next step starts from, so no search
//! leaves the deals that support the fallback.

use super::{Fallback, MOST_STEPS};
use crate::bargaining::ballot::{Ballot, TOLERANCE, bent};
use crate::bargaining::close::Close;
use crate::bargaining::desk::Desk;
use crate::bargaining::near::Spot;
use crate::bargaining::outcome::{Ending, Outcome};
use crate::bargaining::refine::{self, Favourite, Goal};
use crate::bargaining::stakes::Negotiation;

pub(super) fn play(
    negotiation: &mut Negotiation<'_>,
    desk: &mut Desk,
    close: &Close,
) -> Result<Outcome, Ending> {
    desk.open(negotiation)?;
    desk.lend(|desk, start, deal| {
        let seats = negotiation.shape.seats();
        let mut is_known = refine::enter(negotiation, desk, close, start)?;
        let mut fallback = Fallback::new(seats);
        for round in 0..MOST_STEPS {
            look(
                negotiation,
                desk,
                close,
                &mut fallback,
                is_known.then_some(&*start),
            )?;
            fallback.tell(negotiation, round);
            insist(negotiation, desk, &fallback);
            let goal = Midway(fallback);
            if !refine::seek(
                negotiation,
                desk,
                close,
                &goal,
                is_known.then_some(&*start),
                deal,
            )? {
                break;
            }
            start.clone_from(deal);
            is_known = true;
            let epsilon = &desk.ballot.epsilon;
            let shares = (0..seats).filter_map(|seat| {
                let gain = deal.utilities[seat] - negotiation.parties.reservation[seat];
                fallback.share(seat, bent(gain, negotiation.parties.risk[seat]), epsilon)
            });
            let least = shares.fold(f64::INFINITY, f64::min);
            let supported = least >= 1.0 / seats as f64 - TOLERANCE;
            if !(supported && fallback.moves(epsilon)) {
                break;
            }
            fallback = fallback.next();
        }
        match is_known {
            true => Ok(desk.settle_spot(start, 0)),
            false => Err(Ending::NoZone),
        }
    })
}

/// What each seat could reach from the fallback.
fn look(
    negotiation: &mut Negotiation<'_>,
    desk: &mut Desk,
    close: &Close,
    fallback: &mut Fallback,
    start: Option<&Spot>,
) -> Result<(), Ending> {
    fallback.best = fallback.at;
    desk.lend(|desk, spot, _| {
        for seat in 0..fallback.seats {
            insist(negotiation, desk, fallback);
            if refine::seek(negotiation, desk, close, &Favourite(seat), start, spot)? {
                let gain = spot.utilities[seat] - negotiation.parties.reservation[seat];
                let gain = bent(gain, negotiation.parties.risk[seat]);
                fallback.best[seat] = fallback.best[seat].max(gain);
            }
        }
        Ok(())
    })
}

/// Sets the floors of close looks to the fallback, hardly any tolerance granted.
fn insist(negotiation: &Negotiation<'_>, desk: &mut Desk, fallback: &Fallback) {
    let parties = negotiation.parties;
    let Desk { near, ballot, .. } = desk;
    let Some(near) = near else { return };
    near.insist(parties.reservation, &ballot.epsilon);
    for (seat, floor) in near.cut.floors.iter_mut().enumerate() {
        let gain = bent(fallback.at[seat], 1.0 / parties.risk[seat]);
        *floor = floor.max(parties.reservation[seat] + gain - 1e-3 * ballot.epsilon[seat]);
    }
}

/// The deal with the most equal shares of the way from a fallback.
struct Midway(Fallback);

impl Goal for Midway {
    fn elect(&self, ballot: &mut Ballot) {
        ballot.keep_leximin(TOLERANCE, |ballot, seat, gain| {
            self.0.share(seat, ballot.bent(seat, gain), &ballot.epsilon)
        });
        ballot.break_tie();
    }

    fn side(&self, ballot: &Ballot, place: u32, _: &[f64]) -> Option<f64> {
        let gains = ballot.gains(place);
        let share = |seat: usize| {
            let gain = ballot.bent(seat, gains[seat]);
            self.0.share(seat, gain, &ballot.epsilon)
        };
        Some(share(0)? - share(1)?)
    }
}
