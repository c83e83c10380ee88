//! Continuous issues whose utilities and rules are all straight: a polytope of deals.
//!
//! Whether they are is found out, world by world: each table is fitted by a plane and each rule by a
//! half-space, and both are held against the whole grid and against points off it. On a polytope a
//! proposal is a linear program, so it is exact for any number of seats.

mod fitting;

use super::linear::Program;
use super::near::Spot;
use super::shape::{Grid, IssueSketch, Shape};
use super::stakes::Negotiation;
use super::tables::Tables;

/// The polytope of one world, and the workspace for finding it.
#[derive(Debug, Default)]
pub(super) struct Flat {
    /// The ranges, where each begins and how long it is.
    issues: Vec<usize>,
    low: Vec<f64>,
    span: Vec<f64>,
    /// Per seat: slopes along the ranges (each from 0 to 1) and what the lowest ends give.
    slopes: Vec<f64>,
    base: Vec<f64>,
    /// Per rule that cuts: slopes and, last, the bound.
    limits: Vec<f64>,
    /// A deal that keeps the rules, ends of ranges as 0 and 1.
    inside: Vec<f64>,
    grid: Option<Grid>,
    values: Vec<f64>,
    allowed: Vec<bool>,
    plane: Vec<f64>,
    point: Vec<f64>,
    program: Program,
}

/// Where tables are looked at off the grid.
const OFF_GRID: [f64; 5] = [0.061_803, 0.291_796, 0.527_864, 0.716_718, 0.944_272];

impl Flat {
    /// Learns the world whose tables these are; false if something is not straight.
    pub fn fit(&mut self, negotiation: &mut Negotiation<'_>, tables: &Tables) -> bool {
        let shape = negotiation.shape;
        self.issues.clear();
        self.low.clear();
        self.span.clear();
        for (issue, sketch) in shape.issues.iter().enumerate() {
            match *sketch {
                IssueSketch::Range { from, to } if from != to => {
                    self.issues.push(issue);
                    self.low.push(from.min(to));
                    self.span.push((to - from).abs());
                }
                _ if shape.plan.levels[issue] == 1 => {}
                _ => return false,
            }
        }
        if self.issues.is_empty() {
            return false;
        }
        let grid = &mut self.grid;
        let grid = grid.get_or_insert_with(|| shape.grid.clone());
        grid.whole = false;
        self.fit_rules(negotiation, tables) && self.fit_factors(negotiation, tables)
    }

    /// The best deal for one seat that gives every seat its floor; minus infinity for a seat that
    /// is not asked. Between deals equally good for it, the larger sum of all gains, each in units of
    /// `ideal`, decides.
    pub fn best(&mut self, seat: usize, floors: &[f64], ideal: &[f64]) -> bool {
        let width = self.issues.len();
        let Flat {
            program,
            limits,
            slopes,
            base,
            point,
            ..
        } = self;
        program.begin(width);
        for limit in limits.chunks_exact(width + 1) {
            program.limit(limit[..width].iter().copied(), limit[width]);
        }
        for range in 0..width {
            program.limit((0..width).map(|other| f64::from(other == range)), 1.0);
        }
        for (seat, floor) in floors
            .iter()
            .enumerate()
            .filter(|(_, floor)| floor.is_finite())
        {
            let own = &slopes[seat * width..(seat + 1) * width];
            program.limit(own.iter().map(|slope| -slope), base[seat] - floor);
        }
        program.goal(slopes[seat * width..].iter().copied());
        program.goal((0..width).map(|range| {
            let each = ideal.iter().enumerate().filter(|(_, ideal)| **ideal > 0.0);
            each.map(|(seat, ideal)| slopes[seat * width + range] / ideal)
                .sum()
        }));
        program.solve(point)
    }

    /// What the deal found last gives a seat.
    pub fn utility(&self, seat: usize) -> f64 {
        let slopes = &self.slopes[seat * self.issues.len()..];
        let parts = slopes
            .iter()
            .zip(&self.point)
            .map(|(slope, share)| slope * share);
        self.base[seat] + parts.sum::<f64>()
    }

