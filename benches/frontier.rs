//! The exact frontier beside brute force over all deals, and a rule's winner alone.

use demarche::bargaining::{
    Desk, Ending, FactorSketch, Grid, IssueSketch, Negotiation, PROTOCOLS, Party, Protocol, Shape,
    Sketch, Stakes, frontier,
};
use divan::{Bencher, black_box};

fn main() {
    divan::main();
}

/// A problem with drawn tables.
struct Problem {
    shape: Shape,
    levels: Vec<usize>,
    tables: Tables,
    reservation: Vec<f64>,
    ones: Vec<f64>,
}

#[derive(Clone)]
struct Tables {
    factors: Vec<(usize, Vec<usize>, Vec<f64>)>,
    rules: Vec<(Vec<usize>, Vec<bool>)>,
}

impl Stakes for Tables {
    fn factor(&mut self, which: usize, _: &Grid, out: &mut [f64]) {
        out.copy_from_slice(&self.factors[which].2);
    }

    fn rule(&mut self, which: usize, _: &Grid, out: &mut [bool]) {
        out.copy_from_slice(&self.rules[which].1);
    }
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

impl Problem {
    /// Every issue a rising or falling stake of every seat, opposed between neighbours, plus terms
    /// and rules over the given scopes.
    fn new(levels: &[usize], seats: usize, terms: &[&[usize]], rules: &[&[usize]]) -> Problem {
        let dice = &mut Dice(2026);
        let mut factors = vec![];
        for seat in 0..seats {
            for (issue, &levels) in levels.iter().enumerate() {
                let weight = 5.0 + 20.0 * dice.uniform();
                let bend = 0.5 + 1.5 * dice.uniform();
                let favourite = ((issue + seat) % seats) as f64 / (seats - 1).max(1) as f64;
                let value = |level: usize| {
                    let place = level as f64 / (levels - 1) as f64;
                    weight * (1.0 - (place - favourite).abs().powf(bend))
                };
                factors.push((
                    seat,
                    vec![issue],
                    (0..levels).map(value).collect::<Vec<f64>>(),
                ));
            }
        }
        let size = |scope: &[usize]| scope.iter().map(|&issue| levels[issue]).product::<usize>();
        for (term, scope) in terms.iter().enumerate() {
            let worth = 16.0 * (dice.uniform() - 0.5);
            let values = (0..size(scope)).map(|_| if dice.uniform() < 0.4 { worth } else { 0.0 });
            factors.push((term % seats, scope.to_vec(), values.collect()));
        }
        let rule = |scope: &&[usize]| {
            (
                scope.to_vec(),
                (0..size(scope)).map(|_| dice.uniform() > 0.15).collect(),
            )
        };
        let rules: Vec<(Vec<usize>, Vec<bool>)> = rules.iter().map(rule).collect();
        let issues = levels
            .iter()
            .map(|&levels| IssueSketch::Levels((0..levels).map(|level| level as f64).collect()));
        let sketch = Sketch {
            ties: vec![],
            issues: issues.collect(),
            seats,
            factors: (factors.iter())
                .map(|(seat, scope, _)| FactorSketch {
                    seat: *seat,
                    scope: scope.clone(),
                })
                .collect(),
            rules: rules.iter().map(|rule| rule.0.clone()).collect(),
        };
        let most = |seat: usize| -> f64 {
            let own = factors.iter().filter(|factor| factor.0 == seat);
            own.map(|factor| factor.2.iter().copied().fold(f64::MIN, f64::max))
                .sum()
        };
        Problem {
            shape: Shape::new(sketch).expect("small enough"),
            levels: levels.to_vec(),
            reservation: (0..seats).map(|seat| 0.35 * most(seat)).collect(),
            ones: vec![1.0; seats],
            tables: Tables { factors, rules },
        }
    }

    fn negotiation<'w>(&'w self, stakes: &'w mut Tables, settings: &'w [f64]) -> Negotiation<'w> {
        let parties = Party {
            reservation: &self.reservation,
            discount: &self.ones,
            risk: &self.ones,
        };
        Negotiation::new(&self.shape, stakes, parties, settings)
    }

    /// The whole frontier: one round of alternating offers lists it and picks from it.
    fn bench_frontier(&self, bencher: Bencher) {
        let mut settings = vec![1.0, 0.0, 0.0];
        settings.extend(self.ones.iter().map(|_| f64::NAN));
        self.bench_protocol(bencher, "alternating-offers", &settings);
    }

    fn bench_protocol(&self, bencher: Bencher, name: &str, settings: &[f64]) {
        let (mut desk, mut stakes) = (Desk::new(&self.shape), self.tables.clone());
        let kind = PROTOCOLS
            .iter()
            .find(|kind| kind.kind.name == name)
            .expect("listed");
        let protocol: Box<dyn Protocol> = (kind.build)();
        bencher.bench_local(|| {
            let outcome =
                protocol.negotiate(&mut self.negotiation(&mut stakes, settings), &mut desk);
            assert_eq!(outcome.ending, Ending::Agreement);
            outcome
        });
    }

    /// Two seats, additive, by a careful loop over all deals: outer sums, one bucket pass that drops
    /// what a higher bucket beats, a sort of the few that are left.
    fn brute(&self, columns: &mut [Vec<f64>; 2], zone: &mut Vec<(f64, f64, usize)>) -> usize {
        for (seat, column) in columns.iter_mut().enumerate() {
            column.clear();
            column.push(0.0);
            for issue in (0..self.levels.len()).rev() {
                let own = |factor: &&(usize, Vec<usize>, Vec<f64>)| {
                    factor.0 == seat && factor.1 == [issue]
                };
                let stake = self.tables.factors.iter().find(own);
                let table = &stake.expect("a stake in every issue").2;
                let below = column.len();
                for value in &table[1..] {
                    let start = column.len();
                    column.extend_from_within(..below);
                    column[start..].iter_mut().for_each(|sum| *sum += value);
                }
                for value in &mut column[..below] {
                    *value += table[0];
                }
            }
        }
        let [one, other] = columns;
        let most = one.iter().copied().fold(f64::MIN, f64::max);
        let width = (most - self.reservation[0]) / 1023.0;
        let cell = |one: f64| ((one - self.reservation[0]) / width) as usize;
        let mut best = [f64::MIN; 1025];
        for (one, other) in one.iter().zip(&*other) {
            if *one >= self.reservation[0] {
                let cell = cell(*one);
                best[cell] = best[cell].max(*other);
            }
        }
        for cell in (0..1024).rev() {
            best[cell] = best[cell].max(best[cell + 1]);
        }
        zone.clear();
        for (index, (one, other)) in one.iter().zip(&*other).enumerate() {
            let is_rational = *one >= self.reservation[0] && *other >= self.reservation[1];
            if is_rational && *other > best[cell(*one) + 1] {
                zone.push((*one, *other, index));
            }
        }
        zone.sort_unstable_by(|one, two| two.0.total_cmp(&one.0).then(two.1.total_cmp(&one.1)));
        let mut top = f64::MIN;
        zone.retain(|point| {
            let stays = point.1 > top;
            top = top.max(point.1);
            stays
        });
        zone.len()
    }
}

