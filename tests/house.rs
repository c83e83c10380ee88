//! The laws of the house, read off the text of `src/`: who may use whom, who may speak, what is listed.
//!
//! Each law is a function from files to what is wrong with them. It is held against `src/`, and against
//! a small house in which the law is broken, so that a law which cannot fail is noticed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A file of the house.
struct File {
    /// Its path under `src/`, with `/`.
    path: String,
    /// Its text.
    text: String,
    /// Its text with comments, strings and characters blanked out.
    code: String,
}

/// Where each foreign crate lives: folders and files under `src/`. Nowhere is a place too.
const HOMES: &[(&str, &[&str])] = &[
    ("annotate_snippets", &["scenario/"]),
    ("anstream", &["cli/"]),
    ("anstyle", &["cli/", "export/report/"]),
    ("anyhow", &["cli/"]),
    ("clap", &["cli/"]),
    ("comfy_table", &["cli/"]),
    ("console", &["cli/"]),
    ("csv", &["export/rows/"]),
    ("ctrlc", &["cli/"]),
    ("indicatif", &["cli/"]),
    ("itoa", &["export/rows/"]),
    ("libm", &["uncertainty/maths", "expression/operation.rs"]),
    ("rand_chacha", &["uncertainty/stream.rs"]),
    ("rand_core", &["uncertainty/stream.rs"]),
    ("rayon", &["simulation/engine.rs"]),
    ("sha2", &["export/"]),
    ("statrs", &[]),
    ("strsim", &["catalogue/"]),
    ("toml", &["scenario/"]),
    ("zmij", &["export/rows/"]),
];

/// Crates that are a manner of writing Rust rather than a subject.
const EVERYWHERE: [&str; 3] = ["serde", "serde_json", "thiserror"];

/// Lines a file may have.
const MOST_LINES: usize = 400;

/// Words of the flagship scenario, which the house must not know.
const FLAGSHIP: [&str; 7] = [
    "syria", "russia", "moscow", "tartus", "hmeimim", "assad", "kremlin",
];

// ---- the laws ----

/// A room uses only rooms listed above it.
fn order(rooms: &[String], files: &[File]) -> Vec<String> {
    let mut wrong = Vec::new();
    for file in files {
        let Some(own) = rooms.iter().position(|room| room == file.room()) else {
            continue; // lib.rs and main.rs are the plan and the door
        };
        for (line, code) in lines(&file.code) {
            if code.contains("crate::{") {
                wrong.push(format!(
                    "{}:{line}: write one `use crate::room` for each room",
                    file.path
                ));
            }
            for (used, room) in rooms.iter().enumerate() {
                let named = names_path(code, &format!("crate::{room}"))
                    || (names_path(code, &format!("super::{room}")) && !file.has_part(room, files));
                if named && used > own {
                    wrong.push(format!(
                        "{}:{line}: `{}` stands above `{room}`",
                        file.path, rooms[own]
                    ));
                }
            }
        }
    }
    wrong
}

/// Every part of a family has its file and its line in the list, and both have one name.
fn family(what: &str, files: &[String], listed: &[String]) -> Vec<String> {
    let files: BTreeSet<&String> = files.iter().collect();
    let names: BTreeSet<&String> = listed.iter().collect();
    let mut wrong: Vec<String> = files
        .difference(&names)
        .map(|file| format!("{what}: {file}.rs is not in the list, or under another name"))
        .collect();
    wrong.extend(
        names
            .difference(&files)
            .map(|name| format!("{what}: `{name}` has no file of its name")),
    );
    if names.len() != listed.len() {
        wrong.push(format!("{what}: a name is listed twice"));
    }
    wrong
}

/// Each foreign crate has one room.
fn homes(files: &[File]) -> Vec<String> {
    let mut wrong = Vec::new();
    for file in files {
        for (line, code) in lines(&file.code) {
            for (name, homes) in HOMES {
                let home = homes.iter().any(|home| file.path.starts_with(home));
                if !home && names_crate(code, name) {
                    wrong.push(format!("{}:{line}: `{name}` does not live here", file.path));
                }
            }
        }
    }
    wrong
}

