//! The whole frontier, for `solve`, analyses and tests.

use super::desk::Desk;
use super::outcome::Ending;
use super::stakes::Negotiation;

/// The allowed, individually rational, Pareto efficient deals; for ranges those on the grid.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Frontier {
    /// By falling utility of the first seat.
    pub points: Vec<FrontierPoint>,
    /// Each seat's largest utility among them.
    pub ideal: Vec<f64>,
    /// Why it is empty, if it is.
    pub ending: Option<Ending>,
}

/// One efficient deal; of deals with equal utilities the one with the lowest index.
#[derive(Debug, Clone, PartialEq)]
pub struct FrontierPoint {
    /// Per seat.
    pub utilities: Vec<f64>,
    /// Per issue, the level on the scenario's own grid.
    pub levels: Vec<usize>,
    /// The deal's number: row-major, the last issue fastest.
    pub index: u64,
}

/// The exact frontier of one world, without looking at every deal.
pub fn frontier(negotiation: &mut Negotiation<'_>, desk: &mut Desk) -> Frontier {
    let listed = desk
        .open(negotiation)
        .and_then(|()| desk.canvass(negotiation));
    if let Err(ending) = listed {
        return Frontier {
            ending: Some(ending),
            ..Frontier::default()
        };
    }
    let shape = negotiation.shape;
    let ballot = &desk.ballot;
    let point = |(utilities, &index): (&[f64], &u64)| FrontierPoint {
        utilities: utilities.to_vec(),
        levels: (0..shape.issues())
            .map(|issue| shape.plan.level(index, issue))
            .collect(),
        index,
    };
    let points = ballot
        .utilities
        .chunks_exact(shape.seats.max(1))
        .zip(&ballot.deals);
    let points: Vec<FrontierPoint> = points.map(point).collect();
    let best = |seat: usize| {
        let utilities = points.iter().map(|point| point.utilities[seat]);
        utilities.fold(f64::NEG_INFINITY, f64::max)
    };
    Frontier {
        ideal: (0..shape.seats).map(best).collect(),
        points,
        ending: None,
    }
}
