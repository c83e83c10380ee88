//! A single text, step by step, and issues settled one by one, against brute force.

use super::book::Book;
use demarche::bargaining::{Desk, Ending, Negotiation, PROTOCOLS, Party, Step, Watch};
use demarche::uncertainty::Chance;

/// Every text there was, as levels.
#[derive(Default)]
struct Texts {
    proposed: Vec<f64>,
    texts: Vec<Vec<f64>>,
}

impl Watch for Texts {
    fn step(&mut self, step: &Step<'_>) {
        match step.does {
            "the text is" => self.texts.push(step.deal.to_vec()),
            "the mediator proposes" => self.proposed = step.deal.to_vec(),
            "the change is adopted" => self.texts.push(self.proposed.clone()),
            _ => {}
        }
    }
}

/// Utilities and whether the rules allow it, for a deal told as levels.
fn look<'d>(
    book: &Book,
    deals: &'d [(u64, Vec<i64>, bool)],
    text: &[f64],
) -> &'d (u64, Vec<i64>, bool) {
    let levels = text.iter().zip(&book.levels);
    let index = levels.fold(0, |index, (level, levels)| index * levels + *level as usize);
    &deals[index]
}

/// Plays a protocol in the units of the book, reservation values far down.
fn play(
    book: &Book,
    protocol: &str,
    settings: &[f64],
    seed: u64,
    texts: &mut Texts,
) -> (Ending, Vec<f64>) {
    let shape = book.shape();
    let ones = vec![1.0; book.seats];
    let floors = vec![-1e9; book.seats];
    let mut stakes = book.clone();
    let parties = Party {
        reservation: &floors,
        discount: &ones,
        risk: &ones,
    };
    let mut negotiation = Negotiation::new(&shape, &mut stakes, parties, settings);
    let standing = vec![0.0; book.levels.len()];
    negotiation.standing = &standing;
    negotiation.chance = Chance::of_sitting(seed, 0, 0, 1, 0);
    negotiation.watch = Some(texts);
    let kind = PROTOCOLS.iter().find(|kind| kind.kind.name == protocol);
    let mut desk = Desk::new(&shape);
    let outcome = (kind.unwrap().build)().negotiate(&mut negotiation, &mut desk);
    (outcome.ending, desk.deal().to_vec())
}

#[test]
fn climbers_never_lose_and_stop_on_a_hill() {
    let mut ended = 0;
    for seed in 0..300 {
        let mut book = Book::random(seed);
        book.units = vec![(1.0, 0.0); book.seats];
        let seats = book.seats;
        let deals = book.deals();
        let settings = [
            &[3000.0, 0.0][..],
            &vec![1.0; seats],
            &[0.0],
            &vec![1.0; seats],
            &[f64::NAN, 1.0],
        ];
        let mut texts = Texts::default();
        let (ending, deal) = play(&book, "single-text", &settings.concat(), seed, &mut texts);
        for pair in texts.texts.windows(2) {
            let [before, after] = [&pair[0], &pair[1]].map(|text| look(&book, &deals, text));
            let moved = pair[0].iter().zip(&pair[1]).filter(|(a, b)| a != b);
            assert_eq!(moved.count(), 1, "seed {seed}");
            assert!(
                after.1.iter().zip(&before.1).all(|(a, b)| a >= b),
                "seed {seed}"
            );
            assert!(after.2 || !before.2, "seed {seed}");
        }
        let last = texts.texts.last().unwrap();
        let here = look(&book, &deals, last);
        assert_eq!(ending == Ending::Agreement, here.2, "seed {seed}");
        if !here.2 {
            continue;
        }
        ended += 1;
        assert_eq!(&deal, last);
        for issue in 0..book.levels.len() {
            for level in 0..book.levels[issue] {
                let mut other = deal.clone();
                other[issue] = level as f64;
                let other = look(&book, &deals, &other);
                let pairs = || other.1.iter().zip(&here.1);
                let better = pairs().all(|(a, b)| a >= b) && pairs().any(|(a, b)| a > b);
                assert!(
                    !(other.2 && better),
                    "seed {seed}: issue {issue} level {level}"
                );
            }
        }
    }
    assert!(ended > 200, "only {ended} texts");
}

/// Settled one on top of the other from the status quo: nobody falls below it, and what is reached has
/// no larger Nash product than the package.
#[test]
fn the_package_beats_the_agenda() {
    let mut compared = 0;
    for seed in 0..300 {
        let mut book = Book::random(seed);
        book.units = vec![(1.0, 0.0); book.seats];
        let deals = book.deals();
        let start = &deals[0];
        if !start.2 {
            continue;
        }
        let settings = [&[0.0, 1.0][..], &vec![1.0; book.seats]].concat();
        let (ending, deal) = play(
            &book,
            "issue-by-issue",
            &settings,
            seed,
            &mut Texts::default(),
        );
        assert_eq!(ending, Ending::Agreement, "seed {seed}");
        let here = look(&book, &deals, &deal);
        let product = |utilities: &[i64]| -> f64 {
            let gains = utilities.iter().zip(&start.1);
            gains.map(|(u, d)| (u - d) as f64).product()
        };
        let gains = |utilities: &[i64]| utilities.iter().zip(&start.1).all(|(u, d)| u >= d);
        assert!(here.2 && gains(&here.1), "seed {seed}");
        let zone = deals.iter().filter(|deal| deal.2 && gains(&deal.1));
        let best = zone.map(|deal| product(&deal.1)).fold(0.0, f64::max);
        assert!(product(&here.1) <= best, "seed {seed}");
        compared += 1;
    }
    assert!(compared > 100, "only {compared} agendas");
}