/// Every crate the manifest names has a room assigned above.
fn housed(manifest: &str) -> Vec<String> {
    let section = manifest
        .split("\n[")
        .find(|s| s.trim_start_matches('[').starts_with("dependencies]"));
    let names = section.unwrap_or_default().lines().skip(1);
    let names = names.filter_map(|line| Some(line.split_once('=')?.0.trim().replace('-', "_")));
    let homeless = names.filter(|name| {
        !EVERYWHERE.contains(&name.as_str()) && !HOMES.iter().any(|(known, _)| known == name)
    });
    homeless
        .map(|name| format!("`{name}` has no room: add it to HOMES in tests/house.rs"))
        .collect()
}

/// A file that has to be scrolled for long holds two things.
fn length(files: &[File]) -> Vec<String> {
    let long = files
        .iter()
        .map(|file| (file, file.text.lines().count()))
        .filter(|(_, lines)| *lines > MOST_LINES);
    long.map(|(file, lines)| {
        format!(
            "{}: {lines} lines; split at {MOST_LINES} (STYLE 18)",
            file.path
        )
    })
    .collect()
}

/// Only `cli` speaks, and nobody thinks aloud.
fn speech(files: &[File]) -> Vec<String> {
    let mut wrong = Vec::new();
    for file in files {
        let speaks = file.room() == "cli";
        for (line, code) in lines(&file.code) {
            for word in ["println!", "eprintln!", "print!", "eprint!"] {
                if names_path(code, word) && !speaks {
                    wrong.push(format!("{}:{line}: `{word}` outside cli", file.path));
                }
            }
            for word in ["dbg!", "todo!", "unimplemented!"] {
                if names_path(code, word) {
                    wrong.push(format!("{}:{line}: `{word}`", file.path));
                }
            }
        }
    }
    wrong
}

/// Below `cli` there is no clock.
fn clocks(files: &[File]) -> Vec<String> {
    let mut wrong = Vec::new();
    for file in files.iter().filter(|file| file.room() != "cli") {
        for (line, code) in lines(&file.code) {
            for word in ["SystemTime", "Instant"] {
                if names_path(code, word) {
                    wrong.push(format!("{}:{line}: `{word}` outside cli", file.path));
                }
            }
        }
    }
    wrong
}

/// Below `cli` nobody walks through a hash map: its order is another one every time.
///
/// As far as text can tell: what is declared with a hash type in a file and walked through in it, and
/// fields declared with a hash type in a room and walked through in that room.
fn hashes(files: &[File]) -> Vec<String> {
    let mut fields: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for file in files {
        let names = file.code.lines().filter_map(declared);
        let names = names.filter_map(|(name, field)| field.then_some(name));
        fields.entry(file.room()).or_default().extend(names);
    }
    let mut wrong = Vec::new();
    for file in files.iter().filter(|file| file.room() != "cli") {
        let own = file.code.lines().filter_map(declared);
        let own: BTreeSet<&str> = own
            .filter_map(|(name, field)| (!field).then_some(name))
            .collect();
        for (line, code) in chains(&file.code) {
            let of_room = fields.get(file.room()).into_iter().flatten();
            let walked = own
                .iter()
                .filter(|name| walks(&code, name, ""))
                .chain(of_room.filter(|name| walks(&code, name, ".")))
                .collect::<BTreeSet<_>>();
            wrong.extend(
                walked.iter().map(|name| {
                    format!("{}:{line}: walks through the hash map `{name}`", file.path)
                }),
            );
        }
    }
    wrong
}

/// The house knows nothing of any one scenario. Tests may play with examples.
fn flagship(files: &[File]) -> Vec<String> {
    let mut wrong = Vec::new();
    for file in files.iter().filter(|file| !file.is_test()) {
        let tests = ["#[cfg(test)]", "#[test]", "proptest! {"];
        let tests = tests.iter().filter_map(|mark| file.text.find(mark));
        let end = tests.min().unwrap_or(file.text.len());
        for (line, text) in lines(&file.text[..end]) {
            let lower = text.to_lowercase();
            for word in FLAGSHIP.iter().filter(|word| lower.contains(**word)) {
                wrong.push(format!(
                    "{}:{line}: `{word}` is a word of one scenario",
                    file.path
                ));
            }
        }
    }
    wrong
}

