//! Student's t: noise with heavy tails, density proportional to (1 + x² / df)^(-(df+1)/2). Student (1908), Biometrika 6.
//!
//! df / (df + x²) is a beta of shapes df/2 and 1/2.

use crate::catalogue::Kind;
use crate::uncertainty::law::{
    Distribution, DistributionKind, Fault, Make, finite, hold, required,
};
use crate::uncertainty::maths::IncompleteBeta;
use crate::uncertainty::quantile_table::{Curve, QuantileTable, Series};

/// `student_t(df)`
pub const KIND: DistributionKind = DistributionKind {
    kind: Kind {
        name: "student_t",
        about: "noise around 0 with heavier tails than the normal",
        reference: "Student 1908",
        manual: "For errors that are now and then very large. Fewer degrees of freedom mean heavier tails: 1 has no \
                 mean at all, 30 is nearly normal. Shift and stretch it in the formula: `50 + 4 * student_t(5)`.",
        settings: &[],
    },
    arguments: &[required("df", "degrees of freedom")],
    example: "student_t(5)",
    make: Make::Numbers(|numbers| {
        let mut law = StudentT::new(numbers)?;
        law.table = QuantileTable::new(&law);
        Ok(super::Law::StudentT(law))
    }),
    instant: Some(|u, numbers| StudentT::new(numbers).map_or(f64::NAN, |law| law.quantile(u))),
};

/// Noise with heavy tails.
#[derive(Debug, Clone)]
pub struct StudentT {
    df: f64,
    integral: IncompleteBeta,
    table: QuantileTable,
}

impl StudentT {
    fn new(numbers: &[f64]) -> Result<StudentT, Fault> {
        let [df] = finite(numbers)?;
        hold(df > 0.0 && df <= 1e6, 0, "a number above 0, at most 1e6")?;
        Ok(StudentT {
            df,
            integral: IncompleteBeta::new(0.5 * df, 0.5),
            table: QuantileTable::default(),
        })
    }

    /// Probability beyond x on one side.
    fn tail(&self, x: f64) -> f64 {
        if x.is_infinite() {
            return 0.0;
        }
        let (far, square) = (self.df + x * x, x * x);
        0.5 * self.integral.tails(self.df / far, square / far).0
    }
}

impl Distribution for StudentT {
    #[inline]
    fn quantile(&self, u: f64) -> f64 {
        match self.table.get(u) {
            Some(x) => x,
            None => self.exact(u, 1.0 - u),
        }
    }

    fn median(&self) -> f64 {
        0.0
    }

    fn upper_quantile(&self, v: f64) -> f64 {
        self.exact(1.0 - v, v)
    }

    fn cdf(&self, x: f64) -> f64 {
        if x < 0.0 {
            self.tail(x)
        } else {
            1.0 - self.tail(x)
        }
    }

    fn survival(&self, x: f64) -> f64 {
        self.cdf(-x)
    }

    fn mean(&self) -> f64 {
        if self.df > 1.0 { 0.0 } else { f64::NAN }
    }

    fn support(&self) -> (f64, f64) {
        (f64::NEG_INFINITY, f64::INFINITY)
    }
}

impl Curve for StudentT {
    fn exact(&self, below: f64, above: f64) -> f64 {
        let both = 2.0 * below.min(above);
        let (near, rest) = self.integral.quantile(both, 1.0 - both);
        let size = (self.df * rest / near).sqrt();
        if below < above { -size } else { size }
    }

    fn tails(&self, x: f64) -> (f64, f64) {
        (self.cdf(x), self.survival(x))
    }

    fn density(&self, x: f64) -> f64 {
        // With w = df / (df + x²): the density of w times |dw/dx| / 2 = |x| w² / df. Never asked at x = 0.
        let far = self.df + x * x;
        let (near, rest) = (self.df / far, x * x / far);
        self.integral.density(near, rest) * x.abs() * near * near / self.df
    }

    /// -(df + 1) x / (df + x²).
    fn log_density_slope(&self, x: &Series) -> Series {
        let far = x.times(x).plus(self.df).reciprocal();
        x.times(&far).scaled(-(self.df + 1.0))
    }

    /// Zero is inside the support, so errors there are absolute.
    fn scale(&self) -> f64 {
        1.0
    }
}
