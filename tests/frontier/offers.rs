//! Alternating offers with every setting, against arithmetic of its own: brute force over all deals,
//! iterated closed forms, and the properties P13 to P16 of the theory.

use crate::book::{Book, Dice};
use crate::field::Field;
use demarche::bargaining::{
    Desk, Ending, Lot, Negotiation, Outcome, PROTOCOLS, Party, Shape, Stakes, Step, Watch,
};
use std::collections::BTreeMap;

const NAME: &str = "alternating-offers";
const TOLERANCE: f64 = 1e-7;

struct Nobody;

impl Watch for Nobody {
    fn step(&mut self, _: &Step<'_>) {}
}

/// The settings by name.
#[derive(Clone)]
struct Terms {
    rounds: f64,
    first: f64,
    breakdown: f64,
    options: Vec<f64>,
    is_drawn: bool,
    chances: Vec<f64>,
    quota: f64,
}

impl Terms {
    fn new(seats: usize) -> Terms {
        Terms {
            rounds: f64::INFINITY,
            first: f64::NAN,
            breakdown: 0.0,
            options: vec![f64::NAN; seats],
            is_drawn: false,
            chances: vec![1.0; seats],
            quota: f64::NAN,
        }
    }

    fn slots(&self) -> Vec<f64> {
        let seats = self.options.len();
        let mut slots = vec![self.rounds, self.first, self.breakdown];
        slots.extend(vec![f64::NAN; seats]);
        slots.extend(&self.options);
        slots.push(f64::from(u8::from(self.is_drawn)));
        slots.extend(&self.chances);
        slots.push(self.quota);
        slots
    }

