//! Which order statistics bound a quantile: ranks of the binomial distribution.
//!
//! Of n independent runs, B ~ Binomial(n, q) fall below the q-quantile, whatever the distribution.
//! With l the lower and u - 1 the upper binomial quantile, the interval from the l-th to the u-th
//! smallest value covers the q-quantile with at least the stated confidence.
//!
//! H. A. David, H. N. Nagaraja (2003), Order Statistics, 3rd ed., section 7.1.

use super::Confidence;

/// Weights below this part of the mode's weight change no rank.
const NEGLIGIBLE: f64 = 1e-18;

/// The ranks (from 1) of the lower and upper bound for the q-quantile of n values.
///
/// `None` where n is too small: no value is surely below (or above) the quantile.
pub fn quantile_ranks(n: u64, q: f64, confidence: Confidence) -> (Option<u64>, Option<u64>) {
    if n == 0 || !(q > 0.0 && q < 1.0) {
        return (None, None);
    }
    let tail = (1.0 - confidence.level()) / 2.0;
    let (lower, upper) = binomial_quantiles(n, q, tail);
    (
        Some(lower).filter(|&l| l >= 1),
        Some(upper + 1).filter(|&u| u <= n),
    )
}

/// The smallest k with P(B <= k) >= tail, and the smallest k with P(B > k) <= tail.
///
/// The weights are relative to the mode's and follow from their neighbours by one multiplication
/// each, so no factorial, logarithm or table enters.
fn binomial_quantiles(n: u64, q: f64, tail: f64) -> (u64, u64) {
    let odds = q / (1.0 - q);
    let next = |k: u64, weight: f64| weight * odds * (n - k) as f64 / (k + 1) as f64;
    let previous = |k: u64, weight: f64| weight * k as f64 / (odds * (n - k + 1) as f64);

    let mode = (((n + 1) as f64 * q).floor() as u64).min(n);
    let (mut bottom, mut bottom_weight, mut total) = (mode, 1.0, 1.0);
    while bottom > 0 && bottom_weight > NEGLIGIBLE {
        bottom_weight = previous(bottom, bottom_weight);
        bottom -= 1;
        total += bottom_weight;
    }
    let (mut top, mut top_weight) = (mode, 1.0);
    while top < n && top_weight > NEGLIGIBLE {
        top_weight = next(top, top_weight);
        top += 1;
        total += top_weight;
    }

    let mut below = bottom_weight;
    while bottom < top && below < tail * total {
        bottom_weight = next(bottom, bottom_weight);
        bottom += 1;
        below += bottom_weight;
    }
    let mut above = top_weight;
    while top > 0 && above <= tail * total {
        top_weight = previous(top, top_weight);
        top -= 1;
        above += top_weight;
    }
    (bottom, top)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_few_values_leave_a_side_open() {
        // P(no value below the 5 % quantile) = 0.95^10 = 0.60: nothing bounds it from below
        let (lower, upper) = quantile_ranks(10, 0.05, Confidence::NINETY_FIVE);
        assert_eq!((lower, upper), (None, Some(3)));
        assert_eq!(
            quantile_ranks(1, 0.5, Confidence::NINETY_FIVE),
            (None, None)
        );
        assert_eq!(
            quantile_ranks(0, 0.5, Confidence::NINETY_FIVE),
            (None, None)
        );
    }

    #[test]
    fn small_binomials_by_counting() {
        // Binomial(6, 1/2): P(B <= 0) = 1/64 = 0.0156, P(B <= 1) = 7/64; symmetric above
        assert_eq!(binomial_quantiles(6, 0.5, 0.025), (1, 5));
        assert_eq!(binomial_quantiles(6, 0.5, 0.01), (0, 6));
    }

    #[test]
    fn many_runs_follow_the_normal_approximation() {
        let n = 100_000_000;
        let (lower, upper) = quantile_ranks(n, 0.5, Confidence::NINETY_FIVE);
        let half = 1.959963984540054 * 5_000.0;
        assert!((lower.unwrap() as f64 - (5e7 - half)).abs() < 2.0);
        assert!((upper.unwrap() as f64 - (5e7 + half)).abs() < 2.0);
    }
}
