//! Poisson: how many events, when they come independently at a known rate. Poisson (1837).
//!
//! P(X <= k) is the upper incomplete gamma Q(k + 1, mean).

use crate::catalogue::Kind;
use crate::uncertainty::law::{
    Distribution, DistributionKind, Fault, Make, finite, hold, required,
};
use crate::uncertainty::maths::{IncompleteGamma, normal_quantile};

/// `poisson(mean)`
pub const KIND: DistributionKind = DistributionKind {
    kind: Kind {
        name: "poisson",
        about: "how many events, when they come independently at a known rate",
        reference: "Poisson 1837",
        manual: "For counts without a ceiling: incidents in a year, vessels in a month. The variance equals the mean.",
        settings: &[],
    },
    arguments: &[required("mean", "average count")],
    example: "poisson(4)",
    make: Make::Numbers(|numbers| Poisson::new(numbers).map(super::Law::Poisson)),
    instant: Some(|u, numbers| Poisson::new(numbers).map_or(f64::NAN, |law| law.quantile(u))),
};

/// A count of events.
#[derive(Debug, Clone, Copy)]
pub struct Poisson {
    mean: f64,
}

impl Poisson {
    fn new(numbers: &[f64]) -> Result<Poisson, Fault> {
        let [mean] = finite(numbers)?;
        hold(
            mean > 0.0 && mean <= 1e6,
            0,
            "a number above 0, at most 1e6",
        )?;
        Ok(Poisson { mean })
    }
}

impl Distribution for Poisson {
    fn quantile(&self, u: f64) -> f64 {
        let z = normal_quantile(u);
        // Cornish and Fisher (1938), one term.
        let guess = self.mean + self.mean.sqrt() * z + (z * z - 1.0) / 6.0;
        least_count(u, guess, f64::INFINITY, |k| self.cdf(k))
    }

    fn cdf(&self, x: f64) -> f64 {
        if !(x >= 0.0) {
            return 0.0;
        }
        IncompleteGamma::new(x.floor() + 1.0).tails(self.mean).1
    }

    fn below(&self, x: f64) -> f64 {
        self.cdf(x.ceil() - 1.0)
    }

    fn mean(&self) -> f64 {
        self.mean
    }

    fn support(&self) -> (f64, f64) {
        (0.0, f64::INFINITY)
    }

    fn is_discrete(&self) -> bool {
        true
    }
}

/// The smallest count with probability at least u at or below it, searched from a guess.
pub(super) fn least_count(u: f64, guess: f64, most: f64, cdf: impl Fn(f64) -> f64) -> f64 {
    if !(u < 1.0) {
        return most;
    }
    let mut count = guess.floor().max(0.0).min(most);
    while count > 0.0 && cdf(count - 1.0) >= u {
        count -= 1.0;
    }
    while count < most && cdf(count) < u {
        count += 1.0;
    }
    count
}
