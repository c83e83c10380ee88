//! The values of a variable, kept for their quantiles: all of them while they are few, then a sketch.
//!
//! Whether a store holds values or a sketch depends only on how many values it has, so exact and
//! sketched stores merge in any grouping to the same state.

use serde::{Deserialize, Serialize};

use super::{Ordered, Sketch, bits};

/// Up to this many values, quantiles are exact; beyond it they come from a sketch.
pub const EXACT_LIMIT: usize = 16_384;

/// What the first value makes room for: a chunk's worth.
const FIRST_ROOM: usize = 1_024;

/// The values of one variable: all of them in run order, or a sketch once they are many.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuantileStore {
    #[serde(with = "bits::list")]
    exact: Vec<f64>,
    sketch: Option<Sketch>,
}

impl QuantileStore {
    /// Take one value in. NaN is the caller's to leave out.
    #[inline]
    pub fn add(&mut self, value: f64) {
        if self.sketch.is_some() || self.exact.len() == EXACT_LIMIT {
            self.sketched().add(value);
            return;
        }
        if self.exact.capacity() == 0 {
            self.exact.reserve(FIRST_ROOM);
        }
        self.exact.push(value);
    }

    /// Take the values of later runs in.
    pub fn merge(&mut self, later: QuantileStore) {
        if self.count() + later.count() <= EXACT_LIMIT as u64 {
            self.exact.extend(later.exact);
            return;
        }
        let sketch = self.sketched();
        match later.sketch {
            Some(theirs) => sketch.merge(&theirs),
            None => sketch.extend(&later.exact),
        }
    }

    /// How many values.
    pub fn count(&self) -> u64 {
        match &self.sketch {
            Some(sketch) => sketch.count(),
            None => self.exact.len() as u64,
        }
    }

    /// Whether every value is known, so that quantiles are exact.
    pub fn is_exact(&self) -> bool {
        self.sketch.is_none()
    }

    /// The values in ascending order; a sketch is cut at the known extremes.
    pub fn ordered(&self, min: f64, max: f64) -> Ordered {
        match &self.sketch {
            Some(sketch) => Ordered::new(sketch.cells(min, max)),
            None => Ordered::of_values(&self.exact),
        }
    }

    /// Bytes held beside the struct itself.
    pub fn heap_bytes(&self) -> usize {
        let sketch = self.sketch.as_ref().map_or(0, Sketch::heap_bytes);
        sketch + self.exact.capacity() * size_of::<f64>()
    }

    /// The sketch; made of the values, which it replaces, if there is none yet.
    fn sketched(&mut self) -> &mut Sketch {
        let exact = &mut self.exact;
        self.sketch.get_or_insert_with(|| {
            let mut sketch = Sketch::default();
            sketch.extend(&std::mem::take(exact));
            sketch
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store(values: impl IntoIterator<Item = f64>) -> QuantileStore {
        let mut store = QuantileStore::default();
        values.into_iter().for_each(|value| store.add(value));
        store
    }

    #[test]
    fn turns_into_a_sketch_just_beyond_the_limit() {
        let full = store((0..EXACT_LIMIT).map(|i| i as f64));
        assert!(full.is_exact());
        let mut over = full.clone();
        over.add(0.0);
        assert!(!over.is_exact());
        let mut merged = full;
        merged.merge(store([0.0]));
        assert_eq!(merged, over);
    }

    #[test]
    fn every_pairing_of_exact_and_sketched_merges_to_the_same() {
        let value = |i: usize| ((i * 7_919) % 100_003) as f64 / 7.0 - 3_000.0;
        let whole = store((0..60_000).map(value));
        for cut in [10, 16_384, 30_000, 59_990] {
            let mut first = store((0..cut).map(value));
            first.merge(store((cut..60_000).map(value)));
            assert_eq!(first, whole, "cut at {cut}");
        }
    }
}
