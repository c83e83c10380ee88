//! Records to summary: what the runs say together, at constant size and with its Monte Carlo error.
//!
//! A [`Summary`] counts endings and keeps one [`Store`] per variable. Counts and quantile
//! sketches are integers, so their merge does not depend on order at all. Means and variances
//! are floats: they depend on the shape of the merge, and are the same bits on any number of
//! threads because the engine folds chunk by chunk through a tree fixed by the run indices alone.

mod bits;
mod clusters;
mod histogram;
mod interval;
mod moments;
mod ordered;
mod quantile;
mod ranks;
mod sessions;
mod share;
mod sketch;
mod store;
mod student;
mod tidy;
mod view;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::model::{Variable, VariableKind};
use crate::simulation::{Ended, Record, Tally};

pub use clusters::{Clusters, Split};
pub use histogram::{Bin, histogram};
pub use interval::{Confidence, Estimate, Interval, mean_interval, wilson};
pub use moments::Moments;
pub use ordered::{Cell, Ordered};
pub use quantile::{EXACT_LIMIT, QuantileStore};
pub use ranks::quantile_ranks;
pub use sessions::Sessions;
pub use share::Share;
pub use sketch::Sketch;
pub use store::Store;
pub use student::student_t;
pub use tidy::{LevelRow, QUANTILES, StatisticRow, distribution_rows, statistic_rows, statistics};
pub use view::View;

/// How many unplayable runs are remembered by name; all are counted.
pub const UNPLAYED_NAMED: usize = 10;

/// What the runs of one variant say together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Summary {
    runs: u64,
    ended: [u64; Ended::ALL.len()],
    unplayed: Vec<Unplayed>,
    stores: Vec<Store>,
    /// Where worlds are played several times: how often, and clusters of endings and variables.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    worlds: Option<Worlds>,
}

/// Worlds played several times.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Worlds {
    plays: u32,
    ended: Clusters,
    variables: Vec<Clusters>,
}

/// A run that could not be played, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unplayed {
    /// The index of the run.
    pub run: u64,
    /// Why it could not be played.
    pub reason: Cow<'static, str>,
}

impl Summary {
    /// An empty summary of these variables; every world is played so often.
    pub fn new(variables: &[Variable], plays: u32) -> Summary {
        let categories = |variable: &Variable| match &variable.kind {
            VariableKind::Level { labels, .. } => labels.len(),
            VariableKind::Values(values) => values.len(),
            VariableKind::Number => 0,
            VariableKind::Flag => 2,
        };
        let worlds = Worlds {
            plays,
            ended: Clusters::new(Ended::ALL.len()),
            variables: variables
                .iter()
                .map(|v| Clusters::new(categories(v)))
                .collect(),
        };
        Summary {
            runs: 0,
            ended: [0; Ended::ALL.len()],
            unplayed: Vec::new(),
            stores: variables.iter().map(|v| Store::new(&v.kind)).collect(),
            worlds: (plays > 1).then_some(worlds),
        }
    }

    /// Every run that was tried, unplayable ones included.
    pub fn runs(&self) -> u64 {
        self.runs
    }

    /// How often each world is played.
    pub fn plays(&self) -> u32 {
        self.worlds.as_ref().map_or(1, |worlds| worlds.plays)
    }

    /// The runs that could be played: what every share of an ending is a share of.
    pub fn played(&self) -> u64 {
        self.runs - self.unplayable()
    }

    /// The runs that could not be played.
    pub fn unplayable(&self) -> u64 {
        self.ended[Ended::Unplayable as usize]
    }

    /// The first unplayable runs in run order, at most [`UNPLAYED_NAMED`].
    pub fn unplayed(&self) -> &[Unplayed] {
        &self.unplayed
    }

    /// The share of the played runs that ended so; of all runs for [`Ended::Unplayable`].
    pub fn ended(&self, ended: Ended) -> Share {
        let of = match ended {
            Ended::Unplayable => self.runs,
            _ => self.played(),
        };
        let share = Share::new(self.ended[ended as usize], of);
        match &self.worlds {
            Some(worlds) if ended != Ended::Unplayable => Share {
                effect: worlds.ended.effect_of_share(ended as usize, share.count),
                ..share
            },
            _ => share,
        }
    }

