//! The tables, messages and solver of one plan, and the part of its frontier that is wanted.

use super::ballot::Ballot;
use super::elimination::{Bounds, Eliminate, solver};
use super::outcome::Ending;
use super::plan::Plan;
use super::product::Depth;
use super::scalar::Scalar;
use super::tables::Tables;

/// Everything needed to solve one plan, world after world.
pub(super) struct Bench {
    pub tables: Tables,
    /// Per seat: what it can reach.
    reach: Vec<Scalar>,
    has_descended: bool,
    has_climbed: bool,
    /// Along the cut's weights.
    along: Scalar,
    solver: Box<dyn Eliminate>,
    units: Vec<f64>,
    floors: Vec<f64>,
    /// Weights per unit, those of the last pass along them.
    slopes: Vec<f64>,
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
    /// Whether the level says so much that floors are looked at only in the end.
    pub is_lazy: bool,
    /// For products: how deep the level lies.
    pub depth: Depth,
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
        self.is_lazy = false;
    }
}

impl Bench {
    pub fn new(plan: &Plan, seats: usize) -> Bench {
        Bench {
            tables: Tables::new(plan, seats),
            reach: (0..seats).map(|_| Scalar::new(plan)).collect(),
            has_descended: false,
            has_climbed: false,
            along: Scalar::new(plan),
            solver: solver(seats),
            units: vec![],
            floors: vec![],
            slopes: vec![],
        }
    }

    /// After new tables: what every seat can reach.
    pub fn survey(&mut self, plan: &Plan) {
        self.has_descended = false;
        self.has_climbed = false;
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
        cut: &Cut,
        reservation: &[f64],
        ballot: &mut Ballot,
    ) -> Result<(), Ending> {
        if !cut.is_lazy && !self.has_descended {
            self.reach.iter_mut().for_each(|reach| reach.descend(plan));
            self.has_descended = true;
        }
        if cut.level > f64::NEG_INFINITY {
            self.climb(plan, &cut.weights);
        }
        let lattices = &self.tables.lattices;
        self.floors.clear();
        let floors = cut.floors.iter().zip(lattices);
        self.floors
            .extend(floors.map(|(floor, lattice)| match cut.is_lazy {
                true => f64::NEG_INFINITY,
                false => lattice.units(*floor),
            }));
        let bounds = Bounds {
            floors: &self.floors,
            reach: &self.reach,
            weights: &self.slopes,
            level: cut.level,
        };
        self.units.clear();
        ballot.clear();
        self.solver.run(
            plan,
            &self.tables,
            &bounds,
            &mut self.along,
            &mut self.units,
            &mut ballot.deals,
        )?;
        let seats = lattices.len().max(1);
        for units in self.units.chunks_exact(seats) {
            for (seat, units) in units.iter().enumerate() {
                let utility = lattices[seat].utility(*units);
                ballot.utilities.push(utility);
                ballot.gains.push(utility - reservation[seat]);
            }
        }
        ballot.admit_all();
        if cut.is_lazy {
            let Ballot {
                alive, utilities, ..
            } = &mut *ballot;
            alive.retain(|&place| {
                let utilities = &utilities[place as usize * seats..];
                cut.floors
                    .iter()
                    .zip(utilities)
                    .all(|(floor, utility)| utility >= floor)
            });
        }
        if ballot.alive.is_empty() {
            Err(Ending::NoZone)
        } else {
            Ok(())
        }
    }

    /// The best deal for a weighted sum of utilities: its index, and what it gives each seat.
    pub fn probe(&mut self, plan: &Plan, weights: &[f64], utilities: &mut [f64]) -> u64 {
        self.climb(plan, weights);
        let deal = self.along.trace(plan, &self.tables, utilities);
        for (utility, lattice) in utilities.iter_mut().zip(&self.tables.lattices) {
            *utility = lattice.utility(*utility);
        }
        deal
    }

    /// The pass up along weights, unless it was the last one.
    fn climb(&mut self, plan: &Plan, weights: &[f64]) {
        let Bench {
            tables,
            along,
            slopes,
            has_climbed,
            ..
        } = self;
        let scaled = weights.iter().zip(&tables.lattices);
        let scaled = scaled.map(|(weight, lattice)| weight * lattice.utility(1.0));
        if *has_climbed && scaled.clone().eq(slopes.iter().copied()) {
            return;
        }
        slopes.clear();
        slopes.extend(scaled);
        along.climb_sum(plan, tables, slopes);
        *has_climbed = true;
    }
}
