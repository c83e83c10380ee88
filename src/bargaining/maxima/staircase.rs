//! Two seats: undominated points form a staircase, and two staircases merge in one pass.

use crate::bargaining::elimination::Point;

/// Merges two staircases (first seat falling, second rising) into one, at the end of `out`.
#[inline]
pub(super) fn merge<const N: usize>(one: &[Point<N>], other: &[Point<N>], out: &mut Vec<Point<N>>) {
    out.reserve(one.len() + other.len());
    let (mut i, mut j) = (0, 0);
    let mut top = f64::NEG_INFINITY;
    while i < one.len() && j < other.len() {
        let first = super::precedes(&one[i], &other[j]);
        let point = if first { &one[i] } else { &other[j] };
        i += usize::from(first);
        j += usize::from(!first);
        if point.units[1] > top {
            top = point.units[1];
            out.push(*point);
        }
    }
    let rest = if i < one.len() {
        &one[i..]
    } else {
        &other[j..]
    };
    let beaten = rest
        .iter()
        .take_while(|point| point.units[1] <= top)
        .count();
    out.extend_from_slice(&rest[beaten..]);
}
