//! demarche: a scenario file in, outcome distributions out.
//!
//! The rooms of the house stand here in order. **A room uses only rooms listed above it**;
//! `tests/house.rs` holds that law. One scenario walks through them from top to bottom:
//! its text becomes a [`scenario`], the scenario a [`model`], the model is played by the
//! [`simulation`], the runs add up to a [`summary`], and the doors carry it out.

// cellar: how a family of parts introduces itself
pub mod catalogue;

// cellar: the formula language, text to tree to graph to code
pub mod expression;

// wing 1: what is not known
pub mod uncertainty;

// wing 2: how parties settle in one given world
pub mod bargaining;

// room 1: text to Scenario
pub mod scenario;

// room 2: Scenario to Model
pub mod model;

// room 3: Model and Plan to Records
pub mod simulation;

// room 4: Records to Summary
pub mod summary;

// room 5: Summaries to Findings
pub mod analysis;

// door: rows and reports leave
pub mod export;

// door: one file per command
pub mod cli;
