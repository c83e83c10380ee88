//! `demarche replay`: one run told in full.

use super::game::{self, BASE, Games};
use super::stop::{FAULT, Stop};
use super::telling::{as_json, deal, ending, settled, table};
use super::test::short;
use super::trace::{self, Trace};
use super::{Played, story, terminal};
use crate::bargaining::{Ending, Frontier, Outcome, Step, frontier};
use crate::model::{Luck, Model, Role, Sat, Variable, Witness, World};
use crate::uncertainty::{Purpose, Stream};
use serde_json::{Map, Value, json};

/// Tell one run in full
///
/// Draws the same world as `run` does with the same seed, and tells what was drawn and, session by
/// session, what happened outside, which files were ripe, what each signatory could gain, what was
/// agreed and why the rest was not, what those at home said and what an observer saw.
#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    played: Played,
    /// The index of the run, as in the column `run`
    #[arg(long, value_name = "N")]
    run: u64,
    /// The seed [default: the scenario's `seed`, or 1]
    #[arg(long, value_name = "SEED")]
    seed: Option<u64>,
    /// Which play of its world, as in the column `luck`
    #[arg(long, value_name = "K", default_value_t = 0)]
    luck: u32,
    /// The variant that was played
    #[arg(long, value_name = "NAME", default_value = BASE)]
    variant: String,
    /// The talks step by step and what came of them, as JSON
    #[arg(long)]
    json: bool,
}

/// Replay.
pub fn run(arguments: &Arguments) -> Result<(), Stop> {
    arguments.played.only_one("replay")?;
    let reading = arguments.played.read()?.scenario()?;
    let variants = game::variants(&reading.scenario, std::slice::from_ref(&arguments.variant))?;
    if variants.len() != 1 {
        return Err(Stop::new(FAULT, "replay tells one run of one variant"));
    }
    let seed = arguments
        .seed
        .or(reading.scenario.seed.as_ref().map(|s| s.value))
        .unwrap_or(1);
    let asked = arguments.played.asked(&reading.scenario, &variants)?;
    let games = reading.compile(&arguments.played, &asked, &[], true)?;
    let game = &games.games[0];
    let model = &game.model;
    let mut world = World::new(model, games.book.len());
    world.draw(Stream::new(seed, Purpose::World, arguments.run));
    let luck = Luck {
        seed,
        run: arguments.run,
        play: arguments.luck,
    };
    world.begin();
    let columns = model.columns(&games.book, true);
    let title = games
        .scenario
        .title
        .as_deref()
        .unwrap_or(&games.scenario.file);
    let mut text = format!(
        "{title}\nrun {} of variant {}, seed {seed}\n",
        arguments.run, game.variant
    );
    let (told, talks) = match model.has_calendar() {
        true => story::tell(&games, &mut world, &luck, &columns),
        false => tell(&games, &mut world, &luck, &columns),
    };
    text.push_str(&told);
    if arguments.json {
        let talks: Vec<Value> = talks
            .iter()
            .map(|(session, trace)| {
                json!({ "session": session, "steps": trace.json(&games.scenario, &columns) })
            })
            .collect();
        let (ended, reason) = world.ended();
        let values = columns.iter().zip(world.observe(true));
        let values: Map<String, Value> = values
            .map(|(variable, value)| (variable.name.clone(), as_json(variable, *value)))
            .collect();
        let value = json!({
            "run": arguments.run,
            "variant": game.variant,
            "seed": seed,
            "ended": ended.name(),
            "reason": reason,
            "values": values,
            "sittings": talks,
        });
        text = format!("{value:#}\n");
    }
    terminal::say(&text)?;
    Ok(())
}

/// The run of a scenario without a calendar: one sitting over everything.
fn tell(
    games: &Games,
    world: &mut World<'_>,
    luck: &Luck,
    columns: &[Variable],
) -> (String, Vec<(u32, Trace)>) {
    let model = &games.games[0].model;
    let mut seen = Seen::new(columns);
    world.happen(luck, 1, &mut seen);
    world.meet(luck, &mut seen);
    world.end(luck, true);
    let values = world.observe(true).to_vec();
    let Seen {
        reservation,
        listed,
        outcome,
        homes,
        trace,
        lottery,
        ..
    } = seen;
    let named = || columns.iter().zip(&values);
    let mut text = String::from("\nWhat was drawn\n");
    text.push_str(&drawn(columns, &values));
    text.push_str("\nWhat each signatory could gain\n");
    text.push_str(&prospects(model, &reservation, &listed));

    let protocol = model.protocol_kind.kind;
    text.push_str(&format!(
        "\nHow it was settled: {}\n  {}\n",
        protocol.name, protocol.about
    ));
    text.push_str(&trace.text(&games.scenario, columns));
    text.push_str(&lottery);
    let ended = outcome.map(|outcome| outcome.ending);
    match outcome {
        Some(Outcome {
            ending: Ending::Agreement,
            round,
        }) => {
            text.push_str(&format!("  agreement in round {}\n", round + 1));
            text.push_str(&terms(&games.scenario, columns, &values));
        }
        Some(other) => text.push_str(&format!("  {}\n", ending(other.ending))),
        None => {}
    }
    for (home, chance, ratified) in homes {
        text.push_str(&story::verdict_at_home(
            &games.scenario,
            home,
            chance,
            ratified,
        ));
    }
    if listed.points.len() > 1 && ended == Some(Ending::Agreement) {
        text.push_str("\nNearest on the frontier\n");
        text.push_str(&neighbours(model, &listed, columns, &values));
    }
    text.push_str("\nWhat it is worth\n");
    let worth =
        named().filter(|(v, _)| matches!(v.role, Role::Utility | Role::Gain | Role::Measure));
    text.push_str(&table(
        &worth
            .map(|(v, value)| vec![v.name.clone(), settled(v, *value)])
            .collect::<Vec<_>>(),
    ));
    (text, vec![(1, trace)])
}

