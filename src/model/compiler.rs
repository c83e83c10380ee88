//! Formulas to nodes of one graph: patches applied, every fault kept, every number built once.

use super::draws::{DrawBook, DrawLaw};
use super::institutions::redraws;
use super::patch::{Origin, Patch};
use super::probe::Place;
use super::slots::Slots;
use crate::expression::{FUNCTIONS, Fault, Graph, IssueWords, NodeId, Tree, build, parse};
use crate::scenario::{Diagnostic, Diagnostics, Formula, IssueKind, Scenario};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What a formula may name, by where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Room {
    /// Quantities, weights, reservations: no deal is in sight yet.
    World,
    /// The course of events: also the issues as they stand.
    Session,
    /// Values, terms: also the issues of a deal.
    Deal,
    /// Rules, ratification: also what a deal is worth.
    Text,
    /// Measures, signals and claims: also how it ended.
    Outcome,
}

impl Room {
    /// Whether formulas here speak of a deal that may be made.
    pub fn is_deal(self) -> bool {
        matches!(self, Room::Deal | Room::Text)
    }
}

/// Turns formulas into nodes of one graph and collects every fault on the way.
pub(super) struct Compiler<'s> {
    pub scenario: &'s Scenario,
    pub graph: Graph,
    pub book: &'s mut DrawBook,
    pub laws: Vec<DrawLaw>,
    /// Kinds of distributions whose arguments are uncertain, by law number.
    pub kinds: Vec<&'static crate::uncertainty::DistributionKind>,
    pub words: Vec<IssueWords>,
    pub faults: Diagnostics,
    /// Faults in `--set` arguments, by argument.
    pub arguments: BTreeMap<usize, Diagnostics>,
    /// Every formula that was built: where it stands and what it became.
    pub built: Vec<(Place, NodeId)>,
    pub patches: BTreeMap<String, Vec<&'s Patch>>,
    /// Why the protocol in force does not apply here, if it does not.
    pub refusal: Option<String>,
    /// How many faults were reported.
    pub reported: usize,
    /// Every address there is, patched or not.
    pub addresses: BTreeSet<String>,
    /// Numbers by address; `None` while one is being built.
    pub(super) numbers: HashMap<String, Option<NodeId>>,
    pub(super) frames: Vec<Frame>,
    /// Where each number of the course of events stands.
    pub slots: Slots,
    /// For each quantity, whether it moves.
    pub moving: Vec<bool>,
    /// The actors of whom somebody believes something, as kinds of opponent.
    pub rumoured: Vec<usize>,
    /// Open quantities that are drawn anew in every session.
    pub anew: BTreeSet<usize>,
    /// Utilities by actor, once built.
    pub worths: BTreeMap<usize, NodeId>,
    /// Whether somebody asks for the largest sum of utilities.
    pub seeks_best: bool,
}

/// What surrounds the formula being built.
pub(super) struct Frame {
    pub room: Room,
    /// The address its draws are known by.
    pub address: String,
    draws: usize,
    /// What `base` means: the number a patch replaces.
    pub base: Option<NodeId>,
    /// What `status_quo` means.
    pub status_quo: Option<NodeId>,
    /// Whether this is where a quantity starts that moves.
    pub is_start: bool,
    /// Whether its draws are drawn anew in every session.
    pub is_anew: bool,
    /// The issue whose levels have their numbers here: in a position on it.
    pub position: Option<usize>,
}

impl<'s> Compiler<'s> {
    pub fn new(scenario: &'s Scenario, patches: &'s [Patch], book: &'s mut DrawBook) -> Self {
        let words = scenario.issues.iter().map(|issue| IssueWords {
            labels: match &issue.kind {
                IssueKind::Levels(names) | IssueKind::Options(names) => {
                    names.iter().map(|name| name.value.clone()).collect()
                }
                _ => Vec::new(),
            },
            ordered: matches!(issue.kind, IssueKind::Levels(_)),
        });
        let mut by_address: BTreeMap<String, Vec<&Patch>> = BTreeMap::new();
        for patch in patches {
            by_address
                .entry(patch.address.clone())
                .or_default()
                .push(patch);
        }
        Compiler {
            scenario,
            graph: Graph::default(),
            book,
            laws: Vec::new(),
            kinds: Vec::new(),
            words: words.collect(),
            faults: Diagnostics::new(),
            arguments: BTreeMap::new(),
            built: Vec::new(),
            patches: by_address,
            refusal: None,
            reported: 0,
            addresses: BTreeSet::new(),
            numbers: HashMap::new(),
            frames: Vec::new(),
            slots: Slots::new(scenario),
            moving: moving(scenario),
            rumoured: Vec::new(),
            anew: BTreeSet::new(),
            worths: BTreeMap::new(),
            seeks_best: false,
        }
    }

    /// The node of the number written at `formula`, patches applied.
    pub fn number(&mut self, formula: &Formula, room: Room) -> NodeId {
        self.number_with(formula, room, None)
    }

    /// The same, where `status_quo` has a meaning.
    pub fn number_with(
        &mut self,
        formula: &Formula,
        room: Room,
        status_quo: Option<NodeId>,
    ) -> NodeId {
        if let Some(Some(id)) = self.numbers.get(&formula.address) {
            return *id;
        }
        let address = formula.address.clone();
        self.addresses.insert(address.clone());
        self.numbers.insert(address.clone(), None);
        let patches = self.patches.get(&address).cloned().unwrap_or_default();
        let replaced = |patch: &&Patch| !names_base(&patch.formula.text);
        let from = patches.iter().rposition(replaced);
        let mut id = match from {
            Some(_) => self.graph.constant(f64::NAN),
            None => {
                let place = Place::file(formula);
                self.formula(formula, &place, room, address.clone(), None, status_quo)
            }
        };
        for (index, patch) in patches.iter().enumerate().skip(from.unwrap_or(0)) {
            let place = Place {
                formula: patch.formula.clone(),
                origin: patch.origin,
            };
            let own = if Some(index) == from {
                address.clone()
            } else {
                format!("{address}@{index}")
            };
            id = self.formula(&patch.formula, &place, room, own, Some(id), status_quo);
        }
        self.numbers.insert(address, Some(id));
        id
    }

