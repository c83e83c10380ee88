//! `demarche solve`: the bargaining problem at central values, and what every solution concept makes of it.

use super::game::{self, BASE, Game, Games, Source};
use super::stop::Stop;
use super::telling::{deal, level, settled, table};
use super::test::short;
use super::trace::lottery_json;
use super::{Played, terminal};
use crate::bargaining::{Ending, Frontier, Outcome, PROTOCOLS, frontier};
use crate::model::{Lot, Role, Witness, World};
use serde_json::{Map, Value, json};

/// Solve the bargaining problem at central values: frontier and every solution concept
///
/// Every open quantity stands at its median. Lists the Pareto frontier of the individually rational
/// deals (exact; continuous issues on their grid) and the deal each protocol settles on.
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
    let source = arguments.played.read()?;
    let games = compile(&source, arguments, &arguments.played)?;
    let game = &games.games[0];
    let mut world = World::new(&game.model, games.book.len());
    world.median();
    let reservation = world.reservation().to_vec();
    let listed = world.sit_down(frontier);
    let own = game.model.protocol_kind.kind.name;
    let mut solutions = Vec::new();
    let asked: Vec<&'static str> = match arguments.played.protocol {
        Some(_) => vec![own],
        None => PROTOCOLS
            .iter()
            .map(|protocol| protocol.kind.name)
            .collect(),
    };
    for protocol in asked {
        let kind = PROTOCOLS.iter().find(|kind| kind.kind.name == protocol);
        if kind.is_some_and(|kind| kind.needs.refuse(&game.model.table).is_some()) {
            continue;
        }
        let played = Played {
            protocol: (protocol != own || arguments.played.protocol.is_some())
                .then(|| protocol.to_string()),
            ..arguments.played.clone()
        };
        let games = compile(&source, arguments, &played)?;
        let mut world = World::new(&games.games[0].model, games.book.len());
        world.median();
        let (outcome, values) = world.settle_all(&mut Asks);
        solutions.push(Solution {
            protocol,
            outcome,
            values,
            lottery: world.lottery().to_vec(),
        });
    }
    let text = match arguments.json {
        true => as_json(game, &reservation, &listed, &solutions),
        false => as_text(&games, &reservation, &listed, &solutions, arguments.most),
    };
    terminal::say(&text)?;
    Ok(())
}

fn compile(source: &Source, arguments: &Arguments, played: &Played) -> Result<Games, Stop> {
    let again = Source {
        path: source.path.clone(),
        file: source.file.clone(),
        manuscript: source.manuscript.clone(),
    };
    let reading = again.scenario()?;
    let variants = game::variants(&reading.scenario, std::slice::from_ref(&arguments.variant))?;
    reading.compile(played, &variants, &[], true)
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
    let mut rows = Vec::new();
    for solution in solutions {
        let mut row = vec![solution.protocol.to_string()];
        match solution.outcome.ending {
            Ending::Agreement => {
                let utilities = model.variables.iter().zip(&solution.values);
                let own = utilities.filter(|(v, _)| {
                    v.role == Role::Utility
                        && seats.iter().any(|seat| v.name == format!("utility.{seat}"))
                });
                row.extend(own.map(|(_, value)| short(*value)));
                row.push(deal(model, |issue| {
                    settled(&model.variables[issue], solution.values[issue])
                }));
            }
            ending => row.push(super::telling::ending(ending)),
        }
        rows.push(row);
    }
    text.push_str(&table(&rows));
    text
}

fn as_json(game: &Game, reservation: &[f64], listed: &Frontier, solutions: &[Solution]) -> String {
    let model = &game.model;
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
            let told = json!({
                "agreement": solution.outcome.ending == Ending::Agreement,
                "ended": super::telling::ending(solution.outcome.ending),
                "round": solution.outcome.round,
                "issues": of(Role::Issue, &mut named.clone()),
                "utilities": of(Role::Utility, &mut named.clone()),
                "gains": of(Role::Gain, &mut named.clone()),
                "lottery": lottery_json(&solution.lottery, &model.variables, &seats),
            });
            (solution.protocol.to_string(), told)
        })
        .collect();
    let value = json!({
        "reservation": by_seat(reservation),
        "ideal": by_seat(&listed.ideal),
        "frontier": points,
        "solutions": solved,
    });
    format!("{value:#}\n")
}
