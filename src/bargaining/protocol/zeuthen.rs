//! Zeuthen's concessions: whoever risks less by holding out gives way, by the smallest step that
//! turns the comparison round.
//!
//! `risk_i = (g_i(x_i) - g_i(x_j)) / g_i(x_i)`, 1 where `g_i(x_i) = 0`; risk_1 < risk_2 exactly if
//! `g_1(x_1) g_2(x_1) < g_1(x_2) g_2(x_2)`. Zeuthen (1930), Harsanyi (1956), Rosenschein &
//! Zlotkin (1994).

use super::{Needs, Protocol, ProtocolKind, Ranges};
use crate::bargaining::ballot::{Ballot, TOLERANCE};
use crate::bargaining::desk::Desk;
use crate::bargaining::outcome::{Ending, Outcome};
use crate::bargaining::stakes::Negotiation;
use crate::bargaining::watch::{Step, Who};
use crate::catalogue::{Form, Kind, Setting};

pub(super) const ZEUTHEN: ProtocolKind = ProtocolKind {
    kind: Kind {
        name: "zeuthen",
        about: "two signatories concede in small steps; who risks less gives way",
        reference: "Zeuthen 1930; Harsanyi 1956; Rosenschein & Zlotkin 1994",
        manual: "Both start from their favourite among the efficient deals. The risk limit of a signatory is the \
share of its own offer's gain that it would lose by accepting the other's: the largest chance of a breakdown it would \
run to get its way. In each round the one with the lower risk limit concedes to the deal best for itself that makes \
the other's limit the lower one; if there is none, it accepts. With equal limits the signatory named by `concedes` gives \
way. The talks end at the deal with the largest product of gains. Continuous issues are settled on their grid.",
        settings: &[Setting {
            name: "concedes",
            about: "the signatory that concedes when both risk the same",
            form: Form::Seat,
            default: Some(0.0),
        }],
    },
    needs: Needs {
        seats: (2, 2),
        ranges: Ranges::OnGrid,
        ..Needs::ANY
    },
    build: || Box::new(Zeuthen),
};

struct Zeuthen;

impl Protocol for Zeuthen {
    fn negotiate(&self, negotiation: &mut Negotiation<'_>, desk: &mut Desk) -> Outcome {
        play(negotiation, desk).unwrap_or_else(Outcome::at_once)
    }
}

fn play(negotiation: &mut Negotiation<'_>, desk: &mut Desk) -> Result<Outcome, Ending> {
    let yields = match *negotiation.settings {
        [seat] if seat == 0.0 || seat == 1.0 => seat as usize,
        _ => {
            return Err(Ending::Unplayable(
                "nobody at the table concedes at equal risks",
            ));
        }
    };
    if negotiation.shape.seats() != 2 {
        return Err(Ending::Unplayable("it needs two signatories"));
    }
    desk.open(negotiation)?;
    desk.canvass(negotiation)?;
    desk.ballot.take_ideal();
    desk.ballot.bend();
    desk.ballot.take_ideal();
    let mut offers = [0, 1].map(|seat| favourite(&desk.ballot, seat));
    let mut does = ["offers"; 2];
    let mut round = 0;
    loop {
        let agreed = agreement(&desk.ballot, offers);
        tell(negotiation, desk, offers, does, round, agreed.is_none());
        if let Some(deal) = agreed {
            return Ok(desk.settle(negotiation.shape, deal, round));
        }
        let loser = conceder(&desk.ballot, offers, yields);
        let concession = concede(&desk.ballot, offers, loser);
        offers[loser] = concession.unwrap_or(offers[1 - loser]);
        does = ["holds to"; 2];
        does[loser] = match concession {
            Some(_) => "concedes",
            None => "accepts",
        };
        round += 1;
    }
}

/// A seat's best deal, the better for the other among equals. The list falls for the first seat and
/// rises for the second.
fn favourite(ballot: &Ballot, seat: usize) -> u32 {
    let count = ballot.deals.len() as u32;
    let rank = |rank: u32| if seat == 0 { rank } else { count - 1 - rank };
    let least = ballot.gains(rank(0))[seat] - ballot.epsilon[seat];
    let equals = (0..count).take_while(|&nth| ballot.gains(rank(nth))[seat] >= least);
    rank(equals.last().unwrap_or(0))
}

/// The product of gains as shares of the ideal gains, so that its tolerance needs no unit.
fn product(ballot: &Ballot, place: u32) -> f64 {
    let gains = ballot.gains(place).iter().enumerate();
    gains
        .map(|(seat, &gain)| ballot.normal(seat, gain).max(0.0))
        .product()
}

/// The deal agreed once somebody likes the other's offer no less than its own.
fn agreement(ballot: &Ballot, offers: [u32; 2]) -> Option<u32> {
    let content = |seat: usize| {
        let gain = |offer: usize| ballot.gains(offers[offer])[seat];
        gain(1 - seat) >= gain(seat) - ballot.epsilon[seat]
    };
    match (content(0), content(1)) {
        (false, false) => None,
        (true, false) => Some(offers[1]),
        (false, true) => Some(offers[0]),
        (true, true) => {
            let [one, two] = offers.map(|offer| product(ballot, offer));
            let lower = offers
                .into_iter()
                .min_by_key(|&place| ballot.deals[place as usize]);
            match one - two {
                ahead if ahead > TOLERANCE => Some(offers[0]),
                ahead if ahead < -TOLERANCE => Some(offers[1]),
                _ => lower,
            }
        }
    }
}

/// Who risks less: the seat whose offer has the smaller product of gains.
fn conceder(ballot: &Ballot, offers: [u32; 2], yields: usize) -> usize {
    let [one, two] = offers.map(|offer| product(ballot, offer));
    match one - two {
        ahead if ahead > TOLERANCE => 1,
        ahead if ahead < -TOLERANCE => 0,
        _ => yields,
    }
}

/// The deal best for the conceding seat that it likes less than its own and no less than the other's
/// offer, and whose product of gains exceeds that of the other's offer.
fn concede(ballot: &Ballot, offers: [u32; 2], loser: usize) -> Option<u32> {
    let (mine, theirs) = (offers[loser], offers[1 - loser]);
    let enough = product(ballot, theirs) + TOLERANCE;
    // Less for the seat and no less than the other's offer: what lies between the two.
    let (low, high) = (mine.min(theirs), mine.max(theirs));
    let mut between = low + 1..high;
    let turns = |place: &u32| product(ballot, *place) > enough;
    match loser {
        0 => between.find(turns),
        _ => between.rev().find(turns),
    }
}

/// Tells both offers, with their risk limits unless all is settled.
fn tell(
    negotiation: &mut Negotiation<'_>,
    desk: &mut Desk,
    offers: [u32; 2],
    does: [&'static str; 2],
    round: u32,
    goes_on: bool,
) {
    if negotiation.watch.is_none() {
        return;
    }
    for seat in 0..2 {
        let gain = |offer: usize| desk.ballot.gains(offers[offer])[seat];
        let (mine, theirs) = (gain(seat), gain(1 - seat));
        let risk = match mine > desk.ballot.epsilon[seat] {
            true => (mine - theirs) / mine,
            false => 1.0,
        };
        let figures = [("risk", risk)];
        negotiation.tell(&Step {
            round,
            who: Who::Seat(seat),
            does: does[seat],
            deal: desk.show(negotiation.shape, offers[seat]),
            figures: if goes_on { &figures } else { &[] },
        });
    }
}
