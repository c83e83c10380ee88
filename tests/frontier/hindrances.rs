//! What stands in the way of a deal, against every set of floors and rules that could be lifted.

use crate::book::{Book, Dice};
use demarche::bargaining::{Desk, Negotiation, Obstacle, Party, obstacles};
use std::collections::BTreeSet;

/// Everyone in a smallest set without which some deal is left; each rule stands for itself.
fn by_hand(book: &Book) -> BTreeSet<Obstacle> {
    let suspects: Vec<Obstacle> = (0..book.seats)
        .map(Obstacle::Reservation)
        .chain((0..book.rules.len()).map(Obstacle::Rule))
        .collect();
    let opens = |lifted: &[Obstacle]| {
        let mut eased = book.clone();
        for obstacle in lifted {
            match obstacle {
                Obstacle::Reservation(seat) => eased.reservation[*seat] = -1e12,
                Obstacle::Rule(rule) => eased.rules[*rule].1.fill(true),
            }
        }
        !eased.zone().is_empty()
    };
    let sets = (0..1_u32 << suspects.len()).map(|bits| -> Vec<Obstacle> {
        let chosen = suspects.iter().enumerate();
        let chosen = chosen.filter(|(place, _)| bits >> place & 1 == 1);
        chosen.map(|(_, suspect)| *suspect).collect()
    });
    let open: Vec<Vec<Obstacle>> = sets.filter(|set| opens(set)).collect();
    let smallest = open.iter().map(Vec::len).min().unwrap_or(0);
    let smallest = open.into_iter().filter(|set| set.len() == smallest);
    smallest.flatten().collect()
}

#[test]
fn obstacles_are_those_of_brute_force() {
    let mut sizes = [0; 8];
    for seed in 0..1500 {
        let mut book = Book::random(seed);
        let dice = &mut Dice(seed + 5);
        for seat in 0..book.seats {
            if dice.below(2) == 0 {
                book.reservation[seat] += dice.below(400) as f64 / 10.0;
            }
        }
        let shape = book.shape();
        let ones = vec![1.0; book.seats];
        let groups: Vec<Option<usize>> = (0..book.rules.len()).map(Some).collect();
        let mut stakes = book.clone();
        let mut negotiation = Negotiation::new(
            &shape,
            &mut stakes,
            Party {
                reservation: &book.reservation,
                discount: &ones,
                risk: &ones,
            },
            &[],
        );
        let desk = &mut Desk::new(&shape);
        let found = obstacles(&mut negotiation, desk, &groups, groups.len());
        let found: BTreeSet<Obstacle> = found.into_iter().collect();
        // An open zone has no obstacle: the caller asks only when there is no deal.
        if !book.zone().is_empty() {
            continue;
        }
        let truth = by_hand(&book);
        assert_eq!(found, truth, "seed {seed}");
        sizes[truth.len()] += 1;
    }
    assert!(
        sizes[1..5].iter().all(|count| *count > 20),
        "too few closed zones of each kind: {sizes:?}"
    );
}