    fn chance(&self, seat: usize, round: usize) -> f64 {
        let seats = self.options.len();
        if self.is_drawn && (round > 0 || self.first.is_nan()) {
            return self.chances[seat] / self.chances.iter().sum::<f64>();
        }
        let first = if self.first.is_nan() {
            0
        } else {
            self.first as usize
        };
        f64::from(u8::from(
            (first + if self.is_drawn { 0 } else { round }) % seats == seat,
        ))
    }
}

/// How it ends, and the whole lottery: a single lot where nothing is drawn.
fn play(
    shape: &Shape,
    stakes: &mut dyn Stakes,
    parties: Party<'_>,
    terms: &Terms,
) -> (Outcome, Vec<Lot>) {
    let kind = PROTOCOLS
        .iter()
        .find(|kind| kind.kind.name == NAME)
        .unwrap();
    let (mut desk, slots, mut nobody) = (Desk::new(shape), terms.slots(), Nobody);
    let mut negotiation = Negotiation::new(shape, stakes, parties, &slots);
    negotiation.watch = Some(&mut nobody);
    let outcome = (kind.build)().negotiate(&mut negotiation, &mut desk);
    let mut lots = desk.lottery().to_vec();
    if lots.is_empty() && outcome.ending == Ending::Agreement {
        lots.push(Lot {
            share: 1.0,
            deal: desk.deal().to_vec(),
            utilities: desk.utilities().to_vec(),
        });
    }
    (outcome, lots)
}

/// The mean gains of a lottery.
fn mean(lots: &[Lot], reservation: &[f64]) -> Vec<f64> {
    let of = |seat: usize| {
        let gains = lots
            .iter()
            .map(|lot| lot.share * (lot.utilities[seat] - reservation[seat]));
        gains.sum::<f64>()
    };
    (0..reservation.len()).map(of).collect()
}

fn close(one: &[f64], other: &[f64], within: f64, what: &str) {
    let near = one.iter().zip(other).all(|(a, b)| (a - b).abs() <= within);
    assert!(
        near && one.len() == other.len(),
        "{what}: {one:?} is not {other:?}"
    );
}

/// Keeps the deals whose score is best.
fn keep(deals: &mut Vec<(u64, Vec<f64>)>, score: impl Fn(&[f64]) -> f64) {
    let best = deals
        .iter()
        .fold(f64::NEG_INFINITY, |best, deal| best.max(score(&deal.1)));
    deals.retain(|deal| score(&deal.1) >= best - TOLERANCE);
}

/// The chance of every deal, and of an opt-out, by looking at all deals in every round.
fn brute_force(
    deals: &[(u64, Vec<f64>)],
    terms: &Terms,
    options: &[f64],
    discount: &[f64],
) -> (BTreeMap<u64, f64>, f64) {
    let seats = discount.len();
    let quota = if terms.quota.is_nan() {
        seats
    } else {
        terms.quota as usize
    };
    let ideal: Vec<f64> = (0..seats)
        .map(|seat| {
            deals
                .iter()
                .fold(0.0, |most: f64, deal| most.max(deal.1[seat]))
        })
        .collect();
    let normal = |gains: &[f64]| -> Vec<f64> {
        let pairs = gains.iter().zip(&ideal);
        pairs
            .map(|(gain, ideal)| {
                if *ideal > TOLERANCE {
                    gain / ideal
                } else {
                    0.0
                }
            })
            .collect()
    };
    let mut values = vec![0.0; seats];
    let mut chances = (BTreeMap::new(), 0.0);
    for round in (0..terms.rounds as usize).rev() {
        let waits: Vec<f64> = (0..seats)
            .map(|seat| discount[seat] * values[seat])
            .collect();
        let mut now = vec![0.0; seats];
        let mut ends = (BTreeMap::new(), 0.0);
        for proposer in 0..seats {
            let chance = terms.chance(proposer, round);
            if chance == 0.0 {
                continue;
            }
            let leaves = |seat: usize| seat != proposer && options[seat] > waits[seat] + TOLERANCE;
            let opts_out = (0..seats).any(leaves);
            let refused: Vec<f64> = match opts_out {
                true => options
                    .iter()
                    .map(|option| if option.is_nan() { 0.0 } else { *option })
                    .collect(),
                false => waits.clone(),
            };
            let accepts = |gains: &[f64], seat: usize| {
                gains[seat] >= f64::max(waits[seat], options[seat]) - TOLERANCE
            };
            let mut left = deals.to_vec();
            left.retain(|(_, gains)| {
                let others = (0..seats).filter(|&seat| seat != proposer && accepts(gains, seat));
                gains[proposer] >= -TOLERANCE && others.count() + 1 >= quota
            });
            keep(&mut left, |gains| gains[proposer]);
            keep(&mut left, |gains| normal(gains).iter().sum());
            keep(&mut left, |gains| {
                normal(gains).into_iter().fold(f64::INFINITY, f64::min)
            });
            if quota == seats {
                left.truncate(1);
            }
            left.retain(|(_, gains)| gains[proposer] >= refused[proposer] - TOLERANCE);
            let share = chance / left.len() as f64;
            for (deal, gains) in &left {
                *ends.0.entry(*deal).or_insert(0.0) += share;
                (0..seats).for_each(|seat| now[seat] += share * gains[seat]);
            }
            if left.is_empty() {
                (0..seats).for_each(|seat| now[seat] += chance * refused[seat]);
                if opts_out {
                    ends.1 += chance;
                } else {
                    let later: &(BTreeMap<u64, f64>, f64) = &chances;
                    for (deal, share) in &later.0 {
                        *ends.0.entry(*deal).or_insert(0.0) += chance * share;
                    }
                    ends.1 += chance * later.1;
                }
            }
        }
        values = now;
        chances = ends;
    }
    chances
}

#[test]
fn every_setting_is_as_a_brute_force_says() {
    let (mut drawn, mut left, mut outvoted) = (0, 0, 0);
    for seed in 0..3000 {
        let book = Book::random(seed);
        let dice = &mut Dice(seed + 77);
        let seats = book.seats;
        let mut terms = Terms::new(seats);
        terms.rounds = 1.0 + dice.below(7) as f64;
        terms.is_drawn = dice.below(2) == 0;
        if dice.below(2) == 0 {
            terms.first = dice.below(seats) as f64;
        }
        terms.chances = (0..seats).map(|_| 1.0 + dice.below(4) as f64).collect();
        let majority = seats > 2 && dice.below(3) == 0;
        let mut options = vec![f64::NAN; seats];
        if majority {
            terms.quota = 2.0 + dice.below(seats - 2) as f64;
        } else if dice.below(2) == 0 {
            for (seat, option) in options.iter_mut().enumerate() {
                if dice.below(2) == 0 {
                    *option = dice.below(40) as f64 / 8.0;
                    terms.options[seat] = book.reservation[seat] + *option;
                }
            }
        }
        let discount: Vec<f64> = (0..seats).map(|_| dice.below(21) as f64 / 20.0).collect();
        let deals: Vec<(u64, Vec<f64>)> = match majority {
            false => book.zone(),
            true => {
                let allowed = book.deals().into_iter().filter(|deal| deal.2);
                let gains = |tenths: &[i64]| {
                    let pairs = tenths.iter().zip(&book.reservation);
                    pairs
                        .map(|(tenths, floor)| *tenths as f64 / 10.0 - floor)
                        .collect()
                };
                allowed
                    .map(|(index, tenths, _)| (index, gains(&tenths)))
                    .collect()
            }
        };
        let (truth, opted) = brute_force(&deals, &terms, &options, &discount);
        let ones = vec![1.0; seats];
        let parties = Party {
            reservation: &book.reservation,
            discount: &discount,
            risk: &ones,
        };
        let shape = book.shape();
        let (outcome, lots) = play(&shape, &mut book.clone(), parties, &terms);
        let mut found = BTreeMap::new();
        for lot in &lots {
            let levels = lot.deal.iter().zip(&book.levels);
            let index = levels.fold(0, |index, (level, levels)| {
                index * *levels as u64 + *level as u64
            });
            *found.entry(index).or_insert(0.0) += lot.share;
        }
        let same = truth
            .iter()
            .filter(|(_, share)| **share > TOLERANCE)
            .all(|(deal, share)| {
                found
                    .get(deal)
                    .is_some_and(|found: &f64| (found - share).abs() < TOLERANCE)
            });
        let total: f64 = found.values().sum();
        assert!(
            same && (total - truth.values().sum::<f64>()).abs() < TOLERANCE,
            "seed {seed}: {found:?} is not {truth:?}"
        );
        if opted > 1.0 - TOLERANCE {
            assert_eq!(outcome.ending, Ending::OptedOut, "seed {seed}");
            left += 1;
        }
        drawn += usize::from(found.len() > 1);
        outvoted += usize::from(majority && total > 0.5);
    }
    assert!(
        drawn > 100 && left > 50 && outvoted > 100,
        "{drawn} {left} {outvoted}"
    );
}

/// Two seats and the convex hull of their zone, by trying every pair of deals.
struct Hull {
    book: Book,
    zone: Vec<Vec<f64>>,
}

impl Hull {
    fn random(seed: u64) -> Option<Hull> {
        let book = Book::random(seed);
        let zone: Vec<Vec<f64>> = book.zone().into_iter().map(|deal| deal.1).collect();
        (book.seats == 2 && !zone.is_empty()).then_some(Hull { book, zone })
    }

