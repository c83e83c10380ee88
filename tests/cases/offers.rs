//! Alternating offers: with a deadline and without, and ever shorter rounds.

use super::case::{Case, numbers};
use super::draft::{Draft, Issue};
use super::finding::Finding;
use super::program::{Answer, Settled, solve};
use super::tasks::{Played, compare, settle, settlement};
use serde_json::Value;

const OFFERS: &str = "alternating-offers";
const FREQUENT: &str = "frequent-offers";

/// The order of play, in the words of the settings.
#[derive(Default)]
struct Clock {
    /// Nothing for no deadline.
    rounds: Option<u64>,
    first: Option<usize>,
    breakdown: f64,
    payoffs: Option<Vec<f64>>,
    /// Per actor, where it has one.
    options: Vec<Option<f64>>,
    is_drawn: bool,
    chances: Option<Vec<f64>>,
    quota: Option<u64>,
}

impl Clock {
    fn of(task: &Value) -> Clock {
        let is_drawn = task["recognition"] == "random";
        let options = task["outside_options"].as_array().into_iter().flatten();
        Clock {
            rounds: task["horizon"].as_u64(),
            first: match task["first"].as_u64() {
                Some(first) => Some(first as usize),
                None => (!is_drawn).then_some(0),
            },
            breakdown: task["breakdown"]["p"].as_f64().unwrap_or(0.0),
            payoffs: numbers(&task["breakdown"]["payoffs"]),
            options: options.map(Value::as_f64).collect(),
            is_drawn,
            chances: numbers(&task["recognition_probs"]),
            quota: task["quota"].as_u64(),
        }
    }

    fn set(&self, draft: &mut Draft) {
        let rounds = self
            .rounds
            .map_or("inf".to_string(), |rounds| rounds.to_string());
        draft.settings = vec![
            format!("rounds = {rounds}"),
            format!("breakdown = {}", self.breakdown),
        ];
        if let Some(first) = self.first {
            draft
                .settings
                .push(format!("first = \"{}\"", draft.actors[first]));
        }
        if let Some(payoffs) = &self.payoffs {
            draft.set_by_actor("breakdown_payoff", payoffs);
        }
        let options = draft.actors.iter().zip(&self.options);
        let options: Vec<String> = options
            .filter_map(|(actor, option)| Some(format!("{actor} = {}", (*option)?)))
            .collect();
        if !options.is_empty() {
            let options = options.join(", ");
            draft
                .settings
                .push(format!("outside_option = {{ {options} }}"));
        }
        if self.is_drawn {
            draft.settings.push("recognition = \"random\"".to_string());
        }
        if let Some(chances) = &self.chances {
            draft.set_by_actor("recognition_chance", chances);
        }
        if let Some(later) = later(draft) {
            draft.settings.push(later);
        }
        if let Some(quota) = self.quota {
            draft.settings.push(format!("quota = {quota}"));
        }
    }
}

/// Packages that come up later, their rounds counted from 1.
fn later(draft: &Draft) -> Option<String> {
    let from = numbers(&draft.model["available_from"])?;
    let names: Vec<&String> = draft
        .issues
        .iter()
        .filter_map(|issue| match issue {
            Issue::Levels { name, .. } => Some(name),
            _ => None,
        })
        .collect();
    let counts = draft.counts()?;
    let late = from.iter().enumerate().filter(|(_, from)| **from > 0.0);
    let deals: Vec<String> = late
        .map(|(package, from)| {
            let mut rest = package;
            let mut terms = Vec::new();
            for (name, count) in names.iter().zip(&counts).rev() {
                terms.push(format!("{name} = \"l{}\"", rest % count));
                rest /= count;
            }
            format!("{{ {}, from = {} }}", terms.join(", "), from + 1.0)
        })
        .collect();
    Some(format!("later = [{}]", deals.join(", ")))
}

