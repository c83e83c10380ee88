//! What `run` says in the end, or would do.

use super::comparison::comparisons;
use super::game::{Game, Games};
use super::plan::runs_of_shard;
use super::protocols::not_played_json;
use super::session::Total;
use super::terminal;
use crate::analysis::Contrast;
use crate::export::{PlanText, report};
use serde_json::{Map, Value, json as value};

/// The summary for a reader.
pub fn readable(
    games: &Games,
    parts: &[(&Game, &Total)],
    columns: &[crate::model::Variable],
    written: &[String],
) -> String {
    let look = report::Look {
        width: terminal::width(),
        colour: terminal::colour_out(),
    };
    let mut text = String::new();
    let title = games
        .scenario
        .title
        .as_ref()
        .unwrap_or(&games.scenario.file);
    text.push_str(&format!("{title}\n"));
    match parts.iter().any(|(game, _)| game.protocol.is_some()) {
        true => text.push_str(&side_by_side(games, parts, columns, look)),
        false => text.push_str(&one_by_one(parts, columns, look)),
    }
    if let Some(caveat) = &games.scenario.caveat {
        text.push_str(&format!("\n{caveat}\n"));
    }
    if !written.is_empty() {
        text.push_str(&format!("\nWrote {}\n", written.join("\n      ")));
    }
    text
}

/// Every variant in full.
fn one_by_one(
    parts: &[(&Game, &Total)],
    columns: &[crate::model::Variable],
    look: report::Look,
) -> String {
    let mut text = String::new();
    for (game, total) in parts {
        if parts.len() > 1 {
            text.push_str(&format!("\nVariant {}\n", game.variant));
        }
        for (session, summary) in total.sessions.iter() {
            if game.model.sessions() > 1 {
                text.push_str(&format!(
                    "\nAfter session {session} of {}\n",
                    game.model.sessions()
                ));
            }
            text.push('\n');
            text.push_str(&report::terminal(summary, columns, look));
        }
    }
    text
}

/// Every variant under all protocols, as things stand in the end.
fn side_by_side(
    games: &Games,
    parts: &[(&Game, &Total)],
    columns: &[crate::model::Variable],
    look: report::Look,
) -> String {
    let compared = comparisons(parts, columns);
    let mut text = String::new();
    for comparison in &compared {
        if compared.len() > 1 {
            text.push_str(&format!("\nVariant {}\n", comparison.variant));
        }
        let last = comparison.rows.iter().filter_map(|row| {
            let (_, contrasts) = row.sessions.last()?;
            Some((row.protocol, contrasts.as_slice()))
        });
        let last: Vec<(&str, &[Contrast])> = last.collect();
        text.push_str(&report::compared(&last, look));
    }
    let left_out = games.not_played_lines();
    if !left_out.is_empty() {
        text.push_str(&format!("\n{}\n", left_out.join("\n")));
    }
    let unplayable = parts.iter().filter_map(|(game, total)| {
        let summary = total.sessions.last()?;
        let (count, runs) = (summary.unplayable(), summary.runs());
        let line = format!(
            "{}: {count} of {runs} runs could not be played\n",
            game.name()
        );
        (count > 0).then_some(line)
    });
    text.extend(unplayable);
    text
}

/// The summary for a program.
pub fn json(
    games: &Games,
    parts: &[(&Game, &Total)],
    columns: &[crate::model::Variable],
    written: &[String],
) -> String {
    let mut variants: Map<String, Value> = Map::new();
    for (game, total) in parts {
        let Some(last) = total.sessions.last() else {
            continue;
        };
        let mut told = report::json(last, columns);
        if game.model.sessions() > 1 {
            let at = total.sessions.iter();
            told["sessions"] = at
                .map(|(at, summary)| (at.to_string(), report::json(summary, columns)))
                .collect::<Map<_, _>>()
                .into();
        }
        match &game.protocol {
            None => {
                variants.insert(game.variant.clone(), told);
            }
            Some(protocol) => {
                let entry = variants.entry(game.variant.clone());
                entry.or_insert_with(|| value!({ "protocols": {} }))["protocols"][protocol] = told;
            }
        }
    }
    let mut told = value!({ "variants": {}, "files": written });
    if parts.iter().any(|(game, _)| game.protocol.is_some()) {
        for comparison in comparisons(parts, columns) {
            let entry = &mut variants[comparison.variant];
            entry["baseline"] = value!(comparison.baseline);
            let others = comparison.rows.iter();
            let others = others.filter(|row| row.protocol != comparison.baseline);
            let differences = others.flat_map(|row| {
                let sessions = row.sessions.iter();
                sessions.flat_map(|(session, contrasts)| {
                    contrasts
                        .iter()
                        .map(|one| difference(row.protocol, *session, one))
                })
            });
            entry["differences"] = differences.collect();
        }
        told["not_played"] = not_played_json(&games.not_played);
    }
    told["variants"] = variants.into();
    format!("{told:#}\n")
}

/// A row of `paired.csv` as JSON.
fn difference(protocol: &str, session: u32, contrast: &Contrast) -> Value {
    let Contrast {
        value, difference, ..
    } = contrast;
    value!({
        "protocol": protocol,
        "session": session,
        "variable": contrast.variable,
        "statistic": contrast.statistic,
        "value": value.value,
        "baseline_value": contrast.baseline,
        "difference": difference.value,
        "std_error": difference.std_error,
        "ci_low": difference.interval.low,
        "ci_high": difference.interval.high,
        "n": contrast.n[0],
        "baseline_n": contrast.n[1],
    })
}

/// What would be played and written.
pub fn dry_run(games: &Games, plan: &PlanText, folder: Option<&std::path::Path>) -> String {
    let runs = runs_of_shard(plan);
    let mut text = format!(
        "would play {} runs each of {} with seed {}\n",
        report::grouped(runs.end - runs.start),
        plan.variants.join(", "),
        plan.seed
    );
    for game in &games.games {
        let size = game.model.size();
        text.push_str(&format!(
            "  {}: {} by {} signatories, {} deals, {} open quantities\n",
            game.name(),
            game.model.protocol_kind.kind.name,
            size.seats,
            super::check::grouped(size.deals),
            size.open
        ));
    }
    for line in games.not_played_lines() {
        text.push_str(&format!("  {line}\n"));
    }
    match folder {
        Some(folder) => text.push_str(&format!("would write into {}\n", folder.display())),
        None => text.push_str("would write rows to standard output\n"),
    }
    text
}
