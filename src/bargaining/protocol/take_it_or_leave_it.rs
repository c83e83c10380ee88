//! Take it or leave it: one seat proposes, the others accept whatever is no worse than no agreement.
//!
//! `max gain_p` over the zone of agreement; the ultimatum game with complete information, Stahl (1972).
//! With a prior, `max gain_p prod_j F_j(u_j)`: Myerson (1981), Riley & Zeckhauser (1983).

use super::{Information, Needs, Protocol, ProtocolKind};
use crate::bargaining::ballot::{Ballot, TOLERANCE};
use crate::bargaining::belief::{Beliefs, Knows, sign};
use crate::bargaining::desk::Desk;
use crate::bargaining::flat::Flat;
use crate::bargaining::outcome::{Ending, Outcome};
use crate::bargaining::refine::{self, FINEST, Favourite, Goal, SMOOTH};
use crate::bargaining::shape::MOST_SEATS;
use crate::bargaining::stakes::{Negotiation, Party};
use crate::bargaining::watch::{Step, Who};
use crate::catalogue::{Form, Kind, Setting};

pub(super) const TAKE_IT_OR_LEAVE_IT: ProtocolKind = ProtocolKind {
    kind: Kind {
        name: "take-it-or-leave-it",
        about: "one signatory proposes once; the others accept or all walk away",
        reference: "Stahl 1972; Myerson 1981; Riley & Zeckhauser 1983",
        manual: "The proposer knows the others' reservation values and names the deal it likes best among \
those that nobody would refuse. A signatory that is indifferent accepts. Between deals equally good for the proposer, \
the larger sum of normalised gains decides. A proposer who knows only how the others' reservation values are distributed \
(`knowledge = \"prior\"`) weighs its gain with the chance that all accept, and may be refused although a deal was possible.",
        settings: &[Setting {
            name: "proposer",
            about: "the signatory that makes the offer",
            form: Form::Seat,
            default: Some(0.0),
        }],
    },
    needs: Needs {
        information: Information::Minded,
        ..Needs::ANY
    },
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
    let Some(beliefs) = negotiation.beliefs else {
        let outcome = demand(negotiation, desk, proposer)?;
        if negotiation.watch.is_some() {
            tell(negotiation, desk, proposer, &[]);
        }
        return Ok(outcome);
    };
    let truth = negotiation.parties;
    let believed = Party {
        reservation: beliefs.of(proposer),
        ..truth
    };
    let offered = match beliefs.knows[proposer] {
        Knows::Prior => gamble(&mut negotiation.with(believed), desk, proposer, beliefs)?,
        _ => demand(&mut negotiation.with(believed), desk, proposer)?,
    };
    if negotiation.watch.is_some() {
        let chance = Gamble { proposer, beliefs }.chance(&desk.ballot, desk.utilities());
        let weighed = [("believed chance that all accept", chance)];
        let is_prior = beliefs.knows[proposer] == Knows::Prior;
        tell(
            negotiation,
            desk,
            proposer,
            if is_prior { &weighed } else { &[] },
        );
    }
    Ok(sign(truth.reservation, desk, offered))
}

/// Tells an offer, what was weighed, and what the others say.
fn tell(
    negotiation: &mut Negotiation<'_>,
    desk: &Desk,
    proposer: usize,
    weighed: &[(&'static str, f64)],
) {
    let mut step = Step {
        round: 0,
        who: Who::Seat(proposer),
        does: "offers",
        deal: desk.deal(),
        figures: weighed,
    };
    negotiation.tell(&step);
    step.figures = &[];
    step.deal = &[];
    let reservation = negotiation.parties.reservation;
    for (seat, utility) in desk.utilities().iter().enumerate() {
        if seat != proposer {
            step.who = Who::Seat(seat);
            step.does = match *utility < reservation[seat] - desk.ballot.epsilon[seat] {
                true => "refuses",
                false => "accepts",
            };
            negotiation.tell(&step);
        }
    }
}

/// The offer with the largest gain times the chance that all others accept it.
fn gamble(
    negotiation: &mut Negotiation<'_>,
    desk: &mut Desk,
    proposer: usize,
    beliefs: Beliefs<'_>,
) -> Result<Outcome, Ending> {
    desk.open(negotiation)?;
    let goal = Gamble { proposer, beliefs };
    if let Some(close) = &negotiation.shape.close {
        let outcome = refine::settle(negotiation, desk, close, &goal, false)?;
        return match goal.chance(&desk.ballot, desk.utilities()) > 0.0 {
            true => Ok(outcome),
            false => Err(Ending::WalkedAway),
        };
    }
    desk.canvass(negotiation)?;
    desk.ballot.take_ideal();
    goal.elect(&mut desk.ballot);
    match desk.ballot.alive.first().copied() {
        Some(best) if goal.chance(&desk.ballot, desk.ballot.utilities(best)) > 0.0 => {
            Ok(desk.settle(negotiation.shape, best, 0))
        }
        _ => Err(Ending::WalkedAway),
    }
}

/// The goal of a proposer who knows how the others' reservation values are distributed.
struct Gamble<'b> {
    proposer: usize,
    beliefs: Beliefs<'b>,
}

impl Gamble<'_> {
    /// The chance that all others accept.
    fn chance(&self, ballot: &Ballot, utilities: &[f64]) -> f64 {
        let others = utilities.iter().enumerate();
        others
            .filter(|(seat, _)| *seat != self.proposer)
            .map(|(seat, utility)| {
                self.beliefs
                    .acceptance(seat, *utility, ballot.tolerance(ballot.epsilon[seat]))
            })
            .product()
    }

    fn worth(&self, ballot: &Ballot, place: u32) -> f64 {
        let gain = ballot.gains(place)[self.proposer];
        ballot.bent(self.proposer, gain) * self.chance(ballot, ballot.utilities(place))
    }
}

impl Goal for Gamble<'_> {
    fn finest(&self) -> f64 {
        let mut priors = self.beliefs.priors.iter().enumerate();
        match priors.any(|(seat, prior)| seat != self.proposer && prior.has_atoms()) {
            true => FINEST,
            false => SMOOTH,
        }
    }

    fn elect(&self, ballot: &mut Ballot) {
        let epsilon = ballot.epsilon[self.proposer];
        ballot.keep_best(epsilon, |ballot, place| self.worth(ballot, place));
        // Of two offers that promise the same, the safer one; also where there is nothing to gain.
        ballot.keep_best(TOLERANCE, |ballot, place| {
            self.chance(ballot, ballot.utilities(place))
        });
        ballot.break_tie();
    }
}

/// The best deal that nobody would refuse.
fn demand(
    negotiation: &mut Negotiation<'_>,
    desk: &mut Desk,
    proposer: usize,
) -> Result<Outcome, Ending> {
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
