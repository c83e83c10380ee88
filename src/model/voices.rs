//! What every actor says on every issue: written, or derived from its weights and values.
//!
//! A position not written is the level that the actor's own values like best, a salience not written its
//! weight; whoever has neither has no voice there.

use super::assemble::edge;
use super::compiler::{Compiler, Room};
use super::table::fill_in;
use super::world::World;
use super::{IssueLevels, Model};
use crate::bargaining::Voices;
use crate::expression::{Column, ColumnStore, Graph, NodeId};
use crate::scenario::{Formula, Stake};

/// One actor's voice on one issue, as formulas.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spoken {
    /// The position, or the value whose best level it is.
    position: Wanted<NodeId>,
    salience: NodeId,
    /// Whether the salience is a weight: negative ones turn values round.
    is_weight: bool,
    capability: NodeId,
}

/// Where a position comes from.
#[derive(Debug, Clone, Copy)]
enum Wanted<B> {
    Written(NodeId),
    Best(B),
}

/// Every voice of a model whose protocol hears them.
pub(super) struct Hearing {
    actors: usize,
    /// Issue after issue, one entry per actor.
    voices: Vec<Option<(Spoken, Wanted<Best>)>>,
    scale: Vec<(f64, f64)>,
}

/// How to find the best level of a value.
#[derive(Debug, Clone)]
struct Best {
    column: Column,
    rows: usize,
    /// How often each level is repeated for the issues after it, and how many levels there are; none
    /// if the value does not depend on the issue.
    stride: Option<(usize, usize)>,
}

/// A worker's voices: the numbers of one session, and what it needs to find the best levels.
#[derive(Debug, Clone, Default)]
pub(super) struct Heard {
    actors: usize,
    position: Vec<f64>,
    salience: Vec<f64>,
    capability: Vec<f64>,
    stands: Vec<f64>,
    scale: Vec<(f64, f64)>,
    values: Vec<(ColumnStore, Vec<f64>)>,
}

impl Heard {
    /// The voices on the issues that are up.
    pub fn on<'h>(&'h self, rows: &'h [usize]) -> Voices<'h> {
        match self.actors {
            0 => Voices::default(),
            actors => Voices {
                actors,
                rows,
                position: &self.position,
                salience: &self.salience,
                capability: &self.capability,
                stands: &self.stands,
                scale: &self.scale,
            },
        }
    }

    /// Room for the voices of a model; `registers` holds at least the constants.
    pub fn new(model: &Model, registers: &[f64]) -> Heard {
        let Some(hearing) = &model.hearing else {
            return Heard::default();
        };
        let table = |best: &Best| {
            let scope = best.column.scope().iter();
            let values: Vec<&[f64]> = scope.map(|issue| model.axis(*issue)).collect();
            let mut store = ColumnStore::default();
            let issues = &model.pieces.issues;
            fill_in(issues, &best.column, &values, registers, &mut store);
            (store, vec![0.0; best.rows])
        };
        let spoken = hearing.voices.iter().flatten();
        let values = spoken.filter_map(|(_, wanted)| match wanted {
            Wanted::Best(best) => Some(table(best)),
            Wanted::Written(_) => None,
        });
        let voices = vec![f64::NAN; hearing.voices.len()];
        Heard {
            actors: hearing.actors,
            position: voices.clone(),
            salience: voices.clone(),
            capability: voices,
            stands: vec![f64::NAN; hearing.scale.len()],
            scale: hearing.scale.clone(),
            values: values.collect(),
        }
    }
}

impl World<'_> {
    /// Hears everybody in the session at hand, if the protocol does.
    pub(super) fn hear(&mut self) {
        let model = self.model;
        let Some(hearing) = &model.hearing else {
            return;
        };
        let (registers, heard) = (&self.registers, &mut self.seats.voices);
        let issues = heard.stands.len();
        heard
            .stands
            .copy_from_slice(&self.standing.values[..issues]);
        let mut values = heard.values.iter_mut();
        // What is no number is no silence either: the protocol must see it.
        let number = |node: NodeId| match registers[node.index()] {
            value if value.is_nan() => f64::INFINITY,
            value => value,
        };
        for (entry, voice) in hearing.voices.iter().enumerate() {
            let Some((spoken, wanted)) = voice else {
                continue;
            };
            let salience = number(spoken.salience);
            let position = match wanted {
                Wanted::Written(node) => number(*node),
                Wanted::Best(best) => match values.next() {
                    Some((store, table)) => {
                        best.column.fill(registers, store, table);
                        let axis = model.axis(entry / hearing.actors);
                        best.level(table, salience < 0.0 && spoken.is_weight, axis)
                    }
                    None => f64::INFINITY,
                },
            };
            let is_silent = spoken.is_weight && salience == 0.0;
            heard.position[entry] = if is_silent { f64::NAN } else { position };
            heard.salience[entry] = match spoken.is_weight {
                true => salience.abs(),
                false => salience,
            };
            heard.capability[entry] = number(spoken.capability);
        }
    }
}

impl Best {
    /// The value of the best level, the lowest among equals.
    fn level(&self, table: &[f64], is_turned: bool, axis: &[f64]) -> f64 {
        let sign = if is_turned { -1.0 } else { 1.0 };
        let most = table
            .iter()
            .fold(f64::NEG_INFINITY, |most, value| most.max(sign * value));
        let enough = most - 1e-9 * most.abs().max(1.0);
        let level = |row: usize| {
            self.stride
                .map_or(0, |(stride, levels)| row / stride % levels)
        };
        let best = table
            .iter()
            .enumerate()
            .filter(|(_, value)| sign * **value >= enough);
        let best = best.map(|(row, _)| axis[level(row)]).reduce(f64::min);
        best.filter(|_| most.is_finite()).unwrap_or(f64::INFINITY)
    }
}

