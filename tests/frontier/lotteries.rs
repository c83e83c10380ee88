//! Mixtures of deals: closed forms, and certificates that hold for every deal of random problems.

use crate::book::Book;
use crate::truth::RULES;
use demarche::bargaining::{Desk, Ending, Party};

const EX_POST: f64 = 1.0;
const EX_ANTE: f64 = 2.0;

/// One issue whose levels are deals with these utilities, in tenths.
fn points(utilities: &[&[i64]]) -> Book {
    let seats = utilities[0].len();
    let column = |seat: usize| utilities.iter().map(|deal| deal[seat]).collect();
    Book {
        levels: vec![utilities.len()],
        seats,
        factors: (0..seats)
            .map(|seat| (seat, vec![0], column(seat)))
            .collect(),
        rules: vec![],
        reservation: vec![0.0; seats],
        units: vec![(1.0, 0.0); seats],
    }
}

/// Plays with lotteries; expected utilities, if there is a deal.
fn mixed(book: &Book, rule: &str, lotteries: f64) -> Option<Vec<f64>> {
    let shape = book.shape();
    let mut desk = Desk::new(&shape);
    let ones = vec![1.0; book.seats];
    let party = Party {
        reservation: &book.reservation,
        discount: &ones,
        risk: &ones,
    };
    let mut settings = ones.clone();
    settings.push(lotteries);
    let (outcome, _) = book.play(rule, &settings, party, &mut desk, &shape);
    match outcome.ending {
        Ending::Agreement => {}
        Ending::NoZone => return None,
        ending => panic!("{rule}: {ending:?}"),
    }
    let lots = desk.lottery();
    if lots.is_empty() {
        return Some(desk.utilities().to_vec());
    }
    let total: f64 = lots.iter().map(|lot| lot.share).sum();
    assert!((total - 1.0).abs() < 1e-12, "{rule}: shares sum to {total}");
    assert!(lots.len() <= book.seats + 1, "{rule}: {lots:?}");
    let mean = |seat: usize| lots.iter().map(|lot| lot.share * lot.utilities[seat]).sum();
    Some((0..book.seats).map(mean).collect())
}

fn check(book: &Book, rule: &str, lotteries: f64, truth: &[f64]) {
    let found = mixed(book, rule, lotteries).expect(rule);
    let near = found
        .iter()
        .zip(truth)
        .all(|(found, truth)| (found - truth).abs() < 1e-8);
    assert!(near, "{rule}: {found:?}, not {truth:?}");
}

#[test]
fn lotteries_meet_their_closed_forms() {
    let extremes = points(&[&[0, 40], &[40, 0], &[10, 10]]);
    for rule in RULES {
        check(&extremes, rule, EX_POST, &[2.0, 2.0]);
    }
    // A sure deal on an edge is taken, not a lottery between its ends.
    let edge = points(&[&[0, 40], &[20, 20], &[40, 0]]);
    check(&edge, "nash", EX_POST, &[2.0, 2.0]);
    // y = 4 - x / 2 beyond (2, 3): the product is largest at (4, 2), equal gains at (8 / 3, 8 / 3).
    let bent = points(&[&[0, 30], &[20, 30], &[80, 0]]);
    check(&bent, "nash", EX_POST, &[4.0, 2.0]);
    check(&bent, "egalitarian", EX_POST, &[8.0 / 3.0, 8.0 / 3.0]);
    // x / 8 = y / 3 on the edge: 4 - x / 2 = 3 x / 8.
    check(
        &bent,
        "kalai-smorodinsky",
        EX_POST,
        &[32.0 / 7.0, 12.0 / 7.0],
    );
    // Nobody accepts either deal on its own, but the toss of a coin.
    let coin = points(&[&[-10, 50], &[50, -10]]);
    assert_eq!(mixed(&coin, "nash", EX_POST), None);
    for rule in RULES {
        check(&coin, rule, EX_ANTE, &[2.0, 2.0]);
    }
    let three = points(&[&[90, 0, 0], &[0, 60, 0], &[0, 0, 30], &[10, 10, 10]]);
    check(&three, "nash", EX_POST, &[3.0, 2.0, 1.0]);
    check(&three, "kalai-smorodinsky", EX_POST, &[3.0, 2.0, 1.0]);
    check(&three, "egalitarian", EX_POST, &[18.0 / 11.0; 3]);
    check(&three, "utilitarian", EX_POST, &[9.0, 0.0, 0.0]);
    let dice = points(&[&[60, -10, -10], &[-10, 60, -10], &[-10, -10, 60]]);
    assert_eq!(mixed(&dice, "nash", EX_POST), None);
    for rule in ["nash", "kalai-smorodinsky", "egalitarian"] {
        check(&dice, rule, EX_ANTE, &[4.0 / 3.0; 3]);
    }
    let sum: f64 = mixed(&dice, "utilitarian", EX_ANTE)
        .expect("a deal")
        .iter()
        .sum();
    assert!((sum - 4.0).abs() < 1e-8);
    // The third can only be held at nothing, the others still share.
    let idle = points(&[&[90, 0, 0], &[0, 60, 0], &[10, 10, 0]]);
    check(&idle, "nash", EX_POST, &[4.5, 3.0, 0.0]);
}

