//! Regularised incomplete gamma and beta functions and their inverses, by series and continued fractions.
//!
//! The leading factor x^a e^-x / Γ(a+1) is written as in Loader (2000), Fast and accurate computation of binomial
//! probabilities: a deviance and Stirling errors, which lose no digits when shapes are large. The fractions are
//! those of Abramowitz and Stegun (1964) 6.5.31 and 26.5.8; the inverses are Newton steps on the log probability
//! as a function of the log value, kept inside a bracket.

use super::{exp, exp_m1, ln, ln_gamma, normal_quantile};
use std::f64::consts::TAU;

/// P(a, x) and Q(a, x): the gamma distribution of shape a and scale 1.
#[derive(Debug, Clone, Copy)]
pub struct IncompleteGamma {
    shape: f64,
    stirling: f64,
}

impl IncompleteGamma {
    /// The functions for one shape > 0.
    pub fn new(shape: f64) -> IncompleteGamma {
        IncompleteGamma {
            shape,
            stirling: stirling_error(shape),
        }
    }

    /// Probabilities at or below x and above x, each accurate when small.
    pub fn tails(&self, x: f64) -> (f64, f64) {
        if !(x > 0.0) {
            return (0.0, 1.0);
        }
        if x == f64::INFINITY {
            return (1.0, 0.0);
        }
        let factor = self.factor(x);
        if x < self.shape + 1.0 {
            let below = (factor * self.series(x)).min(1.0);
            (below, 1.0 - below)
        } else {
            let above = (factor * self.shape * self.fraction(x)).min(1.0);
            (1.0 - above, above)
        }
    }

    /// Density at x > 0.
    pub fn density(&self, x: f64) -> f64 {
        self.factor(x) * self.shape / x
    }

    /// The x with probability `below` at or below it.
    pub fn lower_quantile(&self, below: f64) -> f64 {
        if !(below > 0.0) {
            return if below == 0.0 { 0.0 } else { f64::NAN };
        }
        let target = ln(below);
        let first = (target + ln_gamma(self.shape + 1.0)) / self.shape;
        if first < NEGLIGIBLE {
            return exp(first);
        }
        let normal = self.wilson_hilferty(normal_quantile(below));
        let start = if normal > 0.0 && self.shape > 0.5 {
            ln(normal)
        } else {
            first
        };
        exp(solve(target, start, self.ceiling(), |y| {
            let x = exp(y);
            let below = self.tails(x).0;
            (ln(below), self.factor(x) * self.shape / below)
        }))
    }

    /// The x with probability `above` above it.
    pub fn upper_quantile(&self, above: f64) -> f64 {
        if !(above > 0.0) {
            return if above == 0.0 {
                f64::INFINITY
            } else {
                f64::NAN
            };
        }
        let target = -ln(above);
        let normal = self.wilson_hilferty(-normal_quantile(above));
        let start = if normal > 0.0 && self.shape > 0.5 {
            normal
        } else {
            self.shape.max(target)
        };
        exp(solve(target, ln(start), self.ceiling(), |y| {
            let x = exp(y);
            let above = self.tails(x).1;
            (-ln(above), self.factor(x) * self.shape / above)
        }))
    }

    /// x^a e^-x / Γ(a+1).
    fn factor(&self, x: f64) -> f64 {
        exp(-self.stirling - deviance(self.shape, x)) / (TAU * self.shape).sqrt()
    }

    fn series(&self, x: f64) -> f64 {
        let (mut sum, mut term, mut shape) = (1.0, 1.0, self.shape);
        while term > sum * PRECISION {
            shape += 1.0;
            term *= x / shape;
            sum += term;
        }
        sum
    }

    fn fraction(&self, x: f64) -> f64 {
        let mut b = x + 1.0 - self.shape;
        let mut c = 1.0 / TINY;
        let mut d = 1.0 / b;
        let mut value = d;
        for step in 1..ENOUGH {
            let i = f64::from(step);
            let a = -i * (i - self.shape);
            b += 2.0;
            d = 1.0 / away_from_zero(a * d + b);
            c = away_from_zero(b + a / c);
            value *= d * c;
            if (d * c - 1.0).abs() < PRECISION {
                break;
            }
        }
        value
    }

    /// Wilson and Hilferty (1931): the cube root of a gamma is nearly normal.
    fn wilson_hilferty(&self, z: f64) -> f64 {
        let ninth = 1.0 / (9.0 * self.shape);
        let root = 1.0 - ninth + z * ninth.sqrt();
        self.shape * root * root * root
    }

    /// A log value beyond every quantile that doubles can ask for.
    fn ceiling(&self) -> f64 {
        ln(self.shape + 40.0 * self.shape.sqrt() + 800.0)
    }
}

/// I(a, b; x): the beta distribution on (0, 1).
#[derive(Debug, Clone, Copy)]
pub struct IncompleteBeta {
    a: f64,
    b: f64,
    /// Of x^a (1-x)^b / B(a, b), what doesn't depend on x.
    scale: f64,
    ln_beta: f64,
    split: f64,
}

impl IncompleteBeta {
    /// The functions for shapes a, b > 0.
    pub fn new(a: f64, b: f64) -> IncompleteBeta {
        let n = a + b;
        let errors = stirling_error(n) - stirling_error(a) - stirling_error(b);
        let scale = exp(errors) * (a * b / (n * TAU)).sqrt();
        let mut beta = IncompleteBeta {
            a,
            b,
            scale,
            ln_beta: a * ln(a / n) + b * ln(b / n) - ln(scale),
            split: 0.0,
        };
        beta.split = beta.tails(a / n, b / n).0;
        beta
    }

