//! Open quantities: every distribution written in a scenario is drawn once per run, by its address.
//!
//! The book gives each address a number that never changes within a command, so a variant or a
//! `--set` that replaces one number leaves every other draw as it was: common random numbers.

use crate::uncertainty::{DistributionKind, Law};
use std::collections::HashMap;

/// The addresses of all open quantities, in the order they were met.
#[derive(Debug, Clone, Default)]
pub struct DrawBook {
    addresses: Vec<String>,
    known: HashMap<String, u32>,
}

impl DrawBook {
    /// The number of an address; new ones go to the end.
    pub fn number(&mut self, address: String) -> u32 {
        let next = self.addresses.len() as u32;
        let number = *self.known.entry(address.clone()).or_insert(next);
        if number == next {
            self.addresses.push(address);
        }
        number
    }

    /// The number of an address that was met already.
    pub fn known(&self, address: &str) -> Option<u32> {
        self.known.get(address).copied()
    }

    /// All addresses, in order.
    pub fn addresses(&self) -> &[String] {
        &self.addresses
    }

    /// How many open quantities there are.
    pub fn len(&self) -> usize {
        self.addresses.len()
    }

    /// Whether nothing is open.
    pub fn is_empty(&self) -> bool {
        self.addresses.is_empty()
    }
}

/// How an open quantity is drawn in one model.
#[derive(Debug)]
pub(super) enum DrawLaw {
    /// Not at all: a patch replaced it.
    Unused,
    /// By a law that is the same in every run.
    Fixed(Law),
    /// By a kind whose arguments change from run to run; they are registers.
    Open,
}

/// A quantile whose arguments are uncertain themselves.
pub(super) fn open_quantile(kind: &'static DistributionKind, u: f64, arguments: &[f64]) -> f64 {
    kind.instant
        .map_or(f64::NAN, |quantile| quantile(u, arguments))
}