/// Each file opens with one sentence in the words of the field.
fn openings(files: &[File]) -> Vec<String> {
    let mute = files
        .iter()
        .filter(|file| file.path.ends_with(".rs") && !file.is_test() && file.path != "main.rs")
        .filter(|file| !file.text.starts_with("//! "));
    mute.map(|file| format!("{}: does not open with `//! ...`", file.path))
        .collect()
}

// ---- held against src/ ----

#[test]
fn a_room_uses_only_rooms_above_it() {
    let rooms = rooms(&read("lib.rs"));
    assert!(
        rooms.len() >= 11 && rooms.last().is_some_and(|room| room == "cli"),
        "{rooms:?}"
    );
    assert_eq!(order(&rooms, &house()), [""; 0]);
}

#[test]
fn every_folder_is_a_room_of_the_plan() {
    let rooms = rooms(&read("lib.rs"));
    let strangers: Vec<String> = house()
        .iter()
        .map(|file| file.room().to_string())
        .filter(|room| !room.is_empty() && !rooms.contains(room))
        .collect();
    assert_eq!(strangers, [""; 0]);
}

#[test]
fn every_part_is_listed_and_named_after_its_file() {
    let distributions = demarche::uncertainty::DISTRIBUTIONS;
    let distributions: Vec<String> = distributions
        .iter()
        .map(|d| d.kind.name.to_string())
        .collect();
    let protocols = demarche::bargaining::PROTOCOLS;
    let protocols: Vec<String> = protocols
        .iter()
        .map(|p| p.kind.name.replace('-', "_"))
        .collect();
    let wrong = [
        family(
            "distributions",
            &parts("uncertainty/distribution"),
            &distributions,
        ),
        family("protocols", &parts("bargaining/protocol"), &protocols),
    ];
    assert_eq!(wrong.concat(), [""; 0]);
}

#[test]
fn every_part_introduces_itself() {
    let distributions = demarche::uncertainty::DISTRIBUTIONS.iter().map(|d| &d.kind);
    let protocols = demarche::bargaining::PROTOCOLS.iter().map(|p| &p.kind);
    for kind in distributions.chain(protocols) {
        assert!(
            !kind.about.is_empty() && !kind.about.ends_with('.'),
            "{}: about",
            kind.name
        );
        assert!(
            kind.about.chars().count() <= 90 && !kind.about.contains('\n'),
            "{}: one line",
            kind.name
        );
        for setting in kind.settings {
            assert!(!setting.about.is_empty(), "{}: {}", kind.name, setting.name);
        }
    }
}

#[test]
fn each_foreign_crate_has_its_room() {
    assert_eq!(homes(&house()), [""; 0]);
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    assert_eq!(housed(&manifest), [""; 0]);
}

#[test]
fn no_file_is_too_long() {
    assert_eq!(length(&house()), [""; 0]);
}

#[test]
fn only_the_command_line_speaks() {
    assert_eq!(speech(&house()), [""; 0]);
}

#[test]
fn only_the_command_line_has_a_clock() {
    assert_eq!(clocks(&house()), [""; 0]);
}

#[test]
fn nobody_walks_through_a_hash_map() {
    assert_eq!(hashes(&house()), [""; 0]);
}

#[test]
fn the_house_knows_no_scenario() {
    assert_eq!(flagship(&house()), [""; 0]);
}

#[test]
fn every_file_opens_with_a_sentence() {
    assert_eq!(openings(&house()), [""; 0]);
}

// ---- each law can fail ----

