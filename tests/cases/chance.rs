//! Cases with chance in them: many seeded runs, held to so many standard errors.

use super::case::Case;
use super::draft::{Draft, Issue};
use super::finding::Finding;
use super::{events, program, sao, second_table};
use serde_json::Value;

/// Where every draw begins.
pub const SEED: &str = "20260128";

/// The share of runs that ended so.
pub fn share(summary: &Value, ending: &str) -> f64 {
    let ended = summary["ended"].as_array().into_iter().flatten();
    let of = |entry: &Value| {
        (entry["level"] == ending)
            .then(|| entry["share"].as_f64())
            .flatten()
    };
    ended.filter_map(of).next().unwrap_or(f64::NAN)
}

/// A statistic of a variable: its value and standard error.
pub fn statistic(summary: &Value, variable: &str, name: &str) -> (f64, f64) {
    let mut variables = summary["variables"].as_array().into_iter().flatten();
    let found = variables.find(|entry| entry["name"] == variable);
    let told = found.map_or(&Value::Null, |entry| &entry["statistics"][name]);
    let number = |key: &str| told[key].as_f64().unwrap_or(f64::NAN);
    (number("value"), number("std_error"))
}

/// The share of runs in which a measure that is true or false is true.
pub fn is_so(summary: &Value, measure: &str) -> f64 {
    let variables = summary["variables"].as_array().into_iter().flatten();
    let named = variables.filter(|entry| entry["name"] == measure);
    let levels = named.flat_map(|entry| entry["levels"].as_array().into_iter().flatten());
    let mut shares = levels
        .filter(|level| level["level"] == "1")
        .map(|level| &level["share"]);
    shares.next().and_then(Value::as_f64).unwrap_or(f64::NAN)
}

/// How the bounds of a simulated number are found.
pub struct Bounds<'c> {
    case: Option<&'c Case>,
    runs: f64,
    z: f64,
}

impl<'c> Bounds<'c> {
    /// As the case says, or four standard errors of 100,000 runs.
    pub fn of(case: &'c Case) -> Bounds<'c> {
        let told = &case.monte_carlo;
        Bounds {
            case: Some(case),
            runs: told["runs"].as_f64().unwrap_or(100_000.0),
            z: told["z"].as_f64().unwrap_or(4.0),
        }
    }

    /// Four standard errors of so many runs, by the program's own where a mean is asked.
    pub fn fixed(runs: f64) -> Bounds<'c> {
        Bounds {
            case: None,
            runs,
            z: 4.0,
        }
    }

    fn tolerance(&self, name: &str) -> f64 {
        self.case.map_or(1e-6, |case| case.tolerance(name))
    }

    fn runs(&self) -> String {
        self.runs.to_string()
    }

    /// A share: its standard error follows from the expected share itself.
    pub fn share(&self, finding: &mut Finding, name: &str, expected: &Value, got: f64) {
        let p = expected.as_f64().unwrap_or(f64::NAN);
        let error = (p * (1.0 - p) / self.runs).sqrt();
        finding.within(name, p, got, self.z * error + self.tolerance(name));
    }

    /// A mean: the case's own standard error if it says one, else the program's.
    pub fn mean(
        &self,
        finding: &mut Finding,
        name: &str,
        key: &str,
        expected: &Value,
        got: (f64, f64),
    ) {
        let told = self.case.and_then(|case| case.monte_carlo[key].as_f64());
        if let Some(told) = told
            && !got.1.is_nan()
        {
            // The program's own standard error must be that of the theory, too.
            finding.within(
                &format!("standard error of {name}"),
                told,
                got.1,
                0.03 * told,
            );
        }
        let bound = self.z * told.unwrap_or(got.1) + self.tolerance(name);
        finding.within(name, expected.as_f64().unwrap_or(f64::NAN), got.0, bound);
    }
}