    /// Build a tree that was parsed already, as part of `place`.
    pub fn tree(&mut self, tree: &Tree, place: &Place, room: Room) -> NodeId {
        self.frames.push(Frame {
            room,
            address: place.formula.address.clone(),
            draws: 0,
            base: None,
            status_quo: None,
            is_start: false,
            is_anew: false,
            position: None,
        });
        let found = build(tree, self);
        self.frames.pop();
        self.settle(found, place)
    }

    fn formula(
        &mut self,
        formula: &Formula,
        place: &Place,
        room: Room,
        address: String,
        base: Option<NodeId>,
        status_quo: Option<NodeId>,
    ) -> NodeId {
        if let Some(value) = formula.literal {
            return self.graph.constant(value);
        }
        if formula.is_placeholder() {
            return self.graph.constant(1.0);
        }
        let tree = match parse(&formula.text) {
            Ok(tree) => tree,
            Err(fault) => return self.settle(Err(vec![fault]), place),
        };
        let quantity = self.quantity_at(&address);
        let position = self.position_at(&address);
        self.frames.push(Frame {
            room,
            address,
            draws: 0,
            base,
            status_quo,
            is_start: quantity.is_some_and(|quantity| self.moving[quantity]),
            is_anew: quantity.is_some_and(|q| redraws(self.scenario.quantities[q].redraw.as_ref())),
            position,
        });
        let found = build(&tree, self);
        self.frames.pop();
        let id = self.settle(found, place);
        self.built.push((place.clone(), id));
        id
    }

    /// A node, or its faults reported and a number in its stead.
    fn settle(&mut self, found: Result<NodeId, Vec<Fault>>, place: &Place) -> NodeId {
        match found {
            Ok(id) => id,
            Err(faults) => {
                for fault in faults {
                    self.report(fault, place);
                }
                self.graph.constant(1.0)
            }
        }
    }

    /// Report a fault inside a formula.
    pub fn report(&mut self, fault: Fault, place: &Place) {
        let mut found =
            Diagnostic::in_formula(&place.formula, fault.range, fault.message).label(fault.label);
        found.help = fault.help;
        self.report_at(place.origin, found);
    }

    /// Report a finding in the file or in an argument.
    pub fn report_at(&mut self, origin: Origin, found: Diagnostic) {
        self.reported += 1;
        match origin {
            Origin::File => self.faults.push(found),
            Origin::Argument(index) => self.arguments.entry(index).or_default().push(found),
        }
    }

    /// How a draw in the formula at hand is called: its address, numbered from the second on.
    pub(super) fn next_draw(&mut self) -> u32 {
        let Some(frame) = self.frames.last_mut() else {
            return 0;
        };
        frame.draws += 1;
        let address = match frame.draws {
            1 => frame.address.clone(),
            more => format!("{}#{more}", frame.address),
        };
        let is_anew = frame.is_anew;
        let number = self.book.number(address);
        while self.laws.len() < self.book.len() {
            self.laws.push(DrawLaw::Unused);
        }
        if is_anew {
            self.anew.insert(number as usize);
        }
        number
    }

    /// Whether this open quantity is drawn anew in every session.
    pub(super) fn is_anew(&self, draw: u32) -> bool {
        self.anew.contains(&(draw as usize))
    }

    /// The quantity whose value stands at an address, patched or not.
    fn quantity_at(&self, address: &str) -> Option<usize> {
        let name = address.strip_prefix("quantities.")?;
        let name = name.split('@').next().unwrap_or(name);
        let mut quantities = self.scenario.quantities.iter();
        quantities.position(|quantity| quantity.name.value == name)
    }

    pub(super) fn room(&self) -> Room {
        self.frames.last().map_or(Room::World, |frame| frame.room)
    }

    pub fn actor(&self, name: &str) -> Option<usize> {
        self.scenario
            .actors
            .iter()
            .position(|actor| actor.name.value == name)
    }

    pub fn issue_index(&self, name: &str) -> Option<usize> {
        self.scenario
            .issues
            .iter()
            .position(|issue| issue.name.value == name)
    }
}

/// The quantities that move: something happens to them, or they revert.
fn moving(scenario: &Scenario) -> Vec<bool> {
    let effects = || scenario.events.iter().flat_map(|event| &event.effects);
    let moves = |quantity: &crate::scenario::Quantity| {
        let name = &quantity.name.value;
        quantity.reverts.is_some() || effects().any(|(target, _)| target.value == *name)
    };
    scenario.quantities.iter().map(moves).collect()
}

/// Whether a patch builds on what it replaces.
fn names_base(text: &str) -> bool {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.'))
        .any(|word| word == "base")
}

/// The names of everything that can be called in a formula.
pub(super) fn callable() -> impl Iterator<Item = &'static str> {
    let functions = FUNCTIONS.iter().map(|function| function.kind.name);
    functions.chain(
        crate::uncertainty::DISTRIBUTIONS
            .iter()
            .map(|d| d.kind.name),
    )
}