impl Compiler<'_> {
    /// Every voice there is, issue after issue.
    pub(super) fn voices(&mut self) -> Vec<Option<Spoken>> {
        let scenario = self.scenario;
        let actors = scenario.actors.len();
        let mut voices = vec![None; scenario.issues.len() * actors];
        for (nth, actor) in scenario.actors.iter().enumerate() {
            let everywhere = match &actor.capability {
                Some(formula) => self.not_negative(formula, "a capability"),
                None => self.graph.constant(1.0),
            };
            for issue in 0..scenario.issues.len() {
                let name = &scenario.issues[issue].name.value;
                let stake = actor.stakes.iter().find(|stake| stake.issue.value == *name);
                let voice = actor.voices.iter().find(|voice| voice.issue.value == *name);
                let written = voice.and_then(|voice| voice.position.as_ref());
                let position = match written {
                    Some(formula) => Some(Wanted::Written(self.position(formula, issue))),
                    None => stake.map(|stake| Wanted::Best(self.stake_value(stake))),
                };
                let salience = match voice.and_then(|voice| voice.salience.as_ref()) {
                    Some(formula) => Some((self.not_negative(formula, "a salience"), false)),
                    None => {
                        stake.map(|stake: &Stake| (self.number(&stake.weight, Room::World), true))
                    }
                };
                let capability = match voice.and_then(|voice| voice.capability.as_ref()) {
                    Some(formula) => self.not_negative(formula, "a capability"),
                    None => everywhere,
                };
                if let (Some(position), Some((salience, is_weight))) = (position, salience) {
                    voices[issue * actors + nth] = Some(Spoken {
                        position,
                        salience,
                        is_weight,
                        capability,
                    });
                }
            }
        }
        voices
    }

    fn not_negative(&mut self, formula: &Formula, what: &str) -> NodeId {
        let node = self.number(formula, Room::World);
        if let Some(value) = self.graph.known_value(node)
            && !(value >= 0.0)
        {
            let message = format!("{what} is out of bounds");
            let label = format!("expected a number from 0 on; found {value}");
            self.refuse(formula, &message, &label);
        }
        node
    }

    /// A number on the issue's scale.
    fn position(&mut self, formula: &Formula, issue: usize) -> NodeId {
        let node = self.number(formula, Room::World);
        let definition = &self.scenario.issues[issue];
        let levels = (0..definition.count().unwrap_or(0)).map(|level| definition.value(level));
        let (low, high) = match definition.kind {
            crate::scenario::IssueKind::Range { from, to } => (from, to),
            _ => ends(levels),
        };
        if let Some(value) = self.graph.known_value(node)
            && !(low <= value && value <= high)
            && !definition.is_placeholder()
            && !formula.is_placeholder()
        {
            let name = &definition.name.value;
            let message = format!("this is no position on `{name}`");
            let what = match definition.is_numeric() {
                true => "a number",
                false => "the name of a level, or a number",
            };
            let label = format!("expected {what} from {low} to {high}; found {value}");
            self.refuse(formula, &message, &label);
        }
        node
    }

    /// The issue on which the formula at an address takes a position, patched or not.
    pub(super) fn position_at(&self, address: &str) -> Option<usize> {
        let address = address.split('@').next().unwrap_or(address);
        let mut path = address.strip_suffix(".position")?.rsplit('.');
        let issue = self.issue_index(path.next()?)?;
        (path.next() == Some("stakes")).then_some(issue)
    }

    /// The number of a level, in a position on the issue that has it.
    pub(super) fn level_of_position(&self, name: &str) -> Option<usize> {
        let issue = self.frames.last()?.position?;
        self.words[issue]
            .labels
            .iter()
            .position(|label| label == name)
    }
}

impl Hearing {
    /// What a protocol that hears voices needs of them.
    pub fn new(
        graph: &Graph,
        issues: &[IssueLevels],
        axes: &[Vec<f64>],
        voices: &[Option<Spoken>],
    ) -> Hearing {
        let actors = voices.len() / issues.len().max(1);
        let scale = issues.iter().map(|issue| match issue.range {
            Some(range) => range,
            None => ends(issue.values.iter().copied()),
        });
        let find = |(entry, voice): (usize, &Option<Spoken>)| {
            let spoken = (*voice)?;
            let wanted = match spoken.position {
                Wanted::Written(node) => Wanted::Written(node),
                Wanted::Best(value) => {
                    let scope = graph.scope(value);
                    let rows =
                        |scope: &[usize]| scope.iter().map(|issue| axes[*issue].len()).product();
                    let issue = entry / actors;
                    let place = scope.iter().position(|other| *other == issue);
                    Wanted::Best(Best {
                        rows: rows(&scope),
                        stride: place.map(|place| (rows(&scope[place + 1..]), axes[issue].len())),
                        column: Column::new(graph, value, scope),
                    })
                }
            };
            Some((spoken, wanted))
        };
        Hearing {
            actors,
            voices: voices.iter().enumerate().map(find).collect(),
            scale: scale.collect(),
        }
    }
}

impl Spoken {
    /// What must be known before it can be heard.
    pub fn needs(&self, graph: &Graph) -> Vec<NodeId> {
        let mut needs = vec![self.salience, self.capability];
        match self.position {
            Wanted::Written(node) => needs.push(node),
            Wanted::Best(value) => needs.extend(edge(graph, value)),
        }
        needs
    }
}

/// The lowest and the highest of some numbers.
fn ends(numbers: impl Iterator<Item = f64>) -> (f64, f64) {
    numbers.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), number| {
        (low.min(number), high.max(number))
    })
}
