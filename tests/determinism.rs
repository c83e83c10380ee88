//! Same scenario, same seed, same bytes: on any number of threads, whatever else is played.

use demarche::bargaining::PROTOCOLS;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

const FILES: [&str; 4] = [
    "runs.csv",
    "summary.csv",
    "distribution.csv",
    "manifest.json",
];

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let scenarios = [
        ("tests/cli/small.toml", "-n 9000 --variant all --worlds"),
        ("tests/cli/slow.toml", "-n 2100 --worlds"),
        (
            "scenarios/textbook/nash_1950_divide_the_dollar.toml",
            "-n 3000 --worlds",
        ),
        (
            "scenarios/textbook/roth_1979_three_way_split.toml",
            "-n 3000",
        ),
        (
            "scenarios/moscow-2026-essentials.toml",
            "-n 3000 --variant all",
        ),
        (
            "scenarios/moscow-2026.toml",
            "-n 2100 --worlds --variant base --variant accountability_shock",
        ),
        (
            "scenarios/cases/merger.toml",
            "-n 2100 --variant all --luck 3 --worlds",
        ),
        ("scenarios/moscow-2026-observed.toml", "-n 1100 --luck 2"),
    ];
    for (scenario, flags) in scenarios {
        let folder = TempDir::new().unwrap();
        let play = |threads: usize| {
            let out = folder.path().join(threads.to_string());
            run(scenario, &format!("{flags} -j {threads}"), &out);
            out
        };
        let one = play(1);
        for threads in [2, 8] {
            let many = play(threads);
            for file in FILES {
                assert!(
                    read(&one.join(file)) == read(&many.join(file)),
                    "{scenario}: {file} differs on {threads} threads"
                );
            }
        }
    }
}

/// Each protocol alone and all of them together, with signatories who leave much to chance.
#[test]
fn every_protocol_gives_the_same_bytes_on_any_number_of_threads() {
    let folder = TempDir::new().unwrap();
    let scenario = folder.path().join("luck.toml");
    std::fs::write(&scenario, LUCK).unwrap();
    let scenario = scenario.display().to_string();
    let names = PROTOCOLS.iter().map(|protocol| protocol.kind.name);
    for name in names.chain(["all"]) {
        let flags = format!("-n 1100 --variant all --luck 2 --protocol {name}");
        let play = |threads: usize| {
            let out = folder.path().join(format!("{name}{threads}"));
            run(&scenario, &format!("{flags} -j {threads}"), &out);
            read(&out.join("runs.csv"))
        };
        let one = play(1);
        assert!(one.iter().filter(|byte| **byte == b'\n').count() > 2200);
        for threads in [2, 8] {
            assert!(one == play(threads), "{name} differs on {threads} threads");
        }
    }
}

/// A small sale in which whoever can leaves it to chance what to offer.
const LUCK: &str = r#"
format = 1
scenario = { title = "Luck", seed = 5 }
[quantities]
mood = "uniform(0, 1)"
[issues.price]
values     = [10, 20, 30, 40]
status_quo = 10
[issues.delivery]
levels     = ["late", "weekly", "daily"]
status_quo = "late"
[actors.seller]
reservation = "40 + floor(20 * mood)"
[actors.seller.stakes]
price    = { weight = 60, value = [0, 40, 70, 100] }
delivery = { weight = 40, value = [100, 60, 0] }
[actors.buyer]
reservation = 40
[actors.buyer.stakes]
price    = { weight = 50, value = [100, 70, 30, 0] }
delivery = { weight = 50, value = [0, 70, 100] }
[bargaining]
protocol = "stacked-offers"
settings = { rounds = 9, breakdown = 0.03 }
[bargaining.strategies.seller]
offers  = "boulware"
select  = "random_above"
accepts = "combined"
model   = "frequency"
[bargaining.strategies.buyer]
offers = "random-walker"
[variants.ranked]
set = { "bargaining.strategies.buyer.offers" = "micro", "bargaining.strategies.buyer.repeat" = "random" }
"#;

/// What merely happens belongs to the run and its session: no what-if moves the luck of another thing.
#[test]
fn luck_stays_whatever_is_played_with_it() {
    let folder = TempDir::new().unwrap();
    let events = |name: &str, flags: &str| {
        let out = folder.path().join(name);
        run(
            "scenarios/moscow-2026.toml",
            &format!("-n 1100 {flags}"),
            &out,
        );
        columns(&out.join("runs.csv"), "event.us_")
    };
    let base = events("base", "");
    assert_eq!(base[0], ["event.us_relief_step", "event.us_snapback_step"]);
    assert_eq!(events("protocol", "--protocol egalitarian"), base);
    assert_eq!(events("nobody_signs", "--variant no_deal_baseline"), base);
    let oil = "--set modules.economy.ripe=1 --set events.gulf_package.chance=1";
    assert_eq!(events("gulf", oil), base);
    assert_ne!(events("seed", "--seed 8"), base);
}

