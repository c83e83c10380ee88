//! PERT: a beta distribution stretched between low and high whose mean is (low + λ mode + high) / (λ + 2).
//!
//! Shapes a = 1 + λ (mode - low) / (high - low) and b = 1 + λ (high - mode) / (high - low).
//! Malcolm, Roseboom, Clark and Fazar (1959), Operations Research 7; λ as in Vose (2008), Risk Analysis.

use super::beta::Beta;
use crate::catalogue::Kind;
use crate::uncertainty::law::{
    ArgumentForm, Distribution, DistributionKind, Fault, Make, Takes, Times, finite, hold, required,
};

/// `pert(low, mode, high[, lambda])`
pub const KIND: DistributionKind = DistributionKind {
    kind: Kind {
        name: "pert",
        about: "three-point estimate, smooth: low, most likely, high",
        reference: "Malcolm et al. 1959",
        manual: "The smooth three-point estimate; the mode weighs `lambda` times as much as each end (4 by custom). \
                 A larger lambda trusts the mode more, 0 is `uniform`.",
        settings: &[],
    },
    arguments: &[
        required("low", "smallest value"),
        required("mode", "most likely value"),
        required("high", "largest value"),
        ArgumentForm {
            name: "lambda",
            about: "weight of the mode against one end",
            takes: Takes::Number,
            times: Times::Optional(4.0),
        },
    ],
    example: "pert(10, 50, 100)",
    make: Make::Numbers(|numbers| {
        let mut law = Pert::new(numbers)?;
        law.share.tabulate();
        Ok(super::Law::Pert(law))
    }),
    instant: Some(|u, numbers| Pert::new(numbers).map_or(f64::NAN, |law| law.quantile(u))),
};

/// A stretched beta.
#[derive(Debug, Clone)]
pub struct Pert {
    low: f64,
    range: f64,
    share: Beta,
}

impl Pert {
    fn new(numbers: &[f64]) -> Result<Pert, Fault> {
        let [low, mode, high] = finite(numbers)?;
        let lambda = numbers.get(3).copied().unwrap_or(4.0);
        hold(low <= high, 2, "at least low ({low})")?;
        hold(
            low <= mode && mode <= high,
            1,
            "a mode between low ({low}) and high ({high})",
        )?;
        hold((0.0..=1e6).contains(&lambda), 3, "a weight from 0 to 1e6")?;
        let range = high - low;
        hold(range.is_finite(), 2, "a range that can be computed")?;
        let place = if range > 0.0 {
            (mode - low) / range
        } else {
            0.5
        };
        Ok(Pert {
            low,
            range,
            share: Beta::with_shapes(1.0 + lambda * place, 1.0 + lambda * (1.0 - place)),
        })
    }
}

impl Distribution for Pert {
    #[inline]
    fn quantile(&self, u: f64) -> f64 {
        self.low + self.range * self.share.quantile(u)
    }

    fn upper_quantile(&self, v: f64) -> f64 {
        self.low + self.range * self.share.upper_quantile(v)
    }

    fn cdf(&self, x: f64) -> f64 {
        if self.range > 0.0 {
            self.share.cdf((x - self.low) / self.range)
        } else {
            f64::from(u8::from(x >= self.low))
        }
    }

    fn mean(&self) -> f64 {
        self.low + self.range * self.share.mean()
    }

    fn support(&self) -> (f64, f64) {
        (self.low, self.low + self.range)
    }
}