/// What was drawn for every open quantity.
pub fn drawn(columns: &[Variable], values: &[f64]) -> String {
    let named = columns.iter().zip(values);
    let drawn = named.filter(|(v, value)| v.role == Role::Quantity && !value.is_nan());
    let rows = drawn.map(|(v, value)| vec![v.name.clone(), short(*value)]);
    table(&rows.collect::<Vec<_>>())
}

/// What each signatory has to lose and could gain, and how many efficient deals there are.
pub fn prospects(model: &Model, reservation: &[f64], listed: &Frontier) -> String {
    if model.seats.is_empty() {
        return "  nobody signs\n".to_string();
    }
    let mut rows = vec![
        ["", "reservation", "best", "gain at best"]
            .map(str::to_string)
            .to_vec(),
    ];
    for (seat, name) in model.seat_names().enumerate() {
        let best = listed.ideal.get(seat).copied();
        rows.push(vec![
            name.to_string(),
            short(reservation[seat]),
            best.map_or("-".to_string(), short),
            best.map_or("-".to_string(), |best| short(best - reservation[seat])),
        ]);
    }
    let mut text = table(&rows);
    text.push_str(&match listed.points.len() {
        0 => "  the zone of agreement is empty: no deal leaves everybody at least as well off\n"
            .to_string(),
        1 => "  1 deal on the Pareto frontier between them\n".to_string(),
        count => format!("  {count} deals on the Pareto frontier between them\n"),
    });
    text
}

/// What a single sitting shows.
struct Seen<'s> {
    columns: &'s [Variable],
    trace: Trace,
    lottery: String,
    reservation: Vec<f64>,
    listed: Frontier,
    outcome: Option<Outcome>,
    homes: Vec<(usize, f64, bool)>,
}

impl Seen<'_> {
    fn new(columns: &[Variable]) -> Seen<'_> {
        Seen {
            columns,
            trace: Trace::default(),
            lottery: String::new(),
            reservation: Vec::new(),
            listed: Frontier::default(),
            outcome: None,
            homes: Vec::new(),
        }
    }
}

impl Witness for Seen<'_> {
    fn follows(&self) -> bool {
        true
    }

    fn step(&mut self, step: &Step<'_>, deal: &[(usize, f64, usize)]) {
        self.trace.push(step, deal, self.columns);
    }

    fn rose(&mut self, world: &mut World<'_>, sitting: Sat, outcome: &Outcome) {
        self.reservation = world.reservation().to_vec();
        self.listed = world.look(sitting, frontier).unwrap_or_default();
        self.lottery = trace::lottery(world.lottery(), self.columns);
        self.outcome = Some(*outcome);
    }

    fn home(&mut self, _: &World<'_>, home: usize, chance: f64, ratified: bool) {
        self.homes.push((home, chance, ratified));
    }
}

/// Issue by issue: what was settled, and what stood before.
fn terms(scenario: &crate::scenario::Scenario, columns: &[Variable], values: &[f64]) -> String {
    let mut rows = Vec::new();
    for (issue, (variable, value)) in columns.iter().zip(values).enumerate() {
        if variable.role != Role::Issue {
            break;
        }
        let now = settled(variable, *value);
        let before = scenario.issues[issue]
            .status_quo
            .as_ref()
            .map(|level| match &level.value {
                crate::scenario::LevelRef::Name(name) => name.clone(),
                crate::scenario::LevelRef::Number(number) => number.to_string(),
            });
        let note = match before {
            Some(before) if before == now => "(as before)".to_string(),
            Some(before) => format!("(before: {before})"),
            None => String::new(),
        };
        rows.push(vec![format!("  {}", variable.name), now, note]);
    }
    table(&rows)
}

/// The deals just better and just worse for the first signatory.
fn neighbours(model: &Model, listed: &Frontier, columns: &[Variable], values: &[f64]) -> String {
    let first = columns.iter().position(|variable| {
        variable.role == Role::Utility
            && model
                .seats
                .first()
                .is_some_and(|(_, name)| variable.name == format!("utility.{name}"))
    });
    let own = first.map_or(f64::NAN, |first| values[first]);
    let near = |better: bool| {
        let side = listed.points.iter().filter(move |point| match better {
            true => point.utilities[0] > own + 1e-9,
            false => point.utilities[0] < own - 1e-9,
        });
        side.min_by(|a, b| {
            (a.utilities[0] - own)
                .abs()
                .total_cmp(&(b.utilities[0] - own).abs())
        })
    };
    let mut rows = Vec::new();
    for (better, word) in [(true, "better"), (false, "worse")] {
        let Some(point) = near(better) else { continue };
        let name = model.seat_names().next().unwrap_or("the first");
        let mut row = vec![format!("{word} for {name}:")];
        row.extend(point.utilities.iter().map(|u| short(*u)));
        row.push(deal(model, |issue| {
            super::telling::level(
                &model.variables[issue],
                point.levels[issue],
                model.shape().grid().values(issue),
            )
        }));
        rows.push(row);
    }
    table(&rows)
}
