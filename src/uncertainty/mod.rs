//! What is not known: distributions as quantile functions, the dependence between them, and the streams of chance.
//!
//! Everything starts from uniforms. A [`Stream`] gives one uniform in (0, 1) for every open quantity of a run;
//! [`Dependence`] correlates those that belong together; each [`Law`] turns its uniform into a value.
//! So a law never asks for chance itself, and designs, copulas and common random numbers all act in one place.
//!
//! **Invariants.** No word of bargaining, files or Monte Carlo. No function of the platform's mathematics library:
//! exp, ln and their kin come from [`maths`], so the same uniform is the same value everywhere.

mod dependence;
pub mod distribution;
mod law;
pub mod maths;
mod quantile_table;
mod stream;

pub use dependence::{Dependence, DependenceFault};
pub use distribution::{DISTRIBUTIONS, Law};
pub use law::{
    Argument, ArgumentForm, Distribution, DistributionKind, Fault, LawFault, LawSketch, Make,
    Takes, Times, prepare,
};
pub use stream::{Chance, Purpose, Stream};
