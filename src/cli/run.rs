//! `demarche run`: play a scenario; progress on stderr, a summary on stdout, files in a folder.

use super::game::{Game, Games, Source};
use super::plan::{plan_text, runs_of_shard, stop_rule};
use super::result::{Folder, Resumed};
use super::session::{Total, Wanted, bar, interrupted, row_format, watch};
use super::stop::{INTERRUPTED, Stop, UNMET};
use super::summing_up::{dry_run, json, readable};
use super::{Played, game, terminal};
use crate::analysis::{Claims, Evidence, Verdict, judge};
use crate::export::report;
use crate::export::rows::RowChunk;
use crate::export::{ScenarioText, digest};
use crate::simulation::{CHUNK, Ladder, Plan, Tally};
use std::ops::{ControlFlow, Range};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Play a scenario and write its outcome distributions
///
/// Writes runs.csv, summary.csv, distribution.csv and manifest.json into the output folder. The same
/// scenario text and seed give the same bytes on any number of threads.
///
/// With several protocols (`--protocol all`, or names with commas between them) every variant is played
/// under each of them, on the same worlds; paired.csv has the differences from the scenario's own protocol
/// with their standard errors. Under `all`, protocols that do not apply are left out and say why.
#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    pub played: Played,
    /// How many runs [default: the scenario's `runs`, or 10000]
    #[arg(short = 'n', long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=10_000_000_000))]
    pub runs: Option<u64>,
    /// The seed everything random follows from [default: the scenario's `seed`, or 1]
    #[arg(long, value_name = "SEED")]
    pub seed: Option<u64>,
    /// Threads; 0 = as many as there are cores
    #[arg(short = 'j', long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u16).range(0..=1024))]
    pub threads: u16,
    /// The output folder; `-` writes the rows to standard output and nothing else [default: output/SCENARIO]
    #[arg(short = 'o', long, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
    /// Play this variant instead of the scenario as written; `base` is that, `all` is it and every variant [repeatable]
    #[arg(long, value_name = "NAME")]
    pub variant: Vec<String>,
    /// Also write what was drawn for every open quantity
    #[arg(long)]
    pub worlds: bool,
    /// Write no runs.csv
    #[arg(long)]
    pub no_rows: bool,
    /// Play each world K times, each time with other luck: tells what is not known from what merely happens
    #[arg(long, value_name = "K", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub luck: u32,
    /// Stop when this holds (under the first of several protocols), looked at after every 4096 runs: 'halfwidth(share(deal)) < 0.005'
    #[arg(long, value_name = "CLAIM")]
    pub until: Option<String>,
    /// Play only part I of N of the runs (N a power of two)
    #[arg(long, value_name = "I/N")]
    pub shard: Option<String>,
    /// Go on where an interrupted run stopped
    #[arg(long, conflicts_with = "force")]
    pub resume: bool,
    /// Overwrite an existing result
    #[arg(long)]
    pub force: bool,
    /// Say what would be played and written, and stop
    #[arg(long)]
    pub dry_run: bool,
    /// No progress, no warnings, no summary
    #[arg(short, long)]
    pub quiet: bool,
    /// The summary as JSON
    #[arg(long)]
    pub json: bool,
}

/// Chunks after which a stop rule is looked at.
const LOOK: u64 = 4;
/// Seconds after which unfinished work is secured.
const SECURE: u64 = 20;

/// Run.
pub fn run(arguments: &Arguments) -> Result<(), Stop> {
    play(arguments, arguments.played.read()?)
}