/// Alternating offers, with a deadline or without.
pub fn alternating_offers(case: &Case, finding: &mut Finding) -> Played {
    let mut draft = Draft::new(&case.model, OFFERS)?;
    let clock = Clock::of(&case.task);
    clock.set(&mut draft);
    let answer = solve(&draft, OFFERS, &[])?;
    compare(finding, &answer.settled(OFFERS)?)?;
    lots(finding, &answer)?;
    if let Some(counteroffer) = finding.expect("counteroffer_x") {
        let second = 1 - clock.first.unwrap_or(0);
        let settled = opened_by(case, second, clock.rounds)?.settled;
        finding.list("x", "counteroffer_x", counteroffer, &settled.at);
    }
    let given = finding.expect("utilities_given_proposer");
    for (seat, expected) in given
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .enumerate()
    {
        let opened = opened_by(case, seat, clock.rounds)?;
        let place = format!("utilities_given_proposer[{seat}]");
        finding.list(
            "utilities_given_proposer",
            &place,
            expected,
            &opened.expected,
        );
    }
    for step in finding
        .expect("path")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let t = step["t"].as_u64().unwrap_or(0);
        let proposer = step["proposer"].as_u64().unwrap_or(0) as usize;
        let rounds = clock.rounds.map(|rounds| rounds - t);
        let settled = opened_by(case, proposer, rounds)?.settled;
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

/// What comes of it if somebody else opens.
struct Opened {
    settled: Settled,
    /// Utilities, over the lots.
    expected: Vec<f64>,
}

fn opened_by(case: &Case, first: usize, rounds: Option<u64>) -> Result<Opened, String> {
    let mut draft = Draft::new(&case.model, OFFERS)?;
    let clock = Clock {
        rounds,
        first: Some(first),
        ..Clock::of(&case.task)
    };
    clock.set(&mut draft);
    let answer = solve(&draft, OFFERS, &[])?;
    let settled = answer.settled(OFFERS)?;
    let expected = mean(&answer.lottery(OFFERS)).unwrap_or(settled.utilities.clone());
    Ok(Opened { settled, expected })
}

/// The mean utilities of a lottery.
fn mean(lots: &[(f64, Option<u64>, Vec<f64>)]) -> Option<Vec<f64>> {
    let seats = lots.first()?.2.len();
    let of = |seat: usize| {
        lots.iter()
            .map(|(share, _, utilities)| share * utilities[seat])
            .sum()
    };
    Some((0..seats).map(of).collect())
}

/// What a case expects of the lots drawn: who proposes, who is in the coalition.
fn lots(finding: &mut Finding, answer: &Answer) -> Played {
    let lots = answer.lottery(OFFERS);
    if let Some(expected) = finding.expect("ex_ante_utilities") {
        let mean = mean(&lots).ok_or("no lots are told")?;
        finding.list("ex_ante_utilities", "ex_ante_utilities", expected, &mean);
    }
    let proposer = finding.expect("proposer_share").and_then(Value::as_f64);
    let partner = finding.expect("partner_share").and_then(Value::as_f64);
    let excluded = finding.expect("excluded_share").and_then(Value::as_f64);
    let partners = finding.expect("partners").and_then(Value::as_u64);
    for (nth, (_, _, utilities)) in lots.iter().enumerate() {
        let mut sorted = utilities.clone();
        sorted.sort_by(|one, other| other.total_cmp(one));
        let partners = partners.unwrap_or(0) as usize;
        for (rank, share) in sorted.into_iter().enumerate() {
            let (name, expected) = match rank {
                0 => ("proposer_share", proposer),
                rank if rank <= partners => ("partner_share", partner),
                _ => ("excluded_share", excluded),
            };
            if let Some(expected) = expected {
                finding.number(name, &format!("{name} in lot {nth}"), expected, share);
            }
        }
    }
    Ok(())
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
        let clock = Clock {
            first: Some(first),
            breakdown,
            payoffs: numbers(&task["breakdown_payoffs"]),
            ..Clock::default()
        };
        clock.set(&mut draft);
        draft.discounts = Some(discounts);
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
