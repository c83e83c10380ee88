//! Model and plan to records: one seeded run after the other, chunk by chunk, folded in run order.

mod record;
mod tally;

pub use record::{Ended, Record};
pub use tally::Tally;
