//! Everything resolved and built, or every fault at once.

use super::check;
use super::columns::variables;
use super::compiler::{Compiler, Room};
use super::draws::{DrawBook, DrawLaw};
use super::patch::{Origin, Patch};
use super::probe::Probe;
use super::utilities::{Utility, has_utility, standing};
use super::{IssueLevels, Model, PartyNodes, settings};
use crate::bargaining::{FactorSketch, IssueSketch, Shape, Sketch, TooLarge};
use crate::expression::{Code, Column, Node, NodeId, Operation};
use crate::scenario::{Diagnostic, Diagnostics, IssueKind, Scenario};
use crate::uncertainty::Dependence;
use std::collections::{BTreeMap, HashSet};

/// What compiling yields: a model if nothing is at fault, and everything there is to say.
pub struct Compiled {
    /// The model; `None` if there are errors.
    pub model: Option<Model>,
    /// Findings in the scenario file.
    pub findings: Diagnostics,
    /// Findings in `--set` arguments, by argument.
    pub arguments: BTreeMap<usize, Diagnostics>,
}

/// Most issues a scenario can have: one bit each in a scope.
pub(super) const MOST_ISSUES: usize = 63;

/// Compile a scenario with these patches; `probes` are reported besides what the scenario names.
pub fn compile(
    scenario: &Scenario,
    patches: &[Patch],
    probes: &[Probe],
    book: &mut DrawBook,
) -> Compiled {
    let mut compiler = Compiler::new(scenario, patches, book);
    if scenario.issues.len() > MOST_ISSUES {
        let span = scenario.issues[MOST_ISSUES].name.span.clone();
        let found = format!(
            "{} issues; the limit is {MOST_ISSUES}",
            scenario.issues.len()
        );
        compiler
            .faults
            .push(Diagnostic::error(span, "too many issues").label(found));
        return compiler.finish(None);
    }
    let parts = Parts::build(&mut compiler, probes);
    compiler.unknown_addresses();
    let dependence = compiler.dependence();
    if compiler.faults.has_errors() || compiler.arguments.values().any(Diagnostics::has_errors) {
        return compiler.finish(None);
    }
    let model = parts.and_then(|parts| parts.assemble(&mut compiler, dependence));
    compiler.finish(model)
}

/// The nodes of everything a model is made of.
struct Parts {
    utilities: BTreeMap<usize, Utility>,
    seats: Vec<(usize, String)>,
    parties: Vec<PartyNodes>,
    chosen: settings::Chosen,
    rules: Vec<NodeId>,
    measures: Vec<NodeId>,
    flags: Vec<bool>,
}

impl Parts {
    fn build(compiler: &mut Compiler<'_>, probes: &[Probe]) -> Option<Parts> {
        let scenario = compiler.scenario;
        for quantity in &scenario.quantities {
            compiler.number(&quantity.value, Room::World);
        }
        compiler.check_actors();
        let mut utilities = BTreeMap::new();
        for actor in 0..scenario.actors.len() {
            if has_utility(scenario, actor) {
                utilities.insert(actor, compiler.utility(actor));
            }
        }
        let signing = (0..scenario.actors.len()).filter(|actor| scenario.actors[*actor].signs);
        let seats: Vec<(usize, String)> = signing
            .map(|actor| (actor, scenario.actors[actor].name.value.clone()))
            .collect();
        let parties = seats
            .iter()
            .map(|(actor, _)| compiler.party(*actor, utilities[actor].whole))
            .collect();
        let chosen = settings::choose(compiler, &seats);
        let rules = compiler.rules();
        let mut measures: Vec<NodeId> = scenario
            .measures
            .iter()
            .map(|measure| compiler.number(&measure.value, Room::Outcome))
            .collect();
        let probed = probes
            .iter()
            .map(|p| compiler.tree(&p.tree, &p.place, Room::Outcome));
        measures.extend(probed);
        let flags = measures.iter().map(|id| compiler.is_flag(*id)).collect();
        Some(Parts {
            utilities,
            seats,
            parties,
            chosen: chosen?,
            rules,
            measures,
            flags,
        })
    }

