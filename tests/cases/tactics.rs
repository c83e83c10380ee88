//! The parts of strategies: concession curves, answers in kind, acceptance, opponent models, each
//! read off a negotiation in which it shows.

use super::case::{Case, numbers};
use super::finding::Finding;
use super::program::replay;
use super::sao::steps;
use super::tasks::Played;
use serde_json::{Value, json};

/// A scenario over one numeric issue: `values` rising, two actors with a formula each for what they
/// value, and what stands below.
fn over_numbers(values: &[f64], worth: [&str; 2], reservation: [f64; 2], rest: &str) -> String {
    let mut text = format!(
        "format = 1\n[scenario]\ntitle = \"A case\"\n[issues.number]\nvalues = {}\n",
        json!(values)
    );
    for (seat, name) in ["one", "two"].into_iter().enumerate() {
        text.push_str(&format!(
            "[actors.{name}]\nreservation = {}\n[actors.{name}.stakes.number]\nweight = 100\nvalue = \"{}\"\n",
            reservation[seat], worth[seat]
        ));
    }
    text + rest
}

fn bargaining(rounds: usize, first: &str, one: &str, two: &str) -> String {
    format!(
        "[bargaining]\nprotocol = \"stacked-offers\"\n[bargaining.settings]\nrounds = {rounds}\n\
first = \"{first}\"\n[bargaining.strategies.one]\n{one}\n[bargaining.strategies.two]\n{two}\n"
    )
}

fn rising(values: impl IntoIterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values.dedup_by(|a, b| (*a - *b).abs() < 1e-12);
    values
}

fn number(value: &Value, key: &str) -> Result<f64, String> {
    value[key].as_f64().ok_or(format!("`{key}` is no number"))
}

/// Rounds less one such that every one of these times is a round.
fn last_round(times: &[f64]) -> Result<usize, String> {
    let is_whole = |last: usize| {
        times.iter().all(|tau| {
            let round = tau * last as f64;
            (round - round.round()).abs() < 1e-9
        })
    };
    (1..100_000)
        .find(|last| is_whole(*last))
        .ok_or("times are no rounds".to_string())
}

/// The figure of what somebody did in a round.
fn figure(told: &Value, who: &str, round: usize, name: &str) -> f64 {
    let step = steps(told)
        .into_iter()
        .find(|step| step["who"] == who && step["round"] == json!(round));
    step.and_then(|step| step["figures"][name].as_f64())
        .unwrap_or(f64::NAN)
}

/// The number somebody offered in a round.
fn offered(told: &Value, who: &str, round: usize) -> f64 {
    let step = steps(told).into_iter().find(|step| {
        step["who"] == who && step["round"] == json!(round) && step["does"] == "offers"
    });
    step.and_then(|step| step["deal"]["number"].as_f64())
        .unwrap_or(f64::NAN)
}

const NEVER: &str = "accepts = \"never\"\n";

/// Targets at times, between a best of 1 and a reservation value of 0.
pub fn concession_curve(case: &Case, finding: &mut Finding) -> Played {
    let rows = finding.expect("rows").and_then(Value::as_array);
    let rows = rows.ok_or("a curve needs rows")?;
    let start = case.task["k"].as_f64().unwrap_or(0.0);
    let family = case.task["family"].as_str().unwrap_or("polynomial");
    for row in rows {
        let (beta, tau) = (number(row, "beta")?, number(row, "tau")?);
        let start = row["k"].as_f64().unwrap_or(start);
        let last = last_round(&[tau])?;
        let one = format!(
            "offers = \"time-dependent\"\nbeta = {beta}\nstart = {start}\nfamily = \"{family}\"\n{NEVER}"
        );
        let two = format!("offers = \"hardliner\"\n{NEVER}");
        let text = over_numbers(
            &[0.0, 1.0],
            ["number", "1 - number"],
            [0.0, 0.0],
            &bargaining(last + 1, "one", &one, &two),
        );
        let told = replay(&text, 0)?;
        let round = (tau * last as f64).round() as usize;
        let alpha = 1.0 - figure(&told, "one", round, "target");
        let place = format!("beta {beta}, tau {tau}");
        finding.number("value", &place, number(row, "value")?, alpha);
    }
    Ok(())
}

