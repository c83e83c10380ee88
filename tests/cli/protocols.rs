//! One scenario under several protocols: what is played, what it says side by side, what survives.

use super::workdir::Workdir;
use demarche::bargaining::{PROTOCOLS, TableSize};
use std::collections::BTreeMap;

const FILES: [&str; 5] = [
    "distribution.csv",
    "manifest.json",
    "paired.csv",
    "runs.csv",
    "summary.csv",
];
const LIST: &str = "--protocol nash,egalitarian,take-it-or-leave-it";

/// A table by column names; no field of the small scenario needs quotes.
fn rows(here: &Workdir, name: &str) -> Vec<BTreeMap<String, String>> {
    let lines = here.lines(name);
    let names: Vec<&str> = lines[0].split(',').collect();
    let row = |line: &String| {
        let cells = line.split(',').map(str::to_string);
        names
            .iter()
            .map(|name| name.to_string())
            .zip(cells)
            .collect()
    };
    lines[1..].iter().map(row).collect()
}

fn snapshot(name: &str, text: &str) {
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false, snapshot_path => "../snapshots" }, {
        insta::assert_snapshot!(name, text);
    });
}

#[test]
fn protocols_are_played_on_the_same_worlds_and_told_side_by_side() {
    let here = Workdir::new();
    let answer = here
        .demarche(&format!("run small.toml -n 1500 -o out --worlds {LIST}"))
        .succeeds();
    assert_eq!(here.names("out"), FILES);
    snapshot("protocols_side_by_side", &answer.out);
    // What is played under several protocols is what is played under each.
    let together = here.lines("out/runs.csv");
    assert!(together[0].starts_with("run,variant,protocol,ended,session,price,"));
    for protocol in ["nash", "egalitarian", "take-it-or-leave-it"] {
        here.demarche(&format!(
            "run small.toml -n 1500 -o {protocol} -q --worlds --protocol {protocol}"
        ))
        .succeeds();
        let named = format!(",base,{protocol},");
        let of_protocol = together.iter().filter(|row| row.contains(&named));
        let of_protocol: Vec<String> = of_protocol
            .map(|row| row.replace(&named, ",base,"))
            .collect();
        assert_eq!(
            of_protocol,
            here.lines(&format!("{protocol}/runs.csv"))[1..]
        );
    }
}

#[test]
fn a_list_can_be_written_in_several_ways_and_the_scenarios_own_comes_first() {
    let here = Workdir::new();
    let protocols = |flags: &str| {
        here.demarche(&format!("run small.toml -n 10 -o out -q --force {flags}"))
            .succeeds();
        let mut names: Vec<String> = rows(&here, "out/runs.csv")
            .into_iter()
            .map(|row| row["protocol"].clone())
            .collect();
        names.dedup();
        names
    };
    let two = ["nash", "utilitarian"];
    assert_eq!(protocols("--protocol nash,utilitarian"), two);
    assert_eq!(protocols("--protocol utilitarian,nash,nash"), two);
    assert_eq!(protocols("--protocol utilitarian --protocol nash"), two);
    // Without the scenario's own the first one named is what others are compared with.
    assert_eq!(
        protocols("--protocol utilitarian,egalitarian"),
        ["utilitarian", "egalitarian"]
    );
    let paired = rows(&here, "out/paired.csv");
    assert!(paired.iter().all(|row| row["baseline"] == "utilitarian"));
    assert!(paired.iter().all(|row| row["protocol"] == "egalitarian"));
}

#[test]
fn one_protocol_leaves_every_file_as_it_was() {
    let here = Workdir::new();
    here.demarche("run small.toml -n 200 -o own -q").succeeds();
    here.demarche("run small.toml -n 200 -o named -q --protocol nash,nash")
        .succeeds();
    for file in ["runs.csv", "summary.csv", "distribution.csv"] {
        assert_eq!(
            here.read(&format!("own/{file}")),
            here.read(&format!("named/{file}"))
        );
    }
    assert_eq!(here.names("named").len(), 4, "no pairs of one protocol");
    let manifest = here.json("named/manifest.json");
    assert_eq!(manifest["plan"]["protocol"], "nash");
    assert!(manifest["plan"]["protocols"].is_null());
}

