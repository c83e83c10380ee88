//! Uniform: any value between two bounds is as likely as any other. x = low + u (high - low).

use crate::catalogue::Kind;
use crate::uncertainty::law::{
    Distribution, DistributionKind, Fault, Make, finite, hold, required,
};

/// `uniform(low, high)`
pub const KIND: DistributionKind = DistributionKind {
    kind: Kind {
        name: "uniform",
        about: "any value between low and high, all alike",
        reference: "Laplace 1812",
        manual: "Nothing is known but the bounds. If one value is more credible than the others, use `triangular` or \
                 `pert`; if the bounds are orders of magnitude apart, use `loguniform`.",
        settings: &[],
    },
    arguments: &[
        required("low", "smallest value"),
        required("high", "largest value"),
    ],
    example: "uniform(0.2, 0.4)",
    make: Make::Numbers(|numbers| Uniform::new(numbers).map(super::Law::Uniform)),
    instant: Some(|u, numbers| Uniform::new(numbers).map_or(f64::NAN, |law| law.quantile(u))),
};

/// Any value between two bounds.
#[derive(Debug, Clone, Copy)]
pub struct Uniform {
    low: f64,
    high: f64,
}

impl Uniform {
    fn new(numbers: &[f64]) -> Result<Uniform, Fault> {
        let [low, high] = finite(numbers)?;
        hold(low <= high, 1, "at least low ({low})")?;
        hold((high - low).is_finite(), 1, "a range that can be computed")?;
        Ok(Uniform { low, high })
    }
}

impl Distribution for Uniform {
    #[inline]
    fn quantile(&self, u: f64) -> f64 {
        self.low + u * (self.high - self.low)
    }

    fn cdf(&self, x: f64) -> f64 {
        if x >= self.high {
            return 1.0;
        }
        ((x - self.low) / (self.high - self.low)).max(0.0)
    }

    fn mean(&self) -> f64 {
        self.low + 0.5 * (self.high - self.low)
    }

    fn support(&self) -> (f64, f64) {
        (self.low, self.high)
    }
}
