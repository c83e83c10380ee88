//! Alternating offers: finite horizons, infinite ones played long enough, and ever shorter rounds.

use super::case::{Case, numbers};
use super::draft::Draft;
use super::finding::Finding;
use super::program::solve;
use super::tasks::{Played, compare, settle, settlement};
use serde_json::Value;

const OFFERS: &str = "alternating-offers";
const FREQUENT: &str = "frequent-offers";

/// Rounds until the deadline is too far away to matter: what is left of the pie is below 1e-11.
fn rounds(discounts: &[f64], breakdown: f64) -> usize {
    let left: f64 = discounts.iter().map(|d| d * (1.0 - breakdown)).product();
    let turns = (1e-11_f64).ln() / left.max(1e-11).ln();
    (discounts.len() * turns.ceil().max(2.0) as usize).min(100_000)
}

fn discounts(draft: &Draft) -> Vec<f64> {
    let of = |seat: usize| draft.actor(seat)["discount"].as_f64().unwrap_or(1.0);
    (0..draft.actors.len()).map(of).collect()
}

/// Alternating offers; an infinite horizon is one that no longer matters.
pub fn alternating_offers(case: &Case, finding: &mut Finding) -> Played {
    let task = &case.task;
    let mut draft = Draft::new(&case.model, OFFERS)?;
    let first = task["first"].as_u64().unwrap_or(0) as usize;
    let breakdown = task["breakdown"]["p"].as_f64().unwrap_or(0.0);
    let horizon = match task["horizon"].as_u64() {
        Some(horizon) => horizon as usize,
        None => rounds(&discounts(&draft), breakdown),
    };
    let payoffs = numbers(&task["breakdown"]["payoffs"]);
    let mut play = |rounds: usize, first: usize| {
        draft.settings = clock(&draft, rounds, first, breakdown);
        if let Some(payoffs) = &payoffs {
            draft.set_by_actor("breakdown_payoff", payoffs);
        }
        solve(&draft, OFFERS, &[])?.settled(OFFERS)
    };
    let settled = play(horizon, first)?;
    compare(finding, &settled)?;
    if let Some(counteroffer) = finding.expect("counteroffer_x") {
        let settled = play(horizon, 1 - first)?;
        finding.list("x", "counteroffer_x", counteroffer, &settled.at);
    }
    for step in finding
        .expect("path")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let t = step["t"].as_u64().unwrap_or(0) as usize;
        let proposer = step["proposer"].as_u64().unwrap_or(0) as usize;
        let settled = play(horizon - t, proposer)?;
        let place = format!("path at {t}");
        settlement(finding, &place, step, &settled);
        finding.list(
            "gain",
            &format!("{place} gain"),
            &step["gain"],
            &settled.gains,
        );
    }
    Ok(())
}

fn clock(draft: &Draft, rounds: usize, first: usize, breakdown: f64) -> Vec<String> {
    vec![
        format!("rounds = {rounds}"),
        format!("first = \"{}\"", draft.actors[first]),
        format!("breakdown = {breakdown}"),
    ]
}

/// Ever shorter rounds, and the Nash solution they tend to.
pub fn rubinstein_limit(case: &Case, finding: &mut Finding) -> Played {
    let task = &case.task;
    let rates = numbers(&task["rates"]).ok_or("a limit needs rates")?;
    let hazard = task["hazard"].as_f64().unwrap_or(0.0);
    let first = task["first"].as_u64().unwrap_or(0) as usize;
    let rows = finding.expect("rows").and_then(Value::as_array);
    for row in rows.into_iter().flatten() {
        let length = row["delta_t"].as_f64().ok_or("a row needs delta_t")?;
        let mut draft = Draft::new(&case.model, OFFERS)?;
        let discounts: Vec<f64> = rates.iter().map(|r| (-r * length).exp()).collect();
        let breakdown = 1.0 - (-hazard * length).exp();
        draft.settings = clock(&draft, rounds(&discounts, breakdown), first, breakdown);
        draft.discounts = Some(discounts);
        if let Some(payoffs) = numbers(&task["breakdown_payoffs"]) {
            draft.set_by_actor("breakdown_payoff", &payoffs);
        }
        let settled = settle(&draft, &[])?;
        settlement(finding, &format!("delta_t {length}"), row, &settled);
    }
    let weights = finding.expect("limit_weights");
    let disagreement = finding.expect("limit_disagreement");
    if let (Some(weights), Some(expected)) = (weights, finding.expect("limit_utilities")) {
        let mut draft = Draft::new(&case.model, "nash")?;
        draft.set_power(weights);
        if let Some(disagreement) = disagreement.and_then(numbers) {
            draft.set_reservations(&disagreement);
        }
        let settled = settle(&draft, &[])?;
        finding.list("utilities", "limit_utilities", expected, &settled.utilities);
        let mut draft = Draft::new(&case.model, FREQUENT)?;
        draft.discounts = Some(rates.iter().map(|rate| (-rate).exp()).collect());
        draft.settings = vec![format!("hazard = {hazard}")];
        if let Some(payoffs) = numbers(&task["breakdown_payoffs"]) {
            draft.set_by_actor("breakdown_payoff", &payoffs);
        }
        let settled = settle(&draft, &[])?;
        let place = "frequent offers";
        finding.list("utilities", place, expected, &settled.utilities);
    }
    Ok(())
}
