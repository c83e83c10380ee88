//! Discrete: one of the listed values with its own probability.

use super::Law;
use crate::catalogue::Kind;
use crate::uncertainty::law::{
    Argument, ArgumentForm, Distribution, DistributionKind, LawFault, Make, Takes, Times,
};

/// `discrete([values], [probabilities])`
pub const KIND: DistributionKind = DistributionKind {
    kind: Kind {
        name: "discrete",
        about: "one of the listed values, each with its probability",
        reference: "Bernoulli 1713",
        manual: "Values may stand in any order; they are drawn along the number line, so that a rank correlation means \
                 what it should. The probabilities must sum to 1 within 1e-9.",
        settings: &[],
    },
    arguments: &[
        ArgumentForm {
            name: "values",
            about: "what may happen",
            takes: Takes::List,
            times: Times::Once,
        },
        ArgumentForm {
            name: "probabilities",
            about: "how likely each is; they sum to 1",
            takes: Takes::List,
            times: Times::Once,
        },
    ],
    example: "discrete([0, 1, 5], [0.5, 0.3, 0.2])",
    make: Make::Arguments(make),
    instant: None,
};

/// Listed values with their probabilities.
#[derive(Debug, Clone)]
pub struct Discrete {
    /// Ascending.
    values: Vec<f64>,
    /// Probability up to and including each; the last is 1.
    cumulative: Vec<f64>,
    mean: f64,
}

fn make(arguments: &[Argument]) -> Result<Law, LawFault> {
    let [Argument::List(values), Argument::List(probabilities)] = arguments else {
        return Err(LawFault::new(0, "values: expected two lists in brackets"));
    };
    if values.is_empty() {
        return Err(LawFault::new(
            0,
            "values: expected at least one; found none",
        ));
    }
    if let Some(value) = values.iter().find(|value| !value.is_finite()) {
        let message = format!("values: expected finite numbers; found {value}");
        return Err(LawFault::new(0, message));
    }
    if probabilities.len() != values.len() {
        let (expected, found) = (values.len(), probabilities.len());
        let message = format!("probabilities: expected {expected}, one per value; found {found}");
        return Err(LawFault::new(1, message));
    }
    let total = check_probabilities(probabilities)
        .map_err(|(_, message)| LawFault::new(1, format!("probabilities: {message}")))?;
    let mut atoms: Vec<(f64, f64)> = values
        .iter()
        .zip(probabilities)
        .filter(|(_, probability)| **probability > 0.0)
        .map(|(value, probability)| (*value, probability / total))
        .collect();
    atoms.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut cumulative: Vec<f64> = atoms
        .iter()
        .scan(0.0, |sum, (_, probability)| {
            *sum += probability;
            Some(f64::min(*sum, 1.0))
        })
        .collect();
    if let Some(last) = cumulative.last_mut() {
        *last = 1.0;
    }
    Ok(Law::Discrete(Discrete {
        mean: atoms.iter().map(|(value, share)| value * share).sum(),
        values: atoms.iter().map(|(value, _)| *value).collect(),
        cumulative,
    }))
}

/// The sum of probabilities that are none negative and make 1 within 1e-9; else the index at fault and what is wrong.
pub(super) fn check_probabilities(probabilities: &[f64]) -> Result<f64, (usize, String)> {
    if let Some((index, found)) = probabilities
        .iter()
        .enumerate()
        .find(|(_, p)| !(0.0..=1.0).contains(*p))
    {
        return Err((
            index,
            format!("expected probabilities from 0 to 1; found {found}"),
        ));
    }
    let total: f64 = probabilities.iter().sum();
    if !((total - 1.0).abs() <= 1e-9) {
        return Err((
            probabilities.len().saturating_sub(1),
            format!("expected a sum of 1; found {total}"),
        ));
    }
    Ok(total)
}

impl Discrete {
    /// Probability of the first `count` values.
    fn up_to(&self, count: usize) -> f64 {
        count
            .checked_sub(1)
            .and_then(|last| self.cumulative.get(last))
            .copied()
            .unwrap_or(0.0)
    }
}

impl Distribution for Discrete {
    fn quantile(&self, u: f64) -> f64 {
        let rank = self.cumulative.partition_point(|up_to| *up_to < u);
        self.values.get(rank).copied().unwrap_or(f64::NAN)
    }

    fn cdf(&self, x: f64) -> f64 {
        self.up_to(self.values.partition_point(|value| *value <= x))
    }

    fn below(&self, x: f64) -> f64 {
        self.up_to(self.values.partition_point(|value| *value < x))
    }

    fn mean(&self) -> f64 {
        self.mean
    }

    fn support(&self) -> (f64, f64) {
        (self.quantile(0.0), self.quantile(1.0))
    }

    fn is_discrete(&self) -> bool {
        true
    }
}
