//! From nodes to a model: what is computed when, the tables of the sitting at which everything is up.

use super::blame;
use super::columns::variables;
use super::compile::Parts;
use super::compiler::Compiler;
use super::domains::{Domains, FixedRule};
use super::draws::DrawLaw;
use super::institutions::file_of;
use super::logrolling::best_sum;
use super::patch::Origin;
use super::process::{File, Process, Timed};
use super::sitting::{Agenda, Fresh, Sitting};
use super::utilities::Utility;
use super::voices::Hearing;
use super::{IssueLevels, Model, Pieces, Rule};
use crate::bargaining::{TableSize, TooLarge};
use crate::expression::{Code, Column, Graph, Node, NodeId};
use crate::scenario::{Diagnostic, IssueKind, Scope};
use crate::uncertainty::Dependence;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

impl Parts {
    /// The model, or what is too large for one.
    pub fn assemble(
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
            conducted,
            knowledge,
            mut voices,
            rules,
            measures,
            flags,
            mut process,
        } = self;
        let drawn = drawn_nodes(compiler);
        let issues: Vec<IssueLevels> = (0..scenario.issues.len())
            .map(|issue| issue_levels(compiler, issue))
            .collect();
        let graph = &compiler.graph;
        let summands = seats
            .iter()
            .map(|(actor, _)| utilities[actor].parts.clone());
        let mut pieces = Pieces {
            files: process.files.len(),
            file_of: file_of(scenario),
            seats: summands.collect(),
            rumoured: rumoured(compiler, &utilities),
            asked: 0,
            issues,
        };
        let roots = pieces
            .seats
            .iter()
            .flatten()
            .chain(rules.iter().map(|(node, _)| node));
        let needed = roots.fold(0, |needed, node| needed | graph.needs(*node).issues);
        pieces.asked = needed >> pieces.issues.len();
        if let Some(issue) = pieces.counted_range() {
            let name = &scenario.issues[issue].name;
            let message = format!(
                "`{}` is continuous in a file whose signature is asked for",
                name.value
            );
            let found = Diagnostic::error(name.span.clone(), message)
                .label("a utility or rule asks whether its file is signed")
                .help("give it a `step`: whether it moves must be told exactly");
            compiler.faults.push(found);
            return None;
        }
        let rules: Vec<Rule> = rules
            .into_iter()
            .map(|(node, source)| Rule {
                node,
                column: Column::new(graph, node, graph.scope(node)),
                holds: Timed::new(node),
                source,
            })
            .collect();
        let whole = match whole(graph, &pieces, &rules) {
            Ok(sitting) => Arc::new(sitting),
            Err(fault) => {
                compiler.too_large(&fault);
                return None;
            }
        };
        let table = largest_table(&pieces, &process, &whole);
        let lots = process.foresight && chosen.kind.needs.draws;
        let refusal = match chosen.kind.needs.refuse(&table) {
            None => lots.then(|| "it draws lots, and here signatories look ahead".to_string()),
            refusal => refusal,
        };
        if let Some(reason) = refusal {
            chosen.refuse(compiler, reason);
            return None;
        }

        if !chosen.kind.needs.hears {
            voices.clear();
        } else if process.foresight {
            let reason =
                "signatories who look ahead compare whole texts, on which nobody has a position";
            chosen.refuse(compiler, reason.to_string());
            return None;
        }

        let mut utility_nodes: Vec<(usize, NodeId)> = seats
            .iter()
            .map(|(actor, _)| (*actor, utilities[actor].whole))
            .collect();
        let signs = |actor: &usize| scenario.actors[*actor].signs;
        let others = utilities.iter().filter(|(actor, _)| !signs(actor));
        utility_nodes.extend(others.map(|(actor, utility)| (*actor, utility.whole)));

        let mut early: Vec<NodeId> = chosen.settings.clone();
        early.extend_from_slice(&conducted.numbers);
        early.extend(knowledge.taken.iter().flatten());
        early.extend(
            parties
                .iter()
                .flat_map(|p| [p.reservation, p.discount, p.risk]),
        );
        early.extend(
            pieces
                .seats
                .iter()
                .chain(&pieces.rumoured)
                .flatten()
                .flat_map(|root| edge(graph, *root)),
        );
        early.extend(rules.iter().flat_map(|rule| edge(graph, rule.node)));
        early.extend(
            utility_nodes
                .iter()
                .flat_map(|(_, node)| edge(graph, *node)),
        );
        early.extend(drawn.iter().flatten());
        let heard = voices.iter().flatten();
        early.extend(heard.flat_map(|voice| voice.needs(graph)));
        let constant = |id: NodeId| graph.known_value(id).is_some();
        let mut once = early.clone();
        process.each(&mut |timed| once.extend(edge(graph, timed.node)));
        let world = Code::new(graph, once, constant).only(|id| !graph.needs(id).session);
        let known: HashSet<NodeId> = world.computed().collect();
        let done = |id: NodeId| known.contains(&id) || constant(id);
        let session = Code::new(graph, early, done);
        let stands = session.clone().only(|id| graph.needs(id).standing);
        let session = session.only(|id| !graph.needs(id).standing);
        // What a text is worth is reckoned with the weights with which the parties sat down.
        let weighed: HashSet<NodeId> = session.computed().collect();
        let at = |nodes: &[(usize, NodeId)]| {
            let nodes = nodes.iter().map(|(_, node)| *node);
            Code::new(graph, nodes, |id| weighed.contains(&id) || done(id))
        };
        let (inside, outside) = (
            at(&utility_nodes[..seats.len()]),
            at(&utility_nodes[seats.len()..]),
        );
        let derived = Code::new(graph, measures.iter().copied(), done);
        process.each(&mut |timed| timed.code = Code::new(graph, [timed.node], done));
        let mut rules = rules;
        for rule in &mut rules {
            rule.holds.code = Code::new(graph, [rule.node], done);
        }

