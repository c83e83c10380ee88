//! The documentation is true: its tour runs, its examples are checked, its lists are fresh.
//!
//! `UPDATE_DOCS=1 cargo test --test docs` rewrites the generated lists.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use toml::{Table, Value};

const LANGUAGE: &str = "docs/scenario-language.md";
const OUTPUT: &str = "docs/output-files.md";
/// Whole scenarios without and with sessions.
const ONCE: &str = "toml whole";
const SESSIONS: &str = "toml whole calendar";

#[test]
#[cfg(unix)]
fn the_tour_of_the_readme_runs_as_written() {
    let folder = tempfile::tempdir().unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_demarche"));
    let own = program.parent().unwrap().display().to_string();
    let path = std::env::var("PATH").unwrap_or_default();
    let script: String = fences(&page("README.md"))
        .into_iter()
        .filter(|fence| fence.info == "sh")
        .map(|fence| fence.text)
        .collect();
    assert!(script.lines().count() > 8, "the tour is gone");
    let mut shell = Command::new("sh");
    shell.arg("-eu").arg("-c").arg(&script);
    shell
        .current_dir(folder.path())
        .env("PATH", format!("{own}:{path}"));
    let output = shell.output().unwrap();
    assert!(output.status.success(), "{script}\n{}", told(&output));
}

#[test]
fn every_example_of_the_language_is_sound() {
    let page = page(LANGUAGE);
    let (once, sessions) = (frame(&page, ONCE), frame(&page, SESSIONS));
    let mut checked = 0;
    for fence in fences(&page) {
        let text = match fence.info.as_str() {
            ONCE | SESSIONS => fence.text.clone(),
            "toml" => completed(&once, &fence.text),
            "toml calendar" => completed(&sessions, &fence.text),
            _ => continue,
        };
        is_sound(&text, &format!("{LANGUAGE}, line {}", fence.line));
        checked += 1;
    }
    assert!(checked > 40, "only {checked} examples");
}

#[test]
fn every_formula_in_a_table_is_sound() {
    let page = page(LANGUAGE);
    let (once, sessions) = (frame(&page, ONCE), frame(&page, SESSIONS));
    for (heading, frame, write) in [
        ("Formula", &once, adds as fn(&str, usize) -> String),
        ("Distribution", &once, quantity),
        ("Measure", &once, measure),
        ("Over sessions", &sessions, measure),
        ("Claim", &once, claim),
    ] {
        let formulas = column(&page, heading);
        assert!(formulas.len() > 3, "no table of {heading}");
        let parts: String = formulas
            .iter()
            .enumerate()
            .map(|(number, formula)| write(formula, number))
            .collect();
        is_sound(&completed(frame, &parts), &format!("{LANGUAGE}, {heading}"));
    }
}

#[test]
fn lists_are_those_of_the_program() {
    let path = root(LANGUAGE);
    let page = page(LANGUAGE);
    let mut fresh = String::new();
    let mut lines = page.lines();
    let mut lists = 0;
    while let Some(line) = lines.next() {
        fresh.push_str(line);
        fresh.push('\n');
        let command = line
            .strip_prefix("<!-- generated: demarche ")
            .and_then(|rest| rest.strip_suffix(" -->"));
        let Some(command) = command else { continue };
        let words: Vec<&str> = command.split(' ').collect();
        let list = demarche(&words, "");
        fresh.push_str(&format!("```text\n{}```\n", said(&list)));
        assert_eq!(lines.next(), Some("```text"));
        lines.find(|line| *line == "```");
        lists += 1;
    }
    assert_eq!(lists, 6);
    if fresh != page && std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(path, fresh).unwrap();
        return;
    }
    assert_eq!(
        page, fresh,
        "a list is out of date: run UPDATE_DOCS=1 cargo test --test docs"
    );
}

#[test]
fn every_part_of_every_family_has_an_example() {
    let page = page(LANGUAGE);
    for family in [
        "distributions",
        "functions",
        "protocols",
        "strategies",
        "acceptances",
        "models",
    ] {
        for line in said(&demarche(&["list", family], "")).lines() {
            let name: String = line
                .trim_start()
                .chars()
                .take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
                .collect();
            let spellings = [format!("`{name}`"), format!("`{name}(")];
            let shown = spellings.iter().any(|spelling| page.contains(spelling));
            assert!(shown, "`{name}` of {family} is not explained in {LANGUAGE}");
        }
    }
}

