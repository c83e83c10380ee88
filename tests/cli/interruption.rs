//! Ctrl-C: what was finished is valid, and going on gives the bytes of a run nobody interrupted.

#![cfg(unix)]

use super::workdir::Workdir;
use std::io::{BufRead, BufReader};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// When to press Ctrl-C.
enum When {
    /// As soon as it plays: before anything is finished.
    AtOnce,
    /// When this many bytes of rows are on the disk.
    Rows(u64),
}

#[test]
fn interrupted_and_resumed_gives_the_same_bytes() {
    let here = Workdir::new();
    let flags = "slow.toml -n 2500 -j 2 --variant all --worlds";
    here.write(
        "slow.toml",
        &format!(
            "{}\n[variants.later]\nset = {{ \"actors.buyer.discount\" = 0.8 }}\n",
            here.read("slow.toml")
        ),
    );
    here.demarche(&format!("run {flags} -o whole -q"))
        .succeeds();

    let output = interrupt(&here, &format!("run {flags} -o part"), When::Rows(20_000));
    let manifest = stopped(&here, &output);
    let finished = manifest["variants"][0]["runs_finished"]
        .as_u64()
        .expect("a number");
    let rows = here.lines("part/runs.csv");
    let whole = here.lines("whole/runs.csv");
    assert_eq!(
        rows.len() as u64,
        1 + all_finished(&manifest),
        "rows are those of the runs that were finished"
    );
    assert!(finished > 0 && rows.len() < whole.len());
    assert_eq!(
        rows,
        whole[..rows.len()],
        "what was finished is what it would have been"
    );
    here.demarche("verify part")
        .ends(3)
        .complains("interrupted");
    here.demarche(&format!("run {flags} -o part"))
        .ends(4)
        .complains("--resume");
    here.demarche(&format!("run {flags} -o part --resume --seed 9"))
        .ends(4)
        .complains("another plan");

    here.demarche(&format!("run {flags} -o part --resume -q"))
        .succeeds();
    same(&here);
    here.demarche(&format!("run {flags} -o part --resume"))
        .ends(4)
        .complains("nothing to resume");
}

#[test]
fn interrupted_before_anything_is_finished() {
    let here = Workdir::new();
    here.edit("slow.toml", "rounds = 5", "rounds = 60");
    here.demarche("run slow.toml -n 300 -o whole -q").succeeds();
    let output = interrupt(&here, "run slow.toml -n 300 -o part", When::AtOnce);
    let manifest = stopped(&here, &output);
    assert_eq!(all_finished(&manifest), 0);
    assert_eq!(here.lines("part/runs.csv").len(), 1);
    here.demarche("run slow.toml -n 300 -o part --resume -q")
        .succeeds();
    same(&here);
}

/// Where a resumed run stops is decided by all its runs, not by those after the interruption.
///
/// The stop rule is so narrow that 4,096 runs meet it and 3,072 do not.
#[test]
fn a_stop_rule_looks_at_the_runs_before_the_interruption_too() {
    let here = Workdir::new();
    here.demarche("run slow.toml -n 4096 -o all -q -j 2")
        .succeeds();
    let rows = here.lines("all/runs.csv");
    let term = |row: &String| {
        row.split(',')
            .nth(5)
            .and_then(|cell| cell.parse::<f64>().ok())
    };
    let below = rows[1..]
        .iter()
        .filter_map(term)
        .filter(|term| *term < 2.0)
        .count();
    let share = below as f64 / 4096.0;
    assert!((0.05..0.95).contains(&share), "{share}");
    let halfwidth = 1.96 * (share * (1.0 - share) / 4096.0).sqrt();
    let flags = format!(
        "slow.toml -n 8192 -j 2 --until 'halfwidth(share(term < 2)) < {}'",
        1.07 * halfwidth
    );
    here.demarche(&format!("run {flags} -o whole -q"))
        .succeeds();
    assert_eq!(here.lines("whole/runs.csv").len(), 4097);
    let output = interrupt(&here, &format!("run {flags} -o part"), When::Rows(1_000));
    if output.status.success() {
        return; // it was done before it could be interrupted
    }
    stopped(&here, &output);
    here.demarche(&format!("run {flags} -o part --resume -q"))
        .succeeds();
    assert_eq!(here.lines("part/runs.csv").len(), 4097);
    same(&here);
}

/// Between protocols, too: what was compared so far is taken up.
#[test]
fn protocols_are_resumed() {
    let here = Workdir::new();
    let flags = "slow.toml -n 2500 -j 2 --protocol alternating-offers,nash";
    here.demarche(&format!("run {flags} -o whole -q"))
        .succeeds();
    let line = format!("run {flags} -o part");
    let output = interrupt(&here, &line, When::Rows(20_000));
    if output.status.success() {
        return; // it was done before it could be interrupted
    }
    stopped(&here, &output);
    here.demarche(&format!("{line} --resume -q")).succeeds();
    same(&here);
}

#[test]
fn there_must_be_something_to_resume() {
    let here = Workdir::new();
    here.demarche("run small.toml -o out --resume")
        .ends(2)
        .complains("no unfinished run");
}

/// The interruption was heard, and what it left is in order.
fn stopped(here: &Workdir, output: &Output) -> serde_json::Value {
    let err = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(130), "{err}");
    let manifest = here.json("part/manifest.json");
    assert_eq!(manifest["complete"], false);
    for file in manifest["files"].as_array().expect("a list") {
        let name = file["name"].as_str().expect("a name");
        let bytes = here.read(&format!("part/{name}"));
        assert_eq!(file["bytes"], bytes.len(), "{name}");
        assert!(bytes.ends_with('\n'), "{name} ends with a whole line");
    }
    manifest
}

fn all_finished(manifest: &serde_json::Value) -> u64 {
    let variants = manifest["variants"].as_array().expect("a list");
    variants
        .iter()
        .filter_map(|variant| variant["runs_finished"].as_u64())
        .sum()
}

fn same(here: &Workdir) {
    assert_eq!(here.names("part"), here.names("whole"));
    for name in here.names("whole") {
        let (part, whole) = (
            here.read(&format!("part/{name}")),
            here.read(&format!("whole/{name}")),
        );
        assert!(part == whole, "{name} differs after --resume");
    }
}

/// Give a command and press Ctrl-C.
fn interrupt(here: &Workdir, line: &str, when: When) -> Output {
    let mut child = here
        .demarche(line)
        .command()
        .spawn()
        .expect("the binary runs");
    let mut err = BufReader::new(child.stderr.take().expect("piped"));
    let mut told = String::new();
    err.read_line(&mut told).expect("a first line");
    let folder = here.path("part");
    let rows = || {
        let entries = std::fs::read_dir(&folder).into_iter().flatten().flatten();
        let rows =
            entries.filter(|entry| entry.file_name().to_string_lossy().starts_with("runs.csv"));
        rows.filter_map(|entry| Some(entry.metadata().ok()?.len()))
            .max()
    };
    let patience = Instant::now();
    match when {
        When::AtOnce => std::thread::sleep(Duration::from_millis(60)),
        When::Rows(bytes) => {
            while rows() < Some(bytes) && patience.elapsed() < Duration::from_secs(60) {
                std::thread::sleep(Duration::from_millis(2));
            }
        }
    }
    let pid = child.id().to_string();
    let sent = Command::new("kill")
        .args(["-INT", &pid])
        .stderr(Stdio::null())
        .status();
    sent.expect("the signal is sent");
    std::io::copy(&mut err, &mut std::io::sink()).expect("the rest of standard error");
    child.wait_with_output().expect("the binary ends")
}
