//! Mathematics that gives the same bits on every platform: one door to `libm`, and the special functions built on it.
//!
//! The platform's own exp, ln and pow differ in the last bit for 4-10 % of arguments; square roots, absolute
//! values, rounding and the four operations don't, and need no door.

mod incomplete;
mod normal;

pub use incomplete::{IncompleteBeta, IncompleteGamma};
pub use normal::{normal_cdf, normal_quantile, normal_sf};

/// e to the power x.
pub fn exp(x: f64) -> f64 {
    libm::exp(x)
}

/// exp(x) - 1, exact for small x.
pub fn exp_m1(x: f64) -> f64 {
    libm::expm1(x)
}

/// Natural logarithm.
pub fn ln(x: f64) -> f64 {
    libm::log(x)
}

/// ln(1 + x), exact for small x.
pub fn ln_1p(x: f64) -> f64 {
    libm::log1p(x)
}

/// Logarithm to base 10.
pub fn log10(x: f64) -> f64 {
    libm::log10(x)
}

/// x to the power y; squares are a product.
pub fn pow(x: f64, y: f64) -> f64 {
    if y == 2.0 { x * x } else { libm::pow(x, y) }
}

/// Sine of x radians.
pub fn sin(x: f64) -> f64 {
    libm::sin(x)
}

/// Cosine of x radians.
pub fn cos(x: f64) -> f64 {
    libm::cos(x)
}

/// Angle in radians whose sine is x.
pub fn asin(x: f64) -> f64 {
    libm::asin(x)
}

/// Hyperbolic tangent.
pub fn tanh(x: f64) -> f64 {
    libm::tanh(x)
}

/// Logistic curve 1 / (1 + exp(-x)), accurate in both tails.
pub fn logistic(x: f64) -> f64 {
    if x < 0.0 {
        let odds = exp(x);
        odds / (1.0 + odds)
    } else {
        1.0 / (1.0 + exp(-x))
    }
}

/// Logarithm of the gamma function, for x > 0.
pub fn ln_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

#[test]
fn the_logistic_curve_keeps_its_tails() {
    assert_eq!(logistic(0.0), 0.5);
    assert_eq!(logistic(f64::INFINITY), 1.0);
    assert_eq!(logistic(f64::NEG_INFINITY), 0.0);
    assert!((logistic(-700.0) / 9.85967654375977e-305 - 1.0).abs() < 1e-12);
    assert!(logistic(f64::NAN).is_nan());
}
