//! All formulas of a model in one graph: equal parts are built once, constants are folded.
//!
//! A node knows what it depends on (the drawn world, issues, the outcome); from that follows when
//! it is computed: once for all, once per run, or once per table entry.

use super::Operation;
use std::collections::HashMap;

/// A number of the model, by its place in the graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub(super) u32);

impl NodeId {
    /// Its register.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// How a node gets its value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Node {
    /// A number, by its bits.
    Constant(u64),
    /// What was drawn for an open quantity.
    Draw(u32),
    /// The value of an issue: its number, or the index of its level.
    Issue(u32),
    /// Something only the outcome tells: a utility, whether there is a deal.
    Outcome(u32),
    /// Something that changes in the course of a run: how often an event has happened, say.
    State(u32),
    /// An operation on one to three nodes.
    Apply(Operation, [NodeId; 3]),
    /// The entry that belongs to the level of an issue.
    Lookup(u32, Box<[NodeId]>),
    /// A quantile of a distribution whose arguments are themselves uncertain: (law, draw, arguments).
    Quantile(u32, u32, Box<[NodeId]>),
}

/// What a node's value depends on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Needs {
    /// The drawn world.
    pub world: bool,
    /// What changes from one session of a run to the next; then the world, too.
    pub session: bool,
    /// What the status quo is worth, known only after all stakes; then the session, too.
    pub standing: bool,
    /// The outcome of the bargaining.
    pub outcome: bool,
    /// Issues, one bit each.
    pub issues: u64,
}

impl Needs {
    fn and(self, other: Needs) -> Needs {
        Needs {
            world: self.world || other.world,
            session: self.session || other.session,
            standing: self.standing || other.standing,
            outcome: self.outcome || other.outcome,
            issues: self.issues | other.issues,
        }
    }

    /// Known before any run.
    pub fn nothing(self) -> bool {
        self == Needs::default()
    }

    /// Known before anybody sits down.
    pub fn world_only(self) -> bool {
        !self.outcome && self.issues == 0
    }
}

/// The formulas of a model.
#[derive(Debug, Clone, Default)]
pub struct Graph {
    nodes: Vec<Node>,
    needs: Vec<Needs>,
    known: HashMap<Node, NodeId>,
}

impl Graph {
    /// How many nodes there are; every index is below.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether nothing was built yet.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The node at an index.
    pub fn id(&self, index: usize) -> NodeId {
        NodeId(index as u32)
    }

