//! Random scenarios with explicit tables, and every deal they allow.

use demarche::bargaining::{
    Desk, Ending, FactorSketch, Frontier, Grid, IssueSketch, Negotiation, Outcome, PROTOCOLS,
    Party, Shape, Sketch, Stakes, frontier,
};

/// A small deterministic generator, so that failures can be named by their seed.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        ((self.0 >> 33) % sides as u64) as usize
    }

    pub fn uniform(&mut self) -> f64 {
        self.below(1 << 30) as f64 / (1 << 30) as f64
    }
}

/// Explicit tables; values are tenths, so that the oracle can add whole numbers.
#[derive(Clone)]
pub struct Book {
    pub levels: Vec<usize>,
    pub seats: usize,
    pub factors: Vec<(usize, Vec<usize>, Vec<i64>)>,
    pub rules: Vec<(Vec<usize>, Vec<bool>)>,
    pub reservation: Vec<f64>,
    /// Utilities become `scale * tenths / 10 + shift`, reservations likewise.
    pub units: Vec<(f64, f64)>,
}

impl Stakes for Book {
    fn factor(&mut self, which: usize, _: &Grid, out: &mut [f64]) {
        let (seat, _, values) = &self.factors[which];
        for (out, value) in out.iter_mut().zip(values) {
            *out = self.units[*seat].0 * (*value as f64 / 10.0);
        }
        if self.first_of(*seat) == which {
            out.iter_mut().for_each(|out| *out += self.units[*seat].1);
        }
    }

    fn rule(&mut self, which: usize, _: &Grid, out: &mut [bool]) {
        out.copy_from_slice(&self.rules[which].1);
    }
}

impl Book {
    pub fn first_of(&self, seat: usize) -> usize {
        self.factors
            .iter()
            .position(|factor| factor.0 == seat)
            .unwrap()
    }