        let axes = axes(&pieces, &whole);
        let hearing =
            (!voices.is_empty()).then(|| Hearing::new(graph, &pieces.issues, &axes, &voices));
        let blockers = blame::names(scenario, &rules, &seats);
        let mut model = Model {
            variables: variables(scenario, &utilities, &flags, &blockers),
            protocol: (chosen.kind.build)(),
            protocol_kind: chosen.kind,
            table,
            blockers,
            groups: blame::groups(&rules),
            axes,
            hearing,
            moving: process
                .moving
                .iter()
                .map(|moving| scenario.quantities[moving.quantity].name.value.clone())
                .collect(),
            whole,
            pieces,
            fixed: Vec::new(),
            fixed_of: vec![None; rules.len()],
            rules,
            process,
            seats,
            drawn,
            laws: std::mem::take(&mut compiler.laws),
            kinds: compiler.kinds.clone(),
            dependence,
            world,
            session,
            stands,
            inside,
            outside,
            derived,
            parties,
            settings: chosen.settings,
            manners: conducted.manners,
            conduct: conducted.numbers,
            knowledge,
            utilities: utility_nodes,
            measures,
            actors: scenario.actors.len(),
            best_sum: match compiler.seeks_best {
                true => best_sum(),
                false => None,
            },
            valued: utilities.keys().copied().collect(),
            graph: std::mem::take(&mut compiler.graph),
        };
        for rule in 0..model.rules.len() {
            if let Some(fixed) = FixedRule::of(&model, &model.rules[rule]) {
                model.fixed_of[rule] = Some(model.fixed.len());
                model.fixed.push(fixed);
            }
        }
        model.find_priors();
        Some(model)
    }
}

impl Compiler<'_> {
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

/// The sitting at which everything is up and nothing is signed yet.
fn whole(graph: &Graph, pieces: &Pieces, rules: &[Rule]) -> Result<Sitting, TooLarge> {
    let counts: Vec<usize> = pieces
        .issues
        .iter()
        .map(|issue| issue.values.len())
        .collect();
    let standing = |issue: usize| pieces.issues[issue].standing.map(|(_, level)| level);
    let fresh = (0..pieces.files)
        .filter(|file| pieces.asks(*file))
        .map(|file| Fresh {
            file,
            standing: pieces
                .of_file(file)
                .map(|issue| (issue, standing(issue)))
                .collect(),
        });
    let agenda = Agenda {
        issues: (0..counts.len()).collect(),
        domains: &Domains::whole(&counts),
        fresh: fresh.collect(),
        newly: pieces.counts().then_some(0),
        rules: (0..rules.len())
            .filter(|rule| rules[*rule].applies(0))
            .collect(),
        must_move: Vec::new(),
    };
    Sitting::new(graph, pieces, rules, &agenda)
}

/// The nodes without issues at the edge of those with issues: what tables are made from.
pub(super) fn edge(graph: &Graph, root: NodeId) -> Vec<NodeId> {
    let (mut edge, mut open, mut seen) = (Vec::new(), vec![root], HashSet::new());
    while let Some(id) = open.pop() {
        let needs = graph.needs(id);
        if needs.issues == 0 && !needs.outcome {
            edge.push(id);
        } else if seen.insert(id) {
            open.extend(graph.operands(id));
        }
    }
    edge
}

/// The values of every issue on the scenario's own grid, of each file's signature, of their number.
fn axes(pieces: &Pieces, whole: &Sitting) -> Vec<Vec<f64>> {
    let grid = whole.shape.grid();
    let issues = (0..pieces.issues.len()).map(|issue| grid.values(issue).to_vec());
    let mut axes: Vec<Vec<f64>> = issues.collect();
    axes.resize(axes.len() + pieces.files, vec![0.0, 1.0]);
    axes.push((0..=pieces.files).map(|count| count as f64).collect());
    axes
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

fn issue_levels(compiler: &mut Compiler<'_>, issue: usize) -> IssueLevels {
    let definition = &compiler.scenario.issues[issue];
    IssueLevels {
        values: (0..definition.count().unwrap_or(0))
            .map(|level| definition.value(level))
            .collect(),
        range: match definition.kind {
            IssueKind::Range { from, to } => Some((from, to)),
            _ => None,
        },
        standing: compiler.standing(issue),
        is_ordered: !matches!(definition.kind, IssueKind::Options(_)),
    }
}

/// The largest table at which parties may sit down.
fn largest_table(pieces: &Pieces, process: &Process, whole: &Sitting) -> TableSize {
    let ranges = pieces.issues.iter().filter(|issue| issue.range.is_some());
    let counts = |file: &File| -> f64 {
        let issues = file.issues.iter();
        issues
            .map(|issue| whole.shape.grid().values(*issue).len() as f64)
            .product()
    };
    TableSize {
        seats: pieces.seats.len(),
        deals: match process.scope {
            Scope::OneByOne => process.files.iter().map(counts).fold(1.0, f64::max),
            _ => whole.shape.deals(),
        },
        issues: pieces.issues.len(),
        ranges: ranges.count(),
    }
}

/// The summands of what each kind of opponent would get.
fn rumoured(compiler: &Compiler<'_>, utilities: &BTreeMap<usize, Utility>) -> Vec<Vec<NodeId>> {
    let kinds = compiler.rumoured.iter();
    kinds
        .map(|actor| utilities.get(actor).map_or(Vec::new(), |u| u.parts.clone()))
        .collect()
}
