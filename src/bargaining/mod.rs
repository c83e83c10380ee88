//! How parties settle in one given world: the frontier of what they can agree on, and the
//! protocols by which they choose from it.
//!
//! A [`Shape`] is planned once per model; in every world [`Stakes`] fills its tables and a
//! [`Protocol`] settles the [`Negotiation`] at a worker's [`Desk`]. Nothing is known here of
//! files, formulas or Monte Carlo.

mod arbitration;
mod ballot;
mod bench;
mod close;
mod desk;
mod elimination;
mod flat;
mod frontier;
mod glance;
mod linear;
mod look;
mod maxima;
mod near;
mod obstacles;
mod order;
mod outcome;
mod plan;
mod product;
pub mod protocol;
mod refine;
mod roll;
mod scalar;
mod scout;
mod shape;
mod stakes;
mod tables;
mod ties;
mod watch;

pub use desk::Desk;
pub use frontier::{Frontier, frontier};
pub use obstacles::{Obstacle, obstacles};
pub use order::elimination_order;
pub use outcome::{Ending, Lot, Outcome};
pub use protocol::{Needs, PROTOCOLS, Protocol, ProtocolKind, Ranges, TableSize};
pub use roll::MOST_ON_ROLL;
pub use shape::{FactorSketch, Grid, IssueSketch, MOST_SEATS, Shape, Sketch, Tie, TooLarge};
pub use stakes::{Negotiation, Party, Stakes};
pub use watch::{Step, Watch, Who};
