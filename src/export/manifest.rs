//! `manifest.json`: what it takes to run a result again, and the digest of every file beside it.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{FileEntry, digest_file};

/// The manifest's name in the result folder.
pub const MANIFEST: &str = "manifest.json";

/// The format this version writes and reads.
const FORMAT: u32 = 1;

/// Where the random numbers come from.
pub const GENERATOR: &str = "ChaCha8, rand_chacha 0.10";

/// What was run, how far it got and what it left.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// The format of this file.
    pub format: u32,
    /// The version of demarche that wrote it.
    pub demarche: String,
    /// The random generator.
    pub generator: String,
    /// What was played.
    pub scenario: ScenarioText,
    /// How it was to be run.
    pub plan: PlanText,
    /// Whether everything in the plan was done.
    pub complete: bool,
    /// How far each variant got, in the order of the plan.
    pub variants: Vec<VariantText>,
    /// The protocols that do not apply, where every one was asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_played: Vec<NotPlayedText>,
    /// The files beside the manifest.
    pub files: Vec<FileEntry>,
    /// What the user was warned of.
    pub warnings: Vec<String>,
}

/// The scenario, whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScenarioText {
    /// Its file name, without folders.
    pub file: String,
    /// The SHA-256 of its text, in hex.
    pub sha256: String,
    /// Its text.
    pub text: String,
    /// The scenario it extends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<Box<ScenarioText>>,
}

/// The plan as the command line gave it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanText {
    /// The seed of every stream.
    pub seed: u64,
    /// Runs per variant.
    pub runs: u64,
    /// The variants, in the order they were played.
    pub variants: Vec<String>,
    /// The protocol played instead of the scenario's own.
    pub protocol: Option<String>,
    /// The protocols that were asked for, if there are several; `all` is every one that applies.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub protocols: Vec<String>,
    /// Numbers changed from the command line, in order.
    pub set: Vec<Override>,
    /// The part of the runs that was played.
    pub shard: Option<ShardText>,
    /// The condition to stop early.
    pub until: Option<String>,
    /// Whether rows show the open quantities.
    pub worlds: bool,
    /// How often each world is played, if more than once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub luck: Option<u32>,
    /// Whether rows were written at all.
    pub rows: bool,
}

/// A number changed from the command line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    /// Its TOML path.
    pub address: String,
    /// What stands there instead, as typed.
    pub value: String,
}

/// Shard `index` of `of`, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShardText {
    /// Which shard.
    pub index: u32,
    /// Of how many.
    pub of: u32,
}

/// How far a variant got.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VariantText {
    /// Its name.
    pub name: String,
    /// The protocol, where there are several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protocol: Option<String>,
    /// The runs that were finished.
    pub runs_finished: u64,
    /// How many of them could not be played.
    pub unplayable: u64,
    /// The first of those, by name.
    pub unplayed: Vec<UnplayedText>,
}

/// A protocol that was not played.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotPlayedText {
    /// Its name.
    pub protocol: String,
    /// The variants it does not apply to.
    pub variants: Vec<String>,
    /// Why it does not apply.
    pub reason: String,
}

/// A run that could not be played.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnplayedText {
    /// The index of the run.
    pub run: u64,
    /// Why.
    pub reason: String,
}

/// Why a manifest could not be read.
#[derive(Debug, Error)]
pub enum ManifestError {
    /// There is none, or it cannot be opened.
    #[error("cannot read {}", .path.display())]
    Read {
        /// Where it should be.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// It is not a manifest.
    #[error("this is not a manifest of demarche")]
    Parse(#[from] serde_json::Error),
    /// Another version wrote it.
    #[error("the manifest has format {0}; this version of demarche reads format {FORMAT}")]
    Format(u32),
}

/// A file that is not what the manifest says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// What the manifest says.
    pub expected: FileEntry,
    /// What was found; `None` if the file is missing or cannot be read.
    pub found: Option<FileEntry>,
}

impl Manifest {
    /// The manifest of a result that has only just begun.
    pub fn new(scenario: ScenarioText, plan: PlanText) -> Manifest {
        Manifest {
            format: FORMAT,
            demarche: env!("CARGO_PKG_VERSION").to_string(),
            generator: GENERATOR.to_string(),
            scenario,
            plan,
            complete: false,
            variants: Vec::new(),
            not_played: Vec::new(),
            files: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// The text of `manifest.json`.
    pub fn to_json(&self) -> Result<String, ManifestError> {
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        Ok(text)
    }

    /// Read the text of a `manifest.json`.
    pub fn from_json(text: &str) -> Result<Manifest, ManifestError> {
        #[derive(Deserialize)]
        struct Format {
            format: u32,
        }
        let Format { format } = serde_json::from_str(text)?;
        if format != FORMAT {
            return Err(ManifestError::Format(format));
        }
        Ok(serde_json::from_str(text)?)
    }

    /// Read the manifest in a result folder.
    pub fn read(folder: &Path) -> Result<Manifest, ManifestError> {
        let path = folder.join(MANIFEST);
        let text =
            fs::read_to_string(&path).map_err(|source| ManifestError::Read { path, source })?;
        Manifest::from_json(&text)
    }

    /// The files in the folder that are not what the manifest says.
    pub fn mismatches(&self, folder: &Path) -> Vec<Mismatch> {
        let found = self.files.iter().map(|expected| Mismatch {
            found: digest_file(folder, &expected.name).ok(),
            expected: expected.clone(),
        });
        found
            .filter(|file| file.found.as_ref() != Some(&file.expected))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::{ResultFile, digest};

    fn manifest() -> Manifest {
        let text = "format = 1\n# \"Türkiye\"\n".to_string();
        let scenario = ScenarioText {
            file: "dollar.toml".into(),
            sha256: digest(text.as_bytes()),
            text,
            base: None,
        };
        let plan = PlanText {
            seed: u64::MAX,
            runs: 10_000,
            variants: vec!["base".into()],
            protocol: None,
            protocols: Vec::new(),
            set: vec![Override {
                address: "actors.a.reservation".into(),
                value: "45".into(),
            }],
            shard: Some(ShardText { index: 1, of: 4 }),
            until: None,
            worlds: false,
            luck: None,
            rows: true,
        };
        Manifest::new(scenario, plan)
    }

    #[test]
    fn reads_back_as_written() {
        let written = manifest();
        assert_eq!(
            Manifest::from_json(&written.to_json().unwrap()).unwrap(),
            written
        );
    }

    #[test]
    fn another_format_is_named() {
        let error = Manifest::from_json(r#"{"format": 2, "new": true}"#).unwrap_err();
        assert!(matches!(error, ManifestError::Format(2)));
        assert!(Manifest::from_json("{}").is_err());
    }

    #[test]
    fn a_changed_or_missing_file_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let mut manifest = manifest();
        for name in ["same", "changed", "missing"] {
            let mut file = ResultFile::create(folder.path(), name, false).unwrap();
            file.write(b"1\n").unwrap();
            manifest.files.push(file.finish().unwrap());
        }
        assert!(manifest.mismatches(folder.path()).is_empty());
        fs::write(folder.path().join("changed"), "2\n").unwrap();
        fs::remove_file(folder.path().join("missing")).unwrap();
        let names: Vec<String> = manifest
            .mismatches(folder.path())
            .into_iter()
            .map(|mismatch| mismatch.expected.name)
            .collect();
        assert_eq!(names, ["changed", "missing"]);
    }
}
