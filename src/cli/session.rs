//! Playing with somebody watching: progress on standard error, Ctrl-C, rows as they become final.

use super::game::Games;
use super::stop::Stop;
use super::terminal;
use crate::analysis::{Evidence, Grouped};
use crate::export::Schema;
use crate::export::rows::{RowChunk, RowFormat};
use crate::model::{Ended, Model, Variable};
use crate::simulation::{Plan, Record, Tally, play};
use crate::summary::{Sessions, Summary};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::{Deserialize, Serialize};
use std::ops::{ControlFlow, Range};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

/// What the runs of one game add up to.
#[derive(Clone, Serialize, Deserialize)]
pub struct Total {
    pub sessions: Sessions,
    /// Where protocols are compared: the same in groups.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grouped: Option<Grouped>,
}

/// What one chunk of runs adds up to.
pub struct Chunk {
    pub total: Total,
    pub rows: Option<RowChunk>,
    pub evidence: Option<Evidence>,
    bar: ProgressBar,
    untold: u64,
    /// Runs that could not be played, and why the first of them could not.
    pub unplayable: (u64, Option<&'static str>),
}

/// What is wanted of the runs.
pub struct Wanted<'w> {
    pub total: Total,
    pub rows: Option<RowChunk>,
    pub evidence: Option<Evidence>,
    pub bar: &'w ProgressBar,
}

/// Runs after which the bar is told.
const TELL: u64 = 32;

impl Total {
    /// No runs yet of a model's game; `compares` keeps groups, too.
    pub fn new(model: &Model, columns: &[Variable], plays: u32, compares: bool) -> Total {
        let sessions = model.report();
        Total {
            sessions: Sessions::new(columns, sessions, plays),
            grouped: compares.then(|| Grouped::new(columns, sessions)),
        }
    }

    /// Nothing is added up.
    pub fn nothing() -> Total {
        Total {
            sessions: Sessions::new(&[], &[], 1),
            grouped: None,
        }
    }

    /// How many runs were played; unplayable ones count, and every play of a world does.
    pub fn runs(&self) -> u64 {
        self.sessions.last().map_or(0, Summary::runs)
    }
}

impl Tally for Total {
    fn add(&mut self, record: &Record<'_>) {
        self.sessions.add(record);
        if let Some(grouped) = &mut self.grouped {
            grouped.add(record);
        }
    }

    fn merge(&mut self, later: Total) {
        self.sessions.merge(later.sessions);
        if let (Some(grouped), Some(more)) = (&mut self.grouped, later.grouped) {
            grouped.merge(more);
        }
    }
}

impl Tally for Chunk {
    fn add(&mut self, record: &Record<'_>) {
        if record.is_reported {
            self.total.add(record);
            if let Some(rows) = &mut self.rows {
                rows.add(record);
            }
        }
        if let Some(evidence) = &mut self.evidence {
            evidence.add(record);
        }
        if record.is_last && record.ended == Ended::Unplayable {
            self.unplayable.0 += 1;
            self.unplayable.1 = self.unplayable.1.or(record.reason);
        }
        if !record.is_last || record.play > 0 {
            return;
        }
        self.untold += 1;
        if self.untold == TELL {
            self.bar.inc(TELL);
            self.untold = 0;
        }
    }

    /// Chunks are taken apart before they are added up.
    fn merge(&mut self, later: Chunk) {
        self.total.merge(later.total);
    }
}

/// Play a model, chunk by chunk.
pub fn watch(
    model: &Model,
    plan: &Plan,
    wanted: &Wanted<'_>,
    take: impl FnMut(Range<u64>, Chunk) -> ControlFlow<()>,
) -> Result<(), Stop> {
    let fresh = || Chunk {
        total: wanted.total.clone(),
        rows: wanted.rows.clone(),
        evidence: wanted.evidence.clone(),
        bar: wanted.bar.clone(),
        untold: 0,
        unplayable: (0, None),
    };
    play(model, plan, interrupted(), fresh, take)?;
    Ok(())
}

/// A progress bar with rate and time left; hidden unless somebody watches.
pub fn bar(runs: u64, quiet: bool) -> ProgressBar {
    let target = match quiet || !terminal::is_watched() {
        true => ProgressDrawTarget::hidden(),
        false => ProgressDrawTarget::stderr(),
    };
    let bar = ProgressBar::with_draw_target(Some(runs), target);
    let template = "{prefix:>16} [{bar:32}] {human_pos}/{human_len} runs  {per_sec}  {eta} left";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.progress_chars("=> "));
    }
    bar
}

/// The flag Ctrl-C raises; a second Ctrl-C ends the process at once.
pub fn interrupted() -> &'static AtomicBool {
    static FLAG: OnceLock<&'static AtomicBool> = OnceLock::new();
    FLAG.get_or_init(|| {
        static RAISED: AtomicBool = AtomicBool::new(false);
        // Without a handler Ctrl-C still ends the process; what was finished can be resumed.
        let _ = ctrlc::set_handler(|| {
            if RAISED.swap(true, Ordering::Relaxed) {
                std::process::exit(i32::from(super::stop::INTERRUPTED));
            }
        });
        &RAISED
    })
}

/// How the rows of a variant are written.
pub fn row_format(
    games: &Games,
    variant: usize,
    worlds: bool,
    plays: u32,
) -> Result<RowFormat, Stop> {
    let game = &games.games[variant];
    let columns = game.model.columns(&games.book, worlds);
    let schema = Schema::new(&columns, worlds, plays > 1)
        .map_err(|error| Stop::new(super::stop::FAULT, error.to_string()))?;
    let schema = match &game.protocol {
        Some(protocol) => schema.by_protocol(protocol),
        None => schema,
    };
    Ok(RowFormat::new(&schema, &game.variant))
}