    /// The proposer's most and what the other has with it, which must be at least so much.
    fn best(&self, proposer: usize, least: f64) -> Option<[f64; 2]> {
        let other = 1 - proposer;
        let mut best: Option<[f64; 2]> = None;
        let mut offer = |gains: [f64; 2]| {
            let better = best.is_none_or(|best| {
                let more = gains[proposer] - best[proposer];
                more > 1e-12 || more > -1e-12 && gains[other] > best[other]
            });
            if better {
                best = Some(gains);
            }
        };
        for one in &self.zone {
            if one[other] >= least - 1e-10 {
                offer([one[0], one[1]]);
            }
            for two in &self.zone {
                if one[other] < least && two[other] > least {
                    let share = (least - one[other]) / (two[other] - one[other]);
                    let mixed = |seat: usize| one[seat] + share * (two[seat] - one[seat]);
                    offer([mixed(0), mixed(1)]);
                }
            }
        }
        best
    }

    /// Gains of the stationary equilibrium, by very many rounds.
    fn equilibrium(&self, first: usize, discount: [f64; 2]) -> [f64; 2] {
        let mut value = [0.0; 2];
        for round in (0..600).rev() {
            let proposer = (first + round) % 2;
            let least = discount[1 - proposer] * value[1 - proposer];
            value = self
                .best(proposer, least)
                .expect("waiting is no better than a deal");
        }
        value
    }

