//! The other commands: check, test, solve, list, new, and help for all.

use super::workdir::Workdir;

#[test]
fn check_tells_the_size() {
    let here = Workdir::new();
    here.demarche("check small.toml")
        .succeeds()
        .says("A small sale")
        .says("12 deals")
        .says("2 open quantities")
        .says("2 variants, 3 claims")
        .complains_of_nothing();
    let json = here.demarche("check small.toml --json").succeeds().json();
    assert_eq!(json["findings"].as_array().map(Vec::len), Some(0));
    assert_eq!(json["size"]["deals"], 12.0);
    assert_eq!(json["size"]["open_quantities"], 2);
}

#[test]
fn check_finds_faults_for_programs_too() {
    let here = Workdir::new();
    here.edit("small.toml", "levels     = [", "level      = [");
    let json = here.demarche("check small.toml --json").ends(2).json();
    assert!(json["size"].is_null());
    let found = json["findings"].as_array().expect("a list");
    assert!(found.iter().any(|fault| {
        fault["message"]
            .as_str()
            .is_some_and(|m| m.contains("`level`"))
    }));
    assert!(found.iter().all(|fault| fault["line"].as_u64() >= Some(1)));
}

#[test]
fn check_looks_at_every_variant() {
    let here = Workdir::new();
    here.edit("small.toml", "\"0.1 * base\"", "\"log(-1 - base)\"");
    here.demarche("check small.toml")
        .ends(2)
        .complains("not a number");
    here.demarche("check small.toml --variant base").succeeds();
}

#[test]
fn claims_that_hold_pass() {
    let here = Workdir::new();
    here.demarche("test small.toml")
        .succeeds()
        .says("3 passed, 0 failed");
    let json = here.demarche("test small.toml --json").succeeds().json();
    assert_eq!(json.as_array().map(Vec::len), Some(3));
    assert_eq!(json[2]["id"], "price");
    assert_eq!(json[0]["verdict"], "pass");
    let quiet = here.demarche("test small.toml -q").succeeds();
    assert_eq!(quiet.out.lines().count(), 1, "{quiet}");
}

#[test]
fn a_claim_that_fails_ends_with_3() {
    let here = Workdir::new();
    here.edit("small.toml", "share(deal) > 0.5", "share(deal) < 0.5");
    here.demarche("test small.toml")
        .ends(3)
        .says("FAIL")
        .says("1 failed");
    let json = here.demarche("test small.toml --json").ends(3).json();
    assert_eq!(json[0]["verdict"], "fail");
}

#[test]
fn a_claim_too_close_to_call_is_undecided() {
    let here = Workdir::new();
    let json = here.demarche("test small.toml --json").succeeds().json();
    let near = json[0]["left"].as_f64().expect("a number") + 1e-9;
    here.edit(
        "small.toml",
        "share(deal) > 0.5",
        &format!("share(deal) > {near}"),
    );
    here.demarche("test small.toml")
        .succeeds()
        .says("1 undecided")
        .says("open");
}

#[test]
fn a_scenario_that_claims_nothing_has_nothing_to_test() {
    let here = Workdir::new();
    let text = here.read("small.toml");
    let silent = text.split("[[expect]]").next().unwrap_or_default();
    here.write("silent.toml", silent);
    here.demarche("test silent.toml")
        .ends(2)
        .complains("[[expect]]");
}

#[test]
fn solve_tells_the_frontier_and_every_concept() {
    let here = Workdir::new();
    let mut answer = here.demarche("solve small.toml").succeeds();
    for protocol in demarche::bargaining::PROTOCOLS {
        answer = answer.says(protocol.kind.name);
    }
    let json = here.demarche("solve small.toml --json").succeeds().json();
    assert!(json.is_object());
    here.demarche("solve small.toml --variant rsuh")
        .ends(2)
        .complains("did you mean `rush`?");
}

#[test]
fn every_part_is_listed_and_told_in_full() {
    let here = Workdir::new();
    let all = here.demarche("list").succeeds();
    let distributions = demarche::uncertainty::DISTRIBUTIONS
        .iter()
        .map(|d| ("distributions", d.kind));
    let protocols = demarche::bargaining::PROTOCOLS
        .iter()
        .map(|p| ("protocols", p.kind));
    for (family, kind) in distributions.chain(protocols) {
        assert!(all.out.contains(kind.name), "{}{all}", kind.name);
        here.demarche(&format!("list {family} {}", kind.name))
            .succeeds()
            .says(kind.about);
    }
    here.demarche("list functions clamp")
        .succeeds()
        .says("clamp(x, low, high)");
    here.demarche("list distributoins")
        .ends(2)
        .complains("did you mean `distributions`?");
    here.demarche("list protocols nahs")
        .ends(2)
        .complains("did you mean `nash`?");
}

#[test]
fn a_new_scenario_is_sound_and_its_claims_hold() {
    let here = Workdir::new();
    here.demarche("new contract")
        .succeeds()
        .says("contract.toml");
    let check = here.demarche("check contract.toml").succeeds();
    check.complains_of_nothing();
    here.demarche("test contract.toml")
        .succeeds()
        .says("0 failed, 0 undecided");
    here.demarche("run contract.toml -n 100 -q").succeeds();
    here.demarche("new contract").ends(4).complains("exists");
    here.demarche("new contract.toml").ends(4);
    let printed = here.demarche("new -").succeeds();
    assert_eq!(printed.out, here.read("contract.toml"));
    here.demarche("new nowhere/contract").ends(1);
    here.demarche("new ''").ends(2);
}

/// The whole tree of help, as one page: what a user sees changes only on purpose.
#[test]
fn help_is_as_its_snapshot_says() {
    let here = Workdir::new();
    let mut page = String::new();
    for command in [
        "", "run", "check", "test", "replay", "solve", "list", "verify", "new",
    ] {
        let help = here.demarche(&format!("{command} --help")).succeeds();
        page.push_str(&format!("$ demarche {command} --help\n{}\n", help.out));
    }
    let page = page.replace("demarche.exe", "demarche");
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false, snapshot_path => "../snapshots" }, {
        insta::assert_snapshot!("help", page);
    });
}