/// By arithmetic of our own: two separate runs, joined by run.
#[test]
fn a_paired_difference_is_that_of_two_runs_joined_by_run() {
    let here = Workdir::new();
    here.demarche("run small.toml -n 5000 -o both -q --protocol nash,egalitarian")
        .succeeds();
    let mut separate = Vec::new();
    for protocol in ["egalitarian", "nash"] {
        here.demarche(&format!(
            "run small.toml -n 5000 -o {protocol} -q --protocol {protocol}"
        ))
        .succeeds();
        separate.push(rows(&here, &format!("{protocol}/runs.csv")));
    }
    let paired = rows(&here, "both/paired.csv");
    let number = |cell: &String| cell.parse::<f64>().expect("a number");
    type Reading = fn(&BTreeMap<String, String>) -> f64;
    let read: [(&str, &str, Reading); 5] = [
        ("price", "mean", |row| row["price"].parse().unwrap()),
        ("gain.buyer", "mean", |row| {
            row["gain.buyer"].parse().unwrap()
        }),
        ("cheap", "share", |row| row["cheap"].parse().unwrap()),
        ("delivery", "share(daily)", |row| {
            f64::from(u8::from(row["delivery"] == "daily"))
        }),
        ("ended", "share(agreement)", |row| {
            f64::from(u8::from(row["ended"] == "agreement"))
        }),
    ];
    for (variable, statistic, read) in read {
        let apart: Vec<f64> = separate[0]
            .iter()
            .zip(&separate[1])
            .map(|(own, other)| {
                assert_eq!(own["run"], other["run"]);
                read(own) - read(other)
            })
            .collect();
        let mean = |runs: &[f64]| runs.iter().sum::<f64>() / runs.len() as f64;
        let whole = mean(&apart);
        let left: Vec<f64> = (0..32)
            .map(|group| {
                let rest = apart
                    .iter()
                    .enumerate()
                    .filter(|(run, _)| run % 32 != group);
                mean(&rest.map(|(_, value)| *value).collect::<Vec<_>>())
            })
            .collect();
        let centre = mean(&left);
        let squares: f64 = left.iter().map(|part| (part - centre).powi(2)).sum();
        let jackknife = (31.0 / 32.0 * squares).sqrt();
        let deviations: f64 = apart.iter().map(|value| (value - whole).powi(2)).sum();
        let textbook = (deviations / 4999.0 / 5000.0).sqrt();

        let row = paired
            .iter()
            .find(|row| row["variable"] == variable && row["statistic"] == statistic)
            .unwrap_or_else(|| panic!("no row of {variable}"));
        assert_eq!(
            (row["protocol"].as_str(), row["n"].as_str()),
            ("egalitarian", "5000")
        );
        let (value, error) = (number(&row["difference"]), number(&row["std_error"]));
        assert!(
            (value - whole).abs() < 1e-9,
            "{variable}: {value} and {whole}"
        );
        assert!(
            (error - jackknife).abs() < 1e-9,
            "{variable}: {error} and {jackknife}"
        );
        // 32 groups know the error to about an eighth of it; pairs know it far better than two samples.
        assert!(
            (error - textbook).abs() <= 0.45 * textbook,
            "{variable}: {error} and {textbook}"
        );
        let (low, high) = (number(&row["ci_low"]), number(&row["ci_high"]));
        assert!((low - (value - 2.039_513_446 * error)).abs() < 1e-6);
        assert!((high - (value + 2.039_513_446 * error)).abs() < 1e-6);
        // The two values are those of the summary.
        let summary = rows(&here, "both/summary.csv");
        for (protocol, cell) in [("egalitarian", "value"), ("nash", "baseline_value")] {
            let told = summary.iter().find(|told| {
                told["protocol"] == protocol
                    && told["variable"] == variable
                    && told["statistic"] == statistic
            });
            let told = number(&told.expect("a row of the summary")["value"]);
            assert!((told - number(&row[cell])).abs() < 1e-9, "{variable}");
        }
    }
}

#[test]
fn the_same_bytes_on_any_number_of_threads_and_verified() {
    let here = Workdir::new();
    for (out, threads) in [("one", 1), ("two", 2)] {
        here.demarche(&format!(
            "run small.toml -n 3000 -o {out} -q --variant all --luck 2 -j {threads} {LIST}"
        ))
        .succeeds();
    }
    for file in FILES {
        assert!(
            here.read(&format!("one/{file}")) == here.read(&format!("two/{file}")),
            "{file} differs"
        );
    }
    here.demarche("verify one").succeeds().says("paired.csv");
    here.edit("one/paired.csv", "egalitarian", "utilitarian");
    here.demarche("verify one").ends(3).complains("paired.csv");
    let manifest = here.json("two/manifest.json");
    assert!(manifest["plan"]["protocol"].is_null());
    assert_eq!(manifest["plan"]["protocols"][2], "take-it-or-leave-it");
    assert_eq!(manifest["variants"].as_array().map(Vec::len), Some(9));
    assert_eq!(manifest["variants"][1]["protocol"], "egalitarian");
}

