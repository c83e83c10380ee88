//! Mixture: one of several distributions, each with its weight. The quantile inverts F(x) = Σ p_i F_i(x).
//!
//! One uniform chooses law and value together, so a rank correlation with a mixture means what it should. The
//! quantile lies between the smallest and largest of the parts' quantiles and is bracketed from there.

use super::Law;
use super::discrete::check_probabilities;
use super::truncated::Truncated;
use crate::catalogue::Kind;
use crate::uncertainty::law::{
    Argument, ArgumentForm, Distribution, DistributionKind, LawFault, Make, Takes, Times,
    inner_law, number,
};

/// `mixture(p, law, p, law, ...)`
pub const KIND: DistributionKind = DistributionKind {
    kind: Kind {
        name: "mixture",
        about: "one of several distributions, each with its weight",
        reference: "Pearson 1894",
        manual: "For a world that is one thing or another: `mixture(0.8, normal(50, 5), 0.2, uniform(0, 100))`. The \
                 weights must sum to 1 within 1e-9; a number in place of a distribution stands for itself. One draw \
                 takes about a microsecond, as the mixture's own quantile is found by bracketing.",
        settings: &[],
    },
    arguments: &[
        ArgumentForm {
            name: "weight",
            about: "probability of the distribution that follows",
            takes: Takes::Number,
            times: Times::Repeated,
        },
        ArgumentForm {
            name: "law",
            about: "a distribution, or a number",
            takes: Takes::Law,
            times: Times::Repeated,
        },
    ],
    example: "mixture(0.8, normal(50, 5), 0.2, uniform(0, 100))",
    make: Make::Arguments(make),
    instant: None,
};

/// Several laws and their weights.
#[derive(Debug, Clone)]
pub struct Mixture {
    parts: Vec<(f64, Law)>,
}

fn make(arguments: &[Argument]) -> Result<Law, LawFault> {
    let weights: Vec<f64> = arguments.iter().step_by(2).filter_map(number).collect();
    let total = check_probabilities(&weights)
        .map_err(|(index, message)| LawFault::new(2 * index, format!("weight: {message}")))?;
    let mut parts = Vec::new();
    for (index, weight) in weights.iter().enumerate() {
        let law = inner_law(arguments, 2 * index + 1)?;
        if *weight > 0.0 {
            parts.push((weight / total, law));
        }
    }
    Ok(Law::Mixture(Mixture { parts }))
}

impl Mixture {
    /// Mean of what falls within bounds.
    pub(super) fn mean_within(&self, low: f64, high: f64) -> f64 {
        let (mut mass, mut moment) = (0.0, 0.0);
        for (weight, law) in &self.parts {
            if let Ok(part) = Truncated::new(law.clone(), low, high) {
                mass += weight * part.mass();
                moment += weight * part.mass() * part.mean();
            }
        }
        moment / mass
    }

    fn sum(&self, of: impl Fn(&Law) -> f64) -> f64 {
        self.parts
            .iter()
            .map(|(weight, law)| weight * of(law))
            .sum()
    }

    /// The root of F(x) = u inside (low, high], where F(low) < u: Illinois false position, halving where that is slow.
    fn bracket(&self, u: f64, mut low: f64, mut high: f64) -> f64 {
        let width = high - low;
        let (mut below, mut above) = (self.cdf(low) - u, self.cdf(high) - u);
        let (mut side, mut slow) = (0, 0);
        for _ in 0..200 {
            let gap = high - low;
            let close = 2e-16 * high.abs() + 1e-18 * width;
            if gap <= 4.0 * close {
                break;
            }
            let chord = low - below * gap / (above - below);
            let next = if slow < 3 && chord.is_finite() {
                // A little inside both ends, so that the end that is nearly there doesn't stay alone.
                chord.max(low + close).min(high - close)
            } else {
                low + 0.5 * gap
            };
            let miss = self.cdf(next) - u;
            let now = if miss < 0.0 { -1 } else { 1 };
            if now < 0 {
                (low, below) = (next, miss);
                above *= if side == now { 0.5 } else { 1.0 };
            } else {
                (high, above) = (next, miss);
                below *= if side == now { 0.5 } else { 1.0 };
            }
            slow = if high - low > 0.5 * gap { slow + 1 } else { 0 };
            side = now;
        }
        self.snap(low, high)
    }

    /// The atom inside (low, high], if one is there, else high.
    fn snap(&self, low: f64, high: f64) -> f64 {
        let atoms = self.parts.iter().filter(|(_, law)| law.is_discrete());
        atoms
            .map(|(_, law)| law.quantile(law.cdf(high)))
            .find(|atom| low < *atom && *atom <= high)
            .unwrap_or(high)
    }
}

impl Distribution for Mixture {
    fn quantile(&self, u: f64) -> f64 {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for (_, law) in &self.parts {
            let x = law.quantile(u);
            low = low.min(x);
            high = high.max(x);
        }
        if !(low < high) || !(high - low).is_finite() || self.cdf(low) >= u {
            return low;
        }
        self.bracket(u, low, high)
    }

    fn cdf(&self, x: f64) -> f64 {
        self.sum(|law| law.cdf(x))
    }

    fn survival(&self, x: f64) -> f64 {
        self.sum(|law| law.survival(x))
    }

    fn below(&self, x: f64) -> f64 {
        self.sum(|law| law.below(x))
    }

    fn mean(&self) -> f64 {
        self.sum(Law::mean)
    }

    fn support(&self) -> (f64, f64) {
        let bounds = self.parts.iter().map(|(_, law)| law.support());
        bounds.fold((f64::INFINITY, f64::NEG_INFINITY), |all, one| {
            (all.0.min(one.0), all.1.max(one.1))
        })
    }

    fn is_discrete(&self) -> bool {
        self.parts.iter().all(|(_, law)| law.is_discrete())
    }
}
