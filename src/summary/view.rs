//! What the runs say of one variable, with the error that its worlds leave.

use super::{Clusters, Confidence, Estimate, Interval, Moments, Ordered, Share, Split, Store};

/// One variable's store and, where worlds are played several times, its clusters.
#[derive(Debug, Clone, Copy)]
pub struct View<'s> {
    /// What is kept of it.
    pub store: &'s Store,
    clusters: Option<&'s Clusters>,
}

impl<'s> View<'s> {
    /// A store by itself, or with its clusters.
    pub fn new(store: &'s Store, clusters: Option<&'s Clusters>) -> View<'s> {
        View { store, clusters }
    }

    /// The runs (plays) to which the variable applies.
    pub fn count(&self) -> u64 {
        self.store.count()
    }

    /// The share of each level, listed number, or no and yes; empty for a free number.
    pub fn shares(&self) -> Vec<Share> {
        let shares = self.store.shares().into_iter().enumerate();
        shares
            .map(|(category, share)| self.of_worlds(category, share))
            .collect()
    }

    /// A share of this variable's runs in a category, with the error of its worlds.
    fn of_worlds(&self, category: usize, share: Share) -> Share {
        match self.clusters {
            Some(clusters) => Share {
                effect: clusters.effect_of_share(category, share.count),
                ..share
            },
            None => share,
        }
    }

    /// Mean, spread and extremes.
    pub fn moments(&self) -> Moments {
        self.store.moments()
    }

    /// The values in ascending order.
    pub fn ordered(&self) -> Ordered {
        self.store.ordered()
    }

    /// The mean with its standard error and interval.
    pub fn mean(&self) -> Estimate {
        self.widened(self.store.mean())
    }

    /// The standard deviation with its standard error and interval.
    pub fn sd(&self, ordered: &Ordered) -> Estimate {
        let mut sd = self.widened(self.store.sd(ordered));
        if sd.interval.low < 0.0 {
            sd.interval.low = 0.0;
        }
        sd
    }

    /// A quantile with its interval.
    pub fn quantile(&self, ordered: &Ordered, q: f64) -> Estimate {
        let effect = self.clusters.map_or(1.0, Clusters::effect);
        if effect == 1.0 {
            return ordered.quantile_estimate(q);
        }
        ordered.quantile_estimate_of(q, (self.count() as f64 / effect).floor() as u64)
    }

    /// What is not known and what merely happens, if worlds are played several times.
    pub fn split(&self) -> Option<Split> {
        self.clusters.map(Clusters::split)
    }

    /// An estimate by independent runs, with the error of as many plays of fewer worlds.
    fn widened(&self, estimate: Estimate) -> Estimate {
        let Some(clusters) = self.clusters else {
            return estimate;
        };
        let factor = clusters.effect().sqrt();
        let t = super::student_t(
            clusters.worlds().saturating_sub(1).max(1),
            Confidence::NINETY_FIVE,
        );
        let std_error = estimate.std_error * factor;
        Estimate {
            value: estimate.value,
            std_error,
            interval: Interval {
                low: estimate.value - t * std_error,
                high: estimate.value + t * std_error,
            },
        }
    }
}
