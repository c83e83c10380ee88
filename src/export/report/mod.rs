//! The summary as one reads it: text for a terminal, JSON for a program.

mod compared;
mod digits;
mod json;
mod terminal;

pub use compared::compared;
pub use digits::grouped;
pub use json::json;
pub use terminal::{Look, terminal};