    /// The deal found last, one share of each range.
    pub fn shares(&self) -> &[f64] {
        &self.point
    }

    /// Writes down the deal found last.
    pub fn write_found(&mut self, negotiation: &mut Negotiation<'_>, spot: &mut Spot) {
        let shares = std::mem::take(&mut self.point);
        self.write(negotiation, &shares, spot);
        self.point = shares;
    }

    /// Writes down the deal at these shares and what it really gives; where rounding has put it
    /// beyond a rule, it is drawn inside by as little as does.
    pub fn write(&mut self, negotiation: &mut Negotiation<'_>, shares: &[f64], spot: &mut Spot) {
        let shape = negotiation.shape;
        let mut point = std::mem::take(&mut self.plane);
        let mut inwards = 0.0;
        loop {
            point.clear();
            let pairs = shares.iter().zip(&self.inside).take(self.issues.len());
            point.extend(pairs.map(|(share, inside)| share + inwards * (inside - share)));
            self.stand(&point);
            let Some(grid) = &self.grid else { break };
            let mut held = [true];
            let keeps = (0..shape.scopes.rules.len()).all(|rule| {
                negotiation.stakes.rule(rule, grid, &mut held);
                held[0]
            });
            if keeps || inwards > 1e-9 {
                break;
            }
            inwards = f64::max(inwards * 2.0, 1e-16);
        }
        self.plane = point;
        spot.deal.clear();
        spot.utilities.clear();
        spot.utilities.resize(shape.seats, 0.0);
        let Some(grid) = &self.grid else { return };
        spot.deal.extend(
            (0..shape.issues.len()).map(|issue| match shape.is_range(issue) {
                true => grid.values(issue)[0],
                false => 0.0,
            }),
        );
        let mut worth = [0.0];
        for (factor, seat) in shape.owners.iter().enumerate() {
            negotiation.stakes.factor(factor, grid, &mut worth);
            spot.utilities[*seat] += worth[0];
        }
    }

    /// The value of a range at a share of its length.
    fn value(&self, range: usize, share: f64) -> f64 {
        self.low[range] + share * self.span[range]
    }

    fn range(&self, issue: usize) -> Option<usize> {
        self.issues.iter().position(|own| *own == issue)
    }

    /// Leaves one point on the grid.
    fn stand(&mut self, shares: &[f64]) {
        for (range, share) in shares.iter().enumerate() {
            let value = self.value(range, *share);
            if let Some(grid) = &mut self.grid {
                grid.values[self.issues[range]].clear();
                grid.values[self.issues[range]].push(value);
            }
        }
    }

    /// Lays points off the scenario's grid over these issues.
    fn lay(&mut self, shape: &Shape, scope: &[usize]) {
        let many = scope.iter().filter(|&&issue| shape.is_range(issue)).count() > 4;
        let points = if many { 2 } else { OFF_GRID.len() };
        for range in 0..self.issues.len() {
            let (low, span) = (self.low[range], self.span[range]);
            if let Some(grid) = &mut self.grid {
                let values = &mut grid.values[self.issues[range]];
                values.clear();
                values.extend(OFF_GRID[..points].iter().map(|share| low + share * span));
            }
        }
    }

    /// Entries of a table over these issues on the grid at hand.
    fn entries(&self, scope: &[usize]) -> usize {
        let grid = self.grid.iter();
        grid.flat_map(|grid| scope.iter().map(|&issue| grid.values(issue).len()))
            .product()
    }

    /// The ranges' shares at one entry of a table.
    fn place(&self, grid: &Grid, scope: &[usize], entry: usize, point: &mut [f64]) {
        let mut rest = entry;
        for &issue in scope.iter().rev() {
            let values = grid.values(issue);
            if let Some(range) = self.range(issue) {
                point[range] = (values[rest % values.len()] - self.low[range]) / self.span[range];
            }
            rest /= values.len();
        }
    }
}
