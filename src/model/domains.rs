//! Which levels of each issue are open at one table, and the rules that close some of them beforehand.
//!
//! A level that no deal within the rules contains is left out before any table is built: generalised
//! arc consistency (Mackworth 1977). It loses no deal, and most tables become much smaller.

use super::{Model, Rule};
use crate::expression::{Axes, ColumnStore};

/// Levels per issue, one bit each; ranges have none.
#[derive(Debug, Clone, Default)]
pub(super) struct Domains {
    /// Where the words of each issue begin; one more for the end.
    starts: Vec<usize>,
    words: Vec<u64>,
}

impl Domains {
    /// All levels of these issues.
    pub fn whole(counts: &[usize]) -> Domains {
        let mut domains = Domains::default();
        domains.starts.push(0);
        for count in counts {
            let words = count.div_ceil(64);
            domains.starts.push(domains.words.len() + words);
            domains.words.resize(domains.words.len() + words, 0);
        }
        for (issue, count) in counts.iter().enumerate() {
            domains.open(issue, *count);
        }
        domains
    }

    /// All levels of an issue.
    pub fn open(&mut self, issue: usize, count: usize) {
        for (word, bits) in self.words_of(issue).iter_mut().enumerate() {
            let left = count - 64 * word;
            *bits = if left >= 64 {
                u64::MAX
            } else {
                (1 << left) - 1
            };
        }
    }

    /// One level, or none, of an issue.
    pub fn close(&mut self, issue: usize, level: Option<usize>) {
        let words = self.words_of(issue);
        words.fill(0);
        if let (Some(level), false) = (level, words.is_empty()) {
            words[level / 64] = 1 << (level % 64);
        }
    }

    /// Leave out the levels that `keep` refuses.
    pub fn retain(&mut self, issue: usize, keep: impl Fn(usize) -> bool) {
        for (word, bits) in self.words_of(issue).iter_mut().enumerate() {
            let mut left = *bits;
            while left != 0 {
                let bit = left.trailing_zeros() as usize;
                left &= left - 1;
                if !keep(64 * word + bit) {
                    *bits &= !(1 << bit);
                }
            }
        }
    }

    /// Whether a level is open.
    #[inline]
    pub fn has(&self, issue: usize, level: usize) -> bool {
        self.words[self.starts[issue] + level / 64] >> (level % 64) & 1 == 1
    }

    /// How many levels are open.
    pub fn count(&self, issue: usize) -> usize {
        let words = &self.words[self.starts[issue]..self.starts[issue + 1]];
        words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// The open levels, lowest first.
    pub fn levels(&self, issue: usize) -> Vec<u32> {
        let words = &self.words[self.starts[issue]..self.starts[issue + 1]];
        (0..64 * words.len() as u32)
            .filter(|level| self.has(issue, *level as usize))
            .collect()
    }

    /// The words of an issue, for telling sets of levels apart.
    pub fn of(&self, issue: usize) -> &[u64] {
        &self.words[self.starts[issue]..self.starts[issue + 1]]
    }

    fn words_of(&mut self, issue: usize) -> &mut [u64] {
        &mut self.words[self.starts[issue]..self.starts[issue + 1]]
    }

    /// Leave out every level that no deal within the fixed rules contains; false if no deal is left.
    pub fn propagate(&mut self, rules: &[FixedRule]) -> bool {
        let mut changed = true;
        while changed {
            changed = false;
            for rule in rules {
                // What is settled is not up; what stands nowhere is left to the tables.
                let counts = || rule.scope.iter().map(|issue| self.count(*issue));
                let left_out = counts().all(|count| count == 1) || counts().any(|count| count == 0);
                match if left_out { None } else { rule.revise(self) } {
                    None => {}
                    Some(0) => return false,
                    Some(_) => changed = true,
                }
            }
        }
        true
    }
}

/// A rule that is the same in every world, as a table.
#[derive(Debug, Clone)]
pub(super) struct FixedRule {
    pub scope: Vec<usize>,
    /// The rows that hold: one level per issue of the scope, row after row.
    rows: Vec<u8>,
}

/// Rules with more rows, over more issues or issues of more levels are left to the tables.
const MOST_ROWS: usize = 4096;
const MOST_SCOPE: usize = 6;
const MOST_LEVELS: usize = 64;

impl FixedRule {
    /// The table of a rule, if it is the same in every world, about levels only, and small.
    pub fn of(model: &Model, rule: &Rule) -> Option<FixedRule> {
        let column = &rule.column;
        let scope = column.scope().to_vec();
        let count = |issue: &usize| {
            model
                .pieces
                .issues
                .get(*issue)
                .map_or(0, |i| i.values.len())
        };
        let counts: Vec<usize> = scope.iter().map(count).collect();
        let rows: usize = counts.iter().product();
        let small = (1..=MOST_ROWS).contains(&rows)
            && scope.len() <= MOST_SCOPE
            && counts.iter().all(|count| *count <= MOST_LEVELS);
        if !column.is_fixed() || !small {
            return None;
        }
        let values: Vec<&[f64]> = scope.iter().map(|issue| model.axis(*issue)).collect();
        let axes = Axes {
            values: &values,
            level: &|_, entry| entry,
        };
        let (mut store, mut table) = (ColumnStore::default(), vec![0.0; rows]);
        let registers = model.constants();
        column.prepare(&registers, &axes, &mut store);
        column.fill(&registers, &mut store, &mut table);
        let held = (0..rows).filter(|row| table[*row] != 0.0 && !table[*row].is_nan());
        Some(FixedRule {
            rows: held.flat_map(|row| levels(&counts, row)).collect(),
            scope,
        })
    }

