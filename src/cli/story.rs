//! A run told session by session: what happened outside, what was up, what was agreed and what was not.

use super::game::Games;
use super::replay::{drawn, prospects};
use super::telling::{ending, settled, table};
use super::test::short;
use super::trace::Trace;
use crate::bargaining::{Ending, Outcome, Step, frontier};
use crate::model::{Hindrance, Luck, Role, Sat, Variable, Witness, World};
use crate::scenario::Scenario;

/// The whole run, and its talks step by step.
pub fn tell(
    games: &Games,
    world: &mut World<'_>,
    luck: &Luck,
    columns: &[Variable],
) -> (String, Vec<(u32, Trace)>) {
    let mut story = Story {
        scenario: &games.scenario,
        columns,
        text: String::new(),
        quantities: Vec::new(),
        up: 0,
        moved: 0,
        before: Vec::new(),
        agreed: Vec::new(),
        trace: Trace::default(),
        told: Vec::new(),
    };
    let sessions = world.sessions();
    for session in 1..=sessions {
        story.say(0, &format!("\nSession {session} of {sessions}"));
        story.remember(world);
        world.happen(luck, session, &mut story);
        story.tell_quantities(world);
        story.before = (0..games.scenario.issues.len())
            .map(|i| world.stands(i))
            .collect();
        story.agreed = story.before.clone();
        world.meet(luck, &mut story);
        if world.ended().1.is_none() {
            story.tell_rest(world);
        }
        if world.ended().1.is_some() {
            story.tell_end(world, &[]);
            break;
        }
        world.fade(true, &mut story);
        world.end(luck, true);
        let values = world.observe(true).to_vec();
        if session == 1 {
            let told = drawn(columns, &values);
            story
                .text
                .insert_str(0, &format!("\nWhat was drawn\n{told}"));
        }
        story.tell_signals(&values);
        if session == sessions {
            story.tell_end(world, &values);
        }
    }
    (story.text, story.told)
}

/// What those at home said.
pub fn verdict_at_home(scenario: &Scenario, home: usize, chance: f64, ratified: bool) -> String {
    let home = &scenario.ratification[home];
    let verdict = if ratified { "ratifies" } else { "refuses" };
    format!(
        "  home: {} {verdict} (chance {})\n",
        home.name.value,
        short(chance)
    )
}

struct Story<'s> {
    scenario: &'s Scenario,
    columns: &'s [Variable],
    text: String,
    /// The quantities that move, as they were.
    quantities: Vec<Option<f64>>,
    /// The files that are up.
    up: u64,
    /// The files that a text of this session moved, ratified or not.
    moved: u64,
    /// What stood before the session, and what was agreed so far in it.
    before: Vec<f64>,
    agreed: Vec<f64>,
    /// The talks at the table at hand.
    trace: Trace,
    /// The talks so far, by session.
    told: Vec<(u32, Trace)>,
}

