//! Rank correlations between quantities: each must have one distribution of its own.

use super::compiler::Compiler;
use crate::scenario::{Diagnostic, Located};
use crate::uncertainty::{Dependence, DependenceFault};

impl Compiler<'_> {
    /// The copula between quantities, or the pair that cannot be.
    pub fn dependence(&mut self) -> Option<Dependence> {
        let scenario = self.scenario;
        let mut pairs = Vec::new();
        let mut entries = Vec::new();
        for (index, entry) in scenario.dependence.iter().enumerate() {
            let mut members = Vec::new();
            for name in &entry.between {
                if let Some(draw) = self.member(name) {
                    members.push(draw);
                }
            }
            for (first, a) in members.iter().enumerate() {
                for b in &members[first + 1..] {
                    pairs.push((*a as usize, *b as usize, entry.rank.value));
                    entries.push(index);
                }
            }
        }
        if pairs.is_empty() || self.faults.has_errors() {
            return None;
        }
        match Dependence::new(self.book.len(), &pairs) {
            Ok(dependence) => Some(dependence),
            Err(fault) => {
                self.impossible_dependence(fault, &entries);
                None
            }
        }
    }

    /// The draw of a quantity that takes part in a dependence.
    fn member(&mut self, name: &Located<String>) -> Option<u32> {
        let scenario = self.scenario;
        let Some(quantity) = scenario
            .quantities
            .iter()
            .find(|q| q.name.value == name.value)
        else {
            let names = scenario.quantities.iter().map(|q| q.name.value.as_str());
            let found = Diagnostic::error(
                name.span.clone(),
                format!("`{}` is not a quantity", name.value),
            )
            .label("expected a name of [quantities]")
            .did_you_mean(&name.value, names);
            self.faults.push(found);
            return None;
        };
        let address = &quantity.value.address;
        let several = self.book.known(&format!("{address}#2")).is_some();
        match self.book.known(address) {
            Some(draw) if !several => Some(draw),
            found => {
                let what = if found.is_some() {
                    "several distributions"
                } else {
                    "no distribution"
                };
                let message = format!("`{}` cannot take part in a dependence", name.value);
                let fault = Diagnostic::error(name.span.clone(), message)
                    .label(format!("its formula has {what} of its own; expected one"));
                self.faults.push(fault);
                None
            }
        }
    }

    fn impossible_dependence(&mut self, fault: DependenceFault, entries: &[usize]) {
        let scenario = self.scenario;
        let name = |draw: usize| {
            let address = &self.book.addresses()[draw];
            address
                .strip_prefix("quantities.")
                .unwrap_or(address)
                .to_string()
        };
        let (pair, message) = match &fault {
            DependenceFault::NotPositive { a, b, pair, .. } => (
                *pair,
                format!(
                    "the rank correlations contradict each other at `{}` and `{}`",
                    name(*a),
                    name(*b)
                ),
            ),
            DependenceFault::Unknown { pair, .. } | DependenceFault::Itself { pair } => {
                (*pair, "a quantity is paired with itself".to_string())
            }
            DependenceFault::Twice { pair, .. } => (
                *pair,
                "this pair was given a rank correlation already".to_string(),
            ),
            DependenceFault::Rank { pair, .. } => {
                (*pair, "this is not a rank correlation".to_string())
            }
        };
        let entry = &scenario.dependence[entries.get(pair).copied().unwrap_or(0)];
        let found = Diagnostic::error(entry.rank.span.clone(), message).label(fault.to_string());
        self.faults.push(found);
    }
}
