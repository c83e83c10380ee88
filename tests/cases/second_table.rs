//! Two-level games: what the table agrees on must pass at home.

use super::arithmetic;
use super::case::Case;
use super::chance::{self, Bounds};
use super::draft::Draft;
use super::finding::Finding;
use super::program::{self, Settled};
use super::tasks::{Played, compare, rule, settle, settlement};
use super::{law, writing, zone};
use serde_json::Value;
use std::fmt::Write;

/// Writes the homes of the model: voters who do not sign, and what they accept.
///
/// A threshold that is known limits what is agreed (`accepts`); one that is drawn is a `chance`, which
/// the negotiators foresee if the task says `expected`. `thresholds` stand in place of the model's own.
/// The formula of the chance that all accept, if there is one.
pub fn vote(
    draft: &mut Draft,
    task: &Value,
    thresholds: Option<&[Value]>,
) -> Result<Option<String>, String> {
    let Some(ratifiers) = draft.model["ratifiers"].as_array() else {
        return Ok(None);
    };
    draft.meet(1);
    // Sums of levels may be off by rounding; on ranges there is nothing to round.
    let rounding = draft.counts().map_or("", |_| " - 1e-9");
    let foreseen = task["ratification"].as_str().unwrap_or("expected") == "expected";
    let mut chances = Vec::new();
    for (k, ratifier) in ratifiers.iter().enumerate() {
        let seat = ratifier["actor"].as_u64().unwrap_or(0) as usize;
        let of = draft.actors.get(seat).ok_or("the home of nobody")?.clone();
        let mut text = String::new();
        let worth = match preferences(draft, &format!("voters_{k}"), ratifier, &mut text)? {
            true => format!("utility.voters_{k}"),
            false => format!("utility.{of}"),
        };
        let own = &ratifier["threshold"];
        let threshold = match thresholds {
            Some([all]) => all,
            Some(each) => each.get(k).unwrap_or(own),
            None if own.is_null() => &task["threshold"],
            None => own,
        };
        let _ = writeln!(text, "[ratification.home_{k}]\nof = \"{of}\"");
        if let Some(least) = threshold.as_f64() {
            let _ = writeln!(draft.quantities, "threshold_{k} = {{ value = {least} }}");
            let _ = writeln!(text, "accepts = \"{worth} >= threshold_{k}{rounding}\"\n");
        } else {
            let chance = law::at_most(threshold, &format!("({worth})"))?;
            let _ = writeln!(text, "chance = \"{chance}\"\nforeseen = {foreseen}\n");
            chances.push(chance);
        }
        draft.more.push_str(&text);
    }
    Ok((!chances.is_empty()).then(|| chances.join(" * ")))
}

/// Writes what voters want: an actor who does not sign. False if they want what their negotiator wants.
fn preferences(
    draft: &Draft,
    name: &str,
    voters: &Value,
    text: &mut String,
) -> Result<bool, String> {
    let utility = &voters["utility"];
    let values = match (voters["values"].as_array(), utility) {
        (Some(values), _) => values.clone(),
        (None, Value::Array(each)) => each.clone(),
        (None, Value::Object(_)) => vec![utility.clone()],
        (None, _) => return Ok(false),
    };
    let _ = writeln!(text, "[actors.{name}]\nsigns = false");
    if draft.model["form"] == "points" {
        let (weight, values) = (Value::from(1), Value::from(values));
        writing::stake(name, &draft.issues[0], &weight, &values, text);
    } else if values.len() == draft.issues.len() {
        for (k, (issue, value)) in draft.issues.iter().zip(&values).enumerate() {
            let weight = match &voters["weights"][k] {
                Value::Null => Value::from(1),
                weight => weight.clone(),
            };
            writing::stake(name, issue, &weight, value, text);
        }
    } else {
        return Err(format!(
            "{} values for {} issues",
            values.len(),
            draft.issues.len()
        ));
    }
    writing::beyond(draft, name, voters, text);
    Ok(true)
}

fn start<'c>(case: &'c Case) -> Result<Draft<'c>, String> {
    let mut draft = Draft::new(&case.model, rule(&case.task)?)?;
    draft.set_power(&case.task["weights"]);
    Ok(draft)
}

/// One agreement and the homes it must pass.
pub fn two_level(case: &Case, finding: &mut Finding) -> Played {
    for name in [
        "without_ratification",
        "unconstrained",
        "untruncated",
        "level_one",
    ] {
        if let Some(expected) = finding.expect(name) {
            let settled = settle(&start(case)?, &[])?;
            settlement(finding, name, expected, &settled);
        }
    }
    let mut draft = start(case)?;
    let thresholds = case.task["thresholds"].as_array();
    let chance = vote(&mut draft, &case.task, thresholds.map(Vec::as_slice))?;
    win_set(finding, &mut draft, case.expected.keys())?;
    match chance {
        Some(chance) => uncertain(case, finding, &mut draft, &chance),
        None => compare(finding, &settle(&draft, &[])?),
    }
}

