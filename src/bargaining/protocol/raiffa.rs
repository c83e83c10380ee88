//! Raiffa's sequence: half-way agreements, each what the next one falls back on.
//!
//! `d^0 = d`, `d^(k+1) = d^k + (a(d^k) - d^k) / n` with `a_i(d^k) = max { u_i(x) : u(x) >= d^k }`, while
//! some deal is no worse than the new point for anybody; then the leximin of gains over the last such
//! point, as shares of the room left. Raiffa (1953), Luce & Raiffa (1957), Livne (1989), Salonen (1988).

mod on_ranges;

use super::{Needs, Protocol, ProtocolKind};
use crate::bargaining::ballot::{Ballot, TOLERANCE, bent};
use crate::bargaining::desk::Desk;
use crate::bargaining::outcome::{Ending, Outcome};
use crate::bargaining::shape::MOST_SEATS;
use crate::bargaining::stakes::Negotiation;
use crate::bargaining::watch::{Step, Who};
use crate::catalogue::Kind;

pub(super) const RAIFFA: ProtocolKind = ProtocolKind {
    kind: Kind {
        name: "raiffa",
        about: "step by step towards everybody's best, each step the fallback of the next",
        reference: "Raiffa 1953; Luce & Raiffa 1957; Livne 1989; Salonen 1988",
        manual: "Each signatory asks for the best deal that leaves nobody below the fallback, and the arbitrator \
gives all of them their share of what they ask: half of the way with two signatories, a third with three. What is \
reached is the new fallback, and so on, as long as some deal gives everybody at least that much. Among the deals that \
support the last fallback the arbitrator takes the one with the most equal shares of the way still left. The units in \
which utilities are measured do not matter. \
This is Raiffa's sequential (discrete) solution; his continuous one moves along the same direction in steps without size, and ends \
elsewhere unless the frontier is straight. What some call the Raiffa solution is `kalai-smorodinsky`.",
        settings: &[],
    },
    needs: Needs::ANY,
    build: || Box::new(Raiffa),
};

/// The way left shrinks to its share of `1 - 1/n` or less with each step.
const MOST_STEPS: u32 = 2_000;

struct Raiffa;

impl Protocol for Raiffa {
    fn negotiate(&self, negotiation: &mut Negotiation<'_>, desk: &mut Desk) -> Outcome {
        let settled = match &negotiation.shape.close {
            Some(close) => on_ranges::play(negotiation, desk, close),
            None => play(negotiation, desk),
        };
        settled.unwrap_or_else(Outcome::at_once)
    }
}

fn play(negotiation: &mut Negotiation<'_>, desk: &mut Desk) -> Result<Outcome, Ending> {
    desk.open(negotiation)?;
    desk.canvass(negotiation)?;
    desk.ballot.bend();
    desk.ballot.take_ideal();
    let mut fallback = Fallback::new(desk.ballot.seats);
    for round in 0..MOST_STEPS {
        fallback.keep(&mut desk.ballot);
        fallback.look(&desk.ballot);
        fallback.tell(negotiation, round);
        let ballot = &desk.ballot;
        let next = fallback.next();
        let holds = |&&place: &&u32| next.holds(ballot, place);
        let supported = ballot.alive.iter().find(holds).is_some();
        if !(ballot.is_tied() && supported && fallback.moves(&ballot.epsilon)) {
            break;
        }
        fallback = next;
    }
    fallback.elect(&mut desk.ballot);
    match desk.ballot.alive.first() {
        Some(&winner) => Ok(desk.settle(negotiation.shape, winner, 0)),
        None => Err(Ending::NoZone),
    }
}

/// What everybody falls back on, and what each could reach from there; as bent gains.
#[derive(Debug, Clone, Copy)]
struct Fallback {
    seats: usize,
    at: [f64; MOST_SEATS],
    best: [f64; MOST_SEATS],
}

impl Fallback {
    /// No agreement.
    fn new(seats: usize) -> Fallback {
        Fallback {
            seats,
            at: [0.0; MOST_SEATS],
            best: [0.0; MOST_SEATS],
        }
    }

    /// Keeps the deals that leave nobody below it.
    fn keep(&self, ballot: &mut Ballot) {
        let mut alive = std::mem::take(&mut ballot.alive);
        alive.retain(|&place| self.holds(ballot, place));
        ballot.alive = alive;
    }

    fn holds(&self, ballot: &Ballot, place: u32) -> bool {
        let gains = ballot.gains(place).iter().zip(&ballot.epsilon);
        let mut pairs = gains.zip(&self.at);
        pairs.all(|((gain, epsilon), at)| *gain >= at - epsilon)
    }

    /// What each could reach among the deals kept.
    fn look(&mut self, ballot: &Ballot) {
        self.best = self.at;
        for &place in &ballot.alive {
            for (best, gain) in self.best.iter_mut().zip(ballot.gains(place)) {
                *best = best.max(*gain);
            }
        }
    }

    /// Each seat's share of the way to its best.
    fn next(&self) -> Fallback {
        let mut next = *self;
        for seat in 0..self.seats {
            next.at[seat] += self.room(seat) / self.seats as f64;
        }
        next
    }

    fn room(&self, seat: usize) -> f64 {
        self.best[seat] - self.at[seat]
    }

    /// Whether the next one lies anywhere else.
    fn moves(&self, epsilon: &[f64]) -> bool {
        (0..self.seats).any(|seat| self.room(seat) / self.seats as f64 > epsilon[seat])
    }

    /// A bent gain as a share of the way left; nothing for seats without any.
    fn share(&self, seat: usize, gain: f64, epsilon: &[f64]) -> Option<f64> {
        (self.room(seat) > epsilon[seat]).then(|| (gain - self.at[seat]) / self.room(seat))
    }

    /// Leaves the deal with the most equal shares of the way; gains on the ballot are bent.
    fn elect(&self, ballot: &mut Ballot) {
        ballot.keep_leximin(TOLERANCE, |ballot, seat, gain| {
            self.share(seat, gain, &ballot.epsilon)
        });
        ballot.break_tie();
    }

    /// Tells the point, seat by seat, as utilities.
    fn tell(&self, negotiation: &mut Negotiation<'_>, round: u32) {
        let seats = match negotiation.watch {
            Some(_) => self.seats,
            None => 0,
        };
        let parties = negotiation.parties;
        for seat in 0..seats {
            let utility =
                |gain: f64| parties.reservation[seat] + bent(gain, 1.0 / parties.risk[seat]);
            negotiation.tell(&Step {
                round,
                who: Who::Seat(seat),
                does: "can count on",
                deal: &[],
                figures: &[
                    ("fallback", utility(self.at[seat])),
                    ("best", utility(self.best[seat])),
                ],
            });
        }
    }
}
