//! A formula over a table: one number for every assignment of the issues in its scope.
//!
//! What depends on the issues of the table alone is computed once per grid; what depends on none of
//! them is read from its register; only the rest is computed per run, one operation over whole columns.

use super::graph::{Graph, Node, NodeId};
use super::operation::{Operand, Operation};
use std::collections::HashMap;

/// How to fill the table of one node, or of a sum of nodes.
#[derive(Debug, Clone)]
pub struct Column {
    scope: Vec<usize>,
    /// One bit for each issue of the scope.
    open: u64,
    /// Steps that depend on the grid alone.
    fixed: Vec<Step>,
    /// Steps of every world.
    steps: Vec<Step>,
    root: Source,
}

/// The levels of the issues of a scope.
pub struct Axes<'g> {
    /// The values of the levels of each issue of the scope.
    pub values: &'g [&'g [f64]],
    /// For each issue of the scope: the index of the level that is entry `i` of its values.
    pub level: &'g dyn Fn(usize, usize) -> usize,
}

#[derive(Debug, Clone, Copy)]
enum Source {
    /// A register of the world.
    Register(NodeId),
    /// A column that stays the same as long as the grid does.
    Fixed(usize),
    /// A column an earlier step filled.
    Step(usize),
}

#[derive(Debug, Clone)]
enum Step {
    /// The values of the issue at this position of the scope.
    Axis(usize),
    Apply(Operation, [Source; 3]),
    Lookup(usize, Vec<Source>),
}

/// Columns kept between runs: `fixed` for the grid at hand, `steps` as scratch.
#[derive(Debug, Clone, Default)]
pub struct ColumnStore {
    fixed: Vec<Vec<f64>>,
    steps: Vec<Vec<f64>>,
    /// Per position of the scope: the level that stands in each row.
    axes: Vec<Vec<u32>>,
}

impl Column {
    /// Plan the table of `root` over `scope`. Issues that it needs beyond the scope stand at one
    /// level each: what depends on them and on no issue of the scope is read from registers.
    pub fn new(graph: &Graph, root: NodeId, scope: Vec<usize>) -> Column {
        Column::sum(graph, &[root], scope)
    }

    /// The same for a sum of at least one node.
    pub fn sum(graph: &Graph, roots: &[NodeId], scope: Vec<usize>) -> Column {
        let mut column = Column {
            open: scope.iter().fold(0, |open, issue| open | 1 << issue),
            scope,
            fixed: Vec::new(),
            steps: Vec::new(),
            root: Source::Register(roots[0]),
        };
        let mut sources = HashMap::new();
        column.root = column.plan(graph, roots[0], &mut sources);
        for root in &roots[1..] {
            let next = column.plan(graph, *root, &mut sources);
            column.root = column.add(column.root, next);
        }
        column
    }

    fn add(&mut self, a: Source, b: Source) -> Source {
        let step = Step::Apply(Operation::Add, [a, b, b]);
        if let (Source::Fixed(_), Source::Fixed(_)) = (a, b) {
            self.fixed.push(step);
            Source::Fixed(self.fixed.len() - 1)
        } else {
            self.steps.push(step);
            Source::Step(self.steps.len() - 1)
        }
    }

    /// The issues of the table, last one fastest.
    pub fn scope(&self) -> &[usize] {
        &self.scope
    }

    /// The numbers of the world (or constants) its tables are made from.
    pub fn registers(&self) -> Vec<NodeId> {
        let steps = self.fixed.iter().chain(&self.steps);
        let sources = steps.flat_map(|step| match step {
            Step::Axis(_) => Vec::new(),
            Step::Apply(_, sources) => sources.to_vec(),
            Step::Lookup(_, sources) => sources.clone(),
        });
        sources
            .chain([self.root])
            .filter_map(|source| match source {
                Source::Register(id) => Some(id),
                Source::Fixed(_) | Source::Step(_) => None,
            })
            .collect()
    }

    /// Whether the table is the same in every world.
    pub fn is_fixed(&self) -> bool {
        matches!(self.root, Source::Fixed(_))
    }

    /// Compute what depends on the grid alone. `registers` holds at least the constants.
    pub fn prepare(&self, registers: &[f64], axes: &Axes<'_>, store: &mut ColumnStore) {
        let rows: usize = axes.values.iter().map(|values| values.len()).product();
        store.axes.resize(self.scope.len(), Vec::new());
        let mut faster = rows;
        for (position, levels) in store.axes.iter_mut().enumerate() {
            let entries = axes.values[position].len().max(1);
            faster /= entries;
            let entry = |row: usize| row / faster % entries;
            levels.clear();
            levels.extend((0..rows).map(|row| (axes.level)(position, entry(row)) as u32));
        }
        for (columns, count) in [
            (&mut store.fixed, self.fixed.len()),
            (&mut store.steps, self.steps.len()),
        ] {
            columns.resize(count, Vec::new());
            for column in columns {
                column.resize(rows, 0.0);
            }
        }
        for (index, step) in self.fixed.iter().enumerate() {
            let (earlier, rest) = store.fixed.split_at_mut(index);
            let target = &mut rest[0];
            if let Step::Axis(position) = step {
                spread(axes.values, *position, target);
            } else {
                step.take(registers, earlier, &[], &store.axes, target);
            }
        }
    }