#[test]
fn the_law_of_order_can_fail() {
    let rooms = ["catalogue", "bargaining", "simulation", "cli"].map(str::to_string);
    let planted = |path: &str, text: &str| order(&rooms, &[File::new(path, text)]).len();
    assert_eq!(
        planted("bargaining/nash.rs", "use crate::catalogue::Kind;"),
        0
    );
    assert_eq!(
        planted("bargaining/nash.rs", "use crate::bargaining::Desk;"),
        0
    );
    assert_eq!(
        planted("bargaining/nash.rs", "// see crate::simulation::Plan"),
        0
    );
    assert_eq!(
        planted("bargaining/nash.rs", "let a = \"crate::simulation::Plan\";"),
        0
    );
    assert_eq!(
        planted("bargaining/nash.rs", "use crate::simulation::Plan;"),
        1
    );
    assert_eq!(
        planted(
            "bargaining/nash.rs",
            "let plan = crate::simulation::plan();"
        ),
        1
    );
    assert_eq!(
        planted("bargaining/mod.rs", "use super::simulation::Plan;"),
        1
    );
    assert_eq!(
        planted("bargaining/nash.rs", "use crate::{catalogue, bargaining};"),
        1
    );
    assert_eq!(planted("lib.rs", "use crate::cli::main;"), 0);
}

#[test]
fn the_law_of_families_can_fail() {
    let names = |names: &[&str]| {
        names
            .iter()
            .map(|name| name.to_string())
            .collect::<Vec<_>>()
    };
    let both = names(&["nash", "utilitarian"]);
    assert!(family("protocols", &both, &both).is_empty());
    assert_eq!(family("protocols", &both, &names(&["nash"])).len(), 1);
    assert_eq!(family("protocols", &names(&["nash"]), &both).len(), 1);
    assert_eq!(
        family("protocols", &both, &names(&["nash", "utilitarians"])).len(),
        2
    );
    assert_eq!(
        family("protocols", &names(&["nash"]), &names(&["nash", "nash"])).len(),
        1
    );
}

#[test]
fn the_law_of_foreign_crates_can_fail() {
    let planted = |path: &str, text: &str| homes(&[File::new(path, text)]).len();
    assert_eq!(planted("simulation/engine.rs", "use rayon::prelude::*;"), 0);
    assert_eq!(planted("simulation/run.rs", "use rayon::prelude::*;"), 1);
    assert_eq!(planted("scenario/document.rs", "use toml::de::DeTable;"), 0);
    assert_eq!(planted("model/compile.rs", "let t = toml::from_str(x);"), 1);
    assert_eq!(
        planted("uncertainty/law.rs", "use statrs::distribution::Normal;"),
        1
    );
    assert_eq!(planted("uncertainty/stream.rs", "use statrs as truth;"), 1);
    assert_eq!(
        planted("export/mod.rs", "pub use self::csv::RowChunk; mod csv;"),
        0
    );
    assert_eq!(planted("export/mod.rs", "use crate::toml::Kind;"), 0);
    assert_eq!(planted("summary/mod.rs", "extern crate sha2;"), 1);
    assert_eq!(
        housed(
            "[package]\n\n[dependencies]\ntoml = \"1\"\nserde = \"1\"\n\n[dev-dependencies]\nx = \"1\"\n"
        ),
        [""; 0]
    );
    assert_eq!(
        housed("[package]\n\n[dependencies]\nleft-pad = \"1\"\n").len(),
        1
    );
}

#[test]
fn the_law_of_length_can_fail() {
    let file = |lines: usize| [File::new("model/a.rs", &"x\n".repeat(lines))];
    assert_eq!(length(&file(MOST_LINES)).len(), 0);
    assert_eq!(length(&file(MOST_LINES + 1)).len(), 1);
}

#[test]
fn the_law_of_speech_can_fail() {
    let planted = |path: &str, text: &str| speech(&[File::new(path, text)]).len();
    assert_eq!(planted("cli/run.rs", "println!(\"a\");"), 0);
    assert_eq!(planted("summary/mod.rs", "println!(\"a\");"), 1);
    assert_eq!(planted("summary/mod.rs", "eprintln!(\"a\");"), 1);
    assert_eq!(planted("summary/mod.rs", "// println!(\"a\");"), 0);
    assert_eq!(planted("summary/mod.rs", "let a = \"println!\";"), 0);
    assert_eq!(planted("cli/run.rs", "dbg!(a);"), 1);
}