/// Play a scenario that was read already.
pub fn play(arguments: &Arguments, source: Source) -> Result<(), Stop> {
    let stem = source.stem().to_string();
    let scenario = scenario_text(&source);
    let reading = source.scenario()?;
    let variants = game::variants(&reading.scenario, &arguments.variant)?;
    let until = stop_rule(arguments, &reading.scenario)?;
    let plan = plan_text(arguments, &reading.scenario, &variants)?;
    let probes = until.as_ref().map_or(&[][..], |claims| &claims.probes);
    let asked = arguments.played.asked(&reading.scenario, &variants)?;
    let games = reading.compile(&arguments.played, &asked, probes, arguments.quiet)?;
    if !arguments.quiet {
        games
            .not_played_lines()
            .iter()
            .for_each(|line| terminal::complain(line));
    }

    let to_stdout = arguments
        .out
        .as_ref()
        .is_some_and(|out| out.as_os_str() == "-");
    let folder = match (&arguments.out, to_stdout) {
        (_, true) => None,
        (Some(out), _) => Some(out.clone()),
        (None, _) => Some(PathBuf::from("output").join(stem)),
    };
    if arguments.dry_run {
        return terminal::say(&dry_run(&games, &plan, folder.as_deref())).map_err(Stop::from);
    }
    let (folder, resumed) = match folder {
        None => (Folder::stdout(scenario, plan), Resumed::default()),
        Some(path) => Folder::open(&path, scenario, plan, arguments.force, arguments.resume)?,
    };
    let mut playing = Playing {
        arguments,
        games: &games,
        until: until.as_ref(),
        folder,
        resumed,
        results: Vec::new(),
        unmet: Vec::new(),
        unfinished: false,
    };
    playing.play()?;
    playing.close(to_stdout)
}

/// What the manifest keeps of a scenario.
fn scenario_text(source: &Source) -> ScenarioText {
    let kept = |file: &str, text: &str| ScenarioText {
        sha256: digest(text.as_bytes()),
        file: file.to_string(),
        text: text.to_string(),
        base: None,
    };
    let base = source.manuscript.base.as_ref();
    ScenarioText {
        base: base.map(|(file, text)| Box::new(kept(&file_name(file), text))),
        ..kept(&source.file, &source.manuscript.own.1)
    }
}

/// The last part of a path: folders are of this machine.
fn file_name(path: &str) -> String {
    let name = std::path::Path::new(path).file_name();
    name.map_or(path.to_string(), |name| name.to_string_lossy().into_owned())
}

/// A run under way.
struct Playing<'p> {
    arguments: &'p Arguments,
    games: &'p Games,
    until: Option<&'p Claims>,
    folder: Folder,
    resumed: Resumed,
    results: Vec<Total>,
    /// What was promised and not met.
    unmet: Vec<String>,
    /// Interrupted, with the rest secured for `--resume`.
    unfinished: bool,
}

