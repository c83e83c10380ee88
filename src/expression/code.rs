//! Straight-line code: the nodes wanted, in the order they can be computed, over one register each.

use super::graph::{Graph, Node, NodeId};

/// Nodes to compute, each after its operands.
#[derive(Debug, Clone, Default)]
pub struct Code {
    steps: Vec<(NodeId, Node)>,
}

/// What code reads besides its registers.
pub struct Inputs<'i> {
    /// One number per open quantity.
    pub draws: &'i [f64],
    /// One value per issue: its number, or the index of its level.
    pub issues: &'i [f64],
    /// One level index per issue with listed levels (anything for ranges); `None` = nothing stands.
    pub levels: &'i [Option<usize>],
    /// What only the outcome tells.
    pub outcome: &'i [f64],
    /// What changes in the course of a run.
    pub state: &'i [f64],
    /// (law, u, arguments) to the quantile.
    pub quantile: &'i (dyn Fn(u32, f64, &[f64]) -> f64 + Sync),
}

impl Code {
    /// The code that computes `wanted`, leaving out what `done` says is in its register already.
    pub fn new(
        graph: &Graph,
        wanted: impl IntoIterator<Item = NodeId>,
        done: impl Fn(NodeId) -> bool,
    ) -> Code {
        let mut marked = vec![false; graph.len()];
        let mut open: Vec<NodeId> = wanted.into_iter().collect();
        while let Some(id) = open.pop() {
            if marked[id.index()] || done(id) {
                continue;
            }
            marked[id.index()] = true;
            open.extend(graph.operands(id));
        }
        // Operands are built before the nodes that use them, so index order is a right order.
        let steps = (0..graph.len())
            .filter(|index| marked[*index])
            .map(|index| NodeId(index as u32))
            .map(|id| (id, graph.node(id).clone()))
            .collect();
        Code { steps }
    }

    /// The steps to the nodes that `keep` approves.
    pub fn only(mut self, keep: impl Fn(NodeId) -> bool) -> Code {
        self.steps.retain(|(id, _)| keep(*id));
        self
    }

    /// The nodes it computes.
    pub fn computed(&self) -> impl Iterator<Item = NodeId> {
        self.steps.iter().map(|(id, _)| *id)
    }

    /// Compute every step into its register.
    pub fn run(&self, registers: &mut [f64], inputs: &Inputs<'_>) {
        for (id, node) in &self.steps {
            let value = match node {
                Node::Constant(bits) => f64::from_bits(*bits),
                Node::Draw(draw) => inputs.draws[*draw as usize],
                Node::Issue(issue) => inputs.issues[*issue as usize],
                Node::Outcome(slot) => inputs.outcome[*slot as usize],
                Node::State(slot) => inputs.state[*slot as usize],
                Node::Apply(operation, [a, b, c]) => operation.apply(
                    registers[a.index()],
                    registers[b.index()],
                    registers[c.index()],
                ),
                Node::Lookup(issue, entries) => match inputs.levels[*issue as usize] {
                    Some(level) => registers[entries[level].index()],
                    None => f64::NAN,
                },
                Node::Quantile(law, draw, arguments) => {
                    let mut values = [0.0; MOST_ARGUMENTS];
                    for (value, argument) in values.iter_mut().zip(arguments.iter()) {
                        *value = registers[argument.index()];
                    }
                    let u = inputs.draws[*draw as usize];
                    (inputs.quantile)(*law, u, &values[..arguments.len()])
                }
            };
            registers[id.index()] = value;
        }
    }
}

/// Most arguments of a distribution whose arguments are uncertain.
pub const MOST_ARGUMENTS: usize = 4;