#[test]
fn the_law_of_clocks_can_fail() {
    let planted = |path: &str, text: &str| clocks(&[File::new(path, text)]).len();
    assert_eq!(planted("cli/run.rs", "let now = Instant::now();"), 0);
    assert_eq!(
        planted("simulation/engine.rs", "let now = Instant::now();"),
        1
    );
    assert_eq!(planted("simulation/engine.rs", "let Instantly = 1;"), 0);
    assert_eq!(planted("export/manifest.rs", "SystemTime::now()"), 1);
}

#[test]
fn the_law_of_hash_maps_can_fail() {
    let planted = |text: &str| hashes(&[File::new("model/a.rs", text)]).len();
    let map = "let mut known: HashMap<String, u32> = HashMap::new();\n";
    assert_eq!(planted(&format!("{map}known.get(name);")), 0);
    assert_eq!(planted(&format!("{map}for (a, b) in &known {{}}")), 1);
    assert_eq!(planted(&format!("{map}for (a, b) in &mut known {{}}")), 1);
    assert_eq!(planted(&format!("{map}known.values().sum()")), 1);
    let field = "struct A {\n    known: HashMap<String, u32>,\n}\n";
    assert_eq!(
        planted(&format!("{field}for (a, b) in &self.known {{}}")),
        1
    );
    assert_eq!(planted(&format!("{field}self.known.values().sum()")), 1);
    assert_eq!(
        planted(&format!("{field}self.known\n    .values()\n    .sum()")),
        1
    );
    assert_eq!(planted(&format!("{field}self.known.get(name)")), 0);
    assert_eq!(planted(&format!("{field}for known in known {{}}")), 0);
    assert_eq!(
        planted("fn a(known: &mut HashMap<u8, u8>) {\nfor a in known {}"),
        1
    );
    let elsewhere = |path: &str| {
        let user = File::new(path, "compiler.known.keys().any(f); known.iter()");
        hashes(&[File::new("model/a.rs", field), user]).len()
    };
    assert_eq!(elsewhere("model/b.rs"), 1);
    assert_eq!(elsewhere("summary/b.rs"), 0);
    assert_eq!(planted(&format!("{map}unknown.values().sum()")), 0);
    assert_eq!(
        planted("let set = HashSet::from([1]);\nset.iter().max()"),
        1
    );
    assert_eq!(planted("let map = BTreeMap::new();\nmap.iter().max()"), 0);
}

#[test]
fn the_law_of_no_scenario_can_fail() {
    let planted = |path: &str, text: &str| flagship(&[File::new(path, text)]).len();
    assert_eq!(planted("model/a.rs", "let a = \"Assad\";"), 1);
    assert_eq!(planted("model/a.rs", "/// `utility.syria`"), 1);
    assert_eq!(planted("model/a.rs", "a\n#[cfg(test)]\nmod syria {}"), 0);
    assert_eq!(planted("scenario/tests.rs", "russia"), 0);
}

#[test]
fn the_law_of_openings_can_fail() {
    let planted = |text: &str| openings(&[File::new("model/a.rs", text)]).len();
    assert_eq!(planted("//! What a deal is worth.\n"), 0);
    assert_eq!(planted("use std::fs;\n"), 1);
}

#[test]
fn comments_strings_and_characters_are_no_code() {
    let code = blank(
        "a // b\n/* c /* d */ e */ f \"g\\\" h\" 'i' '\\'' 'j: r#\"k \" l\"# m b\"n\" '\u{1F91D}' o",
    );
    let words: Vec<&str> = code.split_whitespace().collect();
    assert_eq!(words, ["a", "f", "'j:", "m", "o"]);
    assert_eq!(blank("a\n\"b\nc\"\nd").lines().count(), 4);
}

// ---- reading ----

impl File {
    fn new(path: &str, text: &str) -> File {
        File {
            path: path.to_string(),
            text: text.to_string(),
            code: blank(text),
        }
    }

    /// The room it stands in; empty for `lib.rs` and `main.rs`.
    fn room(&self) -> &str {
        self.path.split_once('/').map_or("", |(room, _)| room)
    }

    /// Whether it is only there for tests.
    fn is_test(&self) -> bool {
        self.path.ends_with("/tests.rs")
            || self.path.contains("/tests/")
            || self.path.ends_with(".toml")
    }

