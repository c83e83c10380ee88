//! What is kept of one variable: counts where its values can be listed, else moments and quantiles.

use serde::{Deserialize, Serialize};

use super::{
    Cell, Confidence, Estimate, Moments, Ordered, QuantileStore, Share, bits, mean_interval,
};
use crate::model::VariableKind;

/// What is kept of one variable. Runs to which it does not apply (NaN) leave no trace.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Store {
    /// A count per level.
    Level {
        /// In the order of the labels.
        counts: Vec<u64>,
    },
    /// A count per listed number.
    Values {
        /// The numbers, ascending.
        #[serde(with = "bits::list")]
        values: Vec<f64>,
        /// In the order of the numbers.
        counts: Vec<u64>,
    },
    /// Moments and quantiles of any number.
    Number {
        /// Mean, spread, extremes.
        moments: Moments,
        /// The values, or a sketch of them.
        quantiles: QuantileStore,
    },
    /// Counts of no and yes.
    Flag {
        /// 0 first.
        counts: [u64; 2],
    },
}

impl Store {
    /// An empty store for a kind of variable.
    pub fn new(kind: &VariableKind) -> Store {
        match kind {
            VariableKind::Level { labels, .. } => Store::Level {
                counts: vec![0; labels.len()],
            },
            VariableKind::Values(listed) => {
                let values = ascending(listed);
                let counts = vec![0; values.len()];
                Store::Values { values, counts }
            }
            VariableKind::Number => Store::Number {
                moments: Moments::EMPTY,
                quantiles: QuantileStore::default(),
            },
            VariableKind::Flag => Store::Flag { counts: [0; 2] },
        }
    }

    /// Which of the reported shares a value belongs to, if shares are reported.
    pub fn category(&self, value: f64) -> Option<usize> {
        match self {
            _ if value.is_nan() => None,
            Store::Level { .. } => Some(value as usize),
            Store::Values { values, .. } => Some(nearest(values, value)),
            Store::Number { .. } => None,
            Store::Flag { .. } => Some(usize::from(value != 0.0)),
        }
    }

    /// Take the value of one run in.
    #[inline]
    pub fn add(&mut self, value: f64) {
        if value.is_nan() {
            return;
        }
        match self {
            Store::Level { counts } => {
                if let Some(count) = counts.get_mut(value as usize) {
                    *count += 1;
                }
            }
            Store::Values { values, counts } => {
                if let Some(count) = counts.get_mut(nearest(values, value)) {
                    *count += 1;
                }
            }
            Store::Number { moments, quantiles } => {
                moments.add(value);
                quantiles.add(value);
            }
            Store::Flag { counts } => counts[usize::from(value != 0.0)] += 1,
        }
    }

    /// Take what later runs left in.
    pub fn merge(&mut self, later: Store) {
        match (self, later) {
            (Store::Level { counts }, Store::Level { counts: more })
            | (Store::Values { counts, .. }, Store::Values { counts: more, .. }) => {
                add_counts(counts, &more);
            }
            (
                Store::Number { moments, quantiles },
                Store::Number {
                    moments: more_moments,
                    quantiles: more_quantiles,
                },
            ) => {
                moments.merge(&more_moments);
                quantiles.merge(more_quantiles);
            }
            (Store::Flag { counts }, Store::Flag { counts: more }) => add_counts(counts, &more),
            _ => debug_assert!(false, "summaries of different variables"),
        }
    }

    /// The runs to which the variable applies.
    pub fn count(&self) -> u64 {
        match self {
            Store::Level { counts } | Store::Values { counts, .. } => counts.iter().sum(),
            Store::Number { moments, .. } => moments.count(),
            Store::Flag { counts } => counts.iter().sum(),
        }
    }

    /// The share of each level, listed number, or no and yes; empty for a free number.
    pub fn shares(&self) -> Vec<Share> {
        let counts: &[u64] = match self {
            Store::Level { counts } | Store::Values { counts, .. } => counts,
            Store::Number { .. } => &[],
            Store::Flag { counts } => counts,
        };
        let of = self.count();
        counts.iter().map(|&count| Share::new(count, of)).collect()
    }

    /// Mean, spread and extremes; of the level's index (from 0) for levels, of 0 and 1 for flags.
    pub fn moments(&self) -> Moments {
        match self {
            Store::Level { counts } => Moments::of_counted(by_index(counts)),
            Store::Values { values, counts } => {
                Moments::of_counted(values.iter().copied().zip(counts.iter().copied()))
            }
            Store::Number { moments, .. } => *moments,
            Store::Flag { counts } => Moments::of_counted(by_index(counts)),
        }
    }

