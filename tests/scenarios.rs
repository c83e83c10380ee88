//! Every scenario that ships is sound, and every claim it makes holds on fresh runs.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Runs of the scenarios whose claims need fewer than they ask for.
const FEWER: [(&str, &str); 2] = [
    ("moscow-2026.toml", "4096"),
    ("moscow-2026-observed.toml", "4096"),
];

fn scenarios() -> Vec<PathBuf> {
    fn visit(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).expect("a folder of scenarios") {
            let path = entry.expect("a readable entry").path();
            if path.is_dir() {
                visit(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "toml") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    visit(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios"),
        &mut found,
    );
    found.sort();
    found
}

fn demarche(arguments: &[&str], scenario: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_demarche"));
    command
        .arg(arguments[0])
        .arg(scenario)
        .args(&arguments[1..]);
    command.output().expect("demarche runs")
}

#[test]
fn every_scenario_is_sound() {
    let found = scenarios();
    let textbook = found
        .iter()
        .filter(|path| path.parent().is_some_and(|p| p.ends_with("textbook")));
    assert!(
        textbook.count() >= 8,
        "at least eight scenarios with known answers"
    );
    for scenario in &found {
        let output = demarche(&["check"], scenario);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {said}", scenario.display());
    }
}

#[test]
fn every_claim_holds() {
    let mut broken = Vec::new();
    for scenario in scenarios() {
        let name = scenario
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let mut arguments = vec!["test", "--json", "-q"];
        if let Some((_, runs)) = FEWER.iter().find(|(file, _)| *file == name) {
            arguments.extend(["-n", runs]);
        }
        let output = demarche(&arguments, &scenario);
        let findings: serde_json::Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|_| panic!("{name}: {}", String::from_utf8_lossy(&output.stderr)));
        let findings = findings.as_array().expect("a list of findings");
        assert!(!findings.is_empty(), "{name} claims nothing");
        broken.extend(
            findings
                .iter()
                .filter(|finding| finding["verdict"] != "pass")
                .map(|finding| {
                    format!(
                        "{name}: {} {}: {} against {}",
                        finding["verdict"], finding["claim"], finding["left"], finding["right"]
                    )
                }),
        );
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}
