//! From the arguments of `run` to a plan, and back: what a manifest remembers can be played again.

use super::Played;
use super::run::Arguments;
use super::stop::{FAULT, Stop};
use crate::analysis::Claims;
use crate::export::{Override, PlanText, ShardText};
use crate::simulation::CHUNK;
use std::ops::Range;
use std::path::PathBuf;

/// Runs if neither the command line nor the scenario says.
const RUNS: u64 = 10_000;
/// Seed if neither the command line nor the scenario says.
const SEED: u64 = 1;
/// Runs at most if a stop rule decides.
const MOST: u64 = 10_000_000;

/// The stop rule, read.
pub fn stop_rule(
    arguments: &Arguments,
    scenario: &crate::scenario::Scenario,
) -> Result<Option<Claims>, Stop> {
    let Some(text) = &arguments.until else {
        return Ok(None);
    };
    let claims = Claims::of_argument(scenario, text).map_err(|fault| {
        let help = fault
            .help
            .map_or(String::new(), |help| format!(" ({help})"));
        Stop::new(
            FAULT,
            format!("--until: {}: {}{help}", fault.message, fault.label),
        )
    })?;
    if claims.variants.iter().any(|variant| !variant.is_empty()) {
        return Err(Stop::new(
            FAULT,
            "--until: a stop rule speaks of the variant at hand; leave out `in`",
        ));
    }
    Ok(Some(claims))
}

/// What is to be played.
pub fn plan_text(
    arguments: &Arguments,
    scenario: &crate::scenario::Scenario,
    variants: &[String],
) -> Result<PlanText, Stop> {
    let most = arguments.until.as_ref().map(|_| MOST);
    let written = scenario.runs.as_ref().map(|runs| runs.value);
    let set = arguments
        .played
        .set
        .iter()
        .filter_map(|set| set.split_once('='));
    let (names, compares) = (arguments.played.protocols(), arguments.played.compares());
    Ok(PlanText {
        seed: arguments
            .seed
            .or(scenario.seed.as_ref().map(|seed| seed.value))
            .unwrap_or(SEED),
        runs: arguments.runs.or(most).or(written).unwrap_or(RUNS),
        variants: variants.to_vec(),
        protocol: names.first().filter(|_| !compares).cloned(),
        protocols: if compares { names } else { Vec::new() },
        set: set
            .map(|(address, value)| Override {
                address: address.to_string(),
                value: value.to_string(),
            })
            .collect(),
        shard: arguments.shard.as_deref().map(shard).transpose()?,
        until: arguments.until.clone(),
        worlds: arguments.worlds,
        luck: (arguments.luck > 1).then_some(arguments.luck),
        rows: !arguments.no_rows,
    })
}

fn shard(text: &str) -> Result<ShardText, Stop> {
    let parsed = text
        .split_once('/')
        .and_then(|(i, n)| Some((i.parse().ok()?, n.parse().ok()?)));
    match parsed {
        Some((index, of)) if u32::is_power_of_two(of) && index >= 1 && index <= of => {
            Ok(ShardText { index, of })
        }
        _ => Err(Stop::new(
            FAULT,
            format!("`--shard {text}`: expected I/N with N a power of two and I from 1 to N"),
        )),
    }
}

/// The runs of a shard: whole chunks, as even as can be.
pub fn runs_of_shard(plan: &PlanText) -> Range<u64> {
    let Some(ShardText { index, of }) = plan.shard else {
        return 0..plan.runs;
    };
    let (index, of) = (u64::from(index), u64::from(of));
    let chunks = plan.runs.div_ceil(CHUNK);
    let per_shard = chunks.div_ceil(of).next_power_of_two();
    let start = ((index - 1) * per_shard * CHUNK).min(plan.runs);
    let end = (index * per_shard * CHUNK).min(plan.runs);
    start..end
}

/// The arguments that play a finished plan again, without a word.
pub fn again(played: Played, plan: &PlanText, out: PathBuf, threads: u16) -> Arguments {
    Arguments {
        played,
        runs: Some(plan.runs),
        seed: Some(plan.seed),
        threads,
        out: Some(out),
        variant: plan.variants.clone(),
        worlds: plan.worlds,
        luck: plan.luck.unwrap_or(1),
        no_rows: !plan.rows,
        until: plan.until.clone(),
        shard: plan
            .shard
            .map(|shard| format!("{}/{}", shard.index, shard.of)),
        resume: false,
        force: true,
        dry_run: false,
        quiet: true,
        json: false,
    }
}
