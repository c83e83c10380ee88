//! Alternating offers over continuous issues: each round's proposal is found by close looks.
//!
//! Offers of one seat move less and less from round to round, so each search starts where the
//! seat's last one ended; once a whole turn changes nothing, the remaining rounds are skipped.

use super::Clock;
use crate::bargaining::ballot::bent;
use crate::bargaining::close::Close;
use crate::bargaining::desk::Desk;
use crate::bargaining::look::look;
use crate::bargaining::near::Spot;
use crate::bargaining::outcome::{Ending, Outcome};
use crate::bargaining::refine::{self, Favourite};
use crate::bargaining::shape::{IssueSketch, MOST_SEATS, Shape};
use crate::bargaining::stakes::Negotiation;

pub(super) fn play(
    negotiation: &mut Negotiation<'_>,
    desk: &mut Desk,
    close: &Close,
    clock: &Clock<'_>,
) -> Result<Outcome, Ending> {
    desk.lend(|desk, start, offer| {
        let start = refine::enter(negotiation, desk, close, start)?.then_some(&*start);
        let none = [0.0; MOST_SEATS];
        let mut talks = Talks {
            values: none,
            refusals: none,
            pace: [None; MOST_SEATS],
        };
        offer.deal.clear();
        if let Some(near) = &mut desk.near {
            near.offers.iter_mut().for_each(|offer| offer.deal.clear());
        }
        let mut delay = None;
        let seats = negotiation.shape.seats();
        let mut known = [[f64::NAN; MOST_SEATS]; MOST_SEATS];
        let mut round = clock.rounds;
        while round > 0 {
            round -= 1;
            let proposer = clock.proposer(round, seats);
            for seat in 0..seats {
                let value = talks.values[seat];
                talks.refusals[seat] = clock.refusal(seat, value, &negotiation.parties);
            }
            if talks.propose(negotiation, desk, close, proposer, start, offer)? {
                delay = Some(0);
            } else {
                talks.values = talks.refusals;
                delay = delay.map(|delay| delay + 1);
            }
            let same = (0..seats).all(|seat| {
                let change = talks.values[seat] - known[proposer][seat];
                change.abs() <= 0.1 * desk.ballot.epsilon[seat]
            });
            known[proposer] = talks.values;
            if same {
                round %= seats as u32;
            }
        }
        match delay {
            Some(delay) => Ok(desk.settle_spot(offer, delay)),
            None => Err(clock.end()),
        }
    })
}

/// Backward induction under way; values are bent gains.
struct Talks {
    values: [f64; MOST_SEATS],
    refusals: [f64; MOST_SEATS],
    /// Per seat: how far its last two offers lie apart, as a share of the ranges.
    pace: [Option<f64>; MOST_SEATS],
}

impl Talks {
    /// One round: the proposer's best acceptable deal goes to `offer`, if it beats waiting.
    fn propose(
        &mut self,
        negotiation: &mut Negotiation<'_>,
        desk: &mut Desk,
        close: &Close,
        proposer: usize,
        start: Option<&Spot>,
        offer: &mut Spot,
    ) -> Result<bool, Ending> {
        let parties = negotiation.parties;
        let shape = negotiation.shape;
        let refusals = &self.refusals;
        let Some(near) = &mut desk.near else {
            return Ok(false);
        };
        near.insist(parties.reservation, &desk.ballot.epsilon);
        for (seat, floor) in near
            .cut
            .floors
            .iter_mut()
            .enumerate()
            .filter(|(seat, _)| *seat != proposer)
        {
            let gain = bent(refusals[seat], 1.0 / parties.risk[seat]);
            let slack = 1e-3 * desk.ballot.epsilon[seat];
            *floor = floor.max(parties.reservation[seat] + gain - slack);
        }
        let goal = Favourite(proposer);
        let found = desk.lend(|desk, before, now| {
            let mut mine = take(desk, proposer);
            let mut found = false;
            if let Some(pace) = self.pace[proposer] {
                now.clone_from(&mine);
                let spacing = (pace / 2.0).clamp(1e-9, refine::coarse(shape, close) / 2.0);
                found = look(negotiation, desk, close, &goal, spacing, None, now)?
                    && !refine::grid_is_better(desk, proposer, now);
            }
            if !found {
                before.clone_from(offer);
                let from = if before.deal.is_empty() {
                    start
                } else {
                    Some(&*before)
                };
                found = refine::seek(negotiation, desk, close, &goal, from, now)?;
            }
            if found {
                self.pace[proposer] = distance(shape, now, &mine);
                mine.clone_from(now);
                let gain = |seat: usize| now.utilities[seat] - parties.reservation[seat];
                let bent_gain = |seat: usize| bent(gain(seat), parties.risk[seat]);
                let least = refusals[proposer] - desk.ballot.epsilon[proposer];
                found = bent_gain(proposer) >= least;
                if found {
                    (0..shape.seats()).for_each(|seat| self.values[seat] = bent_gain(seat));
                    offer.clone_from(now);
                }
            }
            if let Some(near) = &mut desk.near {
                near.offers[proposer] = mine;
            }
            Ok(found)
        })?;
        Ok(found)
    }
}

fn take(desk: &mut Desk, seat: usize) -> Spot {
    desk.near
        .as_mut()
        .map(|near| std::mem::take(&mut near.offers[seat]))
        .unwrap_or_default()
}

/// How far two deals lie apart in their ranges; nothing if they differ elsewhere.
fn distance(shape: &Shape, one: &Spot, other: &Spot) -> Option<f64> {
    if one.deal.len() != other.deal.len() {
        return None;
    }
    let mut most = 0.0_f64;
    for (issue, sketch) in shape.issues.iter().enumerate() {
        let apart = (one.deal[issue] - other.deal[issue]).abs();
        match sketch {
            IssueSketch::Range { from, to } if from != to => {
                most = most.max(apart / (to - from).abs());
            }
            _ if apart != 0.0 => return None,
            _ => {}
        }
    }
    Some(most)
}
