//! Everything resolved and built, or every fault at once.

use super::check;
use super::compiler::{Compiler, Room};
use super::conduct::{self, Conducted};
use super::draws::DrawBook;
use super::knowledge::Knowledge;
use super::patch::Patch;
use super::probe::Probe;
use super::process::Process;
use super::utilities::{Utility, has_utility};
use super::voices::Spoken;
use super::{Model, PartyNodes, RuleSource, settings};
use crate::expression::{Node, NodeId, Operation};
use crate::scenario::{Diagnostic, Diagnostics, Scenario};
use std::collections::BTreeMap;

/// What compiling yields: a model if nothing is at fault, and everything there is to say.
pub struct Compiled {
    /// The model; `None` if there are errors.
    pub model: Option<Model>,
    /// Findings in the scenario file.
    pub findings: Diagnostics,
    /// Findings in `--set` arguments, by argument.
    pub arguments: BTreeMap<usize, Diagnostics>,
    /// Why the protocol in force does not apply here, if it does not.
    pub refusal: Option<String>,
}

/// Most issues a scenario can have: one bit each in a scope.
pub(super) const MOST_ISSUES: usize = 63;

/// Most files: each is one more bit, and their number another.
const MOST_FILES: usize = 16;

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
    if scenario.modules.len() > MOST_FILES
        || scenario.issues.len() + scenario.modules.len() > MOST_ISSUES
    {
        let most = MOST_FILES.min(MOST_ISSUES - scenario.issues.len());
        let span = scenario.modules[most].name.span.clone();
        let found = format!("{} modules; the limit is {most}", scenario.modules.len());
        compiler
            .faults
            .push(Diagnostic::error(span, "too many modules").label(found));
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
pub(super) struct Parts {
    pub utilities: BTreeMap<usize, Utility>,
    pub seats: Vec<(usize, String)>,
    pub parties: Vec<PartyNodes>,
    pub chosen: settings::Chosen,
    pub conducted: Conducted,
    pub knowledge: Knowledge,
    pub voices: Vec<Option<Spoken>>,
    pub rules: Vec<(NodeId, RuleSource)>,
    pub measures: Vec<NodeId>,
    pub flags: Vec<bool>,
    pub process: Process,
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
                let utility = compiler.utility(actor);
                compiler.worths.insert(actor, utility.whole);
                utilities.insert(actor, utility);
            }
        }
        let signing = (0..scenario.actors.len()).filter(|actor| scenario.actors[*actor].signs);
        let seats: Vec<(usize, String)> = signing
            .map(|actor| (actor, scenario.actors[actor].name.value.clone()))
            .collect();
        let parties: Vec<PartyNodes> = seats
            .iter()
            .map(|(actor, _)| compiler.party(*actor, utilities[actor].whole))
            .collect();
        let voices = compiler.voices();
        let chosen = settings::choose(compiler, &seats);
        let conducted = conduct::conduct(compiler, &seats);
        let floors: Vec<NodeId> = parties.iter().map(|party| party.reservation).collect();
        let knowledge = Knowledge::read(compiler, &seats, &floors);
        let mut rules = compiler.rules();
        rules.extend(compiler.vetoes());
        rules.extend(compiler.ratified());
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
        let mut process = compiler.process();
        process.anew = compiler.anew.iter().copied().collect();
        compiler.check_foresight(&process);
        for (seat, (actor, _)) in seats.iter().enumerate() {
            let utility = utilities.get_mut(actor)?;
            compiler.foresee(utility, parties[seat].reservation);
        }
        Some(Parts {
            utilities,
            seats,
            parties,
            chosen: chosen?,
            conducted,
            knowledge,
            voices,
            rules,
            measures,
            flags,
            process,
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
            refusal: self.refusal,
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
        let status_quo = self.status_quo(actor, utility);
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
}
