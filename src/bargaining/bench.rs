//! The tables, messages and solver of one plan, and the part of its frontier that is wanted.

use super::ballot::Ballot;
use super::elimination::{Bounds, Eliminate, solver};
use super::outcome::Ending;
use super::plan::Plan;
use super::scalar::Scalar;
use super::tables::Tables;

/// Everything needed to solve one plan, world after world.
pub(super) struct Bench {
    pub tables: Tables,
    /// Per seat: what it can reach.
    reach: Vec<Scalar>,
    has_descended: bool,
    /// Along the cut's weights.
    along: Scalar,
    solver: Box<dyn Eliminate>,
    units: Vec<f64>,
    floors: Vec<f64>,
}

/// The part of the frontier that is wanted.
#[derive(Debug, Default)]
pub(super) struct Cut {
    /// Least utility per seat; minus infinity for any.
    pub floors: Vec<f64>,
    /// Weights of a sum of utilities.
    pub weights: Vec<f64>,
    /// Least sum; minus infinity for any.
    pub level: f64,
}

impl Cut {
    /// Nothing but individual rationality.
    pub fn rational(&mut self, reservation: &[f64], epsilon: &[f64]) {
        self.floors.clear();
        let floors = reservation.iter().zip(epsilon);
        self.floors
            .extend(floors.map(|(reservation, epsilon)| reservation - epsilon));
        self.weights.clear();
        self.weights.resize(reservation.len(), 0.0);
        self.level = f64::NEG_INFINITY;
    }
}

impl Bench {
    pub fn new(plan: &Plan, seats: usize) -> Bench {
        Bench {
            tables: Tables::new(plan, seats),
            reach: (0..seats).map(|_| Scalar::new(plan)).collect(),
            has_descended: false,
            along: Scalar::new(plan),
            solver: solver(seats),
            units: vec![],
            floors: vec![],
        }
    }

    /// After new tables: what every seat can reach.
    pub fn survey(&mut self, plan: &Plan) {
        self.has_descended = false;
        for (seat, reach) in self.reach.iter_mut().enumerate() {
            reach.climb_seat(plan, &self.tables, seat);
        }
    }

    /// The largest utility any allowed deal gives this seat; minus infinity if none is allowed.
    pub fn most(&self, seat: usize) -> f64 {
        let units = self.reach[seat].inside.last().copied().unwrap_or(0.0);
        self.tables.lattices[seat].utility(units)
    }

    /// Puts the part of the frontier within the cut on the ballot.
    pub fn canvass(
        &mut self,
        plan: &Plan,
        cut: &mut Cut,
        reservation: &[f64],
        ballot: &mut Ballot,
    ) -> Result<(), Ending> {
        if !self.has_descended {
            self.reach.iter_mut().for_each(|reach| reach.descend(plan));
            self.has_descended = true;
        }
        let lattices = &self.tables.lattices;
        if cut.level > f64::NEG_INFINITY {
            for (weight, lattice) in cut.weights.iter_mut().zip(lattices) {
                *weight *= lattice.utility(1.0);
            }
            self.along.climb_sum(plan, &self.tables, &cut.weights);
            self.along.descend(plan);
        }
        self.floors.clear();
        let floors = cut.floors.iter().zip(lattices);
        self.floors
            .extend(floors.map(|(floor, lattice)| lattice.units(*floor)));
        let bounds = Bounds {
            floors: &self.floors,
            reach: &self.reach,
            weights: &cut.weights,
            level: cut.level,
            along: &self.along,
        };
        self.units.clear();
        ballot.clear();
        self.solver.run(
            plan,
            &self.tables,
            &bounds,
            &mut self.units,
            &mut ballot.deals,
        )?;
        for units in self.units.chunks_exact(lattices.len().max(1)) {
            for (seat, units) in units.iter().enumerate() {
                let utility = lattices[seat].utility(*units);
                ballot.utilities.push(utility);
                ballot.gains.push(utility - reservation[seat]);
            }
        }
        ballot.admit_all();
        if ballot.deals.is_empty() {
            Err(Ending::NoZone)
        } else {
            Ok(())
        }
    }
}
