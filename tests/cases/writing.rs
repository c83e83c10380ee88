//! Scenario text from a model: issues, rules, actors, stakes, terms, quantities.

use super::draft::{Draft, Issue};
use super::law;
use serde_json::Value;
use std::fmt::Write;

/// The whole file.
pub fn scenario(draft: &Draft) -> String {
    let mut text = "format = 1\n\n[scenario]\ntitle = \"A case\"\n\n".to_string();
    if !draft.calendar.is_empty() {
        let _ = writeln!(text, "[calendar]\n{}\n", draft.calendar.join("\n"));
    }
    quantities(draft, &mut text);
    for (k, issue) in draft.issues.iter().enumerate() {
        let pinned = draft.pinned.as_ref().map(|pinned| pinned[k]);
        let more = &draft.issue_lines[k];
        write_issue(
            issue,
            draft.model["form"] == "points",
            pinned,
            more,
            &mut text,
        );
    }
    rules(draft, &mut text);
    for seat in 0..draft.actors.len() {
        actor(draft, seat, &mut text);
    }
    let _ = write!(
        text,
        "[bargaining]\nprotocol = \"{}\"\n[bargaining.settings]\n{}\n\n{}",
        draft.protocol,
        draft.settings.join("\n"),
        draft.more
    );
    text
}

/// A value as a number or a formula in quotes.
fn number_or_formula(value: &Value) -> String {
    match value.as_str() {
        Some(formula) => format!("\"{formula}\""),
        None => value.to_string(),
    }
}

fn quantities(draft: &Draft, text: &mut String) {
    let mut drawn = Vec::new();
    text.push_str("[quantities]\n");
    for (seat, name) in draft.actors.iter().enumerate() {
        let actor = draft.actor(seat);
        if let Some(law) = law::drawn(&actor["reservation"]) {
            let _ = writeln!(text, "reservation_{name} = {{ value = \"{law}\" }}");
            drawn.push(format!("reservation_{name}"));
        }
        for (name, value) in actor["random"].as_object().into_iter().flatten() {
            let law = law::drawn(value).unwrap_or_default();
            let _ = writeln!(text, "{name} = {{ value = \"{law}\" }}");
        }
    }
    text.push_str(&draft.quantities);
    text.push('\n');
    if let (Some(correlation), [a, b]) = (draft.model["correlation"].as_f64(), &drawn[..]) {
        // Spearman's rank correlation of two normals whose ordinary correlation this is.
        let rank = 6.0 / std::f64::consts::PI * (correlation / 2.0).asin();
        let _ = writeln!(
            text,
            "[[dependence]]\nbetween = [\"{a}\", \"{b}\"]\nrank = {rank}\n"
        );
    }
}

fn write_issue(issue: &Issue, unordered: bool, pinned: Option<f64>, more: &str, text: &mut String) {
    match issue {
        Issue::Levels { name, count } => {
            let labels: Vec<String> = (0..*count).map(|k| format!("\"l{k}\"")).collect();
            let key = if unordered { "options" } else { "levels" };
            let levels = labels.join(", ");
            let _ = writeln!(text, "[issues.{name}]\n{key} = [{levels}]\n{more}");
        }
        Issue::Range { name, .. } if pinned.is_some() => {
            let value = pinned.unwrap_or_default();
            let _ = writeln!(text, "[issues.{name}]\nvalues = [{value}]\n{more}");
        }
        Issue::Range { name, from, to } => {
            let _ = writeln!(text, "[issues.{name}]\nfrom = {from}\nto = {to}\n{more}");
        }
        Issue::Shares { names } => {
            for name in names {
                let _ = writeln!(text, "[issues.{name}]\nfrom = 0\nto = 1\n{more}");
            }
        }
    }
}

fn rules(draft: &Draft, text: &mut String) {
    for issue in &draft.issues {
        if let Issue::Shares { names } = issue
            && names.len() > 1
        {
            let _ = writeln!(
                text,
                "[[rules]]\nrequire = \"{} <= 1\"\n",
                names.join(" + ")
            );
        }
    }
    for pattern in draft.model["forbidden"].as_array().into_iter().flatten() {
        let _ = writeln!(
            text,
            "[[rules]]\nrequire = \"not ({})\"\n",
            matches(draft, pattern)
        );
    }
}

/// All of these issues at one of their levels.
pub fn matches(draft: &Draft, pattern: &Value) -> String {
    let parts: Vec<String> = pattern
        .as_array()
        .into_iter()
        .flatten()
        .map(|part| {
            let issue = part["issue"].as_u64().unwrap_or(0) as usize;
            let levels: Vec<String> = part["levels"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|level| format!("l{level}"))
                .collect();
            match &draft.issues[issue] {
                Issue::Levels { name, .. } if levels.len() == 1 => {
                    format!("{name} == {}", levels[0])
                }
                Issue::Levels { name, .. } => format!("{name} in [{}]", levels.join(", ")),
                _ => "a pattern needs levels".to_string(),
            }
        })
        .collect();
    parts.join(" and ")
}

