//! Stacked alternating offers: agents become strategies, traces are read from replays.

use super::case::{Case, numbers};
use super::draft::{Draft, Issue};
use super::finding::Finding;
use super::program::replay;
use super::tasks::Played;
use serde_json::{Value, json};
use std::fmt::Write;

const STACKED: &str = "stacked-offers";

/// Offers round by round, each step compared with the trace.
pub fn sao(case: &Case, finding: &mut Finding) -> Played {
    let draft = draft(case, &case.task)?;
    let told = replay(&draft.text(), 0)?;
    compare(&draft, finding, &told)
}

/// The scenario of a task with `rounds` and `agents`.
pub fn draft<'c>(case: &'c Case, task: &Value) -> Result<Draft<'c>, String> {
    let mut draft = Draft::new(&case.model, STACKED)?;
    let rounds = task["rounds"].as_u64().ok_or("offers need rounds")?;
    draft.settings = vec![format!("rounds = {rounds}")];
    if let Some(first) = task["first"].as_u64() {
        let name = &draft.actors[first as usize];
        draft.settings.push(format!("first = \"{name}\""));
    }
    let agents = task["agents"].as_array().ok_or("offers need agents")?;
    for (seat, agent) in agents.iter().enumerate() {
        let strategy = strategy(&draft, seat, agent)?;
        draft.more.push_str(&strategy);
    }
    // Whoever reads a script and accepts nothing may read out anything.
    let reads = |agent: &Value| agent["type"] == "fixed" && agent["accept"]["type"] == "never";
    let known = (0..agents.len()).all(|seat| draft.actor(seat)["reservation"].is_number());
    if known && agents.iter().any(reads) {
        let own = agents
            .iter()
            .enumerate()
            .map(|(seat, agent)| match reads(agent) {
                true => "-1e6".to_string(),
                false => draft.actor(seat)["reservation"].to_string(),
            });
        draft.reservations = Some(own.collect());
    }
    Ok(draft)
}

fn strategy(draft: &Draft, seat: usize, agent: &Value) -> Result<String, String> {
    let mut text = format!("[bargaining.strategies.{}]\n", draft.actors[seat]);
    let mut set = |key: &str, value: String| {
        let _ = writeln!(text, "{key} = {value}");
    };
    let copy = |keys: &[(&str, &str)], set: &mut dyn FnMut(&str, String)| {
        for (from, to) in keys {
            if let Some(value) = agent.get(*from).filter(|value| !value.is_null()) {
                set(to, value.to_string());
            }
        }
    };
    match agent["type"].as_str().unwrap_or_default() {
        "time" => {
            set("offers", json!("time-dependent").to_string());
            copy(
                &[
                    ("beta", "beta"),
                    ("k", "start"),
                    ("u_max", "ceiling"),
                    ("u_min", "floor"),
                    ("family", "family"),
                    ("select", "select"),
                ],
                &mut set,
            );
        }
        "tft" => {
            set("offers", json!("tit-for-tat").to_string());
            copy(
                &[("mode", "mode"), ("kappa", "kappa"), ("u_max", "ceiling")],
                &mut set,
            );
        }
        "hardliner" => {
            set("offers", json!("hardliner").to_string());
            copy(&[("u_max", "ceiling"), ("select", "select")], &mut set);
        }
        "micro" => set("offers", json!("micro").to_string()),
        "fixed" => {
            set("offers", json!("script").to_string());
            set("script", script(draft, &agent["sequence"])?);
        }
        other => return Err(format!("agents of type `{other}` cannot be said")),
    }
    if let Some(weights) = numbers(&agent["similarity_weights"]) {
        let pairs: Vec<String> = draft
            .issues
            .iter()
            .zip(weights)
            .map(|(issue, weight)| match issue {
                Issue::Levels { name, .. } | Issue::Range { name, .. } => {
                    format!("{name} = {weight}")
                }
                Issue::Shares { .. } => String::new(),
            })
            .collect();
        set("similarity", format!("{{ {} }}", pairs.join(", ")));
    }
    let accept = &agent["accept"];
    let kind = accept["type"]
        .as_str()
        .or(accept.as_str())
        .unwrap_or("next");
    let name = match kind {
        "const" => "constant",
        "combi" => "combined",
        other => other,
    };
    set("accepts", json!(name).to_string());
    for (from, to) in [
        ("a", "accept_scale"),
        ("b", "accept_shift"),
        ("T", "accept_time"),
        ("c", "accept_least"),
    ] {
        if let Some(value) = accept.get(from).filter(|value| !value.is_null()) {
            set(to, value.to_string());
        }
    }
    Ok(text)
}

