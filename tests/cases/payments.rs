//! Money at the table and threats away from it: side payments, sponsors, moves that change what is lost.

use super::case::{Case, numbers};
use super::draft::{Draft, Issue};
use super::finding::Finding;
use super::tasks::{Played, TAKE_OR_LEAVE, compare, rule, settle, settlement};
use super::writing::{fallback, matches};
use super::{arithmetic, zone};
use serde_json::Value;
use std::fmt::Write;

fn start<'c>(case: &'c Case) -> Result<Draft<'c>, String> {
    let mut draft = Draft::new(&case.model, rule(&case.task)?)?;
    draft.set_power(&case.task["weights"]);
    Ok(draft)
}

/// Transfers among the actors.
///
/// What each of them receives is an issue, a range that the protocols resolve far more finely than any
/// step would; the last one receives what the others pay. A budget is the range's lower end. Without
/// one it is what the actor could pay at most and still sign: its best utility less its reservation.
pub fn side_payments(case: &Case, finding: &mut Finding) -> Played {
    let mut draft = start(case)?;
    if let Some(expected) = finding.expect("without_transfers") {
        settlement(
            finding,
            "without transfers",
            expected,
            &settle(&draft, &[])?,
        );
    }
    let budgets = match &case.task["budget"] {
        Value::Number(all) => vec![all.as_f64().unwrap_or_default(); draft.actors.len()],
        Value::Array(_) => numbers(&case.task["budget"]).ok_or("a budget is a number")?,
        _ => {
            let best = zone::best_utilities(&mut draft)?;
            let spare = |(seat, best): (usize, &f64)| {
                let least = fallback(&draft, seat).parse::<f64>();
                least.map(|least| (best - least).max(0.0) / rate(case, seat))
            };
            let spare = best.iter().enumerate().map(spare);
            spare
                .collect::<Result<_, _>>()
                .map_err(|_| "a drawn reservation")?
        }
    };
    let names = transfers(case, &mut draft, &budgets);
    let settled = settle(&draft, &[])?;
    compare(finding, &settled)?;
    let mut paid: Vec<f64> = names
        .iter()
        .map(|name| settled.deal[name].as_f64().unwrap_or(f64::NAN))
        .collect();
    paid.push(0.0 - paid.iter().sum::<f64>());
    if let Some(expected) = finding.expect("transfer_to") {
        finding.list("transfer_to", "transfer_to", expected, &paid);
    }
    for (name, sum) in [
        ("surplus", settled.gains.iter().sum()),
        ("total", settled.utilities.iter().sum()),
        ("total_utility", settled.utilities.iter().sum::<f64>()),
    ] {
        if let Some(expected) = finding.expect(name).and_then(Value::as_f64) {
            finding.number(name, name, expected, sum);
        }
    }
    Ok(())
}

/// What a unit of money is worth to an actor.
fn rate(case: &Case, seat: usize) -> f64 {
    let keys = ["exchange_rates", "rates", "money"];
    let mut told = keys.iter().map(|key| case.task[*key][seat].as_f64());
    let own = case.model["actors"][seat]["money"].as_f64();
    told.find_map(|told| told).or(own).unwrap_or(1.0)
}

fn transfers(case: &Case, draft: &mut Draft, budgets: &[f64]) -> Vec<String> {
    let last = draft.actors.len() - 1;
    let names: Vec<String> = draft.actors[..last]
        .iter()
        .map(|a| format!("to_{a}"))
        .collect();
    let rest = format!("-({})", names.join(" + "));
    for (seat, actor) in draft.actors.iter().enumerate() {
        let received = names.get(seat).unwrap_or(&rest);
        let most: f64 = budgets.iter().sum::<f64>() - budgets[seat];
        let _ = match seat < last {
            true => writeln!(
                draft.more,
                "[issues.{received}]\nfrom = {}\nto = {}",
                0.0 - budgets[seat],
                most.max(1e-3 - budgets[seat])
            ),
            false if last > 1 => writeln!(
                draft.more,
                "[[rules]]\nrequire = \"{received} >= {}\"",
                0.0 - budgets[seat]
            ),
            false => Ok(()),
        };
        let rate = rate(case, seat);
        let _ = writeln!(
            draft.more,
            "[[actors.{actor}.terms]]\nadds = \"{rate} * ({received})\"\n"
        );
    }
    names
}

