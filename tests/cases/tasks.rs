//! The tasks: what a case asks for, how the program is asked, what is held against what.

use super::case::{Case, numbers};
use super::draft::Draft;
use super::finding::Finding;
use super::program::{Settled, solve};
use super::{
    agenda, auction, chance, concessions, contest, logrolling, offers, payments, sao, screening,
    second_table, space, summits, tactics, text, voices, zone,
};
use serde_json::Value;

/// Nothing, or why the case cannot be played.
pub type Played = Result<(), String>;

/// One signatory proposes once.
pub const TAKE_OR_LEAVE: &str = "take-it-or-leave-it";

/// The program's name of a rule.
pub fn protocol(rule: &str) -> Option<&'static str> {
    match rule {
        "nash" => Some("nash"),
        "kalai_smorodinsky" => Some("kalai-smorodinsky"),
        "egalitarian" => Some("egalitarian"),
        "utilitarian" => Some("utilitarian"),
        "equal_loss" => Some("equal-loss"),
        "equal_area" => Some("equal-area"),
        "raiffa" => Some("raiffa"),
        _ => None,
    }
}

/// The protocol for the rule of a task; Nash's if it names none.
pub fn rule(task: &Value) -> Result<&'static str, String> {
    let name = task["rule"].as_str().unwrap_or("nash");
    protocol(name).ok_or(format!("no protocol for the rule `{name}`"))
}

/// Can the case be said in the scenario language?
pub fn can_play(case: &Case) -> bool {
    let task = &case.task;
    match case.kind() {
        "zopa" | "pareto" | "solve_family" | "solve_rules" | "tioli" | "take_it_or_leave_it" => {
            true
        }
        "sao"
        | "concession_curve"
        | "concession_issue_values"
        | "tit_for_tat_issue"
        | "tradeoff_offer"
        | "acceptance_conditions"
        | "opponent_model_frequency"
        | "opponent_model_bayes" => true,
        "solve" => rule(task).is_ok(),
        "solve_sweep" | "logrolling" => rule(task).is_ok() && !concessions::has_lotteries(task),
        "zeuthen" => true,
        "alternating_offers" | "rubinstein_limit" => true,
        "monte_carlo" => rule(task).is_ok(),
        "linked_summits" | "sequential_agenda" | "two_level" | "two_level_sweep"
        | "two_level_spatial" | "side_payments" | "sponsor_sweep" => rule(task).is_ok(),
        "issue_by_issue_vs_package" => rule(task).is_ok(),
        "single_text" => case.model["form"] == "issues",
        "threat_shift"
        | "rational_threats_tu"
        | "winset_area"
        | "winset_empty"
        | "winset_interval"
        | "winset_quota"
        | "crisis_tioli"
        | "double_auction"
        | "double_auction_truthful"
        | "two_period_screening"
        | "hold_up"
        | "commitment_problem"
        | "weighted_median"
        | "compromise_mean"
        | "bdm"
        | "exchange_pair" => true,
        _ => false,
    }
}

/// Play a case and compare.
pub fn play(case: &Case, finding: &mut Finding) -> Played {
    match case.kind() {
        "zopa" => zone::zopa(case, finding),
        "pareto" => zone::pareto(case, finding),
        "solve" if concessions::has_lotteries(&case.task) => concessions::lottery(case, finding),
        "solve" => solve_one(case, finding),
        "zeuthen" => concessions::zeuthen(case, finding),
        "solve_rules" => zone::solve_rules(case, finding),
        "solve_sweep" => solve_sweep(case, finding),
        "solve_family" => solve_family(case, finding),
        "take_it_or_leave_it" => {
            let mut draft = Draft::new(&case.model, TAKE_OR_LEAVE)?;
            let proposer = case.task["proposer"].as_u64().unwrap_or(0) as usize;
            draft.settings = vec![format!("proposer = \"{}\"", draft.actors[proposer])];
            let settled = settle(&draft, &[])?;
            compare(finding, &settled)
        }
        "alternating_offers" => offers::alternating_offers(case, finding),
        "rubinstein_limit" => offers::rubinstein_limit(case, finding),
        "logrolling" => logrolling::logrolling(case, finding),
        "sao" => sao::sao(case, finding),
        "tradeoff_offer" => sao::trade_off(case, finding),
        "concession_curve" => tactics::concession_curve(case, finding),
        "concession_issue_values" => tactics::concession_prices(case, finding),
        "tit_for_tat_issue" => tactics::in_kind(case, finding),
        "acceptance_conditions" => tactics::acceptance(case, finding),
        "opponent_model_frequency" => tactics::frequency(case, finding),
        "opponent_model_bayes" => tactics::bayes(case, finding),
        "tioli" => contest::tioli(case, finding),
        "crisis_tioli" => contest::crisis(case, finding),
        "double_auction" => auction::linear(case, finding),
        "double_auction_truthful" => auction::truthful(case, finding),
        "two_period_screening" => screening::two_periods(case, finding),
        "hold_up" => contest::hold_up(case, finding),
        "commitment_problem" => contest::commitment(case, finding),
        "monte_carlo" => chance::monte_carlo(case, rule(&case.task)?, finding),
        "issue_by_issue_vs_package" => agenda::separate(case, finding),
        "single_text" => text::single_text(case, finding),
        "linked_summits" => summits::linked(case, finding),
        "sequential_agenda" => summits::sequential(case, finding),
        "two_level" => second_table::two_level(case, finding),
        "two_level_sweep" => second_table::sweep(case, finding),
        "side_payments" => payments::side_payments(case, finding),
        "sponsor_sweep" => payments::sponsor(case, finding),
        "threat_shift" => payments::threat(case, finding),
        "rational_threats_tu" => payments::rational_threats(case, finding),
        "two_level_spatial" => space::two_level(case, finding),
        "winset_area" | "winset_empty" | "winset_interval" | "winset_quota" => {
            space::win_set(case, finding)
        }
        "weighted_median" => voices::average(case, finding, "weighted-median"),
        "compromise_mean" => voices::average(case, finding, "weighted-mean"),
        "bdm" => voices::challenge(case, finding),
        "exchange_pair" => voices::exchange(case, finding),
        kind => Err(format!("tasks of kind `{kind}` cannot be played")),
    }
}

