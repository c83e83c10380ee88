//! `demarche solve`: the bargaining problem at central values, and what every solution concept makes of it.

use super::game::{self, BASE, Games};
use super::protocols::ALL;
use super::stop::Stop;
use super::telling::{deal, level, settled, table};
use super::test::short;
use super::trace::{drawn, expected, lottery_json};
use super::{Played, terminal};
use crate::bargaining::{Ending, Frontier, Outcome, PROTOCOLS, frontier};
use crate::model::{Lot, Model, Role, Variable, Witness, World};
use serde_json::{Map, Value, json};

/// Solve the bargaining problem at central values: frontier and every solution concept
///
/// Every open quantity stands at its median. Lists the Pareto frontier of the individually rational
/// deals (exact; continuous issues on their grid), the deal or the lottery each protocol settles on, and
/// which protocols do not apply.
#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    played: Played,
    /// Solve this variant
    #[arg(long, value_name = "NAME", default_value = BASE)]
    variant: String,
    /// Show at most so many deals of the frontier
    #[arg(long, value_name = "N", default_value_t = 20)]
    most: usize,
    /// Everything as JSON
    #[arg(long)]
    json: bool,
}

/// What one protocol settles on.
struct Solution {
    protocol: &'static str,
    outcome: Outcome,
    /// One number per variable of the model.
    values: Vec<f64>,
    /// What the deal was drawn from, if it was.
    lottery: Vec<Lot>,
}

/// Somebody who wants to know what a deal was drawn from.
struct Asks;

impl Witness for Asks {
    fn follows(&self) -> bool {
        true
    }
}

/// Solve.
pub fn run(arguments: &Arguments) -> Result<(), Stop> {
    let reading = arguments.played.read()?.scenario()?;
    let variants = game::variants(&reading.scenario, std::slice::from_ref(&arguments.variant))?;
    let mut played = arguments.played.clone();
    if played.protocol.is_empty() && !played.sets_protocol() {
        played.protocol.push(ALL.to_string());
    }
    let asked = played.asked(&reading.scenario, &variants)?;
    let games = reading.compile(&played, &asked, &[], true)?;
    let mut world = World::new(&games.games[0].model, games.book.len());
    world.median();
    let reservation = world.reservation().to_vec();
    let listed = world.sit_down(frontier);
    let solved = games.games.iter().map(|game| {
        let mut world = World::new(&game.model, games.book.len());
        world.median();
        let (outcome, values) = world.settle_all(&mut Asks);
        Solution {
            protocol: game.model.protocol_kind.kind.name,
            outcome,
            values,
            lottery: world.lottery().to_vec(),
        }
    });
    let mut solutions: Vec<Solution> = solved.collect();
    let place = |name: &str| PROTOCOLS.iter().position(|kind| kind.kind.name == name);
    solutions.sort_by_key(|solution| place(solution.protocol));
    let text = match arguments.json {
        true => as_json(&games, &reservation, &listed, &solutions),
        false => as_text(&games, &reservation, &listed, &solutions, arguments.most),
    };
    terminal::say(&text)?;
    Ok(())
}

fn as_text(
    games: &Games,
    reservation: &[f64],
    listed: &Frontier,
    solutions: &[Solution],
    most: usize,
) -> String {
    let model = &games.games[0].model;
    let seats: Vec<&str> = model.seat_names().collect();
    let mut text = format!(
        "{}\nevery open quantity at its median\n\n",
        games
            .scenario
            .title
            .as_deref()
            .unwrap_or(&games.scenario.file)
    );
    let row = |name: &str, values: &[f64]| {
        [name.to_string()]
            .into_iter()
            .chain(values.iter().map(|v| short(*v)))
            .collect::<Vec<_>>()
    };
    let header: Vec<String> = [""]
        .into_iter()
        .chain(seats.iter().copied())
        .map(str::to_string)
        .collect();
    let mut rows = vec![header, row("reservation value", reservation)];
    if !listed.ideal.is_empty() {
        rows.push(row("ideal point", &listed.ideal));
    }
    if !seats.is_empty() {
        text.push_str(&table(&rows));
    }
    let count = listed.points.len();
    text.push_str(&match count {
        0 if seats.is_empty() => "\nnobody signs: there are forecasts only\n".to_string(),
        0 => "\nno deal leaves everybody at least as well off: the zone of agreement is empty\n"
            .to_string(),
        1 => "\n1 deal on the Pareto frontier of the individually rational deals\n".to_string(),
        _ => format!("\n{count} deals on the Pareto frontier of the individually rational deals\n"),
    });
    let mut rows = Vec::new();
    for point in listed.points.iter().take(most) {
        let mut row: Vec<String> = point.utilities.iter().map(|u| short(*u)).collect();
        row.push(deal(model, |issue| {
            level(
                &model.variables[issue],
                point.levels[issue],
                model.shape().grid().values(issue),
            )
        }));
        rows.push(row);
    }
    text.push_str(&table(&rows));
    if count > most {
        text.push_str(&format!("  ... and {} more (--most N)\n", count - most));
    }
    text.push_str("\nsolutions\n");
    let rows: Vec<Vec<String>> = solutions
        .iter()
        .flat_map(|solution| solution.rows(model, &seats))
        .collect();
    text.push_str(&table(&rows));
    if !games.not_played.is_empty() {
        text.push_str("\ndo not apply\n");
        let left_out = games.not_played.iter();
        let rows: Vec<Vec<String>> = left_out
            .map(|left_out| vec![left_out.protocol.clone(), left_out.reason.clone()])
            .collect();
        text.push_str(&table(&rows));
    }
    text
}

