//! Linked summits: what one leaves behind is the status quo of the next.

use super::case::{Case, numbers};
use super::draft::Draft;
use super::finding::Finding;
use super::program::{self, Settled};
use super::tasks::{Played, compare, rule, settle, settlement};
use serde_json::Value;

/// The issues that may change at each summit.
type Agendas = [Vec<usize>];

/// Summits with their agendas, myopic or farsighted.
pub fn linked(case: &Case, finding: &mut Finding) -> Played {
    let agendas = case.task["agendas"].as_array().ok_or("no agendas")?;
    let agendas: Vec<Vec<usize>> = agendas.iter().map(seats).collect::<Result<_, _>>()?;
    let foresight = case.task["foresight"].as_bool().unwrap_or(false);
    let path = meet(case, &agendas, foresight)?;
    let other = case
        .expected
        .keys()
        .any(|key| key.starts_with("myopic_") || key.starts_with("farsighted_"));
    let other = match other {
        true => meet(case, &agendas, !foresight)?,
        false => Vec::new(),
    };
    let last = path.last().ok_or("no summits")?;
    compare(finding, last)?;
    for name in case.expected.keys() {
        let (path, rest) = match (
            name.strip_prefix("myopic_"),
            name.strip_prefix("farsighted_"),
        ) {
            (Some(rest), _) if foresight => (&other, rest),
            (_, Some(rest)) if !foresight => (&other, rest),
            (Some(rest), _) | (_, Some(rest)) => (&path, rest),
            _ => (&path, name.as_str()),
        };
        told(case, finding, name, rest, path)?;
    }
    grand_bargain(
        case,
        finding,
        &["single_grand_bargain", "grand_bargain", "package_deal"],
    )
}

/// What a case expects by this name of a chain of summits, without its prefix `rest`.
fn told(case: &Case, finding: &mut Finding, name: &str, rest: &str, path: &[Settled]) -> Played {
    let last = path.last().ok_or("no summits")?;
    if rest == "path" {
        let rows = finding.expect(name).and_then(Value::as_array);
        let rows = rows.ok_or("a path is a list")?;
        finding.same("summits", rows.len(), path.len());
        for (session, (row, settled)) in rows.iter().zip(path).enumerate() {
            settlement(finding, &format!("summit {}", session + 1), row, settled);
        }
    } else if let Some((session, what)) = numbered(rest, "summit_") {
        let settled = path.get(session - 1).ok_or("no such summit")?;
        expect(finding, name, what, settled);
    } else if let Some((session, "values")) = numbered(rest, "stage_") {
        let values = values(case, path, session);
        if let Some(expected) = finding.expect(name) {
            finding.list(name, name, expected, &values);
        }
    } else if rest != name {
        expect(finding, name, rest.trim_start_matches("final_"), last);
    }
    Ok(())
}

/// `summit_2_package` as 2 and `package`.
fn numbered<'n>(name: &'n str, prefix: &str) -> Option<(usize, &'n str)> {
    let (session, what) = name.strip_prefix(prefix)?.split_once('_')?;
    Some((session.parse().ok().filter(|session| *session > 0)?, what))
}

fn expect(finding: &mut Finding, name: &str, what: &str, settled: &Settled) {
    if let Some(expected) = finding.expect(name) {
        let told = serde_json::json!({ what: expected });
        settlement(finding, name, &told, settled);
    }
}

/// What a summit and all later ones are worth: `(1 - delta) u + delta V`, from the last one back.
fn values(case: &Case, path: &[Settled], session: usize) -> Vec<f64> {
    let worth = path[session - 1..]
        .iter()
        .rev()
        .map(|settled| settled.utilities.clone());
    let back = worth.reduce(|later, now| {
        let both = now.iter().zip(&later).enumerate();
        both.map(|(seat, (now, later))| {
            let delta = discount(case, seat);
            (1.0 - delta) * now + delta * later
        })
        .collect()
    });
    back.unwrap_or_default()
}

fn discount(case: &Case, seat: usize) -> f64 {
    let told = &case.task["delta"];
    let own = &case.model["actors"][seat]["discount"];
    told.as_f64()
        .or(told[seat].as_f64())
        .or(own.as_f64())
        .unwrap_or(1.0)
}

fn seats(agenda: &Value) -> Result<Vec<usize>, String> {
    let list = agenda.as_array().ok_or("an agenda is a list of issues")?;
    list.iter()
        .map(|issue| issue.as_u64().map(|issue| issue as usize))
        .collect::<Option<_>>()
        .ok_or("an agenda is a list of issues".to_string())
}

