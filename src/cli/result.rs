//! The folder a run writes: rows as they become final, a checkpoint while it lasts, a manifest at the end.

use super::comparison::{comparisons, pairs};
use super::game::{Game, Games};
use super::session::Total;
use super::stop::{FAULT, REFUSED, Stop};
use crate::analysis::Evidence;
use crate::export::{
    DISTRIBUTION, FileEntry, MANIFEST, Manifest, PAIRED, Part, PlanText, RUNS, ResultFile, SUMMARY,
    ScenarioText, UnplayedText, VariantText, distribution_table, existing, paired_table,
    summary_table,
};
use crate::model::Variable;
use crate::simulation::Ladder;
use crate::summary::Summary;
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::{Path, PathBuf};

/// What is kept of an unfinished run, beside its rows.
const CHECKPOINT: &str = "checkpoint.json";

/// Where results go.
pub struct Folder {
    /// `None`: rows to standard output, nothing else.
    path: Option<PathBuf>,
    manifest: Manifest,
    rows: Option<ResultFile>,
    has_header: bool,
    force: bool,
}

/// Where an interrupted run goes on.
#[derive(Default)]
pub struct Resumed {
    /// The variants that were finished.
    pub finished: Vec<Total>,
    /// What the unfinished one adds up to.
    pub ladder: Ladder<Total>,
    /// Its next run.
    pub next: Option<u64>,
    /// What its runs say about the stop rule.
    pub evidence: Option<Evidence>,
}

/// An unfinished run, as it lies on the disk.
#[derive(Serialize, Deserialize)]
struct Checkpoint {
    manifest: Manifest,
    finished: Vec<Total>,
    ladder: Ladder<Total>,
    next: u64,
    evidence: Option<Evidence>,
    rows: u64,
}

/// The same, borrowed.
#[derive(Serialize)]
struct CheckpointRef<'c> {
    manifest: &'c Manifest,
    finished: &'c [Total],
    ladder: &'c Ladder<Total>,
    next: u64,
    evidence: Option<&'c Evidence>,
    rows: u64,
}

impl Folder {
    /// Rows to standard output.
    pub fn stdout(scenario: ScenarioText, plan: PlanText) -> Folder {
        Folder {
            path: None,
            manifest: Manifest::new(scenario, plan),
            rows: None,
            has_header: false,
            force: false,
        }
    }

    /// A folder for a new result, or for the rest of an interrupted one.
    pub fn open(
        path: &Path,
        scenario: ScenarioText,
        plan: PlanText,
        force: bool,
        resume: bool,
    ) -> Result<(Folder, Resumed), Stop> {
        let manifest = Manifest::new(scenario, plan);
        let mut folder = Folder {
            path: Some(path.to_path_buf()),
            manifest,
            rows: None,
            has_header: false,
            force,
        };
        if resume {
            let checkpoint = folder.checkpoint(path)?;
            if folder.manifest.plan.rows {
                folder.rows = Some(ResultFile::resume(path, RUNS, checkpoint.rows)?);
                folder.has_header = checkpoint.rows > 0;
            }
            folder.force = true;
            let resumed = Resumed {
                finished: checkpoint.finished,
                ladder: checkpoint.ladder,
                next: Some(checkpoint.next),
                evidence: checkpoint.evidence,
            };
            return Ok((folder, resumed));
        }
        let names = [RUNS, SUMMARY, DISTRIBUTION, PAIRED, MANIFEST, CHECKPOINT];
        let standing = existing(path, &names);
        if let (Some(first), false) = (standing.first(), force) {
            let advice = match path.join(CHECKPOINT).exists() {
                true => "an unfinished run: go on with --resume or overwrite it with --force",
                false => "overwrite it with --force or choose another folder with --out",
            };
            return Err(Stop::new(
                REFUSED,
                format!("{} exists: {advice}", first.display()),
            ));
        }
        if force {
            // What is overwritten must not pass for part of the new result.
            for old in standing {
                fs::remove_file(&old)?;
            }
        }
        if folder.manifest.plan.rows {
            folder.rows = Some(ResultFile::create(path, RUNS, force)?);
        }
        Ok((folder, Resumed::default()))
    }

    /// What is to be played.
    pub fn plan(&self) -> &PlanText {
        &self.manifest.plan
    }

    /// What the scenario's file is called.
    pub fn scenario(&self) -> &str {
        &self.manifest.scenario.file
    }

    /// Write the header, unless it stands there already.
    pub fn write_header(&mut self, bytes: &[u8]) -> Result<(), Stop> {
        if std::mem::replace(&mut self.has_header, true) {
            return Ok(());
        }
        self.write_rows(bytes)
    }

    /// Append rows.
    pub fn write_rows(&mut self, bytes: &[u8]) -> Result<(), Stop> {
        match (&mut self.rows, &self.path) {
            (Some(rows), _) => rows.write(bytes)?,
            (None, None) => {
                use std::io::Write;
                std::io::stdout().lock().write_all(bytes)?;
            }
            (None, Some(_)) => {}
        }
        Ok(())
    }

