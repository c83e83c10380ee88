//! Scenario to Model: names become ids, formulas programs, tables are laid out. Hold a `Model`, and it runs.

mod agenda;
mod assemble;
mod blame;
mod check;
mod columns;
mod compile;
mod compiler;
mod conduct;
mod conflict;
mod dependence;
mod distribution;
mod domains;
mod draws;
mod explain;
mod foresight;
mod happenings;
mod institutions;
mod knowledge;
mod listed;
mod logrolling;
mod luck;
mod named;
mod names;
mod patch;
mod probe;
mod process;
mod session;
mod setting;
mod settings;
mod sitting;
mod size;
mod slots;
mod standing;
mod table;
mod talks;
mod texts;
mod unknown;
mod utilities;
mod variable;
mod voices;
mod witness;
mod words;
mod world;

pub use agenda::Lot;
pub use compile::{Compiled, compile};
pub use draws::DrawBook;
pub use explain::Hindrance;
pub use luck::Luck;
pub use patch::{Origin, Patch};
pub use probe::{Place, Probe};
pub use size::Size;
pub use variable::{Role, Variable, VariableKind};
pub use witness::{Ended, Sat, Witness};
pub use world::World;

use crate::bargaining::{self, Manner, Protocol, ProtocolKind, Shape, TableSize};
use crate::expression::{Code, Column, Graph, NodeId};
use crate::scenario::Scenario;
use crate::uncertainty::{Dependence, DistributionKind};
use domains::FixedRule;
use knowledge::Knowledge;
use process::{Process, Timed};
use sitting::Sitting;
use std::sync::Arc;
use voices::Hearing;

/// What a scenario means. Immutable and shared by all threads; if you hold one, it runs.
pub struct Model {
    /// One variable per reported number, in column order: issues, utilities, gains, measures, then probes.
    pub variables: Vec<Variable>,
    /// The protocol's own words.
    pub protocol_kind: &'static ProtocolKind,
    /// The largest table at which the parties may sit down.
    pub table: TableSize,
    /// What parties do about it.
    pub protocol: Box<dyn Protocol>,
    /// The signatories: index among the actors and name, in seat order.
    pub seats: Vec<(usize, String)>,
    /// The sitting at which everything is up.
    whole: Arc<Sitting>,
    pieces: Pieces,
    rules: Vec<Rule>,
    /// Rules that are the same in every world, and for each rule its place among them.
    fixed: Vec<FixedRule>,
    fixed_of: Vec<Option<usize>>,
    /// What can stand in the way of a first agreement, by name.
    blockers: Vec<String>,
    /// For each rule, to which of the rules among the blockers it belongs.
    groups: Vec<Option<usize>>,
    process: Process,
    graph: Graph,
    laws: Vec<draws::DrawLaw>,
    /// For each open quantity of this model: the node that holds what was drawn.
    drawn: Vec<Option<NodeId>>,
    kinds: Vec<&'static DistributionKind>,
    dependence: Option<Dependence>,
    /// Once a run.
    world: Code,
    /// Before the parties sit down.
    session: Code,
    /// Once it is known what the status quo is worth.
    stands: Code,
    /// What stands is worth so much to the signatories, and to all others.
    inside: Code,
    outside: Code,
    derived: Code,
    parties: Vec<PartyNodes>,
    /// What actors say, if the protocol hears it.
    hearing: Option<Hearing>,
    settings: Vec<NodeId>,
    /// What every signatory does, and its numbers.
    manners: Vec<Manner>,
    numbers: Vec<NodeId>,
    /// What signatories know of each other.
    knowledge: Knowledge,
    /// Per actor with a utility: its index and its node; signatories first.
    utilities: Vec<(usize, NodeId)>,
    /// One node per measure and probe.
    measures: Vec<NodeId>,
    /// The values of each issue on the scenario's own grid; then those of each file, and of their number.
    axes: Vec<Vec<f64>>,
    /// Finds the largest sum of utilities, if somebody asks for it.
    best_sum: Option<Box<dyn Protocol>>,
    actors: usize,
    /// Actors with a utility column.
    valued: Vec<usize>,
    /// The names of the quantities that move.
    moving: Vec<String>,
}

/// What the tables of every sitting are made of.
#[derive(Clone)]
struct Pieces {
    issues: Vec<IssueLevels>,
    /// Files: groups of issues that are signed together.
    files: usize,
    /// For each issue, its file.
    file_of: Vec<usize>,
    /// Per seat, the summands of its utility.
    seats: Vec<Vec<NodeId>>,
    /// The same for the kinds of opponent somebody believes in.
    rumoured: Vec<Vec<NodeId>>,
    /// The files, and after them their number, whose signature a utility or rule asks for: one bit each.
    asked: u64,
}

impl Pieces {
    /// What an issue is to those who bargain.
    fn place(&self, issue: usize) -> bargaining::Place {
        bargaining::Place {
            issue,
            is_ordered: self.issues[issue].is_ordered,
        }
    }

