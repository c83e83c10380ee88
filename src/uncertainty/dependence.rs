//! Rank correlations between quantities, by a Gaussian copula.
//!
//! A Spearman correlation r_s belongs to the normal correlation r = 2 sin(π r_s / 6) (Pearson 1907). With the
//! Cholesky factor L of the normal correlations, independent uniforms u become Φ(L Φ⁻¹(u)): still uniform each,
//! now dependent. Iman and Conover (1982), Communications in Statistics B 11; Nelsen (2006), An Introduction to Copulas.

use super::maths::{asin, normal_cdf, normal_quantile, sin};
use std::f64::consts::{FRAC_PI_6, PI};

/// A correlation structure over some of a run's uniforms.
#[derive(Debug, Clone, Default)]
pub struct Dependence {
    /// The uniforms that take part, ascending.
    members: Vec<usize>,
    /// Cholesky factor over the members, row by row, lower triangle.
    factor: Vec<f64>,
}

/// Why rank correlations can't be.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum DependenceFault {
    /// A pair names no quantity.
    #[error("expected two quantities among {size}; found {a} and {b}")]
    Unknown {
        /// Index of the pair.
        pair: usize,
        /// First quantity.
        a: usize,
        /// Second quantity.
        b: usize,
        /// How many quantities there are.
        size: usize,
    },
    /// A quantity is paired with itself.
    #[error("expected two different quantities")]
    Itself {
        /// Index of the pair.
        pair: usize,
    },
    /// A pair is given twice.
    #[error("expected each pair once; found it again")]
    Twice {
        /// Index of the later pair.
        pair: usize,
        /// Index of the earlier pair.
        first: usize,
    },
    /// Not a correlation.
    #[error("expected a rank correlation from -1 to 1; found {found}")]
    Rank {
        /// Index of the pair.
        pair: usize,
        /// What stands there.
        found: f64,
    },
    /// The correlations contradict each other; `a` and `b` are the pair at which it shows.
    #[error(
        "expected a rank correlation between {low:.3} and {high:.3}, as the other pairs leave it; found {found}"
    )]
    NotPositive {
        /// First quantity.
        a: usize,
        /// Second quantity.
        b: usize,
        /// Their rank correlation; 0 if none was written.
        found: f64,
        /// Smallest rank correlation the earlier pairs allow them.
        low: f64,
        /// Largest rank correlation the earlier pairs allow them.
        high: f64,
        /// Index of the pair as written, or of the last written pair with `b` if this one was not.
        pair: usize,
        /// Whether the pair itself was written.
        written: bool,
    },
}

impl Dependence {
    /// The structure with these Spearman correlations among `size` uniforms; pairs not given are uncorrelated.
    ///
    /// Correlations contradict each other if their matrix has a negative eigenvalue. The pair named is found by
    /// the Cholesky factorisation in the order of the quantities: the first pair (a, b) whose correlation is
    /// impossible given those of a and b with all quantities before a. A matrix that is singular within 1e-10 is
    /// accepted, so rank 1 or -1 between two quantities makes one follow the other exactly.
    pub fn new(size: usize, pairs: &[(usize, usize, f64)]) -> Result<Dependence, DependenceFault> {
        check(size, pairs)?;
        let mut members: Vec<usize> = pairs.iter().flat_map(|(a, b, _)| [*a, *b]).collect();
        members.sort_unstable();
        members.dedup();
        let mut dependence = Dependence {
            factor: vec![0.0; row(members.len())],
            members,
        };
        for i in 0..dependence.members.len() {
            dependence.factorise(i, pairs)?;
        }
        Ok(dependence)
    }

    /// Correlates the uniforms that take part, in place; the others keep their bits.
    pub fn apply(&self, uniforms: &mut [f64]) {
        for member in &self.members {
            uniforms[*member] = normal_quantile(uniforms[*member]);
        }
        for (i, member) in self.members.iter().enumerate().rev() {
            let weights = &self.factor[row(i)..row(i + 1)];
            let mut correlated = 0.0;
            for (weight, other) in weights.iter().zip(&self.members) {
                correlated += weight * uniforms[*other];
            }
            uniforms[*member] = normal_cdf(correlated).clamp(LEAST, 1.0 - LEAST);
        }
    }

    /// The uniforms that take part, ascending.
    pub fn members(&self) -> &[usize] {
        &self.members
    }

    /// Row i of the Cholesky factor, from the rows above.
    fn factorise(
        &mut self,
        i: usize,
        pairs: &[(usize, usize, f64)],
    ) -> Result<(), DependenceFault> {
        let (done, rest) = self.factor.split_at_mut(row(i));
        let own = &mut rest[..=i];
        let mut left = 1.0;
        for j in 0..i {
            let (a, b) = (self.members[j], self.members[i]);
            let written = find(pairs, a, b);
            let found = written.map_or(0.0, |pair| pairs[pair].2);
            let other = &done[row(j)..row(j + 1)];
            let implied: f64 = own[..j].iter().zip(other).map(|(x, y)| x * y).sum();
            let residual = pearson(found) - implied;
            let weight = if other[j] > 0.0 {
                residual / other[j]
            } else {
                0.0
            };
            let possible = if other[j] > 0.0 {
                left - weight * weight >= -SINGULAR
            } else {
                residual.abs() <= FOLLOWS
            };
            if !possible {
                let reach = other[j] * f64::max(left, 0.0).sqrt();
                let touching = pairs.iter().rposition(|(p, q, _)| *p == b || *q == b);
                return Err(DependenceFault::NotPositive {
                    a,
                    b,
                    found,
                    low: spearman(implied - reach),
                    high: spearman(implied + reach),
                    pair: written.or(touching).unwrap_or(0),
                    written: written.is_some(),
                });
            }
            own[j] = weight;
            left -= weight * weight;
        }
        own[i] = if left > SINGULAR { left.sqrt() } else { 0.0 };
        Ok(())
    }
}

fn check(size: usize, pairs: &[(usize, usize, f64)]) -> Result<(), DependenceFault> {
    for (pair, &(a, b, rank)) in pairs.iter().enumerate() {
        if !(a < size && b < size) {
            return Err(DependenceFault::Unknown { pair, a, b, size });
        }
        if a == b {
            return Err(DependenceFault::Itself { pair });
        }
        if !(-1.0..=1.0).contains(&rank) {
            return Err(DependenceFault::Rank { pair, found: rank });
        }
        if let Some(first) = find(&pairs[..pair], a, b) {
            return Err(DependenceFault::Twice { pair, first });
        }
    }
    Ok(())
}

fn find(pairs: &[(usize, usize, f64)], a: usize, b: usize) -> Option<usize> {
    pairs
        .iter()
        .position(|(p, q, _)| (*p, *q) == (a, b) || (*p, *q) == (b, a))
}

/// Where row i of a lower triangle begins.
fn row(i: usize) -> usize {
    i * (i + 1) / 2
}

fn pearson(spearman: f64) -> f64 {
    2.0 * sin(FRAC_PI_6 * spearman)
}

fn spearman(pearson: f64) -> f64 {
    6.0 / PI * asin((pearson / 2.0).clamp(-0.5, 0.5))
}

/// Variance left over that counts as none.
const SINGULAR: f64 = 1e-10;
/// How far a correlation may stray that follows from others.
const FOLLOWS: f64 = 1e-8;
/// Half the smallest cell of a stream: correlated uniforms stay inside (0, 1).
const LEAST: f64 = f64::EPSILON / 2.0;
