//! Beta: a share between 0 and 1 with density proportional to x^(a-1) (1-x)^(b-1).

use crate::catalogue::Kind;
use crate::uncertainty::law::{
    Distribution, DistributionKind, Fault, Make, finite, hold, required,
};
use crate::uncertainty::maths::IncompleteBeta;
use crate::uncertainty::quantile_table::{Curve, QuantileTable, Series};

/// `beta(a, b)`
pub const KIND: DistributionKind = DistributionKind {
    kind: Kind {
        name: "beta",
        about: "a share between 0 and 1, as after a - 1 successes and b - 1 failures",
        reference: "Bayes 1763",
        manual: "For a probability or a share. The mean is a / (a + b), and a + b says how sure one is: beta(1, 1) is \
                 uniform, beta(30, 70) is 0.3 give or take 0.05.",
        settings: &[],
    },
    arguments: &[
        required("a", "weight towards 1"),
        required("b", "weight towards 0"),
    ],
    example: "beta(2, 5)",
    make: Make::Numbers(|numbers| {
        let mut law = Beta::new(numbers)?;
        law.tabulate();
        Ok(super::Law::Beta(law))
    }),
    instant: Some(|u, numbers| Beta::new(numbers).map_or(f64::NAN, |law| law.quantile(u))),
};

/// A share between 0 and 1.
#[derive(Debug, Clone)]
pub struct Beta {
    a: f64,
    b: f64,
    integral: IncompleteBeta,
    table: QuantileTable,
}

impl Beta {
    fn new(numbers: &[f64]) -> Result<Beta, Fault> {
        let [a, b] = finite(numbers)?;
        hold(a > 0.0 && a <= 1e6, 0, "a number above 0, at most 1e6")?;
        hold(b > 0.0 && b <= 1e6, 1, "a number above 0, at most 1e6")?;
        Ok(Beta::with_shapes(a, b))
    }

    /// The law with these shapes, without a table.
    pub(super) fn with_shapes(a: f64, b: f64) -> Beta {
        Beta {
            a,
            b,
            integral: IncompleteBeta::new(a, b),
            table: QuantileTable::default(),
        }
    }

    /// Prepares for many draws.
    pub(super) fn tabulate(&mut self) {
        self.table = QuantileTable::new(self);
    }
}

impl Distribution for Beta {
    #[inline]
    fn quantile(&self, u: f64) -> f64 {
        match self.table.get(u) {
            Some(x) => x,
            None => self.exact(u, 1.0 - u),
        }
    }

    fn upper_quantile(&self, v: f64) -> f64 {
        self.exact(1.0 - v, v)
    }

    fn cdf(&self, x: f64) -> f64 {
        self.integral.tails(x, 1.0 - x).0
    }

    fn survival(&self, x: f64) -> f64 {
        self.integral.tails(x, 1.0 - x).1
    }

    fn mean(&self) -> f64 {
        self.a / (self.a + self.b)
    }

    fn support(&self) -> (f64, f64) {
        (0.0, 1.0)
    }
}

impl Curve for Beta {
    fn exact(&self, below: f64, above: f64) -> f64 {
        self.integral.quantile(below, above).0
    }

    fn tails(&self, x: f64) -> (f64, f64) {
        self.integral.tails(x, 1.0 - x)
    }

    fn density(&self, x: f64) -> f64 {
        self.integral.density(x, 1.0 - x)
    }

    /// (a - 1) / x + (b - 1) / (x - 1).
    fn log_density_slope(&self, x: &Series) -> Series {
        let from_0 = x.reciprocal().scaled(self.a - 1.0);
        let from_1 = x.plus(-1.0).reciprocal().scaled(self.b - 1.0);
        from_0.and(&from_1)
    }

    fn scale(&self) -> f64 {
        0.0
    }
}