impl Playing<'_> {
    fn play(&mut self) -> Result<(), Stop> {
        if !self.arguments.quiet {
            let plan = self.folder.plan();
            let line = format!(
                "{} runs of {} with seed {}",
                report::grouped(plan.runs),
                self.folder.scenario(),
                plan.seed
            );
            terminal::complain(&line);
        }
        for index in 0..self.games.games.len() {
            if self.unfinished {
                break;
            }
            if let Some(done) = self.resumed.finished.get(index) {
                self.results.push(done.clone());
                continue;
            }
            self.game(index)?;
            let is_last = index + 1 == self.games.games.len();
            if interrupted().load(Ordering::Relaxed) && !self.unfinished && !is_last {
                let start = runs_of_shard(self.folder.plan()).start;
                self.folder
                    .secure(&self.results, &Ladder::default(), start, None)?;
                self.unfinished = true;
            }
        }
        Ok(())
    }

    /// The game with which this one is compared: the first of its variant, unless it is that itself.
    fn baseline(&self, index: usize) -> Option<&Total> {
        let games = &self.games.games;
        let first = games
            .iter()
            .position(|game| game.variant == games[index].variant);
        first
            .filter(|first| *first < index)
            .map(|first| &self.results[first])
    }

    fn game(&mut self, index: usize) -> Result<(), Stop> {
        let game = &self.games.games[index];
        let (worlds, plays) = (self.arguments.worlds, self.arguments.luck);
        let columns = game.model.columns(&self.games.book, worlds);
        let mut shard = runs_of_shard(self.folder.plan());
        let mut until = self.until;
        if let Some(baseline) = self.baseline(index) {
            // What is compared is played as often: a stop rule looks at the baseline alone.
            shard.end = shard.start + baseline.runs() / u64::from(plays);
            until = None;
        }
        let mut ladder = std::mem::take(&mut self.resumed.ladder);
        let first = self.resumed.next.take().unwrap_or(shard.start);
        let plan = Plan {
            threads: usize::from(self.arguments.threads),
            draws: self.games.book.len(),
            worlds,
            plays,
            sessions: until.map_or(Vec::new(), Claims::sessions),
            ..Plan::new(self.folder.plan().seed, first..shard.end)
        };
        let format = match self.arguments.no_rows {
            true => None,
            false => Some(row_format(self.games, index, worlds, plays)?),
        };
        if let Some(format) = &format {
            self.folder.write_header(format.header())?;
        }
        let progress = bar(shard.end - shard.start, self.arguments.quiet);
        progress.set_prefix(game.protocol.as_ref().unwrap_or(&game.variant).clone());
        progress.set_position(first - shard.start);
        let compares = game.protocol.is_some();
        let empty = Total::new(&game.model, &columns, plays, compares);
        let wanted = Wanted {
            total: empty.clone(),
            rows: format.map(|format| RowChunk::new(Arc::new(format))),
            evidence: until.map(|claims| Evidence::new(claims, &game.model, plays)),
            bar: &progress,
        };
        let mut evidence = match self.resumed.evidence.take() {
            Some(earlier) => Some(earlier),
            None => wanted.evidence.clone(),
        };
        let holds = |evidence: &Option<Evidence>| match (until, evidence) {
            (Some(claims), Some(evidence)) => {
                judge(&claims.claims[0], std::slice::from_ref(evidence)).verdict == Verdict::Pass
            }
            _ => false,
        };
        let (folder, results) = (&mut self.folder, &self.results);
        let (mut met, mut failed, mut end) = (false, None, first);
        let mut secured = std::time::Instant::now();
        watch(&game.model, &plan, &wanted, |chunk: Range<u64>, tally| {
            if let Some(rows) = tally.rows
                && let Err(stop) = folder.write_rows(&rows.into_bytes())
            {
                failed = Some(stop);
                return ControlFlow::Break(());
            }
            ladder.push(tally.total);
            if let (Some(all), Some(more)) = (&mut evidence, tally.evidence) {
                all.merge(more);
            }
            end = chunk.end;
            if secured.elapsed().as_secs() >= SECURE {
                // What is on the disk is safe from now on.
                failed = folder
                    .secure(results, &ladder, end, evidence.as_ref())
                    .err();
                secured = std::time::Instant::now();
            }
            met = (chunk.start / CHUNK + 1).is_multiple_of(LOOK) && holds(&evidence);
            match met || failed.is_some() {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        })?;
        progress.finish_and_clear();
        if let Some(stop) = failed {
            return Err(stop);
        }
        if end < shard.end && !met {
            folder.secure(results, &ladder, end, evidence.as_ref())?;
            self.unfinished = true;
        } else if until.is_some() && !met && !holds(&evidence) {
            let runs = end - shard.start;
            self.unmet
                .push(format!("the stop rule was not met within {runs} runs"));
        }
        self.results.push(ladder.total().unwrap_or(empty));
        Ok(())
    }

    fn close(self, to_stdout: bool) -> Result<(), Stop> {
        let Playing {
            arguments,
            games,
            mut folder,
            results,
            mut unmet,
            unfinished,
            ..
        } = self;
        let columns = games.games[0].model.columns(&games.book, arguments.worlds);
        let parts: Vec<(&Game, &Total)> = games.games.iter().zip(&results).collect();
        let written = folder.finish(games, &parts, &columns, !unfinished)?;
        if !arguments.quiet && !to_stdout {
            let text = match arguments.json {
                true => json(games, &parts, &columns, &written),
                false => readable(games, &parts, &columns, &written),
            };
            terminal::say(&text)?;
        }
        for (game, total) in &parts {
            if let Some(summary) = total
                .sessions
                .last()
                .filter(|summary| summary.unplayable() > 0)
            {
                let reason = summary.unplayed().first().map_or("", |run| &run.reason);
                unmet.push(format!(
                    "{}: {} of {} runs could not be played: {reason}",
                    game.name(),
                    summary.unplayable(),
                    summary.runs()
                ));
            }
        }
        for line in &unmet {
            terminal::complain(line);
        }
        if unfinished {
            terminal::complain("interrupted: what was finished is valid; go on with --resume");
            return Err(Stop::silent(INTERRUPTED));
        }
        if unmet.is_empty() {
            Ok(())
        } else {
            Err(Stop::silent(UNMET))
        }
    }
}
