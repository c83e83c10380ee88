//! What signatories know of each other's reservation values: what each takes the others' for, in a world.

use super::Model;
use super::compiler::{Compiler, Room};
use super::patch::{Origin, Patch};
use super::probe::Place;
use super::table::Seats;
use super::world::World;
use crate::bargaining::{Desk, Knows, Negotiation, Outcome, Prior};
use crate::expression::{Node, NodeId, Operation};
use crate::scenario::{Diagnostic, Formula};
use crate::uncertainty::{Purpose, Stream};
use std::collections::BTreeSet;

/// What every seat knows, and what it takes each other seat's reservation value for if it errs.
#[derive(Debug, Default)]
pub(super) struct Knowledge {
    pub knows: Vec<Knows>,
    /// Seat after seat; `None` for itself, and where it does not err.
    pub taken: Vec<Option<NodeId>>,
    /// Per seat, how its reservation value is distributed; empty where nobody asks.
    pub priors: Vec<Prior>,
}

const WORDS: [&str; 2] = ["complete", "prior"];
const EXPECTED: &str =
    "expected `complete`, `prior`, or the standard deviation of an error, from 0";
/// Cells by which the distribution of a single draw is gone through, and how near its ends it is asked.
const CELLS: u32 = 4096;
const NEAR: f64 = f64::EPSILON / 2.0;
const MOST_POINTS: usize = 100_000;
/// Worlds from which any other distribution is taken, and every how manyth of their values counts.
const WORLDS: u64 = 16384;
const THINNED: usize = 256;
/// Priors are the same whatever seed is played.
const SEED: u64 = 0;

impl Knowledge {
    /// Whether everybody knows everything.
    pub fn is_complete(&self) -> bool {
        self.knows.iter().all(|knows| *knows == Knows::All)
    }

    /// What is written of the signatories' knowledge.
    pub fn read(
        compiler: &mut Compiler<'_>,
        seats: &[(usize, String)],
        floors: &[NodeId],
    ) -> Knowledge {
        let mut knowledge = Knowledge::default();
        for (seat, (actor, name)) in seats.iter().enumerate() {
            let (knows, error) = compiler.known_by(*actor);
            knowledge.knows.push(knows);
            for (other, (_, other_name)) in seats.iter().enumerate() {
                let taken = error.filter(|_| other != seat).map(|error| {
                    let address = format!("actors.{name}.knowledge.{other_name}");
                    let draw = compiler.standard_normal(address);
                    let miss = compiler.graph.binary(Operation::Multiply, error, draw);
                    compiler.graph.binary(Operation::Add, floors[other], miss)
                });
                knowledge.taken.push(taken);
            }
        }
        knowledge
    }
}

impl Compiler<'_> {
    /// What an actor knows, and the standard deviation of its error if it errs.
    fn known_by(&mut self, actor: usize) -> (Knows, Option<NodeId>) {
        let actor = &self.scenario.actors[actor];
        let address = format!("actors.{}.knowledge", actor.name.value);
        self.addresses.insert(address.clone());
        let written = actor.knowledge.as_ref();
        let patches = self.patches.get(&address);
        let patch = patches.and_then(|patches| patches.last().copied());
        let Some(last) = patch.map(|patch| &patch.formula).or(written) else {
            return (Knows::All, None);
        };
        let text = last.text.trim();
        match WORDS.iter().position(|word| *word == text) {
            Some(0) => return (Knows::All, None),
            Some(_) => return (Knows::Prior, None),
            None => {}
        }
        let place = Place {
            formula: last.clone(),
            origin: patch.map_or(Origin::File, |patch| patch.origin),
        };
        let is_word = text
            .chars()
            .all(|c| c.is_ascii_alphabetic() || c == '_' || c == '-');
        let mut quantities = self.scenario.quantities.iter();
        if is_word && text != "base" && !quantities.any(|quantity| quantity.name.value == text) {
            let found = Diagnostic::error(last.span.clone(), format!("`{text}` is not knowledge"))
                .label(EXPECTED)
                .did_you_mean(text, WORDS);
            self.report_at(place.origin, found);
            return (Knows::All, None);
        }
        // Only a patch may stand here: then it is a number in place of the default.
        let formula = Formula {
            address,
            ..written.unwrap_or(last).clone()
        };
        let error = self.number(&formula, Room::World);
        let known = self.graph.known_value(error);
        if known.is_some_and(|value| !(value >= 0.0)) {
            let found = Diagnostic::error(place.formula.span, "`knowledge` cannot be negative")
                .label(EXPECTED);
            self.report_at(place.origin, found);
        }
        (Knows::Roughly, Some(error))
    }

    /// What is wrong with a patch of what somebody knows who does not sign.
    pub(super) fn knowledge_of_an_outsider(&self, patch: &Patch) -> Option<Diagnostic> {
        let name = patch.address.strip_prefix("actors.")?;
        let name = name.strip_suffix(".knowledge")?;
        self.actor(name)?;
        let found = Diagnostic::error(patch.place.clone(), "`knowledge` is for those who sign");
        Some(found.label(format!("`{name}` does not sign")))
    }

    /// A standard normal number of its own.
    fn standard_normal(&mut self, address: String) -> NodeId {
        let formula = Formula {
            text: "normal(0, 1)".to_string(),
            literal: None,
            span: 0..0,
            inner: None,
            address,
        };
        self.number(&formula, Room::World)
    }
}

