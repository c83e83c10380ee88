//! The hall in which offers go round: every seat's ranking and mind, what was said, what stands.

use super::desk::Desk;
use super::outcome::Ending;
use super::ranking::Ranking;
use super::roll::Roll;
use super::settling::read_deal;
use super::shape::Shape;
use super::stakes::{Negotiation, Place};
use super::strategy::{Bid, Mind, Own, Said, View};
use super::tables::Tables;
use super::watch::{Step, Who};

/// Scratch of one worker for sessions of offers; grown once.
#[derive(Debug, Default)]
pub(super) struct Hall {
    rankings: Vec<Ranking>,
    minds: Vec<Mind>,
    said: Vec<Said>,
    /// The offer on the table, and how many have accepted it in a row.
    pub standing: Option<Said>,
    pub accepted: u32,
    /// Per seat: how many different deals it has offered.
    distinct: Vec<u32>,
    /// Per seat and deal: the session in which it was offered last.
    stamps: Vec<u32>,
    session: u32,
    reservation: Vec<f64>,
    epsilon: Vec<f64>,
    /// Where each seat's numbers start.
    starts: Vec<usize>,
    rumoured: Tables,
    rumours: Roll,
    deal: Vec<f64>,
}

impl Hall {
    /// Before the first word: what every seat knows of itself.
    pub fn open(
        &mut self,
        negotiation: &mut Negotiation<'_>,
        desk: &mut Desk,
    ) -> Result<(), Ending> {
        let seats = negotiation.shape.seats();
        let conduct = negotiation.conduct;
        if conduct.manners.len() != seats {
            return Err(Ending::Unplayable("a signatory has no strategy"));
        }
        if !conduct.is_sound() {
            return Err(Ending::Unplayable(
                "a number of a strategy is out of bounds",
            ));
        }
        self.rankings.resize_with(seats, Ranking::default);
        self.minds.resize_with(seats, Mind::default);
        self.starts.clear();
        let mut start = 0;
        for (seat, manner) in conduct.manners.iter().enumerate() {
            self.starts.push(start);
            start += manner.slots.iter().sum::<usize>();
            let units = desk.roll.seat(seat);
            self.rankings[seat].write(desk.roll.edition, units, &desk.roll.allowed);
            if manner.offers.ranks() {
                self.rankings[seat].sort(units);
            }
            self.minds[seat].clear();
        }
        if let Some(rumours) = &mut negotiation.rumours {
            self.rumoured
                .fit(&rumours.shape.plan, rumours.shape.seats());
            self.rumoured.ask_plainly(rumours.shape, rumours.stakes)?;
            self.rumours.write(rumours.shape, &self.rumoured)?;
            self.rumours.measure();
        }
        self.said.clear();
        self.standing = None;
        self.accepted = 0;
        self.distinct.clear();
        self.distinct.resize(seats, 0);
        self.session = self.session.wrapping_add(1);
        if self.stamps.len() != seats * desk.roll.deals || self.session == 0 {
            self.stamps.clear();
            self.stamps.resize(seats * desk.roll.deals, 0);
            self.session = 1;
        }
        self.reservation.clear();
        self.reservation
            .extend_from_slice(negotiation.parties.reservation);
        self.epsilon.clone_from(&desk.ballot.epsilon);
        Ok(())
    }

    /// What a seat would offer now.
    pub fn plan(
        &mut self,
        negotiation: &mut Negotiation<'_>,
        desk: &Desk,
        seat: usize,
        tau: f64,
    ) -> Option<Bid> {
        let manner = &negotiation.conduct.manners[seat];
        let start = self.starts[seat];
        let mut mind = std::mem::take(&mut self.minds[seat]);
        let view = self.view((negotiation.shape, negotiation.places), desk, seat, tau);
        let mut own = Own {
            numbers: &negotiation.conduct.numbers[start..start + manner.slots[0]],
            mind: &mut mind,
            model: manner.model,
            chance: &mut negotiation.chance,
        };
        let bid = manner.offers.bid(&view, &mut own);
        self.minds[seat] = mind;
        bid
    }

