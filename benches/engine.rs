//! Runs per second of the whole engine, beside a plain loop over the same problem in the same run.
//!
//! `cargo bench --bench engine`; one thread. The plain loop samples the same 20 inputs from one
//! generator and looks at all 600 deals: what a careful programmer writes by hand for one scenario.

use demarche::export::Schema;
use demarche::export::rows::{RowChunk, RowFormat};
use demarche::model::{DrawBook, Model, World, compile};
use demarche::scenario;
use demarche::simulation::{Plan, Record, Tally, play, run};
use demarche::summary::Summary;
use demarche::uncertainty::{Purpose, Stream};
use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

fn main() {
    divan::main();
}

/// Runs per measurement.
const RUNS: u64 = 8192;

fn load(path: &str) -> (Model, DrawBook) {
    let root = env!("CARGO_MANIFEST_DIR");
    let text =
        std::fs::read_to_string(format!("{root}/{path}")).expect("a scenario of this repository");
    let (scenario, _) = scenario::read(path, text.into());
    let mut book = DrawBook::default();
    let compiled = compile(&scenario.expect("a readable scenario"), &[], &[], &mut book);
    (compiled.model.expect("a scenario without faults"), book)
}

fn plan(book: &DrawBook, runs: u64) -> Plan {
    Plan {
        threads: 1,
        draws: book.len(),
        ..Plan::new(1, 0..runs)
    }
}

const YARDSTICK: &str = "benches/scenarios/six_hundred.toml";

#[divan::bench]
fn yardstick_without_rows(bencher: Bencher) {
    let (model, book) = load(YARDSTICK);
    let plan = plan(&book, RUNS);
    let empty = Summary::new(&model.variables, 1);
    let stop = AtomicBool::new(false);
    bencher.counter(ItemsCount::new(RUNS)).bench_local(|| {
        let mut all = empty.clone();
        let played = play(
            &model,
            &plan,
            &stop,
            || empty.clone(),
            |_, summary| {
                all.merge(summary);
                ControlFlow::Continue(())
            },
        );
        played.expect("one thread can be started");
        all
    });
}

#[divan::bench]
fn yardstick_with_rows(bencher: Bencher) {
    let (model, book) = load(YARDSTICK);
    let plan = plan(&book, RUNS);
    let schema = Schema::new(&model.variables, false, false).expect("distinct columns");
    let format = Arc::new(RowFormat::new(&schema, "base"));
    let empty = Both(Summary::new(&model.variables, 1), RowChunk::new(format));
    let stop = AtomicBool::new(false);
    bencher.counter(ItemsCount::new(RUNS)).bench_local(|| {
        let mut bytes = 0;
        let played = play(
            &model,
            &plan,
            &stop,
            || empty.clone(),
            |_, both| {
                bytes += both.1.into_bytes().len();
                ControlFlow::Continue(())
            },
        );
        played.expect("one thread can be started");
        bytes
    });
}

#[derive(Clone)]
struct Both(Summary, RowChunk);

impl Tally for Both {
    fn add(&mut self, record: &Record<'_>) {
        self.0.add(record);
        self.1.add(record);
    }

    fn merge(&mut self, later: Both) {
        self.0.merge(later.0);
    }
}

