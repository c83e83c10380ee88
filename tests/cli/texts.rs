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
    let run = here.demarche("run klein.toml -n 10 --protocol issue-by-issue -o out");
    run.ends(3).complains("cannot be settled separately");
}