    /// Whether a seat takes what lies on the table.
    pub fn accepts(
        &self,
        negotiation: &Negotiation<'_>,
        desk: &Desk,
        seat: usize,
        tau: f64,
        standing: &Said,
        planned: Option<&Bid>,
    ) -> bool {
        let manner = &negotiation.conduct.manners[seat];
        let start = self.starts[seat] + manner.slots[0];
        let numbers = &negotiation.conduct.numbers[start..start + manner.slots[1]];
        let view = self.view((negotiation.shape, negotiation.places), desk, seat, tau);
        manner.accepts.accepts(&view, numbers, standing, planned)
    }

    /// A seat makes its offer, and everybody else hears it.
    pub fn say(
        &mut self,
        negotiation: &Negotiation<'_>,
        desk: &Desk,
        seat: usize,
        tau: f64,
        bid: &Bid,
    ) {
        let said = Said {
            seat,
            deal: bid.deal,
            tau,
        };
        self.said.push(said);
        self.standing = Some(said);
        self.accepted = 0;
        let stamp = &mut self.stamps[seat * desk.roll.deals + bid.deal as usize];
        if *stamp != self.session {
            *stamp = self.session;
            self.distinct[seat] += 1;
        }
        let mind = &mut self.minds[seat];
        (mind.last, mind.target) = (Some(bid.deal), bid.target);
        mind.offers += 1;
        for listener in (0..self.minds.len()).filter(|listener| *listener != seat) {
            let manner = &negotiation.conduct.manners[listener];
            let start = self.starts[listener] + manner.slots[0] + manner.slots[1];
            let numbers = &negotiation.conduct.numbers[start..start + manner.slots[2]];
            let mut mind = std::mem::take(&mut self.minds[listener]);
            let view = self.view((negotiation.shape, negotiation.places), desk, listener, tau);
            manner.model.hear(&view, numbers, &mut mind, &said);
            self.minds[listener] = mind;
        }
    }

    /// All that a seat may see.
    fn view<'v>(
        &'v self,
        (shape, places): (&'v Shape, &'v [Place]),
        desk: &'v Desk,
        seat: usize,
        tau: f64,
    ) -> View<'v> {
        View {
            tau,
            me: seat,
            seats: self.distinct.len(),
            said: &self.said,
            reservation: self.reservation[seat],
            epsilon: self.epsilon[seat],
            levels: &shape.plan.levels[..shape.plan.told],
            values: &shape.grid.values[..shape.plan.told],
            distinct: &self.distinct,
            units: desk.roll.seat(seat),
            allowed: &desk.roll.allowed,
            lattice: desk.roll.lattices[seat],
            ranking: &self.rankings[seat],
            places,
            rumours: &self.rumours,
        }
    }

    /// A deal of the roll, issue by issue.
    pub fn read(&mut self, shape: &Shape, deal: u32) -> &[f64] {
        self.deal.resize(shape.issues(), 0.0);
        read_deal(shape, u64::from(deal), &mut self.deal);
        &self.deal
    }

    /// What the seats have come to believe of each other.
    pub fn tell_beliefs(&self, negotiation: &mut Negotiation<'_>, round: u32) {
        if negotiation.watch.is_none() {
            return;
        }
        let levels = &negotiation.shape.plan.levels;
        for (seat, mind) in self.minds.iter().enumerate() {
            let mut tell = |figures: &[(&'static str, f64)]| {
                negotiation.tell(&Step {
                    round,
                    who: Who::Seat(seat),
                    does: "believes",
                    deal: &[],
                    figures,
                });
            };
            let mut start = 0;
            for (issue, weight) in mind.weights.iter().enumerate() {
                tell(&[("issue", issue as f64), ("weight", *weight)]);
                for level in 0..levels[issue] {
                    let likes = mind.likes[start + level];
                    tell(&[
                        ("issue", issue as f64),
                        ("level", level as f64),
                        ("likes", likes),
                    ]);
                }
                start += levels[issue];
            }
            for (kind, share) in mind.posterior.iter().enumerate() {
                tell(&[("hypothesis", kind as f64), ("probability", *share)]);
            }
        }
    }
}
