//! Triangular: density rises straight from low to the mode and falls straight to high.
//!
//! x = low + sqrt(u (high - low)(mode - low)) below the mode, mirrored above it. Simpson (1755).

use crate::catalogue::Kind;
use crate::uncertainty::law::{
    Distribution, DistributionKind, Fault, Make, finite, hold, required,
};

/// `triangular(low, mode, high)`
pub const KIND: DistributionKind = DistributionKind {
    kind: Kind {
        name: "triangular",
        about: "three-point estimate with straight sides: low, most likely, high",
        reference: "Simpson 1755",
        manual: "The plain three-point estimate. Its ends are reachable bounds, not percentiles, and it puts a good \
                 deal of weight near them; `pert` with the same three points stays closer to the mode.",
        settings: &[],
    },
    arguments: &[
        required("low", "smallest value"),
        required("mode", "most likely value"),
        required("high", "largest value"),
    ],
    example: "triangular(9, 13, 18)",
    make: Make::Numbers(|numbers| Triangular::new(numbers).map(super::Law::Triangular)),
    instant: Some(|u, numbers| Triangular::new(numbers).map_or(f64::NAN, |law| law.quantile(u))),
};

/// Straight sides between low, mode and high.
#[derive(Debug, Clone, Copy)]
pub struct Triangular {
    low: f64,
    high: f64,
    mode: f64,
    /// Probability below the mode.
    split: f64,
    /// (high - low) times each side's width.
    rise: f64,
    fall: f64,
}

impl Triangular {
    fn new(numbers: &[f64]) -> Result<Triangular, Fault> {
        let [low, mode, high] = finite(numbers)?;
        hold(low <= high, 2, "at least low ({low})")?;
        hold(
            low <= mode && mode <= high,
            1,
            "a mode between low ({low}) and high ({high})",
        )?;
        let range = high - low;
        hold(
            (range * range).is_finite(),
            2,
            "a range that can be computed",
        )?;
        Ok(Triangular {
            low,
            high,
            mode,
            split: if range > 0.0 {
                (mode - low) / range
            } else {
                0.0
            },
            rise: range * (mode - low),
            fall: range * (high - mode),
        })
    }
}

impl Distribution for Triangular {
    #[inline]
    fn quantile(&self, u: f64) -> f64 {
        // Both sides at once: no branch for chance to mispredict.
        let below = u < self.split;
        let square = if below {
            u * self.rise
        } else {
            (1.0 - u) * self.fall
        };
        let root = square.sqrt();
        if below {
            self.low + root
        } else {
            self.high - root
        }
    }

    fn cdf(&self, x: f64) -> f64 {
        if x < self.low {
            0.0
        } else if x < self.mode {
            (x - self.low) * (x - self.low) / self.rise
        } else {
            1.0 - self.survival(x)
        }
    }

    fn survival(&self, x: f64) -> f64 {
        if x >= self.high {
            0.0
        } else if x >= self.mode {
            (self.high - x) * (self.high - x) / self.fall
        } else {
            1.0 - self.cdf(x)
        }
    }

    fn mean(&self) -> f64 {
        (self.low + self.mode + self.high) / 3.0
    }

    fn support(&self) -> (f64, f64) {
        (self.low, self.high)
    }
}
