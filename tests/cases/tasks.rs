//! The tasks: what a case asks for, how the program is asked, what is held against what.

use super::arithmetic;
use super::case::{Case, numbers};
use super::chance;
use super::draft::{Draft, Issue};
use super::finding::Finding;
use super::offers;
use super::program::{self, Settled, solve};
use serde_json::Value;

/// Nothing, or why the case cannot be played.
pub type Played = Result<(), String>;

const TAKE_OR_LEAVE: &str = "take-it-or-leave-it";

/// The program's name of a rule.
fn protocol(rule: &str) -> Option<&'static str> {
    match rule {
        "nash" => Some("nash"),
        "kalai_smorodinsky" => Some("kalai-smorodinsky"),
        "egalitarian" => Some("egalitarian"),
        "utilitarian" => Some("utilitarian"),
        _ => None,
    }
}

fn rule(task: &Value) -> Result<&'static str, String> {
    let name = task["rule"].as_str().unwrap_or_default();
    protocol(name).ok_or(format!("no protocol for the rule `{name}`"))
}

/// Can the case be said in the scenario language?
pub fn can_play(case: &Case) -> bool {
    let task = &case.task;
    match case.kind() {
        "zopa" | "pareto" | "solve_family" | "solve_rules" | "tioli" | "take_it_or_leave_it" => {
            true
        }
        "solve" | "solve_sweep" | "logrolling" => {
            rule(task).is_ok() && task["lotteries"].as_str().is_none_or(|l| l == "none")
        }
        "alternating_offers" | "rubinstein_limit" => {
            task["outside_options"].is_null()
                && task["quota"].is_null()
                && task["recognition"].as_str().is_none_or(|r| r == "rotating")
                && case.model["available_from"].is_null()
        }
        "monte_carlo" => rule(task).is_ok(),
        _ => false,
    }
}

/// Play a case and compare.
pub fn play(case: &Case, finding: &mut Finding) -> Played {
    match case.kind() {
        "zopa" => zopa(case, finding),
        "pareto" => pareto(case, finding),
        "solve" => {
            let mut draft = Draft::new(&case.model, rule(&case.task)?)?;
            draft.set_power(&case.task["weights"]);
            let settled = settle(&draft, &[])?;
            if let Some(ideal) = finding.expect("ideal") {
                let answer = solve(&draft, draft.protocol, &[])?;
                finding.list("ideal", "ideal", ideal, &answer.ideal());
            }
            compare(finding, &settled)
        }
        "solve_rules" => solve_rules(case, finding),
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
        "logrolling" => logrolling(case, finding),
        "tioli" => chance::tioli(case, finding),
        "monte_carlo" => chance::monte_carlo(case, rule(&case.task)?, finding),
        kind => Err(format!("tasks of kind `{kind}` cannot be played")),
    }
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
        let among = settled.package.is_some_and(|p| {
            optima
                .as_array()
                .is_some_and(|list| list.contains(&Value::from(p)))
        });
        finding.same(
            &format!("package {:?} among all optima {optima}", settled.package),
            true,
            among,
        );
    }
    if let Some(x) = finding.expect("x") {
        finding.list("x", "x", x, &settled.at);
    }
    if let Some(utilities) = finding.expect("utilities") {
        finding.list("utilities", "utilities", utilities, &settled.utilities);
    }
    Ok(())
}

/// The zone of agreement: package by package, or as an interval between the two sides' best prices.
fn zopa(case: &Case, finding: &mut Finding) -> Played {
    let mut draft = Draft::new(&case.model, TAKE_OR_LEAVE)?;
    let mut best = Vec::new();
    for actor in draft.actors.clone() {
        draft.settings = vec![format!("proposer = \"{actor}\"")];
        best.push(settle(&draft, &[])?);
    }
    if let Some(nonempty) = finding.expect("nonempty") {
        finding.same("nonempty", nonempty.as_bool(), Some(best[0].agreement));
    }
    if let Some(interval) = finding.expect("interval") {
        let mut ends: Vec<f64> = best.iter().filter_map(|s| s.at.first().copied()).collect();
        ends.sort_by(f64::total_cmp);
        match interval.is_null() {
            true => finding.same("interval", 0, ends.len()),
            false => finding.list("interval", "interval", interval, &ends),
        }
    }
    if let Some(surplus) = finding.expect("surplus").and_then(Value::as_f64) {
        for settled in &best {
            let gains = settled.gains.iter().sum();
            finding.number("surplus", "surplus", surplus, gains);
        }
    }
    let (count, packages) = (finding.expect("count"), finding.expect("packages"));
    if count.is_some() || packages.is_some() {
        let zone = acceptable(&mut draft, None)?;
        if let Some(count) = count {
            finding.same("count", count.as_u64(), Some(zone.len() as u64));
        }
        if let Some(packages) = packages {
            finding.same_packages("packages", packages, &zone);
        }
    }
    Ok(())
}

