//! A hundred rounds of offers between two who hold out and give way: the same world again and again,
//! and new utilities every time.

use demarche::bargaining::{
    ACCEPTANCES, Conduct, Desk, FactorSketch, Grid, IssueSketch, Manner, Negotiation, OFFERS,
    OPPONENT_MODELS, PROTOCOLS, Party, Shape, Sketch, Stakes,
};
use demarche::catalogue::{Form, Kind};
use divan::{Bencher, black_box};

fn main() {
    divan::main();
}

/// 1,024 and 10,000 deals.
const TABLES: [&[usize]; 2] = [&[4, 4, 4, 4, 4], &[10, 10, 10, 10]];
const SETTINGS: [f64; 3] = [100.0, 0.0, 0.0];

/// One table of utilities per seat and issue.
struct Tables(Vec<Vec<f64>>);

impl Stakes for Tables {
    fn factor(&mut self, which: usize, _: &Grid, out: &mut [f64]) {
        out.copy_from_slice(&self.0[which]);
    }

    fn rule(&mut self, _: usize, _: &Grid, _: &mut [bool]) {}
}

struct Dice(u64);

impl Dice {
    fn uniform(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Opposed stakes in every issue, with drawn weights.
fn draw(levels: &[usize], dice: &mut Dice, tables: &mut Tables) {
    for (which, table) in tables.0.iter_mut().enumerate() {
        let (weight, bend) = (5.0 + 20.0 * dice.uniform(), 0.5 + 1.5 * dice.uniform());
        let steps = (levels[which / 2] - 1) as f64;
        for (level, utility) in table.iter_mut().enumerate() {
            let share = level as f64 / steps;
            let rises = if which % 2 == 0 { share } else { 1.0 - share };
            *utility = weight * rises.powf(bend);
        }
    }
}

fn shape(levels: &[usize]) -> Shape {
    let issues = levels.iter();
    let issues = issues.map(|&l| IssueSketch::Levels((0..l).map(|l| l as f64).collect()));
    let factors = (0..2 * levels.len()).map(|which| FactorSketch {
        seat: which % 2,
        scope: vec![which / 2],
    });
    Shape::new(Sketch {
        issues: issues.collect(),
        ties: vec![],
        seats: 2,
        factors: factors.collect(),
        rules: vec![],
    })
    .unwrap()
}

/// The defaults of a kind.
fn slots(kind: &Kind, issues: usize) -> Vec<f64> {
    let mut slots = Vec::new();
    for setting in kind.settings {
        let count = match setting.form {
            Form::PerIssue(..) => issues,
            _ => 1,
        };
        slots.extend(vec![setting.default.unwrap_or(0.0); count]);
    }
    slots
}

fn bench(bencher: Bencher, levels: &[usize], is_new: bool) {
    let shape = shape(levels);
    let (mut manners, mut numbers) = (Vec::new(), Vec::new());
    for name in ["boulware", "conceder"] {
        let offers = OFFERS.iter().find(|kind| kind.kind.name == name).unwrap();
        let (accepts, model) = (ACCEPTANCES[0], OPPONENT_MODELS[0]);
        let kinds = [&offers.kind, &accepts.kind, &model.kind];
        manners.push(Manner {
            offers,
            accepts,
            model,
            slots: kinds.map(|kind| slots(kind, levels.len()).len()),
        });
        numbers.extend(kinds.iter().flat_map(|kind| slots(kind, levels.len())));
    }
    let both = levels
        .iter()
        .flat_map(|&levels| [vec![0.0; levels], vec![0.0; levels]]);
    let (mut tables, mut dice) = (Tables(both.collect()), Dice(2026));
    draw(levels, &mut dice, &mut tables);
    let kind = PROTOCOLS
        .iter()
        .find(|kind| kind.kind.name == "stacked-offers");
    let protocol = (kind.unwrap().build)();
    let mut desk = Desk::new(&shape);
    bencher.bench_local(|| {
        if is_new {
            draw(levels, &mut dice, &mut tables);
        }
        let parties = Party {
            reservation: &[10.0, 10.0],
            discount: &[1.0, 1.0],
            risk: &[1.0, 1.0],
        };
        let mut negotiation = Negotiation::new(&shape, &mut tables, parties, &SETTINGS);
        negotiation.conduct = Conduct {
            manners: &manners,
            numbers: &numbers,
        };
        black_box(protocol.negotiate(&mut negotiation, &mut desk))
    });
}

#[divan::bench(args = TABLES)]
fn the_same_world(bencher: Bencher, levels: &[usize]) {
    bench(bencher, levels, false);
}

#[divan::bench(args = TABLES)]
fn new_utilities(bencher: Bencher, levels: &[usize]) {
    bench(bencher, levels, true);
}