impl Solution {
    /// What each signatory gets and the deal; of a lottery what it gives on average, and every deal.
    fn rows(&self, model: &Model, seats: &[&str]) -> Vec<Vec<String>> {
        let row = |name: &str, utilities: &[f64], words: String| {
            let mut row = vec![name.to_string()];
            row.extend(utilities.iter().map(|utility| short(*utility)));
            row.push(words);
            row
        };
        if self.outcome.ending != Ending::Agreement {
            return vec![vec![
                self.protocol.to_string(),
                super::telling::ending(self.outcome.ending),
            ]];
        }
        if let [_, _, ..] = self.lottery.as_slice() {
            let words = format!("expected; one of {} deals", self.lottery.len());
            let mut rows = vec![row(self.protocol, &expected(&self.lottery), words)];
            let lots = self.lottery.iter();
            rows.extend(lots.map(|lot| row("", &lot.utilities, drawn(lot, &model.variables))));
            return rows;
        }
        let is_seat = |variable: &Variable| {
            variable.role == Role::Utility
                && seats
                    .iter()
                    .any(|seat| variable.name == format!("utility.{seat}"))
        };
        let utilities = model.variables.iter().zip(&self.values);
        let utilities: Vec<f64> = utilities
            .filter(|(variable, _)| is_seat(variable))
            .map(|(_, value)| *value)
            .collect();
        let words = deal(model, |issue| {
            settled(&model.variables[issue], self.values[issue])
        });
        vec![row(self.protocol, &utilities, words)]
    }
}

fn as_json(
    games: &Games,
    reservation: &[f64],
    listed: &Frontier,
    solutions: &[Solution],
) -> String {
    let model = &games.games[0].model;
    let seats: Vec<&str> = model.seat_names().collect();
    let by_seat = |values: &[f64]| -> Value {
        let entries = model.seat_names().zip(values);
        entries
            .map(|(name, value)| (name.to_string(), json!(value)))
            .collect::<Map<_, _>>()
            .into()
    };
    let points: Vec<Value> = listed
        .points
        .iter()
        .map(|point| {
            json!({
                "deal": point.levels.iter().zip(&model.variables).enumerate().map(|(issue, (at, variable))| {
                    (variable.name.clone(), json!(level(variable, *at, model.shape().grid().values(issue))))
                }).collect::<Map<_, _>>(),
                "index": point.index,
                "utilities": by_seat(&point.utilities),
            })
        })
        .collect();
    let solved: Map<String, Value> = solutions
        .iter()
        .map(|solution| {
            let named = model.variables.iter().zip(&solution.values);
            let of = |role: Role,
                      values: &mut dyn Iterator<Item = (&crate::model::Variable, &f64)>|
             -> Map<String, Value> {
                values
                    .filter(|(variable, _)| variable.role == role)
                    .map(|(variable, value)| {
                        let value = match role {
                            Role::Issue => super::telling::as_json(variable, *value),
                            _ => json!(value),
                        };
                        (variable.name.clone(), value)
                    })
                    .collect()
            };
            let expected_utilities = match solution.lottery.len() {
                0 | 1 => Value::Null,
                _ => by_seat(&expected(&solution.lottery)),
            };
            let told = json!({
                "agreement": solution.outcome.ending == Ending::Agreement,
                "ended": super::telling::ending(solution.outcome.ending),
                "round": solution.outcome.round,
                "issues": of(Role::Issue, &mut named.clone()),
                "utilities": of(Role::Utility, &mut named.clone()),
                "gains": of(Role::Gain, &mut named.clone()),
                "expected_utilities": expected_utilities,
                "lottery": lottery_json(&solution.lottery, &model.variables, &seats),
            });
            (solution.protocol.to_string(), told)
        })
        .collect();
    let not_applicable: Map<String, Value> = games
        .not_played
        .iter()
        .map(|left_out| (left_out.protocol.clone(), json!(left_out.reason)))
        .collect();
    let value = json!({
        "reservation": by_seat(reservation),
        "ideal": by_seat(&listed.ideal),
        "frontier": points,
        "solutions": solved,
        "not_applicable": not_applicable,
    });
    format!("{value:#}\n")
}
