//! What cannot be read or written, and readers that stop reading.

use super::workdir::Workdir;
use std::io::Read;

#[test]
fn files_that_cannot_be_read_end_with_1() {
    let here = Workdir::new();
    for command in ["run", "check", "test", "solve", "replay --run 1"] {
        here.demarche(&format!("{command} nowhere.toml"))
            .ends(1)
            .complains("cannot read nowhere.toml")
            .says_nothing();
    }
    here.demarche("run .").ends(1).complains("cannot read .");
}

#[test]
fn folders_that_cannot_be_written_end_with_1() {
    let here = Workdir::new();
    here.write("file", "in the way");
    here.demarche("run small.toml -n 5 -o file")
        .ends(1)
        .complains("file");
    here.demarche("run small.toml -n 5 -o file/below")
        .ends(1)
        .complains("file/below");
    assert_eq!(here.read("file"), "in the way");
}

#[cfg(unix)]
#[test]
fn a_folder_without_permission_ends_with_1() {
    use std::os::unix::fs::PermissionsExt;
    let here = Workdir::new();
    std::fs::create_dir(here.path("locked")).expect("a folder");
    let lock = |mode| {
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(here.path("locked"), permissions).expect("permissions");
    };
    lock(0o555);
    if std::fs::write(here.path("locked/probe"), "").is_ok() {
        return; // root may write anywhere
    }
    here.demarche("run small.toml -n 5 -o locked/out")
        .ends(1)
        .complains("locked/out");
    lock(0o755);
}

#[test]
fn a_scenario_at_fault_ends_with_2_and_leaves_nothing() {
    let here = Workdir::new();
    here.edit(
        "small.toml",
        "reservation = \"status_quo + 10 * mood\"",
        "reservation = \"status_quo + 10 * mod\"",
    );
    for command in [
        "run small.toml -o out",
        "check small.toml",
        "test small.toml",
        "solve small.toml",
        "replay small.toml --run 1",
    ] {
        here.demarche(command)
            .ends(2)
            .complains("did you mean `mood`?")
            .complains("small.toml:")
            .says_nothing();
    }
    assert!(here.names("out").is_empty());
}

#[test]
fn no_command_or_a_wrong_one_ends_with_2() {
    let here = Workdir::new();
    here.demarche("").ends(2).complains("Usage");
    here.demarche("rnu small.toml").ends(2).complains("rnu");
    here.demarche("--help").succeeds().says("Exit codes");
    here.demarche("--version").succeeds().says("demarche ");
}

/// `demarche list | head -1`, with a reader that is gone before anything is written.
#[test]
fn a_reader_that_stops_reading_is_no_fault() {
    let here = Workdir::new();
    for line in [
        "list",
        "list distributions",
        "check small.toml",
        "solve small.toml",
        "replay small.toml --run 1",
        "run --help",
        "test small.toml",
        "new -",
    ] {
        let mut child = here
            .demarche(line)
            .command()
            .spawn()
            .expect("the binary runs");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("the binary ends");
        let err = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{line}\n{err}");
        assert!(
            !err.contains("panicked") && !err.contains("roken pipe"),
            "{line}\n{err}"
        );
    }
}

#[test]
fn rows_can_be_cut_off() {
    let here = Workdir::new();
    let mut child = here
        .demarche("run small.toml -n 2000000 -o - -q")
        .command()
        .spawn()
        .expect("the binary runs");
    let mut some = [0; 64];
    let mut out = child.stdout.take().expect("piped");
    out.read_exact(&mut some).expect("rows");
    drop(out);
    let output = child.wait_with_output().expect("the binary ends");
    let err = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{err}");
    assert!(err.is_empty(), "{err}");
}

#[test]
fn a_scenario_that_extends_another_shows_each_fault_under_its_own_file() {
    let here = Workdir::new();
    here.write("more.toml", "extends = \"gone.toml\"\n");
    here.demarche("check more.toml")
        .ends(1)
        .complains("more.toml extends gone.toml: cannot read gone.toml");

    here.write(
        "more.toml",
        "extends = \"small.toml\"\n[quantities]\nluck = \"uniform(1)\"\n",
    );
    here.demarche("check more.toml")
        .ends(2)
        .complains("more.toml:3");

    here.edit(
        "small.toml",
        "status_quo + 10 * mood",
        "status_quo + 10 * mod",
    );
    here.demarche("check more.toml")
        .ends(2)
        .complains("small.toml:26")
        .complains("more.toml:3");

    here.edit(
        "small.toml",
        "status_quo + 10 * mod",
        "status_quo + 10 * mood",
    );
    here.write("again.toml", "extends = \"more.toml\"\n");
    here.demarche("check again.toml")
        .ends(2)
        .complains("extends");

    here.write(
        "more.toml",
        "extends = \"small.toml\"\n[quantities]\nluck = \"uniform(0, 1)\"\n",
    );
    here.demarche("check more.toml").succeeds();
}
