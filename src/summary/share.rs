//! A share: k of n runs, with the standard error of a proportion and its Wilson interval.

use super::{Confidence, Estimate, Interval, wilson};

/// `count` of `of` runs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    /// The runs for which it is so.
    pub count: u64,
    /// The runs to which the question applies.
    pub of: u64,
    /// By how much its variance exceeds that of independent runs: 1, unless worlds are played
    /// several times.
    pub effect: f64,
}

impl Share {
    /// `count` of `of` runs.
    pub fn new(count: u64, of: u64) -> Share {
        Share {
            count,
            of,
            effect: 1.0,
        }
    }

    /// k / n; NaN when the question applies to no run.
    pub fn value(self) -> f64 {
        if self.of == 0 {
            return f64::NAN;
        }
        self.count as f64 / self.of as f64
    }

    /// sqrt(p (1 - p) / n), which is 0 at k = 0 and k = n: read the interval there.
    pub fn std_error(self) -> f64 {
        let p = self.value();
        (p * (1.0 - p) * self.effect / self.of as f64).sqrt()
    }

    /// The Wilson score interval, of as many runs as these are worth.
    pub fn interval(self, confidence: Confidence) -> Interval {
        wilson(self.count, self.of, self.effect, confidence)
    }

    /// Value, standard error and 95 % interval together.
    pub fn estimate(self) -> Estimate {
        Estimate {
            value: self.value(),
            std_error: self.std_error(),
            interval: self.interval(Confidence::NINETY_FIVE),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_no_runs_is_not_a_number() {
        let share = Share::new(0, 0);
        assert!(share.value().is_nan());
        assert!(share.std_error().is_nan());
        assert!(share.interval(Confidence::NINETY_FIVE).low.is_nan());
    }

    #[test]
    fn a_fair_coin_a_hundred_times_has_standard_error_a_twentieth() {
        assert_eq!(Share::new(50, 100).std_error(), 0.05);
    }
}
