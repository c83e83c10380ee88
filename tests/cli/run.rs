//! `demarche run`: what it plays, and what its flags change.

use super::workdir::Workdir;

const FILES: [&str; 4] = [
    "distribution.csv",
    "manifest.json",
    "runs.csv",
    "summary.csv",
];
const HEADER: &str = "run,variant,ended,session,price,delivery,utility.seller,utility.buyer,gain.seller,gain.buyer,cheap";

#[test]
fn a_run_writes_four_files_with_the_promised_headers() {
    let here = Workdir::new();
    let answer = here.demarche("run small.toml -o out").succeeds();
    assert_eq!(here.names("out"), FILES);
    assert_eq!(here.lines("out/runs.csv")[0], HEADER);
    assert_eq!(here.lines("out/runs.csv").len(), 2049);
    assert_eq!(
        here.lines("out/summary.csv")[0],
        "variant,session,variable,statistic,value,std_error,ci_low,ci_high,n"
    );
    assert_eq!(
        here.lines("out/distribution.csv")[0],
        "variant,session,variable,level,bin_low,bin_high,count,share,ci_low,ci_high"
    );
    let manifest = here.json("out/manifest.json");
    assert_eq!(manifest["complete"], true);
    assert_eq!(manifest["plan"]["seed"], 7);
    assert_eq!(manifest["plan"]["runs"], 2048);
    assert_eq!(manifest["scenario"]["text"], here.read("small.toml"));
    let answer = answer
        .complains("seed 7")
        .says("A small sale")
        .says("Made up.");
    for file in FILES {
        assert!(
            answer.out.contains(&format!("out/{file}")),
            "{file}{answer}"
        );
    }
}

#[test]
fn without_a_folder_results_go_to_output_and_the_scenarios_name() {
    let here = Workdir::new();
    here.demarche("run small.toml -n 10").succeeds();
    assert_eq!(here.names("output/small"), FILES);
}

#[test]
fn a_result_is_not_overwritten_without_force() {
    let here = Workdir::new();
    here.demarche("run small.toml -o out").succeeds();
    let first = here.read("out/runs.csv");
    here.demarche("run small.toml -o out --seed 8")
        .ends(4)
        .complains("--force");
    assert_eq!(here.read("out/runs.csv"), first);
    here.demarche("run small.toml -o out --seed 8 --force")
        .succeeds();
    assert_ne!(here.read("out/runs.csv"), first);
    assert_eq!(here.names("out"), FILES);
}

#[test]
fn the_summary_can_be_json() {
    let here = Workdir::new();
    let answer = here
        .demarche("run small.toml -n 100 -o out --json")
        .succeeds();
    let json = answer.json();
    assert_eq!(json["variants"]["base"]["runs"], 100);
    assert_eq!(json["files"].as_array().map(Vec::len), Some(4));
}

#[test]
fn rows_can_go_to_standard_output() {
    let here = Workdir::new();
    here.demarche("run small.toml -n 100 -o out -q").succeeds();
    let answer = here.demarche("run small.toml -n 100 -o - -q").succeeds();
    assert_eq!(answer.out, here.read("out/runs.csv").replace("\r\n", "\n"));
    answer.complains_of_nothing();
    assert!(here.names("output").is_empty());
}

#[test]
fn a_scenario_can_come_from_standard_input() {
    let here = Workdir::new();
    let text = here.read("small.toml");
    here.demarche("run small.toml -o out -q").succeeds();
    here.demarche("run - -o in -q").reading(&text).succeeds();
    assert_eq!(here.read("out/runs.csv"), here.read("in/runs.csv"));
    here.demarche("check -").reading(&text).succeeds();
    here.demarche("check -")
        .reading("format = 2\n")
        .ends(2)
        .complains("-:1:10");
}

