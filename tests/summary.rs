//! Summaries and exports against outside truth: reference intervals, numpy's quantiles, a CSV reader.

use std::sync::Arc;

use demarche::export::rows::{RowChunk, RowFormat};
use demarche::export::{Part, Schema, distribution_table, report, summary_table};
use demarche::model::{Role, Variable, VariableKind};
use demarche::simulation::{Ended, Record, Tally};
use demarche::summary::{
    Confidence, EXACT_LIMIT, Moments, Ordered, Store, Summary, mean_interval, quantile_ranks,
    student_t, wilson,
};
use serde_json::Value;

const REFERENCE: &str = include_str!("data/intervals/quantiles_intervals.json");
const CHUNK: usize = 1_024;

fn reference() -> Value {
    serde_json::from_str(REFERENCE).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|x| x.as_f64().unwrap())
        .collect()
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-12 * b.abs().max(1.0)
}

fn confidence(level: f64) -> Option<Confidence> {
    [
        Confidence::NINETY,
        Confidence::NINETY_FIVE,
        Confidence::NINETY_NINE,
    ]
    .into_iter()
    .find(|known| known.level() == level)
}

#[test]
fn normal_quantiles_are_the_reference_ones() {
    for (level, z) in reference()["z"].as_object().unwrap() {
        if let Some(confidence) = confidence(level.parse().unwrap()) {
            assert!(near(confidence.z(), z.as_f64().unwrap()));
        }
    }
}

#[test]
fn wilson_intervals_agree_with_statsmodels() {
    let reference = reference();
    let cases = reference["proportion"].as_array().unwrap();
    assert_eq!(cases.len(), 36);
    for case in cases {
        let (k, n) = (case["k"].as_u64().unwrap(), case["n"].as_u64().unwrap());
        let interval = wilson(
            k,
            n,
            1.0,
            confidence(case["conf"].as_f64().unwrap()).unwrap(),
        );
        let expected = numbers(&case["wilson"]);
        assert!(
            near(interval.low, expected[0]),
            "{k} of {n}: {interval:?} {expected:?}"
        );
        assert!(
            near(interval.high, expected[1]),
            "{k} of {n}: {interval:?} {expected:?}"
        );
    }
}

#[test]
fn quantiles_agree_with_numpy() {
    let reference = reference();
    let probabilities = numbers(&reference["probs"]);
    for (name, values) in reference["arrays"].as_object().unwrap() {
        let ordered = Ordered::of_values(&numbers(values));
        let expected = numbers(&reference["quantiles"]["7"][name]);
        for (q, expected) in probabilities.iter().zip(expected) {
            assert!(near(ordered.quantile(*q), expected), "{name} {q}");
        }
    }
}

#[test]
fn means_and_student_intervals_agree_with_scipy() {
    let reference = reference();
    for (name, expected) in reference["mean_ci"].as_object().unwrap() {
        let mut moments = Moments::EMPTY;
        numbers(&reference["arrays"][name])
            .into_iter()
            .for_each(|x| moments.add(x));
        let interval = mean_interval(&moments, Confidence::NINETY_FIVE);
        let t95 = numbers(&expected["t95"]);
        assert!(near(moments.mean(), expected["mean"].as_f64().unwrap()));
        assert!(near(moments.sd(), expected["sd_ddof1"].as_f64().unwrap()));
        assert!(near(moments.std_error(), expected["se"].as_f64().unwrap()));
        assert!(
            near(interval.low, t95[0]) && near(interval.high, t95[1]),
            "{name}"
        );
        let variance = reference["moments"][name]["var_ddof1"].as_f64().unwrap();
        assert!(near(moments.variance(), variance));
    }
}

#[test]
fn student_quantiles_agree_with_statrs() {
    use statrs::distribution::{ContinuousCDF, StudentsT};
    for freedom in [
        1, 2, 3, 4, 7, 10, 29, 100, 501, 999, 1_000, 1_001, 5_000, 1_000_000,
    ] {
        let t = StudentsT::new(0.0, 1.0, freedom as f64).unwrap();
        for confidence in [
            Confidence::NINETY,
            Confidence::NINETY_FIVE,
            Confidence::NINETY_NINE,
        ] {
            let covered = 1.0 - 2.0 * t.cdf(-student_t(freedom, confidence));
            assert!(
                (covered - confidence.level()).abs() < 1e-9,
                "{freedom}: {covered}"
            );
        }
    }
}

