//! Four seats and more: divide and conquer, Kung, Luccio & Preparata (1975).
//!
//! The half with the larger first utility can only dominate the other half; whether it does is the
//! same question with one seat fewer, and is divided again by the next seat's utility.

use crate::bargaining::elimination::Point;
use std::ops::Range;

/// Scratch for the recursion: indices on a stack, verdicts per point.
#[derive(Debug, Default)]
pub(super) struct Divide {
    stack: Vec<u32>,
    beaten: Vec<bool>,
    keys: Vec<f64>,
}

const FEW: usize = 24;
const FEW_PAIRS: usize = 400;

impl Divide {
    /// Drops dominated points from a list that falls lexicographically and has no equal points.
    pub fn thin<const N: usize>(&mut self, points: &mut Vec<Point<N>>) {
        self.stack.clear();
        self.beaten.clear();
        self.beaten.resize(points.len(), false);
        self.halve(points, 0..points.len());
        let mut place = 0;
        points.retain(|_| {
            place += 1;
            !self.beaten[place - 1]
        });
    }

    fn halve<const N: usize>(&mut self, points: &[Point<N>], all: Range<usize>) {
        if all.len() <= FEW {
            for later in all.clone() {
                let first =
                    |earlier: usize| !self.beaten[earlier] && beats(points, earlier, later, 1);
                self.beaten[later] = (all.start..later).any(first);
            }
            return;
        }
        let middle = all.start + all.len() / 2;
        self.halve(points, all.start..middle);
        self.halve(points, middle..all.end);
        let bottom = self.stack.len();
        let upper = self.gather(all.start..middle);
        let lower = self.gather(middle..all.end);
        self.marry(points, upper, lower, 1);
        self.stack.truncate(bottom);
    }

    /// Puts the points not yet beaten on the stack.
    fn gather(&mut self, from: Range<usize>) -> Range<usize> {
        let start = self.stack.len();
        let alive = from
            .filter(|&point| !self.beaten[point])
            .map(|point| point as u32);
        self.stack.extend(alive);
        start..self.stack.len()
    }

    /// Beats what `upper` dominates in `lower`, knowing that it does so in all seats before `seat`.
    fn marry<const N: usize>(
        &mut self,
        points: &[Point<N>],
        upper: Range<usize>,
        lower: Range<usize>,
        seat: usize,
    ) {
        if upper.is_empty() || lower.is_empty() {
            return;
        }
        if upper.len() * lower.len() <= FEW_PAIRS {
            for one in lower {
                let later = self.stack[one] as usize;
                let first = |one: usize| beats(points, self.stack[one] as usize, later, seat);
                self.beaten[later] = self.beaten[later] || upper.clone().any(first);
            }
            return;
        }
        if seat + 2 >= N {
            return self.zip(points, upper, lower, seat);
        }
        let value = |point: u32| points[point as usize].units[seat];
        self.keys.clear();
        self.keys
            .extend(self.stack[upper.clone()].iter().map(|&point| value(point)));
        self.keys
            .extend(self.stack[lower.clone()].iter().map(|&point| value(point)));
        let middle = self.keys.len() / 2;
        let (least, median, _) = self.keys.select_nth_unstable_by(middle, f64::total_cmp);
        let median = *median;
        let splits = least.iter().any(|key| *key < median);
        let high = |point: u32| value(point) > median || (splits && value(point) == median);

        let bottom = self.stack.len();
        let upper_high = self.pick(upper.clone(), high);
        let lower_high = self.pick(lower.clone(), high);
        self.marry(points, upper_high.clone(), lower_high, seat);
        let lower_low = self.pick(lower.clone(), |point| !high(point));
        self.marry(points, upper_high, lower_low, seat + 1);
        self.stack.truncate(bottom);
        let upper_low = self.pick(upper, |point| !high(point));
        let lower_low = self.pick(lower, |point| !high(point));
        self.marry(
            points,
            upper_low,
            lower_low,
            if splits { seat } else { seat + 1 },
        );
        self.stack.truncate(bottom);
    }

    fn pick(&mut self, from: Range<usize>, wanted: impl Fn(u32) -> bool) -> Range<usize> {
        let start = self.stack.len();
        for place in from {
            let point = self.stack[place];
            if !self.beaten[point as usize] && wanted(point) {
                self.stack.push(point);
            }
        }
        start..self.stack.len()
    }

    /// The last two seats: by falling utility of one, the best of the other so far decides.
    fn zip<const N: usize>(
        &mut self,
        points: &[Point<N>],
        upper: Range<usize>,
        lower: Range<usize>,
        seat: usize,
    ) {
        let units = |point: u32| &points[point as usize].units;
        let falling = |one: &u32, other: &u32| units(*other)[seat].total_cmp(&units(*one)[seat]);
        self.stack[upper.clone()].sort_unstable_by(falling);
        self.stack[lower.clone()].sort_unstable_by(falling);
        let mut best = f64::NEG_INFINITY;
        let mut next = upper.start;
        for place in lower {
            let later = self.stack[place];
            while next < upper.end && units(self.stack[next])[seat] >= units(later)[seat] {
                best = best.max(units(self.stack[next])[seat + 1]);
                next += 1;
            }
            if best >= units(later)[seat + 1] {
                self.beaten[later as usize] = true;
            }
        }
    }
}

/// Whether one point is at least as good in every seat from `seat` on.
#[inline]
fn beats<const N: usize>(points: &[Point<N>], one: usize, other: usize, seat: usize) -> bool {
    let (one, other) = (&points[one].units, &points[other].units);
    (seat..N).all(|seat| one[seat] >= other[seat])
}
