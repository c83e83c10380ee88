//! demarche: a scenario file in, outcome distributions out.
//!
//! The rooms of the house stand here in order. **A room uses only rooms listed above it**;
//! `tests/house.rs` holds that law. One scenario walks through them from top to bottom:
//! its text becomes a [`scenario`], the scenario a [`model`], the model is played by the
//! [`simulation`], the runs add up to a [`summary`], and the doors carry it out.

pub mod catalogue;
pub mod expression;
pub mod uncertainty;
pub mod bargaining;
pub mod scenario;
pub mod model;
pub mod simulation;
pub mod summary;
pub mod analysis;
pub mod export;
pub mod cli;
