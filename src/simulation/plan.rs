//! How to run: seed, runs, threads. Never part of a scenario or a model.

/// What to play, apart from the model.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Everything random follows from it.
    pub seed: u64,
    /// The first run and the one after the last.
    pub runs: std::ops::Range<u64>,
    /// Threads; 0 = as many as the machine has.
    pub threads: usize,
    /// Open quantities across all variants: how many uniforms every world takes.
    pub draws: usize,
    /// Whether records carry what was drawn.
    pub worlds: bool,
}

/// Runs in a chunk, the unit of work.
pub const CHUNK: u64 = 1024;

impl Plan {
    /// The runs, cut into chunks; chunks begin at multiples of [`CHUNK`] whatever the first run is.
    pub fn chunks(&self) -> impl Iterator<Item = std::ops::Range<u64>> + Clone + use<> {
        let (mut next, end) = (self.runs.start, self.runs.end);
        std::iter::from_fn(move || {
            let start = next;
            next = end.min((start / CHUNK + 1) * CHUNK);
            (start < end).then_some(start..next)
        })
    }
}

#[test]
fn chunks_cover_the_runs() {
    let plan = Plan {
        seed: 1,
        runs: 0..2500,
        threads: 1,
        draws: 0,
        worlds: false,
    };
    let chunks: Vec<_> = plan.chunks().collect();
    assert_eq!(chunks, [0..1024, 1024..2048, 2048..2500]);
}
