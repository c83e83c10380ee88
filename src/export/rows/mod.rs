//! Row formats: one file per format, each turning records into bytes chunk by chunk.

mod csv;
mod number;

pub use self::csv::{RowChunk, RowFormat, Table};
pub use number::NumberText;
