//! What is done in every round of alternating offers, written down from the last round to the first.

use crate::bargaining::shape::MOST_SEATS;

/// One thing that may happen in a round.
#[derive(Debug, Clone, Copy)]
pub(in crate::bargaining) struct Way {
    pub proposer: usize,
    /// Its probability in its round.
    pub share: f64,
    pub act: Act,
    /// Where the deal is found.
    pub deal: usize,
}

/// What comes of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::bargaining) enum Act {
    /// It is accepted.
    Accept,
    /// It is refused and the next round comes.
    Refuse,
    /// It is refused, and who refuses opts out.
    OptOut,
}

/// A deal that a proposer likes best, or one of several between which lots are drawn.
#[derive(Debug, Clone, Copy)]
pub(in crate::bargaining) struct Offer {
    /// Its probability, given the proposer.
    pub share: f64,
    pub deal: usize,
    /// Bent gains.
    pub gains: [f64; MOST_SEATS],
}

/// Rounds in the order in which they are solved: the last one first.
#[derive(Debug, Default)]
pub(in crate::bargaining) struct Ledger {
    ways: Vec<Way>,
    /// Where each round begins, and what it is worth to all before its proposer is known.
    rounds: Vec<usize>,
    worth: Vec<[f64; MOST_SEATS]>,
    /// What the proposer at hand offers.
    pub offers: Vec<Offer>,
    /// Deals up for choice.
    pub candidates: Vec<u32>,
    /// Allowed deals and what they gain everybody, where a majority is enough.
    pub deals: Vec<u32>,
    pub gains: Vec<f64>,
    /// From which round on each is on the table, where some come later.
    pub from: Vec<u32>,
    /// Deals off the grid, as shares of their ranges.
    pub shares: Vec<f64>,
    /// After the last round solved, so many rounds before it are like those a period earlier.
    pub alike: u64,
    /// How many rounds are solved after those.
    pub after: usize,
    pub period: usize,
}

impl Ledger {
    pub fn clear(&mut self) {
        self.ways.clear();
        self.rounds.clear();
        self.worth.clear();
        self.offers.clear();
        self.shares.clear();
        self.alike = 0;
        self.after = 0;
    }

    pub fn begin_round(&mut self) {
        self.rounds.push(self.ways.len());
        self.after += 1;
    }

    pub fn push(&mut self, way: Way) {
        self.ways.push(way);
    }

    /// So many rounds (a multiple of the period) are like those solved last; so many solved ones
    /// come before them.
    pub fn repeat(&mut self, alike: u64, after: usize) {
        self.alike = alike;
        self.after = after;
    }

    /// What the round begun last is worth, as bent gains.
    pub fn end_round(&mut self, worth: [f64; MOST_SEATS]) {
        self.worth.push(worth);
    }

    /// What may happen in a round, counted from the first; nothing after the last.
    pub fn round(&self, round: u64) -> &[Way] {
        let Some(row) = self.row(round) else {
            return &[];
        };
        let end = self.rounds.get(row + 1).copied().unwrap_or(self.ways.len());
        &self.ways[self.rounds[row]..end]
    }

    /// What a round is worth to all; nothing after the last.
    pub fn worth(&self, round: u64) -> [f64; MOST_SEATS] {
        self.row(round)
            .map_or([0.0; MOST_SEATS], |row| self.worth[row])
    }

    fn row(&self, round: u64) -> Option<usize> {
        let after = self.after as u64;
        let back = match round {
            early if early < after => early,
            alike if alike < after.saturating_add(self.alike) => {
                after + (alike - after) % self.period as u64
            }
            late => late - self.alike,
        };
        (self.rounds.len() as u64)
            .checked_sub(back + 1)
            .map(|row| row as usize)
    }
}
