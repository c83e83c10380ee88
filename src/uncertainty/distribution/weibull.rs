//! Weibull: a time to failure, x = scale (-ln(1 - u))^(1/shape). Weibull (1951), Journal of Applied Mechanics 18.

use crate::catalogue::Kind;
use crate::uncertainty::law::{
    Distribution, DistributionKind, Fault, Make, finite, hold, required,
};
use crate::uncertainty::maths::{exp, exp_m1, ln, ln_1p, ln_gamma};

/// `weibull(shape, scale)`
pub const KIND: DistributionKind = DistributionKind {
    kind: Kind {
        name: "weibull",
        about: "a time to failure that grows more (shape > 1) or less pressing with age",
        reference: "Weibull 1951",
        manual: "Shape 1 is `exponential`; above 1 the chance of failing rises with age, below 1 it falls. \
                 63 % have failed by `scale`.",
        settings: &[],
    },
    arguments: &[
        required("shape", "how the chance changes with age"),
        required("scale", "time by which 63 % have failed"),
    ],
    example: "weibull(1.5, 2)",
    make: Make::Numbers(|numbers| Weibull::new(numbers).map(super::Law::Weibull)),
    instant: Some(|u, numbers| Weibull::new(numbers).map_or(f64::NAN, |law| law.quantile(u))),
};

/// A time to failure.
#[derive(Debug, Clone, Copy)]
pub struct Weibull {
    shape: f64,
    scale: f64,
}

impl Weibull {
    fn new(numbers: &[f64]) -> Result<Weibull, Fault> {
        let [shape, scale] = finite(numbers)?;
        hold(shape > 0.0, 0, "a number above 0")?;
        hold(scale > 0.0, 1, "a number above 0")?;
        Ok(Weibull { shape, scale })
    }

    /// The value where the cumulative hazard has reached this much.
    #[inline]
    fn at_hazard(&self, hazard: f64) -> f64 {
        self.scale * exp(ln(hazard) / self.shape)
    }

    fn hazard(&self, x: f64) -> f64 {
        if x > 0.0 {
            exp(self.shape * ln(x / self.scale))
        } else {
            0.0
        }
    }
}

impl Distribution for Weibull {
    #[inline]
    fn quantile(&self, u: f64) -> f64 {
        self.at_hazard(-ln_1p(-u))
    }

    fn upper_quantile(&self, v: f64) -> f64 {
        self.at_hazard(-ln(v))
    }

    fn cdf(&self, x: f64) -> f64 {
        -exp_m1(-self.hazard(x))
    }

    fn survival(&self, x: f64) -> f64 {
        exp(-self.hazard(x))
    }

    fn mean(&self) -> f64 {
        self.scale * exp(ln_gamma(1.0 + 1.0 / self.shape))
    }

    fn support(&self) -> (f64, f64) {
        (0.0, f64::INFINITY)
    }
}
