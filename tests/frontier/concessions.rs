//! Rules of concession and compromise against brute force, closed forms and their properties.

use crate::book::{Book, Dice};
use crate::field::{Field, close, pie, share};
use crate::truth::{Deal, break_tie, ideals, keep, weights, winner};
use demarche::bargaining::{Desk, Party};

/// Raiffa's sequence over all deals of the zone.
fn raiffa(zone: &[Deal], seats: usize) -> Option<u64> {
    let ideal = ideals(zone, seats);
    let mut at = vec![0.0; seats];
    loop {
        let holds =
            |deal: &&Deal, at: &[f64]| deal.1.iter().zip(at).all(|(gain, at)| *gain >= at - 1e-7);
        let mut left: Vec<Deal> = zone.iter().filter(|d| holds(d, &at)).cloned().collect();
        let best: Vec<f64> = (0..seats)
            .map(|seat| {
                left.iter()
                    .map(|deal| deal.1[seat])
                    .fold(at[seat], f64::max)
            })
            .collect();
        let next: Vec<f64> = at
            .iter()
            .zip(&best)
            .map(|(at, best)| at + (best - at) / seats as f64)
            .collect();
        let moves = next.iter().zip(&at).any(|(next, at)| next - at > 1e-7);
        if moves && left.iter().any(|deal| holds(&deal, &next)) {
            at = next;
            continue;
        }
        let sorted = |deal: &Deal| {
            let open = (0..seats).filter(|&seat| best[seat] - at[seat] > 1e-7);
            let mut shares: Vec<f64> = open
                .map(|seat| (deal.1[seat] - at[seat]) / (best[seat] - at[seat]))
                .collect();
            shares.sort_unstable_by(f64::total_cmp);
            shares
        };
        for rank in 0..left.first().map_or(0, |deal| sorted(deal).len()) {
            keep(&mut left, 1e-9, |deal| sorted(deal)[rank]);
        }
        return break_tie(&mut left, &ideal);
    }
}

/// P5, P19: brute force for equal loss and Raiffa; Zeuthen ends at an efficient deal with the largest product.
#[test]
fn compromises_are_those_of_brute_force() {
    let mut concessions = 0;
    for seed in 0..3000 {
        let book = Book::random(seed);
        let dice = &mut Dice(seed + 4711);
        let zone = book.zone();
        let shape = book.shape();
        let desk = &mut Desk::new(&shape);
        let seats = book.seats;
        let ones = vec![1.0; seats];
        let risk = match dice.below(3) {
            0 => weights(dice, seats),
            _ => ones.clone(),
        };
        let party = |risk| Party {
            reservation: &book.reservation,
            discount: &ones,
            risk,
        };
        let (_, deal) = book.play("equal-loss", &[], party(&risk), desk, &shape);
        assert_eq!(
            deal,
            winner("equal-loss", &ones, &risk, &zone),
            "equal loss, seed {seed}"
        );
        let (_, deal) = book.play("raiffa", &[], party(&ones), desk, &shape);
        assert_eq!(deal, raiffa(&zone, seats), "raiffa, seed {seed}");
        if seats != 2 {
            continue;
        }
        let ideal = ideals(&zone, 2);
        let product = |deal: &Deal| {
            let shares = deal.1.iter().zip(&ideal);
            shares
                .map(|(gain, ideal)| gain.max(0.0) / ideal.max(1e-7))
                .product::<f64>()
        };
        let most = zone.iter().map(product).fold(0.0, f64::max);
        let frontier = book.solve(&shape, desk);
        for yields in [0.0, 1.0] {
            let (outcome, deal) = book.play("zeuthen", &[yields], party(&ones), desk, &shape);
            assert_eq!(deal.is_none(), zone.is_empty(), "zeuthen, seed {seed}");
            let Some(deal) = deal else { continue };
            concessions += outcome.round;
            let found = zone.iter().find(|other| other.0 == deal).map(product);
            assert!(
                found.is_some_and(|found| found >= most - 1e-8),
                "zeuthen, seed {seed}"
            );
            let is_efficient = frontier.points.iter().any(|point| point.index == deal);
            assert!(is_efficient, "zeuthen, seed {seed}");
        }
    }
    assert!(concessions > 1000, "only {concessions} concessions");
}

/// P6: units of one seat do not matter to Raiffa and Zeuthen, common ones not to equal loss.
#[test]
fn units_do_not_matter_where_they_should_not() {
    for seed in 0..1000 {
        let book = Book::random(seed);
        let dice = &mut Dice(seed + 8);
        let shape = book.shape();
        let desk = &mut Desk::new(&shape);
        let ones = vec![1.0; book.seats];
        let common = [0.25, 3.0, 40.0][dice.below(3)];
        let (mut scaled, mut alike) = (book.clone(), book.clone());
        for seat in 0..book.seats {
            let (scale, shift) = ([0.5, 2.0, 10.0][dice.below(3)], dice.below(9) as f64 - 4.0);
            scaled.units[seat] = (scale, shift);
            scaled.reservation[seat] = scale * book.reservation[seat] + shift;
            alike.units[seat] = (common, 0.0);
            alike.reservation[seat] = common * book.reservation[seat];
        }
        let own = [("raiffa", vec![]), ("zeuthen", vec![(seed % 2) as f64])];
        for (protocol, settings) in own.iter().take(if book.seats == 2 { 2 } else { 1 }) {
            let mut play = |book: &Book| {
                let party = Party {
                    reservation: &book.reservation,
                    discount: &ones,
                    risk: &ones,
                };
                book.play(protocol, settings, party, desk, &shape).1
            };
            assert_eq!(play(&book), play(&scaled), "{protocol}, seed {seed}");
        }
        let mut play = |book: &Book| {
            let party = Party {
                reservation: &book.reservation,
                discount: &ones,
                risk: &ones,
            };
            book.play("equal-loss", &[], party, desk, &shape).1
        };
        assert_eq!(play(&book), play(&alike), "equal loss, seed {seed}");
    }
}

