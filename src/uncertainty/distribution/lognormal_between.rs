//! Lognormal by its 5 % and 95 % quantiles: the normal fit of their logarithms.

use super::lognormal::Lognormal;
use super::normal_between::Z95;
use crate::catalogue::Kind;
use crate::uncertainty::law::{
    Distribution, DistributionKind, Fault, Make, finite, hold, required,
};
use crate::uncertainty::maths::ln;

/// `lognormal_between(p05, p95)`
pub const KIND: DistributionKind = DistributionKind {
    kind: Kind {
        name: "lognormal_between",
        about: "an amount above 0 with 90 % of its weight between two values",
        reference: "O'Hagan et al. 2006",
        manual: "For an expert's 90 % range of an amount that can't be negative and may surprise upwards. The median is \
                 the geometric mean of the two values.",
        settings: &[],
    },
    arguments: &[
        required("p05", "value that is passed 19 times in 20"),
        required("p95", "value that is passed once in 20"),
    ],
    example: "lognormal_between(2, 8)",
    make: Make::Numbers(|numbers| fit(numbers).map(super::Law::LognormalBetween)),
    instant: Some(|u, numbers| fit(numbers).map_or(f64::NAN, |law| law.quantile(u))),
};

/// Only its arguments tell it from `lognormal`.
pub type LognormalBetween = Lognormal;

fn fit(numbers: &[f64]) -> Result<Lognormal, Fault> {
    let [p05, p95] = finite(numbers)?;
    hold(p05 > 0.0, 0, "a number above 0")?;
    hold(p05 <= p95, 1, "at least p05 ({p05})")?;
    let (low, high) = (ln(p05), ln(p95));
    Ok(Lognormal {
        mu: 0.5 * (low + high),
        sigma: (high - low) / (2.0 * Z95),
    })
}