#[test]
fn quantile_ranks_agree_with_scipy() {
    for case in reference()["quantile_ci_order_stats"].as_array().unwrap() {
        let (n, q) = (case["n"].as_u64().unwrap(), case["q"].as_f64().unwrap());
        let expected = &case["ranks_1based"];
        let (lower, upper) = quantile_ranks(n, q, Confidence::NINETY_FIVE);
        assert_eq!(
            (lower, upper),
            (expected[0].as_u64(), expected[1].as_u64()),
            "{n} {q}"
        );
    }
}

/// Runs to feed a summary: every kind of variable, nasty names, some values that do not apply.
struct Runs {
    variables: Vec<Variable>,
    state: u64,
}

impl Runs {
    fn new() -> Runs {
        let variable = |name: &str, role, kind| Variable {
            name: name.to_string(),
            role,
            kind,
        };
        let labels = [
            "closed",
            "port calls, \"limited\"",
            "Türkiye’s\nplan",
            "full",
        ];
        let labels = labels.map(str::to_string).to_vec();
        let variables = vec![
            variable(
                "base, \"Tartus\"",
                Role::Issue,
                VariableKind::Level {
                    labels,
                    ordered: true,
                },
            ),
            variable(
                "tenure",
                Role::Issue,
                VariableKind::Values(vec![0.0, 0.5, 3.0, 49.0]),
            ),
            variable("utility.rússia", Role::Utility, VariableKind::Number),
            variable("gain.syria", Role::Gain, VariableKind::Number),
            variable("access", Role::Measure, VariableKind::Flag),
            variable("momentum", Role::Quantity, VariableKind::Number),
            variable("expect.1", Role::Claim, VariableKind::Flag),
        ];
        Runs {
            variables,
            state: 2026,
        }
    }

    fn uniform(&mut self) -> f64 {
        self.state = self
            .state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.state >> 11) as f64 / (1u64 << 53) as f64
    }

    fn play(&mut self, count: usize, mut see: impl FnMut(&Record<'_>)) {
        for run in 0..count as u64 {
            let u: Vec<f64> = (0..6).map(|_| self.uniform()).collect();
            let agreed = u[0] < 0.8;
            let ended = if run % 1_000 == 7 {
                Ended::Unplayable
            } else if agreed {
                Ended::Agreement
            } else {
                Ended::NoDeal
            };
            let values = [
                if agreed {
                    (u[1] * 3.0).floor()
                } else {
                    f64::NAN
                },
                [0.0, 0.5, 3.0, 49.0][(u[2] * 4.0) as usize],
                60.0 + 8.0 * (u[1] + u[2] + u[3] - 1.5),
                if agreed {
                    30.0 * u[4] * u[5] - 1.0
                } else {
                    0.0
                },
                f64::from(u[3] < 0.3),
                1e-6 / u[5],
                1.0,
            ];
            let reason = (ended == Ended::Unplayable).then_some("utility.rússia is NaN");
            see(&Record {
                run,
                ended,
                reason,
                session: 1,
                play: 0,
                is_reported: true,
                is_last: true,
                values: &values,
            });
        }
    }

    /// One summary per chunk.
    fn chunks(&mut self, count: usize) -> Vec<Summary> {
        let empty = Summary::new(&self.variables, 1);
        let mut chunks: Vec<Summary> = Vec::new();
        self.play(count, |record| {
            if (record.run as usize).is_multiple_of(CHUNK) {
                chunks.push(empty.clone());
            }
            chunks.last_mut().unwrap().add(record);
        });
        chunks
    }
}