    /// Secure what is finished, so that `--resume` can go on from here.
    pub fn secure(
        &mut self,
        finished: &[Total],
        ladder: &Ladder<Total>,
        next: u64,
        evidence: Option<&Evidence>,
    ) -> Result<(), Stop> {
        let Some(path) = &self.path else {
            return Ok(());
        };
        let mut bytes = 0;
        if let Some(rows) = &mut self.rows {
            rows.flush()?;
            bytes = rows.bytes();
        }
        let checkpoint = CheckpointRef {
            manifest: &self.manifest,
            finished,
            ladder,
            next,
            evidence,
            rows: bytes,
        };
        let text = serde_json::to_vec(&checkpoint)
            .map_err(|error| Stop::new(super::stop::FAILED, error.to_string()))?;
        let mut file = ResultFile::create(path, CHECKPOINT, true)?;
        file.write(&text)?;
        file.finish()?;
        Ok(())
    }

    /// Write the tables and, last of all, the manifest. Gives the names of all files.
    pub fn finish(
        &mut self,
        games: &Games,
        parts: &[(&Game, &Total)],
        columns: &[Variable],
        complete: bool,
    ) -> Result<Vec<String>, Stop> {
        let Some(path) = self.path.clone() else {
            return Ok(Vec::new());
        };
        let named: Vec<Part<'_>> = parts
            .iter()
            .flat_map(|(game, total)| sessions(game, total))
            .collect();
        let mut files: Vec<FileEntry> = Vec::new();
        if let Some(rows) = self.rows.take() {
            files.push(rows.finish()?);
        }
        for (name, table) in [
            (SUMMARY, summary_table(&named, columns)),
            (DISTRIBUTION, distribution_table(&named, columns)),
        ] {
            files.push(write(&path, name, &table, self.force)?);
        }
        if !self.manifest.plan.protocols.is_empty() {
            let compared = comparisons(parts, columns);
            let table = paired_table(&pairs(&compared));
            files.push(write(&path, PAIRED, &table, self.force)?);
        }
        self.manifest.complete = complete;
        self.manifest.warnings = games.warnings.clone();
        self.manifest.not_played = games.not_played.clone();
        self.manifest.variants = parts
            .iter()
            .filter_map(|(game, total)| Some(progress(game, total.sessions.last()?)))
            .collect();
        self.manifest.files = files.clone();
        files.push(write(
            &path,
            MANIFEST,
            self.manifest.to_json()?.as_bytes(),
            self.force,
        )?);
        if complete {
            let checkpoint = path.join(CHECKPOINT);
            if checkpoint.exists() {
                fs::remove_file(checkpoint)?;
            }
        }
        Ok(files
            .iter()
            .map(|file| path.join(&file.name).display().to_string())
            .collect())
    }

    /// The checkpoint in a folder, if it is one of this very run.
    fn checkpoint(&self, path: &Path) -> Result<Checkpoint, Stop> {
        let file = path.join(CHECKPOINT);
        if !file.exists() {
            let complete = Manifest::read(path).is_ok_and(|manifest| manifest.complete);
            return Err(match complete {
                true => Stop::new(
                    REFUSED,
                    format!("{} is complete: there is nothing to resume", path.display()),
                ),
                false => Stop::new(FAULT, format!("{} holds no unfinished run", path.display())),
            });
        }
        let text = fs::read(&file)?;
        let checkpoint: Checkpoint = serde_json::from_slice(&text).map_err(|error| {
            Stop::new(FAULT, format!("{} cannot be read: {error}", file.display()))
        })?;
        let (old, new) = (&checkpoint.manifest, &self.manifest);
        let differs = [
            ("another scenario text", old.scenario != new.scenario),
            ("another plan", old.plan != new.plan),
            ("another version of demarche", old.demarche != new.demarche),
        ];
        match differs.iter().find(|(_, differs)| *differs) {
            Some((what, _)) => Err(Stop::new(
                REFUSED,
                format!(
                    "the unfinished run in {} was made with {what}",
                    path.display()
                ),
            )),
            None => Ok(checkpoint),
        }
    }
}

fn write(path: &Path, name: &str, bytes: &[u8], force: bool) -> Result<FileEntry, Stop> {
    let mut file = ResultFile::create(path, name, force)?;
    file.write(bytes)?;
    Ok(file.finish()?)
}

/// A game session by session.
fn sessions<'p>(game: &'p Game, total: &'p Total) -> impl Iterator<Item = Part<'p>> {
    total.sessions.iter().map(|(session, summary)| Part {
        variant: &game.variant,
        protocol: game.protocol.as_deref(),
        session,
        summary,
    })
}

fn progress(game: &Game, summary: &Summary) -> VariantText {
    let unplayed = summary.unplayed().iter().map(|run| UnplayedText {
        run: run.run,
        reason: run.reason.to_string(),
    });
    VariantText {
        name: game.variant.clone(),
        protocol: game.protocol.clone(),
        runs_finished: summary.runs(),
        unplayable: summary.unplayable(),
        unplayed: unplayed.collect(),
    }
}
