//! One kind of sitting: which issues are up, on which levels, and the tables that follow from it.
//!
//! Issues that are not up stand at one level each, and what depends on them alone becomes a number.
//! Whether a file is signed is an issue of its own, tied by links to the issues that are in it, so
//! the frontier stays exact: a file counts as signed if and only if one of its issues moves.

use super::domains::Domains;
use super::standing::Standing;
use super::{Model, Pieces, Rule};
use crate::bargaining::{
    FactorSketch, IssueSketch, Place, Shape, Sketch, Tie, TooLarge, elimination_order,
};
use crate::expression::{Code, Column, Graph, NodeId};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is up.
#[derive(Debug, Clone)]
pub(super) struct Agenda<'a> {
    /// The issues that are up, in order.
    pub issues: Vec<usize>,
    /// The levels each of them may take.
    pub domains: &'a Domains,
    /// The unsigned files whose signature somebody cares about, and whether each of their issues
    /// that are up would move at each level.
    pub fresh: Vec<Fresh>,
    /// If it matters how many files the session signs: how many it has signed so far.
    pub newly: Option<usize>,
    /// The rules that can still be broken.
    pub rules: Vec<usize>,
    /// Issues of which one must move, each with the level at which it would not; none for no such wish.
    pub must_move: Vec<(usize, Option<usize>)>,
}

/// An unsigned file.
#[derive(Debug, Clone)]
pub(super) struct Fresh {
    pub file: usize,
    /// Issue, and the level at which it would not move.
    pub standing: Vec<(usize, Option<usize>)>,
}

/// One issue of the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Variable {
    /// An issue of the scenario, whether a file is signed, how many newly are: as graphs know it.
    Issue(usize),
    /// A link in the chain that ties a file to its issues.
    Link,
}

/// The tables of one kind of sitting.
pub(super) struct Sitting {
    pub shape: Shape,
    /// What must be computed from levels that stand before the tables can be filled.
    pub code: Code,
    pub factors: Vec<Placed>,
    pub rules: Vec<Placed>,
    /// The rules' places in the model.
    pub sources: Vec<usize>,
    /// Tables of the links, after all rules.
    pub links: Vec<Vec<bool>>,
    /// The issues of the scenario that are up, first among the variables.
    pub issues: Vec<usize>,
    /// What they are among all issues.
    pub places: Vec<Place>,
    /// The same table for the kinds of opponent somebody believes in.
    pub rumours: Option<Arc<Sitting>>,
    /// Per variable: the level behind each entry; empty for ranges.
    levels: Vec<Vec<u32>>,
}

/// A column and the variables behind its scope.
pub(super) struct Placed {
    pub column: Column,
    pub variables: Vec<usize>,
}