/// The engine's merge: a binary counter of equally large parts, folded from the last.
fn counter(chunks: impl IntoIterator<Item = Summary>) -> Option<Summary> {
    let mut parts: Vec<(u32, Summary)> = Vec::new();
    for mut summary in chunks {
        let mut size = 0;
        while parts.last().is_some_and(|(last, _)| *last == size) {
            let (_, mut earlier) = parts.pop().unwrap();
            earlier.merge(summary);
            summary = earlier;
            size += 1;
        }
        parts.push((size, summary));
    }
    let summaries = parts.into_iter().map(|(_, summary)| summary);
    summaries.rev().reduce(|later, mut earlier| {
        earlier.merge(later);
        earlier
    })
}

/// Equal but for the last bits of float sums.
fn alike(a: &Summary, b: &Summary) {
    assert_eq!((a.runs(), a.unplayed()), (b.runs(), b.unplayed()));
    for ended in Ended::ALL {
        assert_eq!(a.ended(ended), b.ended(ended));
    }
    for (a, b) in a.stores().iter().zip(b.stores()) {
        match (a, b) {
            (
                Store::Number {
                    moments: x,
                    quantiles: values,
                },
                Store::Number {
                    moments: y,
                    quantiles: others,
                },
            ) => {
                assert_eq!(values, others);
                assert_eq!((x.count(), x.min(), x.max()), (y.count(), y.min(), y.max()));
                assert!((x.mean() - y.mean()).abs() <= 1e-12 * y.mean().abs());
                assert!(x.count() < 2 || (x.sd() - y.sd()).abs() <= 1e-12 * y.sd());
            }
            _ => assert_eq!(a, b),
        }
    }
}

#[test]
fn merge_is_add_wherever_the_runs_are_cut() {
    for count in [1, 100, 3_000, EXACT_LIMIT + 5_000, 70_000] {
        let mut runs = Runs::new();
        let mut whole = Summary::new(&runs.variables, 1);
        runs.play(count, |record| whole.add(record));
        for cut in [0, 1, count / 3, EXACT_LIMIT.min(count), count] {
            let mut runs = Runs::new();
            let mut first = Summary::new(&runs.variables, 1);
            let mut later = Summary::new(&runs.variables, 1);
            runs.play(count, |record| {
                let part = if (record.run as usize) < cut {
                    &mut first
                } else {
                    &mut later
                };
                part.add(record);
            });
            first.merge(later);
            alike(&first, &whole);
        }
    }
}

#[test]
fn shards_of_a_power_of_two_chunks_fold_to_the_same_bits() {
    let chunks = Runs::new().chunks(75 * CHUNK + 300);
    let whole = counter(chunks.clone()).unwrap();
    for shard in [1, 2, 8, 32, 128] {
        let shards = chunks
            .chunks(shard)
            .map(|part| counter(part.to_vec()).unwrap());
        assert!(
            counter(shards).unwrap() == whole,
            "shards of {shard} chunks"
        );
    }
    let left = chunks.into_iter().reduce(|mut earlier, later| {
        earlier.merge(later);
        earlier
    });
    alike(&left.unwrap(), &whole);
}

#[test]
fn a_checkpoint_reads_back_bit_for_bit() {
    for count in [0, 1, 2_000, 40_000] {
        let mut runs = Runs::new();
        let mut summary = Summary::new(&runs.variables, 1);
        runs.play(count, |record| summary.add(record));
        let text = serde_json::to_string(&summary).unwrap();
        let back: Summary = serde_json::from_str(&text).unwrap();
        assert!(back == summary);
        assert_eq!(serde_json::to_string(&back).unwrap(), text);
        assert!(back.fits(&runs.variables));
        assert!(!back.fits(&runs.variables[1..]));
    }
}

#[test]
fn memory_does_not_grow_with_the_runs() {
    let mut runs = Runs::new();
    let mut summary = Summary::new(&runs.variables, 1);
    runs.play(100_000, |record| summary.add(record));
    let before = summary.heap_bytes();
    runs.play(900_000, |record| summary.add(record));
    assert!(summary.heap_bytes() < before * 3 / 2);
    assert!(
        summary.heap_bytes() < 500_000,
        "{} bytes",
        summary.heap_bytes()
    );
}