/// Prices at times: a seller and a buyer, each with a range of its own.
pub fn concession_prices(case: &Case, finding: &mut Finding) -> Played {
    let rows = finding.expect("rows").and_then(Value::as_array);
    let rows = rows.ok_or("offers need rows")?;
    let range = |key: &str| numbers(&case.task[key]).ok_or(format!("no {key}"));
    let (seller, buyer) = (range("seller_range")?, range("buyer_range")?);
    let prices = ["seller_price", "buyer_price"];
    let told = rows
        .iter()
        .flat_map(|row| prices.iter().filter_map(|key| row[*key].as_f64()));
    let values = rising(told.chain(seller.iter().chain(&buyer).copied()));
    let times: Vec<f64> = rows.iter().filter_map(|row| row["tau"].as_f64()).collect();
    let last = last_round(&times)?;
    let one = format!(
        "offers = \"time-dependent\"\nbeta = {}\nstart = {}\n{NEVER}ceiling = 100\n",
        number(&case.task, "beta")?,
        case.task["k"].as_f64().unwrap_or(0.0)
    );
    let worth = [
        format!("100 * (number - {}) / {}", seller[0], seller[1] - seller[0]),
        format!("100 * ({} - number) / {}", buyer[1], buyer[1] - buyer[0]),
    ];
    let text = over_numbers(
        &values,
        [&worth[0], &worth[1]],
        [0.0, 0.0],
        &bargaining(last + 1, "one", &one, &one),
    );
    let told = replay(&text, 0)?;
    for row in rows {
        let tau = number(row, "tau")?;
        let round = (tau * last as f64).round() as usize;
        for (who, key) in [("one", "seller_price"), ("two", "buyer_price")] {
            let place = format!("{key} at {tau}");
            finding.number(key, &place, number(row, key)?, offered(&told, who, round));
        }
    }
    Ok(())
}

/// Answers in kind on one issue.
pub fn in_kind(case: &Case, finding: &mut Finding) -> Played {
    let task = &case.task;
    let (own, range) = (
        number(task, "own_last")?,
        numbers(&task["range"]).ok_or("no range")?,
    );
    let heard = numbers(&task["opponent_offers"]).ok_or("no offers of the opponent")?;
    let is_high = task["direction"].as_str().unwrap_or("high") == "high";
    let window = task["window"].as_u64().unwrap_or(1) as usize;
    for (key, mode) in [
        ("relative", "issue_relative"),
        ("absolute", "issue_absolute"),
        ("averaged", "issue_averaged"),
    ] {
        let Some(expected) = finding.expect(key).and_then(Value::as_f64) else {
            continue;
        };
        let back = if key == "averaged" { window } else { 1 };
        let heard = &heard[heard.len() - back - 1..];
        // Candidates are the right answer, its neighbours, and all numbers at hand.
        let near = [expected - 0.25, expected + 0.25];
        let near = near
            .into_iter()
            .filter(|x| range[0] <= *x && *x <= range[1]);
        let all = heard.iter().chain(&range).chain([&own, &expected]);
        let values = rising(near.chain(all.copied()));
        let width = range[1] - range[0];
        let share = |x: f64| match is_high {
            true => 100.0 * (x - range[0]) / width,
            false => 100.0 * (range[1] - x) / width,
        };
        let worth = match is_high {
            true => format!("100 * (number - {}) / {width}", range[0]),
            false => format!("100 * ({} - number) / {width}", range[1]),
        };
        // Numbers outside its range are heard, but not its own to offer.
        let [low, high] = [range[0], range[1]];
        let worth = format!("if number < {low} or number > {high} then -1 else {worth}");
        let one = format!(
            "offers = \"tit-for-tat\"\nmode = \"{mode}\"\nwindow = {back}\nceiling = {}\n{NEVER}",
            share(own)
        );
        let deals: Vec<String> = heard
            .iter()
            .map(|x| format!("{{ number = {x:?} }}"))
            .collect();
        let two = format!(
            "offers = \"script\"\nscript = [{}]\n{NEVER}",
            deals.join(", ")
        );
        let text = over_numbers(
            &values,
            [&worth, "0"],
            [0.0, -1.0],
            &bargaining(heard.len() + 1, "one", &one, &two),
        );
        let told = replay(&text, 0)?;
        finding.number(key, key, expected, offered(&told, "one", heard.len()));
    }
    Ok(())
}

