//! The tables, messages and solver of one plan, and the part of its frontier that is wanted.

use super::ballot::Ballot;
use super::elimination::{Bounds, Eliminate, solver};
use super::glance::Glance;
use super::outcome::Ending;
use super::plan::Plan;
use super::product::Depth;
use super::scalar::Scalar;
use super::shape::MOST_SEATS;
use super::tables::Tables;

/// Everything needed to solve one plan, world after world.
pub(super) struct Bench {
    pub tables: Tables,
    /// Per seat: what it can reach.
    reach: Vec<Scalar>,
    /// Per seat: its largest units.
    most: Vec<f64>,
    has_reached: bool,
    has_descended: bool,
    has_climbed: bool,
    /// Along the cut's weights.
    along: Scalar,
    solver: Box<dyn Eliminate>,
    units: Vec<f64>,
    floors: Vec<f64>,
    /// Weights per unit, those of the last pass along them.
    slopes: Vec<f64>,
    pub(super) glance: Glance,
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
        let mut bench = Bench {
            tables: Tables::default(),
            reach: (0..seats).map(|_| Scalar::default()).collect(),
            has_reached: false,
            has_descended: false,
            most: vec![0.0; seats],
            has_climbed: false,
            along: Scalar::default(),
            solver: solver(seats),
            units: vec![],
            floors: vec![],
            slopes: vec![],
            glance: Glance::default(),
        };
        bench.fit(plan, seats);
        bench
    }

    /// Make room for a plan of as many seats.
    pub fn fit(&mut self, plan: &Plan, seats: usize) {
        self.tables.fit(plan, seats);
        self.reach.iter_mut().for_each(|reach| reach.fit(plan));
        self.along.fit(plan);
    }

    /// After new tables: the most every seat can reach.
    pub fn survey(&mut self, plan: &Plan) {
        self.has_reached = false;
        self.has_climbed = false;
        if plan.is_chain {
            for (seat, most) in self.most.iter_mut().enumerate() {
                *most = self.tables.sum_of_largest(plan, seat);
            }
        } else {
            self.reach(plan);
        }
    }

    /// Both passes for every seat.
    fn reach(&mut self, plan: &Plan) {
        for (seat, reach) in self.reach.iter_mut().enumerate() {
            self.most[seat] = reach.climb_seat(plan, &self.tables, seat);
        }
        self.has_reached = true;
        self.has_descended = false;
    }

    /// The largest utility any allowed deal gives this seat; minus infinity if none is allowed.
    pub fn most(&self, seat: usize) -> f64 {
        self.tables.lattices[seat].utility(self.most[seat])
    }

    /// Puts the part of the frontier within the cut on the ballot.
    pub fn canvass(
        &mut self,
        plan: &Plan,
        cut: &Cut,
        reservation: &[f64],
        ballot: &mut Ballot,
    ) -> Result<(), Ending> {
        if !cut.is_lazy && !self.has_reached {
            self.reach(plan);
        }
        if !cut.is_lazy && !self.has_descended {
            self.reach.iter_mut().for_each(|reach| reach.descend(plan));
            self.has_descended = true;
        }
        if cut.level > f64::NEG_INFINITY && !self.is_along(&cut.weights) {
            let mut units = [0.0; MOST_SEATS];
            self.probe(plan, &cut.weights, &mut units[..cut.weights.len()]);
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
        let Bench {
            tables,
            along,
            slopes,
            ..
        } = self;
        slopes.clear();
        let scaled = weights.iter().zip(&tables.lattices);
        slopes.extend(scaled.map(|(weight, lattice)| weight * lattice.utility(1.0)));
        let deal = if plan.is_chain {
            along.climb_chain(plan, tables, slopes, utilities)
        } else {
            along.climb_sum(plan, tables, slopes);
            along.trace(plan, tables, utilities)
        };
        self.has_climbed = true;
        for (utility, lattice) in utilities.iter_mut().zip(&self.tables.lattices) {
            *utility = lattice.utility(*utility);
        }
        deal
    }

    /// Whether the last pass was along these weights.
    fn is_along(&self, weights: &[f64]) -> bool {
        let scaled = weights.iter().zip(&self.tables.lattices);
        let mut scaled = scaled.map(|(weight, lattice)| weight * lattice.utility(1.0));
        self.has_climbed
            && self
                .slopes
                .iter()
                .all(|slope| scaled.next() == Some(*slope))
    }
}
