//! Scenario to Model: names become ids, formulas programs, tables are laid out. Hold a `Model`, and it runs.

mod variable;

pub use variable::{Role, Variable, VariableKind};
