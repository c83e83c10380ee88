//! Places of formulas, and formulas asked for from outside: what claims count.

use super::patch::Origin;
use crate::expression::Tree;
use crate::scenario::Formula;

/// A formula and the text its bytes point into.
#[derive(Debug, Clone)]
pub struct Place {
    /// The formula as written.
    pub formula: Formula,
    /// The text it stands in.
    pub origin: Origin,
}

impl Place {
    /// A formula of the scenario file.
    pub fn file(formula: &Formula) -> Place {
        Place {
            formula: formula.clone(),
            origin: Origin::File,
        }
    }
}

/// A condition or number to be reported for every run, besides what the scenario names.
#[derive(Debug, Clone)]
pub struct Probe {
    /// The formula, parsed.
    pub tree: Tree,
    /// The text it is part of.
    pub place: Place,
}
