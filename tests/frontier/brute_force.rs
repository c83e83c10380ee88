//! Frontiers, rules and offers against brute force.

use crate::book::{Book, Dice};
use crate::truth::{Deal, RULES, break_tie, ideals, keep, weights, winner};
use demarche::bargaining::{Desk, Ending, Party};

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
        if settings[2] > 0.0 && outcome.ending == Ending::Breakdown {
            assert!(
                truth.is_none_or(|truth| truth.0 > outcome.round),
                "seed {seed}"
            );
            continue;
        }
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
