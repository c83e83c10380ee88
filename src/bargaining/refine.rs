//! Continuous issues: the best deals on the grid, then ever finer grids around them.
//!
//! Each close look solves the same problem exactly on a small grid around the best deal so far. If
//! the winner lies on the edge of the grid the grid moves, otherwise it shrinks, down to 1e-11 of
//! the ranges. What the first, coarse grid cannot see is lost: it chooses the hill, the close looks
//! find its top. Seats nobody can satisfy on the grid get a search for the zone of agreement first.

use super::ballot::Ballot;
use super::close::Close;
use super::desk::Desk;
use super::look::{is_better, look};
use super::near::Spot;
use super::outcome::{Ending, Outcome};
use super::shape::Shape;
use super::stakes::Negotiation;

/// What is searched for.
pub(super) trait Goal {
    /// Leaves the best deal on the ballot.
    fn elect(&self, ballot: &mut Ballot);

    /// On which side of its best deal a deal lies, for two seats: positive on the first seat's,
    /// zero where the goal is met. Nothing for goals that do not cross from side to side.
    fn side(&self, _ballot: &Ballot, _place: u32, _floors: &[f64]) -> Option<f64> {
        None
    }

    /// How finely ranges are worth resolving, as a share of them.
    fn finest(&self) -> f64 {
        FINEST
    }

    /// Whether a deal is good enough to stop.
    fn is_reached(&self, _: &Ballot, _: u32) -> bool {
        false
    }
}

/// One seat's best deal.
pub(super) struct Favourite(pub usize);

impl Goal for Favourite {
    fn side(&self, ballot: &Ballot, place: u32, floors: &[f64]) -> Option<f64> {
        let utilities = ballot.utilities(place);
        Some(if self.0 == 0 {
            floors[1] - utilities[1]
        } else {
            utilities[0] - floors[0]
        })
    }

    fn elect(&self, ballot: &mut Ballot) {
        let epsilon = ballot.epsilon[self.0];
        ballot.keep_best(epsilon, |ballot, place| ballot.gains(place)[self.0]);
        if ballot.is_tied() {
            ballot.break_tie();
        }
    }
}

/// Any deal that nobody refuses: the smallest gain, as a share of what is at stake, made largest.
struct Zone;

impl Goal for Zone {
    fn elect(&self, ballot: &mut Ballot) {
        ballot.keep_leximin(1e-9, |ballot, seat, gain| {
            Some(gain / ballot.epsilon[seat] * 1e-9)
        });
        let lowest = ballot.alive.iter().copied().min();
        ballot.alive.clear();
        ballot.alive.extend(lowest);
    }

    fn is_reached(&self, ballot: &Ballot, place: u32) -> bool {
        let gains = ballot.gains(place).iter().zip(&ballot.epsilon);
        gains.into_iter().all(|(gain, epsilon)| *gain >= -epsilon)
    }
}

const SEEDS: usize = 3;
/// The finest spacing where scores have kinks.
pub(super) const FINEST: f64 = 1e-11;
/// The finest spacing where scores are smooth.
pub(super) const SMOOTH: f64 = 2e-8;

/// Settles on the goal's deal.
pub(super) fn settle(
    negotiation: &mut Negotiation<'_>,
    desk: &mut Desk,
    close: &Close,
    goal: &dyn Goal,
    needs_ideal: bool,
) -> Result<Outcome, Ending> {
    desk.lend(|desk, start, best| {
        let start = enter(negotiation, desk, close, start)?.then_some(&*start);
        if needs_ideal {
            ideals(negotiation, desk, close, start)?;
        }
        if !seek(negotiation, desk, close, goal, start, best)? {
            return Err(Ending::NoZone);
        }
        Ok(desk.settle_spot(best, 0))
    })
}

/// Prepares the desk for a problem with ranges: the zone's part of the coarse frontier lies on the
/// ballot, or, where the grid misses the zone, the ballot is empty and `spot` is a deal in the zone
/// (then true).
pub(super) fn enter(
    negotiation: &mut Negotiation<'_>,
    desk: &mut Desk,
    close: &Close,
    spot: &mut Spot,
) -> Result<bool, Ending> {
    let parties = negotiation.parties;
    if let Some(near) = &mut desk.near {
        near.ballot.open(&desk.bench.tables, parties.risk);
        near.ballot.exact = true;
        near.open
            .rational(parties.reservation, &desk.ballot.epsilon);
        near.open.floors.fill(f64::NEG_INFINITY);
    }
    let listed = desk.canvass(negotiation);
    if listed.is_ok() {
        desk.ballot.take_ideal();
        share_ideal(desk);
        rational(negotiation, desk);
        return Ok(false);
    }
    if let Err(ending) = listed
        && ending != Ending::NoZone
    {
        return Err(ending);
    }
    desk.cut.floors.fill(f64::NEG_INFINITY);
    desk.canvass(negotiation)?;
    if let Some(near) = &mut desk.near {
        near.cut.rational(parties.reservation, &desk.ballot.epsilon);
        near.cut.floors.fill(f64::NEG_INFINITY);
    }
    let found = seek(negotiation, desk, close, &Zone, None, spot)?;
    desk.ballot.clear();
    let epsilon = &desk.ballot.epsilon;
    let gains = spot.utilities.iter().zip(parties.reservation).zip(epsilon);
    if !found
        || gains
            .into_iter()
            .any(|((utility, least), epsilon)| utility - least < -epsilon)
    {
        return Err(Ending::NoZone);
    }
    rational(negotiation, desk);
    desk.ballot.take_ideal();
    share_ideal(desk);
    ideals(negotiation, desk, close, Some(spot))?;
    Ok(true)
}

