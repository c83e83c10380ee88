//! The process against an independent reference: small calendars whose every branch was enumerated.
//!
//! `tests/process/*.toml` are scenarios, `*.json` their exact answers, computed by `reference.py` beside
//! them, which was written from the specification and shares nothing with the engine. Each scenario is
//! played by the real program; a mean over N rows must lie within 4.75 standard errors of the exact
//! value (two in a million by chance), and agree with it where no chance is left.

use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Standard errors allowed: some 1,200 comparisons, each wrong twice in a million.
const REACH: f64 = 4.75;

/// Where nothing is left to chance, only rounding differs.
const ROUNDING: f64 = 1e-9;

#[test]
fn every_enumerated_scenario_comes_out_as_enumerated() {
    let mut wrong = Vec::new();
    let mut compared = 0;
    let answers = answers();
    assert!(
        answers.len() >= 25,
        "{} scenarios with answers",
        answers.len()
    );
    for path in answers {
        let answer: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let rows = play(&path.with_extension("toml"), &answer);
        for expected in answer["expected"].as_array().unwrap() {
            compared += 1;
            let name = path
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            if let Err(how) = compare(&rows, expected) {
                wrong.push(format!("{name}: {expected}: {how}"));
            }
        }
    }
    assert!(compared > 1000, "only {compared} comparisons");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_wrong_answer_is_noticed() {
    let path = folder().join("ripe_and_lock.json");
    let mut answer: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    let rows = play(&path.with_extension("toml"), &answer);
    for expected in answer["expected"].as_array_mut().unwrap() {
        let (value, sd) = (
            expected["value"].as_f64().unwrap(),
            expected["sd"].as_f64().unwrap(),
        );
        expected["value"] = Value::from(value + 0.05 * sd.max(1.0));
        assert!(compare(&rows, expected).is_err(), "{expected}");
    }
}

/// The rows of `runs.csv`, by column.
struct Rows {
    sessions: Vec<u32>,
    columns: BTreeMap<String, Vec<String>>,
}

fn play(scenario: &Path, answer: &Value) -> Rows {
    let runs = match answer["exact"].as_bool() {
        Some(true) => 50,
        _ => answer["runs"].as_u64().unwrap_or(20_000).min(40_000),
    };
    let output = Command::new(env!("CARGO_BIN_EXE_demarche"))
        .arg("run")
        .arg(scenario)
        .args(["-n", &runs.to_string(), "--seed", "11", "-q", "-o", "-"])
        .output()
        .expect("demarche runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {said}", scenario.display());
    let mut reader = csv::Reader::from_reader(output.stdout.as_slice());
    let header: Vec<String> = reader
        .headers()
        .unwrap()
        .iter()
        .map(str::to_string)
        .collect();
    let mut columns: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for record in reader.records() {
        for (name, field) in header.iter().zip(record.unwrap().iter()) {
            columns
                .entry(name.clone())
                .or_default()
                .push(field.to_string());
        }
    }
    let sessions = columns["session"].iter().map(|s| s.parse().unwrap_or(0));
    Rows {
        sessions: sessions.collect(),
        columns,
    }
}

fn compare(rows: &Rows, expected: &Value) -> Result<(), String> {
    let variable = expected["variable"].as_str().unwrap_or_default();
    let column = rows.columns.get(variable).ok_or("no such column")?;
    let session = expected["session"].as_u64().unwrap_or(0) as u32;
    let cells = column.iter().zip(&rows.sessions);
    let cells = cells
        .filter(|(_, at)| **at == session)
        .map(|(cell, _)| cell.as_str());
    let level = match &expected["level"] {
        Value::Null => None,
        Value::String(level) => Some(level.clone()),
        other => Some(other.to_string()),
    };
    let number = |cell: &str| cell.parse::<f64>().ok();
    let same = |cell: &str, level: &str| match (number(cell), number(level)) {
        (Some(one), Some(other)) => one == other,
        _ => cell == level,
    };
    let values: Vec<f64> = match (expected["statistic"].as_str(), &level) {
        (Some("mean"), _) => cells.filter_map(number).collect(),
        (_, Some(level)) => cells.map(|cell| f64::from(same(cell, level))).collect(),
        (_, None) => cells.map(|cell| f64::from(same(cell, "1"))).collect(),
    };
    let Some(exact) = expected["value"].as_f64() else {
        return match values.is_empty() {
            true => Ok(()),
            false => Err(format!("{} rows where none applies", values.len())),
        };
    };
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let sd = expected["sd"].as_f64().unwrap_or(0.0);
    let allowed = REACH * sd / count.sqrt() + ROUNDING * exact.abs().max(1.0);
    match (mean - exact).abs() <= allowed {
        true => Ok(()),
        false => Err(format!("found {mean} in {count} rows, allowed {allowed}")),
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/process")
}

fn answers() -> Vec<PathBuf> {
    let files = std::fs::read_dir(folder()).expect("tests/process");
    let paths = files.map(|file| file.expect("a readable entry").path());
    let mut answers: Vec<PathBuf> = paths
        .filter(|path| path.extension().is_some_and(|ending| ending == "json"))
        .collect();
    answers.sort();
    answers
}