    fn assemble(
        self,
        compiler: &mut Compiler<'_>,
        dependence: Option<Dependence>,
    ) -> Option<Model> {
        let scenario = compiler.scenario;
        let Parts {
            utilities,
            seats,
            parties,
            chosen,
            rules,
            measures,
            flags,
        } = self;
        let mut sketch = Sketch {
            issues: scenario.issues.iter().map(issue_sketch).collect(),
            seats: seats.len(),
            factors: Vec::new(),
            rules: rules
                .iter()
                .map(|rule| compiler.graph.scope(*rule))
                .collect(),
        };
        let mut factors = Vec::new();
        for (seat, (actor, _)) in seats.iter().enumerate() {
            for part in &utilities[actor].parts {
                let scope = compiler.graph.scope(*part);
                sketch.factors.push(FactorSketch {
                    seat,
                    scope: scope.clone(),
                });
                factors.push((*part, scope));
            }
        }
        let drawn = drawn_nodes(compiler);
        let graph = &compiler.graph;
        let rules: Vec<Column> = rules
            .iter()
            .map(|rule| Column::new(graph, *rule, graph.scope(*rule)))
            .collect();
        let shape = match Shape::new(sketch) {
            Ok(shape) => shape,
            Err(fault) => {
                compiler.too_large(&fault);
                return None;
            }
        };
        let factors: Vec<Column> = factors
            .into_iter()
            .map(|(part, scope)| Column::new(graph, part, scope))
            .collect();
        let outside: Vec<(usize, NodeId)> = utilities
            .iter()
            .filter(|(actor, _)| !scenario.actors[**actor].signs)
            .map(|(actor, utility)| (*actor, utility.whole))
            .collect();

        let mut early: Vec<NodeId> = chosen.settings.clone();
        early.extend(
            parties
                .iter()
                .flat_map(|p| [p.reservation, p.discount, p.risk]),
        );
        early.extend(factors.iter().chain(&rules).flat_map(Column::registers));
        early.extend(drawn.iter().flatten());
        let constant = |id: NodeId| graph.known_value(id).is_some();
        let world = Code::new(graph, early, constant);
        let known: HashSet<NodeId> = world.computed().collect();
        let done = |id: NodeId| known.contains(&id) || constant(id);
        let third_parties = Code::new(graph, outside.iter().map(|(_, node)| *node), done);
        let derived = Code::new(graph, measures.iter().copied(), done);

        Some(Model {
            variables: variables(scenario, &utilities, &flags),
            protocol: (chosen.kind.build)(),
            protocol_kind: chosen.kind,
            shape,
            seats,
            drawn,
            laws: std::mem::take(&mut compiler.laws),
            kinds: compiler.kinds.clone(),
            dependence,
            world,
            third_parties,
            derived,
            factors,
            rules,
            parties,
            settings: chosen.settings,
            outside,
            measures,
            issues: (0..scenario.issues.len())
                .map(|issue| issue_levels(scenario, issue))
                .collect(),
            actors: scenario.actors.len(),
            valued: utilities.keys().copied().collect(),
            graph: std::mem::take(&mut compiler.graph),
        })
    }
}

