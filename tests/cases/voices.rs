//! One-dimensional models: positions weighed, challenged and exchanged. Inner numbers come from the steps of a replay.

use super::case::{Case, numbers};
use super::finding::Finding;
use super::program::replay;
use super::tasks::Played;
use serde_json::Value;

/// What an actor of a spatial model says: position, capability and salience per dimension.
struct Speaker {
    name: String,
    said: [Vec<f64>; 3],
}

fn speakers(model: &Value) -> Result<Vec<Speaker>, String> {
    let actors = model["actors"].as_array().ok_or("no actors")?;
    let read = |actor: &Value| {
        let list = |key: &str| match &actor[key] {
            Value::Null => None,
            value => numbers(value).or_else(|| Some(vec![value.as_f64()?])),
        };
        let said = ["position", "capability", "salience"].map(list);
        let [Some(position), Some(capability), Some(salience)] = said else {
            return Err(format!("{actor} says too little"));
        };
        Ok(Speaker {
            name: actor["name"].as_str().unwrap_or_default().to_string(),
            said: [position, capability, salience],
        })
    };
    actors.iter().map(read).collect()
}

/// A scenario in which nobody signs; issues span the positions and `range`.
fn scenario(speakers: &[Speaker], range: &[f64], protocol: &str, settings: &[String]) -> String {
    let mut text = String::from("format = 1\n");
    for issue in 0..speakers[0].said[0].len() {
        let at = speakers.iter().map(|speaker| speaker.said[0][issue]);
        let all = || at.clone().chain(range.iter().copied());
        let low = all().fold(f64::INFINITY, f64::min);
        let high = all().fold(f64::NEG_INFINITY, f64::max);
        let room = if low < high { 0.0 } else { 1.0 };
        let (from, to) = (low - room, high + room);
        text.push_str(&format!("[issues.x{issue}]\nfrom = {from}\nto = {to}\n"));
    }
    for (number, Speaker { said, .. }) in speakers.iter().enumerate() {
        text.push_str(&format!("[actors.a{number}]\nsigns = false\n"));
        for issue in 0..said[0].len() {
            let of = |which: usize| said[which].get(issue).or(said[which].first());
            let [position, capability, salience] =
                [0, 1, 2].map(|which| of(which).copied().unwrap_or(1.0));
            text.push_str(&format!(
                "stakes.x{issue} = {{ position = {position}, capability = {capability}, salience = {salience} }}\n"
            ));
        }
    }
    text.push_str(&format!(
        "[bargaining]\nprotocol = \"{protocol}\"\n[bargaining.settings]\n"
    ));
    for setting in settings {
        text.push_str(&format!("{setting}\n"));
    }
    text
}

/// The told run of a scenario.
struct Told {
    run: Value,
}

impl Told {
    fn new(text: &str) -> Result<Told, String> {
        let run = replay(text, 0)?;
        match run["ended"] == "agreement" {
            true => Ok(Told { run }),
            false => Err(format!(
                "it ended in {} {}\n{text}",
                run["ended"], run["reason"]
            )),
        }
    }

    /// The steps of this kind in a round.
    fn steps<'t>(&'t self, round: u64, does: &'t str) -> impl Iterator<Item = &'t Value> {
        let steps = self.run["sittings"][0]["steps"].as_array();
        let steps = steps.into_iter().flatten();
        steps.filter(move |step| step["round"] == round && step["does"] == does)
    }

    /// One figure of every step of this kind in a round.
    fn figures(&self, round: u64, does: &str, figure: &str) -> Vec<f64> {
        let steps = self.steps(round, does);
        steps.map(|step| number(&step["figures"][figure])).collect()
    }

    /// What an issue was settled at.
    fn settled(&self, issue: usize) -> f64 {
        number(&self.run["values"][format!("x{issue}")])
    }
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or(f64::NAN)
}

/// The weighted median and the compromise model.
pub fn average(case: &Case, finding: &mut Finding, protocol: &str) -> Played {
    let speakers = speakers(&case.model)?;
    let told = Told::new(&scenario(&speakers, &[], protocol, &[]))?;
    let weighed = |figure: &str| told.figures(0, "weighs", figure);
    if let Some(interval) = finding.expect("median_interval") {
        let found: Vec<f64> = [weighed("median"), weighed("upper_median")].concat();
        finding.list("median_interval", "median_interval", interval, &found);
    }
    for (key, figure) in [("median", "weighted-median"), ("mean", "weighted-mean")] {
        let Some(expected) = finding.expect(key).and_then(Value::as_f64) else {
            continue;
        };
        finding.number(key, key, expected, weighed(key)[0]);
        if protocol == figure {
            finding.number(key, &format!("settled {key}"), expected, told.settled(0));
        }
    }
    let interval = case.expected.get("median_interval").and_then(numbers);
    if let (true, Some(interval)) = (protocol == "weighted-median", interval) {
        let settled = told.settled(0);
        finding.number("median_interval", "settled at", interval[0], settled);
    }
    Ok(())
}

