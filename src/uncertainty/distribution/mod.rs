//! The family of distributions: one file per kind, one line in the list.
//!
//! To add one, write `name.rs` with a `KIND` and a type that is a [`Distribution`], declare the module and add its line
//! to the family below. The list then feeds `demarche list`, the manual, did-you-mean and the conformance tests.

use super::{Distribution, DistributionKind};

mod bernoulli;
mod beta;
mod binomial;
mod discrete;
mod empirical;
mod exponential;
mod gamma;
mod integer;
mod logistic_noise;
mod lognormal;
mod lognormal_between;
mod loguniform;
mod mixture;
mod normal;
mod normal_between;
mod pert;
mod poisson;
mod student_t;
mod triangular;
mod truncated;
mod uniform;
mod weibull;

macro_rules! family {
    ($($module:ident $Kind:ident: $about:literal,)*) => {
        /// A distribution ready to draw.
        #[derive(Debug, Clone)]
        pub enum Law {
            $(#[doc = $about] $Kind($module::$Kind),)*
        }

        impl Distribution for Law {
            #[inline]
            fn quantile(&self, u: f64) -> f64 {
                match self { $(Law::$Kind(law) => law.quantile(u),)* }
            }
            fn cdf(&self, x: f64) -> f64 {
                match self { $(Law::$Kind(law) => law.cdf(x),)* }
            }
            fn mean(&self) -> f64 {
                match self { $(Law::$Kind(law) => law.mean(),)* }
            }
            fn support(&self) -> (f64, f64) {
                match self { $(Law::$Kind(law) => law.support(),)* }
            }
            fn median(&self) -> f64 {
                match self { $(Law::$Kind(law) => law.median(),)* }
            }
            fn survival(&self, x: f64) -> f64 {
                match self { $(Law::$Kind(law) => law.survival(x),)* }
            }
            fn upper_quantile(&self, v: f64) -> f64 {
                match self { $(Law::$Kind(law) => law.upper_quantile(v),)* }
            }
            fn below(&self, x: f64) -> f64 {
                match self { $(Law::$Kind(law) => law.below(x),)* }
            }
            fn is_discrete(&self) -> bool {
                match self { $(Law::$Kind(law) => law.is_discrete(),)* }
            }
        }

        /// Every kind, in the order of the manual.
        pub const DISTRIBUTIONS: &[&DistributionKind] = &[$(&$module::KIND,)*];
    };
}

family! {
    uniform Uniform: "Any value between two bounds, all alike.",
    triangular Triangular: "Three-point estimate with straight sides.",
    pert Pert: "Three-point estimate, smooth.",
    normal Normal: "Normal by mean and standard deviation.",
    normal_between NormalBetween: "Normal by its 5 % and 95 % quantiles.",
    lognormal Lognormal: "Lognormal by the mean and standard deviation of its logarithm.",
    lognormal_between LognormalBetween: "Lognormal by its 5 % and 95 % quantiles.",
    loguniform Loguniform: "Any order of magnitude between two bounds, all alike.",
    beta Beta: "A share between 0 and 1.",
    gamma Gamma: "A waiting time or an amount.",
    exponential Exponential: "A waiting time without memory.",
    weibull Weibull: "A time to failure.",
    logistic_noise LogisticNoise: "Noise of a logistic choice.",
    student_t StudentT: "Noise with heavy tails.",
    bernoulli Bernoulli: "Yes or no.",
    integer Integer: "A whole number between two bounds.",
    binomial Binomial: "How many of so many.",
    poisson Poisson: "How many, at a known rate.",
    discrete Discrete: "Listed values with their probabilities.",
    empirical Empirical: "Listed values, all alike.",
    mixture Mixture: "One of several distributions.",
    truncated Truncated: "A distribution kept within bounds.",
}

// What callers need without importing the trait.
impl Law {
    /// The smallest x with probability at least u at or below it, for u in (0, 1).
    #[inline]
    pub fn quantile(&self, u: f64) -> f64 {
        Distribution::quantile(self, u)
    }

    /// Probability of at most x.
    pub fn cdf(&self, x: f64) -> f64 {
        Distribution::cdf(self, x)
    }

    /// Mean; NaN where there is none.
    pub fn mean(&self) -> f64 {
        Distribution::mean(self)
    }

    /// The value that is passed as often as not.
    pub fn median(&self) -> f64 {
        Distribution::median(self)
    }

    /// Smallest and largest value.
    pub fn support(&self) -> (f64, f64) {
        Distribution::support(self)
    }
}

/// The law that always gives one value.
pub(super) fn constant(value: f64) -> Result<Law, String> {
    empirical::Empirical::new(&[value]).map(Law::Empirical)
}
