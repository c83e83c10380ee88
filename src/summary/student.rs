//! Student's t quantile, for intervals around a mean.
//!
//! With theta = atan(t / sqrt(nu)) the two-sided probability is a finite sum of powers of
//! cos(theta) for every whole nu; it is solved for theta by bisection. From 1,000 degrees of
//! freedom on, the expansion around the normal quantile is exact to the last digits.
//!
//! M. Abramowitz, I. A. Stegun (1964), Handbook of Mathematical Functions, 26.7.3-26.7.5.

use super::Confidence;
use crate::uncertainty::maths;

/// From here on the expansion's first dropped term is below 1e-15.
const MANY: u64 = 1_000;

/// The t with P(|T| <= t) = confidence, for `freedom` >= 1 degrees of freedom.
pub fn student_t(freedom: u64, confidence: Confidence) -> f64 {
    if freedom >= MANY {
        return near_normal(freedom as f64, confidence.z());
    }
    let (mut low, mut high) = (0.0, std::f64::consts::FRAC_PI_2);
    loop {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            return (freedom as f64).sqrt() * maths::sin(low) / maths::cos(low);
        }
        if central_probability(freedom, middle) < confidence.level() {
            low = middle;
        } else {
            high = middle;
        }
    }
}

/// P(|T| <= sqrt(nu) tan(theta)).
fn central_probability(freedom: u64, theta: f64) -> f64 {
    let (sin, cos) = (maths::sin(theta), maths::cos(theta));
    let odd = freedom % 2 == 1;
    let (mut term, mut sum) = if odd { (cos, 0.0) } else { (1.0, 0.0) };
    let mut power = if odd { 1 } else { 0 };
    while power + 2 <= freedom {
        sum += term;
        power += 2;
        // from cos^(power - 2) to cos^power: the ratio of the double factorials before them
        term *= cos * cos * (power - 1) as f64 / power as f64;
    }
    if odd {
        std::f64::consts::FRAC_2_PI * (theta + sin * sum)
    } else {
        sin * sum
    }
}

/// The expansion of t in 1/nu around the normal quantile (26.7.5).
fn near_normal(freedom: f64, z: f64) -> f64 {
    let z2 = z * z;
    let first = z * (z2 + 1.0) / 4.0;
    let second = z * ((5.0 * z2 + 16.0) * z2 + 3.0) / 96.0;
    let third = z * (((3.0 * z2 + 19.0) * z2 + 17.0) * z2 - 15.0) / 384.0;
    let fourth = z * ((((79.0 * z2 + 776.0) * z2 + 1482.0) * z2 - 1920.0) * z2 - 945.0) / 92_160.0;
    z + (first + (second + (third + fourth / freedom) / freedom) / freedom) / freedom
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_printed_tables() {
        // Fisher and Yates, table III, 5 % and 1 % points
        for (freedom, five, one) in [
            (1, 12.706, 63.657),
            (2, 4.303, 9.925),
            (5, 2.571, 4.032),
            (10, 2.228, 3.169),
            (30, 2.042, 2.750),
            (120, 1.980, 2.617),
        ] {
            assert!((student_t(freedom, Confidence::NINETY_FIVE) - five).abs() < 6e-4);
            assert!((student_t(freedom, Confidence::NINETY_NINE) - one).abs() < 6e-4);
        }
    }

    #[test]
    fn one_and_two_degrees_of_freedom_have_closed_forms() {
        let p: f64 = 0.95;
        let one = maths::sin(p * std::f64::consts::FRAC_PI_2)
            / maths::cos(p * std::f64::consts::FRAC_PI_2);
        assert!((student_t(1, Confidence::NINETY_FIVE) / one - 1.0).abs() < 1e-13);
        let two = p * (2.0 / (1.0 - p * p)).sqrt();
        assert!((student_t(2, Confidence::NINETY_FIVE) / two - 1.0).abs() < 1e-13);
    }

    #[test]
    fn the_sum_and_the_expansion_meet() {
        for freedom in [998, 999] {
            let sum = student_t(freedom, Confidence::NINETY_FIVE);
            let expansion = near_normal(freedom as f64, Confidence::NINETY_FIVE.z());
            assert!(
                (sum - expansion).abs() < 1e-12,
                "{freedom}: {sum} {expansion}"
            );
        }
    }
}
