//! What a node is made from, near and far.

use super::graph::{Graph, Node, NodeId};

impl Graph {
    /// Whether a node is made from another one for which `wanted` holds.
    pub fn reaches(&self, id: NodeId, wanted: &dyn Fn(NodeId) -> bool) -> bool {
        let mut seen = vec![false; self.len()];
        let mut open = self.operands(id);
        while let Some(next) = open.pop() {
            if next == id || std::mem::replace(&mut seen[next.index()], true) {
                continue;
            }
            if wanted(next) {
                return true;
            }
            open.extend(self.operands(next));
        }
        false
    }

    /// The nodes a node is made from.
    pub fn operands(&self, id: NodeId) -> Vec<NodeId> {
        match self.node(id) {
            Node::Apply(_, operands) => operands.to_vec(),
            Node::Lookup(_, nodes) | Node::Quantile(_, _, nodes) => nodes.to_vec(),
            _ => Vec::new(),
        }
    }
}
