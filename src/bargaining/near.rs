//! A close look at the ranges around one deal, on a grid as fine as wanted.

use super::ballot::Ballot;
use super::bench::{Bench, Cut};
use super::close::{Close, Slice};
use super::outcome::Ending;
use super::shape::{Grid, IssueSketch, Shape};
use super::stakes::Negotiation;
use super::tables::Tables;

/// The workspace for close looks.
pub(super) struct Near {
    pub bench: Bench,
    pub ballot: Ballot,
    pub cut: Cut,
    /// No cut at all.
    pub open: Cut,
    /// The deal looked at.
    pub centre: Vec<f64>,
    /// Places of the deals on the upper hull of the ballot, for two seats.
    pub hull: Vec<u32>,
    pub grid: Grid,
    /// Spare deals for searches to work with.
    pub spots: Vec<Spot>,
    /// Per seat the offer it made last.
    pub offers: Vec<Spot>,
    wide: Vec<f64>,
    wide_mask: Vec<bool>,
}

/// A deal off the grid, and what it gives.
#[derive(Debug, Default)]
pub(super) struct Spot {
    /// Per issue the level's index, or the value of a range.
    pub deal: Vec<f64>,
    pub utilities: Vec<f64>,
}

/// By hand, because `clone_from` is to keep its room: looks copy spots many times a run.
impl Clone for Spot {
    fn clone(&self) -> Spot {
        Spot {
            deal: self.deal.clone(),
            utilities: self.utilities.clone(),
        }
    }

    fn clone_from(&mut self, other: &Spot) {
        self.deal.clone_from(&other.deal);
        self.utilities.clone_from(&other.utilities);
    }
}

/// The share of the tolerance that close looks grant.
const INSISTENCE: f64 = 1e-5;

impl Near {
    pub fn new(shape: &Shape, close: &Close) -> Near {
        let largest = |slices: &[Slice]| slices.iter().map(|slice| slice.size).max().unwrap_or(0);
        let mut grid = shape.grid.clone();
        grid.whole = false;
        for &issue in &close.ranges {
            grid.values[issue].resize(close.plan.levels[issue], 0.0);
        }
        let mut bench = Bench::new(&close.plan, shape.seats);
        bench.tables.is_exact = true;
        Near {
            bench,
            ballot: Ballot::new(shape.seats),
            cut: Cut::default(),
            open: Cut::default(),
            centre: vec![],
            hull: vec![],
            grid,
            spots: vec![Spot::default(); 8],
            offers: vec![Spot::default(); shape.seats],
            wide: vec![0.0; largest(&close.factors)],
            wide_mask: vec![true; largest(&close.rules)],
        }
    }

    /// Sets the floors to the reservation values with hardly any tolerance.
    pub fn insist(&mut self, reservation: &[f64], epsilon: &[f64]) {
        self.cut.rational(reservation, epsilon);
        let floors = self.cut.floors.iter_mut().zip(reservation).zip(epsilon);
        floors.for_each(|((floor, least), epsilon)| *floor = least - epsilon * INSISTENCE);
    }

    /// Lays a grid of this spacing (a share of each range) around a deal; the ends of a range stay on it.
    pub fn lay(&mut self, shape: &Shape, close: &Close, deal: &[f64], spacing: f64) {
        self.centre.clear();
        self.centre.extend_from_slice(deal);
        for &issue in &close.ranges {
            let IssueSketch::Range { from, to } = shape.issues[issue] else {
                continue;
            };
            let values = &mut self.grid.values[issue];
            let half = (values.len() / 2) as f64;
            for (point, value) in values.iter_mut().enumerate() {
                let step = (point as f64 - half) * spacing * (to - from);
                *value = (deal[issue] + step).clamp(from.min(to), to.max(from));
            }
        }
    }

    /// Two seats: which deals on the ballot, sorted by falling first utility, a weighted sum can pick.
    pub fn find_hull(&mut self) {
        self.hull.clear();
        let utilities = |place: u32| {
            let start = place as usize * 2;
            [
                self.ballot.utilities[start],
                self.ballot.utilities[start + 1],
            ]
        };
        for place in 0..self.ballot.deals.len() as u32 {
            let new = utilities(place);
            while let [.., one, two] = self.hull[..] {
                let (one, two) = (utilities(one), utilities(two));
                let turn =
                    (two[0] - one[0]) * (new[1] - one[1]) - (two[1] - one[1]) * (new[0] - one[0]);
                if turn > 0.0 {
                    break;
                }
                self.hull.pop();
            }
            self.hull.push(place);
        }
    }

    /// Asks the stakes for the tables on this grid, at the deal's levels.
    pub fn ask(
        &mut self,
        close: &Close,
        coarse: &Tables,
        whole: &super::plan::Plan,
        deal: &[f64],
        negotiation: &mut Negotiation<'_>,
    ) -> Result<(), Ending> {
        let Tables { raw, masks, .. } = &mut self.bench.tables;
        for (which, slice) in close.factors.iter().enumerate() {
            let target = &mut raw[close.plan.factors[which]..close.plan.factors[which + 1]];
            if slice.moves && slice.anchors.is_empty() {
                negotiation.stakes.factor(which, &self.grid, target);
            } else if slice.moves {
                let wide = &mut self.wide[..slice.size];
                negotiation.stakes.factor(which, &self.grid, wide);
                gather(wide, slice, deal, target);
            } else {
                gather(&coarse.raw[whole.factors[which]..], slice, deal, target);
            }
        }
        for (which, slice) in close.rules.iter().enumerate() {
            let target = &mut masks[close.plan.rules[which]..close.plan.rules[which + 1]];
            if slice.moves && slice.anchors.is_empty() {
                negotiation.stakes.rule(which, &self.grid, target);
            } else if slice.moves {
                let wide = &mut self.wide_mask[..slice.size];
                negotiation.stakes.rule(which, &self.grid, wide);
                gather(wide, slice, deal, target);
            } else {
                gather(&coarse.masks[whole.rules[which]..], slice, deal, target);
            }
        }
        self.bench
            .tables
            .lay_out(&close.plan, &negotiation.shape.owners)?;
        self.bench.survey(&close.plan);
        Ok(())
    }
}

fn gather<T: Copy>(wide: &[T], slice: &Slice, deal: &[f64], target: &mut [T]) {
    let base = slice.base(deal);
    for (entry, offset) in target.iter_mut().zip(&slice.offsets) {
        *entry = wide[base + *offset as usize];
    }
}