#[test]
fn a_number_can_be_set() {
    let here = Workdir::new();
    here.demarche("run small.toml -n 200 -o out -q").succeeds();
    here.demarche("run small.toml -n 200 -o set -q --worlds --set quantities.mood=0.5 --set 'actors.seller.stakes.price.weight=base + 10'")
        .succeeds();
    assert_ne!(here.read("out/runs.csv"), here.read("set/runs.csv"));
    let manifest = here.json("set/manifest.json");
    assert_eq!(manifest["plan"]["set"][0]["address"], "quantities.mood");
    assert_eq!(manifest["plan"]["set"][1]["value"], "base + 10");
    here.demarche("verify set").succeeds();
}

#[test]
fn faults_in_a_set_point_into_it() {
    let here = Workdir::new();
    let run = |set: &str| {
        here.demarche(&format!("run small.toml -o out --set '{set}'"))
            .ends(2)
    };
    run("quantities.mod=1").complains("did you mean `quantities.mood`?");
    run("actors.seller.stakes.price.weight=60 +").complains("command line:1:39");
    run("quantities.mood=triangular(0, 2, 1)").complains("mode");
    run("quantities.mood").complains("ADDRESS=VALUE");
    assert!(here.names("out").is_empty());
}

#[test]
fn variants_are_played_one_or_all() {
    let here = Workdir::new();
    let variants = |folder: &str| {
        let mut names: Vec<String> = here
            .lines(&format!("{folder}/runs.csv"))
            .iter()
            .skip(1)
            .map(|row| row.split(',').nth(1).unwrap_or_default().to_string())
            .collect();
        names.dedup();
        names
    };
    here.demarche("run small.toml -n 50 -o one -q --variant rush")
        .succeeds();
    assert_eq!(variants("one"), ["rush"]);
    here.demarche("run small.toml -n 50 -o all -q --variant all")
        .succeeds();
    assert_eq!(variants("all"), ["base", "rush", "calm"]);
    here.demarche("run small.toml -n 50 -o two -q --variant calm --variant base --variant calm")
        .succeeds();
    assert_eq!(variants("two"), ["calm", "base"]);
    here.demarche("run small.toml -o none --variant rsuh")
        .ends(2)
        .complains("did you mean `rush`?");
    here.demarche("run small.toml -o none --variant zzz")
        .ends(2)
        .complains("expected one of base, rush, calm");
}

#[test]
fn a_protocol_can_be_chosen_and_a_wrong_one_is_corrected() {
    let here = Workdir::new();
    here.demarche("run small.toml -n 200 -o nash -q --protocol nash")
        .succeeds();
    here.demarche("run small.toml -n 200 -o util -q --protocol utilitarian")
        .succeeds();
    assert_ne!(here.read("nash/runs.csv"), here.read("util/runs.csv"));
    here.demarche("run small.toml -o none --protocol utiltarian")
        .ends(2)
        .complains("did you mean `utilitarian`?");
}

#[test]
fn worlds_add_a_column_for_each_open_quantity() {
    let here = Workdir::new();
    here.demarche("run small.toml -n 20 -o out -q --worlds")
        .succeeds();
    let header = here.lines("out/runs.csv").remove(0);
    assert_eq!(header, format!("{HEADER},quantities.mood,quantities.hurry"));
}

#[test]
fn rows_can_be_left_out() {
    let here = Workdir::new();
    here.demarche("run small.toml -o out -q").succeeds();
    here.demarche("run small.toml -o bare -q --no-rows")
        .succeeds();
    assert_eq!(
        here.names("bare"),
        ["distribution.csv", "manifest.json", "summary.csv"]
    );
    assert_eq!(here.read("out/summary.csv"), here.read("bare/summary.csv"));
    here.demarche("verify bare").succeeds();
}

