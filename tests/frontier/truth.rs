//! The rules from their definitions, over all deals of the zone.

use crate::book::Dice;

/// Keeps what is within the tolerance of the best score.
pub fn keep<T>(left: &mut Vec<T>, tolerance: f64, score: impl Fn(&T) -> f64) {
    let best = left.iter().map(&score).fold(f64::NEG_INFINITY, f64::max);
    left.retain(|one| score(one) >= best - tolerance);
}

pub type Deal = (u64, Vec<f64>);

pub fn ideals(zone: &[Deal], seats: usize) -> Vec<f64> {
    (0..seats)
        .map(|seat| zone.iter().map(|deal| deal.1[seat]).fold(0.0, f64::max))
        .collect()
}

pub fn normal(gain: f64, ideal: f64) -> f64 {
    if ideal > 1e-7 { gain / ideal } else { 0.0 }
}

pub fn break_tie(left: &mut Vec<Deal>, ideal: &[f64]) -> Option<u64> {
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

pub fn power_of(gain: f64, risk: f64) -> f64 {
    if risk == 1.0 {
        gain
    } else {
        gain.max(0.0).powf(risk)
    }
}

/// The winner of a rule over all deals of the zone, from the rules' definitions.
pub fn winner(rule: &str, power: &[f64], risk: &[f64], zone: &[Deal]) -> Option<u64> {
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
        "equal-loss" => leximin(&mut left, &|seat, gain| {
            Some(power_of(gain, risk[seat]) - power_of(ideal[seat], risk[seat]))
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

pub const RULES: [&str; 4] = ["nash", "kalai-smorodinsky", "egalitarian", "utilitarian"];

pub fn weights(dice: &mut Dice, seats: usize) -> Vec<f64> {
    if dice.below(2) == 0 {
        return vec![1.0; seats];
    }
    (0..seats)
        .map(|_| (1 + dice.below(9)) as f64 / 4.0)
        .collect()
}
