//! Bargaining against outside truth: brute force over every deal on thousands of small random
//! scenarios, and the closed forms of the literature.

use demarche::bargaining::{
    Desk, Ending, FactorSketch, Frontier, Grid, IssueSketch, Negotiation, Outcome, PROTOCOLS,
    Party, Shape, Sketch, Stakes, frontier,
};

/// A small deterministic generator, so that failures can be named by their seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        ((self.0 >> 33) % sides as u64) as usize
    }

    fn uniform(&mut self) -> f64 {
        self.below(1 << 30) as f64 / (1 << 30) as f64
    }
}

/// Explicit tables; values are tenths, so that the oracle can add whole numbers.
#[derive(Clone)]
struct Book {
    levels: Vec<usize>,
    seats: usize,
    factors: Vec<(usize, Vec<usize>, Vec<i64>)>,
    rules: Vec<(Vec<usize>, Vec<bool>)>,
    reservation: Vec<f64>,
    /// Utilities become `scale * tenths / 10 + shift`, reservations likewise.
    units: Vec<(f64, f64)>,
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
    fn first_of(&self, seat: usize) -> usize {
        self.factors
            .iter()
            .position(|factor| factor.0 == seat)
            .unwrap()
    }

    fn random(seed: u64) -> Book {
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
            for issue in 0..levels.len() {
                if dice.below(6) > 0 {
                    factors.push((
                        seat,
                        vec![issue],
                        (0..levels[issue]).map(|_| whole(dice)).collect(),
                    ));
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
        for seat in 0..seats {
            let low = deals.iter().map(|deal| deal.1[seat]).min().unwrap();
            let share = dice.uniform();
            let mixed = low as f64 + share * (pick[seat] - low) as f64;
            let floor = if dice.below(3) == 0 {
                pick[seat] as f64
            } else {
                mixed.round()
            };
            book.reservation[seat] = floor / 10.0;
        }
        book
    }

    fn shape(&self) -> Shape {
        let issues = self
            .levels
            .iter()
            .map(|&levels| IssueSketch::Levels((0..levels).map(|level| level as f64).collect()));
        let factors = self.factors.iter().map(|(seat, scope, _)| FactorSketch {
            seat: *seat,
            scope: scope.clone(),
        });
        let sketch = Sketch {
            issues: issues.collect(),
            seats: self.seats,
            factors: factors.collect(),
            rules: self.rules.iter().map(|rule| rule.0.clone()).collect(),
        };
        Shape::new(sketch).unwrap()
    }

    /// Every deal: its index, its utilities in tenths, whether the rules allow it.
    fn deals(&self) -> Vec<(u64, Vec<i64>, bool)> {
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
    fn zone(&self) -> Vec<(u64, Vec<f64>)> {
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

    fn index(&self, desk: &Desk) -> u64 {
        let levels = desk.deal().iter().zip(&self.levels);
        levels.fold(0, |index, (level, levels)| {
            index * *levels as u64 + *level as u64
        })
    }

    /// Plays one protocol; the outcome and, on agreement, the deal's index.
    fn play(
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
        let mut negotiation = Negotiation {
            shape,
            stakes: &mut stakes,
            parties: party,
            settings,
        };
        let outcome = (kind.build)().negotiate(&mut negotiation, desk);
        let deal = (outcome.ending == Ending::Agreement).then(|| self.index(desk));
        (outcome, deal)
    }

    fn solve(&self, shape: &Shape, desk: &mut Desk) -> Frontier {
        let ones = vec![1.0; self.seats];
        let parties = Party {
            reservation: &self.reservation,
            discount: &ones,
            risk: &ones,
        };
        let mut stakes = self.clone();
        frontier(
            &mut Negotiation {
                shape,
                stakes: &mut stakes,
                parties,
                settings: &[],
            },
            desk,
        )
    }
}

/// Keeps what is within the tolerance of the best score.
fn keep<T>(left: &mut Vec<T>, tolerance: f64, score: impl Fn(&T) -> f64) {
    let best = left.iter().map(&score).fold(f64::NEG_INFINITY, f64::max);
    left.retain(|one| score(one) >= best - tolerance);
}

type Deal = (u64, Vec<f64>);

fn ideals(zone: &[Deal], seats: usize) -> Vec<f64> {
    (0..seats)
        .map(|seat| zone.iter().map(|deal| deal.1[seat]).fold(0.0, f64::max))
        .collect()
}

fn normal(gain: f64, ideal: f64) -> f64 {
    if ideal > 1e-7 { gain / ideal } else { 0.0 }
}

fn break_tie(left: &mut Vec<Deal>, ideal: &[f64]) -> Option<u64> {
    let shares = |deal: &Deal| -> Vec<f64> {
        deal.1
            .iter()
            .zip(ideal)
            .map(|(gain, ideal)| normal(*gain, *ideal))
            .collect()
    };
    keep(left, 1e-9, |deal| shares(deal).iter().sum());
    keep(left, 1e-9, |deal| {
        shares(deal).into_iter().fold(f64::INFINITY, f64::min)
    });
    left.iter().map(|deal| deal.0).min()
}

fn power_of(gain: f64, risk: f64) -> f64 {
    if risk == 1.0 {
        gain
    } else {
        gain.max(0.0).powf(risk)
    }
}

/// The winner of a rule over all deals of the zone, from the rules' definitions.
fn winner(rule: &str, power: &[f64], risk: &[f64], zone: &[Deal]) -> Option<u64> {
    let seats = power.len();
    let ideal = ideals(zone, seats);
    let mut left = zone.to_vec();
    let leximin = |left: &mut Vec<Deal>, share: &dyn Fn(usize, f64) -> Option<f64>| {
        let sorted = |deal: &Deal| {
            let shares = deal.1.iter().enumerate();
            let mut sorted: Vec<f64> = shares
                .filter_map(|(seat, gain)| share(seat, *gain))
                .collect();
            sorted.sort_unstable_by(f64::total_cmp);
            sorted
        };
        for rank in 0..left.first().map_or(0, |deal| sorted(deal).len()) {
            keep(left, 1e-7, |deal| sorted(deal)[rank]);
        }
    };
    match rule {
        "nash" => {
            keep(&mut left, 0.5, |deal| {
                deal.1.iter().filter(|gain| **gain > 1e-7).count() as f64
            });
            keep(&mut left, 1e-9, |deal| {
                let gainers = (0..seats).filter(|&seat| deal.1[seat] > 1e-7);
                gainers
                    .map(|seat| power[seat] * risk[seat] * normal(deal.1[seat], ideal[seat]).ln())
                    .sum()
            });
        }
        "kalai-smorodinsky" => leximin(&mut left, &|seat, gain| {
            let share = power_of(normal(gain, ideal[seat]), risk[seat]);
            (ideal[seat] > 1e-7).then_some(share / power[seat])
        }),
        "egalitarian" => leximin(&mut left, &|seat, gain| {
            Some(power_of(gain, risk[seat]) / power[seat])
        }),
        "utilitarian" => keep(&mut left, 1e-7, |deal| {
            (0..seats)
                .map(|seat| power[seat] * power_of(deal.1[seat], risk[seat]))
                .sum()
        }),
        _ => unreachable!(),
    }
    break_tie(&mut left, &ideal)
}

const RULES: [&str; 4] = ["nash", "kalai-smorodinsky", "egalitarian", "utilitarian"];

fn weights(dice: &mut Dice, seats: usize) -> Vec<f64> {
    if dice.below(2) == 0 {
        return vec![1.0; seats];
    }
    (0..seats)
        .map(|_| (1 + dice.below(9)) as f64 / 4.0)
        .collect()
}

#[test]
fn frontiers_are_those_of_brute_force() {
    for seed in 0..4000 {
        let book = Book::random(seed);
        let zone = book.zone();
        let beats = |one: &Deal, other: &Deal| {
            one.1.iter().zip(&other.1).all(|(one, other)| one >= other)
                && (one.1 != other.1 || one.0 < other.0)
        };
        let mut truth: Vec<u64> = vec![];
        for deal in &zone {
            if !zone.iter().any(|other| beats(other, deal)) {
                truth.push(deal.0);
            }
        }
        let shape = book.shape();
        let found = book.solve(&shape, &mut Desk::new(&shape));
        let mut indices: Vec<u64> = found.points.iter().map(|point| point.index).collect();
        indices.sort_unstable();
        assert_eq!(indices, truth, "seed {seed}");
        let deals = book.deals();
        for point in &found.points {
            let exact: Vec<f64> = deals[point.index as usize]
                .1
                .iter()
                .map(|unit| *unit as f64 / 10.0)
                .collect();
            assert_eq!(point.utilities, exact, "seed {seed}");
        }
    }
}

#[test]
fn every_rule_picks_the_deal_that_brute_force_picks() {
    for seed in 0..4000 {
        let book = Book::random(seed);
        let dice = &mut Dice(seed + 99);
        let zone = book.zone();
        let shape = book.shape();
        let desk = &mut Desk::new(&shape);
        for rule in RULES {
            let power = weights(dice, book.seats);
            let risk = if dice.below(3) == 0 {
                weights(dice, book.seats)
            } else {
                vec![1.0; book.seats]
            };
            let discount = vec![1.0; book.seats];
            let party = Party {
                reservation: &book.reservation,
                discount: &discount,
                risk: &risk,
            };
            let (outcome, deal) = book.play(rule, &power, party, desk, &shape);
            assert_eq!(
                deal,
                winner(rule, &power, &risk, &zone),
                "{rule}, seed {seed}"
            );
            let ending = if zone.is_empty() {
                Ending::NoZone
            } else {
                Ending::Agreement
            };
            assert_eq!(outcome.ending, ending, "{rule}, seed {seed}");
        }
    }
}

/// Backward induction over every deal of the zone.
fn induction(
    zone: &[Deal],
    seats: usize,
    settings: &[f64],
    party: Party<'_>,
) -> Option<(u32, u64)> {
    let (rounds, first, breakdown) = (settings[0] as u32, settings[1] as usize, settings[2]);
    let bend = |seat: usize, gain: f64| {
        let risk = party.risk[seat];
        if risk == 1.0 {
            gain
        } else {
            gain.abs().powf(risk).copysign(gain)
        }
    };
    let bent = |deal: &Deal| {
        (
            deal.0,
            deal.1
                .iter()
                .enumerate()
                .map(|(seat, &gain)| bend(seat, gain))
                .collect(),
        )
    };
    let zone: Vec<Deal> = zone.iter().map(bent).collect();
    let ideal = ideals(&zone, seats);
    let mut value = vec![0.0; seats];
    let mut settled = None;
    for round in (0..rounds).rev() {
        let proposer = (first + round as usize) % seats;
        let waiting: Vec<f64> = (0..seats)
            .map(|seat| {
                let payoff = settings[3 + seat] - party.reservation[seat];
                let lost = if payoff.is_nan() {
                    0.0
                } else {
                    bend(seat, payoff)
                };
                breakdown * lost + (1.0 - breakdown) * party.discount[seat] * value[seat]
            })
            .collect();
        let accepted = |deal: &&Deal| {
            (0..seats).all(|seat| seat == proposer || deal.1[seat] >= waiting[seat] - 1e-7)
        };
        let mut left: Vec<Deal> = zone.iter().filter(accepted).cloned().collect();
        keep(&mut left, 1e-7, |deal| deal.1[proposer]);
        let offer =
            break_tie(&mut left, &ideal).and_then(|index| zone.iter().find(|deal| deal.0 == index));
        match offer.filter(|deal| deal.1[proposer] >= waiting[proposer] - 1e-7) {
            Some(deal) => {
                value = deal.1.clone();
                settled = Some((round, deal.0));
            }
            None => value = waiting,
        }
    }
    settled
}

#[test]
fn offers_are_those_of_backward_induction_over_all_deals() {
    for seed in 0..4000 {
        let book = Book::random(seed);
        let dice = &mut Dice(seed + 1234);
        let zone = book.zone();
        let shape = book.shape();
        let desk = &mut Desk::new(&shape);
        let seats = book.seats;
        let risk = if dice.below(3) == 0 {
            weights(dice, seats)
        } else {
            vec![1.0; seats]
        };
        let discount: Vec<f64> = (0..seats).map(|_| dice.below(21) as f64 / 20.0).collect();
        let party = Party {
            reservation: &book.reservation,
            discount: &discount,
            risk: &risk,
        };

        let mut settings = vec![1.0 + dice.below(30) as f64, dice.below(seats) as f64, 0.0];
        settings.extend(vec![f64::NAN; seats]);
        if dice.below(3) == 0 {
            settings[2] = dice.below(11) as f64 / 10.0;
            for seat in 0..seats {
                settings[3 + seat] = book.reservation[seat] + dice.below(5) as f64 - 2.0;
            }
        }
        let (outcome, deal) = book.play("alternating-offers", &settings, party, desk, &shape);
        let truth = induction(&zone, seats, &settings, party);
        assert_eq!(deal, truth.map(|settled| settled.1), "seed {seed}");
        assert_eq!(
            outcome.round,
            truth.map_or(0, |settled| settled.0),
            "seed {seed}"
        );
        if settings[2] == 0.0 {
            assert_eq!(
                (outcome.round, deal.is_none()),
                (0, zone.is_empty()),
                "no delay, seed {seed}"
            );
        }

        let proposer = dice.below(seats);
        let (_, deal) = book.play(
            "take-it-or-leave-it",
            &[proposer as f64],
            party,
            desk,
            &shape,
        );
        let ideal = ideals(&zone, seats);
        let mut left = zone;
        keep(&mut left, 1e-7, |deal| deal.1[proposer]);
        assert_eq!(deal, break_tie(&mut left, &ideal), "seed {seed}");
    }
}

/// Continuous issues: factors are functions of the issues they read.
type Function = Box<dyn Fn(&[f64]) -> f64>;
type Condition = Box<dyn Fn(&[f64]) -> bool>;

struct Field {
    issues: Vec<IssueSketch>,
    factors: Vec<(usize, Vec<usize>, Function)>,
    rules: Vec<(Vec<usize>, Condition)>,
}

fn each(scope: &[usize], grid: &Grid, mut visit: impl FnMut(usize, &[f64])) {
    let count: usize = scope
        .iter()
        .map(|&issue| grid.values(issue).len())
        .product();
    let mut values = vec![0.0; scope.len()];
    for place in 0..count {
        let mut rest = place;
        for (value, &issue) in values.iter_mut().zip(scope).rev() {
            let all = grid.values(issue);
            *value = all[rest % all.len()];
            rest /= all.len();
        }
        visit(place, &values);
    }
}

impl Stakes for Field {
    fn factor(&mut self, which: usize, grid: &Grid, out: &mut [f64]) {
        let (_, scope, function) = &self.factors[which];
        each(scope, grid, |place, values| out[place] = function(values));
    }

    fn rule(&mut self, which: usize, grid: &Grid, out: &mut [bool]) {
        let (scope, condition) = &self.rules[which];
        each(scope, grid, |place, values| out[place] = condition(values));
    }
}

impl Field {
    fn range(from: f64, to: f64) -> Field {
        Field {
            issues: vec![IssueSketch::Range { from, to }],
            factors: vec![],
            rules: vec![],
        }
    }

    fn ranges(count: usize) -> Field {
        let issues = vec![IssueSketch::Range { from: 0.0, to: 1.0 }; count];
        Field {
            issues,
            factors: vec![],
            rules: vec![],
        }
    }

    fn with(
        mut self,
        seat: usize,
        scope: &[usize],
        function: impl Fn(&[f64]) -> f64 + 'static,
    ) -> Field {
        self.factors
            .push((seat, scope.to_vec(), Box::new(function)));
        self
    }

    fn only(mut self, scope: &[usize], condition: impl Fn(&[f64]) -> bool + 'static) -> Field {
        self.rules.push((scope.to_vec(), Box::new(condition)));
        self
    }

    fn shape(&self, seats: usize) -> Shape {
        let factors = self.factors.iter().map(|factor| FactorSketch {
            seat: factor.0,
            scope: factor.1.clone(),
        });
        let rules = self.rules.iter().map(|rule| rule.0.clone());
        let issues = self.issues.clone();
        Shape::new(Sketch {
            issues,
            seats,
            factors: factors.collect(),
            rules: rules.collect(),
        })
        .unwrap()
    }

    fn play(
        &mut self,
        protocol: &str,
        settings: &[f64],
        reservation: &[f64],
        discount: &[f64],
    ) -> Option<(Vec<f64>, Vec<f64>)> {
        let seats = reservation.len();
        let shape = self.shape(seats);
        self.play_at(
            &shape,
            &mut Desk::new(&shape),
            protocol,
            settings,
            reservation,
            discount,
        )
    }

    fn play_at(
        &mut self,
        shape: &Shape,
        desk: &mut Desk,
        protocol: &str,
        settings: &[f64],
        reservation: &[f64],
        discount: &[f64],
    ) -> Option<(Vec<f64>, Vec<f64>)> {
        let risk = vec![1.0; reservation.len()];
        let parties = Party {
            reservation,
            discount,
            risk: &risk,
        };
        let kind = PROTOCOLS
            .iter()
            .find(|kind| kind.kind.name == protocol)
            .unwrap();
        let outcome = (kind.build)().negotiate(
            &mut Negotiation {
                shape,
                stakes: self,
                parties,
                settings,
            },
            desk,
        );
        match outcome.ending {
            Ending::Agreement => {
                assert_eq!(outcome.round, 0);
                Some((desk.deal().to_vec(), desk.utilities().to_vec()))
            }
            ending => {
                assert_eq!(ending, Ending::NoZone);
                None
            }
        }
    }
}

fn close(found: &[f64], truth: &[f64], tolerance: f64, what: &str) {
    let near = found
        .iter()
        .zip(truth)
        .all(|(found, truth)| (found - truth).abs() <= tolerance);
    assert!(
        near && found.len() == truth.len(),
        "{what}: {found:?}, not {truth:?}"
    );
}

fn share(second: impl Fn(f64) -> f64 + 'static) -> Field {
    Field::range(0.0, 1.0)
        .with(0, &[0], |x| x[0])
        .with(1, &[0], move |x| second(x[0]))
}

/// A pie in ranges: all but the last share stand on the table, the rest is the last one's.
fn pie(parts: usize, exponents: &[f64]) -> Field {
    let all: Vec<usize> = (0..parts - 1).collect();
    let mut field = Field::ranges(parts - 1).only(&all, |x| x.iter().sum::<f64>() <= 1.0);
    for seat in 0..parts - 1 {
        let exponent = exponents[seat];
        field = field.with(seat, &[seat], move |x| x[0].powf(exponent));
    }
    let exponent = exponents[parts - 1];
    field.with(parts - 1, &all, move |x| {
        (1.0 - x.iter().sum::<f64>()).max(0.0).powf(exponent)
    })
}

#[test]
fn rules_on_one_range_meet_their_closed_forms() {
    let two = [1.0, 1.0];
    let golden = (5.0_f64.sqrt() - 1.0) / 2.0;
    let mut check =
        |mut field: Field, rule: &str, power: &[f64], floor: &[f64], x: f64, u: [f64; 2]| {
            let (deal, utilities) = field.play(rule, power, floor, &two).expect(rule);
            close(&deal, &[x], 1e-6, rule);
            close(&utilities, &u, 1e-6, rule);
        };
    let linear = || share(|x| 1.0 - x);
    let parabola = || share(|x| 1.0 - x * x);
    let root = || {
        Field::range(0.0, 1.0)
            .with(0, &[0], |x| x[0].sqrt())
            .with(1, &[0], |x| 1.0 - x[0])
    };
    check(linear(), "nash", &two, &[0.0, 0.0], 0.5, [0.5, 0.5]);
    check(
        linear(),
        "nash",
        &[0.7, 0.3],
        &[0.1, 0.2],
        0.59,
        [0.59, 0.41],
    );
    check(
        root(),
        "nash",
        &two,
        &[0.0, 0.0],
        1.0 / 3.0,
        [0.5773502691896257, 2.0 / 3.0],
    );
    check(
        root(),
        "nash",
        &two,
        &[0.2, 0.1],
        0.38245753492109713,
        [0.6184315119082283, 0.6175424650789029],
    );
    check(root(), "utilitarian", &two, &[0.0, 0.0], 0.25, [0.5, 0.75]);
    let kink = || {
        Field::range(0.0, 10.0)
            .with(0, &[0], |x| x[0])
            .with(1, &[0], |x| {
                if x[0] < 6.0 {
                    10.0 - x[0] / 3.0
                } else {
                    8.0 - 2.0 * (x[0] - 6.0)
                }
            })
    };
    check(kink(), "nash", &two, &[0.0, 0.0], 6.0, [6.0, 8.0]);
    check(
        parabola(),
        "kalai-smorodinsky",
        &two,
        &[0.0, 0.0],
        golden,
        [golden, golden],
    );
    let asymmetric = (-0.4 + (0.16_f64 + 4.0 * 0.36).sqrt()) / 1.2;
    check(
        parabola(),
        "kalai-smorodinsky",
        &[0.6, 0.4],
        &[0.0, 0.0],
        asymmetric,
        [asymmetric, 1.0 - asymmetric * asymmetric],
    );
    check(
        share(|x| 2.0 - 2.0 * x),
        "egalitarian",
        &two,
        &[0.0, 0.0],
        2.0 / 3.0,
        [2.0 / 3.0, 2.0 / 3.0],
    );
    check(linear(), "utilitarian", &two, &[0.0, 0.0], 0.5, [0.5, 0.5]);
    check(
        share(|x| 1.0 - 0.3 * x),
        "kalai-smorodinsky",
        &two,
        &[0.0, 0.0],
        1.0 / 1.3,
        [1.0 / 1.3, 1.0 / 1.3],
    );
    check(
        linear(),
        "take-it-or-leave-it",
        &[0.0],
        &[0.0, 0.3],
        0.7,
        [0.7, 0.3],
    );
    check(
        linear(),
        "take-it-or-leave-it",
        &[1.0],
        &[0.123456, 0.3],
        0.123456,
        [0.123456, 0.876544],
    );
}

#[test]
fn shares_of_a_pie_meet_their_closed_forms() {
    let ones = [1.0; 4];
    let (deal, utilities) = pie(3, &[1.0, 0.5, 0.25])
        .play("nash", &ones[..3], &[0.0; 3], &ones[..3])
        .unwrap();
    close(&deal, &[4.0 / 7.0, 2.0 / 7.0], 1e-5, "three shares");
    close(
        &utilities,
        &[0.5714285714285714, 0.5345224838248488, 0.6147881529512643],
        1e-5,
        "three shares",
    );
    let floors = [0.05, 0.2, 0.1, 0.15];
    let (deal, _) = pie(4, &ones)
        .play("nash", &[0.4, 0.3, 0.2, 0.1], &floors, &ones)
        .unwrap();
    close(&deal, &[0.25, 0.35, 0.2], 1e-5, "four shares");
}

#[test]
fn two_ranges_trade_off() {
    let field = || {
        Field::ranges(2)
            .with(0, &[0], |x| 0.7 * x[0])
            .with(0, &[1], |x| 0.3 * x[0])
            .with(1, &[0], |x| 0.4 * (1.0 - x[0]))
            .with(1, &[1], |x| 0.6 * (1.0 - x[0]))
    };
    let (deal, utilities) = field()
        .play("nash", &[1.0, 1.0], &[0.2, 0.45], &[1.0, 1.0])
        .unwrap();
    close(&deal, &[0.465 / 0.56, 0.0], 1e-5, "edge");
    close(&utilities, &[0.58125, 0.6678571428571429], 1e-6, "edge");
    let settings = [2.0, 0.0, 0.0, f64::NAN, f64::NAN];
    let (deal, utilities) = field()
        .play("alternating-offers", &settings, &[0.0, 0.0], &[0.9, 0.75])
        .unwrap();
    close(&deal, &[0.625, 0.0], 1e-5, "two rounds");
    close(&utilities, &[0.4375, 0.75], 1e-6, "two rounds");
}

#[test]
fn offers_on_a_range_meet_their_closed_forms() {
    let mut check = |mut field: Field,
                     rounds: f64,
                     first: f64,
                     breakdown: [f64; 3],
                     discount: [f64; 2],
                     x: f64| {
        let settings = [rounds, first, breakdown[0], breakdown[1], breakdown[2]];
        let (deal, _) = field
            .play("alternating-offers", &settings, &[0.0, 0.0], &discount)
            .unwrap();
        close(&deal, &[x], 1e-6, "offer");
    };
    let linear = || share(|x| 1.0 - x);
    let no = [0.0, f64::NAN, f64::NAN];
    check(linear(), 1.0, 0.0, no, [0.9, 0.9], 1.0);
    check(linear(), 2.0, 0.0, no, [0.9, 0.7], 0.3);
    for rounds in [3, 4, 7] {
        let truth = (1.0 - (-0.9_f64).powi(rounds)) / 1.9;
        check(linear(), rounds as f64, 0.0, no, [0.9, 0.9], truth);
    }
    check(linear(), 400.0, 0.0, no, [0.9, 0.9], 1.0 / 1.9);
    check(linear(), 401.0, 0.0, no, [0.95, 0.8], 0.2 / 0.24);
    check(linear(), 400.0, 1.0, no, [0.95, 0.8], 0.95 * 0.2 / 0.24);
    check(
        share(|x| 1.0 - x * x),
        400.0,
        0.0,
        no,
        [0.9, 0.85],
        0.6939315030888376,
    );
    check(linear(), 400.0, 0.0, no, [0.9, 0.0], 1.0);
    check(
        linear(),
        400.0,
        0.0,
        [0.1, 0.2, 0.3],
        [1.0, 1.0],
        0.4631578947368429,
    );
    check(
        linear(),
        400.0,
        0.0,
        [0.6, 0.0, 0.35],
        [1.0, 1.0],
        0.46428571428571486,
    );
    check(linear(), 3000.0, 0.0, no, [0.99, 0.99], 1.0 / 1.99);
}

#[test]
fn a_zone_between_the_points_of_the_grid_is_found() {
    let mut field = Field::range(0.0, 1.0)
        .with(0, &[0], |x| x[0])
        .with(1, &[0], |x| -x[0]);
    let shape = field.shape(2);
    let desk = &mut Desk::new(&shape);
    let dice = &mut Dice(5);
    for run in 0..3000 {
        let low = dice.uniform();
        let width = [0.0, 1e-7, 1e-3, 0.02, -1e-7, -1e-3, -0.4][run % 7];
        let high = low + width;
        let found = field.play_at(
            &shape,
            desk,
            "nash",
            &[1.0, 1.0],
            &[low, -high],
            &[1.0, 1.0],
        );
        let exists = width >= 0.0 && low <= 1.0;
        assert_eq!(found.is_some(), exists, "[{low}, {high}]");
        if let Some((deal, _)) = found {
            let truth = if high > 1.0 {
                (low + high).min(2.0) / 2.0
            } else {
                (low + high) / 2.0
            };
            close(&deal, &[truth], 1e-6, "midpoint");
        }
    }
}

/// Two opposed concave issues: the deal that maximises `slope * u_0 + (1 - slope) * u_1` is known
/// issue by issue, so every goal is a bisection on the slope.
fn concave(goal: impl Fn(f64, f64) -> f64) -> [f64; 2] {
    let best = |slope: f64| {
        let place = |one: f64, two: f64| {
            let (one, two) = (one * slope, two * (1.0 - slope));
            one * one / (one * one + two * two)
        };
        let (p, q) = (place(0.7, 0.4), place(0.3, 0.6));
        let other = |x: f64| (1.0 - x).max(0.0).sqrt();
        [
            0.7 * p.sqrt() + 0.3 * q.sqrt(),
            0.4 * other(p) + 0.6 * other(q),
        ]
    };
    let (mut low, mut high) = (1e-12, 1.0 - 1e-12);
    for _ in 0..200 {
        let middle = (low + high) / 2.0;
        let [one, two] = best(middle);
        if goal(one, two) > 0.0 {
            high = middle;
        } else {
            low = middle;
        }
    }
    best(low)
}

#[test]
fn concave_trade_offs_on_two_ranges_meet_their_decomposition() {
    let field = || {
        Field::ranges(2)
            .with(0, &[0], |x| 0.7 * x[0].sqrt())
            .with(0, &[1], |x| 0.3 * x[0].sqrt())
            .with(1, &[0], |x| 0.4 * (1.0 - x[0]).sqrt())
            .with(1, &[1], |x| 0.6 * (1.0 - x[0]).sqrt())
    };
    let floor = [0.2, 0.33];
    let check = |protocol: &str, settings: &[f64], truth: [f64; 2]| {
        let (_, utilities) = field()
            .play(protocol, settings, &floor, &[0.9, 0.8])
            .unwrap();
        close(&utilities, &truth, 1e-7, protocol);
    };
    let ideal = [
        concave(|_, two| floor[1] - two)[0] - floor[0],
        concave(|one, _| one - floor[0])[1] - floor[1],
    ];
    let gains = |one: f64, two: f64| [one - floor[0], two - floor[1]];
    check(
        "kalai-smorodinsky",
        &[1.0, 1.3],
        concave(|one, two| {
            let [one, two] = gains(one, two);
            1.3 * one / ideal[0] - two / ideal[1]
        }),
    );
    check(
        "egalitarian",
        &[2.0, 1.0],
        concave(|one, two| {
            let [one, two] = gains(one, two);
            one - 2.0 * two
        }),
    );
    check(
        "take-it-or-leave-it",
        &[0.0],
        concave(|_, two| floor[1] - two),
    );
    check(
        "take-it-or-leave-it",
        &[1.0],
        concave(|one, _| one - floor[0]),
    );
    let mut value = [0.0; 2];
    for round in (0..15).rev() {
        let found = match round % 2 {
            0 => concave(|_, two| floor[1] + 0.8 * value[1] - two),
            _ => concave(|one, _| one - floor[0] - 0.9 * value[0]),
        };
        value = gains(found[0], found[1]);
    }
    let truth = [value[0] + floor[0], value[1] + floor[1]];
    check(
        "alternating-offers",
        &[15.0, 0.0, 0.0, f64::NAN, f64::NAN],
        truth,
    );
}

#[test]
fn three_rotating_proposers_share_a_pie_in_falling_shares() {
    let settings = [90.0, 0.0, 0.0, f64::NAN, f64::NAN, f64::NAN];
    let (_, utilities) = pie(3, &[1.0; 3])
        .play("alternating-offers", &settings, &[0.0; 3], &[0.9; 3])
        .unwrap();
    let total = 1.0 + 0.9 + 0.81;
    close(
        &utilities,
        &[1.0 / total, 0.9 / total, 0.81 / total],
        1e-4,
        "rotation",
    );
}

/// P4, P6: seats renamed, units changed, constants added: the same deal.
#[test]
fn names_and_units_do_not_matter_where_they_should_not() {
    for seed in 0..1500 {
        let book = Book::random(seed);
        let dice = &mut Dice(seed + 5);
        let shape = book.shape();
        let desk = &mut Desk::new(&shape);
        let power = weights(dice, book.seats);
        let discount: Vec<f64> = (0..book.seats)
            .map(|_| 0.5 + 0.5 * dice.uniform())
            .collect();
        let ones = vec![1.0; book.seats];
        let offers: Vec<f64> = [7.0, 0.0, 0.0]
            .into_iter()
            .chain(vec![f64::NAN; book.seats])
            .collect();

        let mut scaled = book.clone();
        let common = [0.25, 3.0, 40.0][dice.below(3)];
        for seat in 0..book.seats {
            let (scale, shift) = ([0.5, 2.0, 10.0][dice.below(3)], dice.below(9) as f64 - 4.0);
            scaled.units[seat] = (scale, shift);
            scaled.reservation[seat] = scale * book.reservation[seat] + shift;
        }
        let mut common_units = book.clone();
        for seat in 0..book.seats {
            common_units.units[seat] = (common, 0.0);
            common_units.reservation[seat] = common * book.reservation[seat];
        }
        let mut renamed = book.clone();
        let last = book.seats - 1;
        for factor in &mut renamed.factors {
            factor.0 = last - factor.0;
        }
        renamed.reservation.reverse();
        let power_renamed: Vec<f64> = power.iter().rev().copied().collect();
        let renamed_shape = renamed.shape();
        let renamed_desk = &mut Desk::new(&renamed_shape);

        for rule in RULES.into_iter().chain(["alternating-offers"]) {
            let settings = if rule == "alternating-offers" {
                &offers
            } else {
                &power
            };
            let mut play = |book: &Book| {
                let party = Party {
                    reservation: &book.reservation,
                    discount: &discount,
                    risk: &ones,
                };
                book.play(rule, settings, party, desk, &shape).1
            };
            let truth = play(&book);
            assert_eq!(
                truth,
                play(&common_units),
                "{rule} in common units, seed {seed}"
            );
            if !["egalitarian", "utilitarian"].contains(&rule) {
                assert_eq!(truth, play(&scaled), "{rule} in other units, seed {seed}");
            }
            if rule != "alternating-offers" {
                let party = Party {
                    reservation: &renamed.reservation,
                    discount: &ones,
                    risk: &ones,
                };
                let found = renamed
                    .play(rule, &power_renamed, party, renamed_desk, &renamed_shape)
                    .1;
                assert_eq!(truth, found, "{rule} with names exchanged, seed {seed}");
            }
        }
    }
}

/// P1, P2, P5, P8, P10, P14 on random problems.
#[test]
fn rules_and_offers_have_the_properties_of_their_theory() {
    for seed in 0..1500 {
        let mut book = Book::random(seed);
        let dice = &mut Dice(seed + 17);
        let shape = book.shape();
        let desk = &mut Desk::new(&shape);
        let listed = book.solve(&shape, desk);
        let efficient: Vec<u64> = listed.points.iter().map(|point| point.index).collect();
        let ones = vec![1.0; book.seats];
        let power = weights(dice, book.seats);
        for rule in RULES {
            let party = Party {
                reservation: &book.reservation,
                discount: &ones,
                risk: &ones,
            };
            let (outcome, deal) = book.play(rule, &power, party, desk, &shape);
            assert_eq!(
                deal.is_none(),
                efficient.is_empty(),
                "an empty zone, seed {seed}"
            );
            let Some(deal) = deal else { continue };
            assert!(
                efficient.contains(&deal),
                "{rule}: an efficient deal, seed {seed}"
            );
            assert_eq!(outcome.round, 0);
            let utilities = desk.utilities().to_vec();
            for (utility, reservation) in utilities.iter().zip(&book.reservation) {
                assert!(
                    *utility >= reservation - 1e-6,
                    "{rule}: rational, seed {seed}"
                );
            }
            if rule == "nash" {
                let gains = utilities.iter().zip(&book.reservation);
                let everybody = gains
                    .clone()
                    .all(|(utility, reservation)| utility - reservation > 1e-6);
                let mut stronger = power.clone();
                stronger[0] *= 1.0 + 2.0 * dice.uniform();
                book.play(rule, &stronger, party, desk, &shape);
                if everybody {
                    assert!(
                        desk.utilities()[0] >= utilities[0] - 1e-9,
                        "power helps, seed {seed}"
                    );
                }
            }
            if rule == "egalitarian" {
                let least = |book: &Book, utilities: &[f64]| {
                    let gains = utilities.iter().zip(&book.reservation).zip(&power);
                    gains
                        .map(|((utility, reservation), power)| (utility - reservation) / power)
                        .fold(f64::MAX, f64::min)
                };
                let before = least(&book, &utilities);
                let mut freer = book.clone();
                freer.rules.iter_mut().for_each(|rule| rule.1.fill(true));
                freer.play(rule, &power, party, desk, &shape);
                assert!(
                    least(&book, desk.utilities()) >= before - 1e-9,
                    "more deals, seed {seed}"
                );
            }
        }
        if book.seats == 2 && !efficient.is_empty() {
            let mut previous = f64::MIN;
            for step in 0..6 {
                let discount = [0.2 * step as f64, 0.7];
                let settings = [9.0, 0.0, 0.0, f64::NAN, f64::NAN];
                let party = Party {
                    reservation: &book.reservation,
                    discount: &discount,
                    risk: &ones,
                };
                book.play("alternating-offers", &settings, party, desk, &shape);
                assert!(
                    desk.utilities()[0] >= previous - 1e-6,
                    "patience helps, seed {seed}"
                );
                previous = desk.utilities()[0];
            }
        }
        book.reservation[0] = f64::NAN;
        let party = Party {
            reservation: &book.reservation,
            discount: &ones,
            risk: &ones,
        };
        let ending = book.play("nash", &power, party, desk, &shape).0.ending;
        assert!(matches!(ending, Ending::Unplayable(_)), "{ending:?}");
    }
}

#[test]
fn decimals_stay_decimals() {
    let levels = vec![3, 3];
    let tables = [
        vec![1, 7, 20],
        vec![3, 5, 30],
        vec![30, 11, 2],
        vec![9, 7, 1],
    ];
    let scopes = [(0, 0), (0, 1), (1, 0), (1, 1)];
    let factors = scopes
        .into_iter()
        .zip(tables)
        .map(|((seat, issue), table)| (seat, vec![issue], table));
    let book = Book {
        levels,
        seats: 2,
        factors: factors.collect(),
        rules: vec![],
        reservation: vec![0.0; 2],
        units: vec![(1.0, 0.0); 2],
    };
    let shape = book.shape();
    for point in book.solve(&shape, &mut Desk::new(&shape)).points {
        for utility in point.utilities {
            assert!(format!("{utility}").len() <= 3, "{utility}");
        }
    }
}

#[test]
fn worlds_that_make_no_sense_are_said_to_be_unplayable() {
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300] {
        let mut field = Field::range(0.0, 1.0)
            .with(0, &[0], move |x| if x[0] > 0.9 { bad } else { x[0] })
            .with(1, &[0], |x| -x[0]);
        let shape = field.shape(2);
        let ones = [1.0; 2];
        for kind in PROTOCOLS {
            let settings = vec![1.0; 3 + 2];
            let settings = if kind.kind.settings.len() == 1 {
                &settings[..2]
            } else {
                &settings[..]
            };
            let settings = if kind.kind.name.starts_with("take") {
                &settings[..1]
            } else {
                settings
            };
            let parties = Party {
                reservation: &[0.0, -1.0],
                discount: &ones,
                risk: &ones,
            };
            let mut negotiation = Negotiation {
                shape: &shape,
                stakes: &mut field,
                parties,
                settings,
            };
            let outcome = (kind.build)().negotiate(&mut negotiation, &mut Desk::new(&shape));
            assert!(
                matches!(outcome.ending, Ending::Unplayable(_)),
                "{}: {outcome:?}",
                kind.kind.name
            );
        }
    }
}
