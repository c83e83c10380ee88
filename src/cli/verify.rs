//! `demarche verify`: play a manifest again and compare digests.

use super::game::Source;
use super::stop::{FAILED, Stop, UNMET};
use super::{Played, plan, run, terminal};
use crate::export::{MANIFEST, Manifest, digest, digest_file};
use crate::scenario::Manuscript;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Run a manifest again and compare digests
///
/// Reads manifest.json in the folder, checks that the files beside it are the ones it names, plays its
/// scenario text again with its plan, and compares what comes out. Exit code 3 if anything differs.
#[derive(clap::Args)]
pub struct Arguments {
    /// The folder a run wrote
    #[arg(value_name = "OUTPUT")]
    folder: PathBuf,
    /// Threads; 0 = as many as there are cores
    #[arg(short = 'j', long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u16).range(0..=1024))]
    threads: u16,
}

/// Verify.
pub fn run(arguments: &Arguments) -> Result<(), Stop> {
    let manifest = Manifest::read(&arguments.folder)?;
    if !manifest.complete {
        return Err(Stop::new(
            UNMET,
            "the run was interrupted: finish it with `run --resume`, then verify",
        ));
    }
    let mut differs = Vec::new();
    for file in manifest.mismatches(&arguments.folder) {
        let what = if file.found.is_some() {
            "is not the file the manifest names"
        } else {
            "is missing"
        };
        differs.push(format!("{} {what}", file.expected.name));
    }
    if manifest.demarche != env!("CARGO_PKG_VERSION") {
        terminal::complain(&format!(
            "written by demarche {}, verified by {}",
            manifest.demarche,
            env!("CARGO_PKG_VERSION")
        ));
    }
    let texts = std::iter::once(&manifest.scenario).chain(manifest.scenario.base.as_deref());
    if texts
        .into_iter()
        .any(|text| digest(text.text.as_bytes()) != text.sha256)
    {
        differs.push("the scenario text is not the one the manifest names".to_string());
    }
    let again = Scratch::new(&arguments.folder)?;
    replay(&manifest, &again.path, arguments.threads)?;
    if Manifest::read(&again.path)? != manifest {
        differs.push(format!("{MANIFEST} comes out differently"));
    }
    let mut lines = String::new();
    for file in &manifest.files {
        let same = digest_file(&again.path, &file.name).is_ok_and(|found| found == *file);
        let word = if same { "same" } else { "DIFFERS" };
        lines.push_str(&format!(
            "{word:>8}  {}  {}\n",
            file.name,
            &file.sha256[..16.min(file.sha256.len())]
        ));
        if !same {
            differs.push(format!("{} comes out differently", file.name));
        }
    }
    terminal::say(&lines)?;
    match differs.as_slice() {
        [] => {
            terminal::say("verified: the same bytes again\n")?;
            Ok(())
        }
        differs => Err(Stop::new(UNMET, differs.join("; "))),
    }
}

fn replay(manifest: &Manifest, out: &Path, threads: u16) -> Result<(), Stop> {
    let played_plan = &manifest.plan;
    let source = Source {
        path: manifest.scenario.file.clone(),
        file: manifest.scenario.file.clone(),
        manuscript: Manuscript {
            base: (manifest.scenario.base.as_ref())
                .map(|base| (base.file.clone(), Arc::from(base.text.as_str()))),
            ..Manuscript::new(
                &manifest.scenario.file,
                Arc::from(manifest.scenario.text.as_str()),
            )
        },
    };
    let played = Played {
        scenario: manifest.scenario.file.clone(),
        set: played_plan
            .set
            .iter()
            .map(|set| format!("{}={}", set.address, set.value))
            .collect(),
        protocol: match &played_plan.protocol {
            Some(protocol) => vec![protocol.clone()],
            None => played_plan.protocols.clone(),
        },
    };
    let arguments = plan::again(played, played_plan, out.to_path_buf(), threads);
    match run::play(&arguments, source) {
        // Runs that cannot be played, and stop rules that are not met, are part of the result.
        Err(stop) if !stop.is(UNMET) => Err(stop),
        _ => Ok(()),
    }
}

/// A folder beside the result that goes away in the end.
struct Scratch {
    path: PathBuf,
}

impl Scratch {
    fn new(folder: &Path) -> Result<Scratch, Stop> {
        let path = folder.join(format!(".verify-{}", std::process::id()));
        std::fs::create_dir_all(&path).map_err(|error| {
            Stop::new(FAILED, format!("cannot create {}: {error}", path.display()))
        })?;
        Ok(Scratch { path })
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Nothing more can be done if it stays.
        let _ = std::fs::remove_dir_all(&self.path);
    }
}