impl Compiler<'_> {
    fn finish(mut self, model: Option<Model>) -> Compiled {
        if let Some(model) = &model {
            check::worlds(&mut self, model);
        }
        let failed =
            self.faults.has_errors() || self.arguments.values().any(Diagnostics::has_errors);
        Compiled {
            model: model.filter(|_| !failed),
            findings: self.faults,
            arguments: self.arguments,
        }
    }

    fn check_actors(&mut self) {
        let scenario = self.scenario;
        let names = || {
            scenario
                .actors
                .iter()
                .map(|actor| actor.name.value.as_str())
        };
        for inducement in &scenario.inducements {
            for actor in [&inducement.by, &inducement.to] {
                if self.actor(&actor.value).is_none() {
                    let message = format!("`{}` is not an actor", actor.value);
                    let found = Diagnostic::error(actor.span.clone(), message)
                        .label("expected one of [actors]")
                        .did_you_mean(&actor.value, names());
                    self.faults.push(found);
                }
            }
        }
        for actor in scenario.actors.iter().filter(|actor| actor.signs) {
            if actor.reservation.is_none() {
                let message = format!("signatory `{}` has no reservation", actor.name.value);
                let found = Diagnostic::error(actor.name.span.clone(), message)
                    .label("expected the utility below which it does not sign")
                    .help("write `reservation = \"status_quo\"` or a number; for an actor who does not sign, `signs = false`");
                self.faults.push(found);
            }
        }
    }

    fn party(&mut self, actor: usize, utility: NodeId) -> PartyNodes {
        let definition = &self.scenario.actors[actor];
        let status_quo = self.at_status_quo(utility);
        let one = self.graph.constant(1.0);
        let reservation = match &definition.reservation {
            Some(formula) => self.number_with(formula, Room::World, status_quo),
            None => one,
        };
        let [discount, risk] = [&definition.discount, &definition.risk].map(|formula| {
            formula
                .as_ref()
                .map_or(one, |formula| self.number(formula, Room::World))
        });
        PartyNodes {
            reservation,
            discount,
            risk,
        }
    }

    /// Rules, split at `and` so that each has a scope as small as it can be.
    fn rules(&mut self) -> Vec<NodeId> {
        let scenario = self.scenario;
        let mut rules = Vec::new();
        for (index, rule) in scenario.rules.iter().enumerate() {
            let reported = self.reported;
            let id = self.number(&rule.require, Room::Deal);
            if self.reported > reported {
                continue;
            }
            let span = rule.require.span.clone();
            let mut open = vec![id];
            while let Some(id) = open.pop() {
                if let Node::Apply(Operation::And, [a, b, _]) = *self.graph.node(id) {
                    open.extend([b, a]);
                } else if self.graph.needs(id).issues != 0 {
                    rules.push(id);
                    self.rule_sources.push(index);
                } else {
                    let found = Diagnostic::error(span.clone(), "this rule names no issue")
                        .label("expected a condition on issues");
                    self.faults.push(found);
                }
            }
        }
        rules
    }

    /// Whether a node is 0 or 1 whatever happens.
    fn is_flag(&self, id: NodeId) -> bool {
        use Operation::*;
        match self.graph.node(id) {
            Node::Outcome(slot) => *slot as usize == super::DEAL_SLOT,
            Node::Apply(operation, [_, b, c]) => match operation {
                Not | Less | AtMost | Equal | Unequal | And | Or => true,
                If => self.is_flag(*b) && self.is_flag(*c),
                _ => false,
            },
            Node::Constant(_) => matches!(self.graph.known_value(id), Some(0.0 | 1.0)),
            _ => false,
        }
    }

    /// Name the formula that couples too many issues, if one does.
    fn too_large(&mut self, fault: &TooLarge) {
        let widest = self
            .built
            .iter()
            .filter(|(place, _)| place.origin == Origin::File)
            .max_by_key(|(_, id)| self.graph.needs(*id).issues.count_ones());
        let span = match widest {
            Some((place, _)) if fault.what != "deal space" => place.formula.span.clone(),
            _ => self
                .scenario
                .issues
                .first()
                .map_or(0..0, |issue| issue.name.span.clone()),
        };
        let found = Diagnostic::error(span, format!("{} is too large", fault.what))
            .label(format!(
                "size {:.3e}; the limit is {:.3e}",
                fault.size, fault.limit
            ))
            .help("name fewer issues in one formula, or give issues fewer levels");
        self.faults.push(found);
    }
}

/// For each open quantity, the node that holds what was drawn for it.
fn drawn_nodes(compiler: &mut Compiler<'_>) -> Vec<Option<NodeId>> {
    let mut drawn = vec![None; compiler.laws.len()];
    for index in 0..compiler.graph.len() {
        let id = compiler.graph.id(index);
        match compiler.graph.node(id) {
            Node::Draw(draw) if matches!(compiler.laws[*draw as usize], DrawLaw::Fixed(_)) => {
                drawn[*draw as usize] = Some(id);
            }
            Node::Quantile(_, draw, _) => drawn[*draw as usize] = Some(id),
            _ => {}
        }
    }
    drawn
}

fn issue_sketch(issue: &crate::scenario::Issue) -> IssueSketch {
    match issue.kind {
        IssueKind::Range { from, to } => IssueSketch::Range { from, to },
        _ => IssueSketch::Levels(
            (0..issue.count().unwrap_or(0))
                .map(|l| issue.value(l))
                .collect(),
        ),
    }
}

fn issue_levels(scenario: &Scenario, issue: usize) -> IssueLevels {
    let definition = &scenario.issues[issue];
    IssueLevels {
        values: (0..definition.count().unwrap_or(0))
            .map(|level| definition.value(level))
            .collect(),
        standing: standing(scenario, issue),
    }
}