/// Draw everything uncertain, then settle by a rule, many times.
pub fn monte_carlo(
    case: &Case,
    protocol: &'static str,
    finding: &mut Finding,
) -> Result<(), String> {
    let offers = &case.task["protocol"];
    let mut draft = match offers["kind"].as_str() {
        Some("sao") => sao::draft(case, offers)?,
        Some(other) => return Err(format!("no protocol of kind `{other}`")),
        None => Draft::new(&case.model, protocol)?,
    };
    if let Some(chance) = case.task["breakdown_per_round"].as_f64() {
        draft.settings.push(format!("breakdown = {chance}"));
    }
    draft.set_power(&case.task["weights"]);
    events::happen(&mut draft)?;
    second_table::vote(&mut draft, &case.task, None)?;
    let pairs: Vec<&String> = case
        .expected
        .keys()
        .filter(|k| k.starts_with("p_package_"))
        .collect();
    measures(&mut draft, case, &pairs);
    let bounds = Bounds::of(case);
    let summary = play(&draft.text(), &bounds)?;
    let agreement = share(&summary, "agreement");
    if let Some(p) = finding.expect("p_agreement") {
        bounds.share(finding, "p_agreement", p, agreement);
    }
    for name in pairs {
        if let Some(p) = finding.expect(name) {
            bounds.share(finding, name, p, is_so(&summary, name));
        }
    }
    rounds(finding, &bounds, &summary);
    let utility = match events::come_late(&draft) {
        true => "end_",
        false => "utility.",
    };
    for (key, name) in [("mean_utilities", utility), ("mean_gains", "gain.")] {
        let means = finding.expect(key).and_then(Value::as_array);
        for (actor, mean) in draft.actors.iter().zip(means.into_iter().flatten()) {
            let name = format!("{name}{actor}");
            let got = statistic(&summary, &name, "mean");
            bounds.mean(finding, &name, "mean_utility_se", mean, got);
        }
    }
    let surplus = statistic(&summary, "surplus", "mean");
    if let Some(mean) = finding.expect("mean_surplus") {
        bounds.mean(finding, "mean_surplus", "mean_surplus_se", mean, surplus);
    }
    if let Some(mean) = finding.expect("mean_surplus_given_agreement") {
        let got = (surplus.0 / agreement, f64::NAN);
        let (name, key) = (
            "mean_surplus_given_agreement",
            "mean_surplus_given_agreement_se",
        );
        bounds.mean(finding, name, key, mean, got);
    }
    let price = draft.issues.first().and_then(|issue| match issue {
        Issue::Range { name, .. } => Some(name.as_str()),
        _ => None,
    });
    if let Some(mean) = finding.expect("mean_price_given_agreement") {
        let got = statistic(&summary, price.unwrap_or_default(), "mean");
        bounds.mean(finding, "mean_price", "mean_price_se", mean, got);
    }
    if let Some(variance) = finding.expect("var_price_given_agreement") {
        let (sd, error) = statistic(&summary, price.unwrap_or_default(), "sd");
        let got = (sd * sd, 2.0 * sd * error);
        bounds.mean(finding, "var_price", "var_price_se", variance, got);
    }
    Ok(())
}

/// In which round, counted from 0, talks ended; and on which package.
fn rounds(finding: &mut Finding, bounds: &Bounds, summary: &Value) {
    if let Some(round) = finding.expect("round_if_agreement") {
        for end in ["min", "max"] {
            let got = statistic(summary, "round_agreed", end).0 - 1.0;
            finding.number(
                "round_if_agreement",
                end,
                round.as_f64().unwrap_or(f64::NAN),
                got,
            );
        }
    }
    if let Some(package) = finding.expect("package_if_agreement") {
        for end in ["min", "max"] {
            let got = statistic(summary, "package_agreed", end).0;
            let expected = package.as_f64().unwrap_or(f64::NAN);
            finding.number("package_if_agreement", end, expected, got);
        }
    }
    if let Some(mean) = finding.expect("mean_breakdown_round_given_breakdown") {
        let (round, error) = statistic(summary, "round_broken", "mean");
        let name = "mean_breakdown_round_given_breakdown";
        bounds.mean(finding, name, name, mean, (round - 1.0, error));
    }
}

/// Measures of when and on what talks end; they are NaN, and so left out, where they do not apply.
fn rounds_and_packages(draft: &Draft) -> String {
    let mut number = "0".to_string();
    for issue in &draft.issues {
        if let Issue::Levels { name, count } = issue {
            let levels =
                (1..*count).map(|level| format!("(if {name} == l{level} then {level} else 0)"));
            let level = levels.fold("0".to_string(), |sum, level| format!("{sum} + {level}"));
            number = format!("({number}) * {count} + {level}");
        }
    }
    format!(
        "round_agreed = \"if deal then round else 0 / 0\"\n\
round_broken = \"if deal then 0 / 0 else round\"\n\
package_agreed = \"if deal then {number} else 0 / 0\"\n"
    )
}

fn measures(draft: &mut Draft, case: &Case, pairs: &[&String]) {
    let gains: Vec<String> = draft.actors.iter().map(|a| format!("gain.{a}")).collect();
    let mut text = format!("[measures]\nsurplus = \"{}\"\n", gains.join(" + "));
    if events::come_late(draft) {
        let ends = draft.actors.iter();
        let ends = ends.map(|actor| format!("end_{actor} = \"{}\"\n", events::in_the_end(actor)));
        text.extend(ends);
    }
    if case.expected.contains_key("round_if_agreement") {
        text.push_str(&rounds_and_packages(draft));
    }
    for name in pairs {
        // `p_package_AB`: one letter per issue, the first of its level.
        let letters = name.trim_start_matches("p_package_").chars();
        let parts: Vec<String> = letters
            .enumerate()
            .filter_map(|(k, letter)| {
                let levels = case.model["issues"][k]["levels"].as_array()?;
                let is_it = |l: &Value| l.as_str().is_some_and(|l| l.starts_with(letter));
                let level = levels.iter().position(is_it)?;
                let Issue::Levels { name, .. } = &draft.issues[k] else {
                    return None;
                };
                Some(format!("{name} == l{level}"))
            })
            .collect();
        text.push_str(&format!("{name} = \"deal and {}\"\n", parts.join(" and ")));
    }
    draft.more.push_str(&text);
}

/// So many runs of a scenario as it is written; their summary.
pub fn play(text: &str, bounds: &Bounds) -> Result<Value, String> {
    let runs = bounds.runs();
    let arguments = ["--runs", &runs, "--seed", SEED, "--threads", "1"];
    Ok(program::run(text, &arguments)?["base"].clone())
}
