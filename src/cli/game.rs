//! From a file name to models that run: read, compile the base and every variant, report every fault.

use super::Played;
use super::protocols::{self, Asked};
use super::stop::{FAILED, FAULT, Stop};
use super::terminal;
use crate::analysis::Claims;
use crate::export::NotPlayedText;
use crate::model::{Compiled, DrawBook, Model, Origin, Patch, Probe, compile};
use crate::scenario::{self, Diagnostics, Manuscript, Scenario};
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

/// What the scenario as written is called among its variants.
pub const BASE: &str = "base";

/// A scenario's text and where it came from.
pub struct Source {
    /// The path as typed, or `-`.
    pub path: String,
    /// The file name, without folders.
    pub file: String,
    /// The text, and that of the scenario it extends.
    pub manuscript: Manuscript,
}

/// A scenario that was read, with everything found in it so far.
pub struct Reading {
    pub source: Source,
    pub scenario: Scenario,
    pub claims: Claims,
    pub findings: Diagnostics,
}

/// The models of a command: one per variant and protocol, over the same worlds.
pub struct Games {
    pub scenario: Scenario,
    pub games: Vec<Game>,
    pub book: DrawBook,
    /// Warnings, one line each, for the manifest.
    pub warnings: Vec<String>,
    /// The protocols that were left out because they do not apply.
    pub not_played: Vec<NotPlayedText>,
}

/// One variant, ready to play.
pub struct Game {
    pub variant: String,
    /// What its protocol is called in the result, if there are several.
    pub protocol: Option<String>,
    pub model: Model,
}

impl Source {
    /// Read a scenario file, or standard input for `-`, and the file it extends.
    pub fn read(path: &str) -> Result<Source, Stop> {
        let text = read_text(path)?;
        let mut manuscript = Manuscript::new(path, text.clone());
        if let Some(other) = scenario::extends(&text) {
            let folder = Path::new(path).parent().filter(|_| path != "-");
            let base = folder.unwrap_or(Path::new("")).join(&other.value);
            let base = base.to_string_lossy().into_owned();
            let base_text =
                read_text(&base).map_err(|stop| stop.within(&format!("{path} extends {base}")))?;
            if scenario::extends(&base_text).is_some() {
                let message = format!(
                    "{path} extends {base}, which extends another file: only one step is possible"
                );
                return Err(Stop::new(FAULT, message));
            }
            manuscript.base = Some((base, base_text));
        }
        let name = Path::new(path)
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        Ok(Source {
            path: path.to_string(),
            file: match path {
                "-" => "stdin.toml".to_string(),
                _ => name.unwrap_or_else(|| path.to_string()),
            },
            manuscript,
        })
    }

    /// The name of the scenario: its file name without the ending.
    pub fn stem(&self) -> &str {
        self.file.strip_suffix(".toml").unwrap_or(&self.file)
    }

    /// Read the scenario and its claims, or show why that cannot be.
    pub fn scenario(self) -> Result<Reading, Stop> {
        let (manuscript, path) = (self.manuscript.clone(), self.path.clone());
        self.scenario_or_findings().map_err(|findings| {
            let report = manuscript.render(&findings, terminal::colour_error());
            terminal::complain(&format!("{report}{path}: {}", findings.counts()));
            Stop::silent(FAULT)
        })
    }

    /// Read the scenario and its claims, or say why that cannot be.
    pub fn scenario_or_findings(self) -> Result<Reading, Diagnostics> {
        let (scenario, mut findings) = scenario::read_manuscript(&self.manuscript);
        let Some(scenario) = scenario else {
            return Err(findings);
        };
        let claims = Claims::of_scenario(&scenario, &mut findings);
        Ok(Reading {
            source: self,
            scenario,
            claims,
            findings,
        })
    }
}

impl Games {
    /// Which protocols were left out and why, one line each.
    pub fn not_played_lines(&self) -> Vec<String> {
        let variants = self.games.iter().map(|game| game.variant.as_str());
        let variants: std::collections::BTreeSet<&str> = variants.collect();
        protocols::not_played(&self.not_played, variants.len())
    }
}

