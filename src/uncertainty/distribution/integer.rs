//! Integer: a whole number from low to high, both included, all alike.

use super::empirical::rank;
use crate::catalogue::Kind;
use crate::uncertainty::law::{
    Distribution, DistributionKind, Fault, Make, finite, hold, required,
};

/// `integer(low, high)`
pub const KIND: DistributionKind = DistributionKind {
    kind: Kind {
        name: "integer",
        about: "a whole number from low to high, both included, all alike",
        reference: "Cardano 1663",
        manual: "A fair die is `integer(1, 6)`. For whole numbers that are not all alike, use `discrete`.",
        settings: &[],
    },
    arguments: &[
        required("low", "smallest value, a whole number"),
        required("high", "largest value, a whole number"),
    ],
    example: "integer(1, 6)",
    make: Make::Numbers(|numbers| Integer::new(numbers).map(super::Law::Integer)),
    instant: Some(|u, numbers| Integer::new(numbers).map_or(f64::NAN, |law| law.quantile(u))),
};

/// A whole number.
#[derive(Debug, Clone, Copy)]
pub struct Integer {
    low: f64,
    count: f64,
}

impl Integer {
    fn new(numbers: &[f64]) -> Result<Integer, Fault> {
        let [low, high] = finite(numbers)?;
        let whole = |x: f64| x == x.floor() && x.abs() <= 1e15;
        hold(whole(low), 0, "a whole number within 1e15")?;
        hold(whole(high), 1, "a whole number within 1e15")?;
        hold(low <= high, 1, "at least low ({low})")?;
        Ok(Integer {
            low,
            count: high - low + 1.0,
        })
    }
}

impl Distribution for Integer {
    #[inline]
    fn quantile(&self, u: f64) -> f64 {
        self.low + rank(u, self.count)
    }

    fn cdf(&self, x: f64) -> f64 {
        (x.floor() - self.low + 1.0).clamp(0.0, self.count) / self.count
    }

    fn below(&self, x: f64) -> f64 {
        (x.ceil() - self.low).clamp(0.0, self.count) / self.count
    }

    fn mean(&self) -> f64 {
        self.low + 0.5 * (self.count - 1.0)
    }

    fn support(&self) -> (f64, f64) {
        (self.low, self.low + self.count - 1.0)
    }

    fn is_discrete(&self) -> bool {
        true
    }
}
