//! Alternating offers with a deadline, solved by backward induction on the frontier.
//!
//! `V^T = 0`, `c_i = p (b_i - d_i) + (1 - p) delta_i V_i^(t+1)`; the proposer of round `t` takes its
//! best deal among those giving every responder at least `c_i`. Stahl (1972), Rubinstein (1982),
//! Binmore, Rubinstein & Wolinsky (1986).

mod on_ranges;

use super::{Needs, Protocol, ProtocolKind};
use crate::bargaining::ballot::{Ballot, TOLERANCE, bent};
use crate::bargaining::desk::Desk;
use crate::bargaining::outcome::{Ending, Outcome};
use crate::bargaining::shape::MOST_SEATS;
use crate::bargaining::stakes::{Negotiation, Party};
use crate::catalogue::{Form, Kind, Setting};

pub(super) const ALTERNATING_OFFERS: ProtocolKind = ProtocolKind {
    kind: Kind {
        name: "alternating-offers",
        about: "signatories propose in turn until a deadline; waiting costs",
        reference: "Stahl 1972; Rubinstein 1982; Binmore, Rubinstein & Wolinsky 1986",
        manual: "In each round one signatory proposes and the others accept or refuse; proposers rotate. Each \
refusal costs time (every signatory's discount factor applies to its gain) and may end the talks for good. \
The game is solved backwards from the deadline: a proposer offers the others exactly what waiting would be worth to \
them. With complete information agreement comes in the first round; what the threat of waiting decides is its terms. \
No signatory ever signs below its reservation value.",
        settings: &[
            Setting {
                name: "rounds",
                about: "rounds until the deadline",
                form: Form::Whole(1.0, 100_000.0),
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
        ],
    },
    needs: Needs::ANY,
    build: || Box::new(AlternatingOffers),
};

struct AlternatingOffers;

impl Protocol for AlternatingOffers {
    fn negotiate(&self, negotiation: &mut Negotiation<'_>, desk: &mut Desk) -> Outcome {
        play(negotiation, desk).unwrap_or_else(Outcome::at_once)
    }
}

/// The settings, checked.
struct Clock<'w> {
    rounds: u32,
    first: usize,
    breakdown: f64,
    payoffs: &'w [f64],
}

impl<'w> Clock<'w> {
    fn read(settings: &'w [f64], seats: usize) -> Result<Clock<'w>, Ending> {
        let &[rounds, first, breakdown, ref payoffs @ ..] = settings else {
            return Err(Ending::Unplayable("alternating offers need their settings"));
        };
        if !(1.0..=100_000.0).contains(&rounds) {
            return Err(Ending::Unplayable(
                "the number of rounds lies outside 1 and 100000",
            ));
        }
        if !(0.0..=1.0).contains(&breakdown) {
            return Err(Ending::Unplayable(
                "the chance of breakdown lies outside 0 and 1",
            ));
        }
        if !(first >= 0.0 && first < seats as f64) || payoffs.len() != seats {
            return Err(Ending::Unplayable("the first proposer is not at the table"));
        }
        Ok(Clock {
            rounds: rounds as u32,
            first: first as usize,
            breakdown,
            payoffs,
        })
    }

    fn proposer(&self, round: u32, seats: usize) -> usize {
        (self.first + round as usize) % seats
    }

    /// How talks without any acceptable offer end.
    fn end(&self) -> Ending {
        if self.breakdown > 0.0 {
            Ending::Breakdown
        } else {
            Ending::Deadline
        }
    }

    /// What refusing is worth to a seat whose game goes on at `value`, as bent gains.
    fn refusal(&self, seat: usize, value: f64, parties: &Party<'_>) -> f64 {
        let payoff = self.payoffs[seat] - parties.reservation[seat];
        let lost = if payoff.is_nan() {
            0.0
        } else {
            bent(payoff, parties.risk[seat])
        };
        self.breakdown * lost + (1.0 - self.breakdown) * parties.discount[seat] * value
    }
}

fn play(negotiation: &mut Negotiation<'_>, desk: &mut Desk) -> Result<Outcome, Ending> {
    let clock = Clock::read(negotiation.settings, negotiation.shape.seats())?;
    desk.open(negotiation)?;
    if let Some(close) = &negotiation.shape.close {
        return on_ranges::play(negotiation, desk, close, &clock);
    }
    desk.canvass(negotiation)?;
    desk.ballot.take_ideal();
    let mut talks = Talks::new(&mut desk.ballot);
    talks.induce(&clock, &negotiation.parties);
    match talks.settled {
        Some((deal, delay)) => Ok(desk.settle(negotiation.shape, deal, delay)),
        None => Err(clock.end()),
    }
}

/// Backward induction under way.
struct Talks<'d> {
    ballot: &'d mut Ballot,
    values: [f64; MOST_SEATS],
    refusals: [f64; MOST_SEATS],
    /// The deal that will be agreed, and how many rounds from now.
    settled: Option<(u32, u32)>,
}