    pub fn random(seed: u64) -> Book {
        let dice = &mut Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(7));
        let seats = 2 + dice.below(3);
        let levels: Vec<usize> = (0..2 + dice.below(4)).map(|_| 1 + dice.below(4)).collect();
        let spread = [3, 8, 40, 1000][dice.below(4)];
        let whole = |dice: &mut Dice| (dice.below(2 * spread) as i64 - spread as i64 / 2) * 5;
        let scope = |dice: &mut Dice, most: usize| {
            let mut scope: Vec<usize> = (0..most).map(|_| dice.below(levels.len())).collect();
            scope.sort_unstable();
            scope.dedup();
            scope
        };
        let size = |scope: &[usize]| scope.iter().map(|&issue| levels[issue]).product::<usize>();
        let mut factors = vec![];
        for seat in 0..seats {
            factors.push((seat, vec![], vec![whole(dice)]));
            for (issue, &count) in levels.iter().enumerate() {
                if dice.below(6) > 0 {
                    factors.push((seat, vec![issue], (0..count).map(|_| whole(dice)).collect()));
                }
            }
            for _ in 0..dice.below(4) {
                let scope = scope(dice, 3);
                let values =
                    (0..size(&scope)).map(|_| if dice.below(2) == 0 { 0 } else { whole(dice) });
                let values = values.collect();
                factors.push((seat, scope, values));
            }
        }
        let rules = (0..dice.below(4)).map(|_| {
            let scope = scope(dice, 3);
            let allowed = (0..size(&scope)).map(|_| dice.below(5) > 0).collect();
            (scope, allowed)
        });
        let rules = rules.collect();
        let units = vec![(1.0, 0.0); seats];
        let mut book = Book {
            levels,
            seats,
            factors,
            rules,
            reservation: vec![0.0; seats],
            units,
        };
        let deals = book.deals();
        let pick = deals[dice.below(deals.len())].1.clone();
        for (seat, &picked) in pick.iter().enumerate() {
            let low = deals.iter().map(|deal| deal.1[seat]).min().unwrap();
            let share = dice.uniform();
            let mixed = low as f64 + share * (picked - low) as f64;
            let floor = if dice.below(3) == 0 {
                picked as f64
            } else {
                mixed.round()
            };
            book.reservation[seat] = floor / 10.0;
        }
        book
    }

    pub fn shape(&self) -> Shape {
        let issues = self
            .levels
            .iter()
            .map(|&levels| IssueSketch::Levels((0..levels).map(|level| level as f64).collect()));
        let factors = self.factors.iter().map(|(seat, scope, _)| FactorSketch {
            seat: *seat,
            scope: scope.clone(),
        });
        let sketch = Sketch {
            ties: vec![],
            issues: issues.collect(),
            seats: self.seats,
            factors: factors.collect(),
            rules: self.rules.iter().map(|rule| rule.0.clone()).collect(),
        };
        Shape::new(sketch).unwrap()
    }

    /// Every deal: its index, its utilities in tenths, whether the rules allow it.
    pub fn deals(&self) -> Vec<(u64, Vec<i64>, bool)> {
        let count: usize = self.levels.iter().product();
        let place = |scope: &[usize], deal: &[usize]| {
            scope
                .iter()
                .fold(0, |place, &issue| place * self.levels[issue] + deal[issue])
        };
        (0..count)
            .map(|index| {
                let mut deal = vec![0; self.levels.len()];
                let mut rest = index;
                for issue in (0..deal.len()).rev() {
                    deal[issue] = rest % self.levels[issue];
                    rest /= self.levels[issue];
                }
                let mut utilities = vec![0; self.seats];
                for (seat, scope, values) in &self.factors {
                    utilities[*seat] += values[place(scope, &deal)];
                }
                let allowed = self
                    .rules
                    .iter()
                    .all(|(scope, allowed)| allowed[place(scope, &deal)]);
                (index as u64, utilities, allowed)
            })
            .collect()
    }

    /// Allowed and individually rational deals: index and gains.
    pub fn zone(&self) -> Vec<(u64, Vec<f64>)> {
        let gains = |utilities: &[i64]| -> Vec<f64> {
            let pairs = utilities.iter().zip(&self.reservation);
            pairs
                .map(|(utility, reservation)| *utility as f64 / 10.0 - reservation)
                .collect()
        };
        let deals = self.deals().into_iter().filter(|deal| deal.2);
        let deals = deals.map(|(index, utilities, _)| (index, gains(&utilities)));
        deals
            .filter(|(_, gains)| gains.iter().all(|gain| *gain >= -1e-9))
            .collect()
    }

    pub fn index(&self, desk: &Desk) -> u64 {
        let levels = desk.deal().iter().zip(&self.levels);
        levels.fold(0, |index, (level, levels)| {
            index * *levels as u64 + *level as u64
        })
    }

    /// Plays one protocol; the outcome and, on agreement, the deal's index.
    pub fn play(
        &self,
        protocol: &str,
        settings: &[f64],
        party: Party<'_>,
        desk: &mut Desk,
        shape: &Shape,
    ) -> (Outcome, Option<u64>) {
        let kind = PROTOCOLS
            .iter()
            .find(|kind| kind.kind.name == protocol)
            .unwrap();
        let mut stakes = self.clone();
        let mut negotiation = Negotiation::new(shape, &mut stakes, party, settings);
        let outcome = (kind.build)().negotiate(&mut negotiation, desk);
        let deal = (outcome.ending == Ending::Agreement).then(|| self.index(desk));
        (outcome, deal)
    }

    pub fn solve(&self, shape: &Shape, desk: &mut Desk) -> Frontier {
        let ones = vec![1.0; self.seats];
        let parties = Party {
            reservation: &self.reservation,
            discount: &ones,
            risk: &ones,
        };
        let mut stakes = self.clone();
        frontier(
            &mut Negotiation::new(shape, &mut stakes, parties, &[]),
            desk,
        )
    }
}