impl Story<'_> {
    fn say(&mut self, indent: usize, line: &str) {
        self.text.push_str(&format!("{:indent$}{line}\n", ""));
    }

    fn files(&self, files: u64) -> String {
        let modules = self.scenario.modules.iter().enumerate();
        let named = modules.filter(|(nth, _)| files >> nth & 1 == 1);
        let names: Vec<&str> = named
            .map(|(_, module)| module.name.value.as_str())
            .collect();
        match names.is_empty() {
            true => "everything".to_string(),
            false => names.join(", "),
        }
    }

    fn remember(&mut self, world: &World<'_>) {
        let quantities = 0..self.scenario.quantities.len();
        self.quantities = quantities
            .map(|quantity| world.quantity(quantity))
            .collect();
        self.up = 0;
        self.moved = 0;
    }

    fn tell_quantities(&mut self, world: &World<'_>) {
        let mut rows = Vec::new();
        for (quantity, before) in self.quantities.iter().enumerate() {
            let Some(now) = world.quantity(quantity) else {
                continue;
            };
            let name = self.scenario.quantities[quantity].name.value.clone();
            match before {
                Some(before) if *before != now => {
                    rows.push(vec![
                        format!("  {name}"),
                        short(*before),
                        "->".into(),
                        short(now),
                    ]);
                }
                _ => {}
            }
        }
        if !rows.is_empty() {
            self.text.push_str(&table(&rows));
        }
    }

    /// The files that were up and stay as they stood, and why.
    fn tell_rest(&mut self, world: &mut World<'_>) {
        for file in 0..self.scenario.modules.len() {
            let moved = self.before.iter().enumerate().any(|(issue, before)| {
                world.file_of(issue) == file && world.stands(issue).to_bits() != before.to_bits()
            });
            let was_agreed = self.moved >> file & 1 == 1;
            if self.up >> file & 1 == 0 || moved || was_agreed || world.is_broken_down() {
                continue;
            }
            let name = &self.scenario.modules[file].name.value;
            let line = match world.hindrance(file) {
                Hindrance::Preference => format!(
                    "{name}: left as it stands; some text would be acceptable to all, but the protocol prefers to leave it"
                ),
                Hindrance::Fixed => {
                    format!("{name}: left as it stands; nothing in it can move now")
                }
                Hindrance::Closed(blocked) if blocked.is_empty() => {
                    format!("{name}: left as it stands; too much stands in the way to name it")
                }
                Hindrance::Closed(blocked) => format!(
                    "{name}: left as it stands; in the way: {}",
                    blocked.join(" or ")
                ),
            };
            self.say(2, &line);
        }
    }

    fn tell_signals(&mut self, values: &[f64]) {
        let of = |role: Role, values: &[f64]| -> Vec<(String, f64)> {
            let named = self.columns.iter().zip(values);
            let wanted = named.filter(|(variable, value)| variable.role == role && !value.is_nan());
            wanted
                .map(|(variable, value)| (variable.name.clone(), *value))
                .collect()
        };
        let signals = of(Role::Signal, values);
        if signals.is_empty() {
            return;
        }
        let name = |(name, _): &(String, f64)| name.trim_start_matches("signal.").to_string();
        let list = |wanted: f64| {
            let list: Vec<String> = signals
                .iter()
                .filter(|(_, v)| *v == wanted)
                .map(name)
                .collect();
            match list.is_empty() {
                true => "nothing".to_string(),
                false => list.join(", "),
            }
        };
        let (seen, unseen) = (list(1.0), list(0.0));
        self.say(2, &format!("an observer sees: {seen}"));
        self.say(2, &format!("and does not see: {unseen}"));
    }

    fn tell_end(&mut self, world: &World<'_>, values: &[f64]) {
        let (ended, reason) = world.ended();
        self.say(0, &format!("\nHow it ended: {}", ended.name()));
        if let Some(reason) = reason {
            self.say(2, reason);
            return;
        }
        let named = || self.columns.iter().zip(values);
        let blocked = named().filter(|(v, value)| v.role == Role::Blocked && **value == 1.0);
        let blocked: Vec<&str> = blocked
            .map(|(v, _)| v.name.trim_start_matches("blocked."))
            .collect();
        if !blocked.is_empty() {
            let line = format!("nothing is signed; in the way: {}", blocked.join(" or "));
            self.say(2, &line);
        }
        let roles = [Role::Issue, Role::Utility, Role::Gain, Role::Measure];
        let rows = named()
            .filter(|(v, _)| roles.contains(&v.role))
            .map(|(v, value)| vec![v.name.clone(), settled(v, *value)]);
        let told = table(&rows.collect::<Vec<_>>());
        self.text.push_str(&told);
    }
}

