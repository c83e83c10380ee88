//! Scenario to Model: names become ids, formulas programs, tables are laid out. Hold a `Model`, and it runs.

mod check;
mod columns;
mod compile;
mod compiler;
mod conflict;
mod dependence;
mod distribution;
mod draws;
mod names;
mod patch;
mod probe;
mod settings;
mod size;
mod utilities;
mod variable;
mod world;

pub use compile::{Compiled, compile};
pub use draws::DrawBook;
pub use patch::{Origin, Patch};
pub use probe::{Place, Probe};
pub use size::Size;
pub use variable::{Role, Variable, VariableKind};
pub use world::World;

use crate::bargaining::{Protocol, ProtocolKind, Shape};
use crate::expression::{Code, Column, Graph, NodeId};
use crate::scenario::Scenario;
use crate::uncertainty::{Dependence, DistributionKind};

/// What a scenario means. Immutable and shared by all threads; if you hold one, it runs.
pub struct Model {
    /// One variable per reported number, in column order: issues, utilities, gains, measures, then probes.
    pub variables: Vec<Variable>,
    /// The protocol's own words.
    pub protocol_kind: &'static ProtocolKind,
    /// What parties do about it.
    pub protocol: Box<dyn Protocol>,
    /// The structure of the bargaining problem.
    pub shape: Shape,
    /// The signatories: index among the actors and name, in seat order.
    pub seats: Vec<(usize, String)>,
    graph: Graph,
    laws: Vec<draws::DrawLaw>,
    /// For each open quantity of this model: the node that holds what was drawn.
    drawn: Vec<Option<NodeId>>,
    kinds: Vec<&'static DistributionKind>,
    dependence: Option<Dependence>,
    world: Code,
    third_parties: Code,
    derived: Code,
    factors: Vec<Column>,
    rules: Vec<Column>,
    parties: Vec<PartyNodes>,
    settings: Vec<NodeId>,
    /// Per actor with a utility who does not sign: its slot and its node.
    outside: Vec<(usize, NodeId)>,
    /// One node per measure and probe.
    measures: Vec<NodeId>,
    issues: Vec<IssueLevels>,
    actors: usize,
    /// Actors with a utility column.
    valued: Vec<usize>,
}

/// The numbers of one seat.
struct PartyNodes {
    reservation: NodeId,
    discount: NodeId,
    risk: NodeId,
}

/// The levels of an issue and the one that stands without a deal.
struct IssueLevels {
    /// The value of each level; empty for a range.
    values: Vec<f64>,
    /// Value and level of the status quo.
    standing: Option<(f64, usize)>,
}

/// Where the outcome says whether there is a deal.
const DEAL_SLOT: usize = 0;

/// Where the outcome says what an actor gets: after the deal, utilities, then gains.
fn outcome_slot(scenario: &Scenario, family: &str, actor: usize) -> Option<usize> {
    match family {
        "utility" if utilities::has_utility(scenario, actor) => Some(1 + actor),
        "gain" if scenario.actors[actor].signs => Some(1 + scenario.actors.len() + actor),
        _ => None,
    }
}

impl Model {
    /// The columns of a record: the model's variables and, if wanted, every open quantity of the book.
    pub fn columns(&self, book: &DrawBook, worlds: bool) -> Vec<Variable> {
        let mut columns = self.variables.clone();
        let addresses = book.addresses().iter().filter(|_| worlds);
        columns.extend(addresses.map(|address| Variable {
            name: address.clone(),
            role: Role::Quantity,
            kind: VariableKind::Number,
        }));
        columns
    }

    /// The names of the signatories, in seat order.
    pub fn seat_names(&self) -> impl Iterator<Item = &str> {
        self.seats.iter().map(|(_, name)| name.as_str())
    }
}