/// Whether an offer is accepted, for each rule named by the rows.
pub fn acceptance(_: &Case, finding: &mut Finding) -> Played {
    let rows = finding.expect("rows").and_then(Value::as_array);
    for row in rows.ok_or("acceptance needs rows")? {
        let (offer, next) = (number(row, "u_offer")?, number(row, "u_next")?);
        let tau = number(row, "tau")?;
        let last = last_round(&[tau])?;
        let round = (tau * last as f64).round() as usize;
        for (key, expected) in row.as_object().into_iter().flatten() {
            let Some(rule) = rule(key)? else { continue };
            let mut fillers = vec!["{ number = 0 }"; round];
            fillers.push("{ number = 1 }");
            let one = format!("offers = \"script\"\nscript = [{{ number = 2 }}]\n{rule}");
            let two = format!(
                "offers = \"script\"\nscript = [{}]\n{NEVER}",
                fillers.join(", ")
            );
            let worth =
                format!("if number == 1 then {offer} else if number == 2 then {next} else -1");
            let text = over_numbers(
                &[0.0, 1.0, 2.0],
                [&worth, "0"],
                [0.0, -1.0],
                &bargaining(last + 1, "two", &one, &two),
            );
            let told = replay(&text, 0)?;
            let answer = steps(&told)
                .into_iter()
                .find(|step| step["who"] == "one" && step["round"] == json!(round));
            let accepted = answer.map(|step| step["does"] == "accepts");
            finding.same(&format!("{key} at {tau}"), expected.as_bool(), accepted);
        }
    }
    Ok(())
}

/// `ac_next(1.02,0.05)` as lines of a strategy; nothing for a key that is no rule.
fn rule(key: &str) -> Result<Option<String>, String> {
    let Some(rest) = key.strip_prefix("ac_") else {
        return Ok(None);
    };
    let (name, arguments) = rest.split_once('(').ok_or("a rule needs its numbers")?;
    let arguments: Vec<&str> = arguments.trim_end_matches(')').split(',').collect();
    let of = |nth: usize| arguments.get(nth).copied().unwrap_or("0");
    let lines = match name {
        "next" => format!(
            "accepts = \"next\"\naccept_scale = {}\naccept_shift = {}\n",
            of(0),
            of(1)
        ),
        "const" => format!("accepts = \"constant\"\naccept_least = {}\n", of(0)),
        "time" => format!("accepts = \"time\"\naccept_time = {}\n", of(0)),
        "combi" => format!("accepts = \"combined\"\naccept_time = {}\n", of(0)),
        other => return Err(format!("no acceptance rule `{other}`")),
    };
    Ok(Some(lines))
}

/// What a frequency model makes of offers it hears.
pub fn frequency(case: &Case, finding: &mut Finding) -> Played {
    let task = &case.task;
    let counts = numbers(&task["levels"]).ok_or("no levels")?;
    let offers = task["offers"].as_array().ok_or("no offers")?;
    let mut text = "format = 1\n[scenario]\ntitle = \"A case\"\n".to_string();
    for (issue, count) in counts.iter().enumerate() {
        let levels: Vec<String> = (0..*count as usize).map(|l| format!("\"l{l}\"")).collect();
        text.push_str(&format!(
            "[issues.i{issue}]\nlevels = [{}]\n",
            levels.join(", ")
        ));
    }
    for name in ["one", "two"] {
        text.push_str(&format!(
            "[actors.{name}]\nreservation = 0\n[actors.{name}.stakes.i0]\nweight = 1\n"
        ));
        let values: Vec<String> = (0..counts[0] as usize).map(|l| l.to_string()).collect();
        text.push_str(&format!("value = [{}]\n", values.join(", ")));
    }
    let deals: Vec<String> = offers
        .iter()
        .map(|offer| {
            let levels = numbers(offer).unwrap_or_default();
            let terms: Vec<String> = levels
                .iter()
                .enumerate()
                .map(|(issue, level)| format!("i{issue} = \"l{level}\""))
                .collect();
            format!("{{ {} }}", terms.join(", "))
        })
        .collect();
    let one = format!(
        "offers = \"hardliner\"\nmodel = \"frequency\"\nlearning = {}\ngamma = {}\n{NEVER}",
        number(task, "epsilon")?,
        number(task, "gamma")?
    );
    let two = format!(
        "offers = \"script\"\nscript = [{}]\n{NEVER}",
        deals.join(", ")
    );
    text.push_str(&bargaining(offers.len(), "two", &one, &two));
    let told = replay(&text, 0)?;
    let mut weights = vec![f64::NAN; counts.len()];
    let mut values: Vec<Vec<f64>> = counts.iter().map(|c| vec![f64::NAN; *c as usize]).collect();
    for step in steps(&told) {
        let figures = &step["figures"];
        let at = |key: &str| {
            figures[key]
                .as_u64()
                .or(figures[key].as_f64().map(|x| x as u64))
        };
        if step["who"] != "one" || step["does"] != "believes" {
            continue;
        }
        let Some(issue) = at("issue") else { continue };
        match at("level") {
            Some(level) => {
                values[issue as usize][level as usize] =
                    figures["likes"].as_f64().unwrap_or(f64::NAN);
            }
            None => weights[issue as usize] = figures["weight"].as_f64().unwrap_or(f64::NAN),
        }
    }
    if let Some(expected) = finding.expect("weights") {
        finding.list("weights", "weights", expected, &weights);
    }
    if let Some(expected) = finding.expect("values").and_then(Value::as_array) {
        for (issue, expected) in expected.iter().enumerate() {
            finding.list(
                "values",
                &format!("values of {issue}"),
                expected,
                &values[issue],
            );
        }
    }
    if let Some(expected) = finding.expect("estimated_utility") {
        let package = numbers(&expected["package"]).unwrap_or_default();
        let parts = package.iter().enumerate();
        let sum = parts.map(|(issue, level)| weights[issue] * values[issue][*level as usize]);
        let value = number(expected, "value")?;
        finding.number("estimated_utility", "estimated_utility", value, sum.sum());
    }
    Ok(())
}