impl Sitting {
    pub fn new(
        graph: &Graph,
        pieces: &Pieces,
        rules: &[Rule],
        agenda: &Agenda<'_>,
    ) -> Result<Sitting, TooLarge> {
        let mut draft = Draft::default();
        for &issue in &agenda.issues {
            draft.issue(pieces, issue, agenda.domains);
        }
        let mut links = Vec::new();
        for fresh in &agenda.fresh {
            draft.push(Variable::Issue(pieces.issues.len() + fresh.file), 0..2);
        }
        if let Some(newly) = agenda.newly {
            let count = Variable::Issue(pieces.issues.len() + pieces.files);
            let most = newly + agenda.fresh.len();
            draft.push(count, newly as u32..most as u32 + 1);
        }
        let turns = draft.turns(graph, pieces, rules, agenda);
        for fresh in &agenda.fresh {
            let signed = draft.place(pieces.issues.len() + fresh.file);
            let mut standing = fresh.standing.clone();
            standing.sort_by_key(|(issue, _)| turns.iter().position(|turn| turn == issue));
            draft.tie(signed, &standing, &mut links);
        }
        if !agenda.must_move.is_empty() {
            let moves = draft.push(Variable::Link, 0..2);
            draft.tie(moves, &agenda.must_move, &mut links);
            links.push(Link {
                ties: None,
                ..draft.link(&[moves], |at| at[0] == 1)
            });
        }
        if agenda.newly.is_some() {
            draft.count(pieces, &agenda.fresh, &mut links);
        }
        let open = draft.open();
        let scope = |issues: u64| -> Vec<usize> {
            (0..64)
                .filter(|issue| issues & open & 1 << issue != 0)
                .collect()
        };
        let place = |column: Column| Placed {
            variables: column
                .scope()
                .iter()
                .map(|issue| draft.place(*issue))
                .collect(),
            column,
        };
        let mut factors = Vec::new();
        let mut owners = Vec::new();
        for (seat, summands) in pieces.seats.iter().enumerate() {
            let mut by_scope: BTreeMap<u64, Vec<NodeId>> = BTreeMap::new();
            for part in summands {
                by_scope
                    .entry(graph.needs(*part).issues & open)
                    .or_default()
                    .push(*part);
            }
            for (issues, summands) in by_scope {
                factors.push(place(Column::sum(graph, &summands, scope(issues))));
                owners.push(seat);
            }
        }
        let mut sources = agenda.rules.clone();
        sources.retain(|rule| graph.needs(rules[*rule].node).issues & open != 0);
        let placed: Vec<Placed> = sources
            .iter()
            .map(|rule| {
                let node = rules[*rule].node;
                place(Column::new(graph, node, scope(graph.needs(node).issues)))
            })
            .collect();
        let factor = |(placed, seat): (&Placed, &usize)| FactorSketch {
            seat: *seat,
            scope: placed.variables.clone(),
        };
        let mut scopes: Vec<Vec<usize>> = placed.iter().map(|p| p.variables.clone()).collect();
        scopes.extend(links.iter().map(|link: &Link| link.scope.clone()));
        let tie = |(nth, link): (usize, &Link)| {
            let rule = placed.len() + nth;
            link.ties.map(|issue| Tie { issue, rule })
        };
        let shape = Shape::new(Sketch {
            ties: links.iter().enumerate().filter_map(tie).collect(),
            issues: draft.sketches,
            seats: pieces.seats.len(),
            factors: factors.iter().zip(&owners).map(factor).collect(),
            rules: scopes,
        })?;
        let inner = factors
            .iter()
            .chain(&placed)
            .flat_map(|placed| placed.column.registers());
        let code = Code::new(graph, inner, |id| graph.needs(id).issues == 0);
        let rumours = (!pieces.rumoured.is_empty()).then(|| {
            let believed = Pieces {
                seats: pieces.rumoured.clone(),
                rumoured: Vec::new(),
                ..pieces.clone()
            };
            Sitting::new(graph, &believed, rules, agenda).map(Arc::new)
        });
        Ok(Sitting {
            rumours: rumours.transpose()?,
            shape,
            code,
            factors,
            rules: placed,
            sources,
            links: links.into_iter().map(|link| link.table).collect(),
            places: agenda
                .issues
                .iter()
                .map(|issue| pieces.place(*issue))
                .collect(),
            issues: agenda.issues.clone(),
            levels: draft.levels,
        })
    }

    /// A deal at this table as issues, values and levels; entries that are no number tell of no issue.
    pub fn terms<'s>(
        &'s self,
        model: &'s Model,
        deal: &'s [f64],
    ) -> impl Iterator<Item = (usize, f64, usize)> + 's {
        let issues = self.issues.iter().zip(deal).enumerate();
        let issues = issues.filter(|(_, (_, entry))| !entry.is_nan());
        issues.map(|(place, (&issue, &entry))| match self.level(place, entry) {
            Some(level) => (issue, model.pieces.issues[issue].values[level], level),
            None => (issue, entry, 0),
        })
    }

    /// What stands, as the table knows it: per issue that is up the entry of its level, or the value
    /// of a range; NaN where nothing stands, or on a level that is not open.
    pub fn standing<'s>(&'s self, standing: &'s Standing) -> impl Iterator<Item = f64> + 's {
        let issues = self.issues.iter().zip(&self.levels);
        issues.map(|(&issue, levels)| match standing.levels[issue] {
            _ if levels.is_empty() => standing.values[issue],
            Some(stands) => {
                let entry = levels.iter().position(|level| *level as usize == stands);
                entry.map_or(f64::NAN, |entry| entry as f64)
            }
            None => f64::NAN,
        })
    }

    /// The level behind an entry of the issue at this place, or `None` for a range.
    pub fn level(&self, place: usize, entry: f64) -> Option<usize> {
        let levels = &self.levels[place];
        (!levels.is_empty()).then(|| levels[entry as usize] as usize)
    }
}

/// A rule that ties variables to each other.
struct Link {
    scope: Vec<usize>,
    table: Vec<bool>,
    /// The variable that follows from the others by it.
    ties: Option<usize>,
}

#[derive(Default)]
struct Draft {
    variables: Vec<Variable>,
    levels: Vec<Vec<u32>>,
    sketches: Vec<IssueSketch>,
}

impl Draft {
    fn issue(&mut self, pieces: &Pieces, issue: usize, domains: &Domains) {
        let values = &pieces.issues[issue].values;
        match pieces.issues[issue].range {
            Some((from, to)) => {
                self.variables.push(Variable::Issue(issue));
                self.levels.push(Vec::new());
                self.sketches.push(IssueSketch::Range { from, to });
            }
            None => {
                let levels = domains.levels(issue);
                let shown = levels.iter().map(|level| values[*level as usize]).collect();
                self.variables.push(Variable::Issue(issue));
                self.levels.push(levels);
                self.sketches.push(IssueSketch::Levels(shown));
            }
        }
    }