    /// The values in ascending order; indices for levels, 0 and 1 for flags.
    pub fn ordered(&self) -> Ordered {
        let exactly = |(value, count)| Cell {
            low: value,
            high: value,
            count,
        };
        match self {
            Store::Level { counts } => Ordered::new(by_index(counts).map(exactly)),
            Store::Values { values, counts } => Ordered::new(
                values
                    .iter()
                    .copied()
                    .zip(counts.iter().copied())
                    .map(exactly),
            ),
            Store::Number { moments, quantiles } => quantiles.ordered(moments.min(), moments.max()),
            Store::Flag { counts } => Ordered::new(by_index(counts).map(exactly)),
        }
    }

    /// The mean with its standard error and Student interval.
    pub fn mean(&self) -> Estimate {
        let moments = self.moments();
        Estimate {
            value: moments.mean(),
            std_error: moments.std_error(),
            interval: mean_interval(&moments, Confidence::NINETY_FIVE),
        }
    }

    /// The standard deviation s, with the standard error sqrt((m4 - s^4 (n-3)/(n-1)) / n) / (2 s)
    /// and the normal interval around it, cut at 0.
    pub fn sd(&self, ordered: &Ordered) -> Estimate {
        let moments = self.moments();
        let (sd, variance) = (moments.sd(), moments.variance());
        let n = moments.count() as f64;
        let fourth = ordered.fourth_moment(moments.mean());
        let of_variance = (fourth - variance * variance * (n - 3.0) / (n - 1.0)) / n;
        if !(sd > 0.0 && of_variance >= 0.0) {
            return Estimate::bare(sd);
        }
        let std_error = of_variance.sqrt() / (2.0 * sd);
        let half = Confidence::NINETY_FIVE.z() * std_error;
        Estimate {
            value: sd,
            std_error,
            interval: super::Interval {
                low: (sd - half).max(0.0),
                high: sd + half,
            },
        }
    }

    /// Whether this store could have been made for this kind of variable.
    pub fn fits(&self, kind: &VariableKind) -> bool {
        match (self, kind) {
            (Store::Level { counts }, VariableKind::Level { labels, .. }) => {
                counts.len() == labels.len()
            }
            (Store::Values { values, counts }, VariableKind::Values(listed)) => {
                counts.len() == values.len() && *values == ascending(listed)
            }
            (Store::Number { .. }, VariableKind::Number) => true,
            (Store::Flag { .. }, VariableKind::Flag) => true,
            _ => false,
        }
    }

    /// Bytes held beside the struct itself.
    pub fn heap_bytes(&self) -> usize {
        match self {
            Store::Level { counts } => counts.capacity() * size_of::<u64>(),
            Store::Values { values, counts } => {
                (values.capacity() + counts.capacity()) * size_of::<u64>()
            }
            Store::Number { quantiles, .. } => quantiles.heap_bytes(),
            Store::Flag { .. } => 0,
        }
    }
}

fn ascending(listed: &[f64]) -> Vec<f64> {
    let mut values = listed.to_vec();
    values.sort_unstable_by(f64::total_cmp);
    values.dedup();
    values
}

/// The index of the listed number nearest to `value`: its own, unless arithmetic moved it.
#[inline]
fn nearest(values: &[f64], value: f64) -> usize {
    let above = values.partition_point(|&listed| listed < value);
    if above == values.len() || above > 0 && value - values[above - 1] < values[above] - value {
        return above.saturating_sub(1);
    }
    above
}

fn by_index(counts: &[u64]) -> impl Iterator<Item = (f64, u64)> + Clone + '_ {
    counts
        .iter()
        .enumerate()
        .map(|(index, &count)| (index as f64, count))
}

fn add_counts(counts: &mut [u64], more: &[u64]) {
    for (count, more) in counts.iter_mut().zip(more) {
        *count += more;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listed_numbers_are_counted_at_their_own_place() {
        let mut store = Store::new(&VariableKind::Values(vec![5.0, 0.0, 10.0, 0.3]));
        for value in [0.0, 0.1 + 0.2, 5.0, 10.0, 10.0, f64::NAN] {
            store.add(value);
        }
        let counts: Vec<u64> = store.shares().iter().map(|share| share.count).collect();
        assert_eq!(counts, [1, 1, 1, 2]);
        assert_eq!(store.count(), 5);
        assert!((store.mean().value - 5.06).abs() < 1e-12);
    }

    #[test]
    fn the_error_of_a_normal_standard_deviation() {
        // for a normal variable the standard error of s is close to s / sqrt(2 n)
        let mut store = Store::new(&VariableKind::Number);
        let mut state = 1u64;
        let mut uniform = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 11) as f64 / (1u64 << 53) as f64
        };
        for _ in 0..20_000 {
            store.add((0..48).map(|_| uniform()).sum::<f64>() / 2.0); // sd 1
        }
        let sd = store.sd(&store.ordered());
        assert!((sd.value - 1.0).abs() < 0.02);
        assert!((sd.std_error * (40_000f64).sqrt() - 1.0).abs() < 0.05);
    }
}