impl Witness for Story<'_> {
    fn event(&mut self, _: &World<'_>, event: usize) {
        let event = &self.scenario.events[event];
        let about = event.about.as_deref().or(event.label.as_deref());
        let about = about.map_or(String::new(), |about| format!(" ({about})"));
        self.say(2, &format!("event: {}{about}", event.name.value));
    }

    fn breakdown(&mut self, _: &World<'_>) {
        self.say(2, "talks break down");
    }

    fn up(&mut self, _: &World<'_>, files: u64) {
        self.up = files;
        let line = match files {
            0 => "nothing is on the table: no file is both open and ripe".to_string(),
            files => format!("on the table: {}", self.files(files)),
        };
        self.say(2, &line);
    }

    fn follows(&self) -> bool {
        true
    }

    fn step(&mut self, step: &Step<'_>, deal: &[(usize, f64, usize)]) {
        self.trace.push(step, deal, self.columns);
    }

    fn rose(&mut self, world: &mut World<'_>, sitting: Sat, outcome: &Outcome) {
        if sitting.again != 0 {
            self.say(2, "back at the table, everything as it stood before");
            self.agreed.clone_from(&self.before);
        }
        if world.model().looks_ahead() {
            self.say(
                2,
                "the parties weigh what later sessions will make of each text",
            );
        } else {
            let listed = world.look(sitting, frontier).unwrap_or_default();
            let reservation = world.reservation().to_vec();
            let told = prospects(world.model(), &reservation, &listed);
            self.text.push_str(&told);
        }
        let trace = std::mem::take(&mut self.trace);
        let steps = trace.text(self.scenario, self.columns);
        self.text.push_str(&steps);
        let lottery = super::trace::lottery(world.lottery(), self.columns);
        self.text.push_str(&lottery);
        if outcome.ending != Ending::Agreement {
            self.say(2, &ending(outcome.ending));
        }
        self.told.push((world.session(), trace));
    }

    fn agreed(&mut self, world: &mut World<'_>, moved: u64) {
        self.moved |= moved;
        let line = format!("agreed on {}", self.files(moved));
        self.say(2, &line);
        let mut rows = Vec::new();
        for &(issue, value, _) in world.text() {
            let variable = &self.columns[issue];
            let before = std::mem::replace(&mut self.agreed[issue], value);
            if value != before {
                rows.push(vec![
                    format!("  {}", variable.name),
                    settled(variable, before),
                    "->".to_string(),
                    settled(variable, value),
                ]);
            }
        }
        self.text.push_str(&table(&rows));
    }

    fn stands(&mut self, world: &mut World<'_>) {
        let same = |one: f64, other: f64| one == other || one.is_nan() && other.is_nan();
        let issues = 0..self.agreed.len();
        let fell = issues
            .clone()
            .filter(|issue| !same(world.stands(*issue), self.agreed[*issue]));
        let fell = fell.fold(0, |files: u64, issue| files | 1 << world.file_of(issue));
        if fell != 0 {
            let line = format!("falls at home: {}", self.files(fell));
            self.say(2, &line);
        }
        if issues
            .clone()
            .all(|issue| same(world.stands(issue), self.before[issue]))
        {
            return;
        }
        let names = self.scenario.actors.iter().filter(|actor| actor.signs);
        let gains: Vec<String> = names
            .zip(world.session_gains())
            .map(|(actor, gain)| format!("{} {}", actor.name.value, short(gain)))
            .collect();
        self.say(2, &format!("gains over no agreement: {}", gains.join(", ")));
    }

    fn home(&mut self, _: &World<'_>, home: usize, chance: f64, ratified: bool) {
        let told = verdict_at_home(self.scenario, home, chance, ratified);
        self.text.push_str(&told);
    }

    fn eroded(&mut self, _: &World<'_>, erosion: usize) {
        let issues = self.scenario.erosion[erosion].issues.iter();
        let names: Vec<&str> = issues.map(|issue| issue.value.as_str()).collect();
        self.say(2, &format!("eroded by a level: {}", names.join(", ")));
    }
}