/// Packages everybody would sign if nothing else were on the table but to walk away: one variant each.
fn acceptable(draft: &mut Draft, reservations: Option<Vec<f64>>) -> Result<Vec<u64>, String> {
    let counts = draft.counts().ok_or("packages need levels")?;
    let before = (draft.more.clone(), draft.reservations.clone());
    draft.reservations = reservations;
    draft
        .more
        .push_str("[issues.walk]\noptions = [\"no\", \"yes\"]\n");
    let mut pins = String::from("[quantities]\n");
    for (k, issue) in draft.issues.iter().enumerate() {
        if let Issue::Levels { name, count } = issue {
            let level = (1..*count).fold("0".to_string(), |rest, k| {
                format!("if {name} == l{k} then {k} else {rest}")
            });
            pins.push_str(&format!("pin_{k} = {{ value = 0 }}\n"));
            let require = format!("walk == yes or pin_{k} == ({level})");
            draft
                .more
                .push_str(&format!("[[rules]]\nrequire = \"{require}\"\n"));
        }
    }
    for actor in &draft.actors {
        let term = format!("[[actors.{actor}.terms]]\nwhen = \"walk == yes\"\nadds = -1e6\n");
        draft.more.push_str(&term);
    }
    let packages: usize = counts.iter().product();
    for package in 0..packages {
        let levels = arithmetic::levels(&counts, package);
        let pairs: Vec<String> = levels
            .iter()
            .enumerate()
            .map(|(k, level)| format!("\"quantities.pin_{k}\" = {level}"))
            .collect();
        let set = pairs.join(", ");
        draft
            .more
            .push_str(&format!("[variants.p{package}]\nset = {{ {set} }}\n"));
    }
    let text = draft.text().replacen("[quantities]\n", &pins, 1);
    (draft.more, draft.reservations) = before;
    let arguments = ["--runs", "1", "--variant", "all", "--protocol", "nash"];
    let variants = program::run(&text, &arguments)?;
    let agreed =
        |package: &usize| chance::share(&variants[format!("p{package}")], "agreement") == 1.0;
    Ok((0..packages).filter(agreed).map(|p| p as u64).collect())
}

/// Reservation values below everything on the table.
fn nothing_to_lose(utilities: &[Vec<f64>]) -> Vec<f64> {
    let lowest = |seat: usize| utilities.iter().map(|u| u[seat]).fold(0.0, f64::min);
    (0..utilities[0].len())
        .map(|seat| lowest(seat) - 1.0)
        .collect()
}

/// Frontiers: `solve` keeps the lowest package of each utility vector.
fn pareto(case: &Case, finding: &mut Finding) -> Played {
    let mut draft = Draft::new(&case.model, "nash")?;
    frontiers(&mut draft, finding, "frontier", "frontier_in_zopa", "count")
}

