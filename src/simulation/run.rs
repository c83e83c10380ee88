//! One run, start to finish. The rest of the crate prepares for this function or adds up what it returns.

use super::{Ended, Plan, Record};
use crate::bargaining::{Ending, Outcome};
use crate::model::World;
use crate::uncertainty::{Purpose, Stream};

/// Draw a world, sit down, negotiate, observe, record.
pub fn run<'w>(world: &'w mut World<'_>, plan: &Plan, run: u64) -> Record<'w> {
    world.draw(Stream::new(plan.seed, Purpose::World, run));
    let outcome = world.negotiate();
    let (ended, reason) = ended(&outcome);
    Record {
        run,
        ended,
        reason,
        session: 1,
        values: world.observe(&outcome, plan.worlds),
    }
}

fn ended(outcome: &Outcome) -> (Ended, Option<&'static str>) {
    match outcome.ending {
        Ending::Agreement => (Ended::Agreement, None),
        Ending::NoZone => (Ended::NoDeal, None),
        Ending::Deadline => (Ended::Deadline, None),
        Ending::Breakdown => (Ended::Breakdown, None),
        Ending::Rejected => (Ended::Rejected, None),
        Ending::Unplayable(reason) => (Ended::Unplayable, Some(reason)),
    }
}
