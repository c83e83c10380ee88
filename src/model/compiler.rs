//! Names to nodes: the table of everything a formula can name, built lazily, cycles and all.

use super::draws::{DrawBook, DrawLaw};
use super::patch::{Origin, Patch};
use super::probe::Place;
use crate::expression::{
    Context, FUNCTIONS, Fault, Graph, IssueWords, NodeId, Referent, Tree, build, parse,
};
use crate::scenario::{Diagnostic, Diagnostics, Formula, IssueKind, Scenario};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

/// What a formula may name, by where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Room {
    /// Quantities: no deal is in sight yet.
    World,
    /// Values, terms, rules: also the issues of a deal.
    Deal,
    /// Measures and claims: also how it ended.
    Outcome,
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
    pub patches: HashMap<String, Vec<&'s Patch>>,
    /// For each rule as split: the index of the rule as written.
    pub rule_sources: Vec<usize>,
    /// How many faults were reported.
    pub reported: usize,
    /// Every address there is, patched or not.
    pub addresses: BTreeSet<String>,
    numbers: HashMap<String, Option<NodeId>>,
    frames: Vec<Frame>,
}

/// What surrounds the formula being built.
struct Frame {
    room: Room,
    /// The address its draws are known by.
    address: String,
    draws: usize,
    /// What `base` means: the number a patch replaces.
    base: Option<NodeId>,
    /// What `status_quo` means.
    status_quo: Option<NodeId>,
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
        let mut by_address: HashMap<String, Vec<&Patch>> = HashMap::new();
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
            rule_sources: Vec::new(),
            reported: 0,
            addresses: BTreeSet::new(),
            numbers: HashMap::new(),
            frames: Vec::new(),
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
        self.frames.push(Frame {
            room,
            address,
            draws: 0,
            base,
            status_quo,
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
        let number = self.book.number(address);
        while self.laws.len() < self.book.len() {
            self.laws.push(DrawLaw::Unused);
        }
        number
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

    /// A number named in a formula: built on first use; a fault if it is being built right now.
    fn named(
        &mut self,
        formula: &'s Formula,
        room: Room,
        name: &str,
        at: &Range<usize>,
    ) -> Result<NodeId, Fault> {
        if let Some(None) = self.numbers.get(&formula.address) {
            let via: Vec<&str> = self
                .frames
                .iter()
                .map(|frame| frame.address.as_str())
                .collect();
            let start = via.iter().position(|a| *a == formula.address).unwrap_or(0);
            let mut circle: Vec<&str> = via[start..].to_vec();
            circle.push(&formula.address);
            return Err(Fault::new(
                at.clone(),
                format!("`{name}` depends on itself"),
                circle.join(" needs "),
            ));
        }
        Ok(self.number(formula, room))
    }

    fn plain(&mut self, name: &str, at: &Range<usize>) -> Option<Result<Referent, Fault>> {
        let scenario = self.scenario;
        if let Some(quantity) = scenario.quantities.iter().find(|q| q.name.value == name) {
            let found = self.named(&quantity.value, Room::World, name, at);
            return Some(found.map(Referent::Number));
        }
        let room = self.room();
        if let Some(issue) = self.issue_index(name) {
            if room == Room::World {
                return Some(Err(Fault::new(
                    at.clone(),
                    format!("the issue `{name}` cannot stand here"),
                    "this number is fixed before any deal is in sight",
                )));
            }
            return Some(Ok(Referent::Issue(issue)));
        }
        if let Some(measure) = scenario.measures.iter().find(|m| m.name.value == name) {
            if room != Room::Outcome {
                return Some(Err(Fault::new(
                    at.clone(),
                    format!("the measure `{name}` cannot stand here"),
                    "measures are known only when it is over",
                )));
            }
            let found = self.named(&measure.value, Room::Outcome, name, at);
            return Some(found.map(Referent::Number));
        }
        None
    }

    /// `value.russia.tartus`, `discount.syria`, `gain.syria` ...
    fn dotted(&mut self, name: &str, at: &Range<usize>) -> Option<Result<Referent, Fault>> {
        let scenario = self.scenario;
        let parts: Vec<&str> = name.split('.').collect();
        let (family, actor_name) = (*parts.first()?, *parts.get(1)?);
        if family == "quantities" && parts.len() == 2 {
            return self.plain(actor_name, at);
        }
        if !DOTTED.contains(&family) {
            return None;
        }
        let Some(actor) = self.actor(actor_name) else {
            let names = scenario
                .actors
                .iter()
                .map(|actor| actor.name.value.as_str());
            return Some(Err(Fault::new(
                at.clone(),
                format!("`{actor_name}` is not an actor"),
                format!("expected `{family}.ACTOR`"),
            )
            .nearest(actor_name, names)));
        };
        let missing = |what: &str| {
            Err(Fault::new(
                at.clone(),
                format!("`{actor_name}` has no {what}"),
                format!("`{name}` needs one"),
            ))
        };
        let definition = &scenario.actors[actor];
        let found = match (family, parts.as_slice()) {
            ("value" | "weight", [_, _, issue]) => {
                let stake = definition.stakes.iter().find(|s| s.issue.value == *issue);
                match stake {
                    None => missing(&format!("stake in `{issue}`")),
                    Some(stake) if family == "weight" => {
                        self.named(&stake.weight, Room::World, name, at)
                    }
                    Some(_) if self.room() == Room::World => Err(Fault::new(
                        at.clone(),
                        format!("`{name}` cannot stand here"),
                        "a value depends on the deal, and no deal is in sight yet",
                    )),
                    Some(stake) => Ok(self.stake_value(stake)),
                }
            }
            ("discount", [_, _]) => self.actor_number(definition.discount.as_ref(), name, at),
            ("risk", [_, _]) => self.actor_number(definition.risk.as_ref(), name, at),
            ("reservation", [_, _]) => match &definition.reservation {
                None => missing("reservation value"),
                Some(formula) => match self.numbers.get(&formula.address) {
                    Some(Some(id)) => Ok(*id),
                    _ => Err(Fault::new(
                        at.clone(),
                        format!("`{name}` cannot stand here"),
                        "reservation values are known only after all stakes",
                    )),
                },
            },
            ("utility" | "gain", [_, _]) if self.room() == Room::Outcome => {
                let slot = super::outcome_slot(scenario, family, actor);
                match slot {
                    Some(slot) => Ok(self.graph.outcome(slot)),
                    None => missing(family),
                }
            }
            ("utility" | "gain", [_, _]) => Err(Fault::new(
                at.clone(),
                format!("`{name}` cannot stand here"),
                "known only when it is over: in measures and claims",
            )),
            _ => return None,
        };
        Some(found.map(Referent::Number))
    }

    fn actor_number(
        &mut self,
        formula: Option<&'s Formula>,
        name: &str,
        at: &Range<usize>,
    ) -> Result<NodeId, Fault> {
        match formula {
            Some(formula) => self.named(formula, Room::World, name, at),
            None => Ok(self.graph.constant(1.0)),
        }
    }

    /// Every name that may stand in the formula at hand.
    fn candidates(&self) -> Vec<String> {
        let scenario = self.scenario;
        let mut names: Vec<String> = scenario
            .quantities
            .iter()
            .map(|q| q.name.value.clone())
            .collect();
        if self.room() >= Room::Deal {
            names.extend(scenario.issues.iter().map(|issue| issue.name.value.clone()));
        }
        if self.room() == Room::Outcome {
            names.extend(scenario.measures.iter().map(|m| m.name.value.clone()));
            names.push("deal".to_string());
        }
        for actor in &scenario.actors {
            names.extend(
                DOTTED[2..]
                    .iter()
                    .map(|family| format!("{family}.{}", actor.name.value)),
            );
            for stake in &actor.stakes {
                for family in &DOTTED[..2] {
                    names.push(format!(
                        "{family}.{}.{}",
                        actor.name.value, stake.issue.value
                    ));
                }
            }
        }
        names
    }
}

const DOTTED: [&str; 7] = [
    "value",
    "weight",
    "discount",
    "risk",
    "reservation",
    "utility",
    "gain",
];

impl Context for Compiler<'_> {
    fn graph(&mut self) -> &mut Graph {
        &mut self.graph
    }

    fn referent(&mut self, name: &str, at: &Range<usize>) -> Result<Referent, Fault> {
        let frame = self.frames.last();
        let special = match name {
            "base" => frame.and_then(|frame| frame.base),
            "status_quo" => frame.and_then(|frame| frame.status_quo),
            _ => None,
        };
        if let Some(id) = special {
            return Ok(Referent::Number(id));
        }
        if name == "deal" && self.room() == Room::Outcome {
            return Ok(Referent::Number(self.graph.outcome(super::DEAL_SLOT)));
        }
        let found = if name.contains('.') {
            self.dotted(name, at)
        } else {
            self.plain(name, at)
        };
        if let Some(found) = found {
            return found;
        }
        let fault = Fault::new(
            at.clone(),
            format!("`{name}` is not known here"),
            "unknown name",
        );
        let level_of = self
            .words
            .iter()
            .position(|words| words.labels.iter().any(|l| l == name));
        Err(match (name, level_of) {
            ("base", _) => fault.help("`base` is what a variant or `--set` replaces"),
            ("status_quo", _) => fault.help(
                "`status_quo` is the utility of the status quo deal: in a reservation of an actor whose issues all have a `status_quo`",
            ),
            (_, Some(issue)) => {
                let issue = &self.scenario.issues[issue].name.value;
                fault.help(format!("`{name}` is a level of `{issue}`: write `{issue} == {name}`"))
            }
            _ => {
                let candidates = self.candidates();
                fault.nearest(name, candidates.iter().map(String::as_str))
            }
        })
    }

    fn issue(&self, issue: usize) -> (&str, &IssueWords) {
        (&self.scenario.issues[issue].name.value, &self.words[issue])
    }

    fn distribution(
        &mut self,
        name: &str,
        at: &Range<usize>,
        arguments: &[Tree],
    ) -> Result<NodeId, Vec<Fault>> {
        super::distribution::call(self, name, at, arguments)
    }
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