fn frontiers(
    draft: &mut Draft,
    finding: &mut Finding,
    all: &str,
    in_zopa: &str,
    count: &str,
) -> Played {
    let utilities = arithmetic::utilities(draft).ok_or("packages need levels")?;
    let feasible = arithmetic::feasible(draft).ok_or("packages need levels")?;
    let single = |expected: &Value| {
        let list = super::case::packages(expected).unwrap_or_default();
        Value::from(arithmetic::first_of_each(&list, &utilities))
    };
    if let Some(expected) = finding.expect(in_zopa) {
        let got = solve(draft, "nash", &[])?.frontier();
        finding.same_packages(in_zopa, &single(expected), &got);
    }
    draft.reservations = Some(nothing_to_lose(&utilities));
    let answer = solve(draft, "nash", &[])?;
    let (got, points) = (answer.frontier(), answer.points());
    draft.reservations = None;
    if let Some(expected) = finding.expect(all) {
        finding.same_packages(all, &single(expected), &got);
    }
    if let Some(expected) = finding.expect("distinct_vectors") {
        finding.same("distinct_vectors", expected.as_u64(), Some(points as u64));
    }
    if let Some(expected) = finding.expect(count) {
        let same_as_a_point = |package: &usize| {
            feasible[*package]
                && got
                    .iter()
                    .any(|p| arithmetic::alike(&utilities[*p as usize], &utilities[*package]))
        };
        let with_duplicates = (0..utilities.len()).filter(same_as_a_point).count();
        finding.same(count, expected.as_u64(), Some(with_duplicates as u64));
    }
    Ok(())
}

fn solve_rules(case: &Case, finding: &mut Finding) -> Played {
    let mut draft = Draft::new(&case.model, "nash")?;
    draft.set_power(&case.task["weights"]);
    if let Some(count) = finding.expect("package_count") {
        let size = program::size(&draft.text())?;
        finding.same("package_count", count.as_f64(), size["deals"].as_f64());
    }
    if let Some(count) = finding.expect("feasible_count") {
        let utilities = arithmetic::utilities(&draft).ok_or("packages need levels")?;
        let feasible = acceptable(&mut draft, Some(nothing_to_lose(&utilities)))?;
        finding.same(
            "feasible_count",
            count.as_u64(),
            Some(feasible.len() as u64),
        );
    }
    if let Some(count) = finding.expect("zopa_count") {
        let zone = acceptable(&mut draft, None)?;
        finding.same("zopa_count", count.as_u64(), Some(zone.len() as u64));
    }
    frontiers(
        &mut draft,
        finding,
        "pareto",
        "pareto_in_zopa",
        "pareto_count",
    )?;
    if let Some(ideal) = finding.expect("ideal") {
        let answer = solve(&draft, "nash", &[])?;
        finding.list("ideal", "ideal", ideal, &answer.ideal());
    }
    for rule in case.task["rules"].as_array().into_iter().flatten() {
        let rule = rule.as_str().unwrap_or_default();
        let Some(protocol) = protocol(rule) else {
            continue;
        };
        draft.protocol = protocol;
        let settled = settle(&draft, &[])?;
        if let Some(expected) = finding.expect(rule) {
            settlement(finding, rule, expected, &settled);
        }
    }
    Ok(())
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

/// The gain over splitting every issue alike, from the settled utilities and those of the best sum.
fn logrolling(case: &Case, finding: &mut Finding) -> Played {
    let mut draft = Draft::new(&case.model, rule(&case.task)?)?;
    let settled = settle(&draft, &[])?;
    compare(finding, &settled)?;
    draft.protocol = "utilitarian";
    let best = settle(&draft, &[])?;
    draft.pinned = numbers(&case.task["reference"]);
    let split = settle(&draft, &[])?.utilities;
    let sum = |utilities: &[f64]| utilities.iter().sum::<f64>();
    let (gain, most) = (
        sum(&settled.utilities) - sum(&split),
        sum(&best.utilities) - sum(&split),
    );
    if let Some(expected) = finding.expect("reference_utilities") {
        finding.list("utilities", "reference_utilities", expected, &split);
    }
    if let Some(expected) = finding.expect("logrolling_gain").and_then(Value::as_f64) {
        finding.number("logrolling_gain", "logrolling_gain", expected, gain);
    }
    if let Some(expected) = finding.expect("w_max").and_then(Value::as_f64) {
        finding.number("w_max", "w_max", expected, sum(&best.utilities));
    }
    if let Some(expected) = finding.expect("integrative_index") {
        match expected.as_f64() {
            Some(expected) => finding.number("integrative_index", "index", expected, gain / most),
            None => finding.number("integrative_index", "nothing to gain", 0.0, most),
        }
    }
    Ok(())
}
