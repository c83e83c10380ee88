//! Offers that go round: a sitting told in full for each strategy, each acceptance rule and each
//! opponent model, and their pages.

use super::workdir::Workdir;
use demarche::bargaining::{ACCEPTANCES, OFFERS, OPPONENT_MODELS};

const DOVE_AND_HAWK: &str = r#"
[actors.dove]
signs = false
[actors.dove.stakes.price]
weight = 20
value  = [100, 70, 30, 0]
[actors.dove.stakes.delivery]
weight = 80
value  = [0, 70, 100]
[actors.hawk]
signs = false
[actors.hawk.stakes.price]
weight = 80
value  = [100, 70, 30, 0]
[actors.hawk.stakes.delivery]
weight = 20
value  = [0, 70, 100]
"#;

const SCRIPT: &str = r#"script = [{ price = 40, delivery = "late" }, { price = 40, delivery = "weekly" }, { price = 20, delivery = "late" }]"#;

/// One run of the small sale: what the seller does, against a buyer who gives way evenly.
fn told(rounds: u32, seller: &str, buyer: &str) -> String {
    let here = Workdir::new();
    let bargaining = format!(
        "protocol = \"stacked-offers\"\nsettings = {{ rounds = {rounds} }}\n\
[bargaining.strategies.seller]\n{seller}\n[bargaining.strategies.buyer]\n{buyer}\n{DOVE_AND_HAWK}"
    );
    here.edit("small.toml", "protocol = \"nash\"", &bargaining);
    here.demarche("replay small.toml --run 3").succeeds().out
}

#[test]
fn every_strategy_is_told_offer_by_offer() {
    for kind in OFFERS {
        let name = kind.kind.name;
        let more = match name {
            "script" => SCRIPT,
            "time-dependent" => "beta = 0.5\nstart = 0.1\nfamily = \"exponential\"",
            _ => "",
        };
        let told = told(
            10,
            &format!("offers = \"{name}\"\n{more}"),
            "offers = \"linear\"",
        );
        is_as_before(&format!("offers_{name}"), &told);
    }
}

#[test]
fn every_acceptance_rule_is_told_offer_by_offer() {
    for kind in ACCEPTANCES {
        let name = kind.kind.name;
        let more = match name {
            "constant" => "accept_least = 62",
            "time" | "combined" => "accept_time = 0.7",
            _ => "",
        };
        let seller = format!("offers = \"hardliner\"\naccepts = \"{name}\"\n{more}");
        let told = told(10, &seller, "offers = \"conceder\"\nbeta = 0.8");
        is_as_before(&format!("accepts_{name}"), &told);
    }
}

#[test]
fn every_opponent_model_is_told_with_what_it_believes() {
    for kind in OPPONENT_MODELS {
        let name = kind.kind.name;
        let more = match name {
            "bayes" => "hypotheses = { dove = 0.5, hawk = 0.5 }",
            _ => "",
        };
        let seller =
            format!("offers = \"boulware\"\nselect = \"likely\"\nmodel = \"{name}\"\n{more}");
        let told = told(8, &seller, "offers = \"linear\"");
        is_as_before(&format!("model_{name}"), &told);
    }
}

#[test]
fn pages_tell_a_strategy_a_rule_and_a_model() {
    let here = Workdir::new();
    for name in ["trade-off", "combined", "bayes"] {
        let page = here.demarche(&format!("list {name}")).succeeds().out;
        is_as_before(&format!("page_{name}"), &page);
    }
}

/// Whatever is set on top of the file is as good as written in it.
#[test]
fn strategies_can_be_changed_from_outside() {
    let here = Workdir::new();
    let bargaining = "protocol = \"stacked-offers\"\nsettings = { rounds = 10 }\n\
[bargaining.strategies.seller]\noffers = \"boulware\"\nmodel = \"bayes\"\nhypotheses = { dove = 1, hawk = 1 }\n"
        .to_string()
        + DOVE_AND_HAWK;
    here.edit("small.toml", "protocol = \"nash\"", &bargaining);
    let told = |flags: &str| {
        let command = format!("replay small.toml --run 3 --json {flags}");
        here.demarche(&command).succeeds().out
    };
    let own = told("");
    assert_eq!(own, told("--set bargaining.strategies.seller.beta=0.2"));
    assert_ne!(own, told("--set bargaining.strategies.seller.beta=2"));
    let conceder = told("--set bargaining.strategies.seller.offers=conceder");
    assert_eq!(conceder, told("--set bargaining.strategies.seller.beta=3"));
    assert_ne!(
        own,
        told("--set bargaining.strategies.seller.hypotheses.hawk=9")
    );
    // Who is not mentioned in the file has a strategy all the same.
    assert_eq!(own, told("--set bargaining.strategies.buyer.offers=linear"));
    assert_ne!(
        own,
        told("--set bargaining.strategies.buyer.offers=hardliner")
    );
    let asked = "--set bargaining.strategies.seller.similarity.price=4 --set bargaining.strategies.seller.select=tradeoff";
    assert!(told(asked).contains("similarity"));
    here.edit(
        "small.toml",
        "[variants.rush]\nset = { \"quantities.hurry\" = \"base + 0.5\" }",
        "[variants.rush]\nset = { \"bargaining.strategies.seller.offers\" = \"conceder\" }",
    );
    let rush: serde_json::Value = serde_json::from_str(&told("--variant rush")).unwrap();
    let conceder: serde_json::Value = serde_json::from_str(&conceder).unwrap();
    assert_eq!(rush["sittings"], conceder["sittings"]);
}

fn is_as_before(name: &str, told: &str) {
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false, snapshot_path => "../snapshots" }, {
        insta::assert_snapshot!(name, told);
    });
}
