//! Normal: mean + sd Φ⁻¹(u). Gauss (1809).

use crate::catalogue::Kind;
use crate::uncertainty::law::{
    Distribution, DistributionKind, Fault, Make, finite, hold, required,
};
use crate::uncertainty::maths::{normal_cdf, normal_quantile, normal_sf};

/// `normal(mean, sd)`
pub const KIND: DistributionKind = DistributionKind {
    kind: Kind {
        name: "normal",
        about: "the bell curve around a mean; two thirds within one sd",
        reference: "Gauss 1809",
        manual: "For a sum of many small influences. It has no bounds: for a number that must stay within some, \
                 write `truncated(normal(...), low, high)`. To give it by a 90 % range, use `normal_between`.",
        settings: &[],
    },
    arguments: &[
        required("mean", "centre"),
        required("sd", "standard deviation"),
    ],
    example: "normal(2, 0.5)",
    make: Make::Numbers(|numbers| Normal::new(numbers).map(super::Law::Normal)),
    instant: Some(|u, numbers| Normal::new(numbers).map_or(f64::NAN, |law| law.quantile(u))),
};

/// The bell curve.
#[derive(Debug, Clone, Copy)]
pub struct Normal {
    pub(super) mean: f64,
    pub(super) sd: f64,
}

impl Normal {
    fn new(numbers: &[f64]) -> Result<Normal, Fault> {
        let [mean, sd] = finite(numbers)?;
        hold(sd >= 0.0, 1, "a standard deviation of 0 or more")?;
        Ok(Normal { mean, sd })
    }

    fn standardise(&self, x: f64) -> f64 {
        // A law without spread has all its weight at or below its mean.
        if x == self.mean && self.sd == 0.0 {
            return f64::INFINITY;
        }
        (x - self.mean) / self.sd
    }
}

impl Distribution for Normal {
    #[inline]
    fn quantile(&self, u: f64) -> f64 {
        self.mean + self.sd * normal_quantile(u)
    }

    fn upper_quantile(&self, v: f64) -> f64 {
        self.mean - self.sd * normal_quantile(v)
    }

    fn cdf(&self, x: f64) -> f64 {
        normal_cdf(self.standardise(x))
    }

    fn survival(&self, x: f64) -> f64 {
        normal_sf(self.standardise(x))
    }

    fn mean(&self) -> f64 {
        self.mean
    }

    fn support(&self) -> (f64, f64) {
        (f64::NEG_INFINITY, f64::INFINITY)
    }
}
