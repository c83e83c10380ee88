//! Normal by its 5 % and 95 % quantiles: mean (p05 + p95) / 2, sd (p95 - p05) / (2 · 1.645).

use super::normal::Normal;
use crate::catalogue::Kind;
use crate::uncertainty::law::{
    Distribution, DistributionKind, Fault, Make, finite, hold, required,
};

/// `normal_between(p05, p95)`
pub const KIND: DistributionKind = DistributionKind {
    kind: Kind {
        name: "normal_between",
        about: "the bell curve with 90 % of its weight between two values",
        reference: "O'Hagan et al. 2006",
        manual: "For an expert's 90 % range. One draw in twenty falls below `p05`, one in twenty above `p95`.",
        settings: &[],
    },
    arguments: &[
        required("p05", "value that is passed 19 times in 20"),
        required("p95", "value that is passed once in 20"),
    ],
    example: "normal_between(2, 8)",
    make: Make::Numbers(|numbers| fit(numbers).map(super::Law::NormalBetween)),
    instant: Some(|u, numbers| fit(numbers).map_or(f64::NAN, |law| law.quantile(u))),
};

/// Only its arguments tell it from `normal`.
pub type NormalBetween = Normal;

fn fit(numbers: &[f64]) -> Result<Normal, Fault> {
    let [p05, p95] = finite(numbers)?;
    hold(p05 <= p95, 1, "at least p05 ({p05})")?;
    hold((p95 - p05).is_finite(), 1, "a range that can be computed")?;
    Ok(Normal {
        mean: p05 + 0.5 * (p95 - p05),
        sd: (p95 - p05) / (2.0 * Z95),
    })
}

/// The standard normal's 95 % quantile.
pub(super) const Z95: f64 = 1.6448536269514722;
