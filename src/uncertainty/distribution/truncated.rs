//! Truncated: a distribution given that it falls within bounds. x = Q(F(low) + u (F(high) - F(low))).
//!
//! Probabilities are counted from the nearer tail, so that a slice far out keeps its digits.

use super::Law;
use crate::catalogue::Kind;
use crate::uncertainty::law::{
    Argument, ArgumentForm, Distribution, DistributionKind, LawFault, Make, Takes, Times,
    inner_law, number, required,
};
use crate::uncertainty::maths::exp;
use std::f64::consts::FRAC_PI_2;

/// `truncated(law, low, high)`
pub const KIND: DistributionKind = DistributionKind {
    kind: Kind {
        name: "truncated",
        about: "a distribution kept within bounds, its shape inside unchanged",
        reference: "Galton 1898",
        manual: "What falls outside is left out, not moved to the bounds (for that, write `clamp`). To cut one side \
                 only, give a bound beyond the other end.",
        settings: &[],
    },
    arguments: &[
        ArgumentForm {
            name: "law",
            about: "a distribution",
            takes: Takes::Law,
            times: Times::Once,
        },
        required("low", "smallest value"),
        required("high", "largest value"),
    ],
    example: "truncated(normal(1, 0.8), 0, 3)",
    make: Make::Arguments(make),
    instant: None,
};

/// A law within bounds.
#[derive(Debug, Clone)]
pub struct Truncated {
    law: Box<Law>,
    low: f64,
    high: f64,
    /// Whether probabilities are counted from the upper tail.
    from_above: bool,
    /// Probability outside on the side they are counted from.
    outside: f64,
    mass: f64,
}

fn make(arguments: &[Argument]) -> Result<Law, LawFault> {
    let bound = |index: usize| arguments.get(index).and_then(number).unwrap_or(f64::NAN);
    let law = inner_law(arguments, 0)?;
    let (low, high) = (bound(1), bound(2));
    if !(low <= high) {
        let message = format!("high: expected at least low ({low}); found {high}");
        return Err(LawFault::new(2, message));
    }
    Truncated::new(law, low, high).map(Law::Truncated)
}

impl Truncated {
    /// A law within bounds that it reaches.
    pub(super) fn new(law: Law, low: f64, high: f64) -> Result<Truncated, LawFault> {
        let from_above = Distribution::below(&law, low) > 0.5;
        let (outside, upto) = if from_above {
            let above_low = if law.is_discrete() {
                1.0 - law.below(low)
            } else {
                law.survival(low)
            };
            (law.survival(high), above_low)
        } else {
            (law.below(low), law.cdf(high))
        };
        let mass = upto - outside;
        if !(mass > 0.0) {
            let (least, most) = law.support();
            let message = format!(
                "low: expected bounds that the distribution reaches (it runs from {least} to {most}); \
                 found {low} to {high}"
            );
            return Err(LawFault::new(1, message));
        }
        Ok(Truncated {
            law: Box::new(law),
            low,
            high,
            from_above,
            outside,
            mass,
        })
    }

    /// Probability within the bounds.
    pub(super) fn mass(&self) -> f64 {
        self.mass
    }

    /// The value with share u of the mass below it; `v` is 1 - u.
    fn at(&self, u: f64, v: f64) -> f64 {
        let x = if self.from_above {
            self.law.upper_quantile(self.outside + v * self.mass)
        } else {
            let share = self.outside + u * self.mass;
            self.law.quantile(share.max(self.outside.next_up()))
        };
        x.max(self.low).min(self.high)
    }

    /// ∫ Q(u) du by the double exponential rule (Takahasi and Mori 1974).
    fn integral(&self) -> f64 {
        const STEP: f64 = 1.0 / 256.0;
        let mut sum = 0.0;
        for k in -1024..=1024 {
            let t = f64::from(k) * STEP;
            let (rise, fall) = (exp(t), exp(-t));
            let s = FRAC_PI_2 * (rise - fall);
            let (u, v) = (1.0 / (1.0 + exp(-s)), 1.0 / (1.0 + exp(s)));
            let weight = FRAC_PI_2 * (rise + fall) * u * v;
            if weight > 0.0 {
                sum += weight * STEP * self.at(u, v);
            }
        }
        sum
    }

    /// Sum over the atoms within the bounds.
    fn sum_of_atoms(&self) -> f64 {
        let (mut done, mut sum) = (self.law.below(self.low), 0.0);
        let end = self.law.cdf(self.high);
        while done < end {
            let atom = self.law.quantile(done.next_up());
            let upto = self.law.cdf(atom).min(end);
            if !(upto > done) {
                break;
            }
            sum += atom * (upto - done);
            done = upto;
        }
        sum / self.mass
    }
}

impl Distribution for Truncated {
    fn quantile(&self, u: f64) -> f64 {
        self.at(u, 1.0 - u)
    }

    fn upper_quantile(&self, v: f64) -> f64 {
        self.at(1.0 - v, v)
    }

    fn cdf(&self, x: f64) -> f64 {
        if x < self.low {
            0.0
        } else if x >= self.high {
            1.0
        } else if self.from_above {
            1.0 - (self.law.survival(x) - self.outside) / self.mass
        } else {
            ((self.law.cdf(x) - self.outside) / self.mass).min(1.0)
        }
    }

    fn below(&self, x: f64) -> f64 {
        if !self.is_discrete() {
            return self.cdf(x);
        }
        if x <= self.low {
            return 0.0;
        }
        let share = (self.law.below(x) - self.law.below(self.low)) / self.mass;
        share.clamp(0.0, 1.0)
    }

    /// By quadrature, to about 1e-12; 1e-6 where the density has kinks.
    fn mean(&self) -> f64 {
        match &*self.law {
            Law::Mixture(mixture) => mixture.mean_within(self.low, self.high),
            law if law.is_discrete() => self.sum_of_atoms(),
            law if !law.mean().is_finite() && !self.is_bounded() => law.mean(),
            _ => self.integral(),
        }
    }

    fn support(&self) -> (f64, f64) {
        let (least, most) = self.law.support();
        (self.low.max(least), self.high.min(most))
    }

    fn is_discrete(&self) -> bool {
        self.law.is_discrete()
    }
}

impl Truncated {
    fn is_bounded(&self) -> bool {
        let (least, most) = self.support();
        least.is_finite() && most.is_finite()
    }
}