fn actor(draft: &Draft, seat: usize, text: &mut String) {
    let (name, actor) = (&draft.actors[seat], draft.actor(seat));
    let _ = writeln!(
        text,
        "[actors.{name}]\nsigns = true\nreservation = {}",
        reservation(draft, seat)
    );
    let discount = match &draft.discounts {
        Some(discounts) => Some(discounts[seat]),
        None => actor["discount"].as_f64(),
    };
    if let Some(discount) = discount {
        let _ = writeln!(text, "discount = {discount}");
    }
    if draft.model["form"] == "points" {
        let outcomes = draft.model["outcomes"].as_array();
        let outcomes = outcomes.into_iter().flatten();
        let values: Vec<Value> = outcomes.map(|outcome| outcome[seat].clone()).collect();
        stake(
            name,
            &draft.issues[0],
            &Value::from(1),
            &Value::from(values),
            text,
        );
    } else {
        for (k, issue) in draft.issues.iter().enumerate() {
            stake(name, issue, &actor["weights"][k], &actor["values"][k], text);
        }
    }
    beyond(draft, name, actor, text);
    text.push('\n');
}

/// What a weighted sum does not say: interactions of issues, and a constant.
pub fn beyond(draft: &Draft, name: &str, actor: &Value, text: &mut String) {
    for interaction in actor["interactions"].as_array().into_iter().flatten() {
        let when = matches(draft, &interaction["when"]);
        let _ = writeln!(
            text,
            "[[actors.{name}.terms]]\nwhen = \"{when}\"\nadds = {}",
            interaction["bonus"]
        );
    }
    if let Some(constant) = actor["constant"].as_f64() {
        let _ = writeln!(text, "[[actors.{name}.terms]]\nadds = {constant}");
    }
}

/// What stands for an actor's reservation value: a number, or a formula.
pub fn fallback(draft: &Draft, seat: usize) -> String {
    let told = &draft.actor(seat)["reservation"];
    match (&draft.reservations, told.is_object()) {
        (Some(reservations), _) => reservations[seat].clone(),
        (None, true) => format!("reservation_{}", draft.actors[seat]),
        (None, false) => told.to_string(),
    }
}

fn reservation(draft: &Draft, seat: usize) -> String {
    let told = fallback(draft, seat);
    match told.parse::<f64>() {
        Ok(_) => told,
        Err(_) => format!("\"{told}\""),
    }
}

/// `weight x value / 100`, with the weight as `100 w`: utilities in the case's own units.
pub fn stake(actor: &str, issue: &Issue, weight: &Value, value: &Value, text: &mut String) {
    let weight = match (weight.as_f64(), weight.as_str()) {
        (Some(weight), _) => number_or_formula(&Value::from(100.0 * weight)),
        (_, Some(formula)) => format!("\"100 * ({formula})\""),
        _ => return,
    };
    match issue {
        Issue::Levels { name, .. } => {
            let values: Vec<String> = value
                .as_array()
                .into_iter()
                .flatten()
                .map(number_or_formula)
                .collect();
            let _ = writeln!(
                text,
                "[actors.{actor}.stakes.{name}]\nweight = {weight}\nvalue = [{}]",
                values.join(", ")
            );
        }
        Issue::Range { name, .. } => {
            let _ = writeln!(
                text,
                "[actors.{actor}.stakes.{name}]\nweight = {weight}\nvalue = \"{}\"",
                function(value, name)
            );
        }
        Issue::Shares { names } => {
            let part = value["part"].as_u64().unwrap_or(0) as usize;
            let share = match names.get(part) {
                Some(name) => name.clone(),
                None => format!("max(0, 1 - {})", names.join(" - ")),
            };
            let _ = writeln!(
                text,
                "[[actors.{actor}.terms]]\nadds = \"{} * ({})\"",
                weight.trim_matches('"').parse::<f64>().unwrap_or(100.0) / 100.0,
                function(value, &format!("({share})"))
            );
        }
    }
}

/// A function of an issue as a formula of the name `z`.
fn function(value: &Value, z: &str) -> String {
    let part = |name: &str| value[name].as_f64().unwrap_or(f64::NAN);
    let list = |name: &str| super::case::numbers(&value[name]).unwrap_or_default();
    match value["fn"].as_str() {
        Some("poly") => {
            let terms: Vec<String> = list("coef")
                .iter()
                .enumerate()
                .map(|(power, c)| match power {
                    0 => format!("({c})"),
                    1 => format!("({c}) * {z}"),
                    _ => format!("({c}) * {z}^{power}"),
                })
                .collect();
            terms.join(" + ")
        }
        Some("power") => format!("(({}) + ({}) * {z})^({})", part("a"), part("b"), part("p")),
        Some("pwl") => {
            let (x, y) = (list("x"), list("y"));
            let pieces = x.windows(2).zip(y.windows(2)).map(|(x, y)| {
                let slope = (y[1] - y[0]) / (x[1] - x[0]);
                (x[1], format!("({}) + ({slope}) * ({z} - ({}))", y[0], x[0]))
            });
            let pieces: Vec<(f64, String)> = pieces.collect();
            let (last, before) = pieces.split_last().expect("two points or more");
            before
                .iter()
                .rev()
                .fold(last.1.clone(), |rest, (end, piece)| {
                    format!("if {z} <= {end} then {piece} else {rest}")
                })
        }
        Some("cara") => format!(
            "(1 - exp(-({r}) * (({a}) + ({b}) * {z}))) / (1 - exp(-({r})))",
            r = part("r"),
            a = part("a"),
            b = part("b")
        ),
        Some("abs") => format!("1 - abs({z} - ({})) / ({})", part("ideal"), part("scale")),
        other => format!("function {other:?} is unknown"),
    }
}
