//! Binomial: how many of n independent tries succeed, each with probability p. Bernoulli (1713).
//!
//! P(X <= k) is the incomplete beta I(n - k, k + 1; 1 - p).

use super::poisson::least_count;
use crate::catalogue::Kind;
use crate::uncertainty::law::{
    Distribution, DistributionKind, Fault, Make, finite, hold, required,
};
use crate::uncertainty::maths::{IncompleteBeta, normal_quantile};

/// `binomial(n, p)`
pub const KIND: DistributionKind = DistributionKind {
    kind: Kind {
        name: "binomial",
        about: "how many of n independent tries succeed",
        reference: "Bernoulli 1713",
        manual: "For a count with a ceiling: votes out of n, each cast with probability p and independently.",
        settings: &[],
    },
    arguments: &[
        required("n", "number of tries, a whole number"),
        required("p", "probability that one succeeds"),
    ],
    example: "binomial(15, 0.4)",
    make: Make::Numbers(|numbers| Binomial::new(numbers).map(super::Law::Binomial)),
    instant: Some(|u, numbers| Binomial::new(numbers).map_or(f64::NAN, |law| law.quantile(u))),
};

/// A count of successes.
#[derive(Debug, Clone, Copy)]
pub struct Binomial {
    n: f64,
    p: f64,
}

impl Binomial {
    fn new(numbers: &[f64]) -> Result<Binomial, Fault> {
        let [n, p] = finite(numbers)?;
        hold(
            (0.0..=1e6).contains(&n) && n == n.floor(),
            0,
            "a whole number from 0 to 1e6",
        )?;
        hold((0.0..=1.0).contains(&p), 1, "a probability from 0 to 1")?;
        Ok(Binomial { n, p })
    }
}

impl Distribution for Binomial {
    fn quantile(&self, u: f64) -> f64 {
        let z = normal_quantile(u);
        let variance = self.n * self.p * (1.0 - self.p);
        // Cornish and Fisher (1938), one term.
        let bend = (1.0 - 2.0 * self.p) * (z * z - 1.0) / 6.0;
        let guess = self.n * self.p + variance.sqrt() * z + bend;
        least_count(u, guess, self.support().1, |k| self.cdf(k))
    }

    fn cdf(&self, x: f64) -> f64 {
        if !(x >= 0.0) {
            return 0.0;
        }
        let k = x.floor();
        if k >= self.n {
            return 1.0;
        }
        let beta = IncompleteBeta::new(self.n - k, k + 1.0);
        beta.tails(1.0 - self.p, self.p).0
    }

    fn below(&self, x: f64) -> f64 {
        self.cdf(x.ceil() - 1.0)
    }

    fn mean(&self) -> f64 {
        self.n * self.p
    }

    fn support(&self) -> (f64, f64) {
        let least = if self.p < 1.0 { 0.0 } else { self.n };
        let most = if self.p > 0.0 { self.n } else { 0.0 };
        (least, most)
    }

    fn is_discrete(&self) -> bool {
        true
    }
}
