//! Lognormal: exp(mu + sigma Φ⁻¹(u)). Galton (1879), Proceedings of the Royal Society 29.

use crate::catalogue::Kind;
use crate::uncertainty::law::{
    Distribution, DistributionKind, Fault, Make, finite, hold, required,
};
use crate::uncertainty::maths::{exp, ln, normal_cdf, normal_quantile, normal_sf};

/// `lognormal(mu, sigma)`
pub const KIND: DistributionKind = DistributionKind {
    kind: Kind {
        name: "lognormal",
        about: "a product of many influences: its logarithm is normal",
        reference: "Galton 1879",
        manual: "For amounts above 0 that may be several times the usual. `mu` and `sigma` belong to the logarithm: \
                 the median is exp(mu). To give it by a 90 % range, use `lognormal_between`.",
        settings: &[],
    },
    arguments: &[
        required("mu", "mean of the logarithm"),
        required("sigma", "standard deviation of the logarithm"),
    ],
    example: "lognormal(0, 0.5)",
    make: Make::Numbers(|numbers| Lognormal::new(numbers).map(super::Law::Lognormal)),
    instant: Some(|u, numbers| Lognormal::new(numbers).map_or(f64::NAN, |law| law.quantile(u))),
};

/// A product of many influences.
#[derive(Debug, Clone, Copy)]
pub struct Lognormal {
    pub(super) mu: f64,
    pub(super) sigma: f64,
}

impl Lognormal {
    fn new(numbers: &[f64]) -> Result<Lognormal, Fault> {
        let [mu, sigma] = finite(numbers)?;
        hold(sigma >= 0.0, 1, "a standard deviation of 0 or more")?;
        Ok(Lognormal { mu, sigma })
    }

    fn standardise(&self, x: f64) -> f64 {
        if x <= 0.0 {
            return f64::NEG_INFINITY;
        }
        let gap = ln(x) - self.mu;
        if gap == 0.0 && self.sigma == 0.0 {
            return f64::INFINITY;
        }
        gap / self.sigma
    }
}

impl Distribution for Lognormal {
    #[inline]
    fn quantile(&self, u: f64) -> f64 {
        exp(self.mu + self.sigma * normal_quantile(u))
    }

    fn upper_quantile(&self, v: f64) -> f64 {
        exp(self.mu - self.sigma * normal_quantile(v))
    }

    fn cdf(&self, x: f64) -> f64 {
        normal_cdf(self.standardise(x))
    }

    fn survival(&self, x: f64) -> f64 {
        normal_sf(self.standardise(x))
    }

    fn mean(&self) -> f64 {
        exp(self.mu + 0.5 * self.sigma * self.sigma)
    }

    fn support(&self) -> (f64, f64) {
        (0.0, f64::INFINITY)
    }
}
