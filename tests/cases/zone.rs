//! What could be agreed at all: zones of agreement, frontiers, and every rule's choice among them.

use super::arithmetic;
use super::case::Case;
use super::chance;
use super::draft::{Draft, Issue};
use super::finding::Finding;
use super::program::{self, Settled, solve};
use super::tasks::{Played, TAKE_OR_LEAVE, protocol, settle, settlement};
use serde_json::Value;

/// The zone of agreement: package by package, or as an interval between the two sides' best prices.
pub fn zopa(case: &Case, finding: &mut Finding) -> Played {
    let mut draft = Draft::new(&case.model, TAKE_OR_LEAVE)?;
    let best = proposals(&mut draft)?;
    if let Some(nonempty) = finding.expect("nonempty") {
        finding.same("nonempty", nonempty.as_bool(), Some(best[0].agreement));
    }
    if let Some(interval) = finding.expect("interval") {
        ends(finding, "interval", interval, &best);
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

/// What each actor would propose if it were the only one to propose.
pub fn proposals(draft: &mut Draft) -> Result<Vec<Settled>, String> {
    let before = (draft.protocol, std::mem::take(&mut draft.settings));
    draft.protocol = TAKE_OR_LEAVE;
    let mut best = Vec::new();
    for actor in draft.actors.clone() {
        draft.settings = vec![format!("proposer = \"{actor}\"")];
        best.push(settle(draft, &[])?);
    }
    (draft.protocol, draft.settings) = before;
    Ok(best)
}

/// The ends of the zone on one continuous issue, wanted high by one actor and low by another.
pub fn interval(draft: &mut Draft, finding: &mut Finding, name: &str) -> Played {
    if let Some(interval) = finding.expect(name) {
        ends(finding, name, interval, &proposals(draft)?);
    }
    Ok(())
}

fn ends(finding: &mut Finding, name: &str, interval: &Value, best: &[Settled]) {
    let at = best.iter().filter_map(|s| s.at.first().copied());
    let mut ends: Vec<f64> = at.collect();
    ends.sort_by(f64::total_cmp);
    match (interval.is_null(), &ends[..]) {
        (true, _) => finding.same(name, 0, ends.len()),
        (false, [low, .., high]) => finding.list(name, name, interval, &[*low, *high]),
        (false, _) => finding.fault(format!("{name}: expected {interval}, got {ends:?}")),
    }
}

/// What each actor gets at best, whatever it costs the others.
pub fn best_utilities(draft: &mut Draft) -> Result<Vec<f64>, String> {
    let before = draft
        .reservations
        .replace(vec!["-1e6".to_string(); draft.actors.len()]);
    let best = proposals(draft)?;
    draft.reservations = before;
    let own = best.iter().enumerate();
    Ok(own.map(|(seat, settled)| settled.utilities[seat]).collect())
}

/// Packages everybody would sign if nothing else were on the table but to walk away: one variant each.
pub fn acceptable(draft: &mut Draft, reservations: Option<Vec<f64>>) -> Result<Vec<u64>, String> {
    let counts = draft.counts().ok_or("packages need levels")?;
    let before = (
        draft.more.clone(),
        draft.quantities.clone(),
        draft.reservations.clone(),
    );
    if let Some(reservations) = reservations {
        draft.set_reservations(&reservations);
    }
    draft
        .more
        .push_str("[issues.walk]\noptions = [\"no\", \"yes\"]\n");
    for (k, issue) in draft.issues.iter().enumerate() {
        if let Issue::Levels { name, count } = issue {
            let level = (1..*count).fold("0".to_string(), |rest, k| {
                format!("if {name} == l{k} then {k} else {rest}")
            });
            let pin = format!("pin_{k} = {{ value = 0 }}\n");
            draft.quantities.push_str(&pin);
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
    let text = draft.text();
    (draft.more, draft.quantities, draft.reservations) = before;
    let arguments = ["--runs", "1", "--variant", "all", "--protocol", "nash"];
    let variants = program::run(&text, &arguments)?;
    let agreed =
        |package: &usize| chance::share(&variants[format!("p{package}")], "agreement") == 1.0;
    Ok((0..packages).filter(agreed).map(|p| p as u64).collect())
}

/// Reservation values below everything on the table.
pub fn nothing_to_lose(utilities: &[Vec<f64>]) -> Vec<f64> {
    let lowest = |seat: usize| utilities.iter().map(|u| u[seat]).fold(0.0, f64::min);
    (0..utilities[0].len())
        .map(|seat| lowest(seat) - 1.0)
        .collect()
}

/// Frontiers: `solve` keeps the lowest package of each utility vector.
pub fn pareto(case: &Case, finding: &mut Finding) -> Played {
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
    draft.set_reservations(&nothing_to_lose(&utilities));
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

pub fn solve_rules(case: &Case, finding: &mut Finding) -> Played {
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
