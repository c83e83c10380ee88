//! Whether tables are straight: planes through utilities, half-spaces behind rules.

use super::super::shape::{Grid, Shape};
use super::super::stakes::Negotiation;
use super::super::tables::Tables;
use super::Flat;

/// How far from its plane, as a share of the utilities, a straight table may lie.
const STRAIGHT: f64 = 1e-11;
/// Points of a rule this near to its edge say nothing about it.
const EDGE: f64 = 1e-9;
/// Points of one look along a line.
const ALONG: usize = 17;

impl Flat {
    /// One half-space per rule that cuts anything off.
    pub(super) fn fit_rules(&mut self, negotiation: &mut Negotiation<'_>, tables: &Tables) -> bool {
        let shape = negotiation.shape;
        self.limits.clear();
        for (rule, scope) in shape.scopes.rules.iter().enumerate() {
            let mask = &tables.masks[shape.plan.rules[rule]..shape.plan.rules[rule + 1]];
            if mask.iter().any(|allowed| !allowed) && !self.fit_rule(negotiation, rule, mask) {
                return false;
            }
            self.lay(shape, scope);
            let mut seen = std::mem::take(&mut self.allowed);
            seen.clear();
            seen.resize(self.entries(scope), true);
            if let Some(grid) = &self.grid {
                negotiation.stakes.rule(rule, grid, &mut seen);
            }
            let cuts = mask.iter().any(|allowed| !allowed);
            let as_seen = self.tells(&shape.grid, scope, mask, cuts)
                && self
                    .grid
                    .as_ref()
                    .is_some_and(|grid| self.tells(grid, scope, &seen, cuts));
            self.allowed = seen;
            if !as_seen {
                return false;
            }
        }
        self.find_inside()
    }

    /// The half-space behind one rule: its edge is looked for along the ranges.
    fn fit_rule(&mut self, negotiation: &mut Negotiation<'_>, rule: usize, mask: &[bool]) -> bool {
        let shape = negotiation.shape;
        let scope = &shape.scopes.rules[rule];
        let Some((entry, issue, across)) = edge(shape, scope, mask) else {
            return false;
        };
        let Some(first) = self.range(issue) else {
            return false;
        };
        let mut point = std::mem::take(&mut self.point);
        point.clear();
        point.resize(self.issues.len(), 0.0);
        self.place(&shape.grid, scope, entry, &mut point);
        let value = shape.grid.values(issue)[across];
        let far = (value - self.low[first]) / self.span[first];
        let near = point[first];
        let start = self.limits.len();
        self.limits.resize(start + self.issues.len() + 1, 0.0);
        let found = self.cross(negotiation, rule, &mut point, first, (near, far));
        if let Some(turn) = found {
            let sign = f64::signum(far - near);
            self.limits[start + first] = sign;
            for range in (0..self.issues.len()).filter(|&range| range != first) {
                if !scope.contains(&self.issues[range]) {
                    continue;
                }
                // From far inside, from near the edge, from beyond it.
                for share in [1.0, 0.1, 1e-3, -1e-3] {
                    point[first] = turn + share * (near - turn);
                    let here = point[range];
                    let other = [1.0, 0.0].into_iter().find_map(|end| {
                        self.cross(negotiation, rule, &mut point, range, (here, end))
                    });
                    if let Some(other) = other.filter(|other| *other != here) {
                        let slope = sign * (turn - point[first]) / (other - here);
                        self.limits[start + range] = plain(slope);
                        break;
                    }
                }
            }
            point[first] = turn;
            let row = &self.limits[start..start + self.issues.len()];
            let bound = row.iter().zip(&point).map(|(slope, share)| slope * share);
            let bound = plain(bound.sum());
            self.limits[start + self.issues.len()] = bound;
        }
        self.point = point;
        found.is_some()
    }

