//! Whether a claim holds: decided on the 95 % interval of the difference between its sides.
//!
//! The interval of a lone share is Wilson's (1927); every other is a delete-a-group jackknife over
//! 32 groups, which carries ratios, quantiles and paired differences between variants alike.
//! Kott (2001), "The Delete-a-Group Jackknife", Journal of Official Statistics 17, 521-526.

use super::claim::{Aggregate, Claim, Measure, Relation, Side};
use super::evidence::{Evidence, jackknife};
use crate::summary::{Confidence, Estimate, Interval};

/// What the runs say about one claim.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The left side less the right side, with its error.
    pub difference: Estimate,
    /// The left side.
    pub left: f64,
    /// The right side.
    pub right: f64,
    /// Whether the claim holds.
    pub verdict: Verdict,
}

/// Whether a claim holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The interval lies wholly on the claimed side.
    Pass,
    /// The interval lies wholly on the other side.
    Fail,
    /// The interval contains zero; about so many runs would decide it.
    Undecided {
        /// Runs, if any number would do.
        runs: Option<u64>,
    },
}

/// Judge a claim on the evidence of each variant it names.
pub fn judge(claim: &Claim, evidence: &[Evidence]) -> Finding {
    let difference = estimate(&claim.difference, evidence);
    let (left, right) = match &claim.difference {
        Side::Combine(_, left, right) => {
            (value(left, evidence, None), value(right, evidence, None))
        }
        _ => (difference.value, 0.0),
    };
    let runs = evidence.iter().map(Evidence::runs).max().unwrap_or(0);
    Finding {
        difference,
        left,
        right,
        verdict: verdict(claim.relation, &difference, runs),
    }
}

fn verdict(relation: Relation, difference: &Estimate, runs: u64) -> Verdict {
    let Interval { low, high } = difference.interval;
    let undecided = |runs| Verdict::Undecided { runs };
    if low.is_nan() || high.is_nan() {
        return undecided(None);
    }
    let (holds, fails) = match relation {
        Relation::Less => (high < 0.0, low >= 0.0),
        Relation::AtMost => (high <= 0.0, low > 0.0),
        Relation::More => (low > 0.0, high <= 0.0),
        Relation::AtLeast => (low >= 0.0, high < 0.0),
    };
    match (holds, fails) {
        (true, _) => Verdict::Pass,
        (_, true) => Verdict::Fail,
        _ => {
            let ratio = difference.interval.half_width() / difference.value.abs();
            let needed = runs as f64 * ratio * ratio;
            undecided((needed.is_finite() && needed < 1e15).then(|| needed.ceil() as u64))
        }
    }
}

fn estimate(side: &Side, evidence: &[Evidence]) -> Estimate {
    let whole = value(side, evidence, None);
    if let Some(estimate) = lone_share(side, evidence, whole) {
        return estimate;
    }
    if let Some(estimate) = distance(side, evidence) {
        return estimate;
    }
    jackknife(|without| value(side, evidence, without))
}

/// The interval of `abs(...) - number`: that of what stands inside, folded at zero.
fn distance(side: &Side, evidence: &[Evidence]) -> Option<Estimate> {
    let Side::Combine('-', left, right) = side else {
        return None;
    };
    let (Side::Absolute(inner), Side::Number(number)) = (&**left, &**right) else {
        return None;
    };
    let inner = estimate(inner, evidence);
    let Interval { low, high } = inner.interval;
    let (nearest, farthest) = match (low > 0.0, high < 0.0) {
        (true, _) => (low, high),
        (_, true) => (-high, -low),
        _ => (0.0, high.max(-low)),
    };
    Some(Estimate {
        value: inner.value.abs() - number,
        std_error: inner.std_error,
        interval: Interval {
            low: nearest - number,
            high: farthest - number,
        },
    })
}

/// The interval of `share(...) - number`: Wilson's, shifted; it keeps its promise at 0 of n.
fn lone_share(side: &Side, evidence: &[Evidence], whole: f64) -> Option<Estimate> {
    let Side::Combine('-', left, right) = side else {
        return None;
    };
    let (Side::Aggregate(aggregate), Side::Number(number)) = (&**left, &**right) else {
        return None;
    };
    let Aggregate {
        measure: Measure::Share,
        counted,
        variant,
    } = *aggregate
    else {
        return None;
    };
    if evidence[variant].is_clustered() {
        return None;
    }
    let interval = evidence[variant].interval(Measure::Share, counted);
    let least = evidence[variant].value(Measure::Least, counted, None);
    let most = evidence[variant].value(Measure::Greatest, counted, None);
    if least < 0.0 || most > 1.0 {
        return None;
    }
    Some(Estimate {
        value: whole,
        std_error: interval.half_width() / Confidence::NINETY_FIVE.z(),
        interval: Interval {
            low: interval.low - number,
            high: interval.high - number,
        },
    })
}

fn value(side: &Side, evidence: &[Evidence], without: Option<usize>) -> f64 {
    match side {
        Side::Number(value) => *value,
        Side::Aggregate(a) => evidence[a.variant].value(a.measure, a.counted, without),
        Side::HalfWidth(a) => evidence[a.variant]
            .interval(a.measure, a.counted)
            .half_width(),
        Side::Absolute(inner) => value(inner, evidence, without).abs(),
        Side::Combine(operator, left, right) => {
            let left = value(left, evidence, without);
            let right = value(right, evidence, without);
            match operator {
                '+' => left + right,
                '-' => left - right,
                '*' => left * right,
                _ => left / right,
            }
        }
    }
}
