//! Close looks from one deal, finer and finer.
//!
//! With two seats and several ranges the best deals for kinked scores lie on a ridge that no grid
//! follows. There the look takes the two neighbours on the local frontier between which the score
//! changes sides and tries the deal between them; its error falls with the square of the spacing.

use super::ballot::Ballot;
use super::close::Close;
use super::desk::Desk;
use super::near::{Near, Spot};
use super::outcome::Ending;
use super::refine::{FINEST, Goal, coarse};
use super::shape::{IssueSketch, Shape};
use super::stakes::Negotiation;

const MOST_LOOKS: usize = 400;

/// Improves a deal; false if no deal nearby keeps the floors, or if it runs into the rival's hill.
pub(super) fn look(
    negotiation: &mut Negotiation<'_>,
    desk: &mut Desk,
    close: &Close,
    goal: &dyn Goal,
    spacing: f64,
    rival: Option<&Spot>,
    spot: &mut Spot,
) -> Result<bool, Ending> {
    let shape = negotiation.shape;
    let Desk {
        near: Some(near),
        bench,
        ..
    } = desk
    else {
        return Ok(false);
    };
    let mut looking = Looking {
        shape,
        close,
        coarse: &bench.tables,
        near,
        goal,
    };
    let widest = coarse(shape, close);
    let half = (close.points / 2) as f64;
    let shrink = if close.ranges.len() == 1 {
        1.0 / half
    } else {
        0.5
    };
    let crosses = shape.seats == 2 && close.ranges.len() > 1 && goal.finest() == FINEST;
    let mut spacing = spacing;
    let mut between = looking.near.spots.pop().unwrap_or_default();
    let mut best = looking.near.spots.pop().unwrap_or_default();
    let mut found = true;
    for _ in 0..MOST_LOOKS {
        let has_between = match crosses {
            true => looking.cross(negotiation, spot, spacing, &mut between)?,
            false => {
                looking.ask(negotiation, spot, spacing, false)?;
                false
            }
        };
        let has_best = looking.elect(&mut best);
        let other = has_best.then_some(&best);
        if has_between && looking.point(negotiation, &mut between, other)? {
            best.clone_from(&between);
        } else if !has_best {
            found = false;
            break;
        }
        let moved = distance(shape, close, spot, &best) / (half * spacing);
        spot.clone_from(&best);
        if looking.is_reached(negotiation, spot) {
            break;
        }
        if rival.is_some_and(|rival| is_beside(shape, spot, rival, 2.0 * spacing)) {
            found = false;
            break;
        }
        spacing = match moved {
            edge if edge > 0.99 => f64::min(spacing * 2.0, widest),
            far if far > 0.6 && close.ranges.len() > 1 => spacing,
            _ => spacing * shrink,
        };
        if spacing < goal.finest() {
            break;
        }
    }
    looking.near.spots.extend([between, best]);
    Ok(found)
}

/// A search under way.
struct Looking<'s> {
    shape: &'s Shape,
    close: &'s Close,
    coarse: &'s super::tables::Tables,
    near: &'s mut Near,
    goal: &'s dyn Goal,
}

