//! A single negotiating text: where a random walk under a vote ends, over many runs.

use super::case::{Case, numbers, packages};
use super::chance::{Bounds, is_so, play, statistic};
use super::draft::Draft;
use super::finding::Finding;
use super::tasks::Played;
use serde_json::Value;

/// Mediated changes of one text, so many times; shares of final texts, and what they are worth.
pub fn single_text(case: &Case, finding: &mut Finding) -> Played {
    let mut draft = Draft::new(&case.model, "single-text")?;
    if !case.expected.contains_key("p_agreement") {
        // The distribution is of texts, signed or not.
        draft.set_reservations(&vec![-1e9; draft.actors.len()]);
    }
    mediate(&mut draft, case)?;
    let counts = draft.counts().ok_or("texts have levels")?;
    let deals: usize = counts.iter().product();
    let mut wanted: Vec<(usize, f64)> = Vec::new();
    for name in ["final_distribution", "distribution"] {
        for row in list(finding.expect(name)) {
            let package = row["package"].as_u64().ok_or("a share needs a package")?;
            wanted.push((package as usize, row["p"].as_f64().ok_or("p")?));
        }
    }
    if let Some(shares) = finding.expect("stationary").and_then(numbers) {
        wanted.extend(shares.into_iter().enumerate());
    }
    let mut measures = format!("[measures]\ntotal = \"{}\"\n", total(&draft));
    for package in 0..deals {
        let at = words(&draft, &counts, package);
        measures.push_str(&format!("text_{package} = \"deal and {at}\"\n"));
    }
    draft.more.push_str(&measures);
    let bounds = Bounds::of(case);
    let summary = play(&draft.text(), &bounds)?;
    let shares: Vec<f64> = (0..deals)
        .map(|package| is_so(&summary, &format!("text_{package}")))
        .map(|share| if share.is_nan() { 0.0 } else { share })
        .collect();
    let least = case.monte_carlo["min_p"].as_f64().unwrap_or(0.0);
    for (package, p) in &wanted {
        if *p >= least {
            let name = format!("text {package}");
            bounds.share(finding, &name, &Value::from(*p), shares[*package]);
        }
    }
    let all: f64 = wanted.iter().map(|(_, p)| p).sum();
    if (all - 1.0).abs() < 1e-6 {
        let told: f64 = wanted.iter().map(|(package, _)| shares[*package]).sum();
        finding.within("shares of all texts told", 1.0, told, 1e-4);
    }
    if let Some(expected) = finding.expect("most_likely") {
        let likely = (0..deals).max_by(|a, b| shares[*a].total_cmp(&shares[*b]));
        finding.same("most_likely", expected.as_u64(), likely.map(|k| k as u64));
    }
    if let Some(mean) = finding.expect("expected_total_utility") {
        let got = statistic(&summary, "total", "mean");
        bounds.mean(finding, "expected_total_utility", "total_se", mean, got);
    }
    for (seat, mean) in list(finding.expect("expected_utilities"))
        .iter()
        .enumerate()
    {
        let name = format!("utility.{}", draft.actors[seat]);
        let got = statistic(&summary, &name, "mean");
        bounds.mean(finding, &name, "utility_se", mean, got);
    }
    if let Some(p) = finding.expect("p_agreement") {
        let got = super::chance::share(&summary, "agreement");
        bounds.share(finding, "p_agreement", p, got);
    }
    Ok(())
}

fn list(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The protocol's settings from the task: one number or word for all, or one for each actor.
fn mediate(draft: &mut Draft, case: &Case) -> Played {
    let task = &case.task;
    let seats = draft.actors.len();
    let steps = task["steps"].as_u64();
    let steps = steps.or(case.monte_carlo["steps_per_run"].as_u64());
    let mut settings = vec![format!("steps = {}", steps.unwrap_or(1000))];
    let each = |value: &Value, seat: usize| match value.as_array() {
        Some(list) => list[seat].clone(),
        None => value.clone(),
    };
    let agents = [&task["agents"], &task["voters"]];
    let agents = agents.into_iter().find(|agents| !agents.is_null());
    let agents = agents.ok_or("a single text needs agents")?;
    // A climber is an annealer without any warmth.
    let temperature = |seat: usize| match each(agents, seat).as_str() {
        Some("hill_climb") => Ok(0.0),
        Some("anneal") => {
            let warm = [&task["temperature"], &task["temperatures"]];
            let warm = warm.into_iter().find(|warm| !warm.is_null());
            let warm = warm.map(|warm| each(warm, seat)).and_then(|t| t.as_f64());
            warm.ok_or("annealers need a temperature".to_string())
        }
        other => Err(format!("agents {other:?} cannot be said")),
    };
    let warm: Vec<f64> = (0..seats).map(temperature).collect::<Result<_, _>>()?;
    match warm.iter().all(|t| *t == 0.0) {
        true => settings.push("voters = \"hill_climb\"".to_string()),
        false if warm.iter().all(|t| *t == warm[0]) => {
            settings.push(format!("voters = \"anneal\"\ntemperature = {}", warm[0]));
        }
        false => {
            settings.push("voters = \"anneal\"".to_string());
            draft.set_by_actor("temperature", &warm);
        }
    }
    if let Some(schedule) = task["schedule"].as_str() {
        settings.push(format!("schedule = \"{schedule}\""));
    }
    if let Some(quota) = task["quota"].as_f64() {
        settings.push(format!("quota = {quota}"));
    }
    for key in ["votes", "vote_weights"] {
        if let Some(votes) = numbers(&task[key]) {
            draft.set_by_actor("votes", &votes);
        }
    }
    let start = match (&task["start"], task["start"].as_u64()) {
        (_, Some(package)) => {
            let counts = draft.counts().ok_or("texts have levels")?;
            let levels: Vec<f64> = levels(&counts, package as usize)
                .map(|l| l as f64)
                .collect();
            draft.stand(&levels);
            "status_quo"
        }
        (at, _) if packages(at).is_some() => {
            draft.stand(&numbers(at).unwrap_or_default());
            "status_quo"
        }
        _ => "random",
    };
    settings.push(format!("start = \"{start}\""));
    draft.settings.extend(settings);
    Ok(())
}

fn total(draft: &Draft) -> String {
    let utilities = draft.actors.iter().map(|actor| format!("utility.{actor}"));
    utilities.collect::<Vec<_>>().join(" + ")
}

/// The levels of a package, in the order of the issues.
fn levels(counts: &[usize], package: usize) -> impl Iterator<Item = usize> {
    (0..counts.len()).map(move |k| {
        let stride: usize = counts[k + 1..].iter().product();
        package / stride % counts[k]
    })
}

/// A package as a condition.
fn words(draft: &Draft, counts: &[usize], package: usize) -> String {
    let parts = draft.issues.iter().zip(levels(counts, package));
    let parts = parts.map(|(issue, level)| match issue {
        super::draft::Issue::Levels { name, .. } => format!("{name} == l{level}"),
        _ => "false".to_string(),
    });
    parts.collect::<Vec<_>>().join(" and ")
}
