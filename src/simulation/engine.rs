//! Chunks over threads, handed on in run order: the same calls on any number of threads.

use super::{Plan, Tally, run::run};
use crate::model::{Model, World};
use rayon::prelude::*;
use std::ops::{ControlFlow, Range};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

/// Chunks under way per thread, so that a slow chunk keeps nobody waiting for long.
const AHEAD: usize = 4;

/// Why the threads could not be started.
#[derive(Debug, thiserror::Error)]
#[error("cannot start {threads} threads: {source}")]
pub struct PoolError {
    threads: usize,
    source: rayon::ThreadPoolBuildError,
}

/// Play the plan. `fresh` makes an empty tally for a chunk; `take` gets the filled ones in run order
/// and says whether to go on. When `stop` is raised, chunks under way are given up.
pub fn play<T: Tally>(
    model: &Model,
    plan: &Plan,
    stop: &AtomicBool,
    fresh: impl Fn() -> T + Sync,
    mut take: impl FnMut(Range<u64>, T) -> ControlFlow<()>,
) -> Result<(), PoolError> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(plan.threads)
        .build()
        .map_err(|source| PoolError {
            threads: plan.threads,
            source,
        })?;
    let idle: Mutex<Vec<World<'_>>> = Mutex::new(Vec::new());
    let window = pool.current_num_threads() * AHEAD;
    let mut chunks = plan.chunks();
    loop {
        let batch: Vec<Range<u64>> = chunks.by_ref().take(window).collect();
        if batch.is_empty() {
            return Ok(());
        }
        let play_chunk = |chunk: &Range<u64>| {
            let waiting = idle.lock().ok().and_then(|mut idle| idle.pop());
            let mut world = waiting.unwrap_or_else(|| World::new(model, plan.draws));
            let mut tally = fresh();
            for index in chunk.clone() {
                if stop.load(Ordering::Relaxed) {
                    return None;
                }
                tally.add(&run(&mut world, plan, index));
            }
            if let Ok(mut idle) = idle.lock() {
                idle.push(world);
            }
            Some(tally)
        };
        let played: Vec<Option<T>> =
            pool.install(|| batch.par_iter().with_max_len(1).map(play_chunk).collect());
        for (chunk, tally) in batch.into_iter().zip(played) {
            let Some(tally) = tally else {
                return Ok(());
            };
            if take(chunk, tally).is_break() {
                return Ok(());
            }
        }
    }
}