impl Looking<'_> {
    /// Puts the frontier around a deal on the ballot; all of it, or what keeps the floors.
    fn ask(
        &mut self,
        negotiation: &mut Negotiation<'_>,
        spot: &Spot,
        spacing: f64,
        all: bool,
    ) -> Result<(), Ending> {
        let Looking {
            shape, close, near, ..
        } = self;
        near.lay(shape, close, &spot.deal, spacing);
        near.ask(close, self.coarse, &shape.plan, &spot.deal, negotiation)?;
        let reservation = negotiation.parties.reservation;
        let cut = if all { &near.open } else { &near.cut };
        match near
            .bench
            .canvass(&close.plan, cut, reservation, &mut near.ballot)
        {
            Err(Ending::NoZone) => Ok(()),
            other => other,
        }
    }

    /// The goal's deal among those on the ballot.
    fn elect(&mut self, best: &mut Spot) -> bool {
        let ballot = &mut self.near.ballot;
        if ballot.alive.is_empty() {
            return false;
        }
        self.goal.elect(ballot);
        let Some(&winner) = ballot.alive.first() else {
            return false;
        };
        best.utilities.clear();
        best.utilities
            .extend_from_slice(self.near.ballot.utilities(winner));
        self.write(winner, best);
        true
    }

    /// Writes down the issues of one deal on the ballot.
    fn write(&self, place: u32, spot: &mut Spot) {
        let deal = self.near.ballot.deals[place as usize];
        spot.deal.clone_from(&self.near.centre);
        for &issue in &self.close.ranges {
            let level = self.close.plan.level(deal, issue);
            spot.deal[issue] = self.near.grid.values[issue][level];
        }
    }

    /// Looks at the whole frontier around a deal and finds the deal between the two neighbours
    /// where the goal changes sides; leaves those that keep the floors in the running.
    fn cross(
        &mut self,
        negotiation: &mut Negotiation<'_>,
        spot: &Spot,
        spacing: f64,
        between: &mut Spot,
    ) -> Result<bool, Ending> {
        self.ask(negotiation, spot, spacing, true)?;
        self.near.find_hull();
        let Looking { near, goal, .. } = &*self;
        let side = |place: u32| {
            goal.side(&near.ballot, place, &near.cut.floors)
                .unwrap_or(1.0)
        };
        let across = near.hull.partition_point(|&place| side(place) > 0.0);
        let has_between = across > 0 && across < near.hull.len();
        if has_between {
            let (one, two) = (near.hull[across - 1], near.hull[across]);
            let share = side(one) / (side(one) - side(two));
            self.write(two, between);
            let deal = near.ballot.deals[one as usize];
            for &issue in &self.close.ranges {
                let value = near.grid.values[issue][self.close.plan.level(deal, issue)];
                between.deal[issue] = value + share * (between.deal[issue] - value);
            }
        }
        let Near { ballot, cut, .. } = &mut *self.near;
        let Ballot {
            alive,
            utilities,
            seats,
            ..
        } = ballot;
        alive.retain(|&place| {
            let utilities = &utilities[place as usize * *seats..];
            cut.floors
                .iter()
                .zip(utilities)
                .all(|(floor, utility)| utility >= floor)
        });
        Ok(has_between)
    }

    /// What a single deal gives; whether it keeps the floors and is no worse than another.
    fn point(
        &mut self,
        negotiation: &mut Negotiation<'_>,
        spot: &mut Spot,
        other: Option<&Spot>,
    ) -> Result<bool, Ending> {
        self.ask(negotiation, spot, 0.0, false)?;
        let Some(&place) = self.near.ballot.alive.first() else {
            return Ok(false);
        };
        spot.utilities.clear();
        spot.utilities
            .extend_from_slice(self.near.ballot.utilities(place));
        let better = |other| prefers(self.near, negotiation, self.goal, spot, other);
        Ok(other.is_none_or(better))
    }

    fn is_reached(&mut self, negotiation: &Negotiation<'_>, spot: &Spot) -> bool {
        fill(&mut self.near.ballot, negotiation, [spot]);
        self.goal.is_reached(&self.near.ballot, 0)
    }
}

/// Whether the goal prefers one deal to another.
pub(super) fn is_better(
    desk: &mut Desk,
    negotiation: &Negotiation<'_>,
    goal: &dyn Goal,
    one: &Spot,
    other: &Spot,
) -> bool {
    let near = desk.near.as_mut();
    near.is_some_and(|near| prefers(near, negotiation, goal, one, other))
}

fn prefers(
    near: &mut Near,
    negotiation: &Negotiation<'_>,
    goal: &dyn Goal,
    one: &Spot,
    other: &Spot,
) -> bool {
    fill(&mut near.ballot, negotiation, [other, one]);
    goal.elect(&mut near.ballot);
    near.ballot.alive == [1]
}

/// Puts nothing but these deals on the ballot.
fn fill<const N: usize>(ballot: &mut Ballot, negotiation: &Negotiation<'_>, spots: [&Spot; N]) {
    ballot.clear();
    for (index, spot) in spots.into_iter().enumerate() {
        ballot.deals.push(index as u64);
        ballot.utilities.extend_from_slice(&spot.utilities);
        let gains = spot.utilities.iter().zip(negotiation.parties.reservation);
        ballot
            .gains
            .extend(gains.map(|(utility, reservation)| utility - reservation));
    }
    ballot.admit_all();
}

/// How far a deal moved, as a share of the ranges; ends of a range stop it and do not count.
fn distance(shape: &Shape, close: &Close, before: &Spot, after: &Spot) -> f64 {
    let moved = |&issue: &usize| match shape.issues[issue] {
        IssueSketch::Range { from, to } if from != to => {
            let value = after.deal[issue];
            let moved = (value - before.deal[issue]).abs() / (to - from).abs();
            if value == from || value == to {
                0.0
            } else {
                moved
            }
        }
        _ => 0.0,
    };
    close.ranges.iter().map(moved).fold(0.0, f64::max)
}

fn is_beside(shape: &Shape, one: &Spot, other: &Spot, reach: f64) -> bool {
    let pairs = one.deal.iter().zip(&other.deal).zip(&shape.issues);
    pairs.into_iter().all(|((one, other), issue)| match issue {
        IssueSketch::Range { from, to } => (one - other).abs() <= reach * (to - from).abs(),
        IssueSketch::Levels(_) => one == other,
    })
}
