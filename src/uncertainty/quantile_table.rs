//! A quantile function as short polynomials, one per slice of probability, for laws whose exact inverse is slow.
//!
//! With Q the quantile, f the density and h = (ln f)', Q' = 1 / f(Q) and Q'' = -h(Q) Q'^2: from one exact value
//! the Taylor series at the middle of a slice follows. Steinbrecher and Shaw (2008), Quantile mechanics, European
//! Journal of Applied Mathematics 19. Each halving of the probability towards 0 or 1 has eight slices, so that the
//! singular ends are always 17 half-widths away and nine terms give about 1e-11.

/// Taylor polynomials of a quantile function down to tail probabilities of 2^-13; empty if they don't serve.
#[derive(Debug, Clone, Default)]
pub struct QuantileTable {
    /// Slices from the median outwards, the lower tail's before the upper tail's.
    rows: Vec<Series>,
}

/// What a table is made from.
pub trait Curve {
    /// The exact quantile with these probabilities below and above.
    fn exact(&self, below: f64, above: f64) -> f64;
    /// Probabilities at or below x and above x.
    fn tails(&self, x: f64) -> (f64, f64);
    /// The density at a quantile.
    fn density(&self, x: f64) -> f64;
    /// The derivative of the log density, for a series of quantiles.
    fn log_density_slope(&self, x: &Series) -> Series;
    /// Errors are relative to the value or to this, whichever is larger.
    fn scale(&self) -> f64;
}

impl QuantileTable {
    /// The table of a curve, or an empty one if neighbouring slices don't meet within 1e-10.
    pub fn new(curve: &impl Curve) -> QuantileTable {
        let mut rows = Vec::with_capacity(2 * SLICES as usize);
        for slice in 0..SLICES {
            for upper in [false, true] {
                let inner = rows.len().checked_sub(2).map(|inner| &rows[inner]);
                rows.push(expand(curve, slice, upper, inner));
            }
        }
        let meets = rows.iter().zip(&rows[2..]).all(|(inner, outer)| {
            let (left, right) = (inner.at(1.0), outer.at(-1.0));
            (left - right).abs() <= 1e-10 * left.abs().max(curve.scale())
        });
        if !meets {
            rows.clear();
        }
        rows.shrink_to_fit();
        QuantileTable { rows }
    }

    /// The quantile at u, unless u lies outside the table.
    #[inline]
    pub fn get(&self, u: f64) -> Option<f64> {
        let upper = u > 0.5;
        let tail = if upper { 1.0 - u } else { u };
        let outwards = HALF.wrapping_sub(tail.to_bits());
        let row = 2 * (outwards >> SHIFT) as usize + usize::from(upper);
        let across = (outwards & ((1 << SHIFT) - 1)) as f64 * (2.0 / (1u64 << SHIFT) as f64) - 1.0;
        Some(self.rows.get(row)?.at(across))
    }
}

/// The Taylor polynomial in the middle of a slice, from -1 at its inner to 1 at its outer edge.
fn expand(curve: &impl Curve, slice: u64, upper: bool, inner: Option<&Series>) -> Series {
    let edge = f64::from_bits(HALF - (slice << SHIFT));
    let tail = f64::from_bits(HALF - (slice << SHIFT) - (1 << (SHIFT - 1)));
    let sign = if upper { 1.0 } else { -1.0 };
    let middle = inner
        .and_then(|inner| {
            // The slices of the next octave are half as wide.
            let across = if slice.is_multiple_of(8) { 1.5 } else { 2.0 };
            refine(curve, tail, upper, inner.at(across))
        })
        .unwrap_or_else(|| match upper {
            true => curve.exact(1.0 - tail, tail),
            false => curve.exact(tail, 1.0 - tail),
        });
    let mut quantile = Series::constant(middle);
    let mut speed = Series::constant(sign * (edge - tail) / curve.density(middle));
    quantile.0[1] = speed.0[0];
    for k in 1..TERMS - 1 {
        let slope = curve.log_density_slope(&quantile);
        speed.0[k] = -slope.times(&speed.times(&speed)).0[k - 1] / k as f64;
        quantile.0[k + 1] = speed.0[k] / (k + 1) as f64;
    }
    quantile
}

/// One Newton step from what the slice further in foretells; nothing if that was far off.
fn refine(curve: &impl Curve, tail: f64, upper: bool, foretold: f64) -> Option<f64> {
    let (below, above) = curve.tails(foretold);
    let miss = if upper { above - tail } else { tail - below };
    let step = miss / curve.density(foretold);
    (step.abs() <= 1e-7 * foretold.abs()).then_some(foretold + step)
}

/// A power series cut after nine terms.
#[derive(Debug, Clone, Copy)]
pub struct Series([f64; TERMS]);

impl Series {
    fn constant(value: f64) -> Series {
        let mut terms = [0.0; TERMS];
        terms[0] = value;
        Series(terms)
    }

    /// Adds a constant.
    pub fn plus(mut self, constant: f64) -> Series {
        self.0[0] += constant;
        self
    }

    /// Sum with another series.
    pub fn and(mut self, other: &Series) -> Series {
        for (term, other) in self.0.iter_mut().zip(&other.0) {
            *term += other;
        }
        self
    }

    /// Multiplies by a constant.
    pub fn scaled(mut self, factor: f64) -> Series {
        for term in &mut self.0 {
            *term *= factor;
        }
        self
    }

    /// Product with another series.
    pub fn times(&self, other: &Series) -> Series {
        let mut product = [0.0; TERMS];
        for (k, term) in product.iter_mut().enumerate() {
            for j in 0..=k {
                *term += self.0[j] * other.0[k - j];
            }
        }
        Series(product)
    }

    /// One over the series.
    pub fn reciprocal(&self) -> Series {
        let first = 1.0 / self.0[0];
        let mut result = Series::constant(first);
        for k in 1..TERMS {
            let mut sum = 0.0;
            for j in 1..=k {
                sum += self.0[j] * result.0[k - j];
            }
            result.0[k] = -sum * first;
        }
        result
    }

    /// The polynomial at x, by Estrin's scheme: short chains of products, always in this order.
    #[inline]
    fn at(&self, x: f64) -> f64 {
        let [c0, c1, c2, c3, c4, c5, c6, c7, c8] = self.0;
        let x2 = x * x;
        let x4 = x2 * x2;
        let low = (c0 + c1 * x) + (c2 + c3 * x) * x2;
        let high = (c4 + c5 * x) + (c6 + c7 * x) * x2;
        low + (high + c8 * x4) * x4
    }
}

const TERMS: usize = 9;
const HALF: u64 = 0.5_f64.to_bits();
/// The bits of a double below its exponent and the three that choose the slice.
const SHIFT: u32 = 52 - 3;
const SLICES: u64 = 12 * 8;