#[test]
fn shards_and_stop_rules_play_all_protocols_equally_often() {
    let here = Workdir::new();
    let finished = |out: &str| -> Vec<u64> {
        let manifest = here.json(&format!("{out}/manifest.json"));
        let variants = manifest["variants"].as_array().expect("a list").clone();
        variants
            .iter()
            .filter_map(|variant| variant["runs_finished"].as_u64())
            .collect()
    };
    let flags = format!("-n 4096 -q {LIST}");
    here.demarche(&format!("run small.toml -o part {flags} --shard 2/2"))
        .succeeds();
    assert_eq!(finished("part"), [2048, 2048, 2048]);
    here.demarche("verify part").succeeds();
    here.demarche(&format!(
        "run small.toml -o met -q {LIST} --until 'halfwidth(share(deal)) < 0.015'"
    ))
    .succeeds();
    let met = finished("met");
    assert!(
        met[0].is_multiple_of(4096) && met.iter().all(|runs| *runs == met[0]),
        "{met:?}"
    );
    here.demarche("verify met").succeeds();
}

#[test]
fn everything_that_applies_is_played_and_the_rest_says_why() {
    let here = Workdir::new();
    let loose = "--set bargaining.settings.rounds=-1";
    let dry = here
        .demarche(&format!("run small.toml --dry-run --protocol all {loose}"))
        .succeeds();
    dry.says("base, nash: nash by 2 signatories")
        .says("not played: alternating-offers: `rounds` is out of bounds");
    let answer = here
        .demarche(&format!(
            "run small.toml -n 64 -o out --protocol all {loose}"
        ))
        .succeeds()
        .complains("not played: alternating-offers: `rounds`")
        .says("not played: alternating-offers: `rounds`");
    assert!(!answer.out.contains("\n  alternating-offers"), "{answer}");
    let manifest = here.json("out/manifest.json");
    assert_eq!(manifest["plan"]["protocols"][0], "all");
    let left_out = manifest["not_played"].as_array().expect("a list");
    assert!(
        left_out
            .iter()
            .any(|one| one["protocol"] == "alternating-offers")
    );
    here.demarche("verify out").succeeds();
    // Named in a list, it is a fault.
    here.demarche(&format!(
        "run small.toml -o no --protocol nash,alternating-offers {loose}"
    ))
    .ends(2)
    .complains("`rounds` is out of bounds");
    here.demarche(&format!(
        "run small.toml -o no --protocol all,alternating-offers {loose}"
    ))
    .ends(2);
    here.demarche(&format!(
        "run small.toml -n 9 -o quiet -q --protocol all {loose}"
    ))
    .succeeds()
    .complains_of_nothing();
    let json = here
        .demarche(&format!(
            "run small.toml -n 64 -o json --json --protocol all {loose}"
        ))
        .succeeds()
        .json();
    let base = &json["variants"]["base"];
    assert_eq!(base["baseline"], "nash");
    assert_eq!(base["protocols"]["egalitarian"]["runs"], 64);
    assert!(base["differences"].as_array().map(Vec::len) > Some(20));
    let left_out = json["not_played"].as_array().expect("a list");
    assert!(
        left_out
            .iter()
            .any(|one| one["protocol"] == "alternating-offers")
    );
    let solved = here
        .demarche(&format!("solve small.toml --json {loose}"))
        .succeeds()
        .json();
    assert!(solved["solutions"]["alternating-offers"].is_null());
    assert!(solved["not_applicable"]["alternating-offers"].is_string());
    assert!(solved["solutions"]["nash"]["lottery"].is_array());
    here.demarche(&format!("solve small.toml {loose}"))
        .succeeds()
        .says("do not apply")
        .says("`rounds` is out of bounds");
}

/// Whatever a protocol needs: at a table of three, those for two say so.
#[test]
fn protocols_for_two_are_not_played_by_three() {
    let here = Workdir::new();
    let name = "scenarios/textbook/roth_1979_three_way_split.toml";
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    let text = std::fs::read_to_string(path).expect("a scenario");
    here.write("three.toml", &text);
    let answer = here
        .demarche("run three.toml -n 20 -o out --protocol all")
        .answers();
    let three = TableSize {
        seats: 3,
        deals: 2.0,
        issues: 1,
        ranges: 0,
    };
    for protocol in PROTOCOLS {
        let name = protocol.kind.name;
        match protocol.needs.refuse(&three) {
            Some(reason) => {
                let line = format!("not played: {name}: {reason}");
                assert!(answer.err.contains(&line), "{line}{answer}");
                here.demarche(&format!("run three.toml -o no --protocol {name}"))
                    .ends(2)
                    .complains(&reason);
            }
            None if protocol.needs.deals.is_infinite() => {
                assert!(
                    answer.out.contains(&format!("\n  {name}")),
                    "{name}{answer}"
                );
            }
            None => {}
        }
    }
}