/// Sets the floors of close looks to individual rationality, hardly any tolerance granted: a
/// proposer would take all of it.
fn rational(negotiation: &Negotiation<'_>, desk: &mut Desk) {
    desk.cut
        .rational(negotiation.parties.reservation, &desk.ballot.epsilon);
    if let Some(near) = &mut desk.near {
        near.insist(negotiation.parties.reservation, &desk.ballot.epsilon);
    }
}

fn share_ideal(desk: &mut Desk) {
    let Desk { near, ballot, .. } = desk;
    if let Some(near) = near {
        near.ballot.ideal.clone_from(&ballot.ideal);
    }
}

/// Refines every seat's ideal.
pub(super) fn ideals(
    negotiation: &mut Negotiation<'_>,
    desk: &mut Desk,
    close: &Close,
    start: Option<&Spot>,
) -> Result<(), Ending> {
    desk.lend(|desk, spot, _| {
        for seat in 0..negotiation.shape.seats {
            if seek(negotiation, desk, close, &Favourite(seat), start, spot)? {
                let gain = spot.utilities[seat] - negotiation.parties.reservation[seat];
                desk.ballot.ideal[seat] = gain.max(desk.ballot.ideal[seat]);
            }
        }
        share_ideal(desk);
        Ok(())
    })
}

/// Looks for the best deal from the best few seeds on the coarse ballot and from `start`; whether
/// there was any. Where nothing keeps the floors as they are, they are granted their tolerance.
pub(super) fn seek(
    negotiation: &mut Negotiation<'_>,
    desk: &mut Desk,
    close: &Close,
    goal: &dyn Goal,
    start: Option<&Spot>,
    best: &mut Spot,
) -> Result<bool, Ending> {
    if search(negotiation, desk, close, goal, start, best)? {
        return Ok(true);
    }
    if let Some(near) = &mut desk.near {
        let floors = near.cut.floors.iter_mut().zip(&desk.ballot.epsilon);
        floors.for_each(|(floor, epsilon)| *floor -= epsilon);
    }
    search(negotiation, desk, close, goal, start, best)
}

fn search(
    negotiation: &mut Negotiation<'_>,
    desk: &mut Desk,
    close: &Close,
    goal: &dyn Goal,
    start: Option<&Spot>,
    best: &mut Spot,
) -> Result<bool, Ending> {
    let shape = negotiation.shape;
    let spacing = coarse(shape, close) / 2.0;
    let mut seeds = [u64::MAX; SEEDS];
    let mut found = false;
    desk.lend(|desk, spot, _| {
        for seed in 0..=SEEDS {
            let seeded = match start {
                Some(start) if seed == SEEDS => {
                    spot.clone_from(start);
                    true
                }
                _ => seed < SEEDS && pick(shape, desk, goal, &mut seeds, seed, spot),
            };
            let rival = found.then_some(&*best);
            if seeded && look(negotiation, desk, close, goal, spacing, rival, spot)? {
                if !found || is_better(desk, negotiation, goal, spot, best) {
                    best.clone_from(spot);
                }
                found = true;
            }
        }
        Ok(found)
    })
}

/// The spacing of the coarse grid, as a share of the ranges.
pub(super) fn coarse(shape: &Shape, close: &Close) -> f64 {
    let points = close.ranges.iter().map(|&issue| shape.plan.levels[issue]);
    1.0 / (points.max().unwrap_or(2).max(2) - 1) as f64
}

/// The best deal on the coarse ballot that is within the floors and not beside an earlier seed.
fn pick(
    shape: &Shape,
    desk: &mut Desk,
    goal: &dyn Goal,
    seeds: &mut [u64],
    seed: usize,
    spot: &mut Spot,
) -> bool {
    let Desk { ballot, near, .. } = desk;
    let Some(near) = near else { return false };
    let floors = &near.cut.floors;
    let beside = |one: u64, other: u64| {
        (0..shape.issues.len()).all(|issue| {
            let (one, other) = (shape.plan.level(one, issue), shape.plan.level(other, issue));
            one.abs_diff(other) <= if shape.is_range(issue) { 2 } else { 0 }
        })
    };
    ballot.admit_all();
    let Ballot {
        alive,
        utilities,
        deals,
        seats,
        ..
    } = &mut *ballot;
    alive.retain(|&place| {
        let deal = deals[place as usize];
        let utilities = &utilities[place as usize * *seats..];
        !seeds[..seed].iter().any(|&other| beside(deal, other))
            && floors
                .iter()
                .zip(utilities)
                .all(|(floor, utility)| utility >= floor)
    });
    if alive.is_empty() {
        return false;
    }
    goal.elect(ballot);
    let Some(&place) = ballot.alive.first() else {
        return false;
    };
    seeds[seed] = ballot.deals[place as usize];
    spot.deal.clear();
    spot.deal.extend((0..shape.issues.len()).map(|issue| {
        let level = shape.plan.level(seeds[seed], issue);
        if shape.is_range(issue) {
            shape.grid.values[issue][level]
        } else {
            level as f64
        }
    }));
    spot.utilities.clear();
    spot.utilities.extend_from_slice(ballot.utilities(place));
    true
}

/// Whether some deal on the coarse grid keeps the floors and is better for a seat than this one.
pub(super) fn grid_is_better(desk: &Desk, seat: usize, spot: &Spot) -> bool {
    let Some(near) = &desk.near else { return false };
    let enough = spot.utilities[seat] + desk.ballot.epsilon[seat];
    desk.ballot
        .utilities
        .chunks_exact(desk.ballot.seats)
        .any(|utilities| {
            let floors = utilities.iter().zip(&near.cut.floors);
            utilities[seat] > enough && floors.into_iter().all(|(utility, floor)| utility >= floor)
        })
}