    /// Where a rule changes its word first on the way from one share of a range to another, all
    /// else as at the point: the last place on the allowed side.
    fn cross(
        &mut self,
        negotiation: &mut Negotiation<'_>,
        rule: usize,
        point: &mut [f64],
        range: usize,
        way: (f64, f64),
    ) -> Option<f64> {
        let (mut from, mut to) = way;
        let mut here = None;
        for _ in 0..14 {
            self.stand(point);
            let at = |step: usize| from + (to - from) * step as f64 / (ALONG - 1) as f64;
            let (low, span) = (self.low[range], self.span[range]);
            let mut allowed = [true; ALONG];
            if let Some(grid) = &mut self.grid {
                let values = &mut grid.values[self.issues[range]];
                values.clear();
                values.extend((0..ALONG).map(|step| low + at(step) * span));
                negotiation.stakes.rule(rule, grid, &mut allowed);
            }
            let is_allowed = *here.get_or_insert(allowed[0]);
            let turn = allowed.iter().position(|now| *now != is_allowed);
            let Some(turn) = turn.filter(|turn| *turn > 0) else {
                break;
            };
            if here.is_some() && (at(turn) == to && at(turn - 1) == from) {
                break;
            }
            (from, to) = (at(turn - 1), at(turn));
        }
        if (from, to) == way {
            return None;
        }
        Some(if here == Some(true) { from } else { to })
    }

    /// One plane per seat.
    pub(super) fn fit_factors(
        &mut self,
        negotiation: &mut Negotiation<'_>,
        tables: &Tables,
    ) -> bool {
        let shape = negotiation.shape;
        let width = self.issues.len();
        self.base.clear();
        self.base.resize(shape.seats, 0.0);
        self.slopes.clear();
        self.slopes.resize(shape.seats * width, 0.0);
        for (factor, scope) in shape.scopes.factors.iter().enumerate() {
            let seat = shape.owners[factor];
            let table = &tables.raw[shape.plan.factors[factor]..shape.plan.factors[factor + 1]];
            let Some(constant) = self.fit_plane(&shape.grid, scope, table) else {
                return false;
            };
            self.lay(shape, scope);
            let mut values = std::mem::take(&mut self.values);
            values.clear();
            values.resize(self.entries(scope), 0.0);
            if let Some(grid) = &self.grid {
                negotiation.stakes.factor(factor, grid, &mut values);
            }
            let most = STRAIGHT * tables.lattices[seat].bound.max(1.0);
            let straight = self.is_plane(&shape.grid, scope, table, constant, most)
                && self
                    .grid
                    .as_ref()
                    .is_some_and(|grid| self.is_plane(grid, scope, &values, constant, most));
            self.values = values;
            if !straight {
                return false;
            }
            self.base[seat] += constant;
            for (slope, plane) in self.slopes[seat * width..].iter_mut().zip(&self.plane) {
                *slope += plane;
            }
        }
        true
    }

    /// The plane through a table's allowed entries; its slopes are left on `plane`.
    fn fit_plane(&mut self, grid: &Grid, scope: &[usize], table: &[f64]) -> Option<f64> {
        let mut point = std::mem::take(&mut self.point);
        let mut plane = std::mem::take(&mut self.plane);
        let constant = table.iter().enumerate().find_map(|(entry, value)| {
            point.clear();
            point.resize(self.issues.len(), 0.0);
            plane.clear();
            plane.resize(self.issues.len(), 0.0);
            self.place(grid, scope, entry, &mut point);
            if !self.is_allowed(scope, &point) {
                return None;
            }
            let mut constant = *value;
            let mut stride = 1;
            for &issue in scope.iter().rev() {
                let levels = grid.values(issue).len();
                let own = entry / stride % levels;
                if let Some(range) = self.range(issue) {
                    let here = point[range];
                    let mut best = (0.0, 0.0);
                    for level in 0..levels {
                        point[range] =
                            (grid.values(issue)[level] - self.low[range]) / self.span[range];
                        let far = point[range] - here;
                        if far.abs() > f64::abs(best.0) && self.is_allowed(scope, &point) {
                            best = (far, table[entry + level * stride - own * stride] - value);
                        }
                    }
                    point[range] = here;
                    if best.0 == 0.0 {
                        return None;
                    }
                    plane[range] = best.1 / best.0;
                    constant -= plane[range] * here;
                }
                stride *= levels;
            }
            Some(constant)
        });
        self.point = point;
        self.plane = plane;
        constant
    }