/// The yardstick by hand: sample, fill two tables, look at every deal.
#[divan::bench]
fn yardstick_plain_loop(bencher: Bencher) {
    const LEVELS: [usize; 5] = [5, 5, 4, 3, 2];
    let weights = [
        [30.0, 24.0, 18.0, 16.0, 12.0],
        [14.0, 22.0, 26.0, 18.0, 20.0],
    ];
    let rising: [&[f64]; 5] = [
        &[0.0, 30.0, 55.0, 80.0, 100.0],
        &[0.0, 30.0, 55.0, 80.0, 100.0],
        &[0.0, 40.0, 75.0, 100.0],
        &[0.0, 60.0, 100.0],
        &[0.0, 100.0],
    ];
    let falling: [&[f64]; 5] = [
        &[100.0, 85.0, 60.0, 35.0, 0.0],
        &[100.0, 85.0, 60.0, 35.0, 0.0],
        &[100.0, 70.0, 45.0, 0.0],
        &[100.0, 55.0, 0.0],
        &[100.0, 0.0],
    ];
    let triangular = |u: f64, low: f64, mode: f64, high: f64| {
        let width = high - low;
        match u < (mode - low) / width {
            true => low + (u * width * (mode - low)).sqrt(),
            false => high - ((1.0 - u) * width * (high - mode)).sqrt(),
        }
    };
    bencher.counter(ItemsCount::new(RUNS)).bench_local(|| {
        let mut stream = Stream::new(1, Purpose::World, 0);
        let mut total = 0.0;
        for _ in 0..RUNS {
            let mut tables = [[[0.0f64; 5]; 5]; 2];
            let mut floors = [0.0; 2];
            for (side, values) in [rising, falling].iter().enumerate() {
                floors[side] =
                    20.0 + 5.0 * side as f64 + (30.0 - 10.0 * side as f64) * stream.uniform();
                for (issue, row) in values.iter().enumerate() {
                    let mode = weights[side][issue];
                    let weight = triangular(stream.uniform(), mode - 6.0, mode, mode + 8.0) / 100.0;
                    for (level, value) in row.iter().enumerate() {
                        let score = match (issue, level) {
                            (0..=3, 1) => value - 10.0 + 20.0 * stream.uniform(),
                            _ => *value,
                        };
                        tables[side][issue][level] = weight * score;
                    }
                }
            }
            let mut best = (0.0, 0usize);
            let mut index = 0;
            for a in 0..LEVELS[0] {
                for b in 0..LEVELS[1] {
                    for c in 0..LEVELS[2] {
                        let first = |t: &[[f64; 5]; 5]| t[0][a] + t[1][b] + t[2][c];
                        let (x, y) = (first(&tables[0]) - floors[0], first(&tables[1]) - floors[1]);
                        for d in 0..LEVELS[3] {
                            for e in 0..LEVELS[4] {
                                let gains = (
                                    x + tables[0][3][d] + tables[0][4][e],
                                    y + tables[1][3][d] + tables[1][4][e],
                                );
                                let product = gains.0.max(0.0) * gains.1.max(0.0);
                                if product > best.0 {
                                    best = (product, index);
                                }
                                index += 1;
                            }
                        }
                    }
                }
            }
            total += best.0 + best.1 as f64;
        }
        black_box(total)
    });
}

/// One run of a scenario, world and bargaining and all.
#[divan::bench(args = ["scenarios/moscow-2026.toml", "scenarios/moscow-2026-essentials.toml"])]
fn one_run(bencher: Bencher, path: &str) {
    let (model, book) = load(path);
    let plan = plan(&book, 0);
    let mut world = World::new(&model, book.len());
    let mut next = 0;
    bencher.counter(ItemsCount::new(1u64)).bench_local(move || {
        next += 1;
        let mut last = None;
        run(&mut world, &plan, next, |record| last = Some(record.ended));
        last
    });
}

/// Rows as CSV: the yardstick's records, written again and again.
#[divan::bench]
fn csv_rows(bencher: Bencher) {
    let (model, book) = load(YARDSTICK);
    let schema = Schema::new(&model.variables, false, false).expect("distinct columns");
    let format = Arc::new(RowFormat::new(&schema, "base"));
    let plan = plan(&book, 0);
    let mut world = World::new(&model, book.len());
    bencher.counter(ItemsCount::new(RUNS)).bench_local(|| {
        let mut rows = RowChunk::new(format.clone());
        run(&mut world, &plan, 7, |record| {
            for _ in 0..RUNS {
                rows.add(black_box(record));
            }
        });
        rows.into_bytes().len()
    });
}