    fn play(&self, first: usize, discount: [f64; 2], option: f64) -> Vec<f64> {
        let mut terms = Terms::new(2);
        terms.first = first as f64;
        terms.options[1 - first] = option + self.book.reservation[1 - first];
        let parties = Party {
            reservation: &self.book.reservation,
            discount: &discount,
            risk: &[1.0; 2],
        };
        let shape = self.book.shape();
        let (outcome, lots) = play(&shape, &mut self.book.clone(), parties, &terms);
        // P13: nobody waits.
        let at_once = Outcome {
            ending: Ending::Agreement,
            round: 0,
        };
        assert_eq!(outcome, at_once);
        mean(&lots, &self.book.reservation)
    }
}

#[test]
fn without_a_deadline_lotteries_make_the_equilibrium() {
    let mut played = 0;
    for seed in 0..300 {
        let Some(hull) = Hull::random(seed) else {
            continue;
        };
        if hull.zone.len() > 40 {
            continue;
        }
        played += 1;
        let dice = &mut Dice(seed);
        let discount = [dice.below(19) as f64 / 20.0, dice.below(19) as f64 / 20.0];
        let gains = hull.play(0, discount, f64::NAN);
        let truth = hull.equilibrium(0, discount);
        close(
            &gains,
            &truth,
            1e-6,
            &format!("seed {seed}, discounts {discount:?}"),
        );
    }
    assert!(played > 40, "only {played}");
}

#[test]
fn patience_pays_and_so_does_proposing() {
    for seed in 0..600 {
        let Some(hull) = Hull::random(seed) else {
            continue;
        };
        let mut before = [f64::NEG_INFINITY, f64::INFINITY];
        for step in 0..10 {
            let discount = [0.1 * step as f64, 0.8];
            let gains = hull.play(0, discount, f64::NAN);
            // P14.
            assert!(gains[0] >= before[0] - 1e-6, "own patience, seed {seed}");
            assert!(
                gains[1] <= before[1] + 1e-6,
                "the other's patience, seed {seed}"
            );
            let answered = hull.play(1, discount, f64::NAN);
            assert!(gains[0] >= answered[0] - 1e-6, "proposing, seed {seed}");
            before = [gains[0], gains[1]];
        }
    }
}

#[test]
fn an_outside_option_changes_nothing_or_is_met_exactly() {
    for seed in 0..600 {
        let Some(hull) = Hull::random(seed) else {
            continue;
        };
        let discount = [0.85, 0.9];
        let most = hull
            .zone
            .iter()
            .fold(0.0, |most: f64, gains| most.max(gains[1]));
        let plain = hull.play(0, discount, f64::NAN);
        for step in 0..=8 {
            let option = most * step as f64 / 8.0;
            let gains = hull.play(0, discount, option);
            // P15.
            let truth = f64::max(plain[1], option);
            assert!(
                (gains[1] - truth).abs() < 1e-6,
                "seed {seed}: {gains:?}, {plain:?}, {option}"
            );
        }
    }
}

/// A pie in shares that sum to one, and its parties.
fn pie(seats: usize) -> Field {
    let all: Vec<usize> = (0..seats - 1).collect();
    let mut field = Field::ranges(seats - 1).only(&all, |shares| shares.iter().sum::<f64>() <= 1.0);
    for seat in 0..seats - 1 {
        field = field.with(seat, &[seat], |share| share[0]);
    }
    field.with(seats - 1, &all, |shares| {
        f64::max(0.0, 1.0 - shares.iter().sum::<f64>())
    })
}

fn shares(seats: usize, floor: &[f64], discount: &[f64], terms: &Terms) -> (Vec<f64>, Vec<Lot>) {
    let mut field = pie(seats);
    let shape = field.shape(seats);
    let ones = vec![1.0; seats];
    let parties = Party {
        reservation: floor,
        discount,
        risk: &ones,
    };
    let (outcome, lots) = play(&shape, &mut field, parties, terms);
    let at_once = Outcome {
        ending: Ending::Agreement,
        round: 0,
    };
    assert_eq!(outcome, at_once, "{seats} seats");
    (mean(&lots, floor), lots)
}

#[test]
fn a_pie_is_divided_as_iterated_shares_say() {
    for seed in 0..60 {
        let dice = &mut Dice(seed);
        let seats = 2 + dice.below(4);
        let floor: Vec<f64> = (0..seats)
            .map(|_| dice.uniform() / (2 * seats) as f64)
            .collect();
        let surplus = 1.0 - floor.iter().sum::<f64>();
        let discount: Vec<f64> = (0..seats).map(|_| 0.97 * dice.uniform()).collect();
        let mut terms = Terms::new(seats);
        terms.is_drawn = seed % 2 == 0;
        terms.chances = (0..seats).map(|_| 0.2 + dice.uniform()).collect();
        let mut value = vec![0.0; seats];
        for round in (0..2000 * seats).rev() {
            let waits: Vec<f64> = value.iter().zip(&discount).map(|(v, d)| v * d).collect();
            let total: f64 = waits.iter().sum();
            for (seat, value) in value.iter_mut().enumerate() {
                *value = waits[seat] + terms.chance(seat, round) * (surplus - total);
            }
        }
        let (gains, _) = shares(seats, &floor, &discount, &terms);
        close(&gains, &value, 1e-8, &format!("seed {seed}, {seats} seats"));
    }
}

#[test]
fn a_majority_buys_the_votes_it_needs() {
    for (seats, quota, patience) in [
        (3, 2, 0.9),
        (5, 3, 0.8),
        (5, 4, 0.35),
        (7, 4, 0.95),
        (4, 1, 0.5),
    ] {
        let mut terms = Terms::new(seats);
        terms.is_drawn = true;
        terms.quota = f64::from(quota);
        let (gains, lots) = shares(seats, &vec![0.0; seats], &vec![patience; seats], &terms);
        let each = 1.0 / seats as f64;
        close(&gains, &vec![each; seats], 1e-9, "before anybody is drawn");
        for lot in lots {
            let mut sorted = lot.utilities;
            sorted.sort_by(|one, other| other.total_cmp(one));
            let partners = quota as usize - 1;
            let mut truth = vec![0.0; seats];
            truth[0] = 1.0 - partners as f64 * patience * each;
            truth[1..=partners].fill(patience * each);
            close(&sorted, &truth, 1e-9, "Baron and Ferejohn");
        }
    }
}

#[test]
fn a_far_deadline_is_none() {
    let discount = [0.9, 0.8];
    let (truth, _) = shares(2, &[0.0; 2], &discount, &Terms::new(2));
    for rounds in [10, 21, 60] {
        let mut terms = Terms::new(2);
        terms.rounds = f64::from(rounds);
        let (gains, _) = shares(2, &[0.0; 2], &discount, &terms);
        // P16: what the last round decides falls like the product of both patiences, turn by turn.
        let left = 0.72_f64.powi(rounds / 2);
        assert!(
            (gains[0] - truth[0]).abs() <= left + 1e-9,
            "{rounds} rounds: {gains:?}"
        );
    }
}

#[test]
fn shorter_rounds_come_near_to_nash() {
    for rates in [[0.1, 0.3], [0.5, 0.2], [0.05, 0.05]] {
        let error = |length: f64| {
            let discount = rates.map(|rate: f64| (-rate * length).exp());
            let (gains, _) = shares(2, &[0.0; 2], &discount, &Terms::new(2));
            (gains[0] - rates[1] / (rates[0] + rates[1])).abs()
        };
        // P16: about linear in the length of a round.
        for length in [0.1, 0.01, 0.001] {
            let factor = error(length) / error(length / 10.0);
            assert!(
                (9.0..11.0).contains(&factor),
                "{rates:?} at {length}: {factor}"
            );
        }
    }
}
