//! Every file under `tests/broken/<room that catches it>/` is reported exactly as its snapshot says.
//!
//! A broken scenario dropped into its folder gains a snapshot: `INSTA_UPDATE=always cargo test --test diagnostics`.
//! Read a new snapshot as its author would: is the caret under the right text, is it said what was
//! expected and what was found, is the nearest right name offered?

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Rooms that can find fault with a scenario's text.
const ROOMS: [&str; 3] = ["scenario", "expression", "model"];

#[test]
fn every_broken_scenario_is_reported_as_its_snapshot_says() {
    insta::glob!("broken/*/*.toml", |path| {
        let name = name(path);
        let output = check(&name, &[]);
        let code = output.status.code().map_or(-1, i64::from);
        let told = format!("{}exit code {code}\n", text(&output.stderr));
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!("broken", told);
        });
    });
}

#[test]
fn every_broken_scenario_is_at_fault_somewhere() {
    let files = files();
    assert!(files.len() >= 45, "{} broken scenarios", files.len());
    for name in files {
        let output = check(&name, &[]);
        let told = text(&output.stderr);
        let expected = match told.contains("error: ") {
            true => Some(2),
            false => Some(0),
        };
        assert!(
            told.contains("error: ") || told.contains("warning: "),
            "{name} is not found fault with"
        );
        assert_eq!(output.status.code(), expected, "{name}\n{told}");
        assert!(!told.contains("panicked"), "{name}\n{told}");
    }
}

/// A place in the report is a place in the file, and the same as for programs (`--json`).
#[test]
fn places_exist_and_agree_with_the_json_report() {
    for name in files() {
        let Ok(scenario) = std::fs::read_to_string(root().join(&name)) else {
            continue; // not text: there are no places in it
        };
        let lines: Vec<&str> = scenario
            .trim_start_matches('\u{feff}')
            .split('\n')
            .collect();
        let told = text(&check(&name, &[]).stderr);
        let mut drawn = Vec::new();
        for arrow in told
            .lines()
            .filter_map(|line| line.trim_start().strip_prefix("--> "))
        {
            let place: Vec<&str> = arrow.rsplitn(3, ':').collect();
            let (column, line): (usize, usize) =
                (place[0].parse().unwrap(), place[1].parse().unwrap());
            assert_eq!(place[2], name);
            let width = lines
                .get(line - 1)
                .unwrap_or_else(|| panic!("{arrow}: no such line"));
            assert!(
                column <= width.chars().count() + 1,
                "{arrow}: no such column"
            );
            drawn.push((line, column));
        }
        let output = check(&name, &["--json"]);
        let json: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let number = |value: &Value| value.as_u64().unwrap_or(0) as usize;
        let told: Vec<(usize, usize)> = json["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|found| (number(&found["line"]), number(&found["column"])))
            .collect();
        assert_eq!(drawn, told, "{name}: text and --json tell different places");
    }
}

#[test]
fn all_faults_are_told_at_once() {
    let told = text(&check("tests/broken/scenario/many_faults.toml", &[]).stderr);
    let faults = told.matches("error: ").count();
    assert!(faults >= 8, "{faults} faults\n{told}");
}

#[test]
fn every_broken_scenario_says_what_is_wrong_with_it() {
    for name in files() {
        let bytes = std::fs::read(root().join(&name)).unwrap();
        let starts = bytes.starts_with(b"# ") || bytes.starts_with("\u{feff}# ".as_bytes());
        let excused = name.ends_with("/empty.toml") || name.ends_with("/utf16.toml");
        assert!(starts || excused, "{name} does not begin with a comment");
    }
}

fn check(name: &str, more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_demarche"))
        .args(["check", name, "--color", "never"])
        .args(more)
        .current_dir(root())
        .env_remove("COLUMNS")
        .output()
        .expect("the binary runs")
}

fn files() -> Vec<String> {
    let mut files = Vec::new();
    for room in ROOMS {
        let folder = root().join("tests/broken").join(room);
        let entries = std::fs::read_dir(folder).expect("every room has a folder");
        files.extend(entries.map(|entry| name(&entry.unwrap().path())));
    }
    files.sort();
    files
}

fn name(path: &Path) -> String {
    let inside = path.strip_prefix(root()).unwrap_or(path);
    inside.to_string_lossy().replace('\\', "/")
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).replace("\r\n", "\n")
}