#[test]
fn settings_of_the_scenarios_own_protocol_stay_valid_under_every_other() {
    let here = Workdir::new();
    let answer = here
        .demarche("run slow.toml -n 3 -o out --protocol all")
        .succeeds();
    answer.says("difference from alternating-offers");
    here.demarche("verify out").succeeds();
}

#[test]
fn a_variant_with_a_protocol_of_its_own_is_compared_with_that() {
    let here = Workdir::new();
    let text = here.read("small.toml").replace(
        "[variants.calm]",
        "[variants.fair]\nset = { \"bargaining.protocol\" = \"egalitarian\" }\n[variants.calm]",
    );
    here.write("small.toml", &text);
    here.demarche("run small.toml -n 50 -o out -q --variant all --protocol nash,egalitarian")
        .succeeds();
    for row in rows(&here, "out/paired.csv") {
        let own = if row["variant"] == "fair" {
            "egalitarian"
        } else {
            "nash"
        };
        assert_eq!(row["baseline"], own);
    }
}

#[test]
fn wrong_names_and_contradictions_are_faults() {
    let here = Workdir::new();
    here.demarche("run small.toml -o no --protocol nash,egalitarain")
        .ends(2)
        .complains("did you mean `egalitarian`?");
    here.demarche("run small.toml -o no --protocol nash, ")
        .ends(2);
    here.demarche("run small.toml -o no --protocol all --set bargaining.protocol=nash")
        .ends(2)
        .complains("exclude each other");
    for command in ["check small.toml", "replay small.toml --run 1"] {
        here.demarche(&format!("{command} --protocol all"))
            .ends(2)
            .complains("takes one protocol");
        here.demarche(&format!("{command} --protocol egalitarian"))
            .succeeds();
    }
    assert!(here.names("no").is_empty());
}

#[test]
fn claims_are_held_under_every_protocol() {
    let here = Workdir::new();
    let answer = here.demarche(&format!("test small.toml {LIST}")).succeeds();
    snapshot("protocols_claims", &answer.out);
    // What the scenario's own protocol says is what `test` says without the flag.
    let alone = here.demarche("test small.toml --json").succeeds().json();
    let json = here
        .demarche(&format!("test small.toml --json {LIST}"))
        .succeeds()
        .json();
    assert_eq!(json["baseline"], "nash");
    for (claim, row) in json["claims"]
        .as_array()
        .expect("a list")
        .iter()
        .enumerate()
    {
        assert_eq!(row["protocols"]["nash"], alone[claim]);
    }
    assert_eq!(json["survive"], 2);
    let quiet = here
        .demarche(&format!("test small.toml -q {LIST}"))
        .succeeds();
    assert_eq!(quiet.out.lines().count(), 2, "{quiet}");
    // The protocol under which a claim fails decides only if it is the scenario's own.
    here.demarche("test small.toml --protocol take-it-or-leave-it,egalitarian")
        .ends(3)
        .says("under take-it-or-leave-it: 2 passed, 1 failed");
    here.edit("small.toml", "share(deal) > 0.5", "share(deal) < 0.5");
    here.demarche(&format!("test small.toml {LIST}"))
        .ends(3)
        .says("1 of 3 claims survive");
    here.demarche("test small.toml --protocol all --set bargaining.settings.rounds=-1")
        .ends(3)
        .says("not played: alternating-offers");
}

#[test]
fn an_offer_made_in_the_dark_is_told_with_its_chance_and_its_refusal() {
    let here = Workdir::new();
    let asked =
        "replay small.toml --protocol take-it-or-leave-it --set actors.seller.knowledge=prior";
    let told: Vec<String> = (0..12)
        .map(|run| {
            here.demarche(&format!("{asked} --run {run}"))
                .succeeds()
                .out
        })
        .collect();
    let refused = told.iter().find(|told| told.contains("refuses"));
    let accepted = told.iter().find(|told| told.contains("accepts"));
    snapshot("offer_in_the_dark_refused", refused.expect("a bold offer"));
    snapshot(
        "offer_in_the_dark_accepted",
        accepted.expect("a safe world"),
    );
}
