//! Bernoulli: 1 with probability p, else 0. Bernoulli (1713), Ars Conjectandi.

use crate::catalogue::Kind;
use crate::uncertainty::law::{
    Distribution, DistributionKind, Fault, Make, finite, hold, required,
};

/// `bernoulli(p)`
pub const KIND: DistributionKind = DistributionKind {
    kind: Kind {
        name: "bernoulli",
        about: "yes or no: 1 with probability p, else 0",
        reference: "Bernoulli 1713",
        manual: "For something that is the case or not. As a condition: `if bernoulli(0.3) then a else b`.",
        settings: &[],
    },
    arguments: &[required("p", "probability of 1")],
    example: "bernoulli(0.3)",
    make: Make::Numbers(|numbers| Bernoulli::new(numbers).map(super::Law::Bernoulli)),
    instant: Some(|u, numbers| Bernoulli::new(numbers).map_or(f64::NAN, |law| law.quantile(u))),
};

/// Yes or no.
#[derive(Debug, Clone, Copy)]
pub struct Bernoulli {
    p: f64,
}

impl Bernoulli {
    fn new(numbers: &[f64]) -> Result<Bernoulli, Fault> {
        let [p] = finite(numbers)?;
        hold((0.0..=1.0).contains(&p), 0, "a probability from 0 to 1")?;
        Ok(Bernoulli { p })
    }
}

impl Distribution for Bernoulli {
    #[inline]
    fn quantile(&self, u: f64) -> f64 {
        f64::from(u8::from(u > 1.0 - self.p))
    }

    fn cdf(&self, x: f64) -> f64 {
        if x >= 1.0 {
            1.0
        } else if x >= 0.0 {
            1.0 - self.p
        } else {
            0.0
        }
    }

    fn below(&self, x: f64) -> f64 {
        if x > 1.0 {
            1.0
        } else if x > 0.0 {
            1.0 - self.p
        } else {
            0.0
        }
    }

    fn mean(&self) -> f64 {
        self.p
    }

    fn support(&self) -> (f64, f64) {
        (self.quantile(0.0), f64::from(u8::from(self.p > 0.0)))
    }

    fn is_discrete(&self) -> bool {
        true
    }
}
