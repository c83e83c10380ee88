//! What trades across issues add to splitting every issue alike, by the program's own words.

use super::case::{Case, numbers};
use super::draft::{Draft, Issue};
use super::finding::Finding;
use super::program;
use super::tasks::{Played, compare, rule, settle};
use serde_json::Value;

/// A rule's deal against a split of every issue.
pub fn logrolling(case: &Case, finding: &mut Finding) -> Played {
    let mut draft = Draft::new(&case.model, rule(&case.task)?)?;
    draft.set_power(&case.task["weights"]);
    let settled = settle(&draft, &[])?;
    compare(finding, &settled)?;
    draft.more = "[measures]\ngain_over_split = \"logrolling\"\nindex = \"integrative\"\n".into();
    let own = draft.actors.iter();
    let own = own.map(|actor| format!("over_split_{actor} = \"logrolling.{actor}\"\n"));
    draft.more.push_str(&own.collect::<String>());
    let told = program::replay(&draft.text(), 0)?;
    let told = &told["values"];
    let number = |name: &str| told[name].as_f64().unwrap_or(f64::NAN);
    let sum = |utilities: &[f64]| utilities.iter().sum::<f64>();
    // The program splits in the middle; another reference is a deal of its own.
    let halves = halves(&draft);
    let reference = numbers(&case.task["reference"]).filter(|at| Some(at) != halves.as_ref());
    draft.more.clear();
    let (utilities, settings) = (
        settled.utilities.iter(),
        std::mem::take(&mut draft.settings),
    );
    draft.protocol = "utilitarian";
    let best = sum(&settle(&draft, &[])?.utilities);
    draft.settings = settings;
    let (split, index) = match reference {
        None => {
            let gains = draft.by_actor(told, "over_split_");
            let split = utilities.zip(&gains).map(|(u, gain)| u - gain).collect();
            (split, number("index"))
        }
        Some(reference) => {
            draft.settings.clear();
            let split = at(&mut draft, reference)?;
            let most = best - sum(&split);
            let index = match most.abs() > 1e-9 {
                true => (sum(&settled.utilities) - sum(&split)) / most,
                false => f64::NAN,
            };
            (split, index)
        }
    };
    let gain = sum(&settled.utilities) - sum(&split);
    if halves.is_some() && numbers(&case.task["reference"]) == halves {
        let told = number("gain_over_split");
        finding.within("the word `logrolling`", gain, told, 1e-9);
    }
    if let Some(expected) = finding.expect("reference_utilities") {
        finding.list("utilities", "reference_utilities", expected, &split);
    }
    for name in ["logrolling_gain", "total_gain"] {
        if let Some(expected) = finding.expect(name).and_then(Value::as_f64) {
            finding.number(name, name, expected, gain);
        }
    }
    if let Some(expected) = finding.expect("w_max").and_then(Value::as_f64) {
        // The largest sum of gains.
        let floors: f64 = (0..draft.actors.len())
            .filter_map(|seat| draft.actor(seat)["reservation"].as_f64())
            .sum();
        finding.number("w_max", "w_max", expected, best - floors);
    }
    if let Some(expected) = finding.expect("integrative_index") {
        match expected.as_f64() {
            Some(expected) => finding.number("integrative_index", "index", expected, index),
            None => finding.same("integrative_index", true, index.is_nan()),
        }
    }
    Ok(())
}

/// What one deal gives, whether anybody would sign it or not.
fn at(draft: &mut Draft, deal: Vec<f64>) -> Result<Vec<f64>, String> {
    for (issue, level) in draft.issues.iter().zip(&deal) {
        if let Issue::Levels { name, .. } = issue {
            let rule = format!("[[rules]]\nrequire = \"{name} == l{level}\"\n");
            draft.more.push_str(&rule);
        }
    }
    draft.pinned = Some(deal);
    draft.set_reservations(&vec![-1e9; draft.actors.len()]);
    Ok(settle(draft, &[])?.utilities)
}

/// The middle of every continuous issue.
fn halves(draft: &Draft) -> Option<Vec<f64>> {
    let issues = draft.issues.iter();
    issues
        .map(|issue| match issue {
            Issue::Range { from, to, .. } => Some((from + to) / 2.0),
            _ => None,
        })
        .collect()
}