fn solve_one(case: &Case, finding: &mut Finding) -> Played {
    let mut draft = Draft::new(&case.model, rule(&case.task)?)?;
    draft.set_power(&case.task["weights"]);
    second_table::vote(&mut draft, &case.task, None)?;
    let settled = settle(&draft, &[])?;
    if let Some(ideal) = finding.expect("ideal") {
        let answer = solve(&draft, draft.protocol, &[])?;
        finding.list("ideal", "ideal", ideal, &answer.ideal());
    }
    zone::interval(&mut draft, finding, "zopa_interval")?;
    concessions::path_and_loss(&mut draft, finding, &settled)?;
    compare(finding, &settled)
}

/// What the draft's protocol settles on, with these numbers at their addresses.
pub fn settle(draft: &Draft, sets: &[String]) -> Result<Settled, String> {
    solve(draft, draft.protocol, sets)?.settled(draft.protocol)
}

/// Whatever the case expects of one settlement.
pub fn compare(finding: &mut Finding, settled: &Settled) -> Played {
    if let Some(agreement) = finding.expect("agreement") {
        finding.same("agreement", agreement.as_bool(), Some(settled.agreement));
    }
    if let Some(round) = finding.expect("round") {
        finding.same("round", round.as_u64(), Some(settled.round));
    }
    if let Some(package) = finding.expect("package") {
        finding.same("package", package.as_u64(), settled.package);
    }
    if let Some(optima) = finding.expect("all_optima") {
        is_among(finding, optima, settled);
    }
    if let Some(x) = finding.expect("x") {
        finding.list("x", "x", x, &settled.at);
    }
    if let Some(utilities) = finding.expect("utilities") {
        finding.list("utilities", "utilities", utilities, &settled.utilities);
    }
    Ok(())
}

fn is_among(finding: &mut Finding, optima: &Value, settled: &Settled) {
    let among = settled.package.is_some_and(|package| {
        let list = optima.as_array();
        list.is_some_and(|list| list.contains(&Value::from(package)))
    });
    let place = format!("package {:?} among all optima {optima}", settled.package);
    finding.same(&place, true, among);
}

/// A settlement told as `{ package, utilities, x }`.
pub fn settlement(finding: &mut Finding, place: &str, expected: &Value, settled: &Settled) {
    if let Some(package) = expected.get("package") {
        finding.same(
            &format!("{place} package"),
            package.as_u64(),
            settled.package,
        );
    }
    if let Some(optima) = expected.get("all_optima") {
        is_among(finding, optima, settled);
    }
    if let Some(x) = expected.get("x") {
        finding.list("x", &format!("{place} x"), x, &settled.at);
    }
    if let Some(utilities) = expected.get("utilities") {
        let place = format!("{place} utilities");
        finding.list("utilities", &place, utilities, &settled.utilities);
    }
    if let Some(agreement) = expected.get("agreement") {
        let place = format!("{place} agreement");
        finding.same(&place, agreement.as_bool(), Some(settled.agreement));
    }
}

/// The same scenario with other numbers at their addresses.
fn solve_sweep(case: &Case, finding: &mut Finding) -> Played {
    let mut draft = Draft::new(&case.model, rule(&case.task)?)?;
    let results = finding.expect("results").and_then(Value::as_array);
    let results = results.ok_or("a sweep needs results")?;
    draft.set_power(&case.task["weights"]);
    if results.iter().any(|row| row["weights"].is_array()) {
        draft.settings.clear();
        draft.set_by_actor("power", &vec![1.0; draft.actors.len()]);
    }
    for row in results {
        let mut sets = Vec::new();
        for (key, address) in [
            ("weights", "bargaining.settings.power.{}"),
            ("reservation", "actors.{}.reservation"),
            ("reservations", "actors.{}.reservation"),
        ] {
            let values = numbers(&row[key]).unwrap_or_default();
            let pairs = draft.actors.iter().zip(values);
            sets.extend(pairs.map(|(actor, v)| format!("{}={v}", address.replace("{}", actor))));
        }
        let settled = settle(&draft, &sets)?;
        settlement(finding, &sets.join(" "), row, &settled);
    }
    Ok(())
}

fn solve_family(case: &Case, finding: &mut Finding) -> Played {
    for (member, model) in case.model["members"].as_object().ok_or("no members")? {
        let Some(expected) = finding.expect(member) else {
            continue;
        };
        for (rule, utilities) in expected.as_object().into_iter().flatten() {
            let mut draft = Draft::new(model, protocol(rule).ok_or("no such protocol")?)?;
            draft.set_power(&case.task["weights"]);
            let settled = settle(&draft, &[])?;
            finding.same("agreement", true, settled.agreement);
            let place = format!("{member} {rule}");
            finding.list("utilities", &place, utilities, &settled.utilities);
        }
    }
    Ok(())
}
