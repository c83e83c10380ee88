//! One run, start to finish. The rest of the crate prepares for this function or adds up what it tells.

use super::{Plan, Record};
use crate::model::{Luck, World};
use crate::uncertainty::{Purpose, Stream};

/// Draw a world; then, session by session: see what happens, meet, and tell how things stand.
pub fn run(world: &mut World<'_>, plan: &Plan, run: u64, mut tell: impl FnMut(&Record<'_>)) {
    world.draw(Stream::new(plan.seed, Purpose::World, run));
    let (sessions, report) = (world.sessions(), world.report());
    for play in 0..plan.plays {
        let luck = Luck {
            seed: plan.seed,
            run,
            play,
        };
        world.begin();
        for session in 1..=sessions {
            let is_reported = report.contains(&session);
            let is_told = is_reported || plan.sessions.contains(&session);
            world.happen(&luck, session, &mut ());
            world.meet(&luck, &mut ());
            world.fade(is_told, &mut ());
            world.end(&luck, is_told);
            if is_told {
                let (ended, reason) = world.ended();
                tell(&Record {
                    run,
                    play,
                    session,
                    is_reported,
                    is_last: session == sessions,
                    ended,
                    reason,
                    values: world.observe(plan.worlds),
                });
            }
        }
    }
}
