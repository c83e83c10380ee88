//! Take it or leave it: one seat proposes, the others accept whatever is no worse than no agreement.
//!
//! `max gain_p` over the zone of agreement; the ultimatum game with complete information, Stahl (1972).

use super::{Needs, Protocol, ProtocolKind};
use crate::bargaining::desk::Desk;
use crate::bargaining::flat::Flat;
use crate::bargaining::outcome::{Ending, Outcome};
use crate::bargaining::refine::{self, Favourite};
use crate::bargaining::shape::MOST_SEATS;
use crate::bargaining::stakes::Negotiation;
use crate::catalogue::{Form, Kind, Setting};

pub(super) const TAKE_IT_OR_LEAVE_IT: ProtocolKind = ProtocolKind {
    kind: Kind {
        name: "take-it-or-leave-it",
        about: "one signatory proposes once; the others accept or all walk away",
        reference: "Stahl 1972",
        manual: "The proposer knows the others' reservation values and names the deal it likes best among \
those that nobody would refuse. A signatory that is indifferent accepts. Between deals equally good for the proposer, \
the larger sum of normalised gains decides.",
        settings: &[Setting {
            name: "proposer",
            about: "the signatory that makes the offer",
            form: Form::Seat,
            default: Some(0.0),
        }],
    },
    needs: Needs::ANY,
    build: || Box::new(TakeItOrLeaveIt),
};

struct TakeItOrLeaveIt;

impl Protocol for TakeItOrLeaveIt {
    fn negotiate(&self, negotiation: &mut Negotiation<'_>, desk: &mut Desk) -> Outcome {
        offer(negotiation, desk).unwrap_or_else(Outcome::at_once)
    }
}

fn offer(negotiation: &mut Negotiation<'_>, desk: &mut Desk) -> Result<Outcome, Ending> {
    let proposer = negotiation.settings[0] as usize;
    if proposer >= negotiation.shape.seats() {
        return Err(Ending::Unplayable("the proposer is not at the table"));
    }
    desk.open(negotiation)?;
    if let Some(close) = &negotiation.shape.close {
        let mut flat = std::mem::take(&mut desk.flat);
        let ended = match flat.fit(negotiation, &desk.bench.tables) {
            true => on_flat(negotiation, desk, &mut flat, proposer),
            false => refine::settle(negotiation, desk, close, &Favourite(proposer), false),
        };
        desk.flat = flat;
        return ended;
    }
    desk.scout(negotiation.shape, negotiation.parties.reservation)
        .favourite(proposer);
    desk.canvass_cut(negotiation)?;
    let epsilon = desk.ballot.epsilon[proposer];
    desk.ballot
        .keep_best(epsilon, |ballot, place| ballot.gains(place)[proposer]);
    if desk.ballot.is_tied() {
        desk.know_ideal(negotiation)?;
        desk.ballot.break_tie();
    }
    let winner = desk.ballot.alive.first().copied();
    winner
        .map(|winner| desk.settle(negotiation.shape, winner, 0))
        .ok_or(Ending::NoZone)
}

/// On a polytope of deals the offer is a linear program.
fn on_flat(
    negotiation: &mut Negotiation<'_>,
    desk: &mut Desk,
    flat: &mut Flat,
    proposer: usize,
) -> Result<Outcome, Ending> {
    let reservation = negotiation.parties.reservation;
    let mut ideal = [0.0; MOST_SEATS];
    for (seat, ideal) in ideal[..reservation.len()].iter_mut().enumerate() {
        if !flat.best(seat, reservation, &[]) {
            return Err(Ending::NoZone);
        }
        *ideal = flat.utility(seat) - reservation[seat];
    }
    if !flat.best(proposer, reservation, &ideal[..reservation.len()]) {
        return Err(Ending::NoZone);
    }
    let mut offer = std::mem::take(&mut desk.offered);
    flat.write_found(negotiation, &mut offer);
    let outcome = desk.settle_spot(&offer, 0);
    desk.offered = offer;
    Ok(outcome)
}
