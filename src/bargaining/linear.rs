//! Linear programs, solved exactly: the largest value of one goal after the other on a polytope.
//!
//! The simplex method on a dense dictionary, Dantzig (1963), with the rule of Bland (1977) against
//! going round in circles. A later goal moves only where every earlier one stays at its best.

/// `max goal . x` subject to `row . x <= bound` and `x >= 0`. Its buffers are used again.
#[derive(Debug, Default)]
pub(super) struct Program {
    variables: usize,
    width: usize,
    /// Constraints, then goals: coefficients and, last, the bound.
    cells: Vec<f64>,
    constraints: usize,
    /// Which variable stands in which column and which row; slacks follow the variables.
    columns: Vec<usize>,
    rows: Vec<usize>,
    /// Columns that stay at zero.
    shut: Vec<bool>,
}

/// Coefficients smaller than this, where rows are of the order of one, are rounding.
const ROUNDING: f64 = 1e-11;
/// Constraints may be missed by this much.
const SLACK: f64 = 1e-10;
const MOST_PIVOTS: usize = 20_000;

impl Program {
    /// A program over so many variables, none of them below zero.
    pub fn begin(&mut self, variables: usize) {
        self.variables = variables;
        self.width = variables + 2;
        self.constraints = 0;
        self.cells.clear();
    }

    /// One more constraint; all of them come before the goals.
    pub fn limit(&mut self, row: impl Iterator<Item = f64>, bound: f64) {
        self.push(row, bound);
        self.constraints += 1;
    }

    /// One more goal, after those that matter more.
    pub fn goal(&mut self, row: impl Iterator<Item = f64>) {
        self.push(row, 0.0);
    }

    fn push(&mut self, row: impl Iterator<Item = f64>, bound: f64) {
        let start = self.cells.len();
        self.cells.extend(row.take(self.variables));
        self.cells.resize(start + self.variables, 0.0);
        let largest = self.cells[start..]
            .iter()
            .fold(0.0, |most: f64, cell| most.max(cell.abs()));
        let scale = if largest > 0.0 { 1.0 / largest } else { 1.0 };
        self.cells[start..]
            .iter_mut()
            .for_each(|cell| *cell *= scale);
        self.cells.extend([0.0, bound * scale]);
    }

    /// Writes the best point to `found`; false if no point keeps the constraints.
    pub fn solve(&mut self, found: &mut Vec<f64>) -> bool {
        let goals = self.cells.len() / self.width - self.constraints;
        self.columns.clear();
        self.columns.extend(0..=self.variables);
        // The column for what is missing counts as the last variable of all.
        self.columns[self.variables] = usize::MAX;
        self.rows.clear();
        self.rows
            .extend(self.variables..self.variables + self.constraints);
        self.shut.clear();
        self.shut.resize(self.variables + 1, false);
        if !self.enter() {
            return false;
        }
        for goal in 0..goals {
            let row = self.constraints + goal;
            if !self.climb(row) {
                return false;
            }
            for column in 0..=self.variables {
                self.shut[column] |= self.cell(row, column) < -ROUNDING;
            }
        }
        found.clear();
        found.resize(self.variables, 0.0);
        for (row, variable) in self.rows.iter().enumerate() {
            if let Some(value) = found.get_mut(*variable) {
                *value = self.cell(row, self.width - 1).max(0.0);
            }
        }
        true
    }

    /// Finds a point that keeps the constraints: what is missing is made as small as possible.
    fn enter(&mut self) -> bool {
        let missing = self.variables;
        let bound = |program: &Program, row: usize| program.cell(row, program.width - 1);
        let worst = (0..self.constraints)
            .min_by(|&one, &other| bound(self, one).total_cmp(&bound(self, other)));
        let needs = worst.filter(|&worst| bound(self, worst) < 0.0);
        if let Some(worst) = needs {
            for row in 0..self.constraints {
                let place = row * self.width + missing;
                self.cells[place] = -1.0;
            }
            let goal = self.cells.len() / self.width;
            self.cells.resize(self.cells.len() + self.width, 0.0);
            self.cells[goal * self.width + missing] = -1.0;
            self.pivot(worst, missing);
            let reached = self.climb(goal);
            let short = self.cell(goal, self.width - 1);
            self.cells.truncate(goal * self.width);
            if !reached || short.abs() > SLACK {
                return false;
            }
            if let Some(row) = self
                .rows
                .iter()
                .position(|&variable| variable == usize::MAX)
            {
                let largest = (0..=self.variables).max_by(|&one, &other| {
                    self.cell(row, one)
                        .abs()
                        .total_cmp(&self.cell(row, other).abs())
                });
                self.pivot(row, largest.unwrap_or(0));
            }
        }
        if let Some(column) = self
            .columns
            .iter()
            .position(|&variable| variable == usize::MAX)
        {
            self.shut[column] = true;
        }
        true
    }

