//! One issue at a time, against everything at once.

use super::case::{Case, numbers};
use super::draft::Draft;
use super::finding::Finding;
use super::program::{self, Settled};
use super::summits;
use super::tasks::{Played, rule, settle, settlement};
use serde_json::{Value, json};

const BY_ISSUE: &str = "issue-by-issue";

/// Each issue by its own values, then the whole package.
pub fn separate(case: &Case, finding: &mut Finding) -> Played {
    let rule = rule(&case.task)?;
    let mut package = Draft::new(&case.model, rule)?;
    package.set_power(&case.task["weights"]);
    let package = settle(&package, &[])?;
    let model = with_unsettled(case)?;
    let mut draft = Draft::new(&model, BY_ISSUE)?;
    draft.settings = vec![format!("rule = \"{rule}\"\norder = \"separate\"")];
    draft.set_power(&case.task["weights"]);
    let counts = Draft::new(&case.model, rule)?.counts();
    if let Some(counts) = &counts {
        draft.stand(&counts.iter().map(|count| *count as f64).collect::<Vec<_>>());
    }
    let mut apart = settle(&draft, &[])?;
    let standing = numbers(&case.task["status_quo"]);
    if let (Some(counts), Some(standing)) = (&counts, standing) {
        stay(case, &mut apart, counts, &standing)?;
    }
    apart.package = counts.and_then(|counts| number(&counts, &apart.at));
    if let Some(expected) = finding.expect("issue_by_issue") {
        settlement(finding, "issue_by_issue", expected, &apart);
    }
    if let Some(expected) = finding.expect("package_deal") {
        settlement(finding, "package_deal", expected, &package);
    }
    let pairs = package.utilities.iter().zip(&apart.utilities);
    let gain: Vec<f64> = pairs.map(|(package, apart)| package - apart).collect();
    if let Some(expected) = finding.expect("joint_gain") {
        finding.list("joint_gain", "joint_gain", expected, &gain);
    }
    if let Some(expected) = finding.expect("joint_gain_total").and_then(Value::as_f64) {
        let total = gain.iter().sum();
        finding.number("joint_gain_total", "joint_gain_total", expected, total);
    }
    Ok(())
}

/// Issues that are not settled stay at their status quo, whatever that gives.
fn stay(
    case: &Case,
    apart: &mut Settled,
    counts: &[usize],
    standing: &[f64],
) -> Result<(), String> {
    let is_open = |at: &(&f64, &usize)| *at.0 >= *at.1 as f64;
    if !apart.at.iter().zip(counts).any(|at| is_open(&at)) {
        return Ok(());
    }
    for ((level, count), stands) in apart.at.iter_mut().zip(counts).zip(standing) {
        if *level >= *count as f64 {
            *level = *stands;
        }
    }
    // The only deal there is.
    let mut model = case.model.clone();
    for (issue, level) in apart.at.iter().enumerate() {
        model["issues"][issue]["levels"] = json!(["it"]);
        for actor in model["actors"].as_array_mut().into_iter().flatten() {
            actor["values"][issue] = json!([actor["values"][issue][*level as usize]]);
            actor["reservation"] = json!(-1e6);
        }
    }
    let only = Draft::new(&model, "nash")?;
    apart.utilities = settle(&only, &[])?.utilities;
    Ok(())
}

