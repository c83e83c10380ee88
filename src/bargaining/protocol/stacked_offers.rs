//! Stacked alternating offers: seats speak in turn, each accepts what lies on the table or replaces it.
//!
//! An offer is agreed on once all others have accepted it in a row. Rosenschein & Zlotkin (1994),
//! Aydogan et al. (2017).

use super::{Information, Needs, Protocol, ProtocolKind, Ranges};
use crate::bargaining::desk::Desk;
use crate::bargaining::hall::Hall;
use crate::bargaining::outcome::{Ending, Outcome};
use crate::bargaining::roll::MOST_ON_ROLL;
use crate::bargaining::stakes::Negotiation;
use crate::bargaining::watch::{Step, Who};
use crate::catalogue::{Form, Kind, Setting};

pub(super) const STACKED_OFFERS: ProtocolKind = ProtocolKind {
    kind: Kind {
        name: "stacked-offers",
        about: "offers go round the table; how each signatory behaves is its own strategy",
        reference: "Rosenschein & Zlotkin 1994; Aydogan et al. 2017; Baarslag et al. 2014",
        manual: "In every round the signatories speak in order. Whoever is due accepts the offer that lies on the table, or puts \
another one in its place; an offer that all others accept in a row is agreed on. After the last round there is no deal, even if \
an acceptable one exists. How a signatory behaves stands in [bargaining.strategies.NAME]: `offers`, `accepts`, `model` and their \
settings (see `demarche list strategies`); nobody sees the others' utilities or reservation values. Every deal is ranked, so \
there may be at most 1,048,576; continuous issues are offered on the points of their grid.",
        settings: &[
            Setting {
                name: "rounds",
                about: "rounds until the deadline, in each of which everybody speaks once",
                form: Form::Whole(1.0, 1_000_000.0),
                default: Some(100.0),
            },
            Setting {
                name: "first",
                about: "the signatory that opens",
                form: Form::Seat,
                default: Some(0.0),
            },
            Setting {
                name: "breakdown",
                about: "chance that talks end for good after a round without agreement",
                form: Form::Number(0.0, 1.0),
                default: Some(0.0),
            },
        ],
    },
    needs: Needs {
        deals: MOST_ON_ROLL,
        ranges: Ranges::OnGrid,
        draws: true,
        information: Information::Own,
        ..Needs::ANY
    },
    build: || Box::new(StackedOffers),
};

struct StackedOffers;

impl Protocol for StackedOffers {
    fn negotiate(&self, negotiation: &mut Negotiation<'_>, desk: &mut Desk) -> Outcome {
        let mut hall = std::mem::take(&mut desk.hall);
        let outcome = play(negotiation, desk, &mut hall).unwrap_or_else(|end| end);
        desk.hall = hall;
        outcome
    }
}

fn play(
    negotiation: &mut Negotiation<'_>,
    desk: &mut Desk,
    hall: &mut Hall,
) -> Result<Outcome, Outcome> {
    let seats = negotiation.shape.seats();
    let &[rounds, first, breakdown] = negotiation.settings else {
        return Err(Outcome::at_once(Ending::Unplayable(
            "stacked offers need their settings",
        )));
    };
    if !(1.0..=1e6).contains(&rounds) || !(first >= 0.0 && first < seats as f64) {
        return Err(Outcome::at_once(Ending::Unplayable(
            "rounds or the first speaker are out of bounds",
        )));
    }
    if !(0.0..=1.0).contains(&breakdown) {
        return Err(Outcome::at_once(Ending::Unplayable(
            "the chance of breakdown lies outside 0 and 1",
        )));
    }
    desk.call_roll(negotiation).map_err(Outcome::at_once)?;
    hall.open(negotiation, desk).map_err(Outcome::at_once)?;
    let rules = (rounds as u32, first as usize, breakdown);
    let outcome = talk(negotiation, desk, hall, rules).unwrap_or_else(|end| end);
    hall.tell_beliefs(negotiation, outcome.round);
    Ok(outcome)
}

/// Round after round; an agreed deal is left on the desk.
fn talk(
    negotiation: &mut Negotiation<'_>,
    desk: &mut Desk,
    hall: &mut Hall,
    (rounds, first, breakdown): (u32, usize, f64),
) -> Result<Outcome, Outcome> {
    let seats = negotiation.shape.seats();
    for round in 0..rounds {
        let tau = match rounds {
            1 => 1.0,
            _ => f64::from(round) / f64::from(rounds - 1),
        };
        for turn in 0..seats {
            let seat = (first + turn) % seats;
            if let Some(deal) = speak(negotiation, desk, hall, seat, round, tau)? {
                return Ok(desk.settle_on_roll(negotiation.shape, deal as usize, round));
            }
        }
        if breakdown > 0.0 && negotiation.chance.uniform() < breakdown {
            return Err(Outcome {
                ending: Ending::Breakdown,
                round,
            });
        }
    }
    Err(Outcome {
        ending: Ending::Deadline,
        round: rounds - 1,
    })
}

/// One seat's turn; the deal if it completes an agreement.
fn speak(
    negotiation: &mut Negotiation<'_>,
    desk: &Desk,
    hall: &mut Hall,
    seat: usize,
    round: u32,
    tau: f64,
) -> Result<Option<u32>, Outcome> {
    let seats = negotiation.shape.seats();
    let planned = hall.plan(negotiation, desk, seat, tau);
    let standing = hall.standing.filter(|said| said.seat != seat);
    if let Some(standing) = standing
        && hall.accepts(negotiation, desk, seat, tau, &standing, planned.as_ref())
    {
        hall.accepted += 1;
        if negotiation.watch.is_some() {
            let own = desk.roll.utility(seat, standing.deal as usize);
            tell(
                negotiation,
                hall,
                (round, seat, "accepts"),
                standing.deal,
                &[("utility", own)],
            );
        }
        return Ok((hall.accepted + 1 == seats as u32).then_some(standing.deal));
    }
    let Some(bid) = planned else {
        negotiation.tell(&Step {
            round,
            who: Who::Seat(seat),
            does: "walks away",
            deal: &[],
            figures: &[],
        });
        return Err(Outcome {
            ending: Ending::WalkedAway,
            round,
        });
    };
    hall.say(negotiation, desk, seat, tau, &bid);
    if negotiation.watch.is_some() {
        let own = desk.roll.utility(seat, bid.deal as usize);
        let all = [
            ("utility", own),
            ("target", bid.target),
            ("similarity", bid.similarity),
        ];
        let mut figures = [("", f64::NAN); 3];
        let mut known = 0;
        for figure in all.into_iter().filter(|(_, value)| !value.is_nan()) {
            figures[known] = figure;
            known += 1;
        }
        tell(
            negotiation,
            hall,
            (round, seat, "offers"),
            bid.deal,
            &figures[..known],
        );
    }
    // Alone at the table, an offer is an agreement.
    Ok((seats == 1).then_some(bid.deal))
}

fn tell(
    negotiation: &mut Negotiation<'_>,
    hall: &mut Hall,
    (round, seat, does): (u32, usize, &'static str),
    deal: u32,
    figures: &[(&'static str, f64)],
) {
    let told = hall.read(negotiation.shape, deal);
    negotiation.tell(&Step {
        round,
        who: Who::Seat(seat),
        does,
        deal: told,
        figures,
    });
}