    /// Pivots until no open column raises this goal.
    fn climb(&mut self, goal: usize) -> bool {
        for _ in 0..MOST_PIVOTS {
            let raises = (0..=self.variables)
                .filter(|&column| !self.shut[column] && self.cell(goal, column) > ROUNDING)
                .min_by_key(|&column| self.columns[column]);
            let Some(column) = raises else {
                return true;
            };
            let mut leaves: Option<(usize, f64)> = None;
            for row in 0..self.constraints {
                let slope = self.cell(row, column);
                if slope > ROUNDING {
                    let room = self.cell(row, self.width - 1).max(0.0) / slope;
                    let better = leaves.is_none_or(|(other, least)| {
                        room < least || room == least && self.rows[row] < self.rows[other]
                    });
                    if better {
                        leaves = Some((row, room));
                    }
                }
            }
            let Some((row, _)) = leaves else {
                return false;
            };
            self.pivot(row, column);
        }
        false
    }

    fn cell(&self, row: usize, column: usize) -> f64 {
        self.cells[row * self.width + column]
    }

    /// The variable of a column and that of a row change places.
    fn pivot(&mut self, row: usize, column: usize) {
        let width = self.width;
        let divisor = self.cells[row * width + column];
        for cell in &mut self.cells[row * width..(row + 1) * width] {
            *cell /= divisor;
        }
        self.cells[row * width + column] = 1.0 / divisor;
        let (before, rest) = self.cells.split_at_mut(row * width);
        let (pivot, after) = rest.split_at_mut(width);
        for other in before
            .chunks_exact_mut(width)
            .chain(after.chunks_exact_mut(width))
        {
            let factor = other[column];
            if factor != 0.0 {
                other[column] = 0.0;
                for (cell, pivot) in other.iter_mut().zip(&*pivot) {
                    *cell -= factor * pivot;
                }
            }
        }
        std::mem::swap(&mut self.rows[row], &mut self.columns[column]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn solve(limits: &[(&[f64], f64)], goals: &[&[f64]]) -> Option<Vec<f64>> {
        let mut program = Program::default();
        program.begin(goals[0].len());
        for (row, bound) in limits {
            program.limit(row.iter().copied(), *bound);
        }
        goals
            .iter()
            .for_each(|goal| program.goal(goal.iter().copied()));
        let mut found = vec![];
        program.solve(&mut found).then_some(found)
    }

    #[test]
    fn a_textbook_program() {
        let limits: [(&[f64], f64); 3] =
            [(&[1.0, 0.0], 4.0), (&[0.0, 2.0], 12.0), (&[3.0, 2.0], 18.0)];
        assert_eq!(solve(&limits, &[&[3.0, 5.0]]), Some(vec![2.0, 6.0]));
    }

    #[test]
    fn least_shares_are_kept_or_found_too_many() {
        let pie = |one: f64, two: f64| {
            let limits: [(&[f64], f64); 3] = [
                (&[1.0, 1.0], 1.0),
                (&[-1.0, 0.0], -one),
                (&[0.0, -1.0], -two),
            ];
            solve(&limits, &[&[1.0, 0.0]])
        };
        assert_eq!(pie(0.25, 0.5), Some(vec![0.5, 0.5]));
        assert_eq!(pie(0.5, 0.5), Some(vec![0.5, 0.5]));
        assert_eq!(pie(0.75, 0.5), None);
    }

    #[test]
    fn a_later_goal_leaves_the_earlier_at_its_best() {
        let limits: [(&[f64], f64); 2] = [(&[1.0, 0.0], 1.0), (&[0.0, 1.0], 1.0)];
        assert_eq!(
            solve(&limits, &[&[1.0, 0.0], &[-1.0, 1.0]]),
            Some(vec![1.0, 1.0])
        );
        assert_eq!(
            solve(&limits, &[&[1.0, 0.0], &[0.0, -1.0]]),
            Some(vec![1.0, 0.0])
        );
    }
}
