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

/// One session about two files of three, one of them with an issue on a range; who signs the other pays.
const FILES: &str = r#"format = 1
scenario = { title = "Two files" }
calendar = { sessions = 1 }
[modules]
closed = { ripe = 0 }
port   = { ripe = 1, cost = { north = 2, south = 1 } }
money  = { ripe = 1 }
[issues]
flag   = { module = "closed", levels = ["low", "half", "high"], status_quo = "low" }
access = { module = "port", levels = ["closed", "calls", "shared", "full"], status_quo = "calls" }
tenure = { module = "port", values = [0, 3, 5, 10, 25], status_quo = 0 }
aid    = { module = "money", from = 0, to = 400, status_quo = 0 }
[actors.north]
reservation = "status_quo"
[actors.north.stakes]
flag   = { weight = 10, value = [0, 50, 100] }
access = { weight = 40, value = [0, 40, 80, 100] }
tenure = { weight = 20, value = "100 * tenure / 25" }
aid    = { weight = 30, value = "100 * (1 - aid / 400)" }
[actors.south]
reservation = "status_quo"
[actors.south.stakes]
flag   = { weight = 10, value = [0, 50, 100] }
access = { weight = 30, value = [70, 100, 60, 0] }
tenure = { weight = 20, value = "100 * (1 - tenure / 25)" }
aid    = { weight = 40, value = "100 * aid / 400" }
[bargaining]
protocol = "stacked-offers"
settings = { rounds = 12 }
[bargaining.strategies.north]
offers     = "trade-off"
similarity = { flag = 1, access = 1, tenure = 1, aid = 1 }
[bargaining.strategies.south]
offers = "linear"
select = "likely"
model  = "frequency"
"#;

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

/// Certainty and near-certainty stay numbers.
#[test]
fn beliefs_bear_extremes() {
    for (more, expected) in [
        ("hypotheses = { dove = 0, hawk = 1 }", Some([0.0, 1.0])),
        (
            "hypotheses = { dove = 1, hawk = 1 }\nsigma = 0.000001",
            None,
        ),
        (
            "hypotheses = { dove = \"1 - mood / mood\", hawk = \"mood - mood\" }",
            Some([0.0; 2]),
        ),
    ] {
        let seller =
            format!("offers = \"boulware\"\nselect = \"likely\"\nmodel = \"bayes\"\n{more}");
        let told = told(8, &seller, "offers = \"linear\"");
        let believed: Vec<f64> = told
            .lines()
            .filter_map(|line| line.split("probability ").nth(1))
            .map(|rest| rest.trim_end_matches(')').parse().unwrap())
            .collect();
        match expected {
            Some([0.0, 0.0]) => {
                assert!(believed.is_empty(), "nothing is possible, nothing believed")
            }
            Some(expected) => assert_eq!(believed, expected),
            None => assert!(
                (believed.iter().sum::<f64>() - 1.0).abs() < 1e-9,
                "{believed:?}"
            ),
        }
    }
}

#[test]
fn a_script_needs_a_single_session() {
    let here = Workdir::new();
    here.write("files.toml", FILES);
    let script = "offers = \"script\"\nscript = [{ flag = \"low\", access = \"full\", tenure = 0, aid = 0 }]";
    here.edit(
        "files.toml",
        "offers = \"linear\"\nselect = \"likely\"",
        script,
    );
    let told = here.demarche("check files.toml").ends(2).err;
    assert!(
        told.contains("a script cannot be played over a calendar"),
        "{told}"
    );
    assert!(
        told.contains("a listed deal needs issues with levels"),
        "{told}"
    );
}

/// Settings and beliefs are about issues, whatever is up: neither about those that are not, nor about
/// the links by which signatures are told.
#[test]
fn likeness_and_beliefs_follow_what_is_up() {
    let here = Workdir::new();
    here.write("files.toml", FILES);
    let told = |set: &str| {
        let command = format!("replay files.toml --run 0 --json {set}");
        here.demarche(&command).succeeds().out
    };
    let own = told("");
    let address = "--set bargaining.strategies.north.similarity";
    assert_eq!(own, told(&format!("{address}.flag=50")));
    for issue in ["access", "tenure", "aid"] {
        assert_ne!(own, told(&format!("{address}.{issue}=50")), "{issue}");
    }
    let zero = ["flag", "access", "tenure", "aid"].map(|issue| format!("{address}.{issue}=0"));
    assert_eq!(own, told(&zero.join(" ")), "without weights all are alike");
    let own: serde_json::Value = serde_json::from_str(&own).unwrap();
    let steps = own["sittings"][0]["steps"].as_array().unwrap();
    let weights = steps
        .iter()
        .filter_map(|step| step["figures"]["weight"].as_f64());
    let weights: Vec<f64> = weights.collect();
    assert_eq!(weights.len(), 3);
    assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-12);
}

fn is_as_before(name: &str, told: &str) {
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false, snapshot_path => "../snapshots" }, {
        insta::assert_snapshot!(name, told);
    });
}