#[test]
fn a_stop_rule_ends_at_a_whole_number_of_chunks() {
    let here = Workdir::new();
    here.demarche("run small.toml -o met -q --until 'halfwidth(share(deal)) < 0.015'")
        .succeeds();
    let rows = here.lines("met/runs.csv").len() - 1;
    assert!(rows > 0 && rows.is_multiple_of(4096), "{rows} rows");
    let manifest = here.json("met/manifest.json");
    assert_eq!(manifest["variants"][0]["runs_finished"], rows);
    for threads in [1, 2, 5] {
        here.demarche(&format!("run small.toml -o again -q --force -j {threads} --until 'halfwidth(share(deal)) < 0.015'"))
            .succeeds();
        assert_eq!(here.read("met/runs.csv"), here.read("again/runs.csv"));
    }
    here.demarche("verify met").succeeds();
    here.demarche("run small.toml -o unmet -n 5000 --until 'halfwidth(share(deal)) < 0.0001'")
        .ends(3)
        .complains("the stop rule was not met within 5");
    here.demarche("run small.toml -o none --until 'share(deals) < 1'")
        .ends(2)
        .complains("did you mean `deal`?");
    here.demarche("run small.toml -o none --until 'mean(price) in rush < 1'")
        .ends(2)
        .complains("--until");
    here.demarche("run small.toml -o none --until 'share(deal)'")
        .ends(2);
}

#[test]
fn shards_put_together_are_the_whole() {
    let here = Workdir::new();
    here.demarche("run small.toml -n 10000 -o whole -q")
        .succeeds();
    let mut rows = vec![here.lines("whole/runs.csv").remove(0)];
    for shard in 1..=4 {
        here.demarche(&format!(
            "run small.toml -n 10000 -o part{shard} -q --shard {shard}/4"
        ))
        .succeeds();
        rows.extend(
            here.lines(&format!("part{shard}/runs.csv"))
                .into_iter()
                .skip(1),
        );
        here.demarche(&format!("verify part{shard}")).succeeds();
    }
    assert_eq!(rows, here.lines("whole/runs.csv"));
    for wrong in ["3/3", "0/4", "5/4", "1", "a/b", "1/0", "-1/4"] {
        here.demarche(&format!("run small.toml -o none --shard={wrong}"))
            .ends(2)
            .complains("shard");
    }
}

#[test]
fn a_dry_run_writes_nothing() {
    let here = Workdir::new();
    here.demarche("run small.toml --dry-run -o out --variant all")
        .succeeds()
        .says("would play 2,048 runs")
        .says("would write into out");
    assert!(here.names("out").is_empty());
}

#[test]
fn quiet_says_nothing() {
    let here = Workdir::new();
    here.edit(
        "small.toml",
        "value  = [0, 40, 70, 100]",
        "value  = [0, 40, 70, 90]",
    );
    here.demarche("run small.toml -n 10 -o loud")
        .succeeds()
        .complains("warning:");
    here.demarche("run small.toml -n 10 -o out -q")
        .succeeds()
        .says_nothing()
        .complains_of_nothing();
    let manifest = here.json("out/manifest.json");
    assert_eq!(
        manifest["warnings"].as_array().map(Vec::len),
        Some(1),
        "what is not said stands in the manifest"
    );
}

#[test]
fn colour_only_where_it_is_wanted() {
    let here = Workdir::new();
    let coloured = |line: &str| here.demarche(line).succeeds().out.contains('\u{1b}');
    assert!(!coloured("run small.toml -n 10 -o a"), "not a terminal");
    assert!(coloured("run small.toml -n 10 -o b --color always"));
    assert!(!coloured("run small.toml -n 10 -o c --color never"));
    let answer = here
        .demarche("run small.toml -n 10 -o d")
        .under("NO_COLOR", "1")
        .under("CLICOLOR_FORCE", "1")
        .succeeds();
    assert!(!answer.out.contains('\u{1b}'), "NO_COLOR{answer}");
}

#[test]
fn numbers_of_runs_and_threads_have_bounds() {
    let here = Workdir::new();
    for flags in [
        "-n 0",
        "-n 10000000001",
        "-n many",
        "-j 1025",
        "--seed -1",
        "--bogus",
    ] {
        here.demarche(&format!("run small.toml -o out {flags}"))
            .ends(2);
    }
    here.demarche("run small.toml -o out --resume --force")
        .ends(2);
    assert!(here.names("out").is_empty());
}
