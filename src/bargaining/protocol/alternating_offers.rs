//! Alternating offers, with a deadline or without one, solved by backward induction.
//!
//! `V^T = 0`, `c_i = p (b_i - d_i) + (1 - p) delta_i V_i^(t+1)`; the proposer of round `t` takes its
//! best deal among those giving every responder at least `c_i`, or its outside option if that is
//! more. Stahl (1972), Rubinstein (1982), Binmore, Rubinstein & Wolinsky (1986), Shaked & Sutton
//! (1984), Baron & Ferejohn (1989).

mod clock;
mod induction;
pub(in crate::bargaining) mod ledger;
mod listed;
mod on_flat;
mod on_ranges;
mod on_roll;
mod path;

use super::{Needs, Protocol, ProtocolKind};
use crate::bargaining::desk::Desk;
use crate::bargaining::outcome::{Ending, Outcome};
use crate::bargaining::stakes::Negotiation;
use crate::catalogue::{Form, Kind, Setting};
use clock::Clock;
use induction::{Offers, induce};
use ledger::Ledger;
use path::walk;

pub(super) const ALTERNATING_OFFERS: ProtocolKind = ProtocolKind {
    kind: Kind {
        name: "alternating-offers",
        about: "signatories propose in turn, or as drawn; waiting costs",
        reference: "Stahl 1972; Rubinstein 1982; Shaked & Sutton 1984; Binmore, Rubinstein & Wolinsky 1986; \
Baron & Ferejohn 1989",
        manual: "In each round one signatory proposes and the others accept or refuse; proposers rotate, or are \
drawn by their chances. Each refusal costs time (every signatory's discount factor applies to its gain) and may end \
the talks for good. The game is solved backwards from the deadline: a proposer offers the others exactly what waiting \
would be worth to them. With complete information agreement comes in the first round, unless the deals at hand are too \
few to share the gain finely; what the threat of waiting decides is its terms. \
With `rounds = inf` there is no deadline: the stationary equilibrium is played. Continuous issues settle to any number; \
on a list of deals two signatories draw lots between neighbours on its upper hull, as indivisible deals would support \
many equilibria, and more than two need continuous issues. \
A signatory with an outside option may take it right after refusing; then everybody gets its own outside option, or its \
reservation value. An option below what the talks promise changes nothing; one above gives its owner exactly its worth. \
Deals named by `later` cannot be agreed on before their round: then it can pay to wait. \
With a quota fewer than all must accept: those who are not needed get what the deal gives them, even below their \
reservation value. Otherwise no signatory ever signs below its reservation value.",
        settings: &[
            Setting {
                name: "rounds",
                about: "rounds until the deadline; `inf` for none",
                form: Form::Whole(1.0, f64::INFINITY),
                default: Some(100.0),
            },
            Setting {
                name: "first",
                about: "the signatory that opens; the first one, or drawn with random recognition, if not given",
                form: Form::Seat,
                default: Some(f64::NAN),
            },
            Setting {
                name: "breakdown",
                about: "chance that talks end for good after a refusal",
                form: Form::Number(0.0, 1.0),
                default: Some(0.0),
            },
            Setting {
                name: "breakdown_payoff",
                about: "utility of each signatory if talks break down; its reservation value if not given",
                form: Form::PerSeat(-1e280, 1e280),
                default: Some(f64::NAN),
            },
            Setting {
                name: "outside_option",
                about: "utility of each signatory once somebody opts out; who has none cannot opt out",
                form: Form::PerSeat(-1e280, 1e280),
                default: Some(f64::NAN),
            },
            Setting {
                name: "recognition",
                about: "whether proposers take turns or are drawn",
                form: Form::Choice(&["rotating", "random"]),
                default: Some(0.0),
            },
            Setting {
                name: "recognition_chance",
                about: "how often each signatory is drawn to propose; only the proportions matter",
                form: Form::PerSeat(0.0, 1e9),
                default: Some(1.0),
            },
            Setting {
                name: "quota",
                about: "how many signatories must accept, the proposer among them; all if not given",
                form: Form::Whole(1.0, 16.0),
                default: Some(f64::NAN),
            },
            Setting {
                name: "later",
                about: "deals, or parts of deals, that are on the table only `from` a round on, counted from 1",
                form: Form::DealsFrom,
                default: Some(f64::NAN),
            },
        ],
    },
    needs: Needs {
        draws: true,
        ..Needs::ANY
    },
    build: || Box::new(AlternatingOffers),
};

struct AlternatingOffers;

impl Protocol for AlternatingOffers {
    fn negotiate(&self, negotiation: &mut Negotiation<'_>, desk: &mut Desk) -> Outcome {
        let mut ledger = std::mem::take(&mut desk.ledger);
        let outcome = play(negotiation, desk, &mut ledger);
        desk.ledger = ledger;
        outcome.unwrap_or_else(Outcome::at_once)
    }
}

fn play(
    negotiation: &mut Negotiation<'_>,
    desk: &mut Desk,
    ledger: &mut Ledger,
) -> Result<Outcome, Ending> {
    let clock = Clock::read(negotiation.settings, negotiation.shape.seats())?;
    let ended = bargain(negotiation, desk, &clock, ledger);
    if ended != Err(Ending::NoZone) || !(0..clock.seats).any(|seat| clock.has_option(seat)) {
        return ended;
    }
    // There is nothing to offer, but somewhere to go.
    let mut nothing = Nothing(&desk.ballot.epsilon);
    induce(&clock, &negotiation.parties, &mut nothing, ledger)?;
    match walk(negotiation, desk, &clock, ledger, &mut |_, _, _, _| {}) {
        Ok(outcome) if outcome.ending == Ending::OptedOut => Ok(outcome),
        _ => ended,
    }
}

fn bargain(
    negotiation: &mut Negotiation<'_>,
    desk: &mut Desk,
    clock: &Clock<'_>,
    ledger: &mut Ledger,
) -> Result<Outcome, Ending> {
    match &negotiation.shape.close {
        Some(_) if clock.has_later() => Err(Ending::Unplayable(
            "deals that come later need issues with levels",
        )),
        Some(close) => {
            desk.open(negotiation)?;
            let mut flat = std::mem::take(&mut desk.flat);
            let ended = match flat.fit(negotiation, &desk.bench.tables) {
                true => on_flat::play(negotiation, desk, &mut flat, clock, ledger),
                false => on_ranges::play(negotiation, desk, close, clock, ledger),
            };
            desk.flat = flat;
            ended
        }
        None if clock.can_outvote() || clock.has_later() => {
            on_roll::play(negotiation, desk, clock, ledger)
        }
        None => listed::play(negotiation, desk, clock, ledger),
    }
}

/// An empty zone of agreement.
struct Nothing<'d>(&'d [f64]);

impl Offers for Nothing<'_> {
    fn offer(&mut self, _: u32, _: usize, _: &[f64], _: &mut Ledger) -> Result<(), Ending> {
        Ok(())
    }

    fn epsilon(&self, seat: usize) -> f64 {
        self.0[seat]
    }

    fn settled(&self) -> f64 {
        1e-3
    }
}
