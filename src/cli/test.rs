//! `demarche test`: hold a scenario's own claims against fresh runs.

use super::game::{BASE, Game, Games};
use super::matrix::Matrix;
use super::protocols::{Asked, own};
use super::session::{Total, Wanted, bar, interrupted, watch};
use super::stop::{FAULT, INTERRUPTED, Stop, UNMET};
use super::{Played, terminal};
use crate::analysis::{Claim, Claims, Evidence, Finding, Relation, Verdict, judge};
use crate::scenario::Expect;
use crate::simulation::{Plan, Tally};
use std::ops::ControlFlow;
use std::sync::atomic::Ordering;

/// Hold a scenario's own [[expect]] claims against fresh runs
///
/// A claim passes when the 95 % interval of the difference between its sides lies wholly on the claimed
/// side, fails when it lies wholly on the other, and is undecided in between. Differences between
/// variants are paired: both sides are played on the same worlds. Exit code 3 if a claim fails.
///
/// With several protocols (`--protocol all`, or names with commas between them) every claim is held under
/// each of them, and the last line says how many claims survive under all. Exit code 3 only if a claim
/// fails under the scenario's own protocol, or under the first one named if that is not among them.
#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    played: Played,
    /// How many runs of each variant [default: the scenario's `runs`, or 10000]
    #[arg(short = 'n', long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=10_000_000_000))]
    runs: Option<u64>,
    /// The seed [default: the scenario's `seed`, or 1]
    #[arg(long, value_name = "SEED")]
    seed: Option<u64>,
    /// Threads; 0 = as many as there are cores
    #[arg(short = 'j', long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u16).range(0..=1024))]
    threads: u16,
    /// Only the verdict: no progress, no list
    #[arg(short, long)]
    quiet: bool,
    /// Findings as JSON
    #[arg(long)]
    json: bool,
}

/// Test.
pub fn run(arguments: &Arguments) -> Result<(), Stop> {
    let reading = arguments.played.read()?.scenario()?;
    if reading.claims.claims.is_empty() && !reading.findings.has_errors() {
        return Err(Stop::new(
            FAULT,
            "the scenario claims nothing: add an [[expect]] with a `claim`",
        ));
    }
    let claims = reading.claims.clone();
    let seed = arguments
        .seed
        .or(reading.scenario.seed.as_ref().map(|s| s.value))
        .unwrap_or(1);
    let runs = arguments
        .runs
        .or(reading.scenario.runs.as_ref().map(|r| r.value))
        .unwrap_or(10_000);
    let variants: Vec<String> = claims
        .variants
        .iter()
        .map(|name| {
            if name.is_empty() {
                BASE.to_string()
            } else {
                name.clone()
            }
        })
        .collect();
    let compares = arguments.played.compares();
    let columns: Vec<(String, Vec<Asked>)> = match compares {
        true => arguments
            .played
            .asked_together(&reading.scenario, &variants)?,
        false => vec![(
            String::new(),
            arguments.played.asked(&reading.scenario, &variants)?,
        )],
    };
    let asked: Vec<Asked> = columns
        .iter()
        .flat_map(|(_, asked)| asked.clone())
        .collect();
    let games = reading.compile(&arguments.played, &asked, &claims.probes, true)?;
    let plan = Plan {
        threads: usize::from(arguments.threads),
        draws: games.book.len(),
        sessions: claims.sessions(),
        ..Plan::new(seed, 0..runs)
    };
    let mut found = Vec::new();
    // Claims say nothing of runs that could not be played: that is told, and not met, on its own.
    let (mut unplayed, mut is_unplayed) = (Vec::new(), false);
    for (protocol, asked) in &columns {
        let of_column = games
            .games
            .iter()
            .filter(|game| !compares || game.protocol.as_ref() == Some(protocol));
        let games: Vec<&Game> = of_column.collect();
        // A protocol that does not apply to some variant cannot hold the claims that name it.
        if games.len() == asked.len() {
            let (findings, lines) = hold(&claims, &games, &plan, arguments.quiet)?;
            is_unplayed |= found.is_empty() && !lines.is_empty();
            unplayed.extend(lines);
            found.push((protocol.clone(), findings));
        }
    }
    let told = match compares {
        true => {
            let own = own(&games.scenario, BASE);
            tell_matrix(
                arguments,
                &Matrix {
                    is_own: found.first().is_some_and(|(protocol, _)| *protocol == own),
                    claims: &claims.claims,
                    games: &games,
                    columns: found,
                },
                &plan,
            )
        }
        false => {
            let findings = found.pop().map_or(Vec::new(), |(_, findings)| findings);
            tell(arguments, &claims, &games, &findings, &plan)
        }
    };
    for line in &unplayed {
        terminal::complain(line);
    }
    match is_unplayed {
        true => told.and(Err(Stop::silent(UNMET))),
        false => told,
    }
}

/// What the runs of these games, one for each variant the claims name, say about every claim; and a line
/// for each game of which runs could not be played.
fn hold(
    claims: &Claims,
    games: &[&Game],
    plan: &Plan,
    quiet: bool,
) -> Result<(Vec<Finding>, Vec<String>), Stop> {
    let (mut evidence, mut unplayed) = (Vec::new(), Vec::new());
    for game in games {
        let fresh = Evidence::new(claims, &game.model, 1);
        let (found, (count, reason)) = gather(game, plan, fresh, quiet)?;
        evidence.push(found);
        if let Some(reason) = reason {
            let runs = plan.runs.end;
            let protocol = game
                .protocol
                .as_ref()
                .map_or(String::new(), |p| format!(", {p}"));
            unplayed.push(format!(
                "{}{protocol}: {count} of {runs} runs could not be played: {reason}",
                game.variant
            ));
        }
        if interrupted().load(Ordering::Relaxed) {
            return Err(Stop::new(
                INTERRUPTED,
                "interrupted before all claims were tested",
            ));
        }
    }
    let claims = claims.claims.iter();
    let findings = claims.map(|claim| judge(claim, &evidence)).collect();
    Ok((findings, unplayed))
}

