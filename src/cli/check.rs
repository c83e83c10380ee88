//! `demarche check`: every fault at once, how large the scenario is, what it assumes and from where.

use super::game::{self, BASE};
use super::stop::Stop;
use super::{Played, terminal};
use crate::model::Size;
use crate::scenario::{Located, Scenario};
use std::collections::BTreeMap;

/// Show every fault of a scenario at once, its size and what it assumes
#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    played: Played,
    /// Check this variant; `all` checks the scenario as written and every variant [repeatable]
    #[arg(long, value_name = "NAME")]
    variant: Vec<String>,
    /// Findings and size as JSON
    #[arg(long)]
    json: bool,
}

/// Check.
pub fn run(arguments: &Arguments) -> Result<(), Stop> {
    arguments.played.only_one("check")?;
    let source = arguments.played.read()?;
    let (path, manuscript) = (source.path.clone(), source.manuscript.clone());
    let reading = match arguments.json {
        true => match source.scenario_or_findings() {
            Ok(reading) => reading,
            Err(findings) => {
                print_json(&manuscript.to_json(&findings), None)?;
                return Err(Stop::silent(super::stop::FAULT));
            }
        },
        false => source.scenario()?,
    };
    let named = match arguments.variant.is_empty() {
        true => vec!["all".to_string()],
        false => arguments.variant.clone(),
    };
    let variants = game::variants(&reading.scenario, &named)?;
    let asked = arguments.played.asked(&reading.scenario, &variants)?;
    let probes = reading.claims.probes.clone();
    if arguments.json {
        let (findings, games) = reading.compile_quietly(&arguments.played, &asked, &probes)?;
        print_json(
            &findings,
            games.as_ref().map(|games| games.games[0].model.size()),
        )?;
        return match games {
            Some(_) => Ok(()),
            None => Err(Stop::silent(super::stop::FAULT)),
        };
    }
    let games = reading.compile(&arguments.played, &asked, &probes, false)?;
    let base = games
        .games
        .iter()
        .find(|game| game.variant == BASE)
        .unwrap_or(&games.games[0]);
    let mut out = String::new();
    let title = games.scenario.title.as_deref().unwrap_or(&path);
    out.push_str(&format!("{title}\n\n"));
    out.push_str(&size(
        &base.model.size(),
        base.model.protocol_kind.kind.name,
    ));
    if let Some(process) = process(&games.scenario, base.model.sessions()) {
        out.push_str(&format!("{:>14}  {process}\n", ""));
    }
    out.push_str(&format!(
        "{:>14}  {}, {}, {}\n",
        "",
        count(games.scenario.variants.len(), "variant"),
        count(games.scenario.expects.len(), "claim"),
        count(games.scenario.measures.len(), "measure")
    ));
    out.push_str(&ledger(&games.scenario));
    out.push_str(match games.warnings.is_empty() {
        true => "\nno faults\n",
        false => "\nno errors\n",
    });
    terminal::say(&out)?;
    Ok(())
}

fn size(size: &Size, protocol: &str) -> String {
    let ranges = match size.ranges {
        0 => String::new(),
        n => format!(" ({n} continuous, refined from a grid)"),
    };
    let lines = [
        format!(
            "{}{ranges}, {}",
            count(size.issues, "issue"),
            count(size.rules, "rule")
        ),
        format!("{} deals", grouped(size.deals)),
        format!(
            "{} by {protocol}, utilities of {}",
            count(size.seats, "signatory"),
            count(size.factors, "factor")
        ),
        format!("{} drawn per run", count(size.open, "open quantity")),
    ];
    let label = |line: usize| if line == 0 { "size" } else { "" };
    let lines = lines.iter().enumerate();
    lines
        .map(|(line, text)| format!("{:>14}  {text}\n", label(line)))
        .collect()
}

/// The sessions and what happens in them, if there is a calendar.
fn process(scenario: &Scenario, sessions: u32) -> Option<String> {
    scenario.calendar.as_ref()?;
    let parts = [
        (sessions as usize, "session"),
        (scenario.modules.len(), "module"),
        (scenario.events.len(), "event"),
        (scenario.ratification.len(), "ratification"),
        (scenario.signals.len(), "signal"),
    ];
    let parts = parts.iter().filter(|(number, _)| *number > 0);
    Some(
        parts
            .map(|(number, what)| count(*number, what))
            .collect::<Vec<_>>()
            .join(", "),
    )
}

/// `1 rule`, `2 rules`, `3 signatories`.
fn count(number: usize, what: &str) -> String {
    match (number, what.strip_suffix('y')) {
        (1, _) => format!("1 {what}"),
        (_, Some(stem)) => format!("{number} {stem}ies"),
        _ => format!("{number} {what}s"),
    }
}

/// Whole numbers with their thousands apart, beyond 10^15 in powers of ten.
pub fn grouped(number: f64) -> String {
    match number < 1e15 {
        true => crate::export::report::grouped(number as u64),
        false => format!("{number:.3e}"),
    }
}

/// Which source stands behind how many entries, and how many name none.
fn ledger(scenario: &Scenario) -> String {
    let mut cited: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut entries, mut silent) = (0usize, 0usize);
    let mut cite = |sources: &'_ [Located<String>]| -> Vec<String> {
        entries += 1;
        silent += usize::from(sources.is_empty());
        sources.iter().map(|source| source.value.clone()).collect()
    };
    let mut names: Vec<String> = Vec::new();
    for quantity in &scenario.quantities {
        names.extend(cite(&quantity.source));
    }
    for issue in &scenario.issues {
        names.extend(cite(&issue.source));
    }
    for rule in &scenario.rules {
        names.extend(cite(&rule.source));
    }
    for actor in &scenario.actors {
        names.extend(cite(&actor.source));
        for stake in &actor.stakes {
            names.extend(cite(if stake.source.is_empty() {
                &actor.source
            } else {
                &stake.source
            }));
        }
        for voice in &actor.voices {
            let mut stakes = actor.stakes.iter();
            if !stakes.any(|stake| stake.issue.value == voice.issue.value) {
                names.extend(cite(if voice.source.is_empty() {
                    &actor.source
                } else {
                    &voice.source
                }));
            }
        }
        for term in &actor.terms {
            names.extend(cite(&term.source));
        }
    }
    for inducement in &scenario.inducements {
        names.extend(cite(&inducement.source));
    }
    for name in &names {
        *cited.entry(name).or_default() += 1;
    }
    if scenario.sources.is_empty() {
        return format!(
            "\n{:>14}  none: no entry says where its numbers come from\n",
            "sources"
        );
    }
    let mut text = format!(
        "\n{:>14}  {} entries, {silent} without a source\n",
        "assumptions", entries
    );
    for source in &scenario.sources {
        let count = cited.get(source.name.value.as_str()).copied().unwrap_or(0);
        let words: String = source.text.value.chars().take(70).collect();
        text.push_str(&format!("{:>14}  {count:>4}  {words}\n", source.name.value));
    }
    text
}

fn print_json(findings: &serde_json::Value, size: Option<Size>) -> Result<(), Stop> {
    let value = serde_json::json!({
        "findings": findings,
        "size": size.map(|size| serde_json::json!({
            "deals": size.deals,
            "issues": size.issues,
            "signatories": size.seats,
            "factors": size.factors,
            "rules": size.rules,
            "open_quantities": size.open,
        })),
    });
    terminal::say(&format!("{value:#}\n"))?;
    Ok(())
}