/// P12, and the certificates: no deal is worth more at the mixture's own prices.
#[test]
fn no_deal_beats_the_mixture() {
    let mut mixtures = 0;
    for seed in 0..1500 {
        let book = Book::random(seed);
        let zone = book.zone();
        let Some(nash) = mixed(&book, "nash", EX_POST) else {
            assert!(zone.is_empty(), "seed {seed}");
            continue;
        };
        let gains = |utilities: &[f64]| -> Vec<f64> {
            utilities
                .iter()
                .zip(&book.reservation)
                .map(|(u, d)| u - d)
                .collect()
        };
        let mean = gains(&nash);
        let can_gain = |seat: usize| zone.iter().any(|deal| deal.1[seat] > 1e-7);
        let open: Vec<usize> = (0..book.seats).filter(|&seat| can_gain(seat)).collect();
        for deal in &zone {
            let worth: f64 = open.iter().map(|&seat| deal.1[seat] / mean[seat]).sum();
            assert!(
                worth <= open.len() as f64 * (1.0 + 2e-9),
                "nash, seed {seed}: {worth}"
            );
            let product = |gains: &[f64]| open.iter().map(|&s| gains[s].max(0.0)).product::<f64>();
            assert!(
                product(&mean) >= product(&deal.1) * (1.0 - 1e-8),
                "P12, seed {seed}"
            );
        }
        mixtures += usize::from(!zone.iter().any(|deal| deal.1 == mean));
        let ideal = |seat: usize| zone.iter().map(|deal| deal.1[seat]).fold(0.0, f64::max);
        for rule in ["kalai-smorodinsky", "egalitarian"] {
            let unit = |seat: usize| {
                if rule == "egalitarian" {
                    1.0
                } else {
                    ideal(seat)
                }
            };
            let counted = (0..book.seats).filter(|&s| rule == "egalitarian" || can_gain(s));
            let counted: Vec<usize> = counted.collect();
            let least = |gains: &[f64]| {
                let shares = counted.iter().map(|&seat| gains[seat] / unit(seat));
                shares.fold(f64::INFINITY, f64::min)
            };
            let mean = gains(&mixed(&book, rule, EX_POST).expect(rule));
            let surely = zone
                .iter()
                .map(|deal| least(&deal.1))
                .fold(f64::NEG_INFINITY, f64::max);
            assert!(least(&mean) >= surely - 1e-7, "{rule}, seed {seed}");
            // Nash's mixture is one of the rivals, too.
            assert!(
                least(&mean) >= least(&gains(&nash)) - 1e-7,
                "{rule}, seed {seed}"
            );
        }
        for rule in RULES {
            let before = mixed(&book, rule, EX_ANTE).expect("what is agreed ex post is ex ante");
            let above = gains(&before).iter().all(|gain| *gain >= -1e-7);
            assert!(above, "{rule} ex ante, seed {seed}: {before:?}");
        }
    }
    assert!(mixtures > 300, "only {mixtures} mixtures");
}