impl Reading {
    /// Compile the base and these games; with faults, report them all and stop.
    ///
    /// `probes` are reported for every run; `quiet` keeps warnings to the manifest.
    pub fn compile(
        mut self,
        played: &Played,
        asked: &[Asked],
        probes: &[Probe],
        quiet: bool,
    ) -> Result<Games, Stop> {
        let compiling = self.models(played, asked, probes)?;
        self.report(&compiling.complaints, quiet)?;
        let warnings = self
            .findings
            .sorted()
            .iter()
            .map(|found| found.message.clone())
            .collect();
        self.ready(compiling, warnings, asked.len())
            .ok_or_else(|| Stop::new(FAULT, "the scenario cannot be played"))
    }

    /// The same with findings as JSON; no games if there are errors.
    pub fn compile_quietly(
        mut self,
        played: &Played,
        asked: &[Asked],
        probes: &[Probe],
    ) -> Result<(serde_json::Value, Option<Games>), Stop> {
        let compiling = self.models(played, asked, probes)?;
        let mut found = self.source.manuscript.to_json(&self.findings);
        let mut errors = self.findings.has_errors();
        for (text, complaint) in &compiling.complaints {
            errors |= complaint.has_errors();
            let more = complaint.to_json(text, "command line");
            if let (Some(found), Some(more)) = (found.as_array_mut(), more.as_array()) {
                found.extend(more.iter().cloned());
            }
        }
        let games = self.ready(compiling, Vec::new(), asked.len());
        Ok((found, games.filter(|_| !errors)))
    }

    fn models(
        &mut self,
        played: &Played,
        asked: &[Asked],
        probes: &[Probe],
    ) -> Result<Compiling, Stop> {
        let mut compiling = Compiling::default();
        let book = &mut compiling.book;
        // The base comes first whatever is played: it numbers the draws all variants share.
        let base = compile(&self.scenario, &[], &self.claims.probes, book);
        self.findings.append(base.findings);
        for asked in asked {
            let mut patches = match asked.variant.as_str() {
                BASE => Vec::new(),
                name => Patch::of_variant_named(&self.scenario, name)
                    .ok_or_else(|| unknown_variant(&self.scenario, name))?,
            };
            patches.extend(arguments(played, asked)?);
            let compiled = compile(&self.scenario, &patches, probes, book);
            if asked.may_not_apply && compiled.model.is_none() {
                let reason = protocols::reason(&compiled);
                protocols::leave_out(&mut compiling.not_played, asked, reason);
                continue;
            }
            let Compiled {
                model,
                findings,
                arguments,
                ..
            } = compiled;
            self.findings.append(findings);
            for (index, found) in arguments {
                let of_probe = |probe: &&Probe| probe.place.origin == Origin::Argument(index);
                let text = match probes.iter().find(of_probe) {
                    Some(probe) => probe.place.formula.text.clone(),
                    None => argument_text(played, asked, index),
                };
                compiling.complaints.push((text, found));
            }
            compiling.games.extend(model.map(|model| Game {
                variant: asked.variant.clone(),
                protocol: asked.protocol.clone(),
                model,
            }));
        }
        Ok(compiling)
    }

    fn ready(self, compiling: Compiling, warnings: Vec<String>, asked: usize) -> Option<Games> {
        let Compiling {
            games,
            book,
            not_played,
            ..
        } = compiling;
        let left_out: usize = not_played
            .iter()
            .map(|left_out| left_out.variants.len())
            .sum();
        (games.len() + left_out == asked).then_some(Games {
            scenario: self.scenario,
            games,
            book,
            warnings,
            not_played,
        })
    }

    /// Show what was found; stop if there are errors.
    fn report(&self, complaints: &[(String, Diagnostics)], quiet: bool) -> Result<(), Stop> {
        let colour = terminal::colour_error();
        let mut errors = self.findings.has_errors();
        for (index, (text, found)) in complaints.iter().enumerate() {
            errors |= found.has_errors();
            // Several variants find the same fault in an argument.
            let said = complaints[..index]
                .iter()
                .any(|(earlier, _)| earlier == text);
            if !said {
                terminal::complain(found.render(text, "command line", colour).trim_end());
                terminal::complain("");
            }
        }
        if !self.findings.is_empty() && (errors || !quiet) {
            let report = self.source.manuscript.render(&self.findings, colour);
            terminal::complain(&format!(
                "{report}{}: {}",
                self.source.path,
                self.findings.counts()
            ));
        }
        if errors {
            Err(Stop::silent(FAULT))
        } else {
            Ok(())
        }
    }
}

