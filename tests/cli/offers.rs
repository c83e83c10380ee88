//! Alternating offers as a reader follows them: one playthrough for each way they can go.

use super::workdir::Workdir;

/// Who has what outside, and who proposes.
fn scenario(settings: &str) -> String {
    let pie = include_str!("offers.toml");
    format!("{pie}\n{settings}\n")
}

#[test]
fn playthroughs_are_as_their_snapshot_says() {
    let here = Workdir::new();
    let mut page = String::new();
    for (title, settings) in [
        ("no deadline", "rounds = inf"),
        (
            "an outside option that binds",
            "rounds = inf\noutside_option = { bob = 60 }",
        ),
        (
            "both leave",
            "rounds = 3\noutside_option = { ann = 70, bob = 60 }",
        ),
        ("drawn proposers", "rounds = inf\nrecognition = \"random\""),
        (
            "refused until talks break down",
            "rounds = 9\nbreakdown = 0.4\nbreakdown_payoff = { ann = 300, bob = 300 }",
        ),
    ] {
        here.write("pie.toml", &scenario(settings));
        let told = here.demarche("replay pie.toml --run 2").succeeds();
        page.push_str(&format!("# {title}\n{}\n", told.out));
    }
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false, snapshot_path => "../snapshots" }, {
        insta::assert_snapshot!("offers", page);
    });
}

#[test]
fn what_cannot_be_played_says_why() {
    let here = Workdir::new();
    for (settings, reason) in [
        ("rounds = inf\nbreakdown = 0", "lose nothing by waiting"),
        ("rounds = 200000", "from 1 to 100000"),
        (
            "quota = 3",
            "the quota is not from 1 to the number of signatories",
        ),
        (
            "quota = 1\noutside_option = { bob = 1 }",
            "who can be outvoted cannot opt out",
        ),
    ] {
        let text = scenario(settings).replace("discount    = 0.9", "discount    = 1");
        here.write("pie.toml", &text);
        let told = here
            .demarche("solve pie.toml --protocol alternating-offers")
            .succeeds();
        assert!(told.out.contains(reason), "{settings}: {}", told.out);
    }
}

#[test]
fn the_word_for_no_end_is_read_wherever_numbers_are() {
    let here = Workdir::new();
    let split = |text: &str, set: &str| {
        here.write("pie.toml", &scenario(text));
        let told = here.demarche(&format!(
            "solve pie.toml --protocol alternating-offers{set}"
        ));
        told.succeeds().out
    };
    let truth = split("rounds = inf", "");
    assert!(truth.contains("52.6316"), "{truth}");
    assert_eq!(split("rounds = \"inf\"", ""), truth);
    assert_eq!(
        split("rounds = 1", " --set bargaining.settings.rounds=inf"),
        truth
    );
    here.write("pie.toml", &scenario("rounds = 1\nbreakdown = inf"));
    here.demarche("check pie.toml")
        .ends(2)
        .complains("found inf");
}
