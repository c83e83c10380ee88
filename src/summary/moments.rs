//! Count, mean, spread and extremes of a variable, run by run.
//!
//! Welford's update for one value, Chan's for two groups. Being floats, the sums depend in their
//! last bits on how runs were grouped; the engine groups them by run index alone (chunks of 1,024
//! folded through a binary counter), never by thread, so a plan has one answer.
//!
//! B. P. Welford (1962), Technometrics 4(3), 419-420; T. F. Chan, G. H. Golub, R. J. LeVeque
//! (1983), The American Statistician 37(3), 242-247.

use serde::{Deserialize, Serialize};

use super::bits;

/// Count, mean, sum of squared deviations, minimum and maximum.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Moments {
    count: u64,
    #[serde(with = "bits")]
    mean: f64,
    #[serde(with = "bits")]
    squares: f64,
    #[serde(with = "bits")]
    min: f64,
    #[serde(with = "bits")]
    max: f64,
}

impl Moments {
    /// Of no value yet.
    pub const EMPTY: Moments = Moments {
        count: 0,
        mean: 0.0,
        squares: 0.0,
        min: f64::INFINITY,
        max: f64::NEG_INFINITY,
    };

    /// Take one value in. NaN is the caller's to leave out.
    #[inline]
    pub fn add(&mut self, value: f64) {
        self.count += 1;
        let before = value - self.mean;
        self.mean += before / self.count as f64;
        self.squares += before * (value - self.mean);
        self.min = if value < self.min { value } else { self.min };
        self.max = if value > self.max { value } else { self.max };
    }

    /// Take a later group in.
    pub fn merge(&mut self, later: &Moments) {
        if later.count == 0 {
            return;
        }
        if self.count == 0 {
            *self = *later;
            return;
        }
        let (mine, theirs) = (self.count as f64, later.count as f64);
        let (all, apart) = (mine + theirs, later.mean - self.mean);
        self.mean += apart * (theirs / all);
        self.squares += later.squares + apart * apart * (mine * theirs / all);
        self.count += later.count;
        self.min = self.min.min(later.min);
        self.max = self.max.max(later.max);
    }

    /// How many values.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The mean; NaN of no value.
    pub fn mean(&self) -> f64 {
        self.unless_empty(self.mean)
    }

    /// The variance with divisor n - 1; NaN below two values.
    pub fn variance(&self) -> f64 {
        if self.count < 2 {
            return f64::NAN;
        }
        self.squares / (self.count - 1) as f64
    }

    /// The standard deviation with divisor n - 1.
    pub fn sd(&self) -> f64 {
        self.variance().sqrt()
    }

    /// The standard error of the mean, sd / sqrt(n).
    pub fn std_error(&self) -> f64 {
        self.sd() / (self.count as f64).sqrt()
    }

    /// The smallest value, exactly.
    pub fn min(&self) -> f64 {
        self.unless_empty(self.min)
    }

    /// The largest value, exactly.
    pub fn max(&self) -> f64 {
        self.unless_empty(self.max)
    }

    fn unless_empty(&self, value: f64) -> f64 {
        if self.count == 0 { f64::NAN } else { value }
    }

    /// The moments of values that were counted, `(value, count)` ascending, in two passes.
    pub(super) fn of_counted(counted: impl Iterator<Item = (f64, u64)> + Clone) -> Moments {
        let count: u64 = counted.clone().map(|(_, count)| count).sum();
        if count == 0 {
            return Moments::EMPTY;
        }
        let sum: f64 = counted.clone().map(|(v, count)| v * count as f64).sum();
        let mean = sum / count as f64;
        let mut moments = Moments {
            count,
            mean,
            ..Moments::EMPTY
        };
        for (value, count) in counted.filter(|&(_, count)| count > 0) {
            moments.squares += (value - mean) * (value - mean) * count as f64;
            moments.min = moments.min.min(value);
            moments.max = moments.max.max(value);
        }
        moments
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_nothing_nothing_is_known() {
        let moments = Moments::EMPTY;
        assert!(moments.mean().is_nan() && moments.min().is_nan() && moments.sd().is_nan());
    }

    #[test]
    fn a_large_offset_does_not_cost_the_variance() {
        // NIST StRD NumAcc4: sample standard deviation exactly 0.1
        let mut all = Moments::EMPTY;
        all.add(10_000_000.2);
        for _ in 0..500 {
            all.add(10_000_000.1);
            all.add(10_000_000.3);
        }
        assert!((all.sd() - 0.1).abs() < 1e-8);
    }
}
