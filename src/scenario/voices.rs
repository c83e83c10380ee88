//! What an actor says on an issue, signing or not: the position it takes, how much it cares, what weight it carries.
//!
//! For the one-dimensional forecasts, which ask nobody for consent. What is not written is derived from
//! the actor's weights and values.

use super::located::{Formula, Located};
use super::reader::Reader;

/// What one actor says on one issue.
#[derive(Debug, Clone, PartialEq)]
pub struct Voice {
    /// Which issue.
    pub issue: Located<String>,
    /// The level or number it wants.
    pub position: Option<Formula>,
    /// How much it cares.
    pub salience: Option<Formula>,
    /// What it can throw in here, if it is not the same everywhere.
    pub capability: Option<Formula>,
    /// The assumptions behind it, where no stake tells them.
    pub source: Vec<Located<String>>,
}

/// The keys of a stake that make a voice.
pub(super) fn read(table: &mut Reader<'_, '_, '_>, issue: Located<String>) -> Voice {
    Voice {
        issue,
        position: table.formula("position"),
        salience: table.formula("salience"),
        capability: table.formula("capability"),
        source: Vec::new(),
    }
}

impl Voice {
    /// Whether nothing of it is written.
    pub(super) fn is_silent(&self) -> bool {
        self.position.is_none() && self.salience.is_none() && self.capability.is_none()
    }

    /// Its formulas.
    pub fn formulas(&self) -> impl Iterator<Item = &Formula> {
        let all = [&self.position, &self.salience, &self.capability];
        all.into_iter().flatten()
    }
}
