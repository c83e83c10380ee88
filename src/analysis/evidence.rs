//! What runs say about claims: each probe's moments and values, in groups that can be left out one by one.
//!
//! Run r belongs to group r mod 32 in every variant, so a difference between variants is taken on the
//! same worlds and its error is that of the paired difference.

use super::claim::{Claims, Counted, Measure, Side};
use crate::model::{Model, Role};
use crate::simulation::{Record, Tally};
use crate::summary::{
    Confidence, Estimate, Interval, Moments, QuantileStore, mean_interval, student_t, wilson,
};
use serde::{Deserialize, Serialize};

/// Groups of the jackknife.
pub(super) const GROUPS: usize = 32;

/// What the runs of one variant say about every probe.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Evidence {
    /// The place of the first probe among the variables.
    first: usize,
    counted: Vec<Groups>,
    runs: u64,
    /// Nothing is drawn: every run is the same, and one tells all.
    certain: bool,
    /// Worlds are played several times: plays are no independent runs.
    clustered: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Groups {
    /// The probe, by its place among all, and the session; the last one if none.
    probe: usize,
    session: Option<u32>,
    moments: Vec<Moments>,
    /// Only where a claim asks for a quantile.
    values: Option<Vec<QuantileStore>>,
}

impl Evidence {
    /// No evidence yet on these claims in this model.
    pub fn new(claims: &Claims, model: &Model, plays: u32) -> Evidence {
        let variables = &model.variables;
        let first = variables.iter().position(|v| v.role == Role::Claim);
        let mut quantiles = vec![false; claims.counted.len()];
        for claim in &claims.claims {
            mark_quantiles(&claim.difference, &mut quantiles);
        }
        let groups = |(counted, quantile): (&Counted, &bool)| Groups {
            probe: counted.probe,
            session: counted.session,
            moments: vec![Moments::EMPTY; GROUPS],
            values: quantile.then(|| vec![QuantileStore::default(); GROUPS]),
        };
        Evidence {
            first: first.unwrap_or(variables.len()),
            counted: claims.counted.iter().zip(&quantiles).map(groups).collect(),
            runs: 0,
            certain: model.is_certain(),
            clustered: plays > 1,
        }
    }

    /// How many runs were looked at.
    pub fn runs(&self) -> u64 {
        self.runs
    }

    /// An aggregate over all runs, or over all but one group.
    pub(super) fn value(&self, measure: Measure, counted: usize, without: Option<usize>) -> f64 {
        // Extremes are statements about the runs there were; leaving some out says nothing.
        let without = match measure {
            Measure::Least | Measure::Greatest => None,
            _ => without,
        };
        let moments = self.moments(counted, without);
        if moments.count() == 0 {
            return f64::NAN;
        }
        match measure {
            Measure::Share | Measure::Mean => moments.mean(),
            Measure::Deviation => moments.sd(),
            Measure::Least => moments.min(),
            Measure::Greatest => moments.max(),
            Measure::Quantile(p) => {
                let values = self.values(counted, without);
                values.ordered(moments.min(), moments.max()).quantile(p)
            }
        }
    }

    /// The 95 % interval of one aggregate by itself.
    pub(super) fn interval(&self, measure: Measure, counted: usize) -> Interval {
        let moments = self.moments(counted, None);
        let confidence = Confidence::NINETY_FIVE;
        if self.clustered {
            return jackknife(|without| self.value(measure, counted, without)).interval;
        }
        match measure {
            Measure::Share if self.certain => {
                let share = moments.mean();
                Interval {
                    low: share,
                    high: share,
                }
            }
            Measure::Share => {
                let count = (moments.mean() * moments.count() as f64).round() as u64;
                wilson(count, moments.count(), 1.0, confidence)
            }
            Measure::Mean => mean_interval(&moments, confidence),
            Measure::Quantile(p) if moments.count() > 0 => {
                let ordered = self
                    .values(counted, None)
                    .ordered(moments.min(), moments.max());
                ordered.quantile_interval(p, confidence)
            }
            _ => Interval::NONE,
        }
    }

    /// Whether plays are no independent runs.
    pub(super) fn is_clustered(&self) -> bool {
        self.clustered
    }

    fn moments(&self, counted: usize, without: Option<usize>) -> Moments {
        let mut all = Moments::EMPTY;
        for (group, moments) in self.counted[counted].moments.iter().enumerate() {
            if Some(group) != without {
                all.merge(moments);
            }
        }
        all
    }

    fn values(&self, counted: usize, without: Option<usize>) -> QuantileStore {
        let mut all = QuantileStore::default();
        for (group, values) in self.counted[counted].values.iter().flatten().enumerate() {
            if Some(group) != without {
                all.merge(values.clone());
            }
        }
        all
    }
}

impl Tally for Evidence {
    fn add(&mut self, record: &Record<'_>) {
        self.runs += u64::from(record.is_last);
        let group = (record.run % GROUPS as u64) as usize;
        for counted in &mut self.counted {
            let is_asked = match counted.session {
                Some(session) => session == record.session,
                None => record.is_last,
            };
            let value = record.values[self.first + counted.probe];
            if !is_asked || value.is_nan() {
                continue;
            }
            counted.moments[group].add(value);
            if let Some(values) = &mut counted.values {
                values[group].add(value);
            }
        }
    }

    fn merge(&mut self, later: Evidence) {
        self.runs += later.runs;
        for (counted, more) in self.counted.iter_mut().zip(later.counted) {
            for (moments, later) in counted.moments.iter_mut().zip(&more.moments) {
                moments.merge(later);
            }
            for (values, later) in counted
                .values
                .iter_mut()
                .flatten()
                .zip(more.values.into_iter().flatten())
            {
                values.merge(later);
            }
        }
    }
}

/// An estimate and its error by leaving out one group after the other.
pub(super) fn jackknife(value: impl Fn(Option<usize>) -> f64) -> Estimate {
    let whole = value(None);
    let parts: Vec<f64> = (0..GROUPS).map(|group| value(Some(group))).collect();
    let mean = parts.iter().sum::<f64>() / GROUPS as f64;
    let squares: f64 = parts.iter().map(|part| (part - mean) * (part - mean)).sum();
    // Differences below rounding are no variation: the aggregate is the same whatever is left out.
    let scale = 1e-12 * whole.abs().max(1e-3);
    let std_error = match ((GROUPS - 1) as f64 / GROUPS as f64 * squares).sqrt() {
        error if error <= scale => 0.0,
        error => error,
    };
    let reach = student_t(GROUPS as u64 - 1, Confidence::NINETY_FIVE) * std_error;
    Estimate {
        value: whole,
        std_error,
        interval: Interval {
            low: whole - reach,
            high: whole + reach,
        },
    }
}

fn mark_quantiles(side: &Side, quantiles: &mut [bool]) {
    match side {
        Side::Aggregate(a) | Side::HalfWidth(a) => {
            quantiles[a.counted] |= matches!(a.measure, Measure::Quantile(_));
        }
        Side::Combine(_, left, right) => {
            mark_quantiles(left, quantiles);
            mark_quantiles(right, quantiles);
        }
        Side::Absolute(inner) => mark_quantiles(inner, quantiles),
        Side::Number(_) => {}
    }
}
