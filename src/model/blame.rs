//! Why there is no deal: the smallest sets of reservation values and rules whose removal opens the zone.
//!
//! Every set of the smallest size is found, and all its members are blamed: there may be several ways
//! to open the zone, and none is better than another.

use super::table::Table;
use super::world::World;
use super::{Rule, RuleSource};
use crate::bargaining::{Obstacle, obstacles};
use crate::scenario::Scenario;

/// What stood in the way, apart from reservation values and rules.
const NOTHING_RIPE: &str = "ripeness";
const BREAKDOWN: &str = "breakdown";
const PREFERENCE: &str = "preference";

/// The names of everything that can stand in the way, in the order of their flags.
pub(super) fn names(scenario: &Scenario, rules: &[Rule], seats: &[(usize, String)]) -> Vec<String> {
    if scenario.calendar.is_none() {
        return Vec::new();
    }
    let seats = seats.iter().map(|(_, name)| format!("reservation.{name}"));
    let sources = sources(rules).into_iter().map(|source| match source {
        RuleSource::Written(rule) => match &scenario.rules[rule].id {
            Some(id) => format!("rule.{}", id.value),
            None => format!("rule.{rule}"),
        },
        RuleSource::Veto(actor) => format!("veto.{}", scenario.actors[actor].name.value),
        RuleSource::Home(home) | RuleSource::Better(home) => {
            format!("accepts.{}", scenario.ratification[home].name.value)
        }
    });
    let homes = scenario.ratification.iter();
    let homes = homes.map(|home| format!("ratification.{}", home.name.value));
    let others = [NOTHING_RIPE, BREAKDOWN, PREFERENCE].map(str::to_string);
    seats.chain(sources).chain(homes).chain(others).collect()
}

/// For each rule, the place of its source among all sources of rules.
pub(super) fn groups(rules: &[Rule]) -> Vec<Option<usize>> {
    let sources = sources(rules);
    let place = |rule: &Rule| sources.iter().position(|source| *source == rule.source);
    rules.iter().map(place).collect()
}

/// Whose rules there are, each once.
fn sources(rules: &[Rule]) -> Vec<RuleSource> {
    let mut sources: Vec<RuleSource> = Vec::new();
    for rule in rules {
        if !matches!(rule.source, RuleSource::Better(_)) && !sources.contains(&rule.source) {
            sources.push(rule.source);
        }
    }
    sources
}

impl World<'_> {
    /// Nothing was ripe, or talks had broken down.
    pub(super) fn blame_calendar(&mut self, has_broken_down: bool) {
        let flags = self.course.blocked.len();
        let place = if has_broken_down { 2 } else { 3 };
        self.blame_only(flags.checked_sub(place));
    }

    /// The rule preferred what stands.
    pub(super) fn blame_preference(&mut self) {
        let flags = self.course.blocked.len();
        self.blame_only(flags.checked_sub(1));
    }

    /// Those at home refused, one bit each; nothing is left of the text.
    pub(super) fn blame_homes(&mut self, homes: u64) {
        if self.is_anything_signed() || self.course.blocked.is_empty() {
            return;
        }
        let first = self.course.blocked.len() - self.model.process.homes.len() - 3;
        self.course.blocked.fill(false);
        for home in (0..self.model.process.homes.len()).filter(|home| homes >> home & 1 == 1) {
            self.course.blocked[first + home] = true;
        }
        if self.is_broken_down() {
            let flags = self.course.blocked.len();
            self.course.blocked[flags - 2] = true;
        }
    }

    fn blame_only(&mut self, place: Option<usize>) {
        if self.is_anything_signed() || self.course.blocked.is_empty() {
            return;
        }
        self.course.blocked.fill(false);
        if let Some(place) = place {
            self.course.blocked[place] = true;
        }
    }

    /// The zone was empty: blame the smallest sets of reservation values and rules that close it.
    pub(super) fn blame_zone(&mut self, files: u64, again: u64) {
        if self.is_anything_signed() || self.course.blocked.is_empty() {
            return;
        }
        self.course.blocked.fill(false);
        // Rules are among the suspects: their levels stay open.
        self.open_files(files);
        self.at_table(files, again, |world, table| {
            for place in world.blockers_at(table) {
                world.course.blocked[place] = true;
            }
        });
    }

    /// The places, among all possible blockers, of the seats and rules that close the zone of a table.
    pub(super) fn blockers_at(&mut self, table: &mut Table) -> Vec<usize> {
        let model = self.model;
        let rules = table.sitting.sources.iter();
        let groups: Vec<Option<usize>> = rules.map(|rule| model.groups[*rule]).collect();
        let count = model
            .groups
            .iter()
            .flatten()
            .max()
            .map_or(0, |last| last + 1);
        let found = self.sit_at(table, |negotiation, desk| {
            obstacles(negotiation, desk, &groups, count)
        });
        let place = |obstacle| match obstacle {
            Obstacle::Reservation(seat) => seat,
            Obstacle::Rule(group) => model.seats.len() + group,
        };
        found.into_iter().map(place).collect()
    }
}
