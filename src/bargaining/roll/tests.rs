//! The roll, and deals read one by one, against brute force over every level of every issue.

use super::Roll;
use crate::bargaining::shape::{FactorSketch, Grid, IssueSketch, Shape, Sketch, Tie};
use crate::bargaining::stakes::Stakes;
use crate::bargaining::tables::Tables;
use crate::bargaining::ties::{complete, place};

/// A random problem with explicit tables in whole numbers; its last issues follow from the others.
struct Problem {
    levels: Vec<usize>,
    seats: usize,
    factors: Vec<(usize, Vec<usize>, Vec<i32>)>,
    rules: Vec<(Vec<usize>, Vec<bool>)>,
    ties: Vec<Tie>,
}

impl Stakes for Problem {
    fn factor(&mut self, which: usize, _: &Grid, out: &mut [f64]) {
        let values = self.factors[which].2.iter();
        out.iter_mut()
            .zip(values)
            .for_each(|(out, value)| *out = f64::from(*value) / 10.0);
    }

    fn rule(&mut self, which: usize, _: &Grid, out: &mut [bool]) {
        out.copy_from_slice(&self.rules[which].1);
    }
}

struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (self.0 >> 33) as usize % sides
    }

    /// Up to `most` of these issues, in order.
    fn scope(&mut self, issues: usize, most: usize) -> Vec<usize> {
        let mut scope: Vec<usize> = (0..most).map(|_| self.below(issues)).collect();
        scope.sort_unstable();
        scope.dedup();
        scope
    }
}

impl Problem {
    fn random(seed: u64) -> Problem {
        let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) + 3);
        let dice = &mut dice;
        let seats = 1 + dice.below(4);
        let free = 1 + dice.below(5);
        let mut levels: Vec<usize> = (0..free).map(|_| 1 + dice.below(4)).collect();
        let (mut rules, mut ties) = (Vec::new(), Vec::new());
        for _ in 0..dice.below(3) {
            let mut scope = dice.scope(levels.len(), 2);
            scope.push(levels.len());
            levels.push(1 + dice.below(3));
            let last = levels[levels.len() - 1];
            let rows: usize = scope.iter().map(|issue| levels[*issue]).product();
            let mut mask = vec![false; rows];
            for row in mask.chunks_mut(last) {
                row[dice.below(last)] = dice.below(8) > 0;
            }
            ties.push(Tie {
                issue: levels.len() - 1,
                rule: rules.len(),
            });
            rules.push((scope, mask));
        }
        let size = |scope: &[usize]| scope.iter().map(|issue| levels[*issue]).product::<usize>();
        for _ in 0..dice.below(4) {
            let scope = dice.scope(levels.len(), 3);
            let mask = (0..size(&scope)).map(|_| dice.below(5) > 0).collect();
            rules.push((scope, mask));
        }
        let mut factors = Vec::new();
        for seat in 0..seats {
            factors.push((seat, vec![], vec![dice.below(50) as i32 - 25]));
            for _ in 0..dice.below(7) {
                let scope = dice.scope(levels.len(), 3);
                let values = (0..size(&scope)).map(|_| dice.below(60) as i32 - 30);
                factors.push((seat, scope.clone(), values.collect()));
            }
        }
        Problem {
            levels,
            seats,
            factors,
            rules,
            ties,
        }
    }

    fn shape(&self) -> Shape {
        let issues = self.levels.iter();
        let issues = issues.map(|&l| IssueSketch::Levels((0..l).map(|l| l as f64).collect()));
        let factors = self.factors.iter().map(|(seat, scope, _)| FactorSketch {
            seat: *seat,
            scope: scope.clone(),
        });
        let sketch = Sketch {
            issues: issues.collect(),
            ties: self.ties.clone(),
            seats: self.seats,
            factors: factors.collect(),
            rules: self.rules.iter().map(|(scope, _)| scope.clone()).collect(),
        };
        Shape::new(sketch).expect("a small problem")
    }

    /// By the number of the free issues: the utilities in tenths of every allowed completion.
    fn brute_force(&self) -> Vec<Vec<Vec<i32>>> {
        let free = self.levels.len() - self.ties.len();
        let deals = self.levels[..free].iter().product();
        let rest: usize = self.levels[free..].iter().product();
        let mut found = vec![Vec::new(); deals];
        for number in 0..deals * rest {
            let mut levels = vec![0; self.levels.len()];
            let mut left = number;
            for (level, count) in levels.iter_mut().zip(&self.levels).rev() {
                *level = left % count;
                left /= count;
            }
            let at = |scope: &[usize]| {
                let issues = scope.iter();
                issues.fold(0, |at, issue| at * self.levels[*issue] + levels[*issue])
            };
            if self.rules.iter().all(|(scope, mask)| mask[at(scope)]) {
                let utilities = (0..self.seats).map(|seat| {
                    let own = self.factors.iter().filter(|factor| factor.0 == seat);
                    own.map(|(_, scope, values)| values[at(scope)]).sum()
                });
                found[number / rest].push(utilities.collect());
            }
        }
        found
    }
}