impl Talks<'_> {
    fn new(ballot: &mut Ballot) -> Talks<'_> {
        if ballot.risk.iter().any(|risk| *risk != 1.0) {
            let risk = &ballot.risk;
            for gains in ballot.gains.chunks_exact_mut(risk.len()) {
                for (gain, risk) in gains.iter_mut().zip(risk) {
                    *gain = bent(*gain, *risk);
                }
            }
            ballot.take_ideal();
        }
        let none = [0.0; MOST_SEATS];
        Talks {
            ballot,
            values: none,
            refusals: none,
            settled: None,
        }
    }

    fn induce(&mut self, clock: &Clock<'_>, parties: &Party<'_>) {
        let seats = self.ballot.seats;
        let mut known = [[f64::NAN; MOST_SEATS]; MOST_SEATS];
        let mut round = clock.rounds;
        while round > 0 {
            round -= 1;
            let proposer = clock.proposer(round, seats);
            for seat in 0..seats {
                self.refusals[seat] = clock.refusal(seat, self.values[seat], parties);
            }
            self.propose(proposer);
            let same = self.values[..seats] == known[proposer][..seats];
            known[proposer] = self.values;
            if same {
                round %= seats as u32;
            }
        }
    }

    /// One round: the proposer's best acceptable deal, if it beats waiting.
    fn propose(&mut self, proposer: usize) {
        let seats = self.ballot.seats;
        if seats == 2 {
            self.scan(proposer);
        } else {
            self.ballot.admit_all();
            let Ballot {
                alive,
                gains,
                epsilon,
                ..
            } = &mut *self.ballot;
            alive.retain(|&place| {
                let gains = &gains[place as usize * seats..];
                (0..seats).all(|seat| {
                    seat == proposer || gains[seat] >= self.refusals[seat] - epsilon[seat]
                })
            });
        }
        let epsilon = self.ballot.epsilon[proposer];
        self.ballot
            .keep_best(epsilon, |ballot, place| ballot.gains(place)[proposer]);
        if self.ballot.is_tied() {
            self.ballot.break_tie();
        }
        let offer = self.ballot.alive.first().copied();
        let worth =
            |&offer: &u32| self.ballot.gains(offer)[proposer] >= self.refusals[proposer] - epsilon;
        match offer.filter(worth) {
            Some(offer) => {
                self.values[..seats].copy_from_slice(self.ballot.gains(offer));
                self.settled = Some((offer, 0));
            }
            None => {
                self.values = self.refusals;
                self.settled = self.settled.map(|(deal, delay)| (deal, delay + 1));
            }
        }
    }

    /// Two seats: the list falls for one and rises for the other, so the best acceptable deal
    /// is at its end of what the responder accepts; with it, its near ties.
    fn scan(&mut self, proposer: usize) {
        let Ballot {
            alive,
            gains,
            epsilon,
            deals,
            ..
        } = &mut *self.ballot;
        alive.clear();
        let responder = 1 - proposer;
        let accepted = self.refusals[responder] - epsilon[responder];
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
}
