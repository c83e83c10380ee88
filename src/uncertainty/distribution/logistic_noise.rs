//! Logistic noise: location + scale ln(u / (1 - u)). Verhulst (1845).

use crate::catalogue::Kind;
use crate::uncertainty::law::{
    Distribution, DistributionKind, Fault, Make, finite, hold, required,
};
use crate::uncertainty::maths::{ln, ln_1p, logistic};

/// `logistic_noise(location, scale)`
pub const KIND: DistributionKind = DistributionKind {
    kind: Kind {
        name: "logistic_noise",
        about: "noise whose cumulative probability is the logistic curve",
        reference: "Verhulst 1845",
        manual: "The logistic distribution; `logistic(x)` without noise is the curve itself. Somebody who says yes \
                 when x + logistic_noise(0, 1) > 0 does so with probability logistic(x).",
        settings: &[],
    },
    arguments: &[
        required("location", "centre"),
        required("scale", "spread; the standard deviation is 1.81 times this"),
    ],
    example: "logistic_noise(0, 1)",
    make: Make::Numbers(|numbers| LogisticNoise::new(numbers).map(super::Law::LogisticNoise)),
    instant: Some(|u, numbers| LogisticNoise::new(numbers).map_or(f64::NAN, |law| law.quantile(u))),
};

/// Noise of a logistic choice.
#[derive(Debug, Clone, Copy)]
pub struct LogisticNoise {
    location: f64,
    scale: f64,
}

impl LogisticNoise {
    fn new(numbers: &[f64]) -> Result<LogisticNoise, Fault> {
        let [location, scale] = finite(numbers)?;
        hold(scale > 0.0, 1, "a number above 0")?;
        Ok(LogisticNoise { location, scale })
    }
}

impl Distribution for LogisticNoise {
    #[inline]
    fn quantile(&self, u: f64) -> f64 {
        self.location + self.scale * (ln(u) - ln_1p(-u))
    }

    fn upper_quantile(&self, v: f64) -> f64 {
        self.location - self.scale * (ln(v) - ln_1p(-v))
    }

    fn cdf(&self, x: f64) -> f64 {
        logistic((x - self.location) / self.scale)
    }

    fn survival(&self, x: f64) -> f64 {
        logistic((self.location - x) / self.scale)
    }

    fn mean(&self) -> f64 {
        self.location
    }

    fn support(&self) -> (f64, f64) {
        (f64::NEG_INFINITY, f64::INFINITY)
    }
}