/// A third party pays an actor for an agreement, or for some agreements, ever more.
pub fn sponsor(case: &Case, finding: &mut Finding) -> Played {
    let task = &case.task;
    let keys = ["to", "actor", "recipient", "receiver"];
    let to = keys.iter().find_map(|key| task[*key].as_u64()).unwrap_or(0) as usize;
    let mut draft = start(case)?;
    let actor = draft.actors.get(to).ok_or("a payment to nobody")?.clone();
    let when = condition(&draft, task)?;
    let _ = writeln!(
        draft.more,
        "[actors.sponsor]\nsigns = false\n[[inducements]]\nid = \"payment\"\nby = \"sponsor\"\n\
to = \"{actor}\"\n{when}worth = 0\ncost = 0\n"
    );
    let keys = ["subsidy", "payment", "amount", "s"];
    let rows = finding.expect("rows").or(finding.expect("results"));
    let rows = rows.and_then(Value::as_array).ok_or("a sweep needs rows")?;
    for row in rows {
        let amount = keys.iter().find_map(|key| row[*key].as_f64());
        let amount = amount.ok_or(format!("no payment in {row}"))?;
        let sets = ["worth", "cost"].map(|key| format!("inducements.payment.{key}={amount}"));
        settlement(
            finding,
            &format!("{amount} paid"),
            row,
            &settle(&draft, &sets)?,
        );
    }
    for name in ["min_subsidy", "smallest_subsidy", "minimal_subsidy"] {
        if let Some(expected) = finding.expect(name).and_then(Value::as_f64) {
            finding.number(name, name, expected, least(case)?);
        }
    }
    Ok(())
}

/// The deals that are paid for: all, some packages, or those that match a pattern.
fn condition(draft: &Draft, task: &Value) -> Result<String, String> {
    let listed = super::case::packages(&task["packages"]);
    let told = match (listed, &task["when"]) {
        (Some(packages), _) => {
            let counts = draft.counts().ok_or("packages need levels")?;
            let one = |package: &u64| {
                let levels = arithmetic::levels(&counts, *package as usize);
                let each = draft
                    .issues
                    .iter()
                    .zip(levels)
                    .map(|(issue, level)| match issue {
                        Issue::Levels { name, .. } => format!("{name} == l{level}"),
                        _ => String::new(),
                    });
                format!("({})", each.collect::<Vec<_>>().join(" and "))
            };
            packages.iter().map(one).collect::<Vec<_>>().join(" or ")
        }
        (None, Value::Null) => return Ok(String::new()),
        (None, pattern) => matches(draft, pattern),
    };
    Ok(format!("when = \"{told}\"\n"))
}

/// The least that makes some deal acceptable: a sponsor proposes, and pays everybody what it lacks.
fn least(case: &Case) -> Result<f64, String> {
    let mut draft = start(case)?;
    draft.protocol = TAKE_OR_LEAVE;
    draft.settings = vec!["proposer = \"sponsor\"".to_string()];
    let most = 10.0
        * zone::best_utilities(&mut start(case)?)?
            .iter()
            .fold(1.0, |m, u| u.abs().max(m));
    let mut sponsor = "[actors.sponsor]\nreservation = -1e6\n".to_string();
    for actor in &draft.actors {
        let _ = writeln!(
            draft.more,
            "[issues.paid_{actor}]\nfrom = 0\nto = {most}\n[[actors.{actor}.terms]]\nadds = \"paid_{actor}\""
        );
        let _ = writeln!(
            sponsor,
            "[[actors.sponsor.terms]]\nadds = \"-paid_{actor}\""
        );
    }
    draft.more.push_str(&sponsor);
    let settled = settle(&draft, &[])?;
    let paid = draft
        .actors
        .iter()
        .map(|actor| settled.deal[format!("paid_{actor}")].as_f64());
    paid.sum::<Option<f64>>()
        .ok_or("nothing is paid".to_string())
}

