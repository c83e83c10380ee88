//! Values in ascending order, and what follows from order alone: quantiles, their intervals, counts.
//!
//! Exact values, counted levels and sketch buckets all read as cells `low..=high` with a count, so
//! there is one definition of everything. The q-quantile is Hyndman and Fan's type 7 (the default
//! of numpy, R and spreadsheets): with h = (n - 1) q, x[h] between the two neighbouring values.
//!
//! R. J. Hyndman, Y. Fan (1996), "Sample Quantiles in Statistical Packages", The American
//! Statistician 50(4), 361-365.

use super::{Confidence, Estimate, Interval, quantile_ranks};

/// Some values known to lie from `low` to `high`; known exactly if the two are equal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cell {
    /// No value of the cell is lower.
    pub low: f64,
    /// No value of the cell is higher.
    pub high: f64,
    /// How many values.
    pub count: u64,
}

/// Values in ascending order, as far as they are known.
#[derive(Debug, Clone, PartialEq)]
pub struct Ordered {
    cells: Vec<Cell>,
    /// the rank of the last value of each cell
    ends: Vec<u64>,
}

impl Ordered {
    /// From cells in ascending order; empty cells are dropped.
    pub fn new(cells: impl IntoIterator<Item = Cell>) -> Ordered {
        let cells: Vec<Cell> = cells.into_iter().filter(|cell| cell.count > 0).collect();
        let ends = cells
            .iter()
            .scan(0, |total, cell| {
                *total += cell.count;
                Some(*total)
            })
            .collect();
        Ordered { cells, ends }
    }

    /// From values in any order, none NaN; equal values share a cell.
    pub fn of_values(values: &[f64]) -> Ordered {
        let mut sorted = values.to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        Ordered::new(sorted.chunk_by(|a, b| a == b).map(|same| Cell {
            low: same[0],
            high: same[0],
            count: same.len() as u64,
        }))
    }

    /// How many values.
    pub fn count(&self) -> u64 {
        self.ends.last().copied().unwrap_or(0)
    }

    /// The cells, ascending.
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// The distinct values with their counts, if every value is known exactly.
    pub fn distinct(&self) -> Option<impl Iterator<Item = (f64, u64)> + Clone> {
        let exact = self.cells.iter().all(|cell| cell.low == cell.high);
        exact.then(|| self.cells.iter().map(|cell| (cell.low, cell.count)))
    }

    /// The q-quantile (type 7); NaN of no value.
    pub fn quantile(&self, q: f64) -> f64 {
        let count = self.count();
        if count == 0 || !(0.0..=1.0).contains(&q) {
            return f64::NAN;
        }
        let place = (count - 1) as f64 * q;
        let rank = (place.floor() as u64).min(count - 1) + 1;
        let (below, share) = (self.value(rank), place - place.floor());
        if share == 0.0 || rank == count {
            return below;
        }
        let above = self.value(rank + 1);
        if below == above {
            below
        } else {
            below + share * (above - below)
        }
    }

    /// The order-statistic interval of the q-quantile; an end is NaN where no value bounds it.
    ///
    /// Where a rank falls in a sketch bucket the bucket's own end is given, which errs outwards.
    pub fn quantile_interval(&self, q: f64, confidence: Confidence) -> Interval {
        let (lower, upper) = quantile_ranks(self.count(), q, confidence);
        Interval {
            low: lower.map_or(f64::NAN, |rank| self.cell(rank).0.low),
            high: upper.map_or(f64::NAN, |rank| self.cell(rank).0.high),
        }
    }

    /// The q-quantile with its 95 % interval; the standard error is read off the interval.
    ///
    /// R. S. Woodruff (1952), Journal of the American Statistical Association 47, 635-646.
    pub fn quantile_estimate(&self, q: f64) -> Estimate {
        let confidence = Confidence::NINETY_FIVE;
        let interval = self.quantile_interval(q, confidence);
        Estimate {
            value: self.quantile(q),
            std_error: interval.half_width() / confidence.z(),
            interval,
        }
    }

    /// The same, where the values are worth only so many independent ones.
    pub fn quantile_estimate_of(&self, q: f64, worth: u64) -> Estimate {
        let confidence = Confidence::NINETY_FIVE;
        let (lower, upper) = quantile_ranks(worth, q, confidence);
        let share = |rank: u64| rank as f64 / worth as f64;
        let at = |rank: f64| self.cell((rank as u64).clamp(1, self.count())).0;
        let count = self.count() as f64;
        let interval = Interval {
            low: lower.map_or(f64::NAN, |rank| at((share(rank) * count).floor()).low),
            high: upper.map_or(f64::NAN, |rank| at((share(rank) * count).ceil()).high),
        };
        Estimate {
            value: self.quantile(q),
            std_error: interval.half_width() / confidence.z(),
            interval,
        }
    }

    /// How many values are below `x`; inside a bucket its values count as evenly spread.
    pub fn below(&self, x: f64) -> u64 {
        let next = self.cells.partition_point(|cell| cell.high < x);
        let before = if next == 0 { 0 } else { self.ends[next - 1] };
        match self.cells.get(next) {
            Some(cell) if cell.low < x => {
                let share = (x - cell.low) / (cell.high - cell.low);
                before + (share * cell.count as f64).floor() as u64
            }
            _ => before,
        }
    }

    /// The mean fourth power of the deviation from `centre`.
    pub fn fourth_moment(&self, centre: f64) -> f64 {
        let total: f64 = self
            .cells
            .iter()
            .map(|cell| {
                let apart = (cell.low + cell.high) / 2.0 - centre;
                apart * apart * apart * apart * cell.count as f64
            })
            .sum();
        total / self.count() as f64
    }

    /// The rank-th smallest value, ranks from 1.
    fn value(&self, rank: u64) -> f64 {
        let (cell, within) = self.cell(rank);
        if cell.low == cell.high {
            return cell.low;
        }
        let share = (within as f64 - 0.5) / cell.count as f64;
        cell.low + share * (cell.high - cell.low)
    }

    /// The cell of the rank-th smallest value, and the value's rank within the cell.
    fn cell(&self, rank: u64) -> (Cell, u64) {
        let index = self.ends.partition_point(|&end| end < rank);
        let before = if index == 0 { 0 } else { self.ends[index - 1] };
        (self.cells[index], rank - before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_has_no_quantile() {
        let none = Ordered::of_values(&[]);
        assert!(none.quantile(0.5).is_nan());
        assert!(
            none.quantile_interval(0.5, Confidence::NINETY_FIVE)
                .low
                .is_nan()
        );
        assert_eq!(none.below(0.0), 0);
    }

    #[test]
    fn infinite_neighbours_do_not_become_nan() {
        let ordered = Ordered::of_values(&[f64::NEG_INFINITY, f64::INFINITY, f64::INFINITY]);
        assert_eq!(ordered.quantile(0.75), f64::INFINITY);
    }

    #[test]
    fn a_bucket_spreads_its_values_evenly() {
        let ordered = Ordered::new([Cell {
            low: 0.0,
            high: 10.0,
            count: 10,
        }]);
        assert_eq!(ordered.below(5.0), 5);
        assert_eq!(ordered.below(0.0), 0);
        assert_eq!(ordered.below(11.0), 10);
        assert_eq!(ordered.quantile(0.0), 0.5);
        assert_eq!(ordered.quantile(1.0), 9.5);
    }
}
