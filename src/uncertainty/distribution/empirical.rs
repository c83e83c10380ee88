//! Empirical: one of the listed values, all alike; a value listed twice is twice as likely.
//!
//! The quantile is the inverse of the sample's step function (Hyndman and Fan 1996, type 1).

use super::Law;
use crate::catalogue::Kind;
use crate::uncertainty::law::{
    Argument, ArgumentForm, Distribution, DistributionKind, LawFault, Make, Takes, Times,
};

/// `empirical([values])`
pub const KIND: DistributionKind = DistributionKind {
    kind: Kind {
        name: "empirical",
        about: "one of the listed values, all alike",
        reference: "Hyndman and Fan 1996",
        manual: "For a sample: observed prices, earlier outcomes. A value listed twice is twice as likely; between the \
                 values nothing can fall.",
        settings: &[],
    },
    arguments: &[ArgumentForm {
        name: "values",
        about: "the sample",
        takes: Takes::List,
        times: Times::Once,
    }],
    example: "empirical([3, 5, 5, 8])",
    make: Make::Arguments(make),
    instant: None,
};

/// One of the listed values.
#[derive(Debug, Clone)]
pub struct Empirical {
    /// Ascending.
    values: Vec<f64>,
}

impl Empirical {
    /// The law of a sample.
    pub(super) fn new(values: &[f64]) -> Result<Empirical, String> {
        if values.is_empty() {
            return Err("expected at least one value; found none".into());
        }
        if let Some(value) = values.iter().find(|value| !value.is_finite()) {
            return Err(format!("expected finite values; found {value}"));
        }
        let mut values = values.to_vec();
        values.sort_by(f64::total_cmp);
        Ok(Empirical { values })
    }

    fn count(&self) -> f64 {
        self.values.len() as f64
    }
}

fn make(arguments: &[Argument]) -> Result<Law, LawFault> {
    let [Argument::List(values)] = arguments else {
        return Err(LawFault::new(0, "values: expected a list in brackets"));
    };
    Empirical::new(values)
        .map(Law::Empirical)
        .map_err(|message| LawFault::new(0, format!("values: {message}")))
}

/// The 0-based rank of the value at u among equally likely ones: the smallest k with (k + 1) / count >= u.
#[inline]
pub(super) fn rank(u: f64, count: f64) -> f64 {
    let guess = (u * count).floor();
    let rank = if guess / count >= u {
        guess - 1.0
    } else {
        guess
    };
    rank.max(0.0).min(count - 1.0)
}

impl Distribution for Empirical {
    #[inline]
    fn quantile(&self, u: f64) -> f64 {
        self.values
            .get(rank(u, self.count()) as usize)
            .copied()
            .unwrap_or(f64::NAN)
    }

    fn cdf(&self, x: f64) -> f64 {
        self.values.partition_point(|value| *value <= x) as f64 / self.count()
    }

    fn below(&self, x: f64) -> f64 {
        self.values.partition_point(|value| *value < x) as f64 / self.count()
    }

    fn mean(&self) -> f64 {
        self.values.iter().map(|value| value / self.count()).sum()
    }

    fn support(&self) -> (f64, f64) {
        (self.quantile(0.0), self.quantile(1.0))
    }

    fn is_discrete(&self) -> bool {
        true
    }
}
