//! What one seat may see.

use crate::bargaining::ranking::Ranking;
use crate::bargaining::roll::Roll;
use crate::bargaining::stakes::Place;
use crate::bargaining::tables::Lattice;

/// What one seat may see of a negotiation: its own utilities, what was said, how late it is.
pub(in crate::bargaining) struct View<'v> {
    /// Rounds gone by, as a share of those there are: 0 in the first, 1 in the last.
    pub tau: f64,
    /// Its own place at the table.
    pub me: usize,
    /// Who else is there, itself included.
    pub seats: usize,
    /// What was offered so far, by whom.
    pub said: &'v [Said],
    /// What it needs at least.
    pub reservation: f64,
    /// Utilities closer than this are equal to it.
    pub epsilon: f64,
    /// Levels per issue.
    pub levels: &'v [usize],
    /// Values of the issues' levels.
    pub values: &'v [Vec<f64>],
    /// How many different deals each seat has offered.
    pub distinct: &'v [u32],
    /// Its own units, deal by deal.
    pub units: &'v [f64],
    /// What the rules allow, deal by deal.
    pub allowed: &'v [bool],
    pub lattice: Lattice,
    pub ranking: &'v Ranking,
    /// What each issue at the table is elsewhere.
    pub places: &'v [Place],
    /// What kinds of opponent would get, as far as anybody believes in kinds.
    pub rumours: &'v Roll,
}

/// One offer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::bargaining) struct Said {
    pub seat: usize,
    pub deal: u32,
    pub tau: f64,
}

/// What a seat would offer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::bargaining) struct Bid {
    pub deal: u32,
    /// The utility it aimed at; NaN if it did not aim.
    pub target: f64,
    /// How similar the deal is to the one it answers; NaN if that did not matter.
    pub similarity: f64,
}

impl Bid {
    /// A bid that aims at a target.
    pub fn at(target: f64, deal: Option<u32>) -> Option<Bid> {
        deal.map(|deal| Bid {
            deal,
            target,
            similarity: f64::NAN,
        })
    }
}

impl View<'_> {
    /// Its own utility of a deal.
    #[inline]
    pub fn utility(&self, deal: u32) -> f64 {
        self.lattice.utility(self.units[deal as usize])
    }

    /// The best it could get at all; minus infinity if nothing is allowed.
    pub fn best(&self) -> f64 {
        self.lattice.utility(self.ranking.highest())
    }

    /// How many issues are at the table; behind them may stand links that no setting speaks of.
    pub fn issues(&self) -> usize {
        match self.places {
            [] => self.levels.len(),
            places => places.len().min(self.levels.len()),
        }
    }

    /// The lowest deal that gives it the target, and never less than its reservation value.
    pub fn just_above(&self, target: f64) -> Option<u32> {
        self.ranking.lowest_above(self.units, self.least(target))
    }

    /// The units behind a target: a target out of reach means its best deal.
    fn least(&self, target: f64) -> f64 {
        let least = target.min(self.best()).max(self.reservation) - self.epsilon;
        self.lattice.units(least)
    }

    /// Its deals by rank, the best first, as long as they give it its reservation value.
    pub fn ranked(&self, rank: usize) -> Option<u32> {
        let deal = self.ranking.at(rank)?;
        (self.utility(deal) >= self.reservation - self.epsilon).then_some(deal)
    }

    /// All deals that give it at least the target, and never less than its reservation value.
    pub fn above(&self, target: f64) -> impl Iterator<Item = u32> + '_ {
        self.ranking.above(self.units, self.least(target))
    }

    /// The last offer somebody else made.
    pub fn heard(&self) -> Option<&Said> {
        self.said.iter().rev().find(|said| said.seat != self.me)
    }

    /// The offers of whoever else spoke last, the latest first.
    pub fn heard_of_last(&self) -> impl Iterator<Item = &Said> + '_ {
        let last = self.heard().map(|said| said.seat);
        let said = self.said.iter().rev();
        said.filter(move |said| Some(said.seat) == last)
    }

    /// The level of an issue in a deal.
    #[inline]
    pub fn level(&self, deal: u32, issue: usize) -> usize {
        let stride: usize = self.levels[issue + 1..].iter().product();
        deal as usize / stride % self.levels[issue]
    }

    /// What a kind of opponent would get of a deal, as a share of its range.
    pub fn rumoured(&self, kind: usize, deal: u32) -> f64 {
        self.rumours.share(kind, deal as usize)
    }

    /// The number a setting per issue has for one issue at the table.
    pub fn per_issue(&self, numbers: &[f64], issue: usize) -> f64 {
        let place = self.places.get(issue).map_or(issue, |place| place.issue);
        numbers.get(place).copied().unwrap_or(1.0)
    }

    /// Whether the levels of an issue are more or less of something.
    pub fn is_ordered(&self, issue: usize) -> bool {
        self.places.get(issue).is_none_or(|place| place.is_ordered)
    }

    /// How alike two levels of an issue are: 1 for the same, 0 for opposite ends.
    pub fn likeness(&self, issue: usize, one: usize, other: usize) -> f64 {
        match self.is_ordered(issue) {
            true => {
                let widest = self.levels[issue].saturating_sub(1).max(1);
                1.0 - one.abs_diff(other) as f64 / widest as f64
            }
            false => f64::from(one == other),
        }
    }
}