    /// Whether every combination of open levels is allowed.
    pub fn is_entailed(&self, domains: &Domains) -> bool {
        let counts = self.scope.iter().map(|issue| domains.count(*issue));
        let rows: usize = counts.product();
        rows > 0 && self.open_rows(domains).count() == rows
    }

    fn open_rows<'r>(&'r self, domains: &'r Domains) -> impl Iterator<Item = &'r [u8]> {
        let open = |row: &&[u8]| {
            let mut pairs = self.scope.iter().zip(*row);
            pairs.all(|(issue, level)| domains.has(*issue, usize::from(*level)))
        };
        self.rows.chunks_exact(self.scope.len()).filter(open)
    }

    /// Leaves out levels without support: the fewest left of an issue that lost some, if one did.
    fn revise(&self, domains: &mut Domains) -> Option<usize> {
        let mut supported = [0_u64; MOST_SCOPE];
        for row in self.open_rows(domains) {
            for (supported, level) in supported.iter_mut().zip(row) {
                *supported |= 1 << level;
            }
        }
        let mut least = None;
        for (issue, supported) in self.scope.iter().zip(&supported) {
            let word = &mut domains.words_of(*issue)[0];
            let left = *word & supported;
            if left != *word {
                *word = left;
                let left = left.count_ones() as usize;
                least = Some(least.map_or(left, |least: usize| least.min(left)));
            }
        }
        least
    }
}

/// The levels of row number `row` of a table, the last issue fastest.
fn levels(counts: &[usize], row: usize) -> Vec<u8> {
    let mut rest = row;
    let mut levels: Vec<u8> = (counts.iter().rev())
        .map(|count| {
            let level = rest % count;
            rest /= count;
            level as u8
        })
        .collect();
    levels.reverse();
    levels
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(scope: &[usize], counts: &[usize], held: impl Fn(&[u8]) -> bool) -> FixedRule {
        let rows = (0..counts.iter().product()).map(|row| levels(counts, row));
        FixedRule {
            scope: scope.to_vec(),
            rows: rows.filter(|row| held(row)).flatten().collect(),
        }
    }

    #[test]
    fn levels_without_support_are_left_out_along_a_chain() {
        let mut domains = Domains::whole(&[3, 3, 5, 70]);
        let below = rule(&[0, 1], &[3, 3], |row| row[0] < row[1]);
        let same = rule(&[1, 2], &[3, 5], |row| row[0] == row[1]);
        assert!(domains.propagate(&[same.clone(), below.clone()]));
        assert_eq!(domains.levels(0), [0, 1]);
        assert_eq!(domains.levels(1), [1, 2]);
        assert_eq!(domains.levels(2), [1, 2]);
        assert_eq!(domains.count(3), 70);
        assert!(!below.is_entailed(&domains));
        domains.close(2, Some(1));
        assert!(domains.propagate(&[below.clone(), same.clone()]));
        assert_eq!(domains.levels(0), [0]);
        assert!(below.is_entailed(&domains));
        let mut domains = Domains::whole(&[3, 3, 5, 70]);
        domains.close(2, Some(4));
        assert!(!domains.propagate(&[below, same]));
    }
}
