//! What merely happens: the streams of chance of one play of one run.

use crate::uncertainty::{Chance, Purpose, Stream};

/// One play of one run.
#[derive(Debug, Clone, Copy)]
pub struct Luck {
    /// Everything random follows from it.
    pub seed: u64,
    /// The index of the run.
    pub run: u64,
    /// Which play of its world this is, from 0.
    pub play: u32,
}

impl Luck {
    /// The stream of one purpose in one session.
    pub(super) fn stream(&self, purpose: Purpose, session: u32) -> Stream {
        Stream::of_session(self.seed, purpose, self.run, self.play, session)
    }

    /// What is drawn at the table, in one sitting of a session.
    pub(super) fn at_table(&self, session: u32, sitting: u32) -> Chance {
        Chance::of_sitting(self.seed, self.run, self.play, session, sitting)
    }
}