/// A pie is shared, and shared again after a move that changes what each has without a deal.
///
/// On a linear pie Nash's solution is the proportional one, `d_i + w_i (pie - sum of d)`: equal gains are
/// found to the last digit, a flat largest product only to half of them, so both are played.
pub fn threat(case: &Case, finding: &mut Finding) -> Played {
    let task = &case.task;
    let pie = task["pie"].as_f64().unwrap_or(1.0);
    let situations = task.as_object().ok_or("no task")?.iter();
    let situations: Vec<(&str, Vec<f64>)> = situations
        .filter_map(|(key, told)| Some((key.strip_prefix("d_")?, numbers(told)?)))
        .collect();
    let mut before: Option<Vec<f64>> = None;
    for (name, disagreement) in situations {
        let settled = share("egalitarian", pie, &disagreement, &task["weights"])?;
        let nash = share("nash", pie, &disagreement, &task["weights"])?;
        for (seat, (nash, settled)) in nash.iter().zip(&settled).enumerate() {
            finding.within(
                &format!("{name}[{seat}] by nash"),
                *settled,
                *nash,
                1e-6 * pie,
            );
        }
        if let Some(expected) = finding.expect(name) {
            finding.list(name, name, expected, &settled);
        }
        match &before {
            None => before = Some(settled),
            Some(before) => {
                let change: Vec<f64> = settled.iter().zip(before).map(|(a, b)| a - b).collect();
                if let Some(expected) = finding.expect("change") {
                    finding.list("change", "change", expected, &change);
                }
                for name in ["threat_pays", "pays"] {
                    if let Some(expected) = finding.expect(name) {
                        finding.same(name, expected.as_bool(), Some(change[0] > 1e-9));
                    }
                }
            }
        }
    }
    Ok(())
}

/// The division of a pie; the last one's share is what is left.
fn share(
    protocol: &'static str,
    pie: f64,
    disagreement: &[f64],
    weights: &Value,
) -> Result<Vec<f64>, String> {
    let last = disagreement.len() - 1;
    let actor = |seat: usize, part: usize| {
        let values: Vec<Value> = (0..last.max(1))
            .map(|issue| match (part == last, part == issue) {
                (true, _) => serde_json::json!({"fn": "poly", "coef": [0.0, -1.0]}),
                (false, true) => serde_json::json!({"fn": "poly", "coef": [0.0, 1.0]}),
                (false, false) => serde_json::json!({"fn": "poly", "coef": [0.0]}),
            })
            .collect();
        serde_json::json!({
            "name": format!("actor_{seat}"),
            "weights": vec![1.0; last],
            "values": values,
            "constant": if part == last { pie } else { 0.0 },
            "reservation": disagreement[seat],
        })
    };
    let issue = |part: usize| {
        serde_json::json!({
            "name": format!("share_{part}"), "kind": "continuous", "min": 0.0, "max": pie,
        })
    };
    let model = serde_json::json!({
        "form": "issues",
        "issues": (0..last).map(issue).collect::<Vec<_>>(),
        "actors": (0..=last).map(|seat| actor(seat, seat)).collect::<Vec<_>>(),
    });
    let mut draft = Draft::new(&model, protocol)?;
    draft.set_power(weights);
    if last > 1 {
        let shares: Vec<String> = (0..last).map(|part| format!("share_{part}")).collect();
        let rule = format!("[[rules]]\nrequire = \"{} <= {pie}\"\n", shares.join(" + "));
        draft.more.push_str(&rule);
    }
    Ok(settle(&draft, &[])?.utilities)
}