    fn push(&mut self, variable: Variable, levels: std::ops::Range<u32>) -> usize {
        self.variables.push(variable);
        self.sketches
            .push(IssueSketch::Levels(levels.clone().map(f64::from).collect()));
        self.levels.push(levels.collect());
        self.variables.len() - 1
    }

    /// The issues in the order in which they are best eliminated without any links: a chain that
    /// follows it keeps the tables small.
    fn turns(
        &self,
        graph: &Graph,
        pieces: &Pieces,
        rules: &[Rule],
        agenda: &Agenda<'_>,
    ) -> Vec<usize> {
        let levels: Vec<usize> = self
            .levels
            .iter()
            .map(|levels| levels.len().max(2))
            .collect();
        let open = self.open();
        let rules = agenda.rules.iter().map(|rule| &rules[*rule].node);
        let nodes = pieces.seats.iter().flatten().chain(rules);
        let scope = |node: &NodeId| {
            let issues = graph.needs(*node).issues & open;
            let issues = (0..64).filter(|issue| issues & 1 << issue != 0);
            issues.map(|issue| self.place(issue)).collect()
        };
        let order = elimination_order(&levels, nodes.map(scope).collect());
        let issue = |place: usize| agenda.issues.get(place).copied();
        order.into_iter().filter_map(issue).collect()
    }

    fn place(&self, issue: usize) -> usize {
        let wanted = Variable::Issue(issue);
        self.variables
            .iter()
            .position(|variable| *variable == wanted)
            .unwrap_or(0)
    }

    fn open(&self) -> u64 {
        self.variables
            .iter()
            .fold(0, |open, variable| match variable {
                Variable::Issue(issue) => open | 1 << issue,
                Variable::Link => open,
            })
    }

    /// This variable is 1 if and only if one of the issues moves: `so far or moves`, along a chain.
    fn tie(&mut self, signed: usize, issues: &[(usize, Option<usize>)], links: &mut Vec<Link>) {
        let mut chain: Option<(usize, Vec<bool>)> = None;
        for (nth, (issue, standing)) in issues.iter().enumerate() {
            let place = self.place(*issue);
            let levels = self.levels[place].iter();
            let moves: Vec<bool> = levels.map(|l| *standing != Some(*l as usize)).collect();
            let is_last = nth + 1 == issues.len();
            let Some((before, so_far)) = chain.take() else {
                if is_last {
                    let scope = [place, signed];
                    links.push(self.link(&scope, |at| moves[at[0]] == (at[1] == 1)));
                }
                chain = Some((place, moves));
                continue;
            };
            let next = if is_last {
                signed
            } else {
                self.push(Variable::Link, 0..2)
            };
            let scope = [before, place, next];
            let either = |at: &[usize]| (so_far[at[0]] || moves[at[1]]) == (at[2] == 1);
            links.push(self.link(&scope, either));
            chain = Some((next, vec![false, true]));
        }
    }

    /// How many files are newly signed: `so far + signed`, along a chain.
    fn count(&mut self, pieces: &Pieces, fresh: &[Fresh], links: &mut Vec<Link>) {
        let total = self.place(pieces.issues.len() + pieces.files);
        let places: Vec<usize> = fresh
            .iter()
            .map(|fresh| self.place(pieces.issues.len() + fresh.file))
            .collect();
        let Some((first, others)) = places.split_first() else {
            return;
        };
        if others.is_empty() {
            links.push(self.link(&[*first, total], |at| at[0] == at[1]));
        }
        let mut so_far = *first;
        for (nth, place) in others.iter().enumerate() {
            let next = match nth + 1 == others.len() {
                true => total,
                false => self.push(Variable::Link, 0..nth as u32 + 3),
            };
            links.push(self.link(&[so_far, *place, next], |at| at[0] + at[1] == at[2]));
            so_far = next;
        }
    }

    /// A table over these variables, in any order; the last one follows from the others.
    fn link(&self, variables: &[usize], holds: impl Fn(&[usize]) -> bool) -> Link {
        let mut scope = variables.to_vec();
        scope.sort_unstable();
        let place = |variable: &usize| scope.iter().position(|other| other == variable);
        let order: Vec<usize> = variables.iter().filter_map(place).collect();
        let sizes: Vec<usize> = scope.iter().map(|v| self.levels[*v].len()).collect();
        let rows: usize = sizes.iter().product();
        let table = (0..rows).map(|row| {
            let mut rest = row;
            let mut entries = vec![0; sizes.len()];
            for (entry, size) in entries.iter_mut().zip(&sizes).rev() {
                *entry = rest % size;
                rest /= size;
            }
            let at: Vec<usize> = order.iter().map(|place| entries[*place]).collect();
            holds(&at)
        });
        Link {
            table: table.collect(),
            scope,
            ties: variables.last().copied(),
        }
    }
}