    /// What the runs say of a variable, by its place in the list the summary was made of.
    pub fn view(&self, variable: usize) -> View<'_> {
        let clusters = self
            .worlds
            .as_ref()
            .map(|worlds| &worlds.variables[variable]);
        View::new(&self.stores[variable], clusters)
    }

    /// The views of all variables.
    pub fn views(&self) -> impl Iterator<Item = View<'_>> {
        (0..self.stores.len()).map(|variable| self.view(variable))
    }

    /// What is kept of a variable, by its place in the list the summary was made of.
    pub fn store(&self, variable: usize) -> &Store {
        &self.stores[variable]
    }

    /// The stores, one per variable.
    pub fn stores(&self) -> &[Store] {
        &self.stores
    }

    /// Whether this summary could have been made of these variables; asked before a checkpoint
    /// written for one scenario is taken up by another.
    pub fn fits(&self, variables: &[Variable]) -> bool {
        self.stores.len() == variables.len()
            && self
                .stores
                .iter()
                .zip(variables)
                .all(|(store, variable)| store.fits(&variable.kind))
    }

    /// Bytes held beside the struct itself; bounded however many runs are added.
    pub fn heap_bytes(&self) -> usize {
        self.stores.iter().map(Store::heap_bytes).sum::<usize>()
            + self.stores.capacity() * size_of::<Store>()
    }
}

impl Tally for Summary {
    fn add(&mut self, record: &Record<'_>) {
        self.runs += 1;
        self.ended[record.ended as usize] += 1;
        if record.ended == Ended::Unplayable {
            if self.unplayed.len() < UNPLAYED_NAMED {
                self.unplayed.push(Unplayed {
                    run: record.run,
                    reason: Cow::Borrowed(record.reason.unwrap_or("no reason given")),
                });
            }
        } else {
            for (store, &value) in self.stores.iter_mut().zip(record.values) {
                store.add(value);
            }
        }
        if let Some(worlds) = &mut self.worlds {
            worlds.add(record, &self.stores);
        }
    }

    /// Counts add up; `later` holds the runs after mine.
    fn merge(&mut self, later: Summary) {
        debug_assert_eq!(self.stores.len(), later.stores.len());
        self.runs += later.runs;
        for (count, more) in self.ended.iter_mut().zip(later.ended) {
            *count += more;
        }
        let room = UNPLAYED_NAMED.saturating_sub(self.unplayed.len());
        self.unplayed.extend(later.unplayed.into_iter().take(room));
        for (store, more) in self.stores.iter_mut().zip(later.stores) {
            store.merge(more);
        }
        if let (Some(worlds), Some(more)) = (&mut self.worlds, later.worlds) {
            worlds.ended.merge(more.ended);
            let pairs = worlds.variables.iter_mut().zip(more.variables);
            pairs.for_each(|(clusters, more)| clusters.merge(more));
        }
    }
}

impl Worlds {
    fn add(&mut self, record: &Record<'_>, stores: &[Store]) {
        // What could not be played has no values.
        if record.ended != Ended::Unplayable {
            let ended = record.ended as usize;
            self.ended.add(ended as f64, Some(ended));
            let values = self.variables.iter_mut().zip(stores).zip(record.values);
            for ((clusters, store), value) in values {
                clusters.add(*value, store.category(*value));
            }
        }
        if record.play + 1 == self.plays {
            self.ended.close_world();
            self.variables.iter_mut().for_each(Clusters::close_world);
        }
    }
}

/// The labels under which a variable's counts are reported, in the order of its counts.
pub fn level_labels(kind: &VariableKind, store: &Store) -> Vec<String> {
    match (kind, store) {
        (VariableKind::Level { labels, .. }, _) => labels.clone(),
        (_, Store::Values { values, .. }) => values.iter().map(f64::to_string).collect(),
        (_, Store::Flag { .. }) => vec!["0".to_string(), "1".to_string()],
        _ => Vec::new(),
    }
}
