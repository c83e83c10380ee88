//! A worker's scratch: every buffer that a negotiation needs, grown once and used again.

use super::ballot::Ballot;
use super::elimination::{Bounds, Eliminate, solver};
use super::outcome::{Ending, Outcome};
use super::plan::Plan;
use super::scalar::Scalar;
use super::shape::Shape;
use super::stakes::{Negotiation, Party};
use super::tables::Tables;

/// One worker's workspace for one shape.
pub struct Desk {
    pub(super) bench: Bench,
    pub(super) ballot: Ballot,
    pub(super) cut: Cut,
    solver: Box<dyn Eliminate>,
    units: Vec<f64>,
    floors: Vec<f64>,
    deal: Vec<f64>,
    utilities: Vec<f64>,
}

/// Tables and messages of one plan.
pub(super) struct Bench {
    pub tables: Tables,
    /// Per seat: what it can reach.
    pub reach: Vec<Scalar>,
    pub has_descended: bool,
    /// Along the cut's weights.
    pub along: Scalar,
}

/// The part of the frontier that is wanted.
#[derive(Debug, Default)]
pub(super) struct Cut {
    /// Least utility per seat.
    pub floors: Vec<f64>,
    /// Weights of a sum of utilities; all zero for none.
    pub weights: Vec<f64>,
    /// Least sum; minus infinity for any.
    pub level: f64,
}

impl Bench {
    pub fn new(plan: &Plan, seats: usize) -> Bench {
        Bench {
            tables: Tables::new(plan, seats),
            reach: (0..seats).map(|_| Scalar::new(plan)).collect(),
            has_descended: false,
            along: Scalar::new(plan),
        }
    }
}

impl Desk {
    /// A desk for negotiations of this shape.
    pub fn new(shape: &Shape) -> Desk {
        let seats = shape.seats;
        Desk {
            bench: Bench::new(&shape.plan, seats),
            ballot: Ballot::new(seats),
            cut: Cut::default(),
            solver: solver(seats),
            units: vec![],
            floors: vec![],
            deal: vec![0.0; shape.issues.len()],
            utilities: vec![0.0; seats],
        }
    }

    /// The settled deal: per issue the level's index, or the value of a continuous issue.
    pub fn deal(&self) -> &[f64] {
        &self.deal
    }

    /// What the settled deal gives each seat.
    pub fn utilities(&self) -> &[f64] {
        &self.utilities
    }

    /// Looks at one world: its tables, its parties, and whether anyone's floor is out of reach.
    pub(super) fn open(&mut self, negotiation: &mut Negotiation<'_>) -> Result<(), Ending> {
        let shape = negotiation.shape;
        check(shape.seats, &negotiation.parties)?;
        self.ballot.clear();
        self.ballot.knows_ideal = false;
        self.ballot.exact = false;
        self.ballot.risk.copy_from_slice(negotiation.parties.risk);
        let Bench {
            tables,
            reach,
            has_descended,
            ..
        } = &mut self.bench;
        tables.ask(&shape.plan, shape, &shape.grid, negotiation.stakes)?;
        *has_descended = false;
        self.ballot.epsilon.clear();
        self.ballot
            .epsilon
            .extend((0..shape.seats).map(|seat| tables.epsilon(seat)));
        for (seat, reach) in reach.iter_mut().enumerate() {
            let best = reach.climb_seat(&shape.plan, tables, seat);
            let floor = negotiation.parties.reservation[seat] - self.ballot.epsilon[seat];
            if !(best >= tables.lattices[seat].units(floor)) {
                return Err(Ending::NoZone);
            }
        }
        Ok(())
    }

    /// Sets the cut to nothing but individual rationality.
    pub(super) fn uncut(&mut self, parties: &Party<'_>) {
        self.cut.floors.clear();
        let floors = parties.reservation.iter().zip(&self.ballot.epsilon);
        self.cut
            .floors
            .extend(floors.map(|(reservation, epsilon)| reservation - epsilon));
        self.cut.weights.clear();
        self.cut.weights.resize(parties.reservation.len(), 0.0);
        self.cut.level = f64::NEG_INFINITY;
    }

    /// Puts the part of the frontier within the cut on the ballot.
    pub(super) fn canvass(&mut self, negotiation: &Negotiation<'_>) -> Result<(), Ending> {
        let plan = &negotiation.shape.plan;
        let Bench {
            tables,
            reach,
            has_descended,
            along,
        } = &mut self.bench;
        if !*has_descended {
            reach.iter_mut().for_each(|reach| reach.descend(plan));
            *has_descended = true;
        }
        let lattices = &tables.lattices;
        if self.cut.level > f64::NEG_INFINITY {
            for (weight, lattice) in self.cut.weights.iter_mut().zip(lattices) {
                *weight *= lattice.utility(1.0);
            }
            along.climb_sum(plan, tables, &self.cut.weights);
            along.descend(plan);
        }
        self.floors.clear();
        let floors = self.cut.floors.iter().zip(lattices);
        self.floors
            .extend(floors.map(|(floor, lattice)| lattice.units(*floor)));
        let bounds = Bounds {
            floors: &self.floors,
            reach,
            weights: &self.cut.weights,
            level: self.cut.level,
            along,
        };
        self.units.clear();
        let ballot = &mut self.ballot;
        ballot.clear();
        self.solver
            .run(plan, tables, &bounds, &mut self.units, &mut ballot.deals)?;
        for units in self.units.chunks_exact(lattices.len().max(1)) {
            for (seat, units) in units.iter().enumerate() {
                let utility = lattices[seat].utility(*units);
                ballot.utilities.push(utility);
                ballot
                    .gains
                    .push(utility - negotiation.parties.reservation[seat]);
            }
        }
        ballot.admit_all();
        if ballot.deals.is_empty() {
            Err(Ending::NoZone)
        } else {
            Ok(())
        }
    }

    /// Writes down one deal of the ballot as the settled one.
    pub(super) fn settle(&mut self, shape: &Shape, place: u32, round: u32) -> Outcome {
        let place = place as usize;
        let deal = self.ballot.deals[place];
        let plan = &shape.plan;
        for (issue, value) in self.deal.iter_mut().enumerate() {
            let level = (deal / plan.strides[issue]) as usize % plan.levels[issue];
            *value = level as f64;
        }
        let start = place * shape.seats;
        self.utilities
            .copy_from_slice(&self.ballot.utilities[start..start + shape.seats]);
        Outcome {
            ending: Ending::Agreement,
            round,
        }
    }
}

/// Refuses numbers no party can have.
fn check(seats: usize, parties: &Party<'_>) -> Result<(), Ending> {
    let all = |values: &[f64], sound: fn(f64) -> bool| {
        values.len() == seats && values.iter().all(|value| sound(*value))
    };
    if !all(parties.reservation, |value| value.abs() < 1e280) {
        return Err(Ending::Unplayable(
            "a reservation value is not a finite number",
        ));
    }
    if !all(parties.discount, |value| (0.0..=1.0).contains(&value)) {
        return Err(Ending::Unplayable("a discount factor lies outside 0 and 1"));
    }
    if !all(parties.risk, |value| value > 0.0 && value < 1e6) {
        return Err(Ending::Unplayable(
            "a risk exponent is not a positive number",
        ));
    }
    Ok(())
}
