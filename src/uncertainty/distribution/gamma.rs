//! Gamma: density proportional to x^(shape-1) exp(-x / scale), for x > 0.

use crate::catalogue::Kind;
use crate::uncertainty::law::{
    Distribution, DistributionKind, Fault, Make, finite, hold, required,
};
use crate::uncertainty::maths::IncompleteGamma;
use crate::uncertainty::quantile_table::{Curve, QuantileTable, Series};

/// `gamma(shape, scale)`
pub const KIND: DistributionKind = DistributionKind {
    kind: Kind {
        name: "gamma",
        about: "a waiting time or an amount above 0; mean shape times scale",
        reference: "Laplace 1836",
        manual: "The time until the shape-th event when events come every `scale` on average, and a flexible law for \
                 costs and amounts: skewed for small shapes, nearly normal for large ones.",
        settings: &[],
    },
    arguments: &[
        required("shape", "how many events are waited for"),
        required("scale", "average time between events"),
    ],
    example: "gamma(2, 3)",
    make: Make::Numbers(|numbers| {
        let mut law = Gamma::new(numbers)?;
        law.table = QuantileTable::new(&law);
        Ok(super::Law::Gamma(law))
    }),
    instant: Some(|u, numbers| Gamma::new(numbers).map_or(f64::NAN, |law| law.quantile(u))),
};

/// A waiting time.
#[derive(Debug, Clone)]
pub struct Gamma {
    shape: f64,
    scale: f64,
    integral: IncompleteGamma,
    table: QuantileTable,
}

impl Gamma {
    fn new(numbers: &[f64]) -> Result<Gamma, Fault> {
        let [shape, scale] = finite(numbers)?;
        hold(
            shape > 0.0 && shape <= 1e6,
            0,
            "a number above 0, at most 1e6",
        )?;
        hold(scale > 0.0, 1, "a number above 0")?;
        Ok(Gamma {
            shape,
            scale,
            integral: IncompleteGamma::new(shape),
            table: QuantileTable::default(),
        })
    }
}

impl Distribution for Gamma {
    #[inline]
    fn quantile(&self, u: f64) -> f64 {
        let x = match self.table.get(u) {
            Some(x) => x,
            None => self.exact(u, 1.0 - u),
        };
        self.scale * x
    }

    fn upper_quantile(&self, v: f64) -> f64 {
        self.scale * self.exact(1.0 - v, v)
    }

    fn cdf(&self, x: f64) -> f64 {
        self.integral.tails(x / self.scale).0
    }

    fn survival(&self, x: f64) -> f64 {
        self.integral.tails(x / self.scale).1
    }

    fn mean(&self) -> f64 {
        self.shape * self.scale
    }

    fn support(&self) -> (f64, f64) {
        (0.0, f64::INFINITY)
    }
}

/// The gamma of scale 1.
impl Curve for Gamma {
    fn exact(&self, below: f64, above: f64) -> f64 {
        if below <= above {
            self.integral.lower_quantile(below)
        } else {
            self.integral.upper_quantile(above)
        }
    }

    fn tails(&self, x: f64) -> (f64, f64) {
        self.integral.tails(x)
    }

    fn density(&self, x: f64) -> f64 {
        self.integral.density(x)
    }

    /// (shape - 1) / x - 1.
    fn log_density_slope(&self, x: &Series) -> Series {
        x.reciprocal().scaled(self.shape - 1.0).plus(-1.0)
    }

    fn scale(&self) -> f64 {
        0.0
    }
}