    /// How a node gets its value.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.index()]
    }

    /// What a node depends on.
    pub fn needs(&self, id: NodeId) -> Needs {
        self.needs[id.index()]
    }

    /// The issues a node depends on, in order.
    pub fn scope(&self, id: NodeId) -> Vec<usize> {
        let issues = self.needs(id).issues;
        (0..64).filter(|issue| issues >> issue & 1 == 1).collect()
    }

    /// A number.
    pub fn constant(&mut self, value: f64) -> NodeId {
        // One zero, so that equal formulas stay equal.
        let value = if value == 0.0 { 0.0 } else { value };
        self.intern(Node::Constant(value.to_bits()), Needs::default())
    }

    /// The value of a node that needs nothing.
    pub fn known_value(&self, id: NodeId) -> Option<f64> {
        match self.node(id) {
            Node::Constant(bits) => Some(f64::from_bits(*bits)),
            _ => None,
        }
    }

    /// What is drawn for open quantity `draw`; `anew` in every session, or once a run.
    pub fn draw(&mut self, draw: u32, anew: bool) -> NodeId {
        let needs = Needs {
            world: true,
            session: anew,
            ..Needs::default()
        };
        self.intern(Node::Draw(draw), needs)
    }

    /// A quantile, at what is drawn for `draw`, of law number `law` with these arguments.
    pub fn quantile(&mut self, law: u32, draw: u32, arguments: Vec<NodeId>, anew: bool) -> NodeId {
        let mut needs = self.union(&arguments);
        needs.world = true;
        needs.session |= anew;
        self.intern(Node::Quantile(law, draw, arguments.into()), needs)
    }

    /// Number `slot` of what changes in the course of a run.
    pub fn state(&mut self, slot: usize) -> NodeId {
        self.changing(slot, false, false)
    }

    /// Number `slot` of the state, known only when a session is over: what was seen.
    pub fn seen(&mut self, slot: usize) -> NodeId {
        self.changing(slot, false, true)
    }

    /// Number `slot` of the state, known only once the parties sit: what the status quo is worth, say.
    pub fn worth(&mut self, slot: usize) -> NodeId {
        self.changing(slot, true, false)
    }

    fn changing(&mut self, slot: usize, standing: bool, outcome: bool) -> NodeId {
        let needs = Needs {
            world: true,
            session: true,
            standing,
            outcome,
            issues: 0,
        };
        self.intern(Node::State(slot as u32), needs)
    }

    /// The value of an issue.
    pub fn issue(&mut self, issue: usize) -> NodeId {
        let needs = Needs {
            issues: 1 << issue,
            ..Needs::default()
        };
        self.intern(Node::Issue(issue as u32), needs)
    }

    /// Number `slot` of what the outcome tells.
    pub fn outcome(&mut self, slot: usize) -> NodeId {
        let needs = Needs {
            outcome: true,
            ..Needs::default()
        };
        self.intern(Node::Outcome(slot as u32), needs)
    }

    /// The entry that belongs to the level of an issue.
    pub fn lookup(&mut self, issue: usize, entries: Vec<NodeId>) -> NodeId {
        let mut needs = self.union(&entries);
        needs.issues |= 1 << issue;
        self.intern(Node::Lookup(issue as u32, entries.into()), needs)
    }

    /// An operation of one operand.
    pub fn unary(&mut self, operation: Operation, a: NodeId) -> NodeId {
        self.apply(operation, [a, a, a])
    }

    /// An operation of two operands.
    pub fn binary(&mut self, operation: Operation, a: NodeId, b: NodeId) -> NodeId {
        self.apply(operation, [a, b, b])
    }

    /// `if condition then a else b`.
    pub fn select(&mut self, condition: NodeId, a: NodeId, b: NodeId) -> NodeId {
        self.apply(Operation::If, [condition, a, b])
    }

    /// The sum of several nodes, from the left; zero for none.
    pub fn sum(&mut self, nodes: &[NodeId]) -> NodeId {
        let mut nodes = nodes.iter().copied();
        match nodes.next() {
            None => self.constant(0.0),
            Some(first) => nodes.fold(first, |sum, node| self.binary(Operation::Add, sum, node)),
        }
    }

    /// The same node with every issue fixed at the value `at` gives it.
    ///
    /// `at` gives the value and, for issues with listed levels, the index of the level.
    pub fn fix(&mut self, id: NodeId, at: &dyn Fn(usize) -> (f64, usize)) -> NodeId {
        self.fix_known(id, at, &mut HashMap::new())
    }

    fn fix_known(
        &mut self,
        id: NodeId,
        at: &dyn Fn(usize) -> (f64, usize),
        known: &mut HashMap<NodeId, NodeId>,
    ) -> NodeId {
        if self.needs(id).issues == 0 {
            return id;
        }
        if let Some(fixed) = known.get(&id) {
            return *fixed;
        }
        let fixed = match self.node(id).clone() {
            Node::Issue(issue) => self.constant(at(issue as usize).0),
            Node::Lookup(issue, entries) => {
                self.fix_known(entries[at(issue as usize).1], at, known)
            }
            Node::Apply(operation, operands) => {
                let operands = operands.map(|operand| self.fix_known(operand, at, known));
                self.apply(operation, operands)
            }
            Node::Quantile(..)
            | Node::Constant(_)
            | Node::Draw(_)
            | Node::Outcome(_)
            | Node::State(_) => id,
        };
        known.insert(id, fixed);
        fixed
    }

    /// The parts of a sum, so that each can have its own, smaller scope.
    ///
    /// Looks through `+`, `-`, negation, products with a number of the world, and conditions.
    pub fn parts(&mut self, id: NodeId) -> Vec<NodeId> {
        let Node::Apply(operation, [a, b, c]) = *self.node(id) else {
            return vec![id];
        };
        match operation {
            Operation::Add => [self.parts(a), self.parts(b)].concat(),
            Operation::Subtract => {
                let taken = self.negated_parts(b);
                [self.parts(a), taken].concat()
            }
            Operation::Negate => self.negated_parts(a),
            Operation::Multiply if self.needs(a).world_only() => {
                self.mapped_parts(b, |graph, part| graph.binary(Operation::Multiply, a, part))
            }
            Operation::Multiply if self.needs(b).world_only() => {
                self.mapped_parts(a, |graph, part| graph.binary(Operation::Multiply, b, part))
            }
            Operation::Divide if self.needs(b).world_only() => {
                self.mapped_parts(a, |graph, part| graph.binary(Operation::Divide, part, b))
            }
            Operation::If if self.known_value(c) == Some(0.0) => {
                self.mapped_parts(b, |graph, part| graph.select(a, part, c))
            }
            _ => vec![id],
        }
    }

    fn negated_parts(&mut self, id: NodeId) -> Vec<NodeId> {
        self.mapped_parts(id, |graph, part| graph.unary(Operation::Negate, part))
    }

    fn mapped_parts(
        &mut self,
        id: NodeId,
        mut map: impl FnMut(&mut Graph, NodeId) -> NodeId,
    ) -> Vec<NodeId> {
        let parts = self.parts(id);
        parts.into_iter().map(|part| map(self, part)).collect()
    }

    fn apply(&mut self, operation: Operation, operands: [NodeId; 3]) -> NodeId {
        let values = operands.map(|operand| self.known_value(operand));
        if let [Some(a), Some(b), Some(c)] = values {
            return self.constant(operation.apply(a, b, c));
        }
        if let Some(simpler) = self.simpler(operation, operands, values) {
            return simpler;
        }
        let needs = self.union(&operands);
        self.intern(Node::Apply(operation, operands), needs)
    }

    /// Identities that hold for every finite number.
    fn simpler(
        &mut self,
        operation: Operation,
        [a, b, c]: [NodeId; 3],
        values: [Option<f64>; 3],
    ) -> Option<NodeId> {
        match (operation, values) {
            (Operation::Add, [Some(0.0), ..]) => Some(b),
            (Operation::Add | Operation::Subtract, [_, Some(0.0), _]) => Some(a),
            (Operation::Multiply, [Some(1.0), ..]) => Some(b),
            (Operation::Multiply | Operation::Divide, [_, Some(1.0), _]) => Some(a),
            (Operation::If, [Some(condition), ..]) if !condition.is_nan() => {
                Some(if condition != 0.0 { b } else { c })
            }
            _ => None,
        }
    }

    fn union(&self, operands: &[NodeId]) -> Needs {
        operands.iter().fold(Needs::default(), |needs, operand| {
            needs.and(self.needs(*operand))
        })
    }

    fn intern(&mut self, node: Node, needs: Needs) -> NodeId {
        if let Some(id) = self.known.get(&node) {
            return *id;
        }
        let id = NodeId(self.nodes.len() as u32);
        self.nodes.push(node.clone());
        self.needs.push(needs);
        self.known.insert(node, id);
        id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_parts_are_built_once_and_constants_folded() {
        let mut graph = Graph::default();
        let x = graph.draw(0, false);
        let two = graph.constant(2.0);
        let a = graph.binary(Operation::Multiply, two, x);
        let b = graph.binary(Operation::Multiply, two, x);
        assert_eq!(a, b);
        let four = graph.binary(Operation::Add, two, two);
        assert_eq!(graph.known_value(four), Some(4.0));
        assert!(graph.needs(a).world_only() && graph.needs(a).world);
    }

    #[test]
    fn sums_fall_into_parts_with_their_own_scopes() {
        let mut graph = Graph::default();
        let (p, q, k) = (graph.issue(0), graph.issue(1), graph.draw(0, false));
        let difference = graph.binary(Operation::Subtract, p, q);
        let scaled = graph.binary(Operation::Multiply, difference, k);
        let parts = graph.parts(scaled);
        let scopes: Vec<_> = parts.iter().map(|part| graph.scope(*part)).collect();
        assert_eq!(scopes, [vec![0], vec![1]]);
        let fixed = graph.fix(parts[1], &|_| (3.0, 0));
        assert!(graph.needs(fixed).world_only());
    }
}
