//! The formula language: text to tree to graph to code.
//!
//! Wherever a number stands in a scenario, a formula may stand. All formulas of a model are built
//! into one [`Graph`]; what depends on the world runs once per run as [`Code`], what depends on
//! issues fills whole tables as [`Column`]s. The loop never looks up a name.

mod build;
mod code;
mod column;
mod fault;
mod function;
mod graph;
mod operation;
mod parse;
mod reach;
mod taken;
mod token;
mod tree;

pub use build::{Context, IssueWords, Referent, build};
pub use code::{Code, Inputs, MOST_ARGUMENTS};
pub use column::{Axes, Column, ColumnStore};
pub use fault::Fault;
pub use function::{FUNCTIONS, Function};
pub use graph::{Graph, Needs, Node, NodeId};
pub use operation::Operation;
pub use parse::parse;
pub use tree::{Term, Tree};
