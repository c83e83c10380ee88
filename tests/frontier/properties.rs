//! What the theory promises of every rule and protocol.

use crate::book::{Book, Dice};
use crate::field::Field;
use crate::truth::{RULES, weights};
use demarche::bargaining::{Desk, Ending, Negotiation, PROTOCOLS, Party};

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
            let settings = [1.0; 3 + 2];
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
            let mut negotiation = Negotiation::new(&shape, &mut field, parties, settings);
            let outcome = (kind.build)().negotiate(&mut negotiation, &mut Desk::new(&shape));
            assert!(
                matches!(outcome.ending, Ending::Unplayable(_)),
                "{}: {outcome:?}",
                kind.kind.name
            );
        }
    }
}
