//! Continuous issues against closed forms.

use crate::book::Dice;
use crate::field::{Field, close, pie, share};
use demarche::bargaining::Desk;

#[test]
fn rules_on_one_range_meet_their_closed_forms() {
    let two = [1.0, 1.0];
    let golden = (5.0_f64.sqrt() - 1.0) / 2.0;
    let check =
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
    let check = |mut field: Field,
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

#[test]
fn the_ends_of_a_zone_are_sharp() {
    let price = || {
        Field::range(0.0, 100.0)
            .with(0, &[0], |x| x[0])
            .with(1, &[0], |x| -x[0])
    };
    for (low, high) in [(40.0, 60.0), (41.3, 58.7), (0.0, 100.0), (33.3, 33.3)] {
        for (proposer, truth) in [(0.0, high), (1.0, low)] {
            let floors = [low, -high];
            let found = price().play("take-it-or-leave-it", &[proposer], &floors, &[1.0; 2]);
            close(
                &found.unwrap().0,
                &[truth],
                1e-9 + 1e-7 * f64::from(low == high),
                "an end",
            );
        }
    }
}