/// What a Bayesian model makes of offers it hears at evenly spaced times from 0.
pub fn bayes(case: &Case, finding: &mut Finding) -> Played {
    let task = &case.task;
    let offers = task["offer_utilities"].as_array().ok_or("no offers")?;
    let utilities: Vec<Vec<f64>> = offers.iter().filter_map(numbers).collect();
    let (times, prior) = (
        numbers(&task["taus"]).ok_or("no times")?,
        numbers(&task["prior"]).ok_or("no prior")?,
    );
    let last = last_round(&times)?;
    let rounds: Vec<usize> = times
        .iter()
        .map(|tau| (tau * last as f64).round() as usize)
        .collect();
    if rounds.iter().enumerate().any(|(nth, round)| nth != *round) {
        return Err("offers that leave out rounds cannot be said".to_string());
    }
    // Two levels more, so that every kind's range of utilities is from 0 to 1.
    let count = utilities.len();
    let levels: Vec<String> = (0..count + 2).map(|l| format!("\"l{l}\"")).collect();
    let mut text = format!(
        "format = 1\n[scenario]\ntitle = \"A case\"\n[issues.offer]\noptions = [{}]\n",
        levels.join(", ")
    );
    let flat: Vec<String> = (0..count + 2).map(|_| "0".to_string()).collect();
    for name in ["one", "two"] {
        text.push_str(&format!(
            "[actors.{name}]\nreservation = -1\n[actors.{name}.stakes.offer]\nweight = 1\nvalue = [{}]\n",
            flat.join(", ")
        ));
    }
    let mut kinds = Vec::new();
    for (kind, prior) in prior.iter().enumerate() {
        let own = utilities.iter().map(|offer| offer[kind]);
        let own: Vec<f64> = own.chain([0.0, 1.0]).collect();
        text.push_str(&format!(
            "[actors.kind_{kind}]\nsigns = false\n[actors.kind_{kind}.stakes.offer]\nweight = 100\nvalue = {}\n",
            json!(own.iter().map(|u| u * 100.0).collect::<Vec<_>>())
        ));
        kinds.push(format!("kind_{kind} = {prior}"));
    }
    let one = format!(
        "offers = \"hardliner\"\naccepts = \"time\"\naccept_time = {}\nmodel = \"bayes\"\n\
concession = {}\nsigma = {}\nhypotheses = {{ {} }}\n",
        times[count - 1],
        number(task, "c")?,
        number(task, "sigma")?,
        kinds.join(", ")
    );
    let deals: Vec<String> = (0..count)
        .map(|l| format!("{{ offer = \"l{l}\" }}"))
        .collect();
    let two = format!(
        "offers = \"script\"\nscript = [{}]\n{NEVER}",
        deals.join(", ")
    );
    text.push_str(&bargaining(last + 1, "two", &one, &two));
    let told = replay(&text, 0)?;
    let mut posterior = vec![f64::NAN; prior.len()];
    for step in steps(&told) {
        let figures = &step["figures"];
        if let (Some(kind), Some(share)) = (
            figures["hypothesis"].as_f64(),
            figures["probability"].as_f64(),
        ) {
            posterior[kind as usize] = share;
        }
    }
    if let Some(expected) = finding.expect("posterior") {
        finding.list("posterior", "posterior", expected, &posterior);
    }
    if let Some(expected) = finding.expect("most_likely").and_then(Value::as_u64) {
        let best = (0..posterior.len()).max_by(|a, b| posterior[*a].total_cmp(&posterior[*b]));
        finding.same("most_likely", Some(expected), best.map(|kind| kind as u64));
    }
    Ok(())
}