const SMALL: [usize; 5] = [5, 5, 4, 3, 2];
const MIDDLE: [usize; 6] = [5, 4, 6, 5, 4, 3];
const LARGE: [usize; 8] = [5, 4, 6, 5, 3, 4, 3, 11];
const FLAGSHIP: [usize; 18] = [4, 5, 5, 4, 7, 4, 4, 7, 6, 5, 4, 3, 3, 4, 3, 3, 6, 4];

fn flagship() -> Problem {
    let terms: [&[usize]; 12] = [
        &[0, 5, 6],
        &[1, 2, 3, 5],
        &[1, 2, 7, 8],
        &[7, 8],
        &[1, 2],
        &[1, 2, 3, 4],
        &[13, 14, 15, 16],
        &[7, 8, 9],
        &[10, 11, 12],
        &[13, 15],
        &[1, 2, 5, 6],
        &[1, 2, 5],
    ];
    let rules: [&[usize]; 7] = [
        &[1, 2, 3],
        &[1, 2, 4],
        &[0, 4],
        &[0, 1],
        &[3, 5],
        &[13, 16],
        &[5, 6],
    ];
    Problem::new(&FLAGSHIP, 2, &terms, &rules)
}

#[divan::bench(args = [&SMALL[..], &MIDDLE, &LARGE])]
fn brute_force(bencher: Bencher, levels: &[usize]) {
    let problem = Problem::new(levels, 2, &[], &[]);
    let (mut columns, mut zone) = ([vec![], vec![]], vec![]);
    let efficient = problem.brute(&mut columns, &mut zone);
    let (mut desk, mut stakes) = (Desk::new(&problem.shape), problem.tables.clone());
    let found = frontier(&mut problem.negotiation(&mut stakes, &[]), &mut desk);
    assert_eq!(found.points.len(), efficient);
    bencher.bench_local(|| black_box(&problem).brute(&mut columns, &mut zone));
}

#[divan::bench(args = [&SMALL[..], &MIDDLE, &LARGE])]
fn two_seats(bencher: Bencher, levels: &[usize]) {
    Problem::new(levels, 2, &[], &[]).bench_frontier(bencher);
}

#[divan::bench(args = [&SMALL[..], &MIDDLE, &LARGE])]
fn three_seats(bencher: Bencher, levels: &[usize]) {
    Problem::new(levels, 3, &[], &[]).bench_frontier(bencher);
}

#[divan::bench(args = [&SMALL[..], &MIDDLE])]
fn four_seats(bencher: Bencher, levels: &[usize]) {
    Problem::new(levels, 4, &[], &[]).bench_frontier(bencher);
}

#[divan::bench]
fn eighteen_issues(bencher: Bencher) {
    flagship().bench_frontier(bencher);
}

#[divan::bench(args = ["nash", "kalai-smorodinsky", "egalitarian", "utilitarian", "take-it-or-leave-it"])]
fn eighteen_issues_winner(bencher: Bencher, name: &str) {
    let settings: &[f64] = if name.starts_with("take") {
        &[0.0]
    } else {
        &[1.0, 1.5]
    };
    flagship().bench_protocol(bencher, name, settings);
}

#[divan::bench(args = ["nash", "kalai-smorodinsky", "egalitarian", "utilitarian", "take-it-or-leave-it"])]
fn small_winner(bencher: Bencher, name: &str) {
    let settings: &[f64] = if name.starts_with("take") {
        &[0.0]
    } else {
        &[1.0, 1.5]
    };
    Problem::new(&SMALL, 2, &[], &[]).bench_protocol(bencher, name, settings);
}

#[divan::bench]
fn small_offers(bencher: Bencher) {
    let settings = [100.0, 0.0, 0.01, f64::NAN, f64::NAN];
    Problem::new(&SMALL, 2, &[], &[]).bench_protocol(bencher, "alternating-offers", &settings);
}
