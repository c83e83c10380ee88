//! The program under test: a scenario text in, its answer as JSON out.

use super::draft::Draft;
use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// What one protocol settles on.
pub struct Settled {
    /// Was there an agreement?
    pub agreement: bool,
    /// In which round, counted from 0.
    pub round: u64,
    /// Per issue of the model: the level's number, or the value of a continuous issue. Shares of a
    /// simplex come out as one entry per part.
    pub at: Vec<f64>,
    /// The package number, row-major, if every issue has levels.
    pub package: Option<u64>,
    /// Per actor.
    pub utilities: Vec<f64>,
    /// Per actor.
    pub gains: Vec<f64>,
    /// The deal by the names of the issues.
    pub deal: Value,
}

impl Settled {
    /// What a row of `runs.csv` says.
    pub fn of_row(draft: &Draft, row: &Value) -> Result<Settled, String> {
        let agreement = row["ended"] == "agreement";
        Ok(Settled {
            agreement,
            round: 0,
            at: match draft.at(row) {
                Err(fault) if agreement => return Err(fault),
                at => at.unwrap_or_default(),
            },
            package: draft.package(row),
            utilities: draft.by_actor(row, "utility."),
            gains: draft.by_actor(row, "gain."),
            deal: row.clone(),
        })
    }
}

/// What `demarche solve` says.
pub struct Answer<'d> {
    draft: &'d Draft<'d>,
    value: Value,
}

/// Solve by one protocol, with `--set` for each of the patches.
pub fn solve<'d>(draft: &'d Draft, protocol: &str, sets: &[String]) -> Result<Answer<'d>, String> {
    let mut arguments = vec!["--json", "--protocol", protocol];
    for set in sets {
        arguments.extend(["--set", set.as_str()]);
    }
    let value = call("solve", &draft.text(), &arguments)?;
    Ok(Answer { draft, value })
}

/// Play the runs of a scenario, with its variants; the summary per variant.
pub fn run(text: &str, arguments: &[&str]) -> Result<Value, String> {
    let with = [&["--json", "--no-rows", "--out", "out"], arguments].concat();
    let value = call("run", text, &with)?;
    Ok(value["variants"].clone())
}

/// The rows of `runs.csv`, one table of columns each: numbers as numbers, what does not apply as null.
pub fn rows(text: &str, arguments: &[&str]) -> Result<Vec<Value>, String> {
    let with = [&["--out", "-", "--quiet"], arguments].concat();
    let output = output("run", text, &with)?;
    let told = String::from_utf8_lossy(&output);
    let mut lines = told.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let names = lines.next().ok_or("no header")?;
    let cell = |cell: &str| match (cell, cell.parse::<f64>()) {
        ("", _) => Value::Null,
        (_, Ok(number)) => Value::from(number),
        (_, Err(_)) => Value::from(cell),
    };
    let rows = lines.map(|cells| {
        let columns = names.iter().zip(cells);
        columns
            .map(|(name, told)| (name.to_string(), cell(told)))
            .collect()
    });
    Ok(rows.map(Value::Object).collect())
}

/// Size of a scenario, by `demarche check`.
pub fn size(text: &str) -> Result<Value, String> {
    Ok(call("check", text, &["--json"])?["size"].clone())
}

fn call(command: &str, text: &str, arguments: &[&str]) -> Result<Value, String> {
    let output = output(command, text, arguments)?;
    serde_json::from_slice(&output).map_err(|error| format!("{command}: {error}"))
}

fn output(command: &str, text: &str, arguments: &[&str]) -> Result<Vec<u8>, String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let path = folder.path().join("case.toml");
    std::fs::write(&path, text).map_err(|error| error.to_string())?;
    let output = Command::new(Path::new(env!("CARGO_BIN_EXE_demarche")))
        .arg(command)
        .arg("case.toml")
        .args(arguments)
        .current_dir(folder.path())
        .output()
        .map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(format!(
            "`demarche {command} {}` ends with {}\n{}\n{}",
            arguments.join(" "),
            output.status,
            beginning(&String::from_utf8_lossy(&output.stderr), 12),
            beginning(text, 60)
        ));
    }
    Ok(output.stdout)
}

fn beginning(text: &str, lines: usize) -> String {
    text.lines().take(lines).collect::<Vec<_>>().join("\n")
}

impl Answer<'_> {
    /// Numbers of the deals on the individually rational Pareto frontier.
    pub fn frontier(&self) -> Vec<u64> {
        let points = self.value["frontier"].as_array();
        points
            .into_iter()
            .flatten()
            .filter_map(|point| {
                let told = point["index"].as_u64()?;
                let by_levels = self.draft.package(&point["deal"])?;
                (told == by_levels).then_some(told)
            })
            .collect()
    }

    /// How many deals the frontier lists.
    pub fn points(&self) -> usize {
        self.value["frontier"].as_array().map_or(0, Vec::len)
    }

    /// The ideal point.
    pub fn ideal(&self) -> Vec<f64> {
        self.draft.by_actor(&self.value["ideal"], "")
    }

    /// The lottery a protocol draws from: probability and utilities of each deal.
    pub fn lottery(&self, protocol: &str) -> Vec<(f64, Vec<f64>)> {
        let lots = self.value["solutions"][protocol]["lottery"].as_array();
        let lot = |lot: &Value| {
            let utilities = self.draft.by_actor(&lot["utilities"], "utility.");
            (lot["probability"].as_f64().unwrap_or(f64::NAN), utilities)
        };
        lots.into_iter().flatten().map(lot).collect()
    }

    /// What a protocol settles on.
    pub fn settled(&self, protocol: &str) -> Result<Settled, String> {
        let told = &self.value["solutions"][protocol];
        let agreement = told["agreement"]
            .as_bool()
            .ok_or_else(|| format!("`{protocol}` is not among the solutions"))?;
        Ok(Settled {
            agreement,
            round: told["round"].as_u64().unwrap_or(u64::MAX),
            at: match agreement {
                true => self.draft.at(&told["issues"])?,
                false => Vec::new(),
            },
            package: self.draft.package(&told["issues"]),
            utilities: self.draft.by_actor(&told["utilities"], "utility."),
            gains: self.draft.by_actor(&told["gains"], "gain."),
            deal: told["issues"].clone(),
        })
    }
}