    /// Probabilities at or below x and above x; `rest` is 1 - x, given so that no digits are lost near 1.
    pub fn tails(&self, x: f64, rest: f64) -> (f64, f64) {
        if !(x > 0.0) {
            return (0.0, 1.0);
        }
        if !(rest > 0.0) {
            return (1.0, 0.0);
        }
        let factor = self.factor(x, rest);
        if x < (self.a + 1.0) / (self.a + self.b + 2.0) {
            let below = (factor * fraction(self.a, self.b, x) / self.a).min(1.0);
            (below, 1.0 - below)
        } else {
            let above = (factor * fraction(self.b, self.a, rest) / self.b).min(1.0);
            (1.0 - above, above)
        }
    }

    /// Density at x; `rest` is 1 - x.
    pub fn density(&self, x: f64, rest: f64) -> f64 {
        self.factor(x, rest) / (x * rest)
    }

    /// The x with probability `below` at or below it and `above` above it, as (x, 1 - x), each relatively accurate.
    pub fn quantile(&self, below: f64, above: f64) -> (f64, f64) {
        if below <= self.split {
            self.lower_quantile(below)
        } else {
            let mirror = IncompleteBeta {
                a: self.b,
                b: self.a,
                ..*self
            };
            let (rest, x) = mirror.lower_quantile(above);
            (x, rest)
        }
    }

    /// For quantiles below the mean.
    fn lower_quantile(&self, below: f64) -> (f64, f64) {
        if !(below > 0.0) {
            return if below == 0.0 {
                (0.0, 1.0)
            } else {
                (f64::NAN, f64::NAN)
            };
        }
        let target = ln(below);
        let first = (target + ln(self.a) + self.ln_beta) / self.a;
        if first < NEGLIGIBLE {
            return (exp(first), 1.0);
        }
        let start = first.min(ln(self.a / (self.a + self.b)));
        let y = solve(target, start, 0.0, |y| {
            let (x, rest) = (exp(y), -exp_m1(y));
            let below = self.tails(x, rest).0;
            (ln(below), self.factor(x, rest) / (rest * below))
        });
        (exp(y), -exp_m1(y))
    }

    /// x^a (1-x)^b / B(a, b).
    fn factor(&self, x: f64, rest: f64) -> f64 {
        let n = self.a + self.b;
        self.scale * exp(-deviance(self.a, n * x) - deviance(self.b, n * rest))
    }
}

/// Continued fraction of the incomplete beta function, by Lentz's method.
fn fraction(a: f64, b: f64, x: f64) -> f64 {
    let n = a + b;
    let mut c = 1.0;
    let mut d = 1.0 / away_from_zero(1.0 - n * x / (a + 1.0));
    let mut value = d;
    for step in 1..ENOUGH {
        let m = f64::from(step);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / away_from_zero(1.0 + even * d);
        c = away_from_zero(1.0 + even / c);
        value *= d * c;
        let odd = -(a + m) * (n + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / away_from_zero(1.0 + odd * d);
        c = away_from_zero(1.0 + odd / c);
        value *= d * c;
        if (d * c - 1.0).abs() < PRECISION {
            break;
        }
    }
    value
}

/// Where an increasing function reaches its target: Newton steps from `start`, halving when they leave the bracket.
fn solve(target: f64, start: f64, ceiling: f64, point: impl Fn(f64) -> (f64, f64)) -> f64 {
    let (mut low, mut high, mut y) = (f64::NEG_INFINITY, ceiling, start.min(ceiling));
    for _ in 0..200 {
        let (value, slope) = point(y);
        if value < target {
            low = y;
        } else {
            high = y;
        }
        let mut next = y + (target - value) / slope;
        if !(next > low && next < high) {
            if next == y {
                break;
            }
            next = if low.is_finite() {
                0.5 * (low + high)
            } else {
                high - 1.0 - high.abs()
            };
        }
        let step = (next - y).abs();
        y = next;
        // Newton squares the error, so the step after this one would be lost in rounding.
        if step <= 1e-9 * y.abs().min(1.0) {
            break;
        }
    }
    y
}

/// a ln(a / m) + m - a, without cancellation when a and m are near.
fn deviance(a: f64, m: f64) -> f64 {
    let gap = a - m;
    if gap.abs() >= 0.1 * (a + m) {
        return a * ln(a / m) + m - a;
    }
    let v = gap / (a + m);
    let mut sum = gap * v;
    let mut term = 2.0 * a * v;
    let mut odd = 1.0;
    loop {
        term *= v * v;
        odd += 2.0;
        let next = sum + term / odd;
        if next == sum || next.is_nan() {
            return next;
        }
        sum = next;
    }
}

/// ln Γ(n+1) less Stirling's formula for it.
fn stirling_error(n: f64) -> f64 {
    if n <= 15.0 {
        return ln_gamma(n + 1.0) - (n + 0.5) * ln(n) + n - 0.5 * ln(TAU);
    }
    let r = 1.0 / (n * n);
    (1.0 / 12.0 - r * (1.0 / 360.0 - r * (1.0 / 1260.0 - r * (1.0 / 1680.0 - r / 1188.0)))) / n
}

fn away_from_zero(x: f64) -> f64 {
    if x.abs() < TINY { TINY } else { x }
}

const TINY: f64 = 1e-300;
const PRECISION: f64 = 3e-16;
/// Fractions take about the square root of the larger shape; this serves shapes beyond 10^9.
const ENOUGH: i32 = 100_000;
/// Below this log value the first term of the series is the whole function.
const NEGLIGIBLE: f64 = -40.0;
