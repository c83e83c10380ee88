//! Chunks over threads, handed on in run order: the same calls on any number of threads.

use super::{Plan, Tally, run::run};
use crate::model::{Model, World};
use std::collections::BTreeMap;
use std::ops::{ControlFlow, Range};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, mpsc};

/// Chunks finished but not yet handed on, per thread: memory stays bounded if one chunk is slow.
const AHEAD: u64 = 4;

/// Why the threads could not be started.
#[derive(Debug, thiserror::Error)]
#[error("cannot start {threads} threads: {source}")]
pub struct PoolError {
    threads: usize,
    source: rayon::ThreadPoolBuildError,
}

/// Play the plan. `fresh` makes an empty tally for a chunk; `take` gets each filled one as soon as
/// it and all before it are finished, and says whether to go on. When `stop` is raised, chunks
/// under way are given up.
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
    let threads = pool.current_num_threads();
    let queue = Queue::new(plan, threads as u64 * AHEAD);
    let enough = AtomicBool::new(false);
    let (finished, arrivals) = mpsc::channel();
    pool.in_place_scope(|scope| {
        for _ in 0..threads {
            let (finished, queue, enough, fresh) = (finished.clone(), &queue, &enough, &fresh);
            scope.spawn(move |_| {
                let mut world = World::new(model, plan.draws);
                let halted = || stop.load(Ordering::Relaxed) || enough.load(Ordering::Relaxed);
                while let Some((number, chunk)) = queue.next(halted) {
                    let mut tally = fresh();
                    for index in chunk.clone() {
                        if halted() {
                            return;
                        }
                        run(&mut world, plan, index, |record| tally.add(record));
                    }
                    // Nobody listens any more once it is enough.
                    let _ = finished.send((number, chunk, tally));
                }
            });
        }
        drop(finished);
        let mut waiting = BTreeMap::new();
        let mut next = 0;
        for (number, chunk, tally) in arrivals {
            waiting.insert(number, (chunk, tally));
            while let Some((chunk, tally)) = waiting.remove(&next) {
                if take(chunk, tally).is_break() {
                    enough.store(true, Ordering::Relaxed);
                    queue.handed_on(u64::MAX);
                    return;
                }
                next += 1;
                queue.handed_on(next);
            }
        }
    });
    Ok(())
}

/// The chunks still to be played, not too far ahead of those handed on.
struct Queue<I> {
    state: Mutex<State<I>>,
    moved: Condvar,
    ahead: u64,
}

struct State<I> {
    chunks: I,
    next: u64,
    handed_on: u64,
}

impl Queue<()> {
    fn new(plan: &Plan, ahead: u64) -> Queue<impl Iterator<Item = Range<u64>> + use<>> {
        Queue {
            state: Mutex::new(State {
                chunks: plan.chunks(),
                next: 0,
                handed_on: 0,
            }),
            moved: Condvar::new(),
            ahead,
        }
    }
}

impl<I: Iterator<Item = Range<u64>>> Queue<I> {
    /// The next chunk and its number, when it is time for it; `None` if there is none.
    fn next(&self, halted: impl Fn() -> bool) -> Option<(u64, Range<u64>)> {
        let mut state = self.state.lock().ok()?;
        loop {
            if halted() {
                return None;
            }
            if state.next < state.handed_on.saturating_add(self.ahead) {
                let number = state.next;
                state.next += 1;
                return state.chunks.next().map(|chunk| (number, chunk));
            }
            // Wake up now and then: an interruption moves nothing.
            let patience = std::time::Duration::from_millis(50);
            state = self.moved.wait_timeout(state, patience).ok()?.0;
        }
    }

    /// So many chunks were handed on.
    fn handed_on(&self, count: u64) {
        if let Ok(mut state) = self.state.lock() {
            state.handed_on = count;
        }
        self.moved.notify_all();
    }
}