    /// Whether its own room has a part of this name, so that `super::name` is no way out.
    fn has_part(&self, name: &str, files: &[File]) -> bool {
        let room = self.room();
        let part = |path: &str| {
            let inside = path
                .strip_prefix(room)
                .and_then(|inside| inside.strip_prefix('/'));
            inside.is_some_and(|inside| {
                inside
                    .split('/')
                    .any(|piece| piece.trim_end_matches(".rs") == name)
            })
        };
        files.iter().any(|file| part(&file.path))
    }
}

/// The rooms in the order of the plan.
fn rooms(plan: &str) -> Vec<String> {
    let code = blank(plan);
    let names = code.lines().filter_map(|line| {
        let name = line.trim().strip_prefix("pub mod ")?.strip_suffix(';')?;
        Some(name.to_string())
    });
    names.collect()
}

/// The files of a family: its folder without the list itself.
fn parts(folder: &str) -> Vec<String> {
    let entries = std::fs::read_dir(root().join("src").join(folder)).unwrap();
    let names = entries.filter_map(|entry| {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        Some(name.strip_suffix(".rs")?.to_string()).filter(|stem| stem != "mod")
    });
    names.collect()
}

fn house() -> Vec<File> {
    let mut files = Vec::new();
    let mut open = vec![root().join("src")];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let ending = path.extension().and_then(|ending| ending.to_str());
            match ending {
                _ if path.is_dir() => open.push(path),
                Some("rs" | "toml") => files.push(file(&path)),
                _ => {}
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(files.len() > 50, "{} files", files.len());
    files
}

fn file(path: &Path) -> File {
    let inside = path.strip_prefix(root().join("src")).unwrap();
    let inside = inside.to_string_lossy().replace('\\', "/");
    File::new(&inside, &std::fs::read_to_string(path).unwrap())
}

fn read(name: &str) -> String {
    std::fs::read_to_string(root().join("src").join(name)).unwrap()
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(at, line)| (at + 1, line))
}

/// Lines, with the calls that continue them on lines of their own.
fn chains(code: &str) -> Vec<(usize, String)> {
    let mut chains: Vec<(usize, String)> = Vec::new();
    for (line, code) in lines(code) {
        match chains.last_mut() {
            Some((_, chain)) if code.trim_start().starts_with('.') => chain.push_str(code.trim()),
            _ => chains.push((line, code.to_string())),
        }
    }
    chains
}

/// The name that a line declares with a hash type, and whether it is a field:
/// `name: HashMap<` is one, `name: &mut HashMap<` and `let name = HashMap::new()` are not.
fn declared(code: &str) -> Option<(&str, bool)> {
    let words = ["HashMap", "HashSet"];
    let hash = words.iter().filter_map(|word| code.find(word)).min()?;
    let before = &code[..hash];
    let bound = before.rfind("let ");
    let name = match (before.rfind(": "), bound) {
        (Some(colon), _) => before[..colon].rsplit(|c: char| !is_word(c)).next(),
        (None, Some(bound)) => before[bound + 4..]
            .trim_start_matches("mut ")
            .split(|c: char| !is_word(c))
            .next(),
        (None, None) => None,
    };
    let field = bound.is_none() && before.ends_with(": ") && !before.contains("fn ");
    name.filter(|name| !name.is_empty())
        .map(|name| (name, field))
}

/// Whether a line walks through what has this name: a field after a dot, a binding without one.
fn walks(code: &str, name: &str, dot: &str) -> bool {
    const STEPS: [&str; 9] = [
        ".iter()",
        ".iter_mut()",
        ".into_iter()",
        ".keys()",
        ".values()",
        ".values_mut()",
        ".into_values()",
        ".drain()",
        ".retain(",
    ];
    let stands = |at: usize| match code[..at].chars().next_back() {
        Some('.') => dot == ".",
        before => dot.is_empty() && !before.is_some_and(is_word),
    };
    let steps = STEPS.iter().any(|step| {
        let path = format!("{name}{step}");
        code.match_indices(&path).any(|(at, _)| stands(at))
    });
    let looped = code.find(" in ").is_some_and(|at| {
        let walked = code[at + 4..]
            .split([' ', '{'])
            .find(|word| *word != "&mut");
        let walked = walked.unwrap_or_default();
        let last = walked.rfind(|c: char| !is_word(c)).map_or(0, |at| at + 1);
        code.trim_start().starts_with("for ")
            && &walked[last..] == name
            && walked[..last].ends_with('.') == (dot == ".")
    });
    steps || looped
}

