//! Undominated points among several sorted lists.
//!
//! Two seats: staircases merged pairwise. Three: a sweep with a staircase. Four and more: divide
//! and conquer, Kung, Luccio & Preparata (1975). Points with equal utilities keep the lower index.

mod divide;
mod staircase;
mod sweep;

use super::elimination::Point;
use divide::Divide;
use sweep::Sweep;

/// Lists of points, each falling lexicographically; for two seats each a staircase.
#[derive(Debug, Default)]
pub(super) struct Runs<const N: usize> {
    points: Vec<Point<N>>,
    ends: Vec<usize>,
    spare: Vec<Point<N>>,
    sweep: Sweep,
    divide: Divide,
}

impl<const N: usize> Runs<N> {
    /// Adds one list: each point of `source`, made into another, if it is wanted.
    #[inline]
    pub fn push_run(
        &mut self,
        source: &[Point<N>],
        make: impl Fn(&Point<N>) -> Point<N>,
        wanted: impl Fn(&Point<N>) -> bool,
    ) {
        let start = self.points.len();
        self.points.extend(source.iter().map(make).filter(wanted));
        if self.points.len() > start {
            self.ends.push(self.points.len());
        }
    }

    /// Adds one list, every point moved by the same step.
    #[inline]
    pub fn push_shifted(&mut self, source: &[Point<N>], step: &Point<N>) {
        if !source.is_empty() {
            self.points
                .extend(source.iter().map(|point| point.shifted(step)));
            self.ends.push(self.points.len());
        }
    }

    pub fn len(&self) -> usize {
        self.points.len()
    }

    /// Merges all lists into one that holds the undominated points.
    pub fn reduce(&mut self) {
        let merges = self.ends.len() > 1;
        while self.ends.len() > 1 {
            self.spare.clear();
            let mut start = 0;
            let mut merged = 0;
            for pair in 0..self.ends.len().div_ceil(2) {
                let middle = self.ends[2 * pair];
                let end = *self.ends.get(2 * pair + 1).unwrap_or(&middle);
                let (one, other) = (&self.points[start..middle], &self.points[middle..end]);
                if N == 2 {
                    staircase::merge(one, other, &mut self.spare);
                } else {
                    interleave(one, other, &mut self.spare);
                }
                self.ends[merged] = self.spare.len();
                merged += 1;
                start = end;
            }
            self.ends.truncate(merged);
            std::mem::swap(&mut self.points, &mut self.spare);
        }
        if merges && N == 3 {
            self.sweep.thin(&mut self.points);
        } else if merges && N > 3 {
            self.divide.thin(&mut self.points);
        }
        if let Some(end) = self.ends.last_mut() {
            *end = self.points.len();
        }
    }

    /// Moves the undominated points to the end of `target`, and is empty again.
    pub fn finish_into(&mut self, target: &mut Vec<Point<N>>) {
        self.reduce();
        target.extend_from_slice(&self.points);
        self.points.clear();
        self.ends.clear();
    }
}

/// Sorts a few points and drops the dominated ones.
pub(super) fn thin_few<const N: usize>(points: &mut Vec<Point<N>>) {
    if points.len() < 2 {
        return;
    }
    points.sort_unstable_by(|one, other| match precedes(one, other) {
        true => std::cmp::Ordering::Less,
        false => std::cmp::Ordering::Greater,
    });
    let mut kept = 1;
    for next in 1..points.len() {
        let point = points[next];
        let beats = |other: &Point<N>| (0..N).all(|seat| other.units[seat] >= point.units[seat]);
        if !points[..kept].iter().any(beats) {
            points[kept] = point;
            kept += 1;
        }
    }
    points.truncate(kept);
}

/// Whether a point comes first: larger lexicographically, or equal with the lower index.
#[inline]
fn precedes<const N: usize>(one: &Point<N>, other: &Point<N>) -> bool {
    for (one, other) in one.units.iter().zip(&other.units) {
        if one != other {
            return one > other;
        }
    }
    one.deal < other.deal
}

/// Merges two falling lists; of equal points the first one stays.
fn interleave<const N: usize>(one: &[Point<N>], other: &[Point<N>], out: &mut Vec<Point<N>>) {
    let start = out.len();
    let (mut i, mut j) = (0, 0);
    while i < one.len() || j < other.len() {
        let first = j == other.len() || (i < one.len() && precedes(&one[i], &other[j]));
        let point = if first { &one[i] } else { &other[j] };
        (i, j) = if first { (i + 1, j) } else { (i, j + 1) };
        if out.len() == start || out[out.len() - 1].units != point.units {
            out.push(*point);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check<const N: usize>(seed: u64) {
        let mut state = seed;
        let mut next = |below: u64| {
            state = state
                .wrapping_mul(6364136223846793005)
                .wrapping_add(1442695040888963407);
            (state >> 33) % below
        };
        let mut all: Vec<Point<N>> = vec![];
        let mut runs = Runs::<N>::default();
        for list in 0..1 + next(6) {
            let spread = 2 + next(30);
            let mut points: Vec<Point<N>> = (0..next(120))
                .map(|_| Point {
                    units: std::array::from_fn(|_| next(spread) as f64),
                    deal: next(50) + 100 * list,
                })
                .collect();
            points = efficient(&points);
            all.extend(&points);
            runs.push_run(&points, |point| *point, |_| true);
        }
        let mut found = vec![];
        runs.finish_into(&mut found);
        let plain = |points: &[Point<N>]| -> Vec<([u64; N], u64)> {
            points
                .iter()
                .map(|point| (point.units.map(|unit| unit as u64), point.deal))
                .collect()
        };
        assert_eq!(plain(&found), plain(&efficient(&all)));
    }

    /// Brute force, falling lexicographically.
    fn efficient<const N: usize>(points: &[Point<N>]) -> Vec<Point<N>> {
        let beats = |one: &Point<N>, other: &Point<N>| {
            (0..N).all(|seat| one.units[seat] >= other.units[seat])
                && (one.units != other.units || one.deal < other.deal)
        };
        let mut left: Vec<Point<N>> = points.to_vec();
        left.retain(|point| !points.iter().any(|other| beats(other, point)));
        left.sort_by(|one, other| {
            if precedes(one, other) {
                std::cmp::Ordering::Less
            } else {
                std::cmp::Ordering::Greater
            }
        });
        left.dedup_by(|one, other| one.units == other.units);
        left
    }

    #[test]
    fn maxima_are_those_of_brute_force() {
        for seed in 0..300 {
            check::<2>(seed);
            check::<3>(seed);
            check::<4>(seed);
            check::<6>(seed);
        }
    }
}
