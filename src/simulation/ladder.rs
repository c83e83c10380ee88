//! Tallies of chunks added up in a tree whose shape depends on their number alone.
//!
//! A binary counter: rung k holds the tally of 2^k chunks. Sums of floats then have the same bits
//! however the chunks were spread over threads or shards of a power-of-two number of chunks.

use super::Tally;
use serde::{Deserialize, Serialize};

/// What the chunks so far add up to.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Ladder<T> {
    rungs: Vec<Option<T>>,
}

impl<T> Default for Ladder<T> {
    fn default() -> Self {
        Ladder { rungs: Vec::new() }
    }
}

impl<T: Tally> Ladder<T> {
    /// Add the tally of the next chunk.
    pub fn push(&mut self, tally: T) {
        let mut carried = tally;
        for rung in &mut self.rungs {
            match rung.take() {
                None => {
                    *rung = Some(carried);
                    return;
                }
                Some(mut earlier) => {
                    earlier.merge(carried);
                    carried = earlier;
                }
            }
        }
        self.rungs.push(Some(carried));
    }

    /// Everything added up; `None` if there was no chunk.
    pub fn total(self) -> Option<T> {
        // Low rungs hold the later chunks.
        self.rungs
            .into_iter()
            .flatten()
            .reduce(|later, mut earlier| {
                earlier.merge(later);
                earlier
            })
    }

    /// The tallies on the rungs.
    pub fn rungs(&self) -> impl Iterator<Item = &T> {
        self.rungs.iter().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulation::Record;

    /// Remembers the order in which it was merged.
    struct Order(Vec<u32>);

    impl Tally for Order {
        fn add(&mut self, _: &Record<'_>) {}
        fn merge(&mut self, later: Order) {
            self.0.extend(later.0);
        }
    }

    #[test]
    fn chunks_stay_in_run_order() {
        for count in 1..40 {
            let mut ladder = Ladder::default();
            (0..count).for_each(|chunk| ladder.push(Order(vec![chunk])));
            assert_eq!(ladder.total().unwrap().0, (0..count).collect::<Vec<_>>());
        }
    }
}
