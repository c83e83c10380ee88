//! Model and plan to records: one seeded run after the other, chunk by chunk, folded in run order.

mod engine;
mod ladder;
mod plan;
mod record;
mod run;
mod tally;

pub use crate::model::Ended;
pub use engine::{PoolError, play};
pub use ladder::Ladder;
pub use plan::{CHUNK, Plan};
pub use record::Record;
pub use run::run;
pub use tally::Tally;