fn tell_matrix(arguments: &Arguments, matrix: &Matrix<'_>, plan: &Plan) -> Result<(), Stop> {
    if arguments.json {
        terminal::say(&matrix.json())?;
    } else {
        let mut text = String::new();
        if !arguments.quiet {
            text.push_str(&matrix.text());
        }
        text.push_str(&matrix.verdict(plan.runs.end, plan.seed));
        terminal::say(&text)?;
    }
    match matrix.fails() {
        true => Err(Stop::silent(UNMET)),
        false => Ok(()),
    }
}

fn tell(
    arguments: &Arguments,
    claims: &Claims,
    games: &Games,
    findings: &[Finding],
    plan: &Plan,
) -> Result<(), Stop> {
    let (runs, seed) = (plan.runs.end, plan.seed);
    let expects: Vec<&Expect> = games.scenario.expects.iter().collect();
    let failed = findings
        .iter()
        .filter(|f| f.verdict == Verdict::Fail)
        .count();
    let passed = findings
        .iter()
        .filter(|f| f.verdict == Verdict::Pass)
        .count();
    if arguments.json {
        terminal::say(&json(&claims.claims, &expects, findings))?;
    } else {
        let mut text = String::new();
        if !arguments.quiet {
            for ((claim, expect), finding) in claims.claims.iter().zip(&expects).zip(findings) {
                text.push_str(&line(&claim.text, claim.relation, expect, finding));
            }
            text.push('\n');
        }
        let undecided = findings.len() - passed - failed;
        text.push_str(&format!("{passed} passed, {failed} failed, {undecided} undecided; {runs} runs each with seed {seed}\n"));
        terminal::say(&text)?;
    }
    if failed > 0 {
        Err(Stop::silent(UNMET))
    } else {
        Ok(())
    }
}

/// Evidence, and how many runs could not be played, with the first reason.
fn gather(
    game: &Game,
    plan: &Plan,
    fresh: Evidence,
    quiet: bool,
) -> Result<(Evidence, (u64, Option<&'static str>)), Stop> {
    let progress = bar(plan.runs.end, quiet);
    progress.set_prefix(game.protocol.as_ref().unwrap_or(&game.variant).clone());
    let mut all = fresh.clone();
    let mut unplayable = (0, None);
    let wanted = Wanted {
        total: Total::nothing(),
        rows: None,
        evidence: Some(fresh),
        bar: &progress,
    };
    watch(&game.model, plan, &wanted, |_, chunk| {
        if let Some(more) = chunk.evidence {
            all.merge(more);
        }
        unplayable.0 += chunk.unplayable.0;
        unplayable.1 = unplayable.1.or(chunk.unplayable.1);
        ControlFlow::Continue(())
    })?;
    progress.finish_and_clear();
    Ok((all, unplayable))
}

fn line(claim: &str, relation: Relation, expect: &Expect, finding: &Finding) -> String {
    let (word, hint) = match finding.verdict {
        Verdict::Pass => ("pass", String::new()),
        Verdict::Fail => ("FAIL", String::new()),
        Verdict::Undecided { runs: Some(runs) } => {
            ("open", format!("; about {runs} runs would decide"))
        }
        Verdict::Undecided { runs: None } => ("open", "; these runs cannot decide".to_string()),
    };
    let id = expect.id.as_ref().map_or("", |id| id.value.as_str());
    let interval = finding.difference.interval;
    let mut text = format!(
        "{word}  {id:<6} {claim}\n             {} {} {}, difference {} [{}, {}]{hint}\n",
        short(finding.left),
        symbol(relation),
        short(finding.right),
        short(finding.difference.value),
        short(interval.low),
        short(interval.high),
    );
    if let (Some(note), false) = (&expect.note, finding.verdict == Verdict::Pass) {
        text.push_str(&format!("             {note}\n"));
    }
    text
}

fn symbol(relation: Relation) -> &'static str {
    match relation {
        Relation::Less => "<",
        Relation::AtMost => "<=",
        Relation::More => ">",
        Relation::AtLeast => ">=",
    }
}

fn json(claims: &[Claim], expects: &[&Expect], findings: &[Finding]) -> String {
    let all = claims.iter().zip(expects).zip(findings);
    let rows = all.map(|((claim, expect), finding)| as_json(claim, expect, finding));
    format!("{:#}\n", rows.collect::<serde_json::Value>())
}

/// One finding for a program.
pub fn as_json(claim: &Claim, expect: &Expect, finding: &Finding) -> serde_json::Value {
    let (verdict, decides) = match finding.verdict {
        Verdict::Pass => ("pass", None),
        Verdict::Fail => ("fail", None),
        Verdict::Undecided { runs } => ("undecided", runs),
    };
    serde_json::json!({
        "id": expect.id.as_ref().map(|id| &id.value),
        "claim": claim.text,
        "verdict": verdict,
        "left": finding.left,
        "right": finding.right,
        "difference": finding.difference.value,
        "std_error": finding.difference.std_error,
        "ci_low": finding.difference.interval.low,
        "ci_high": finding.difference.interval.high,
        "runs_to_decide": decides,
    })
}

/// Six significant digits, no trailing zeros.
pub fn short(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return value.to_string();
    }
    let digits = (5 - value.abs().log10().floor() as i32).clamp(0, 12) as usize;
    let text = format!("{value:.digits$}");
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_string(),
        false => text,
    }
}