/// The same model with one more level for every issue: not settled, worth what disagreement is.
///
/// A list of issues, each with one number per actor.
fn with_unsettled(case: &Case) -> Result<Value, String> {
    let mut model = case.model.clone();
    let none = &case.task["per_issue_disagreement"];
    let issues = model["issues"].as_array_mut().ok_or("no issues")?;
    let is_discrete = issues.iter().all(|issue| issue["levels"].is_array());
    for levels in issues
        .iter_mut()
        .filter_map(|issue| issue["levels"].as_array_mut())
    {
        levels.push("unsettled".into());
    }
    let count = issues.len();
    // One row per issue, or one per actor where the shape leaves no other reading.
    let rows = none.as_array().map_or(0, Vec::len);
    let columns = none[0].as_array().map_or(0, Vec::len);
    let actors = model["actors"].as_array().map_or(0, Vec::len);
    let by_actor = (rows, columns) != (count, actors) && (rows, columns) == (actors, count);
    if !is_discrete {
        return Ok(case.model.clone());
    }
    for (seat, actor) in model["actors"]
        .as_array_mut()
        .into_iter()
        .flatten()
        .enumerate()
    {
        let weights = numbers(&actor["weights"]).ok_or("weights are numbers")?;
        for (issue, weight) in weights.iter().enumerate() {
            let values = numbers(&actor["values"][issue]).ok_or("values are numbers")?;
            let mut worth: Vec<f64> = values.iter().map(|value| weight * value).collect();
            let none = match by_actor {
                true => &none[seat][issue],
                false => &none[issue][seat],
            };
            worth.push(none.as_f64().unwrap_or(0.0));
            actor["values"][issue] = worth.into();
        }
        actor["weights"] = vec![1.0; count].into();
    }
    Ok(model)
}

/// The row-major number of a deal; none if an issue is not settled.
fn number(counts: &[usize], at: &[f64]) -> Option<u64> {
    counts.iter().zip(at).try_fold(0, |number, (count, level)| {
        let is_settled = *level < *count as f64;
        is_settled.then_some(number * *count as u64 + *level as u64)
    })
}

/// One issue on top of the other in this order: the packages on the way, and where it ends.
pub fn sequential(case: &Case, order: &[usize]) -> Result<(Vec<Option<u64>>, Settled), String> {
    let turned = turned(case, order)?;
    let mut draft = summits::start(&turned)?;
    let power = std::mem::take(&mut draft.settings);
    draft.settings = vec![format!(
        "rule = \"{}\"\norder = \"sequential\"",
        draft.protocol
    )];
    draft.settings.extend(power);
    draft.protocol = BY_ISSUE;
    let counts = Draft::new(&case.model, BY_ISSUE)?.counts();
    let counts = counts.ok_or("a path needs levels")?;
    let back = |at: &[f64]| {
        let places = (0..order.len()).map(|issue| order.iter().position(|k| *k == issue));
        let at: Option<Vec<f64>> = places.map(|place| Some(at[place?])).collect();
        number(&counts, &at?)
    };
    let told = program::replay(&draft.text(), 0)?;
    let steps = told["sittings"][0]["steps"].as_array();
    let texts = steps
        .into_iter()
        .flatten()
        .filter(|step| step["does"] == "the text becomes");
    let path = texts
        .map(|step| Ok(back(&draft.at(&step["deal"])?)))
        .collect::<Result<_, String>>()?;
    let mut settled = settle(&draft, &[])?;
    settled.package = back(&settled.at);
    Ok((path, settled))
}

/// The same case with its issues in another order.
fn turned(case: &Case, order: &[usize]) -> Result<Case, String> {
    let pick = |list: &Value| -> Value { order.iter().map(|k| list[*k].clone()).collect() };
    let place = |issue: &Value| order.iter().position(|k| Some(*k as u64) == issue.as_u64());
    let pattern = |list: &Value| -> Value {
        let parts = list.as_array().into_iter().flatten();
        let turn =
            |part: &Value| json!({ "issue": place(&part["issue"]), "levels": part["levels"] });
        parts.map(turn).collect()
    };
    let mut model = case.model.clone();
    model["issues"] = pick(&model["issues"]);
    for actor in model["actors"].as_array_mut().ok_or("no actors")? {
        actor["weights"] = pick(&actor["weights"]);
        actor["values"] = pick(&actor["values"]);
        for bonus in actor["interactions"].as_array_mut().into_iter().flatten() {
            bonus["when"] = pattern(&bonus["when"]);
        }
    }
    for forbidden in model["forbidden"].as_array_mut().into_iter().flatten() {
        *forbidden = pattern(forbidden);
    }
    let mut task = case.task.clone();
    if task["status_quo"].is_array() {
        task["status_quo"] = pick(&task["status_quo"]);
    }
    Ok(case.with(model, task))
}
