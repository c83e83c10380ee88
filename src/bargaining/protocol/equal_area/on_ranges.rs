//! Equal area over continuous issues: the hull by its tangents, ever finer around the point.

use crate::bargaining::ballot::{Ballot, TOLERANCE};
use crate::bargaining::close::Close;
use crate::bargaining::curve::Arc;
use crate::bargaining::desk::Desk;
use crate::bargaining::near::Spot;
use crate::bargaining::outcome::{Ending, Outcome};
use crate::bargaining::refine::{self, Favourite, Goal, SMOOTH};
use crate::bargaining::stakes::Negotiation;

/// Arcs with less than this share of the whole area above their chord are not divided.
const FINE: f64 = 2e-7;
/// Nor is the one in which the point lies, once it has less than this.
const FINEST: f64 = 1e-12;
const MOST_ARCS: usize = 1_000;
/// A deal that falls short of the point by less than this, as a share of both gains, stands for it.
const AT_POINT: f64 = 1e-7;

pub(super) fn play(
    negotiation: &mut Negotiation<'_>,
    desk: &mut Desk,
    close: &Close,
) -> Result<Outcome, Ending> {
    desk.open(negotiation)?;
    desk.lend(|desk, start, deal| {
        let is_known = refine::enter(negotiation, desk, close, start)?;
        let mut search = Search {
            negotiation,
            close,
            start: is_known.then_some(&*start),
        };
        search.ends(desk, deal)?;
        let (best, worst) = (desk.curve.gains(0), desk.curve.gains(1));
        let single = match [best[0], worst[1]] {
            [_, other] if best[1] >= other - desk.ballot.epsilon[1] => Some(0),
            [own, _] if worst[0] >= own - desk.ballot.epsilon[0] => Some(1),
            _ => None,
        };
        if let Some(end) = single {
            deal.clone_from(desk.curve.spot(end));
            return Ok(desk.settle_spot(deal, 0));
        }
        let (ends, share) = search.halve(desk, deal, best[0] * worst[1])?;
        let [one, two] = ends.map(|end| desk.curve.gains(end));
        let point = [0, 1].map(|seat| one[seat] + share * (two[seat] - one[seat]));
        if search.seek(desk, &Along(point), deal)? {
            let gains = search.gains(desk, deal);
            if (0..2).all(|seat| gains[seat] >= point[seat] * (1.0 - AT_POINT)) {
                return Ok(desk.settle_spot(deal, 0));
            }
        }
        for (end, share) in ends.into_iter().zip([1.0 - share, share]) {
            deal.clone_from(desk.curve.spot(end));
            desk.add_lot(share, &deal.deal, &deal.utilities);
        }
        Ok(desk.draw_lot(&mut search.negotiation.chance, 0))
    })
}

/// Close looks for deals on the hull.
struct Search<'s, 'w> {
    negotiation: &'s mut Negotiation<'w>,
    close: &'s Close,
    start: Option<&'s Spot>,
}

impl Search<'_, '_> {
    fn seek(&mut self, desk: &mut Desk, goal: &dyn Goal, deal: &mut Spot) -> Result<bool, Ending> {
        refine::seek(self.negotiation, desk, self.close, goal, self.start, deal)
    }

    fn gains(&self, desk: &Desk, deal: &Spot) -> [f64; 2] {
        let reservation = self.negotiation.parties.reservation;
        [0, 1].map(|seat| {
            let gain = deal.utilities[seat] - reservation[seat];
            desk.ballot.bent(seat, gain)
        })
    }

    /// Both seats' best deals, and the arc between them.
    fn ends(&mut self, desk: &mut Desk, deal: &mut Spot) -> Result<(), Ending> {
        desk.curve.clear();
        for seat in 0..2 {
            if !self.seek(desk, &Favourite(seat), deal)? {
                return Err(Ending::NoZone);
            }
            let gains = self.gains(desk, deal);
            desk.curve.add(deal, gains);
        }
        desk.curve.arcs.push(Arc {
            ends: [0, 1],
            extra: f64::INFINITY,
        });
        Ok(())
    }

    /// The two deals on the hull between which the point lies, and its share of the second.
    fn halve(
        &mut self,
        desk: &mut Desk,
        deal: &mut Spot,
        whole: f64,
    ) -> Result<([usize; 2], f64), Ending> {
        let mut next = 0;
        while let Some(arc) = desk.curve.arcs.get(next) {
            match arc.extra > FINE * whole && desk.curve.arcs.len() < MOST_ARCS {
                true => self.divide(desk, deal, next)?,
                false => next += 1,
            }
        }
        loop {
            let (arc, share) = desk.curve.halve();
            let Arc { ends, extra } = desk.curve.arcs[arc];
            if extra <= FINEST * whole || desk.curve.arcs.len() >= MOST_ARCS {
                return Ok((ends, share));
            }
            self.divide(desk, deal, arc)?;
        }
    }

    fn divide(&mut self, desk: &mut Desk, deal: &mut Spot, arc: usize) -> Result<(), Ending> {
        let outward = Outward(desk.curve.outward(arc));
        if self.seek(desk, &outward, deal)? {
            let gains = self.gains(desk, deal);
            desk.curve.divide(arc, deal, gains);
        } else {
            desk.curve.arcs[arc].extra = 0.0;
        }
        Ok(())
    }
}

/// The deal furthest in one direction.
struct Outward([f64; 2]);

impl Goal for Outward {
    fn elect(&self, ballot: &mut Ballot) {
        let sum = |ballot: &Ballot, place: u32| {
            let gains = ballot.gains(place).iter().enumerate();
            gains
                .map(|(seat, &gain)| self.0[seat] * ballot.bent(seat, gain))
                .sum()
        };
        let size = self.0[0] * ballot.ideal[0] + self.0[1] * ballot.ideal[1];
        ballot.keep_best(TOLERANCE * size, sum);
        ballot.break_tie();
    }

    fn finest(&self) -> f64 {
        SMOOTH
    }
}

/// The deal furthest along a ray from no agreement.
struct Along([f64; 2]);

impl Along {
    fn reach(&self, ballot: &Ballot, seat: usize, gain: f64) -> f64 {
        ballot.bent(seat, gain) / self.0[seat]
    }
}

impl Goal for Along {
    fn elect(&self, ballot: &mut Ballot) {
        ballot.keep_leximin(TOLERANCE, |ballot, seat, gain| {
            Some(self.reach(ballot, seat, gain))
        });
        ballot.break_tie();
    }

    fn side(&self, ballot: &Ballot, place: u32, _: &[f64]) -> Option<f64> {
        let gains = ballot.gains(place);
        Some(self.reach(ballot, 0, gains[0]) - self.reach(ballot, 1, gains[1]))
    }
}
