//! Loguniform: the logarithm is uniform. x = low (high / low)^u. Also called reciprocal.

use crate::catalogue::Kind;
use crate::uncertainty::law::{
    Distribution, DistributionKind, Fault, Make, finite, hold, required,
};
use crate::uncertainty::maths::{exp, ln};

/// `loguniform(low, high)`
pub const KIND: DistributionKind = DistributionKind {
    kind: Kind {
        name: "loguniform",
        about: "any order of magnitude between low and high, all alike",
        reference: "Jeffreys 1946",
        manual: "For a scale that is only known within powers of ten: 1 to 10 is as likely as 10 to 100.",
        settings: &[],
    },
    arguments: &[
        required("low", "smallest value, above 0"),
        required("high", "largest value"),
    ],
    example: "loguniform(0.01, 100)",
    make: Make::Numbers(|numbers| Loguniform::new(numbers).map(super::Law::Loguniform)),
    instant: Some(|u, numbers| Loguniform::new(numbers).map_or(f64::NAN, |law| law.quantile(u))),
};

/// Any order of magnitude.
#[derive(Debug, Clone, Copy)]
pub struct Loguniform {
    low: f64,
    high: f64,
    start: f64,
    width: f64,
}

impl Loguniform {
    fn new(numbers: &[f64]) -> Result<Loguniform, Fault> {
        let [low, high] = finite(numbers)?;
        hold(low > 0.0, 0, "a number above 0")?;
        hold(low <= high, 1, "at least low ({low})")?;
        let start = ln(low);
        Ok(Loguniform {
            low,
            high,
            start,
            width: ln(high) - start,
        })
    }
}

impl Distribution for Loguniform {
    #[inline]
    fn quantile(&self, u: f64) -> f64 {
        exp(self.start + u * self.width)
            .max(self.low)
            .min(self.high)
    }

    fn cdf(&self, x: f64) -> f64 {
        if x >= self.high {
            1.0
        } else if x <= self.low {
            0.0
        } else {
            (ln(x) - self.start) / self.width
        }
    }

    fn mean(&self) -> f64 {
        if self.width > 0.0 {
            (self.high - self.low) / self.width
        } else {
            self.low
        }
    }

    fn support(&self) -> (f64, f64) {
        (self.low, self.high)
    }
}