/// How much passes at home, whatever the negotiators think of it.
fn win_set<'k>(
    finding: &mut Finding,
    draft: &mut Draft,
    names: impl Iterator<Item = &'k String>,
) -> Played {
    for name in names {
        match name.as_str() {
            "win_set_size" | "win_set" if draft.counts().is_some() => {
                let packages = passing(draft)?;
                if let Some(expected) = finding.expect(name) {
                    count_or_list(finding, name, expected, &packages);
                }
            }
            "win_set_interval" | "win_set" => {
                let before = draft.reservations.take();
                draft.reservations = Some(vec!["-1e6".to_string(); draft.actors.len()]);
                zone::interval(draft, finding, name)?;
                draft.reservations = before;
            }
            "zopa_interval" => zone::interval(draft, finding, name)?,
            _ => (),
        }
    }
    Ok(())
}

fn passing(draft: &mut Draft) -> Result<Vec<u64>, String> {
    let utilities = arithmetic::utilities(draft).ok_or("packages need levels")?;
    zone::acceptable(draft, Some(zone::nothing_to_lose(&utilities)))
}

fn count_or_list(finding: &mut Finding, name: &str, expected: &Value, packages: &[u64]) {
    match expected.is_array() {
        true => finding.same_packages(name, expected, packages),
        false => finding.same(name, expected.as_u64(), Some(packages.len() as u64)),
    }
}

/// Ratification by chance: the text, its chance at home, and both sides' expectations.
fn uncertain(case: &Case, finding: &mut Finding, draft: &mut Draft, chance: &str) -> Played {
    let measure = format!("[measures]\np_ratify = \"{chance}\"\n");
    draft.more.push_str(&measure);
    let text = draft.text();
    let told = ["--runs", "2000", "--protocol", draft.protocol];
    let rows = program::rows(&text, &told)?;
    let agreed = rows.iter().find(|row| row["ended"] == "agreement");
    let settled = Settled::of_row(draft, agreed.unwrap_or(&rows[0]))?;
    compare(finding, &settled)?;
    let p = agreed.map_or(0.0, |row| row["p_ratify"].as_f64().unwrap_or(f64::NAN));
    let bounds = Bounds::of(case);
    let summary = chance::play(&text, &bounds)?;
    for name in ["p_ratify", "p_agreement"] {
        if let Some(expected) = finding.expect(name) {
            finding.number(name, name, expected.as_f64().unwrap_or(f64::NAN), p);
            bounds.share(
                finding,
                name,
                expected,
                chance::share(&summary, "agreement"),
            );
        }
    }
    for name in ["expected_utilities", "mean_utilities"] {
        let Some(expected) = finding.expect(name) else {
            continue;
        };
        let both = settled.utilities.iter().zip(&settled.gains);
        let means: Vec<f64> = both.map(|(u, gain)| u - gain + p * gain).collect();
        finding.list(name, name, expected, &means);
        let each = expected.as_array().into_iter().flatten();
        for (actor, mean) in draft.actors.iter().zip(each) {
            let name = format!("utility.{actor}");
            let got = chance::statistic(&summary, &name, "mean");
            bounds.mean(finding, &name, "mean_utility_se", mean, got);
        }
    }
    Ok(())
}

/// The same with ever stricter homes: one threshold for all of them, or one for each.
pub fn sweep(case: &Case, finding: &mut Finding) -> Played {
    let rows = finding.expect("rows").and_then(Value::as_array);
    for (nth, row) in rows.ok_or("a sweep needs rows")?.iter().enumerate() {
        let thresholds = thresholds(case, row, nth).ok_or(format!("row {nth}: no threshold"))?;
        let mut draft = start(case)?;
        if vote(&mut draft, &case.task, Some(&thresholds))?.is_some() {
            return Err("thresholds of a sweep are numbers".to_string());
        }
        let place = format!("thresholds {thresholds:?}");
        settlement(finding, &place, row, &settle(&draft, &[])?);
        for name in ["win_set_size", "win_set"] {
            if let Some(expected) = row.get(name) {
                let packages = passing(&mut draft)?;
                count_or_list(finding, &format!("{place} {name}"), expected, &packages);
            }
        }
        for name in ["zopa_count", "zopa_size"] {
            if let Some(expected) = row.get(name) {
                let zone = zone::acceptable(&mut draft, None)?;
                count_or_list(finding, &format!("{place} {name}"), expected, &zone);
            }
        }
    }
    Ok(())
}

/// The thresholds of a row: one for all homes, a list, or one by the name of each home's actor.
fn thresholds(case: &Case, row: &Value, nth: usize) -> Option<Vec<Value>> {
    let keys = ["threshold", "thresholds", "h"]
        .iter()
        .map(|key| &row[*key]);
    let mut told = keys.chain([&case.task["thresholds"][nth]]);
    match told.find(|told| !told.is_null()) {
        Some(Value::Array(each)) => Some(each.clone()),
        Some(all) => Some(vec![all.clone()]),
        None => {
            let homes = case.model["ratifiers"].as_array()?.iter();
            let own = homes.map(|home| {
                let seat = home["actor"].as_u64()? as usize;
                let name = case.model["actors"][seat]["name"].as_str()?;
                row.get(format!("threshold_{name}")).cloned()
            });
            own.collect()
        }
    }
}
