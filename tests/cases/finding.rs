//! What came of one case: which expected numbers were compared, and which did not agree.

use super::case::{Case, numbers, packages};
use serde_json::Value;
use std::collections::BTreeSet;

/// The comparisons of one case.
pub struct Finding<'c> {
    case: &'c Case,
    seen: BTreeSet<String>,
    compared: usize,
    mismatches: Vec<String>,
}

impl<'c> Finding<'c> {
    /// Nothing compared yet.
    pub fn new(case: &'c Case) -> Finding<'c> {
        Finding {
            case,
            seen: BTreeSet::new(),
            compared: 0,
            mismatches: Vec::new(),
        }
    }

    /// The case could not be played.
    pub fn fault(&mut self, fault: String) {
        self.mismatches.push(fault);
    }

    /// An expected value, taken from the top of the case's list; from then on it counts as compared.
    pub fn expect(&mut self, name: &str) -> Option<&'c Value> {
        let value = self.case.expected.get(name)?;
        self.seen.insert(name.to_string());
        Some(value)
    }

    /// Close enough, by the case's tolerance for `name`?
    pub fn number(&mut self, name: &str, place: &str, expected: f64, got: f64) {
        let tolerance = self.case.tolerance(name);
        self.within(place, expected, got, tolerance);
    }

    /// Within an explicit bound.
    pub fn within(&mut self, place: &str, expected: f64, got: f64, bound: f64) {
        self.compared += 1;
        if (got - expected).abs() > bound || got.is_nan() != expected.is_nan() {
            self.mismatches.push(format!(
                "{place}: expected {expected}, got {got} (off by {:.3e}, allowed {bound:.1e})",
                (got - expected).abs()
            ));
        }
    }

    /// A list of numbers, one by one.
    pub fn list(&mut self, name: &str, place: &str, expected: &Value, got: &[f64]) {
        match numbers(expected) {
            Some(expected) if expected.len() == got.len() => {
                for (k, (expected, got)) in expected.iter().zip(got).enumerate() {
                    self.number(name, &format!("{place}[{k}]"), *expected, *got);
                }
            }
            _ => self.fault(format!("{place}: expected {expected}, got {got:?}")),
        }
    }

    /// Equal, exactly.
    pub fn same<T: PartialEq + std::fmt::Debug>(&mut self, place: &str, expected: T, got: T) {
        self.compared += 1;
        if expected != got {
            self.mismatches
                .push(format!("{place}: expected {expected:?}, got {got:?}"));
        }
    }

    /// The same packages, in any order.
    pub fn same_packages(&mut self, place: &str, expected: &Value, got: &[u64]) {
        let sorted = |mut list: Vec<u64>| {
            list.sort_unstable();
            list
        };
        self.same(
            place,
            packages(expected).map(sorted),
            Some(sorted(got.to_vec())),
        );
    }

    /// Everything the case expects must have been looked at, or be named with a reason.
    pub fn close(&mut self, not_told: &[(&str, &str)]) {
        for key in self.case.expected.keys() {
            if !self.seen.contains(key) && !not_told.iter().any(|(name, _)| name == key) {
                self.mismatches.push(format!("`{key}` was not compared"));
            }
        }
        if self.compared == 0 {
            self.mismatches.push("nothing was compared".to_string());
        }
    }

    /// No mismatch?
    pub fn holds(&self) -> bool {
        self.mismatches.is_empty()
    }

    /// How many values were compared.
    pub fn compared(&self) -> usize {
        self.compared
    }

    /// What did not agree.
    pub fn mismatches(&self) -> &[String] {
        &self.mismatches
    }
}