    /// Fill the table in the world whose registers these are.
    pub fn fill(&self, registers: &[f64], store: &mut ColumnStore, out: &mut [f64]) {
        let ColumnStore { fixed, steps, axes } = store;
        for (index, step) in self.steps.iter().enumerate() {
            let (earlier, rest) = steps.split_at_mut(index);
            let last = index + 1 == self.steps.len();
            let target: &mut [f64] = if last { out } else { &mut rest[0] };
            step.take(registers, fixed, earlier, axes, target);
        }
        match self.root {
            Source::Register(id) => out.fill(registers[id.index()]),
            Source::Fixed(column) => out.copy_from_slice(&fixed[column]),
            Source::Step(_) => {} // the last step filled `out`
        }
    }

    fn plan(&mut self, graph: &Graph, id: NodeId, sources: &mut HashMap<NodeId, Source>) -> Source {
        if let Some(source) = sources.get(&id) {
            return *source;
        }
        let needs = graph.needs(id);
        if needs.issues & self.open == 0 {
            return Source::Register(id);
        }
        let position = |issue: u32| self.scope.iter().position(|i| *i == issue as usize);
        let step = match graph.node(id) {
            Node::Issue(issue) => Step::Axis(position(*issue).unwrap_or(0)),
            Node::Lookup(issue, entries) => {
                let position = position(*issue).unwrap_or(0);
                let entries = entries.iter().map(|e| self.plan(graph, *e, sources));
                Step::Lookup(position, entries.collect())
            }
            Node::Apply(operation, operands) => {
                Step::Apply(*operation, operands.map(|o| self.plan(graph, o, sources)))
            }
            // Constants, draws and what the outcome tells never need an issue.
            _ => return Source::Register(id),
        };
        let source = if needs.world || needs.issues & !self.open != 0 {
            self.steps.push(step);
            Source::Step(self.steps.len() - 1)
        } else {
            self.fixed.push(step);
            Source::Fixed(self.fixed.len() - 1)
        };
        sources.insert(id, source);
        source
    }
}

impl Step {
    fn take(
        &self,
        registers: &[f64],
        fixed: &[Vec<f64>],
        earlier: &[Vec<f64>],
        axes: &[Vec<u32>],
        target: &mut [f64],
    ) {
        let operand = |source: Source| match source {
            Source::Register(id) => Operand::Scalar(registers[id.index()]),
            Source::Fixed(column) => Operand::Column(&fixed[column]),
            Source::Step(column) => Operand::Column(&earlier[column]),
        };
        match self {
            Step::Axis(_) => {}
            Step::Apply(operation, [a, b, c]) => {
                operation.apply_columns(operand(*a), operand(*b), operand(*c), target);
            }
            Step::Lookup(position, entries) => {
                for ((row, level), out) in axes[*position].iter().enumerate().zip(target) {
                    *out = operand(entries[*level as usize]).at(row);
                }
            }
        }
    }
}

/// The values of one issue over all rows of a table.
fn spread(values: &[&[f64]], position: usize, target: &mut [f64]) {
    let faster: usize = values[position + 1..]
        .iter()
        .map(|values| values.len())
        .product();
    let own = values[position];
    for (row, out) in target.iter_mut().enumerate() {
        *out = own[row / faster % own.len()];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every row of a table equals the formula with the issues fixed at that row.
    #[test]
    fn a_table_says_what_its_formula_says() {
        let mut graph = Graph::default();
        let (a, b, k) = (graph.issue(2), graph.issue(5), graph.draw(0, false));
        let entries = [4.0, 0.0, k.index() as f64]
            .map(|v| graph.constant(v))
            .to_vec();
        let entries = vec![entries[0], k, entries[1]];
        let looked = graph.lookup(5, entries);
        let product = graph.binary(Operation::Multiply, a, looked);
        let square = graph.binary(Operation::Multiply, b, b);
        let root = graph.binary(Operation::Add, product, square);
        let column = Column::new(&graph, root, vec![2, 5]);
        let (first, second) = ([10.0, 20.0], [0.0, 1.0, 2.0]);
        let axes = Axes {
            values: &[&first, &second],
            level: &|_, entry| entry,
        };
        let mut registers = vec![0.0; graph.len()];
        registers[k.index()] = 7.0;
        for (index, register) in registers.iter_mut().enumerate() {
            *register = graph.known_value(graph.id(index)).unwrap_or(*register);
        }
        let (mut store, mut out) = (ColumnStore::default(), vec![0.0; 6]);
        column.prepare(&registers, &axes, &mut store);
        column.fill(&registers, &mut store, &mut out);
        assert_eq!(out, [40.0, 71.0, 4.0, 80.0, 141.0, 4.0]);
    }
}
