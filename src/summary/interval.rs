//! Confidence intervals: Wilson's for a share, Student's for a mean.
//!
//! Wilson's interval is the set of p for which |k/n - p| <= z sqrt(p (1 - p) / n). It keeps its
//! promise at k = 0 and k = n, where the textbook interval has no width.
//!
//! E. B. Wilson (1927), "Probable Inference, the Law of Succession, and Statistical Inference",
//! Journal of the American Statistical Association 22, 209-212.

use super::{Moments, student_t};

/// How sure an interval claims to be: a level and the normal quantile that belongs to it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Confidence {
    level: f64,
    z: f64,
}

impl Confidence {
    /// 90 %.
    pub const NINETY: Confidence = Confidence {
        level: 0.90,
        z: 1.6448536269514722,
    };
    /// 95 %, the level of everything demarche reports.
    pub const NINETY_FIVE: Confidence = Confidence {
        level: 0.95,
        z: 1.959963984540054,
    };
    /// 99 %.
    pub const NINETY_NINE: Confidence = Confidence {
        level: 0.99,
        z: 2.5758293035489004,
    };

    /// The level, for example 0.95.
    pub fn level(self) -> f64 {
        self.level
    }

    /// The two-sided standard normal quantile, for example 1.96.
    pub fn z(self) -> f64 {
        self.z
    }
}

/// From `low` to `high`; an end is NaN where the runs are too few to bound that side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl Interval {
    /// No interval can be given.
    pub const NONE: Interval = Interval {
        low: f64::NAN,
        high: f64::NAN,
    };

    /// Half the width; NaN if an end is missing.
    pub fn half_width(self) -> f64 {
        (self.high - self.low) / 2.0
    }
}

/// A number estimated from runs, with its Monte Carlo error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The estimate.
    pub value: f64,
    /// Its standard error; NaN where none can be given.
    pub std_error: f64,
    /// Its 95 % interval.
    pub interval: Interval,
}

impl Estimate {
    /// A number that is known, or has no meaningful error (a minimum, say).
    pub fn bare(value: f64) -> Estimate {
        Estimate {
            value,
            std_error: f64::NAN,
            interval: Interval::NONE,
        }
    }
}

/// Wilson's interval for k of n runs that are worth n / effect independent ones; exactly 0 below at
/// k = 0 and exactly 1 above at k = n.
pub fn wilson(k: u64, n: u64, effect: f64, confidence: Confidence) -> Interval {
    if n == 0 {
        return Interval::NONE;
    }
    let (p, size) = (k as f64 / n as f64, n as f64 / effect);
    let z2 = confidence.z * confidence.z;
    let scale = 1.0 + z2 / size;
    let centre = (p + z2 / (2.0 * size)) / scale;
    let half = confidence.z * (p * (1.0 - p) / size + z2 / (4.0 * size * size)).sqrt() / scale;
    Interval {
        low: if k == 0 { 0.0 } else { centre - half },
        high: if k == n { 1.0 } else { centre + half },
    }
}

/// Student's interval for a mean: mean +- t(n - 1) sd / sqrt(n). None below two runs.
pub fn mean_interval(moments: &Moments, confidence: Confidence) -> Interval {
    if moments.count() < 2 {
        return Interval::NONE;
    }
    let half = student_t(moments.count() - 1, confidence) * moments.std_error();
    Interval {
        low: moments.mean() - half,
        high: moments.mean() + half,
    }
}
