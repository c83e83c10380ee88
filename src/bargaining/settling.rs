//! How a deal is written down as the settled one, or drawn by lot.

use super::desk::Desk;
use super::hull::Corner;
use super::near::Spot;
use super::outcome::{Ending, Lot, Outcome};
use super::shape::Shape;
use super::stakes::Negotiation;
use crate::uncertainty::Chance;

impl Desk {
    /// The lottery from which the settled deal was drawn; empty if it was not drawn.
    pub fn lottery(&self) -> &[Lot] {
        &self.lots[..self.in_lottery]
    }

    /// One deal of the ballot, for telling.
    pub(super) fn show(&mut self, shape: &Shape, place: u32) -> &[f64] {
        read_deal(shape, self.ballot.deals[place as usize], &mut self.deal);
        &self.deal
    }

    /// Writes down one deal of the ballot as the settled one.
    pub(super) fn settle(&mut self, shape: &Shape, place: u32, round: u32) -> Outcome {
        let index = self.ballot.deals[place as usize];
        read_deal(shape, index, &mut self.deal);
        self.utilities.copy_from_slice(self.ballot.utilities(place));
        Outcome {
            ending: Ending::Agreement,
            round,
        }
    }

    /// Builds the hull of the deals on the ballot, their gains bent, for two seats.
    pub(super) fn span(&mut self) {
        let Desk { hull, ballot, .. } = self;
        let corner = |&place: &u32| Corner {
            gains: [ballot.gains(place)[0], ballot.gains(place)[1]],
            place,
        };
        hull.build(ballot.alive.iter().map(corner));
    }

    /// Draws from the two deals mixed at a place on the hull of the ballot.
    pub(super) fn settle_mixed(&mut self, negotiation: &mut Negotiation<'_>, at: f64) -> Outcome {
        let (one, two, share) = self.hull.lots(at);
        let lots = [(one.place, 1.0 - share), (two.place, share)];
        for (place, share) in lots.into_iter().filter(|(_, share)| *share > 0.0) {
            self.add_place(negotiation.shape, place, share);
        }
        self.draw_lot(&mut negotiation.chance, 0)
    }

    /// Adds a deal of the ballot to the lottery at hand.
    pub(super) fn add_place(&mut self, shape: &Shape, place: u32, share: f64) {
        let mut deal = std::mem::take(&mut self.deal);
        let mut utilities = std::mem::take(&mut self.utilities);
        read_deal(shape, self.ballot.deals[place as usize], &mut deal);
        utilities.copy_from_slice(self.ballot.utilities(place));
        self.add_lot(share, &deal, &utilities);
        (self.deal, self.utilities) = (deal, utilities);
    }

    /// Writes down one deal of the roll as the settled one.
    pub(super) fn settle_on_roll(&mut self, shape: &Shape, deal: usize, round: u32) -> Outcome {
        read_deal(shape, deal as u64, &mut self.deal);
        for (seat, utility) in self.utilities.iter_mut().enumerate() {
            *utility = self.roll.utility(seat, deal);
        }
        Outcome {
            ending: Ending::Agreement,
            round,
        }
    }

    /// Writes down the text as the settled deal.
    pub(super) fn settle_text(&mut self, shape: &Shape, round: u32) -> Outcome {
        let (deal, utilities) = self.text.tell(shape, &self.bench.tables);
        self.deal.copy_from_slice(deal);
        self.utilities.copy_from_slice(utilities);
        Outcome {
            ending: Ending::Agreement,
            round,
        }
    }

    /// Adds a deal to the lottery at hand.
    pub(super) fn add_lot(&mut self, share: f64, deal: &[f64], utilities: &[f64]) {
        if self.lots.len() == self.in_lottery {
            self.lots.push(Lot::default());
        }
        let lot = &mut self.lots[self.in_lottery];
        lot.share = share;
        lot.deal.clear();
        lot.deal.extend_from_slice(deal);
        lot.utilities.clear();
        lot.utilities.extend_from_slice(utilities);
        self.in_lottery += 1;
    }

    /// Draws from the lottery at hand, whose shares sum to one.
    pub(super) fn draw_lot(&mut self, chance: &mut Chance, round: u32) -> Outcome {
        let lots = &self.lots[..self.in_lottery];
        let mut rest = if lots.len() > 1 {
            chance.uniform()
        } else {
            0.0
        };
        let drawn = lots.iter().position(|lot| {
            rest -= lot.share;
            rest < 0.0
        });
        if let Some(lot) = lots.get(drawn.unwrap_or(lots.len() - 1)) {
            self.deal.copy_from_slice(&lot.deal);
            self.utilities.copy_from_slice(&lot.utilities);
        }
        Outcome {
            ending: Ending::Agreement,
            round,
        }
    }

    /// Writes down what everybody has once somebody has opted out.
    pub(super) fn part(&mut self, outside: &[f64], round: u32) -> Outcome {
        self.utilities.copy_from_slice(outside);
        Outcome {
            ending: Ending::OptedOut,
            round,
        }
    }

    /// Writes down a refined deal as the settled one.
    pub(super) fn settle_spot(&mut self, spot: &Spot, round: u32) -> Outcome {
        self.settle_on(&spot.deal, &spot.utilities, round)
    }

    /// Writes down a deal found elsewhere as the settled one.
    pub(super) fn settle_on(&mut self, deal: &[f64], utilities: &[f64], round: u32) -> Outcome {
        self.deal.copy_from_slice(deal);
        self.utilities.copy_from_slice(utilities);
        Outcome {
            ending: Ending::Agreement,
            round,
        }
    }
}

/// Reads a deal off its index.
pub(super) fn read_deal(shape: &Shape, index: u64, deal: &mut [f64]) {
    let plan = &shape.plan;
    for (issue, value) in deal.iter_mut().enumerate().take(plan.told) {
        let level = plan.level(index, issue);
        *value = match shape.is_range(issue) {
            true => shape.grid.values[issue][level],
            false => level as f64,
        };
    }
}
