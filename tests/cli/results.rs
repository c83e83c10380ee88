//! What lies in a result folder, and whether it can be trusted: `verify`, `replay`, runs that cannot be played.

use super::workdir::Workdir;

#[test]
fn a_result_is_verified() {
    let here = Workdir::new();
    here.demarche("run small.toml -o out -q --variant all --worlds")
        .succeeds();
    let before = here.names("out");
    here.demarche("verify out").succeeds().says("verified");
    here.demarche("verify out -j 1").succeeds();
    assert_eq!(here.names("out"), before, "verify leaves nothing behind");
}

#[test]
fn an_edited_table_is_found_out() {
    let here = Workdir::new();
    for (file, from, to) in [
        ("runs.csv", "agreement", "breakdown"),
        ("summary.csv", "base", "rush"),
        ("distribution.csv", "agreement", "breakdown"),
    ] {
        here.demarche("run small.toml -o out -q --force").succeeds();
        here.edit(&format!("out/{file}"), from, to);
        here.demarche("verify out").ends(3).complains(file);
    }
}

#[test]
fn a_missing_table_is_found_out() {
    let here = Workdir::new();
    here.demarche("run small.toml -o out -q").succeeds();
    std::fs::remove_file(here.path("out/summary.csv")).expect("it was there");
    here.demarche("verify out")
        .ends(3)
        .complains("summary.csv is missing");
}

#[test]
fn an_edited_manifest_is_found_out() {
    let here = Workdir::new();
    let edited = |from: &str, to: &str| {
        here.demarche("run small.toml -o out -q --force").succeeds();
        here.edit("out/manifest.json", from, to);
        here.demarche("verify out")
    };
    edited("\"seed\": 7", "\"seed\": 8").ends(3);
    edited("\"runs\": 2048", "\"runs\": 2047").ends(3);
    edited("value  = [0, 40, 70, 100]", "value  = [0, 40, 80, 100]").ends(3);
    edited("\"sha256\": \"", "\"sha256\": \"0").ends(3);
    edited("{", "[").ends(1).complains("manifest");
}

/// The scenario in the manifest is the one whose digest stands beside it.
#[test]
fn an_edited_scenario_text_is_found_out_even_if_its_numbers_stay() {
    let here = Workdir::new();
    here.demarche("run small.toml -o out -q").succeeds();
    here.edit("out/manifest.json", "Made up.", "Measured.");
    here.demarche("verify out").ends(3);
}

#[test]
fn there_must_be_a_result_to_verify() {
    let here = Workdir::new();
    here.demarche("verify nowhere")
        .ends(1)
        .complains("manifest.json");
}

#[test]
fn a_replayed_run_is_the_row_of_its_number() {
    let here = Workdir::new();
    for (flags, variant) in [
        ("", "base"),
        ("--variant rush", "rush"),
        ("--protocol utilitarian", "base"),
    ] {
        here.demarche(&format!(
            "run small.toml -n 40 -o out -q --force --worlds {flags}"
        ))
        .succeeds();
        let lines = here.lines("out/runs.csv");
        let header: Vec<&str> = lines[0].split(',').collect();
        for run in [0usize, 3, 17, 39] {
            let row: Vec<&str> = lines[run + 1].split(',').collect();
            assert_eq!(row[0], run.to_string());
            let told = here
                .demarche(&format!("replay small.toml --run {run} {flags}"))
                .succeeds()
                .says(&format!("run {run} of variant {variant}, seed 7"));
            for (name, value) in header.iter().zip(&row).skip(4) {
                let line = told
                    .out
                    .lines()
                    .find(|line| line.trim_start().starts_with(&format!("{name} ")));
                match (*value, line) {
                    ("", _) => {}
                    // Without a deal the columns of issues hold what stays as it was.
                    (_, None) if row[2] != "agreement" && ["price", "delivery"].contains(name) => {}
                    (value, Some(line)) => assert!(
                        agrees(value, line),
                        "{name} is {value}, told `{line}`{told}"
                    ),
                    (_, None) => panic!("{name} is not told{told}"),
                }
            }
            assert!(
                told.out.contains(&row[2].replace('_', " ")),
                "{}{told}",
                row[2]
            );
        }
    }
}

#[test]
fn a_run_beyond_those_played_can_be_replayed_too() {
    let here = Workdir::new();
    here.demarche("replay small.toml --run 18446744073709551615")
        .succeeds();
    here.demarche("replay small.toml --run -1").ends(2);
    here.demarche("replay small.toml").ends(2);
    here.demarche("replay small.toml --run 1 --variant rsuh")
        .ends(2)
        .complains("did you mean `rush`?");
}

/// A logarithm of what is sometimes negative: those runs are counted and named, never dropped.
#[test]
fn runs_that_cannot_be_played_are_counted_and_named() {
    let here = Workdir::new();
    here.edit(
        "small.toml",
        "weight = 60",
        "weight = \"60 + log(mood - 0.1)\"",
    );
    here.demarche("check small.toml")
        .succeeds()
        .complains("not a number in some worlds");
    here.demarche("run small.toml -n 500 -o out --worlds")
        .ends(3)
        .complains("runs could not be played");
    let lines = here.lines("out/runs.csv");
    let header: Vec<&str> = lines[0].split(',').collect();
    let mood = header
        .iter()
        .position(|name| *name == "quantities.mood")
        .expect("mood");
    let mut expected = Vec::new();
    for line in &lines[1..] {
        let row: Vec<&str> = line.split(',').collect();
        let unplayable = row[mood].parse::<f64>().expect("a number") < 0.1;
        assert_eq!(row[2] == "unplayable", unplayable, "{line}");
        if unplayable {
            expected.push(row[0].parse::<u64>().expect("a run"));
            assert!(row[4..10].iter().all(|cell| cell.is_empty()), "{line}");
        }
    }
    assert!(!expected.is_empty());
    let variant = &here.json("out/manifest.json")["variants"][0];
    assert_eq!(variant["unplayable"], expected.len());
    assert_eq!(variant["runs_finished"], 500);
    let named: Vec<u64> = variant["unplayed"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|run| run["run"].as_u64().expect("a run"))
        .collect();
    assert!(
        !named.is_empty() && expected.starts_with(&named),
        "{named:?}"
    );
    assert_ne!(variant["unplayed"][0]["reason"], "");
    let summary = here.read("out/summary.csv");
    assert!(
        summary.contains(&format!("base,1,runs,unplayable,{},", expected.len())),
        "{summary}"
    );
    here.demarche("verify out").succeeds();
}

/// Whether a line of `replay` tells this cell, to the digits it shows.
fn agrees(cell: &str, line: &str) -> bool {
    let told = line.split_whitespace().nth(1).unwrap_or_default();
    let (cell, told) = match (cell, told) {
        ("1", "yes") | ("0", "no") => return true,
        pair => pair,
    };
    match (cell.parse::<f64>(), told.parse::<f64>()) {
        (Ok(cell), Ok(told)) => (cell - told).abs() <= 1e-5 * cell.abs().max(1e-3),
        _ => cell == told,
    }
}