#[test]
fn sketched_quantiles_are_within_the_promised_error() {
    let mut runs = Runs::new();
    let mut summary = Summary::new(&runs.variables, 1);
    let mut columns = vec![Vec::new(); runs.variables.len()];
    runs.play(200_000, |record| {
        summary.add(record);
        if record.ended != Ended::Unplayable {
            let values = columns.iter_mut().zip(record.values);
            values
                .filter(|(_, x)| !x.is_nan())
                .for_each(|(column, x)| column.push(*x));
        }
    });
    for variable in [2, 3, 5] {
        let (store, exact) = (
            summary.store(variable),
            Ordered::of_values(&columns[variable]),
        );
        let sketched = store.ordered();
        assert_eq!(sketched.count(), exact.count());
        for q in [0.0, 0.001, 0.05, 0.25, 0.5, 0.75, 0.95, 0.999, 1.0] {
            let (a, b) = (sketched.quantile(q), exact.quantile(q));
            assert!((a - b).abs() <= b.abs() / 512.0, "{variable} {q}: {a} {b}");
        }
        for q in [0.05, 0.5, 0.95] {
            let outer = sketched.quantile_interval(q, Confidence::NINETY_FIVE);
            let inner = exact.quantile_interval(q, Confidence::NINETY_FIVE);
            assert!(outer.low <= inner.low && inner.high <= outer.high);
        }
    }
    // a value taken by every fifth run stays exact in a sketch: no deal, no gain
    assert_eq!(
        summary
            .store(3)
            .ordered()
            .cells()
            .iter()
            .find(|cell| cell.low == 0.0)
            .unwrap()
            .high,
        0.0
    );
}

#[test]
fn endings_are_shares_of_the_runs_that_could_be_played() {
    let mut runs = Runs::new();
    let mut summary = Summary::new(&runs.variables, 1);
    runs.play(10_000, |record| summary.add(record));
    assert_eq!(
        (summary.runs(), summary.played(), summary.unplayable()),
        (10_000, 9_990, 10)
    );
    assert_eq!(summary.unplayed()[1].run, 1_007);
    assert_eq!(summary.ended(Ended::Agreement).of, 9_990);
    assert_eq!(summary.store(2).count(), 9_990);
    assert_eq!(
        summary.store(0).count(),
        summary.ended(Ended::Agreement).count
    );
}

#[test]
fn rows_read_back_through_a_real_reader() {
    let mut runs = Runs::new();
    let schema = Schema::new(&runs.variables, true, false).unwrap();
    let format = Arc::new(RowFormat::new(&schema, "gulf, \"surge\""));
    let mut bytes = format.header().to_vec();
    let mut chunk = RowChunk::new(format);
    let mut records = Vec::new();
    runs.play(3_000, |record| {
        chunk.add(record);
        records.push((record.ended, record.values.to_vec()));
    });
    bytes.extend_from_slice(&chunk.into_bytes());
    assert!(!bytes.contains(&b'\r'));

    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let header: Vec<String> = reader
        .headers()
        .unwrap()
        .iter()
        .map(str::to_string)
        .collect();
    let expected = [
        "run",
        "variant",
        "ended",
        "session",
        "base, \"Tartus\"",
        "tenure",
    ];
    assert_eq!(header[..6], expected);
    assert_eq!(header[9], "momentum");
    assert_eq!(header.len(), 10, "claims are no columns");
    let VariableKind::Level { labels, .. } = &runs.variables[0].kind else {
        panic!("the first variable has levels");
    };
    let mut rows = 0;
    for (row, (ended, values)) in reader.records().zip(&records) {
        let row = row.unwrap();
        assert_eq!(row[0], rows.to_string());
        assert_eq!(&row[1], "gulf, \"surge\"");
        assert_eq!(&row[2], ended.name());
        match values[0].is_nan() {
            true => assert_eq!(&row[4], ""),
            false => assert_eq!(row[4], labels[values[0] as usize]),
        }
        for (column, variable) in [(5, 1), (6, 2), (7, 3), (8, 4), (9, 5)] {
            assert_eq!(row[column].parse(), Ok(values[variable]));
        }
        rows += 1;
    }
    assert_eq!(rows, records.len());
}

