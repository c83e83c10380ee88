//! What-ifs: numbers at addresses, written by a variant or on the command line.

use super::compiler::Compiler;
use crate::scenario::{Diagnostic, Formula, Scenario, Variant};

/// One number that stands in place of another; `base` in its formula is what stood there.
#[derive(Debug, Clone, PartialEq)]
pub struct Patch {
    /// Where the number stands: its TOML path.
    pub address: String,
    /// The bytes of the address where it was written.
    pub place: std::ops::Range<usize>,
    /// What stands there instead.
    pub formula: Formula,
    /// Who wrote it.
    pub origin: Origin,
}

/// Who wrote a patch, and so which text its faults point into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The scenario file.
    File,
    /// The command line: `--set` number this.
    Argument(usize),
}

impl Patch {
    /// The patches of a variant.
    pub fn of_variant(variant: &Variant) -> Vec<Patch> {
        let patch = |(address, formula): &(crate::scenario::Located<String>, Formula)| Patch {
            address: normal(&address.value),
            place: address.span.clone(),
            formula: formula.clone(),
            origin: Origin::File,
        };
        variant.set.iter().map(patch).collect()
    }

    /// The patches of a variant of this name.
    pub fn of_variant_named(scenario: &Scenario, name: &str) -> Option<Vec<Patch>> {
        let variant = scenario.variants.iter().find(|v| v.name.value == name)?;
        Some(Patch::of_variant(variant))
    }

    /// `ADDRESS=VALUE` as it stands on the command line, argument number `index`.
    pub fn of_argument(text: &str, index: usize) -> Option<Patch> {
        let (address, value) = text.split_once('=')?;
        let trimmed = value.trim();
        // Quotes the shell left over are no part of the formula.
        let inner = trimmed
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'))
            .unwrap_or(trimmed);
        let start = inner.as_ptr() as usize - text.as_ptr() as usize;
        let formula = Formula {
            text: inner.to_string(),
            literal: inner.parse().ok().filter(|value: &f64| value.is_finite()),
            span: start..start + inner.len(),
            inner: Some(start),
            address: normal(address.trim()),
        };
        Some(Patch {
            address: normal(address.trim()),
            place: 0..address.len(),
            formula,
            origin: Origin::Argument(index),
        })
    }
}

impl Compiler<'_> {
    /// Patches of addresses where no number stands; also in variants that are not played.
    pub fn unknown_addresses(&mut self) {
        let mut unknown: Vec<Patch> = self
            .patches
            .values()
            .flatten()
            .map(|p| (*p).clone())
            .collect();
        unknown.extend(self.scenario.variants.iter().flat_map(Patch::of_variant));
        unknown.retain(|patch| !self.addresses.contains(&patch.address));
        unknown.sort_by_key(|patch| patch.place.start);
        unknown.dedup();
        for patch in unknown {
            if let Some(found) = self.knowledge_of_an_outsider(&patch) {
                self.report_at(patch.origin, found);
                continue;
            }
            let message = format!("`{}` is not the address of a number", patch.address);
            let names = self.addresses.iter().map(String::as_str);
            let found = Diagnostic::error(patch.place, message)
                .label("expected the TOML path of a number")
                .did_you_mean(&patch.address, names);
            self.report_at(patch.origin, found);
        }
    }
}

/// The short and the long form of a quantity or measure have one address.
fn normal(address: &str) -> String {
    let short = address.strip_suffix(".value").filter(|short| {
        let parts: Vec<&str> = short.split('.').collect();
        parts.len() == 2 && matches!(parts[0], "quantities" | "measures")
    });
    short.unwrap_or(address).to_string()
}

#[test]
fn arguments_keep_their_places() {
    let patch = Patch::of_argument("quantities.x.value = \"base + 1\"", 2).unwrap();
    assert_eq!(patch.address, "quantities.x");
    assert_eq!(patch.formula.text, "base + 1");
    assert_eq!(patch.formula.inner, Some(22));
    assert!(Patch::of_argument("quantities.x", 0).is_none());
}