/// The challenge model: chances, security, exponents, positions round by round.
pub fn challenge(case: &Case, finding: &mut Finding) -> Played {
    let task = &case.task;
    let speakers = speakers(&case.model)?;
    let range = numbers(&task["position_range"]).unwrap_or_default();
    let mut settings = vec![
        format!("q = {}", task["Q"].as_f64().unwrap_or(1.0)),
        format!("rounds = {}", task["rounds"].as_u64().unwrap_or(1)),
        "tolerance = 0".to_string(),
    ];
    if let [low, high] = range[..] {
        settings.push(format!("range = {}", high - low));
    }
    if let Some(win) = task["win_probability"].as_str() {
        let is_net = win.starts_with("net");
        settings.push(format!(
            "win = \"{}\"",
            if is_net { "net" } else { "votes" }
        ));
    }
    let told = Told::new(&scenario(&speakers, &range, "challenge", &settings))?;
    let positions = |round: u64| match round {
        0 => told.figures(0, "urges", "position"),
        _ => told.figures(round, "stands at", "position"),
    };
    let round_of = |key: &str| {
        key.rsplit('_')
            .next()
            .and_then(|last| last.parse::<u64>().ok())
    };
    let keys: Vec<&String> = case.expected.keys().collect();
    for key in keys {
        let expected = &case.expected[key];
        let round = round_of(key).unwrap_or(0);
        let one = |figure: &str| told.figures(round, "weighs", figure).first().copied();
        let found = match key.as_str() {
            "initial_median" => one("median"),
            "initial_mean" => one("mean"),
            "forecast" | "final_median" => Some(told.settled(0)),
            _ if key.starts_with("median_after_round_") => one("median"),
            _ if key.starts_with("mean_after_round_") => one("mean"),
            _ if key.starts_with("p_win_from_") => chance(&told, key),
            _ => None,
        };
        let list = match key.as_str() {
            "security" => Some(told.figures(0, "feels exposed at", "security")),
            "risk_exponents" => Some(told.figures(0, "feels exposed at", "risk_exponent")),
            _ if key.starts_with("positions_after_round_") => Some(positions(round)),
            _ => None,
        };
        if let (Some(found), Some(expected)) = (found, expected.as_f64()) {
            finding.expect(key);
            finding.number(key, key, expected, found);
        }
        if let Some(list) = list {
            finding.expect(key);
            finding.list(key, key, expected, &list);
        }
    }
    Ok(())
}

/// `p_win_from_4_vs_10`: nobody minds risk.
fn chance(told: &Told, key: &str) -> Option<f64> {
    let (from, against) = key.strip_prefix("p_win_from_")?.split_once("_vs_")?;
    let (from, against): (f64, f64) = (from.parse().ok()?, against.parse().ok()?);
    let mut contests = told.steps(0, "contest");
    let contest = contests.find(|step| {
        number(&step["figures"]["position"]) == from
            && number(&step["figures"]["against"]) == against
    })?;
    contest["figures"]["win_risk_neutral"].as_f64()
}

/// One exchange, named by its pair and direction.
pub fn exchange(case: &Case, finding: &mut Finding) -> Played {
    let task = &case.task;
    let speakers = speakers(&case.model)?;
    let index = |key: &str| {
        task[key]
            .as_u64()
            .map(|index| index as usize)
            .ok_or(format!("no {key}"))
    };
    let (i, j) = (index("i")?, index("j")?);
    let (p, q) = (index("i_shifts_on")?, index("j_shifts_on")?);
    let settings = [
        format!("first = \"a{i}\""),
        format!("second = \"a{j}\""),
        format!("first_shifts = \"x{p}\""),
        format!("second_shifts = \"x{q}\""),
    ];
    let told = Told::new(&scenario(&speakers, &[], "exchange", &settings))?;
    let is_made = told.steps(0, "shifts to").next().is_some();
    let does = if is_made {
        "shifts to"
    } else {
        "might shift to"
    };
    // Steps come in the order of the issues; the case names its pair.
    let shift = |figure: &str| -> Vec<f64> {
        let of = |actor: usize| {
            let mut steps = told.steps(0, does);
            steps.find(|step| step["who"] == format!("a{actor}"))
        };
        let steps = [i, j].into_iter().filter_map(of);
        steps.map(|step| number(&step["figures"][figure])).collect()
    };
    let before = told.figures(0, "weighs", "mean");
    if let Some(expected) = finding.expect("outcomes_before") {
        finding.list("outcomes_before", "outcomes_before", expected, &before);
    }
    if let Some(expected) = finding.expect("outcomes_after") {
        let mut after = before.clone();
        for (issue, outcome) in [p, q].into_iter().zip(shift("outcome_after")) {
            after[issue] = outcome;
        }
        finding.list("outcomes_after", "outcomes_after", expected, &after);
        if is_made {
            let settled: Vec<f64> = (0..before.len()).map(|issue| told.settled(issue)).collect();
            finding.list("outcomes_after", "settled", expected, &settled);
        }
    }
    for (key, figure) in [
        ("new_positions", "to"),
        ("fraction_of_full_shift", "share_of_full_shift"),
    ] {
        if let Some(expected) = finding.expect(key) {
            finding.list(key, key, expected, &shift(figure));
        }
    }
    if let Some(expected) = finding.expect("gain_each").and_then(Value::as_f64) {
        for gain in shift("gain") {
            finding.number("gain_each", "gain_each", expected, gain);
        }
        finding.same("two sides", 2, shift("gain").len());
    }
    let others = if is_made { "looks on" } else { "would look on" };
    for (number_of, speaker) in speakers.iter().enumerate() {
        let key = format!("externality_on_{}", speaker.name);
        let Some(expected) = finding.expect(&key).and_then(Value::as_f64) else {
            continue;
        };
        let mut steps = told.steps(0, others);
        let step = steps.find(|step| step["who"] == format!("a{number_of}"));
        let found = step.map_or(f64::NAN, |step| number(&step["figures"]["externality"]));
        finding.number(&key, &key, expected, found);
    }
    Ok(())
}