impl World<'_> {
    /// What everybody takes the others' reservation values for, once these are known.
    pub(super) fn believe(&mut self) {
        let knowledge = &self.model.knowledge;
        if knowledge.is_complete() {
            return;
        }
        let registers = &self.registers;
        let Seats {
            reservation,
            taken,
            common,
            ..
        } = &mut self.seats;
        let seats = reservation.len();
        // None yet while they are being found.
        let prior = |seat: usize| knowledge.priors.get(seat);
        for (place, slot) in taken.iter_mut().enumerate() {
            let (seat, other) = (place / seats, place % seats);
            *slot = match (knowledge.knows[seat], knowledge.taken[place]) {
                (Knows::Prior, _) if seat != other => prior(other).map_or(f64::NAN, Prior::lowest),
                (_, Some(node)) => registers[node.index()],
                _ => reservation[other],
            };
        }
        for (other, slot) in common.iter_mut().enumerate() {
            let believed =
                (0..seats)
                    .filter(|seat| *seat != other)
                    .map(|seat| match knowledge.knows[seat] {
                        Knows::Prior => prior(other).map_or(f64::NAN, Prior::median),
                        _ => taken[seat * seats + other],
                    });
            let sum: f64 = believed.sum();
            *slot = match seats {
                1 => reservation[other],
                _ => sum / (seats - 1) as f64,
            };
        }
    }
}

impl Model {
    /// One negotiation, by the protocol in force.
    pub(super) fn settle(&self, negotiation: &mut Negotiation<'_>, desk: &mut Desk) -> Outcome {
        let protocol = self.protocol.as_ref();
        self.protocol_kind.negotiate(protocol, negotiation, desk)
    }

    /// The distribution of every reservation value before the first session, if somebody knows it alone.
    pub(super) fn find_priors(&mut self) {
        if !self.knowledge.knows.contains(&Knows::Prior) {
            return;
        }
        let mut world = World::new(self, self.laws.len());
        let mut prior = |seat: usize| {
            let draw = self.only_draw(self.parties[seat].reservation);
            draw.and_then(|draw| traced(&mut world, seat, draw))
                .unwrap_or_else(|| sampled(&mut world, seat))
        };
        self.knowledge.priors = (0..self.parties.len()).map(&mut prior).collect();
    }

    /// The draw that a number follows from, if it is a single one.
    fn only_draw(&self, node: NodeId) -> Option<usize> {
        let mut draws = BTreeSet::new();
        let mut open = vec![node];
        let mut seen = BTreeSet::new();
        while let Some(next) = open.pop().filter(|_| draws.len() < 2) {
            match self.graph.node(next) {
                Node::Draw(draw) | Node::Quantile(_, draw, _) => {
                    draws.insert(*draw as usize);
                }
                Node::State(_) => return None,
                _ => {}
            }
            let operands = self.graph.operands(next).into_iter();
            open.extend(operands.filter(|operand| seen.insert(operand.index())));
        }
        match draws.len() {
            1 => draws.first().copied(),
            _ => None,
        }
    }
}

/// The distribution of a reservation value that rises, or falls, with a single draw: as exact as its points are dense.
fn traced(world: &mut World<'_>, seat: usize, draw: usize) -> Option<Prior> {
    let mut at = |share: f64| {
        world.open_at(draw, share.clamp(NEAR, 1.0 - NEAR));
        (world.reservation()[seat], share)
    };
    let mut points = vec![at(0.0)];
    for cell in 1..=CELLS {
        trace(&mut at, &mut points, f64::from(cell) / f64::from(CELLS));
    }
    let falls = points.first()?.0 > points.last()?.0;
    if falls {
        points.reverse();
        points.iter_mut().for_each(|point| point.1 = 1.0 - point.1);
    }
    let rises = points.is_sorted_by(|one, next| one.0 <= next.0);
    rises.then(|| Prior::through(points))
}

/// Adds the point at a share, and points before it where the value does not run evenly: in tails and at steps.
fn trace(at: &mut impl FnMut(f64) -> (f64, f64), points: &mut Vec<(f64, f64)>, share: f64) {
    let mut open = vec![at(share)];
    while let (Some(&next), Some(&last)) = (open.last(), points.last()) {
        let (middle, rise) = ((last.1 + next.1) / 2.0, next.0 - last.0);
        if rise != 0.0 && rise.is_finite() && next.1 - last.1 > NEAR && points.len() < MOST_POINTS {
            let between = at(middle);
            let way = (between.0 - last.0) / rise;
            if !(0.4..=0.6).contains(&way) {
                open.push(between);
                continue;
            }
        }
        points.push(next);
        open.pop();
    }
}

/// The distribution of a reservation value in so many worlds. A value met twice is an atom; of all
/// others every so manyth is kept, lest accidents of the sample look like likely values.
fn sampled(world: &mut World<'_>, seat: usize) -> Prior {
    let value = |nth: u64| {
        world.open_first(Stream::new(SEED, Purpose::Prior, nth));
        world.reservation()[seat]
    };
    let mut values: Vec<f64> = (0..WORLDS).map(value).collect();
    values.sort_unstable_by(f64::total_cmp);
    let count = values.len() as f64;
    let mut points = Vec::new();
    let mut below = 0;
    for alike in values.chunk_by(|one, next| one == next) {
        let (from, to) = (below, below + alike.len());
        below = to;
        let ends = [from as f64 / count, to as f64 / count];
        match alike.len() {
            1 if from == 0 => points.push((alike[0], 0.0)),
            1 if to == values.len() => points.push((alike[0], 1.0)),
            1 if from % THINNED > 0 => {}
            1 => points.push((alike[0], (ends[0] + ends[1]) / 2.0)),
            _ => points.extend(ends.map(|share| (alike[0], share))),
        }
    }
    Prior::through(points)
}
