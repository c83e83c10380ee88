//! What `run` says in the end, or would do.

use super::game::{Game, Games};
use super::plan::runs_of_shard;
use super::terminal;
use crate::export::{PlanText, report};
use crate::summary::Sessions;

/// The summary for a reader.
pub fn readable(
    games: &Games,
    parts: &[(&Game, &Sessions)],
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
    for (game, sessions) in parts {
        if parts.len() > 1 {
            text.push_str(&format!("\nVariant {}\n", game.variant));
        }
        for (session, summary) in sessions.iter() {
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
    if let Some(caveat) = &games.scenario.caveat {
        text.push_str(&format!("\n{caveat}\n"));
    }
    if !written.is_empty() {
        text.push_str(&format!("\nWrote {}\n", written.join("\n      ")));
    }
    text
}

/// The summary for a program.
pub fn json(
    parts: &[(&Game, &Sessions)],
    columns: &[crate::model::Variable],
    written: &[String],
) -> String {
    let variants: serde_json::Map<String, serde_json::Value> = parts
        .iter()
        .filter_map(|(game, sessions)| {
            let mut told = report::json(sessions.last()?, columns);
            if game.model.sessions() > 1 {
                let at = sessions.iter();
                told["sessions"] = at
                    .map(|(at, summary)| (at.to_string(), report::json(summary, columns)))
                    .collect::<serde_json::Map<_, _>>()
                    .into();
            }
            Some((game.variant.clone(), told))
        })
        .collect();
    let value = serde_json::json!({ "variants": variants, "files": written });
    format!("{value:#}\n")
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
            game.variant,
            game.model.protocol_kind.kind.name,
            size.seats,
            super::check::grouped(size.deals),
            size.open
        ));
    }
    match folder {
        Some(folder) => text.push_str(&format!("would write into {}\n", folder.display())),
        None => text.push_str("would write rows to standard output\n"),
    }
    text
}
