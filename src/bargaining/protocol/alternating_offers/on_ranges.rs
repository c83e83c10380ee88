//! Offers over continuous issues, each found by close looks.
//!
//! Offers of one seat move less and less from round to round, so each search starts where the
//! seat's last one ended.

use super::clock::Clock;
use super::induction::{Offers, induce};
use super::ledger::{Ledger, Offer};
use super::path::walk;
use crate::bargaining::ballot::bent;
use crate::bargaining::close::Close;
use crate::bargaining::desk::Desk;
use crate::bargaining::look::look;
use crate::bargaining::near::Spot;
use crate::bargaining::outcome::{Ending, Outcome};
use crate::bargaining::refine::{self, Favourite};
use crate::bargaining::shape::{IssueSketch, MOST_SEATS, Shape};
use crate::bargaining::stakes::Negotiation;

/// Plays over continuous issues of any form.
pub(super) fn play(
    negotiation: &mut Negotiation<'_>,
    desk: &mut Desk,
    close: &Close,
    clock: &Clock<'_>,
    ledger: &mut Ledger,
) -> Result<Outcome, Ending> {
    if clock.can_outvote() {
        return Err(Ending::Unplayable(
            "on continuous issues a quota needs utilities and rules that are straight lines, and no other issues",
        ));
    }
    desk.lend(|desk, start, last| {
        let start = refine::enter(negotiation, desk, close, start)?.then_some(&*start);
        let parties = negotiation.parties;
        let mut looks = Looks::new(negotiation, desk, close, start, last);
        induce(clock, &parties, &mut looks, ledger)
    })?;
    let deals = std::mem::take(&mut ledger.shares);
    let ended = walk(
        negotiation,
        desk,
        clock,
        ledger,
        &mut |negotiation, _, deal, spot| {
            read(&deals, negotiation.shape, deal, spot);
        },
    );
    ledger.shares = deals;
    ended
}

/// A search for offers under way.
struct Looks<'l, 'n, 'w> {
    negotiation: &'l mut Negotiation<'w>,
    desk: &'l mut Desk,
    close: &'n Close,
    /// A deal in the zone of agreement that the grid misses.
    start: Option<&'l Spot>,
    /// The last offer of all.
    last: &'l mut Spot,
    /// Per seat: how far its last two offers lie apart, as a share of the ranges.
    pace: [Option<f64>; MOST_SEATS],
}

impl<'l, 'n, 'w> Looks<'l, 'n, 'w> {
    fn new(
        negotiation: &'l mut Negotiation<'w>,
        desk: &'l mut Desk,
        close: &'n Close,
        start: Option<&'l Spot>,
        last: &'l mut Spot,
    ) -> Looks<'l, 'n, 'w> {
        last.deal.clear();
        if let Some(near) = &mut desk.near {
            near.offers.iter_mut().for_each(|offer| offer.deal.clear());
        }
        Looks {
            negotiation,
            desk,
            close,
            start,
            last,
            pace: [None; MOST_SEATS],
        }
    }
}

impl Offers for Looks<'_, '_, '_> {
    fn offer(
        &mut self,
        _: u32,
        proposer: usize,
        least: &[f64],
        ledger: &mut Ledger,
    ) -> Result<(), Ending> {
        let Looks {
            negotiation,
            desk,
            close,
            start,
            last,
            pace,
        } = self;
        let parties = negotiation.parties;
        let shape = negotiation.shape;
        let Some(near) = &mut desk.near else {
            return Ok(());
        };
        near.insist(parties.reservation, &desk.ballot.epsilon);
        let floors = near.cut.floors.iter_mut().enumerate();
        for (seat, floor) in floors.filter(|(seat, _)| *seat != proposer) {
            let gain = bent(least[seat], 1.0 / parties.risk[seat]);
            let slack = 1e-3 * desk.ballot.epsilon[seat];
            *floor = floor.max(parties.reservation[seat] + gain - slack);
        }
        let goal = Favourite(proposer);
        desk.lend(|desk, before, now| {
            let mut mine = take(desk, proposer);
            let mut found = false;
            if let Some(pace) = pace[proposer] {
                now.clone_from(&mine);
                let spacing = (pace / 2.0).clamp(1e-9, refine::coarse(shape, close) / 2.0);
                found = look(negotiation, desk, close, &goal, spacing, None, now)?
                    && !refine::grid_is_better(desk, proposer, now);
            }
            if !found {
                before.clone_from(last);
                let from = if before.deal.is_empty() {
                    *start
                } else {
                    Some(&*before)
                };
                found = refine::seek(negotiation, desk, close, &goal, from, now)?;
            }
            if found {
                pace[proposer] = distance(shape, now, &mine);
                mine.clone_from(now);
                last.clone_from(now);
                let mut gains = [0.0; MOST_SEATS];
                for (seat, gain) in gains[..shape.seats()].iter_mut().enumerate() {
                    let raw = now.utilities[seat] - parties.reservation[seat];
                    *gain = bent(raw, parties.risk[seat]);
                }
                let deal = ledger.shares.len();
                ledger.shares.extend(&now.deal);
                ledger.shares.extend(&now.utilities);
                ledger.offers.push(Offer {
                    share: 1.0,
                    deal,
                    gains,
                });
            }
            if let Some(near) = &mut desk.near {
                near.offers[proposer] = mine;
            }
            Ok(())
        })
    }

    fn epsilon(&self, seat: usize) -> f64 {
        self.desk.ballot.epsilon[seat]
    }

    fn settled(&self) -> f64 {
        0.1
    }
}

/// Reads an offer back from the ledger.
fn read(deals: &[f64], shape: &Shape, deal: usize, spot: &mut Spot) {
    let utilities = deal + shape.issues.len();
    spot.deal.clear();
    spot.deal.extend_from_slice(&deals[deal..utilities]);
    spot.utilities.clear();
    spot.utilities
        .extend_from_slice(&deals[utilities..utilities + shape.seats()]);
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