/// Nash's rational threats with money: the best sum, shared around the value of the game `A - B`.
///
/// The row player mixes its rows so that the worst column is as good as can be: the columns are
/// parties who divide the mixture by equal gains. The column player does the same with the signs
/// turned, and whoever has fewer strategies is asked.
pub fn rational_threats(case: &Case, finding: &mut Finding) -> Played {
    let matrix = |key: &str| {
        let rows = case.task[key].as_array().ok_or("no matrix")?;
        let rows = rows.iter().map(|row| numbers(row).ok_or("no row"));
        rows.collect::<Result<Vec<Vec<f64>>, _>>()
    };
    let (a, b) = (matrix("A")?, matrix("B")?);
    let mine: Vec<Vec<f64>> = a.iter().zip(&b).map(|(a, b)| difference(a, b)).collect();
    let theirs: Vec<Vec<f64>> = (0..mine[0].len())
        .map(|column| mine.iter().map(|row| -row[column]).collect())
        .collect();
    let cells = a.iter().zip(&b).flat_map(|(a, b)| a.iter().zip(b));
    let sums: Vec<String> = cells.map(|(a, b)| format!("{a} + ({b})")).collect();
    let (game, sign) = match theirs.len() < mine.len() {
        true => (&theirs, "-"),
        false => (&mine, ""),
    };
    let measures = format!(
        "[quantities]\nsigma = \"max({})\"\n[measures]\nthe_sum = \"sigma\"\nsigma_a = \"(sigma + delta) / 2\"\n\
sigma_b = \"(sigma - delta) / 2\"\ndelta = \"{sign}({})\"\n",
        sums.join(", "),
        worst(game)
    );
    let row = super::program::rows(&(mixture(game) + &measures), &["--runs", "1"])?.remove(0);
    let told = |name: &str| row[name].as_f64().unwrap_or(f64::NAN);
    for (name, measure) in [("sigma", "the_sum"), ("delta", "delta"), ("value", "delta")] {
        if let Some(expected) = finding.expect(name).and_then(Value::as_f64) {
            finding.number(name, name, expected, told(measure));
        }
    }
    if let Some(expected) = finding.expect("utilities") {
        let got = [told("sigma_a"), told("sigma_b")];
        finding.list("utilities", "utilities", expected, &got);
    }
    Ok(())
}

fn difference(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a - b).collect()
}

/// The smallest of what the columns leave.
fn worst(game: &[Vec<f64>]) -> String {
    let columns: Vec<String> = (0..game[0].len())
        .map(|c| format!("utility.column_{c}"))
        .collect();
    match &columns[..] {
        [only] => only.clone(),
        _ => format!("min({})", columns.join(", ")),
    }
}

/// A mixture of the rows of a game, divided among its columns by equal gains over a common floor.
fn mixture(game: &[Vec<f64>]) -> String {
    let mut text = "format = 1\n".to_string();
    let mut chances: Vec<String> = (1..game.len()).map(|row| format!("p_{row}")).collect();
    for chance in &chances {
        let _ = writeln!(text, "[issues.{chance}]\nfrom = 0\nto = 1");
    }
    match &chances[..] {
        [] => text.push_str("[issues.nothing_to_choose]\nvalues = [0]\n"),
        [_] => (),
        all => {
            let _ = writeln!(text, "[[rules]]\nrequire = \"{} <= 1\"", all.join(" + "));
        }
    }
    let rest = chances
        .iter()
        .fold("1".to_string(), |rest, p| format!("{rest} - {p}"));
    chances.push(format!("({rest})"));
    let lowest = game.iter().flatten().copied().fold(0.0, f64::min);
    for column in 0..game[0].len() {
        let parts = chances.iter().zip(game);
        let parts: Vec<String> = parts
            .map(|(p, row)| format!("{p} * ({})", row[column]))
            .collect();
        let _ = writeln!(
            text,
            "[actors.column_{column}]\nreservation = {}\n[[actors.column_{column}.terms]]\nadds = \"{}\"",
            lowest - 1.0,
            parts.join(" + ")
        );
    }
    text.push_str("[bargaining]\nprotocol = \"egalitarian\"\n");
    text
}
