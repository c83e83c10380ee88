//! What signatories know of each other's reservation values: what each takes the others' for, in a world.

use super::Model;
use super::compiler::{Compiler, Room};
use super::patch::Origin;
use super::table::Seats;
use super::world::World;
use crate::bargaining::{Desk, Knows, Negotiation, Outcome};
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
    /// Per seat: equally likely reservation values, rising; empty where nobody asks.
    pub priors: Vec<Vec<f64>>,
}

const WORDS: [&str; 2] = ["complete", "prior"];
/// Worlds a prior is taken from.
const WORLDS: u64 = 4096;
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
            let written = compiler.scenario.actors[*actor].knowledge.as_ref();
            let address = format!("actors.{name}.knowledge");
            compiler.addresses.insert(address.clone());
            let patches = compiler.patches.get(&address);
            let patch = patches.and_then(|patches| patches.last().copied());
            let text = patch.map(|patch| &patch.formula).or(written);
            let text = text.map_or("complete", |formula| formula.text.trim());
            let knows = match WORDS.iter().position(|word| *word == text) {
                Some(0) => Knows::All,
                Some(_) => Knows::Prior,
                None => Knows::Roughly,
            };
            knowledge.knows.push(knows);
            let error = match knows {
                Knows::Roughly => written
                    .cloned()
                    .or_else(|| {
                        patch.map(|patch| Formula {
                            address,
                            ..patch.formula.clone()
                        })
                    })
                    .map(|formula| spread(compiler, &formula)),
                _ => None,
            };
            for (other, (_, other_name)) in seats.iter().enumerate() {
                let taken = error.filter(|_| other != seat).map(|error| {
                    let draw =
                        standard_normal(compiler, &format!("actors.{name}.knowledge.{other_name}"));
                    let miss = compiler.graph.binary(Operation::Multiply, error, draw);
                    compiler.graph.binary(Operation::Add, floors[other], miss)
                });
                knowledge.taken.push(taken);
            }
        }
        knowledge
    }
}

/// The standard deviation of an error; a literal one must not be negative.
fn spread(compiler: &mut Compiler<'_>, formula: &Formula) -> NodeId {
    let node = compiler.number(formula, Room::World);
    if compiler
        .graph
        .known_value(node)
        .is_some_and(|value| !(value >= 0.0))
    {
        let found = Diagnostic::error(formula.span.clone(), "`knowledge` is not an error")
            .label("expected `complete`, `prior`, or a standard deviation of at least 0");
        compiler.report_at(Origin::File, found);
    }
    node
}

/// A standard normal number of its own.
fn standard_normal(compiler: &mut Compiler<'_>, address: &str) -> NodeId {
    let text = "normal(0, 1)";
    let formula = Formula {
        text: text.to_string(),
        literal: None,
        span: 0..0,
        inner: None,
        address: address.to_string(),
    };
    compiler.number(&formula, Room::World)
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
        for (place, slot) in taken.iter_mut().enumerate() {
            let (seat, other) = (place / seats, place % seats);
            *slot = match (knowledge.knows[seat], knowledge.taken[place]) {
                (Knows::Prior, _) if seat != other => {
                    knowledge.priors[other].first().copied().unwrap_or(f64::NAN)
                }
                (_, Some(node)) => registers[node.index()],
                _ => reservation[other],
            };
        }
        for (other, slot) in common.iter_mut().enumerate() {
            let believed =
                (0..seats)
                    .filter(|seat| *seat != other)
                    .map(|seat| match knowledge.knows[seat] {
                        Knows::Prior => median(&knowledge.priors[other]),
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

fn median(rising: &[f64]) -> f64 {
    rising.get(rising.len() / 2).copied().unwrap_or(f64::NAN)
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
            let value = |nth: u64| {
                match draw {
                    // A single draw is gone through evenly: its distribution comes out as it is.
                    Some(draw) => world.open_at(draw, (nth as f64 + 0.5) / WORLDS as f64),
                    None => world.open_first(Stream::new(SEED, Purpose::Prior, nth)),
                }
                world.reservation()[seat]
            };
            let mut values: Vec<f64> = (0..WORLDS).map(value).collect();
            values.sort_unstable_by(f64::total_cmp);
            values
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