/// Whether code names this path, as a whole word on both sides.
fn names_path(code: &str, path: &str) -> bool {
    code.match_indices(path).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = code[at + path.len()..].chars().next();
        let open = path.ends_with(|c: char| !is_word(c));
        !before.is_some_and(is_word) && (open || !after.is_some_and(is_word))
    })
}

/// Whether code names this crate: `name::`, `use name`, `extern crate name`.
fn names_crate(code: &str, name: &str) -> bool {
    let path = format!("{name}::");
    let called = code
        .match_indices(&path)
        .any(|(at, _)| !code[..at].ends_with(|c: char| is_word(c) || c == ':'));
    let words: Vec<&str> = code
        .split(|c: char| !is_word(c))
        .filter(|word| !word.is_empty())
        .collect();
    let brought = words
        .windows(2)
        .any(|pair| pair[1] == name && (pair[0] == "use" || pair[0] == "crate"))
        && !code.contains(&format!("crate::{name}"));
    called || brought
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The text with comments, strings and characters replaced by spaces; lines stay where they are.
fn blank(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut code = String::with_capacity(text.len());
    let mut at = 0;
    while at < letters.len() {
        let end = skipped(&letters, at);
        if end == at {
            code.push(letters[at]);
            at += 1;
        } else {
            code.extend(
                letters[at..end]
                    .iter()
                    .map(|c| if *c == '\n' { '\n' } else { ' ' }),
            );
            at = end;
        }
    }
    code
}

/// Where the comment, string or character that begins here ends; here, if none does.
fn skipped(letters: &[char], at: usize) -> usize {
    let next = |offset: usize| letters.get(at + offset).copied().unwrap_or('\0');
    let starts_word = at == 0 || !is_word(letters[at - 1]);
    match letters[at] {
        '/' if next(1) == '/' => position(letters, at, &['\n']).unwrap_or(letters.len()),
        '/' if next(1) == '*' => end_of_block(letters, at),
        '"' => end_of_string(letters, at),
        'b' if starts_word && next(1) == '"' => end_of_string(letters, at + 1),
        'r' if starts_word && (next(1) == '"' || next(1) == '#') => end_of_raw(letters, at),
        'b' if starts_word && next(1) == 'r' && (next(2) == '"' || next(2) == '#') => {
            end_of_raw(letters, at + 1)
        }
        '\'' if next(1) == '\\' => {
            position(letters, at + 3, &['\'']).map_or(letters.len(), |end| end + 1)
        }
        '\'' if next(2) == '\'' => at + 3,
        _ => at,
    }
}

fn end_of_block(letters: &[char], start: usize) -> usize {
    let mut depth = 0;
    let mut at = start;
    while at + 1 < letters.len() {
        match (letters[at], letters[at + 1]) {
            ('/', '*') => (depth, at) = (depth + 1, at + 2),
            ('*', '/') => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    letters.len()
}

fn end_of_string(letters: &[char], start: usize) -> usize {
    let mut at = start + 1;
    while at < letters.len() {
        match letters[at] {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    letters.len()
}

/// `r"..."`, `r#"..."#`; `r#name` is a name.
fn end_of_raw(letters: &[char], start: usize) -> usize {
    let fences = letters[start + 1..]
        .iter()
        .take_while(|c| **c == '#')
        .count();
    if letters.get(start + 1 + fences) != Some(&'"') {
        return start;
    }
    let mut at = start + 2 + fences;
    while at < letters.len() {
        let closed = letters[at] == '"'
            && letters[at + 1..].iter().take_while(|c| **c == '#').count() >= fences;
        if closed {
            return at + 1 + fences;
        }
        at += 1;
    }
    letters.len()
}

fn position(letters: &[char], from: usize, wanted: &[char]) -> Option<usize> {
    (from..letters.len()).find(|at| wanted.contains(&letters[*at]))
}
