//! Frequent offers: where alternating offers tend as the time between two offers vanishes.
//!
//! With rates of impatience `r_i = -ln(discount_i)` and a hazard of breakdown `lambda` that pays `b_i`:
//! the Nash solution over the fallback `(lambda b_i + r_i d_i) / (lambda + r_i)`, powers in proportion to
//! `1 / (lambda + r_i)`. Binmore, Rubinstein & Wolinsky (1986), Muthoo (1999).

use super::nash::Nash;
use super::{Needs, Protocol, ProtocolKind};
use crate::bargaining::arbitration::{Rule, arbitrate};
use crate::bargaining::ballot::{Ballot, TOLERANCE, bent};
use crate::bargaining::desk::Desk;
use crate::bargaining::outcome::{Ending, Outcome};
use crate::bargaining::refine::SMOOTH;
use crate::bargaining::shape::MOST_SEATS;
use crate::bargaining::stakes::{Negotiation, Party};
use crate::bargaining::watch::{Step, Who};
use crate::catalogue::{Form, Kind, Setting};
use crate::uncertainty::maths;

pub(super) const FREQUENT_OFFERS: ProtocolKind = ProtocolKind {
    kind: Kind {
        name: "frequent-offers",
        about: "alternating offers in quick succession: patience is power",
        reference: "Binmore, Rubinstein & Wolinsky 1986; Muthoo 1999",
        manual: "The limit of alternating offers without a deadline as offers follow each other ever faster. \
The discount factor of a signatory is what a gain is worth one unit of time later; the less it discounts, the more \
power it has. `hazard` is the rate at which talks break down per unit of time, with the payoffs of \
`breakdown_payoff`. The outcome is a Nash bargaining solution: gains are counted from a mixture of the breakdown payoff \
and the reservation value, and the power of a signatory falls with its impatience and the hazard. A signatory that \
does not discount at all, without a hazard, has all the power; if nobody discounts, all have the same. No signatory ever \
signs below its reservation value.",
        settings: &[
            Setting {
                name: "hazard",
                about: "rate at which talks break down, per unit of time of the discount factors",
                form: Form::Number(0.0, 1e9),
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
    build: || Box::new(FrequentOffers),
};

struct FrequentOffers;

impl Protocol for FrequentOffers {
    fn negotiate(&self, negotiation: &mut Negotiation<'_>, desk: &mut Desk) -> Outcome {
        play(negotiation, desk).unwrap_or_else(Outcome::at_once)
    }
}

fn play(negotiation: &mut Negotiation<'_>, desk: &mut Desk) -> Result<Outcome, Ending> {
    let seats = negotiation.shape.seats();
    let limit = Limit::read(negotiation)?;
    limit.tell(negotiation);
    let power = &limit.power[..seats];
    if limit.standing[..seats]
        .iter()
        .all(|standing| *standing == 0.0)
    {
        return arbitrate(&Nash, power, negotiation, desk, true);
    }
    let parties = negotiation.parties;
    let mut floors = [0.0; MOST_SEATS];
    for (seat, floor) in floors.iter_mut().enumerate().take(seats) {
        *floor = parties.reservation[seat] + limit.lift(seat, &parties);
    }
    let rule = Lifted {
        limit: &limit,
        parties,
    };
    let mut raised = negotiation.with(Party {
        reservation: &floors[..seats],
        ..parties
    });
    let settled = arbitrate(&rule, power, &mut raised, desk, true);
    if settled != Err(Ending::NoZone) {
        return settled;
    }
    // Deals that beat no agreement but not the breakdown to come are not signed.
    desk.open(negotiation)?;
    match desk.canvass(negotiation) {
        Ok(()) => Err(Ending::Breakdown),
        Err(ending) => Err(ending),
    }
}

/// Powers, and what each falls back on: bent gains over no agreement.
struct Limit {
    power: [f64; MOST_SEATS],
    standing: [f64; MOST_SEATS],
}

impl Limit {
    fn read(negotiation: &Negotiation<'_>) -> Result<Limit, Ending> {
        let parties = negotiation.parties;
        let seats = negotiation.shape.seats();
        let &[hazard, ref payoffs @ ..] = negotiation.settings else {
            return Err(Ending::Unplayable("frequent offers need their settings"));
        };
        if !(0.0..=1e9).contains(&hazard) || payoffs.len() != seats {
            return Err(Ending::Unplayable("the hazard is not a rate"));
        }
        let mut limit = Limit {
            power: [1.0; MOST_SEATS],
            standing: [0.0; MOST_SEATS],
        };
        let mut paces = [f64::INFINITY; MOST_SEATS];
        for seat in 0..seats {
            let discount = parties.discount[seat];
            let rate = match discount > 0.0 {
                true => -maths::ln(discount),
                false => f64::INFINITY,
            };
            paces[seat] = hazard + rate;
            let payoff = payoffs[seat] - parties.reservation[seat];
            if payoff.abs() > 1e280 {
                return Err(Ending::Unplayable("a breakdown payoff is out of bounds"));
            }
            if payoff != 0.0 && !payoff.is_nan() && hazard > 0.0 {
                limit.standing[seat] = bent(payoff, parties.risk[seat]) * hazard / paces[seat];
            }
        }
        let slowest = paces.iter().copied().fold(f64::INFINITY, f64::min);
        for (power, pace) in limit.power.iter_mut().zip(paces) {
            *power = match pace == slowest {
                true => 1.0,
                false => slowest / pace,
            };
        }
        Ok(limit)
    }

    /// By how much a seat's floor lies above its reservation value.
    fn lift(&self, seat: usize, parties: &Party<'_>) -> f64 {
        bent(self.standing[seat].max(0.0), 1.0 / parties.risk[seat])
    }

    fn tell(&self, negotiation: &mut Negotiation<'_>) {
        let seats = match negotiation.watch {
            Some(_) => negotiation.shape.seats(),
            None => 0,
        };
        let parties = negotiation.parties;
        let total: f64 = self.power[..seats].iter().sum();
        for seat in 0..seats {
            let gain = bent(self.standing[seat], 1.0 / parties.risk[seat]);
            negotiation.tell(&Step {
                round: 0,
                who: Who::Seat(seat),
                does: "can wait",
                deal: &[],
                figures: &[
                    ("power", self.power[seat] / total),
                    ("fallback", parties.reservation[seat] + gain),
                ],
            });
        }
    }
}

/// The Nash rule over a fallback that is not the reservation value. Gains on the ballot are those
/// over the floors.
struct Lifted<'l> {
    limit: &'l Limit,
    parties: Party<'l>,
}

impl Lifted<'_> {
    /// The bent gain over the fallback.
    fn surplus(&self, seat: usize, gain: f64) -> f64 {
        let whole = gain + self.limit.lift(seat, &self.parties);
        bent(whole, self.parties.risk[seat]) - self.limit.standing[seat]
    }
}

impl Rule for Lifted<'_> {
    fn finest(&self) -> f64 {
        SMOOTH
    }

    fn elect(&self, power: &[f64], ballot: &mut Ballot) {
        let total: f64 = power.iter().sum();
        let surpluses = |ballot: &Ballot, place: u32| {
            let mut surpluses = [0.0; MOST_SEATS];
            for (seat, &gain) in ballot.gains(place).iter().enumerate() {
                surpluses[seat] = self.surplus(seat, gain);
            }
            surpluses
        };
        let gainers = |ballot: &Ballot, place: u32| {
            let surpluses = surpluses(ballot, place);
            let pairs = surpluses.iter().zip(&ballot.epsilon);
            pairs.filter(|(surplus, epsilon)| surplus > epsilon).count()
        };
        ballot.keep_best(0.5, |ballot, place| gainers(ballot, place) as f64);
        let first = ballot.alive.first();
        let everybody = first.is_some_and(|&place| gainers(ballot, place) == ballot.seats);
        ballot.keep_best(TOLERANCE, |ballot, place| {
            let surpluses = surpluses(ballot, place);
            let mut sum = 0.0;
            for seat in 0..ballot.seats {
                if surpluses[seat] > ballot.epsilon[seat] {
                    let scale = match everybody {
                        true => 1.0,
                        false => self.surplus(seat, ballot.ideal[seat]),
                    };
                    sum += power[seat] / total * maths::ln(surpluses[seat] / scale);
                }
            }
            sum
        });
    }
}