/// Without a deal the text stands, or what each actor has elsewhere if the task says so.
pub fn start<'c>(case: &'c Case) -> Result<Draft<'c>, String> {
    let mut draft = Draft::new(&case.model, rule(&case.task)?)?;
    draft.set_power(&case.task["weights"]);
    let nowhere = vec![0.0; draft.issues.len()];
    draft.stand(&numbers(&case.task["status_quo"]).unwrap_or(nowhere));
    let outside = ["outside", "outside_options", "disagreement"];
    let outside = outside.iter().find_map(|key| numbers(&case.task[*key]));
    let floor = |seat: usize| match &outside {
        Some(outside) => format!("max(status_quo, {})", outside[seat]),
        None => "status_quo".to_string(),
    };
    draft.reservations = Some((0..draft.actors.len()).map(floor).collect());
    Ok(draft)
}

/// Hold the summits: what stands after each.
///
/// Issues that are up at the same summits are one file. It is ripe at those summits and at no other,
/// and stays on the table after it was signed.
fn meet(case: &Case, agendas: &Agendas, foresight: bool) -> Result<Vec<Settled>, String> {
    let mut draft = start(case)?;
    let mut files: Vec<String> = Vec::new();
    for issue in 0..draft.issues.len() {
        let sessions = agendas.iter().enumerate();
        let up = sessions.filter(|(_, agenda)| agenda.contains(&issue));
        let up: Vec<String> = up.map(|(session, _)| (session + 1).to_string()).collect();
        let name = match up.is_empty() {
            true => "never".to_string(),
            false => format!("at_{}", up.join("_")),
        };
        draft.issue_lines[issue].push_str(&format!("module = \"{name}\"\n"));
        if !files.contains(&name) {
            let tests = up.iter().map(|session| format!("session == {session}"));
            let ripe = match up.is_empty() {
                true => "0".to_string(),
                false => tests.collect::<Vec<_>>().join(" or "),
            };
            let file = format!("[modules.{name}]\nripe = \"{ripe}\"\nreopen = true\n");
            draft.more.push_str(&file);
            files.push(name);
        }
    }
    let all: Vec<String> = (1..=agendas.len()).map(|s| s.to_string()).collect();
    draft.meet(agendas.len());
    draft
        .calendar
        .push(format!("report = [{}]", all.join(", ")));
    if foresight {
        draft.calendar.push("foresight = true".to_string());
        let discounts = (0..draft.actors.len()).map(|seat| discount(case, seat));
        draft.discounts = Some(discounts.collect());
    }
    let rows = program::rows(
        &draft.text(),
        &["--runs", "1", "--protocol", draft.protocol],
    )?;
    rows.iter()
        .map(|row| Settled::of_row(&draft, row))
        .collect()
}

/// Everything at once, from the same status quo.
fn grand_bargain(case: &Case, finding: &mut Finding, names: &[&str]) -> Played {
    for name in names {
        if let Some(expected) = finding.expect(name) {
            let settled = settle(&start(case)?, &[])?;
            settlement(finding, name, expected, &settled);
        }
    }
    Ok(())
}

/// One issue at a time, in several orders.
pub fn sequential(case: &Case, finding: &mut Finding) -> Played {
    let rows = finding.expect("orders").and_then(Value::as_array);
    for row in rows.ok_or("no orders")? {
        let order = seats(&row["order"])?;
        let agendas: Vec<Vec<usize>> = order.iter().map(|issue| vec![*issue]).collect();
        let path = meet(case, &agendas, false)?;
        let packages: Vec<Option<u64>> = path.iter().map(|settled| settled.package).collect();
        let place = format!("order {order:?}");
        if let Some(expected) = super::case::packages(&row["path"]) {
            let expected: Vec<Option<u64>> = expected.into_iter().map(Some).collect();
            finding.same(&format!("{place} path"), expected, packages);
        }
        let last = path.last().ok_or("an empty order")?;
        settlement(finding, &place, row, last);
        let (path, last) = super::agenda::sequential(case, &order)?;
        let place = format!("order {order:?} at one table");
        if let Some(expected) = super::case::packages(&row["path"]) {
            let expected: Vec<Option<u64>> = expected.into_iter().map(Some).collect();
            finding.same(&format!("{place} path"), expected, path);
        }
        settlement(finding, &place, row, &last);
    }
    grand_bargain(case, finding, &["package_deal"])
}
