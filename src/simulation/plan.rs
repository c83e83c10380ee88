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
    /// How often each world is played, each time with other luck.
    pub plays: u32,
    /// Sessions that are told besides those the scenario reports.
    pub sessions: Vec<u32>,
}

impl Plan {
    /// These runs, each played once and told as the scenario wants it.
    pub fn new(seed: u64, runs: std::ops::Range<u64>) -> Plan {
        Plan {
            seed,
            runs,
            threads: 0,
            draws: 0,
            worlds: false,
            plays: 1,
            sessions: Vec::new(),
        }
    }
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
    let plan = Plan::new(1, 0..2500);
    let chunks: Vec<_> = plan.chunks().collect();
    assert_eq!(chunks, [0..1024, 1024..2048, 2048..2500]);
}
