//! Small linear programs: `max c x` with `A x = b >= 0`, `x >= 0`, few rows and many columns.
//!
//! The simplex method in two phases on a full tableau. Dantzig's rule first, then Bland's, which
//! cannot cycle. Dantzig (1963), Bland (1977).

/// A program and its tableau: columns, then one artificial column per row, then the right side.
#[derive(Debug, Default)]
pub(super) struct Simplex {
    rows: usize,
    columns: usize,
    table: Vec<f64>,
    /// What each more of a column would add to the goal.
    prices: Vec<f64>,
    basis: Vec<usize>,
}

/// Entries are of the order of one; smaller ones than this are rounding.
const TINY: f64 = 1e-10;
/// Artificial columns that sum to more than this show that nothing meets all rows.
const UNMET: f64 = 1e-9;
/// Pivots per row and phase by Dantzig's rule, and in all.
const DANTZIG: usize = 40;
const MOST_PIVOTS: usize = 4_000;

impl Simplex {
    /// A program without any entries.
    pub fn start(&mut self, rows: usize, columns: usize) {
        (self.rows, self.columns) = (rows, columns);
        self.table.clear();
        self.table.resize(rows * self.width(), 0.0);
        self.basis.clear();
        self.basis.extend(columns..columns + rows);
        let width = self.width();
        for row in 0..rows {
            self.table[row * width + columns + row] = 1.0;
        }
    }

    pub fn set(&mut self, row: usize, column: usize, value: f64) {
        let width = self.width();
        self.table[row * width + column] = value;
    }

    /// The right side of a row, not below zero.
    pub fn bound(&mut self, row: usize, value: f64) {
        let width = self.width();
        self.table[(row + 1) * width - 1] = value;
    }

    /// Maximises; false if nothing meets all rows, or in a thicket of rounding.
    pub fn solve(&mut self, goal: impl Fn(usize) -> f64) -> bool {
        let (columns, width) = (self.columns, self.width());
        let artificial = |column: usize| if column < columns { 0.0 } else { -1.0 };
        if !self.climb(artificial) {
            return false;
        }
        let unmet = (0..self.rows).filter(|&row| self.basis[row] >= columns);
        let unmet: f64 = unmet.map(|row| self.table[(row + 1) * width - 1]).sum();
        if !(unmet <= UNMET) {
            return false;
        }
        for row in 0..self.rows {
            if self.basis[row] >= columns {
                let entries = &self.table[row * width..row * width + columns];
                if let Some(column) = entries.iter().position(|entry| entry.abs() > 1e-7) {
                    self.pivot(row, column);
                }
            }
        }
        self.climb(|column| if column < columns { goal(column) } else { 0.0 })
    }

    /// A column's value in the solution.
    pub fn value(&self, column: usize) -> f64 {
        let row = self.basis.iter().position(|basic| *basic == column);
        row.map_or(0.0, |row| self.table[(row + 1) * self.width() - 1].max(0.0))
    }

    /// What the goal would lose by one more of a column.
    pub fn price(&self, column: usize) -> f64 {
        -self.prices[column]
    }

    fn width(&self) -> usize {
        self.columns + self.rows + 1
    }

    /// Pivots until no column adds to the goal.
    fn climb(&mut self, goal: impl Fn(usize) -> f64) -> bool {
        let width = self.width();
        self.prices.clear();
        self.prices.extend((0..width - 1).map(&goal));
        self.prices.push(0.0);
        for row in 0..self.rows {
            let cost = goal(self.basis[row]);
            if cost != 0.0 {
                let entries = &self.table[row * width..(row + 1) * width];
                for (price, entry) in self.prices.iter_mut().zip(entries) {
                    *price -= cost * entry;
                }
            }
        }
        for pivots in 0..MOST_PIVOTS {
            let open = &self.prices[..self.columns];
            let gains = |&column: &usize| open[column] > TINY;
            let column = match pivots < DANTZIG * self.rows {
                true => (0..open.len()).filter(gains).reduce(|best, column| {
                    if open[column] > open[best] {
                        column
                    } else {
                        best
                    }
                }),
                false => (0..open.len()).find(gains),
            };
            let Some(column) = column else { return true };
            let Some(row) = self.leaves(column) else {
                return false;
            };
            self.pivot(row, column);
        }
        false
    }

    /// The row that a column's growth first brings to zero; among equals the lowest basic column.
    fn leaves(&self, column: usize) -> Option<usize> {
        let width = self.width();
        let mut best: Option<(usize, f64)> = None;
        for row in 0..self.rows {
            let entry = self.table[row * width + column];
            if entry <= TINY {
                continue;
            }
            let ratio = self.table[(row + 1) * width - 1].max(0.0) / entry;
            let first = best.is_none_or(|(other, least)| {
                ratio < least || (ratio == least && self.basis[row] < self.basis[other])
            });
            if first {
                best = Some((row, ratio));
            }
        }
        best.map(|(row, _)| row)
    }

    fn pivot(&mut self, row: usize, column: usize) {
        let width = self.width();
        let scale = 1.0 / self.table[row * width + column];
        for entry in &mut self.table[row * width..(row + 1) * width] {
            *entry *= scale;
        }
        let (before, rest) = self.table.split_at_mut(row * width);
        let (pivot, after) = rest.split_at_mut(width);
        let others = before.chunks_exact_mut(width);
        let others = others.chain(after.chunks_exact_mut(width));
        for other in others.chain([self.prices.as_mut_slice()]) {
            let factor = other.get(column).copied().unwrap_or(0.0);
            if factor != 0.0 {
                for (entry, pivot) in other.iter_mut().zip(&*pivot) {
                    *entry -= factor * pivot;
                }
                other[column] = 0.0;
            }
        }
        self.basis[row] = column;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diet_costs_what_the_textbook_says() {
        // max 3x + 5y, x <= 4, 2y <= 12, 3x + 2y <= 18: (2, 6), 36; shadow prices 0, 1.5, 1.
        let mut program = Simplex::default();
        program.start(3, 5);
        for (row, (entries, bound)) in [([1.0, 0.0], 4.0), ([0.0, 2.0], 12.0), ([3.0, 2.0], 18.0)]
            .into_iter()
            .enumerate()
        {
            program.set(row, 0, entries[0]);
            program.set(row, 1, entries[1]);
            program.set(row, 2 + row, 1.0);
            program.bound(row, bound);
        }
        assert!(program.solve(|column| [3.0, 5.0, 0.0, 0.0, 0.0][column]));
        let found = [0, 1, 2, 3, 4].map(|column| program.value(column));
        assert_eq!(found.map(f64::round), [2.0, 6.0, 2.0, 0.0, 0.0]);
        assert!(
            [0.0, 1.5, 1.0]
                .iter()
                .enumerate()
                .all(|(row, price)| { (program.price(2 + row) - price).abs() < 1e-12 })
        );
    }

    #[test]
    fn what_cannot_be_met_is_refused() {
        let mut program = Simplex::default();
        program.start(2, 1);
        for (row, bound) in [1.0, 2.0].into_iter().enumerate() {
            program.set(row, 0, 1.0);
            program.bound(row, bound);
        }
        assert!(!program.solve(|_| 1.0));
    }
}