/// One offer of an actor in answer to another's.
pub fn trade_off(case: &Case, finding: &mut Finding) -> Played {
    let actor = case.task["actor"].as_u64().unwrap_or(0) as usize;
    let rows = finding.expect("rows").and_then(Value::as_array);
    for row in rows.ok_or("trade-offs need rows")? {
        let mut draft = Draft::new(&case.model, STACKED)?;
        let other = (0..draft.actors.len())
            .find(|seat| *seat != actor)
            .ok_or("no opponent")?;
        draft.settings = vec![
            "rounds = 1".to_string(),
            format!("first = \"{}\"", draft.actors[other]),
        ];
        // Whoever only answers may offer anything.
        let mut reservations: Vec<String> = Vec::new();
        for seat in 0..draft.actors.len() {
            let own = draft.actor(seat)["reservation"].as_f64().unwrap_or(0.0);
            reservations.push((if seat == actor { own } else { -1e6 }).to_string());
        }
        draft.reservations = Some(reservations);
        let script = script(&draft, &json!([row["opponent_last"]]))?;
        let mut agent = json!({
            "type": "hardliner", "u_max": row["aspiration"], "select": "tradeoff",
            "accept": { "type": "never" },
        });
        for key in ["similarity_weights", "weights"] {
            let weights = row.get(key).or(case.task.get(key));
            if let Some(weights) = weights {
                agent["similarity_weights"] = weights.clone();
            }
        }
        let own = strategy(&draft, actor, &agent)?;
        draft.more = format!(
            "{own}[bargaining.strategies.{}]\noffers = \"script\"\nscript = {script}\naccepts = \"never\"\n",
            draft.actors[other]
        );
        let told = replay(&draft.text(), 0)?;
        let name = json!(draft.actors[actor]);
        let step = steps(&told)
            .into_iter()
            .find(|step| step["who"] == name && step["does"] == "offers")
            .ok_or("it makes no offer")?;
        let place = format!(
            "aspiration {} after {}",
            row["aspiration"], row["opponent_last"]
        );
        finding.same(
            &place,
            row["package"].as_u64(),
            draft.package(&step["deal"]),
        );
        for (key, figure) in [("similarity", "similarity"), ("own_utility", "utility")] {
            if let Some(expected) = row[key].as_f64() {
                let got = step["figures"][figure].as_f64().unwrap_or(f64::NAN);
                finding.number(key, &format!("{place}: {key}"), expected, got);
            }
        }
    }
    Ok(())
}

/// Package numbers as a list of deals.
pub fn script(draft: &Draft, packages: &Value) -> Result<String, String> {
    let counts = draft.counts().ok_or("a script needs levels")?;
    let packages = packages.as_array().ok_or("a script needs packages")?;
    let deals: Vec<String> = packages
        .iter()
        .map(|package| {
            let mut rest = package.as_u64().unwrap_or(0) as usize;
            let mut levels = vec![0; counts.len()];
            for (level, count) in levels.iter_mut().zip(&counts).rev() {
                *level = rest % count;
                rest /= count;
            }
            let terms: Vec<String> = draft
                .issues
                .iter()
                .zip(levels)
                .filter_map(|(issue, level)| match issue {
                    Issue::Levels { name, .. } => Some(format!("{name} = \"l{level}\"")),
                    _ => None,
                })
                .collect();
            format!("{{ {} }}", terms.join(", "))
        })
        .collect();
    Ok(format!("[{}]", deals.join(", ")))
}

/// The steps of a replay's only sitting.
pub fn steps(told: &Value) -> Vec<&Value> {
    let steps = told["sittings"][0]["steps"].as_array();
    steps.into_iter().flatten().collect()
}

fn compare(draft: &Draft, finding: &mut Finding, told: &Value) -> Played {
    let agreed = told["ended"] == "agreement";
    let seat = |step: &Value| {
        draft
            .actors
            .iter()
            .position(|actor| step["who"] == json!(actor))
    };
    let moves: Vec<&Value> = steps(told)
        .into_iter()
        .filter(|step| step["does"] == "offers" || step["does"] == "accepts")
        .collect();
    let package = |step: &Value| draft.package(&step["deal"]);
    if let Some(expected) = finding.expect("agreement") {
        finding.same("agreement", expected.as_bool(), Some(agreed));
    }
    let last = moves.last().copied().unwrap_or(&Value::Null);
    if let Some(expected) = finding.expect("round") {
        let round = match agreed || told["ended"] != "deadline" {
            true => last["round"].as_u64(),
            false => last["round"].as_u64().map(|round| round + 1),
        };
        finding.same("round", expected.as_u64(), round);
    }
    if let Some(expected) = finding.expect("accepted_by") {
        finding.same(
            "accepted_by",
            expected.as_u64(),
            seat(last).map(|s| s as u64),
        );
    }
    if let Some(expected) = finding.expect("proposer") {
        let offers = moves.iter().rev().find(|step| step["does"] == "offers");
        let proposer = offers.and_then(|step| seat(step)).map(|s| s as u64);
        finding.same("proposer", expected.as_u64(), proposer);
    }
    if let Some(expected) = finding.expect("package") {
        finding.same("package", expected.as_u64(), draft.package(&told["values"]));
    }
    if let Some(expected) = finding.expect("utilities") {
        let utilities = draft.by_actor(&told["values"], "utility.");
        finding.list("utilities", "utilities", expected, &utilities);
    }
    if let Some(expected) = finding.expect("ended_by") {
        let ended = match told["ended"].as_str() {
            Some("no_deal") => Some("walk_away"),
            ended => ended,
        };
        let wanted = expected.as_str().map(|word| word.replace('-', "_"));
        finding.same("ended_by", wanted.as_deref(), ended);
    }
    if let Some(expected) = finding.expect("trace") {
        let trace: Vec<Value> = moves
            .iter()
            .map(|step| {
                let what = match step["does"] == "accepts" {
                    true => json!("accept"),
                    false => json!(package(step)),
                };
                json!([step["round"], seat(step), what])
            })
            .collect();
        finding.same("trace", Some(expected), Some(&Value::from(trace)));
    }
    Ok(())
}
