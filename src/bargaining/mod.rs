//! How parties settle in one given world: the frontier of what they can agree on, and the
//! protocols by which they choose from it.
//!
//! A [`Shape`] is planned once per model; in every world [`Stakes`] fills its tables and a
//! [`Protocol`] settles the [`Negotiation`] at a worker's [`Desk`]. Nothing is known here of
//! files, formulas or Monte Carlo.

mod arbitration;
mod ballot;
mod belief;
mod bench;
mod close;
mod curve;
mod desk;
mod elimination;
mod flat;
mod forecast;
mod forum;
mod frontier;
mod glance;
mod hall;
mod hull;
mod linear;
mod look;
mod lottery;
mod maxima;
mod mixture;
mod near;
mod obstacles;
mod order;
mod outcome;
mod piecemeal;
mod plan;
mod prior;
mod product;
pub mod protocol;
mod ranking;
mod refine;
mod roll;
mod scalar;
mod scales;
mod scout;
mod settling;
mod shape;
mod simplex;
mod stakes;
mod strategy;
mod tables;
mod text;
mod ties;
mod voices;
mod watch;

pub use belief::{Beliefs, Knows};
pub use desk::Desk;
pub use frontier::{Frontier, frontier};
pub use obstacles::{Obstacle, obstacles};
pub use order::elimination_order;
pub use outcome::{Ending, Lot, Outcome};
pub use prior::Prior;
pub use protocol::{Information, Needs, PROTOCOLS, Protocol, ProtocolKind, Ranges, TableSize};
pub use roll::MOST_ON_ROLL;
pub use shape::{FactorSketch, Grid, IssueSketch, MOST_SEATS, Shape, Sketch, Tie, TooLarge};
pub use stakes::{Negotiation, Party, Place, Rumours, Stakes};
pub use strategy::{
    ACCEPTANCES, AcceptanceKind, Conduct, Manner, OFFERS, OPPONENT_MODELS, OfferKind,
    OpponentModelKind,
};
pub use voices::Voices;
pub use watch::{Step, Watch, Who};
