//! Playthroughs of a mediated text and of issues settled one by one, each step as its snapshot says.

use super::workdir::Workdir;

const KLEIN: &str = include_str!("../../scenarios/textbook/klein_2003_single_text.toml");

fn told(name: &str, arguments: &str) {
    let here = Workdir::new();
    here.write("klein.toml", KLEIN);
    let replay = here
        .demarche(&format!("replay klein.toml --run 1 {arguments}"))
        .succeeds();
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false, snapshot_path => "../snapshots" }, {
        insta::assert_snapshot!(name, replay.out);
    });
}

#[test]
fn a_single_text() {
    told(
        "replay_single_text",
        "--variant soft_ann --set bargaining.settings.steps=12",
    );
}

#[test]
fn issue_by_issue() {
    told(
        "replay_issue_by_issue",
        "--protocol issue-by-issue --set bargaining.settings.order=sequential",
    );
}

#[test]
fn issues_valued_together_are_not_settled_apart() {
    let here = Workdir::new();
    here.write("klein.toml", KLEIN);
    let run = here.demarche("run klein.toml -n 10 --protocol issue-by-issue --set bargaining.settings.order=separate -o out");
    run.ends(3).complains("cannot be settled separately");
}

const EVEN: &str = r#"format = 1
[scenario]
title = "Even"
[issues.a]
levels = ["p", "q", "r", "s"]
[issues.b]
options = ["x", "y", "z"]
[actors.ann]
signs = true
reservation = 0
[actors.ann.stakes]
a = { weight = 100, value = [0, 1, 4, 9] }
b = { weight = 100, value = [1, 2, 6] }
[[actors.ann.terms]]
when = "a == r and b == z"
adds = 12
[actors.bob]
signs = true
reservation = 0
[actors.bob.stakes]
a = { weight = 100, value = [9, 8, 4, 0] }
b = { weight = 100, value = [3, 2, 1] }
[measures]
l = "logrolling"
la = "logrolling.ann"
i = "integrative"
"#;

/// Ann has `(1 + 4) / 2 + (1 + 2 + 6) / 3 + 12 / 6` in the middle, Bob `(8 + 4) / 2 + (3 + 2 + 1) / 3`.
#[test]
fn levels_are_split_between_the_middle_two_and_options_among_all() {
    let here = Workdir::new();
    here.write("even.toml", EVEN);
    let replay = here.demarche("replay even.toml --run 0 --json").succeeds();
    let values = &replay.json()["values"];
    assert_eq!(values["utility.ann"], 22.0);
    assert_eq!(values["la"], 14.5);
    assert_eq!(values["l"], 11.5);
    assert_eq!(values["i"], 1.0);
}
