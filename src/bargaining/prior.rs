//! How a reservation value is distributed, for those who do not know it: points of its distribution
//! function, joined smoothly.
//!
//! Between points runs a monotone cubic, so that the best offer follows the density and not the
//! spacing of the points: de Boor & Swartz (1977), "Piecewise monotone interpolation", J. Approximation Theory 21.

/// The distribution of a reservation value.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Prior {
    /// Values, and the chance of being no larger; both rise. A value that stands twice is an atom.
    points: Vec<(f64, f64)>,
}

impl Prior {
    /// A distribution through these points, in rising order, the last with chance 1.
    pub fn through(points: impl IntoIterator<Item = (f64, f64)>) -> Prior {
        let mut prior = Prior::default();
        for point in points {
            let points = &mut prior.points;
            // Of an atom only both ends count.
            let atom = points.iter().rev().take_while(|last| last.0 == point.0);
            if atom.count() == 2 {
                points.pop();
            }
            points.push(point);
        }
        prior
    }

    /// The lowest it may be.
    pub fn lowest(&self) -> f64 {
        self.points.first().map_or(f64::NAN, |point| point.0)
    }

    /// The median; the lower one of two.
    pub fn median(&self) -> f64 {
        let middle = self.points.partition_point(|point| point.1 < 0.5);
        self.points.get(middle).map_or(f64::NAN, |point| point.0)
    }

    /// Whether single values are likely by themselves.
    pub fn has_atoms(&self) -> bool {
        let mut pairs = self.points.windows(2);
        pairs.any(|pair| pair[0].0 == pair[1].0)
    }

    /// The chance that it is no larger than a value.
    pub fn at_most(&self, value: f64) -> f64 {
        let points = &self.points;
        let next = points.partition_point(|point| point.0 <= value);
        if next == 0 {
            return 0.0;
        }
        if next == points.len() {
            return 1.0;
        }
        let (from, to) = (points[next - 1], points[next]);
        let before = next.checked_sub(2).map(|place| points[place]);
        let after = points.get(next + 1).copied();
        let (width, rise) = (to.0 - from.0, to.1 - from.1);
        let at_end = |beyond: Option<(f64, f64)>, near: (f64, f64)| {
            let (further, then) = beyond.map_or((0.0, 0.0), |beyond| {
                ((beyond.0 - near.0).abs(), (beyond.1 - near.1).abs())
            });
            end_slope((width, rise), (further, then))
        };
        let leaving = slope(before, from, Some(to)).unwrap_or_else(|| at_end(after, to));
        let arriving = slope(Some(from), to, after).unwrap_or_else(|| at_end(before, from));
        let way = (value - from.0) / width;
        let rest = 1.0 - way;
        from.1
            + rise * way * way * (3.0 - 2.0 * way)
            + width * way * rest * (leaving * rest - arriving * way)
    }
}

/// The slope at a point between two others, if it is no end and no atom.
fn slope(before: Option<(f64, f64)>, at: (f64, f64), after: Option<(f64, f64)>) -> Option<f64> {
    let (before, after) = (before?, after?);
    let (left, right) = (at.0 - before.0, after.0 - at.0);
    if !(left > 0.0 && right > 0.0) {
        return None;
    }
    let (rise, then) = ((at.1 - before.1) / left, (after.1 - at.1) / right);
    if !(rise > 0.0 && then > 0.0) {
        return Some(0.0);
    }
    // A parabola through the three, no steeper than keeps the curve from turning: de Boor & Swartz (1977).
    let parabola = (rise * right + then * left) / (left + right);
    Some(parabola.min(3.0 * rise.min(then)))
}

/// The slope at an end, from the piece beside it and the one beyond: width and rise of each. A parabola
/// through their points, as long as it does not turn.
fn end_slope((width, rise): (f64, f64), (further, then): (f64, f64)) -> f64 {
    let secant = rise / width;
    if further <= 0.0 {
        return secant;
    }
    let slope = ((2.0 * width + further) * secant - width * then / further) / (width + further);
    slope.clamp(0.0, 3.0 * secant)
}

#[test]
fn a_straight_line_stays_straight() {
    let points = [(1.0, 0.0), (1.5, 0.125), (2.0, 0.25), (5.0, 1.0)];
    let prior = Prior::through(points);
    for value in [1.0, 1.2, 1.5, 1.9, 3.3, 4.999] {
        assert!((prior.at_most(value) - (value - 1.0) / 4.0).abs() < 1e-15);
    }
    assert_eq!((prior.at_most(0.999), prior.at_most(5.0)), (0.0, 1.0));
}

#[test]
fn atoms_are_steps() {
    let prior = Prior::through([(0.2, 0.0), (0.2, 0.5), (0.2, 0.8), (0.5, 0.8), (0.5, 1.0)]);
    let chances = [0.1999, 0.2, 0.3, 0.4999, 0.5].map(|value| prior.at_most(value));
    assert_eq!(chances, [0.0, 0.8, 0.8, 0.8, 1.0]);
    assert_eq!((prior.lowest(), prior.median()), (0.2, 0.2));
}

#[test]
fn a_curve_is_met_between_its_points() {
    let curve = |value: f64| value * value * (3.0 - 2.0 * value);
    let points = (0..=64).map(|place| f64::from(place) / 64.0);
    let prior = Prior::through(points.map(|value| (value, curve(value))));
    for place in 0..500 {
        let value = f64::from(place) / 500.0;
        assert!(
            (prior.at_most(value) - curve(value)).abs() < 1e-5,
            "{value}"
        );
    }
}