#[test]
fn every_flag_is_told() {
    let pages = page("README.md") + &page(LANGUAGE) + &page(OUTPUT);
    for command in [
        "run", "check", "test", "replay", "solve", "list", "verify", "new",
    ] {
        assert!(pages.contains(&format!("`{command}")), "{command}");
        let help = said(&demarche(&[command, "--help"], ""));
        for flag in help.split(|c: char| !(c.is_alphanumeric() || c == '-')) {
            if flag.starts_with("--") && flag.len() > 2 {
                assert!(pages.contains(flag), "{command} {flag} is not told");
            }
        }
    }
}

#[test]
fn files_have_the_columns_and_keys_that_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let start = said(&demarche(&["new", "-"], ""));
    let out = folder.path().join("out");
    let words = ["run", "-", "-n", "50", "-q", "--worlds", "-o"];
    let words: Vec<&str> = words.into_iter().chain(out.to_str()).collect();
    assert!(demarche(&words, &start).status.success());
    let page = page(OUTPUT);
    for name in ["summary.csv", "distribution.csv"] {
        let text = fs::read_to_string(out.join(name)).unwrap();
        let header = text.lines().next().unwrap_or_default();
        assert!(page.contains(header), "{name}: {header}");
    }
    let rows = fs::read_to_string(out.join("runs.csv")).unwrap();
    assert!(rows.starts_with("run,variant,ended,session,"));
    let several = folder.path().join("several");
    let words = ["run", "-", "-n", "50", "-q", "--protocol", "all", "-o"];
    let words: Vec<&str> = words.into_iter().chain(several.to_str()).collect();
    assert!(demarche(&words, &start).status.success());
    let paired = fs::read_to_string(several.join("paired.csv")).unwrap();
    let header = paired.lines().next().unwrap_or_default();
    assert!(page.contains(header), "paired.csv: {header}");
    let manifest = fs::read_to_string(out.join("manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    let mut keys = BTreeSet::new();
    gather(&manifest, "", &mut keys);
    assert!(keys.len() > 20);
    for key in keys {
        assert!(
            page.contains(&format!("`{key}`")),
            "the key {key} is not told"
        );
    }
}

#[test]
fn links_lead_somewhere() {
    let docs = fs::read_dir(root("docs")).unwrap();
    let docs = docs.map(|entry| format!("docs/{}", entry.unwrap().file_name().display()));
    for name in docs.chain(["README.md".into(), "CHANGELOG.md".into()]) {
        let text = page(&name);
        let folder = root(&name).parent().unwrap().to_path_buf();
        for (_, rest) in text
            .match_indices("](")
            .map(|(at, _)| text.split_at(at + 2))
        {
            let target = rest.split(')').next().unwrap_or_default();
            let file = target.split('#').next().unwrap_or_default();
            if target.contains("://") || file.is_empty() {
                continue;
            }
            assert!(folder.join(file).exists(), "{name}: {target}");
        }
        for word in text.split(|c: char| !(c.is_alphanumeric() || "/_-.".contains(c))) {
            if word.starts_with("scenarios/") && word.ends_with(".toml") {
                assert!(root(word).exists(), "{name}: {word}");
            }
        }
    }
}

/// A fenced block: what it is, its text and its first line.
struct Fence {
    info: String,
    text: String,
    line: usize,
}

fn fences(page: &str) -> Vec<Fence> {
    let mut found: Vec<Fence> = Vec::new();
    let mut open = false;
    for (number, line) in page.lines().enumerate() {
        if let Some(info) = line.strip_prefix("```") {
            if !open {
                found.push(Fence {
                    info: info.to_string(),
                    text: String::new(),
                    line: number + 2,
                });
            }
            open = !open;
        } else if let (true, Some(fence)) = (open, found.last_mut()) {
            fence.text.push_str(line);
            fence.text.push('\n');
        }
    }
    assert!(!open, "a block is not closed");
    found
}

/// The code in the first column of every table under this heading.
fn column(page: &str, heading: &str) -> Vec<String> {
    let mut inside = false;
    let mut found = Vec::new();
    for line in page.lines() {
        let first = line
            .strip_prefix("| ")
            .and_then(|row| row.split(" |").next());
        match first {
            Some(cell) if cell == heading => inside = true,
            Some(cell) if inside => {
                let code = cell.split('`').nth(1).expect("a formula in backticks");
                found.push(code.to_string());
            }
            Some(_) => {}
            None if line.starts_with("|--") => {}
            None => inside = false,
        }
    }
    found
}

fn adds(formula: &str, number: usize) -> String {
    format!("[[actors.gulf.terms]]\nid = 't{number}'\nadds = '{formula}'\n")
}

fn quantity(formula: &str, number: usize) -> String {
    format!("[quantities.q{number}]\nvalue = '{formula}'\n")
}

fn measure(formula: &str, number: usize) -> String {
    format!("[measures.m{number}]\nvalue = '{formula}'\n")
}

fn claim(formula: &str, _: usize) -> String {
    format!("[[expect]]\nclaim = '{formula}'\n")
}

/// The first whole scenario of this kind: the examples of that kind are parts of it.
fn frame(page: &str, kind: &str) -> Table {
    let fences = fences(page);
    let whole = fences.iter().find(|fence| fence.info == kind);
    whole.unwrap().text.parse().unwrap()
}

/// A part put into the frame, as the text of a scenario.
fn completed(frame: &Table, part: &str) -> String {
    let part: Table = part
        .parse()
        .unwrap_or_else(|fault| panic!("{part}\n{fault}"));
    let mut whole = frame.clone();
    for (section, value) in part {
        merge(&mut whole, section, value, true);
    }
    let entries = whole.iter();
    entries
        .map(|(key, value)| format!("{key} = {}\n", inline(value)))
        .collect()
}

/// A value as TOML on one line.
fn inline(value: &Value) -> String {
    let quoted = |text: &str| format!("{text:?}");
    match value {
        Value::String(text) => quoted(text),
        Value::Float(number) => format!("{number:?}"),
        Value::Integer(number) => number.to_string(),
        Value::Boolean(flag) => flag.to_string(),
        Value::Datetime(date) => date.to_string(),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(inline).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Table(entries) => {
            let entries = entries.iter();
            let entries: Vec<String> = entries
                .map(|(key, value)| format!("{} = {}", quoted(key), inline(value)))
                .collect();
            format!("{{ {} }}", entries.join(", "))
        }
    }
}

/// Tables join; anything else, and an issue as a whole, is replaced.
fn merge(into: &mut Table, key: String, value: Value, joins: bool) {
    match (into.get_mut(&key), value) {
        (Some(Value::Table(old)), Value::Table(new)) if joins => {
            for (name, value) in new {
                merge(old, name, value, !matches!(key.as_str(), "issues" | "set"));
            }
        }
        (_, value) => {
            into.insert(key, value);
        }
    }
}

/// `demarche check` finds nothing to say about it.
fn is_sound(text: &str, place: &str) {
    let output = demarche(&["check", "-"], text);
    let quiet = output.status.success() && output.stderr.is_empty();
    assert!(quiet, "{place}\n{}", told(&output));
    let report = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(report.contains("no faults"), "{place}\n{report}");
}

fn demarche(words: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_demarche"))
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // A command that reads nothing may be gone already.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    child.wait_with_output().unwrap()
}

fn said(output: &Output) -> String {
    assert!(output.status.success(), "{}", told(output));
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn told(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    format!("{}\n{out}\n{err}", output.status)
}

fn gather(value: &serde_json::Value, above: &str, keys: &mut BTreeSet<String>) {
    match value {
        serde_json::Value::Object(entries) => {
            for (key, value) in entries {
                let path = format!("{above}{key}");
                gather(value, &format!("{path}."), keys);
                keys.insert(path);
            }
        }
        serde_json::Value::Array(items) => {
            items.iter().for_each(|item| gather(item, above, keys));
        }
        _ => {}
    }
}

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn page(path: &str) -> String {
    fs::read_to_string(root(path)).unwrap_or_else(|fault| panic!("{path}: {fault}"))
}