    fn is_plane(
        &self,
        grid: &Grid,
        scope: &[usize],
        table: &[f64],
        constant: f64,
        most: f64,
    ) -> bool {
        let mut point = [0.0; 64];
        let point = &mut point[..self.issues.len()];
        table.iter().enumerate().all(|(entry, value)| {
            self.place(grid, scope, entry, point);
            let plane = self.plane.iter().zip(&*point);
            let plane: f64 = plane.map(|(slope, share)| slope * share).sum();
            !self.is_allowed(scope, point) || (value - constant - plane).abs() <= most
        })
    }

    /// Whether the last half-space (or none, if nothing is cut) says what a rule's table says.
    fn tells(&self, grid: &Grid, scope: &[usize], mask: &[bool], cuts: bool) -> bool {
        if !cuts {
            return mask.iter().all(|allowed| *allowed);
        }
        let mut point = [0.0; 64];
        let point = &mut point[..self.issues.len()];
        let limit = &self.limits[self.limits.len() - point.len() - 1..];
        mask.iter().enumerate().all(|(entry, allowed)| {
            self.place(grid, scope, entry, point);
            let side: f64 = limit
                .iter()
                .zip(&*point)
                .map(|(slope, share)| slope * share)
                .sum();
            let beyond = side - limit[point.len()];
            beyond.abs() < EDGE || *allowed == (beyond < 0.0)
        })
    }

    /// Whether a point keeps every rule, for some values of the issues outside the scope.
    fn is_allowed(&self, scope: &[usize], point: &[f64]) -> bool {
        let width = point.len();
        self.limits.chunks_exact(width + 1).all(|limit| {
            let parts = limit.iter().zip(point).zip(&self.issues);
            let least: f64 = parts
                .map(|((slope, share), issue)| match scope.contains(issue) {
                    true => slope * share,
                    false => slope.min(0.0),
                })
                .sum();
            least <= limit[width] + 1e-12
        })
    }

    /// A deal as far inside all rules as possible.
    fn find_inside(&mut self) -> bool {
        let width = self.issues.len();
        let Flat {
            program,
            limits,
            inside,
            ..
        } = self;
        program.begin(width + 1);
        for limit in limits.chunks_exact(width + 1) {
            program.limit(limit[..width].iter().copied().chain([1.0]), limit[width]);
        }
        for range in 0..width {
            program.limit(
                (0..=width).map(|other| f64::from(other == range || other == width)),
                1.0,
            );
        }
        program.goal((0..=width).map(|column| f64::from(column == width)));
        program.solve(inside)
    }
}

/// An allowed entry of a rule's table, and an issue and a level at which it would not be allowed.
fn edge(shape: &Shape, scope: &[usize], mask: &[bool]) -> Option<(usize, usize, usize)> {
    let allowed = (0..mask.len()).filter(|&entry| mask[entry]);
    allowed.into_iter().find_map(|entry| {
        let mut stride = 1;
        scope.iter().rev().find_map(|&issue| {
            let levels = shape.grid.values(issue).len();
            let lowest = entry - entry / stride % levels * stride;
            let across = (0..levels).find(|level| !mask[lowest + level * stride]);
            stride *= levels;
            across.map(|level| (entry, issue, level))
        })
    })
}

/// A number found by halving, without the dust that this leaves.
fn plain(number: f64) -> f64 {
    let near = (number * 1e6).round() / 1e6;
    if (near - number).abs() < 1e-12 {
        near
    } else {
        number
    }
}
