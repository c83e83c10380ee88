//! A histogram with readable bins: each a nice number wide, 1, 2, 2.5 or 5 times a power of ten.

use super::Ordered;

/// Not more bins than this beyond the two at the ends, nor more distinct values listed singly.
const ABOUT: usize = 20;

/// Values from `low` up to, but not including, `high`; the last bin includes it.
///
/// A bin with `low == high` holds just that value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bin {
    /// Its lower edge.
    pub low: f64,
    /// Its upper edge.
    pub high: f64,
    /// How many values.
    pub count: u64,
}

/// The distinct values if there are at most twenty, else about twenty bins between the extremes.
pub fn histogram(ordered: &Ordered) -> Vec<Bin> {
    if ordered.cells().len() <= ABOUT
        && let Some(distinct) = ordered.distinct()
    {
        return distinct
            .map(|(value, count)| Bin {
                low: value,
                high: value,
                count,
            })
            .collect();
    }
    let (Some(first), Some(last)) = (ordered.cells().first(), ordered.cells().last()) else {
        return Vec::new();
    };
    let (min, max) = (first.low, last.high);
    let Some(edges) = edges(min, max) else {
        return vec![Bin {
            low: min,
            high: max,
            count: ordered.count(),
        }];
    };
    let bins = edges.len() - 1;
    let below = |edge: usize| match edge {
        0 => 0,
        _ if edge == bins => ordered.count(),
        _ => ordered.below(edges[edge]),
    };
    (0..bins)
        .map(|bin| Bin {
            low: edges[bin],
            high: edges[bin + 1],
            count: below(bin + 1) - below(bin),
        })
        .collect()
}

/// Bin edges, nice multiples covering `min..=max`; none if a float cannot tell them apart.
fn edges(min: f64, max: f64) -> Option<Vec<f64>> {
    let width = (max - min) / ABOUT as f64;
    if !(width > 0.0 && width.is_finite()) {
        return None;
    }
    let step = Step::at_least(width)?;
    let (low, high) = (min / step.width(), max / step.width());
    if !(low.abs() < 1e12 && high.abs() < 1e12) {
        return None;
    }
    let (mut first, mut last) = (low.floor() as i64, high.ceil() as i64);
    // the quotient may have been rounded across an edge
    while step.edge(first) > min {
        first -= 1;
    }
    while step.edge(first + 1) <= min {
        first += 1;
    }
    while step.edge(last) < max {
        last += 1;
    }
    while step.edge(last - 1) >= max {
        last -= 1;
    }
    Some((first..=last).map(|index| step.edge(index)).collect())
}

/// A bin width as decimal digits and exponent, so that edges are the floats one would write down.
struct Step {
    digits: i64,
    exponent: i32,
}

impl Step {
    /// The narrowest nice width not below `width`.
    fn at_least(width: f64) -> Option<Step> {
        let written = format!("{width:e}");
        let exponent: i32 = written.split_once('e')?.1.parse().ok()?;
        [10, 20, 25, 50, 100]
            .map(|digits| Step {
                digits,
                exponent: exponent - 1,
            })
            .into_iter()
            .find(|step| step.width() >= width)
    }

    fn width(&self) -> f64 {
        self.edge(1)
    }

    /// `index` steps from zero, correctly rounded.
    fn edge(&self, index: i64) -> f64 {
        let written = format!("{}e{}", index * self.digits, self.exponent);
        written.parse().unwrap_or(f64::NAN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_are_the_numbers_one_would_write() {
        let edges = edges(0.013, 0.99).unwrap();
        assert_eq!(edges.len(), 21);
        assert_eq!(edges[..4], [0.0, 0.05, 0.1, 0.15]);
        assert_eq!(edges[20], 1.0);
        assert_eq!(self::edges(-7.0, 43.0).unwrap()[..3], [-7.5, -5.0, -2.5]);
        assert_eq!(self::edges(1e15, 1e15 + 1.0), None);
        assert_eq!(self::edges(3.0, 3.0), None);
        assert_eq!(self::edges(0.0, f64::INFINITY), None);
    }

    #[test]
    fn few_values_are_listed_and_many_are_binned() {
        let few = Ordered::of_values(&[2.0, 1.0, 2.0]);
        let expected = [
            Bin {
                low: 1.0,
                high: 1.0,
                count: 1,
            },
            Bin {
                low: 2.0,
                high: 2.0,
                count: 2,
            },
        ];
        assert_eq!(histogram(&few), expected);

        let values: Vec<f64> = (0..=100).map(f64::from).collect();
        let bins = histogram(&Ordered::of_values(&values));
        assert_eq!(bins.len(), 20);
        assert_eq!(
            bins[0],
            Bin {
                low: 0.0,
                high: 5.0,
                count: 5
            }
        );
        assert_eq!(
            bins[19],
            Bin {
                low: 95.0,
                high: 100.0,
                count: 6
            }
        );
        assert!(histogram(&Ordered::of_values(&[])).is_empty());
    }
}