#[test]
fn tidy_tables_say_every_level_and_add_up() {
    let mut runs = Runs::new();
    let mut summary = Summary::new(&runs.variables, 1);
    runs.play(50_000, |record| summary.add(record));
    let parts = [Part {
        variant: "base",
        protocol: None,
        session: 1,
        summary: &summary,
    }];

    let bytes = distribution_table(&parts, &runs.variables);
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let mut counted = std::collections::BTreeMap::<String, u64>::new();
    let mut never = 0;
    for row in reader.records() {
        let row = row.unwrap();
        let count: u64 = row[6].parse().unwrap();
        *counted.entry(row[2].to_string()).or_default() += count;
        never += u64::from(&row[3] == "full" && count == 0);
        assert_ne!(&row[2], "expect.1");
    }
    assert_eq!(never, 1, "a level never seen has its row");
    assert_eq!(counted["ended"], summary.played());
    for (variable, store) in runs.variables.iter().zip(summary.stores()).take(6) {
        assert_eq!(counted[&variable.name], store.count(), "{}", variable.name);
    }

    let bytes = summary_table(&parts, &runs.variables);
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let of = |variable: &str, statistic: &str| {
        rows.iter()
            .find(|row| &row[2] == variable && &row[3] == statistic)
            .unwrap()
    };
    assert_eq!(&of("runs", "unplayable")[4], "50");
    let share = of("ended", "share(agreement)");
    let (value, low, high): (f64, f64, f64) = (
        share[4].parse().unwrap(),
        share[6].parse().unwrap(),
        share[7].parse().unwrap(),
    );
    assert!(low < 0.8 && 0.8 < high && low < value && value < high);
    assert_eq!(&share[8], "49950");
    assert_eq!(&of("tenure", "max")[4], "49");
    assert_eq!(&of("tenure", "max")[5], "");
    assert!(
        of("base, \"Tartus\"", "mean_level")[4]
            .parse::<f64>()
            .unwrap()
            < 2.0
    );
    assert_eq!(of("access", "share").len(), 9);
}

#[test]
fn the_report_fits_its_width_and_does_not_say_zero_percent() {
    let mut runs = Runs::new();
    let mut summary = Summary::new(&runs.variables, 1);
    runs.play(10_000, |record| summary.add(record));
    for width in [60, 80, 120] {
        let look = report::Look {
            width,
            colour: false,
        };
        let text = report::terminal(&summary, &runs.variables, look);
        for line in text.lines() {
            assert!(line.chars().count() <= width.max(76), "{width}: {line}");
        }
        assert!(!text.contains(" 0 %") && !text.contains("0.0 %"));
        assert!(text.contains(
            "10 of 10,000 runs could not be played\n  first: run 7, utility.rússia is NaN"
        ));
        assert!(text.contains("0 of 9,990 runs: breakdown, deadline, opted_out, rejected;"));
        assert!(text.contains("95 % upper bound 0.04 %"));
        assert!(!text.contains("expect.1") && !text.contains("momentum"));
        assert!(!text.contains('\u{1b}'));
    }
    let coloured = report::terminal(
        &summary,
        &runs.variables,
        report::Look {
            width: 100,
            colour: true,
        },
    );
    assert!(coloured.contains('\u{1b}'));
    // nothing breaks without a single run
    let empty = Summary::new(&runs.variables, 1);
    let text = report::terminal(
        &empty,
        &runs.variables,
        report::Look {
            width: 80,
            colour: false,
        },
    );
    assert!(text.contains("How it ended"));

    let json = report::json(&summary, &runs.variables);
    assert_eq!(json["runs"], 10_000);
    assert_eq!(json["unplayable"]["first"][0]["run"], 7);
    assert_eq!(json["ended"][0]["level"], "agreement");
    assert_eq!(json["variables"][0]["levels"][3]["count"], 0);
    assert!(json["variables"][2]["statistics"]["median"]["ci_low"].is_f64());
}