/// The text of a file, or of standard input for `-`.
fn read_text(path: &str) -> Result<Arc<str>, Stop> {
    let fail = |error: std::io::Error| Stop::new(FAILED, format!("cannot read {path}: {error}"));
    let limit = scenario::LIMIT as u64 + 1;
    let mut bytes = Vec::new();
    if path == "-" {
        let mut input = std::io::stdin().lock().take(limit);
        input.read_to_end(&mut bytes).map_err(fail)?;
    } else {
        let file = std::fs::File::open(path).map_err(fail)?;
        file.take(limit).read_to_end(&mut bytes).map_err(fail)?;
    }
    scenario::decode(&bytes)
        .map_err(|fault| Stop::new(FAULT, format!("cannot read {path}: {fault}")))
}

/// What compiling has come to so far.
#[derive(Default)]
struct Compiling {
    games: Vec<Game>,
    book: DrawBook,
    /// Findings in arguments: the argument's text and what is wrong with it.
    complaints: Vec<(String, Diagnostics)>,
    not_played: Vec<NotPlayedText>,
}

impl Game {
    /// What it is called: its variant, and its protocol if there are several.
    pub fn name(&self) -> String {
        match &self.protocol {
            Some(protocol) => format!("{}, {protocol}", self.variant),
            None => self.variant.clone(),
        }
    }
}

/// The patches of the command line: the protocol, then every `--set`.
fn arguments(played: &Played, asked: &Asked) -> Result<Vec<Patch>, Stop> {
    let mut patches = Vec::new();
    for index in 0..=played.set.len() {
        if index == 0 && asked.instead.is_none() {
            continue;
        }
        let text = argument_text(played, asked, index);
        let patch = Patch::of_argument(&text, index).ok_or_else(|| {
            Stop::new(
                FAULT,
                format!("`--set {text}` is not of the form ADDRESS=VALUE"),
            )
        })?;
        patches.push(patch);
    }
    Ok(patches)
}

/// Argument 0 is the protocol, argument k the k-th `--set`.
fn argument_text(played: &Played, asked: &Asked, index: usize) -> String {
    match (index, &asked.instead) {
        (0, Some(protocol)) => format!("bargaining.protocol={protocol}"),
        (0, None) => String::new(),
        (k, _) => played.set[k - 1].clone(),
    }
}

/// The variants named on the command line: `all` is the base and every variant, none is the base.
pub fn variants(scenario: &Scenario, named: &[String]) -> Result<Vec<String>, Stop> {
    let all = scenario
        .variants
        .iter()
        .map(|variant| variant.name.value.clone());
    let mut chosen: Vec<String> = Vec::new();
    for name in named {
        match name.as_str() {
            "all" => chosen.extend(std::iter::once(BASE.to_string()).chain(all.clone())),
            name => chosen.push(name.to_string()),
        }
    }
    if chosen.is_empty() {
        chosen.push(BASE.to_string());
    }
    let mut seen = std::collections::BTreeSet::new();
    chosen.retain(|name| seen.insert(name.clone()));
    for name in chosen.iter().filter(|name| *name != BASE) {
        if !scenario
            .variants
            .iter()
            .any(|variant| variant.name.value == *name)
        {
            return Err(unknown_variant(scenario, name));
        }
    }
    Ok(chosen)
}

fn unknown_variant(scenario: &Scenario, name: &str) -> Stop {
    let names = || {
        scenario
            .variants
            .iter()
            .map(|variant| variant.name.value.as_str())
    };
    let known: Vec<&str> = [BASE].into_iter().chain(names()).collect();
    let near = crate::catalogue::nearest(name, names());
    let advice = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("expected one of {}", known.join(", ")),
    };
    Stop::new(
        FAULT,
        format!("`{name}` is not a variant of this scenario: {advice}"),
    )
}