    /// The issues of a file.
    fn of_file(&self, file: usize) -> impl Iterator<Item = usize> {
        let issues = 0..self.issues.len();
        issues.filter(move |issue| self.file_of[*issue] == file)
    }

    /// A continuous issue of which it would have to be told whether it moves.
    fn counted_range(&self) -> Option<usize> {
        let mut issues = 0..self.issues.len();
        issues.find(|issue| self.issues[*issue].range.is_some() && self.asks(self.file_of[*issue]))
    }

    /// Whether anybody asks if this file is signed.
    fn asks(&self, file: usize) -> bool {
        (self.asked >> file | self.asked >> self.files) & 1 == 1
    }

    /// Whether anybody asks how many files are signed.
    fn counts(&self) -> bool {
        self.asked >> self.files & 1 == 1
    }
}

/// A condition that every text must meet.
struct Rule {
    node: NodeId,
    /// Its table over all issues it reads.
    column: Column,
    /// Whether it holds for what stands.
    holds: Timed,
    /// Whose rule it is.
    source: RuleSource,
}

impl Rule {
    /// Whether it applies; `again` are the ratifications for which a better text is wanted.
    fn applies(&self, again: u64) -> bool {
        match self.source {
            RuleSource::Better(home) => again >> home & 1 == 1,
            _ => true,
        }
    }
}

/// Whose rule it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RuleSource {
    /// Number so much of `[[rules]]`.
    Written(usize),
    /// An actor's veto.
    Veto(usize),
    /// What those at home accept.
    Home(usize),
    /// After a refusal at home: only what is more likely to pass.
    Better(usize),
}

/// The numbers of one seat.
struct PartyNodes {
    reservation: NodeId,
    discount: NodeId,
    risk: NodeId,
}

/// The levels of an issue and the one that stands without a deal.
#[derive(Clone)]
struct IssueLevels {
    /// The value of each level; empty for a range.
    values: Vec<f64>,
    /// The ends of a range.
    range: Option<(f64, f64)>,
    /// Value and level of the status quo.
    standing: Option<(f64, usize)>,
    /// Whether its levels are more or less of something.
    is_ordered: bool,
}

/// Where the outcome says whether there is a deal.
const DEAL_SLOT: usize = 0;

/// Where the outcome says in which round the last talks ended.
fn round_slot(actors: usize) -> usize {
    2 + 2 * actors
}

/// Where the outcome says what an actor gets: after the deal, utilities, then gains.
fn outcome_slot(scenario: &Scenario, family: &str, actor: usize) -> Option<usize> {
    match family {
        "utility" if utilities::has_utility(scenario, actor) => Some(1 + actor),
        "gain" if scenario.actors[actor].signs => Some(1 + scenario.actors.len() + actor),
        _ => None,
    }
}

impl Model {
    /// The structure of the bargaining problem with everything on the table.
    pub fn shape(&self) -> &Shape {
        &self.whole.shape
    }

    /// How many sessions there are.
    pub fn sessions(&self) -> u32 {
        self.process.sessions
    }

    /// The sessions after which a run is recorded, the last one among them.
    pub fn report(&self) -> &[u32] {
        &self.process.report
    }

    /// Whether signatories look ahead through the calendar.
    pub fn looks_ahead(&self) -> bool {
        self.process.foresight
    }

    /// Whether the scenario has a calendar.
    pub fn has_calendar(&self) -> bool {
        self.process.has_calendar
    }

    /// Whether every run is the same: nothing is drawn and nothing is left to chance.
    pub fn is_certain(&self) -> bool {
        let process = &self.process;
        self.size().open == 0 && !process.has_calendar && process.homes.is_empty()
    }

    /// The values of an issue, of whether a file is signed, or of how many are.
    fn axis(&self, issue: usize) -> &[f64] {
        &self.axes[issue]
    }

    /// Registers with every constant in its place.
    fn constants(&self) -> Vec<f64> {
        let value = |index| self.graph.known_value(self.graph.id(index));
        (0..self.graph.len())
            .map(|index| value(index).unwrap_or(0.0))
            .collect()
    }

    /// The columns of a record: the model's variables and, if wanted, every open quantity of the book.
    pub fn columns(&self, book: &DrawBook, worlds: bool) -> Vec<Variable> {
        let mut columns = self.variables.clone();
        let addresses = book.addresses().iter().filter(|_| worlds);
        columns.extend(addresses.map(|address| Variable {
            name: address.clone(),
            role: Role::Quantity,
            kind: VariableKind::Number,
        }));
        if worlds {
            columns.extend(self.moving.iter().map(|name| Variable {
                name: format!("state.{name}"),
                role: Role::State,
                kind: VariableKind::Number,
            }));
        }
        columns
    }

    /// The names of the signatories, in seat order.
    pub fn seat_names(&self) -> impl Iterator<Item = &str> {
        self.seats.iter().map(|(_, name)| name.as_str())
    }
}