/// Common random numbers: what is drawn depends on the seed and the run, and on nothing else.
#[test]
fn worlds_stay_whatever_is_played_in_them() {
    let folder = TempDir::new().unwrap();
    let worlds = |name: &str, flags: &str| {
        let out = folder.path().join(name);
        run("tests/cli/small.toml", &format!("--worlds {flags}"), &out);
        columns(&out.join("runs.csv"), "quantities.")
    };
    let base = worlds("base", "-n 3000");
    assert_eq!(base.len(), 3001);
    assert_eq!(base[0], ["quantities.mood", "quantities.hurry"]);
    assert_eq!(worlds("protocol", "-n 3000 --protocol utilitarian"), base);
    assert_eq!(
        worlds("offers", "-n 3000 --protocol alternating-offers"),
        base
    );
    assert_eq!(worlds("variant", "-n 3000 --variant rush"), base);
    assert_eq!(worlds("calm", "-n 3000 --variant calm"), base);
    assert_eq!(
        worlds(
            "weight",
            "-n 3000 --set actors.seller.stakes.price.weight=10"
        ),
        base
    );
    assert_eq!(worlds("few", "-n 1000"), base[..1001]);
    assert_ne!(worlds("seed", "-n 3000 --seed 8"), base);
    let mood = |worlds: Vec<Vec<String>>| {
        worlds
            .into_iter()
            .map(|row| row[0].clone())
            .collect::<Vec<_>>()
    };
    let set = worlds("hurry", "-n 3000 --set quantities.hurry=0.5");
    assert_eq!(
        mood(set),
        mood(base),
        "replacing one quantity leaves the other as it was"
    );
}

#[test]
fn worlds_of_the_essentials_stay_under_every_variant_and_protocol() {
    let folder = TempDir::new().unwrap();
    let scenario = "scenarios/moscow-2026-essentials.toml";
    let out = folder.path().join("all");
    run(scenario, "-n 300 --worlds --variant all", &out);
    let (names, rows) = table(&out.join("runs.csv"));
    let variant = names.iter().position(|name| name == "variant").unwrap();
    let run_column = names.iter().position(|name| name == "run").unwrap();
    let drawn: Vec<usize> = (0..names.len())
        .filter(|at| {
            names[*at].contains('.')
                && !names[*at].starts_with("utility.")
                && !names[*at].starts_with("gain.")
        })
        .collect();
    assert!(!drawn.is_empty());
    let base: Vec<&Vec<String>> = rows.iter().filter(|row| row[variant] == "base").collect();
    assert_eq!(base.len(), 300);
    assert!(rows.len() > 600, "the essentials have variants");
    for row in &rows {
        let same: usize = row[run_column].parse().unwrap();
        for at in &drawn {
            // What a variant replaces is not drawn; all else is drawn as before.
            if !row[*at].is_empty() && !base[same][*at].is_empty() {
                assert_eq!(
                    row[*at], base[same][*at],
                    "{} in run {same} of {}",
                    names[*at], row[variant]
                );
            }
        }
    }
}

#[test]
fn more_runs_leave_the_first_as_they_were() {
    let folder = TempDir::new().unwrap();
    for (scenario, few, many) in [
        ("tests/cli/small.toml", 700, 5000),
        ("tests/cli/slow.toml", 50, 1100),
    ] {
        let play = |runs: usize| {
            let out = folder.path().join(format!("{}{runs}", scenario.len()));
            run(scenario, &format!("-n {runs}"), &out);
            read(&out.join("runs.csv"))
        };
        let (few, many) = (play(few), play(many));
        assert!(many.starts_with(&few), "{scenario}");
    }
}

/// The exact numbers of a seed. If this changes, results change: say so in the changelog as *value-changing*.
#[test]
fn the_numbers_of_a_seed_stay() {
    let folder = TempDir::new().unwrap();
    let mut text = String::new();
    for (scenario, flags) in [
        ("tests/cli/small.toml", "-n 6 --worlds --variant all"),
        ("tests/cli/slow.toml", "-n 4 --worlds"),
    ] {
        let out = folder.path().join(scenario.replace('/', "-"));
        run(scenario, flags, &out);
        let rows = String::from_utf8(read(&out.join("runs.csv"))).unwrap();
        text.push_str(&format!(
            "{scenario} {flags}\n{}\n",
            rows.replace("\r\n", "\n")
        ));
    }
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("first_rows", text);
    });
}

fn run(scenario: &str, flags: &str, out: &Path) {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let output = Command::new(env!("CARGO_BIN_EXE_demarche"))
        .args(["run", scenario, "-q"])
        .args(flags.split_whitespace())
        .arg("-o")
        .arg(out)
        .current_dir(root)
        .output()
        .expect("the binary runs");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{scenario} {flags}: {told}");
}

fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The columns whose names begin so, header first.
fn columns(path: &Path, start: &str) -> Vec<Vec<String>> {
    let (names, rows) = table(path);
    let chosen: Vec<usize> = (0..names.len())
        .filter(|at| names[*at].starts_with(start))
        .collect();
    std::iter::once(&names)
        .chain(&rows)
        .map(|row| chosen.iter().map(|at| row[*at].clone()).collect())
        .collect()
}

/// Header and rows; none of our test columns needs quotes.
fn table(path: &Path) -> (Vec<String>, Vec<Vec<String>>) {
    let text = String::from_utf8(read(path)).unwrap();
    let mut rows = text
        .lines()
        .map(|line| line.split(',').map(str::to_string).collect::<Vec<_>>());
    (rows.next().unwrap_or_default(), rows.collect())
}