#[test]
fn the_roll_is_what_brute_force_finds() {
    let (mut roll, mut forbidden, mut tied) = (Roll::default(), 0, 0);
    for seed in 0..3000 {
        let mut problem = Problem::random(seed);
        let shape = problem.shape();
        let truth = problem.brute_force();
        let mut tables = Tables::default();
        tables.fit(&shape.plan, problem.seats);
        tables.ask_plainly(&shape, &mut problem).expect("sound");
        roll.write(&shape, &tables).expect("short enough");
        assert_eq!(roll.deals, truth.len(), "seed {seed}");
        for (deal, allowed) in truth.iter().enumerate() {
            assert!(allowed.len() <= 1, "seed {seed}: ties leave no choice");
            assert_eq!(
                roll.allowed[deal],
                allowed.len() == 1,
                "seed {seed}, {deal}"
            );
            let mut levels = vec![0; problem.levels.len()];
            for (issue, level) in levels.iter_mut().enumerate().take(shape.plan.told) {
                *level = shape.plan.level(deal as u64, issue) as u32;
            }
            assert_eq!(complete(&shape, &tables, &mut levels), allowed.len() == 1);
            let Some(utilities) = allowed.first() else {
                forbidden += 1;
                continue;
            };
            for (seat, &tenths) in utilities.iter().enumerate() {
                assert_eq!(
                    roll.utility(seat, deal),
                    f64::from(tenths) / 10.0,
                    "seed {seed}"
                );
                let own = problem.factors.iter().filter(|factor| factor.0 == seat);
                let alone: i32 = own
                    .map(|(_, scope, values)| values[place(scope, &problem.levels, &levels)])
                    .sum();
                assert_eq!(alone, tenths, "seed {seed}: read alone");
            }
        }
        tied += usize::from(!problem.ties.is_empty());
    }
    assert!(forbidden > 1000 && tied > 1000);
}

#[test]
fn a_roll_is_written_anew_only_for_another_world() {
    let mut problem = Problem::random(5);
    let (shape, mut tables) = (problem.shape(), Tables::default());
    let mut roll = Roll::default();
    tables.fit(&shape.plan, problem.seats);
    let mut write = |problem: &mut Problem| {
        tables.ask_plainly(&shape, problem).expect("sound");
        roll.write(&shape, &tables).expect("short enough");
        roll.edition
    };
    assert_eq!(write(&mut problem), 1);
    assert_eq!(write(&mut problem), 1);
    problem.factors[0].2[0] += 1;
    assert_eq!(write(&mut problem), 2);
}

/// More issues than any deal space of this size could have, if each had a choice.
#[test]
fn issues_without_a_choice_do_not_count() {
    let mut levels = vec![1; 90];
    (levels[3], levels[70], levels[89]) = (2, 3, 2);
    let scope = vec![3, 40, 70];
    let mut problem = Problem {
        levels,
        seats: 1,
        factors: vec![
            (0, scope, vec![0, 10, 20, 30, 40, 50]),
            (0, vec![89], vec![0, 7]),
        ],
        rules: vec![(vec![70, 89], vec![true, true, false, true, true, true])],
        ties: vec![],
    };
    let (shape, mut tables) = (problem.shape(), Tables::default());
    tables.fit(&shape.plan, 1);
    tables.ask_plainly(&shape, &mut problem).expect("sound");
    let mut roll = Roll::default();
    roll.write(&shape, &tables).expect("short enough");
    let utilities: Vec<f64> = (0..12).map(|deal| roll.utility(0, deal)).collect();
    let tenths = [0, 7, 10, 17, 20, 27, 30, 37, 40, 47, 50, 57];
    assert_eq!(utilities, tenths.map(|tenths| f64::from(tenths) / 10.0));
    let shut: Vec<usize> = (0..12).filter(|deal| !roll.allowed[*deal]).collect();
    assert_eq!(shut, [2, 8]);
}