#[test]
fn compromises_on_ranges_meet_their_closed_forms() {
    let two = [1.0, 1.0];
    let check = |mut field: Field, rule: &str, floor: &[f64], u: &[f64]| {
        let ones = vec![1.0; floor.len()];
        let (_, utilities) = field.play(rule, &[], floor, &ones).expect(rule);
        close(&utilities, u, 1e-6, rule);
    };
    // P11: everything is the same on a symmetric split.
    for rule in [
        "nash",
        "kalai-smorodinsky",
        "egalitarian",
        "raiffa",
        "equal-loss",
        "equal-area",
    ] {
        let power: &[f64] = if rule.contains("-") && rule != "kalai-smorodinsky" || rule == "raiffa"
        {
            &[]
        } else {
            &two
        };
        let found = share(|x| 1.0 - x).play(rule, power, &[0.1, 0.1], &two);
        close(&found.expect(rule).1, &[0.5, 0.5], 1e-6, rule);
    }
    let parabola = || share(|x| 1.0 - x * x);
    let root = 2.0_f64.sqrt();
    // t / 2 + t^3 / 6 = 1 / 3
    let half = (1.0 + root).cbrt() - (root - 1.0).cbrt();
    check(
        parabola(),
        "equal-area",
        &[0.0; 2],
        &[half, 1.0 - half * half],
    );
    check(share(|x| 1.0 - x), "equal-area", &[0.1, 0.3], &[0.4, 0.6]);
    // 1 - x = x^2
    let golden = (5.0_f64.sqrt() - 1.0) / 2.0;
    check(
        parabola(),
        "equal-loss",
        &[0.0; 2],
        &[golden, 1.0 - golden * golden],
    );
    // Raiffa on a hyperplane: one step, equal shares of the surplus.
    check(
        pie(3, &[1.0; 3]),
        "raiffa",
        &[0.1, 0.2, 0.0],
        &[1.0 / 3.0, 1.3 / 3.0, 0.7 / 3.0],
    );
    check(parabola(), "raiffa", &[0.0; 2], &raiffa_on_a_parabola());
    // Two separate hills: the point lies on no deal, and the hull is the line between their tops.
    let hills = || {
        Field::range(0.0, 1.0)
            .with(0, &[0], |x| 2.0 * (x[0] - 0.5).max(0.0))
            .with(1, &[0], |x| 2.0 * (0.5 - x[0]).max(0.0))
    };
    let shape = hills().shape(2);
    let desk = &mut Desk::new(&shape);
    let drawn = hills().play_at(&shape, desk, "equal-area", &[], &[0.0; 2], &two);
    assert!(drawn.is_some());
    let shares: Vec<f64> = desk.lottery().iter().map(|lot| lot.share).collect();
    close(&shares, &[0.5, 0.5], 1e-6, "a lottery between two hills");
}

/// The midpoints of (1, 0)-like corners under `y = 1 - x^2`, by hand.
fn raiffa_on_a_parabola() -> [f64; 2] {
    let (mut x, mut y) = (0.0_f64, 0.0_f64);
    for _ in 0..60 {
        let (right, up) = ((1.0 - y).sqrt(), 1.0 - x * x);
        (x, y) = ((x + right) / 2.0, (y + up) / 2.0);
    }
    [x, y]
}

/// Binmore, Rubinstein & Wolinsky (1986): powers 1 / (hazard + rate) over a mixture of fallbacks.
#[test]
fn frequent_offers_meet_their_closed_form() {
    let rates = |rates: [f64; 2]| rates.map(|rate: f64| (-rate).exp());
    let check = |settings: [f64; 3], floor: [f64; 2], discount: [f64; 2], share_of_first: f64| {
        let found = share(|x| 1.0 - x).play("frequent-offers", &settings, &floor, &discount);
        let truth = [share_of_first, 1.0 - share_of_first];
        close(&found.expect("a deal").1, &truth, 1e-6, "frequent offers");
    };
    let none = f64::NAN;
    check([0.0, none, none], [0.0; 2], rates([0.1, 0.3]), 0.75);
    check([0.0, none, none], [0.1, 0.3], [1.0, 1.0], 0.4);
    check([0.0, none, none], [0.1, 0.3], [1.0, 0.9], 0.7);
    check([0.0, none, none], [0.1, 0.3], [0.5, 0.0], 0.7);
    check([0.0, none, none], [0.1, 0.3], [0.0, 0.0], 0.4);
    check(
        [0.1, 0.2, 0.1],
        [0.3, 0.1],
        rates([0.05, 0.2]),
        0.2 + 1.0 / 30.0 + 2.0 / 3.0 * 2.0 / 3.0,
    );
    // What breakdown pays the first keeps it above its reservation value.
    check([1.0, 0.6, 0.0], [0.0; 2], [1.0, 1.0], 0.8);
    // It would give in below its reservation value, but never signs there.
    check([1.0, -2.0, 0.0], [0.4, 0.0], [1.0, 1.0], 0.4);
}
