//! Exponential: the time until something that may happen at any moment. x = -mean ln(1 - u).

use crate::catalogue::Kind;
use crate::uncertainty::law::{
    Distribution, DistributionKind, Fault, Make, finite, hold, required,
};
use crate::uncertainty::maths::{exp, exp_m1, ln, ln_1p};

/// `exponential(mean)`
pub const KIND: DistributionKind = DistributionKind {
    kind: Kind {
        name: "exponential",
        about: "a waiting time without memory",
        reference: "Kondo 1931",
        manual: "The time until an event that is equally likely at every moment; the argument is the mean, not the rate.",
        settings: &[],
    },
    arguments: &[required("mean", "average waiting time")],
    example: "exponential(2)",
    make: Make::Numbers(|numbers| Exponential::new(numbers).map(super::Law::Exponential)),
    instant: Some(|u, numbers| Exponential::new(numbers).map_or(f64::NAN, |law| law.quantile(u))),
};

/// A waiting time without memory.
#[derive(Debug, Clone, Copy)]
pub struct Exponential {
    mean: f64,
}

impl Exponential {
    fn new(numbers: &[f64]) -> Result<Exponential, Fault> {
        let [mean] = finite(numbers)?;
        hold(mean > 0.0, 0, "a number above 0")?;
        Ok(Exponential { mean })
    }
}

impl Distribution for Exponential {
    #[inline]
    fn quantile(&self, u: f64) -> f64 {
        -self.mean * ln_1p(-u)
    }

    fn upper_quantile(&self, v: f64) -> f64 {
        -self.mean * ln(v)
    }

    fn cdf(&self, x: f64) -> f64 {
        -exp_m1(-x.max(0.0) / self.mean)
    }

    fn survival(&self, x: f64) -> f64 {
        exp(-x.max(0.0) / self.mean)
    }

    fn mean(&self) -> f64 {
        self.mean
    }

    fn support(&self) -> (f64, f64) {
        (0.0, f64::INFINITY)
    }
}
