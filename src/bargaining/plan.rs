//! The order in which issues are eliminated, and every index map that follows from it.
//!
//! Bucket elimination: an issue's bucket holds all that mentions it, and hands on a message over
//! the issues that are then still open. Bertelè & Brioschi (1972), Dechter (1999).

use super::order::Order;
use super::shape::{TooLarge, within};

/// Which issues each factor and each rule reads.
#[derive(Debug, Clone, Default)]
pub(super) struct Scopes {
    pub factors: Vec<Vec<usize>>,
    pub rules: Vec<Vec<usize>>,
}

/// Everything about the elimination that does not depend on the world.
#[derive(Debug)]
pub(super) struct Plan {
    /// Levels per issue.
    pub levels: Vec<usize>,
    /// How many of the first issues the index of a deal tells.
    pub told: usize,
    /// What one level of an issue adds to the index of a deal.
    pub strides: Vec<u64>,
    /// Where each factor's table stands among all; one more entry for the end.
    pub factors: Vec<usize>,
    /// Where each rule's table stands among all; one more entry for the end.
    pub rules: Vec<usize>,
    /// In order of elimination; the last one closes the problem.
    pub buckets: Vec<Bucket>,
    /// Entries of all buckets' tables.
    pub slots: usize,
    /// Entries of all messages.
    pub rows: usize,
    /// Whether nothing ties issues together: every bucket has one row and follows the one before.
    pub is_chain: bool,
}

/// One issue's turn: for every row (assignment of the issues still open) its levels compete.
#[derive(Debug)]
pub(super) struct Bucket {
    /// What one level adds to the index of a deal.
    pub stride: u64,
    pub levels: usize,
    pub rows: usize,
    /// The first slot, the first row.
    pub slot: usize,
    pub row: usize,
    pub factors: Vec<Lookup>,
    pub rules: Vec<Lookup>,
    /// Earlier buckets whose messages end here.
    pub children: Vec<Lookup>,
}

/// Where a table is read: at `base[row] + level * step`.
#[derive(Debug)]
pub(super) struct Lookup {
    pub which: usize,
    pub base: Vec<u32>,
    pub step: usize,
}

impl Lookup {
    #[inline]
    pub fn at(&self, row: usize, level: usize) -> usize {
        self.base[row] as usize + level * self.step
    }
}

const MOST_TABLE: f64 = 4_194_304.0;
const MOST_SLOTS: f64 = 2_097_152.0;

impl Plan {
    pub fn new(levels: Vec<usize>, told: usize, scopes: &Scopes) -> Result<Plan, TooLarge> {
        let table = |scope: &Vec<usize>| scope.iter().map(|&issue| levels[issue] as f64).product();
        let offsets = |what: &str, scopes: &[Vec<usize>]| -> Result<Vec<usize>, TooLarge> {
            let mut offsets = vec![0];
            let mut total = 0.0;
            for scope in scopes {
                let size: f64 = table(scope);
                total += size;
                within(what, size.max(total / 4.0), MOST_TABLE)?;
                offsets.push(total as usize);
            }
            Ok(offsets)
        };
        let factors = offsets("table of one factor", &scopes.factors)?;
        let rules = offsets("table of one rule", &scopes.rules)?;
        let order = Order::best(&levels, scopes);
        within("frontier tables", order.slots(&levels), MOST_SLOTS)?;

        let mut strides = vec![0; levels.len()];
        let mut stride = 1;
        for issue in (0..told).rev() {
            strides[issue] = stride;
            stride = u64::wrapping_mul(stride, levels[issue] as u64);
        }
        let mut plan = Plan {
            levels,
            told,
            strides,
            factors,
            rules,
            buckets: vec![],
            slots: 0,
            rows: 0,
            is_chain: false,
        };
        plan.lay_out(order, scopes);
        Ok(plan)
    }

    /// How many deals there are, allowed or not.
    pub fn deals(&self) -> f64 {
        let told = self.levels.iter().take(self.told);
        told.map(|&levels| levels as f64).product()
    }

    /// The level of one issue that the index tells, in the deal with this index.
    #[inline]
    pub fn level(&self, deal: u64, issue: usize) -> usize {
        (deal / self.strides[issue]) as usize % self.levels[issue]
    }

    /// The entries of the largest table.
    pub fn widest(&self) -> usize {
        self.buckets
            .iter()
            .map(|bucket| bucket.rows * bucket.levels)
            .max()
            .unwrap_or(0)
    }

    fn lay_out(&mut self, order: Order, scopes: &Scopes) {
        let issues = self.levels.len();
        let mut turn = vec![usize::MAX; issues];
        for (position, step) in order.steps.iter().enumerate() {
            turn[step.issue] = position;
        }
        let first = |scope: &[usize]| scope.iter().map(|&issue| turn[issue]).min();
        let parents: Vec<_> = order.steps.iter().map(|step| first(&step.open)).collect();
        let home = |scopes: &[Vec<usize>]| -> Vec<Option<usize>> {
            scopes.iter().map(|scope| first(scope)).collect()
        };
        let (factor_home, rule_home) = (home(&scopes.factors), home(&scopes.rules));

        let mut bucket_of = vec![0; order.steps.len()];
        let mut done: Option<usize> = None;
        for part in order.parts() {
            let single = part.len() == 1;
            for &position in &part {
                let step = &order.steps[position];
                let frame = Frame {
                    levels: &self.levels,
                    open: &step.open,
                    issue: step.issue,
                };
                let mut bucket = frame.bucket(self.strides[step.issue]);
                let held = |homes: &[Option<usize>], scopes: &[Vec<usize>]| -> Vec<Lookup> {
                    let mine = |&which: &usize| homes[which] == Some(position);
                    let all = (0..scopes.len()).filter(mine);
                    all.map(|which| frame.lookup(which, &scopes[which]))
                        .collect()
                };
                bucket.factors = held(&factor_home, &scopes.factors);
                bucket.rules = held(&rule_home, &scopes.rules);
                for (child, parent) in parents.iter().enumerate() {
                    if *parent == Some(position) {
                        let open = &order.steps[child].open;
                        bucket.children.push(frame.lookup(bucket_of[child], open));
                    }
                }
                if single {
                    bucket.children.extend(done.map(Lookup::whole));
                }
                bucket_of[position] = self.push(bucket);
            }
            let root = self.buckets.len() - 1;
            done = match done {
                Some(before) if !single => {
                    let children = vec![Lookup::whole(before), Lookup::whole(root)];
                    Some(self.push(Bucket {
                        children,
                        ..Bucket::joint()
                    }))
                }
                _ => Some(root),
            };
        }
        if done.is_none() {
            self.push(Bucket::joint());
        }
        self.is_chain = self.buckets.iter().enumerate().all(|(turn, bucket)| {
            let follows = |lookup: &Lookup| lookup.which + 1 == turn;
            bucket.rows == 1
                && bucket.children.len() == turn.min(1)
                && bucket.children.iter().all(follows)
        });
        if let Some(last) = self.buckets.last_mut() {
            let constant = |home: &[Option<usize>]| -> Vec<usize> {
                (0..home.len())
                    .filter(|&which| home[which].is_none())
                    .collect()
            };
            last.factors
                .extend(constant(&factor_home).into_iter().map(Lookup::whole));
            last.rules
                .extend(constant(&rule_home).into_iter().map(Lookup::whole));
        }
    }

    fn push(&mut self, mut bucket: Bucket) -> usize {
        (bucket.slot, bucket.row) = (self.slots, self.rows);
        self.slots += bucket.rows * bucket.levels;
        self.rows += bucket.rows;
        self.buckets.push(bucket);
        self.buckets.len() - 1
    }
}

impl Lookup {
    /// The only entry of a message or table without issues.
    fn whole(which: usize) -> Lookup {
        Lookup {
            which,
            base: vec![0],
            step: 0,
        }
    }
}

impl Bucket {
    fn joint() -> Bucket {
        Bucket {
            stride: 0,
            levels: 1,
            rows: 1,
            slot: 0,
            row: 0,
            factors: vec![],
            rules: vec![],
            children: vec![],
        }
    }
}

/// One bucket's issue and the issues still open, from which its index maps follow.
struct Frame<'p> {
    levels: &'p [usize],
    open: &'p [usize],
    issue: usize,
}

impl Frame<'_> {
    fn bucket(&self, stride: u64) -> Bucket {
        let rows = self.open.iter().map(|&issue| self.levels[issue]).product();
        let levels = self.levels[self.issue];
        Bucket {
            stride,
            levels,
            rows,
            ..Bucket::joint()
        }
    }

    /// How a table over `scope` (row-major) is read from this bucket.
    fn lookup(&self, which: usize, scope: &[usize]) -> Lookup {
        let mut stride = 1;
        let mut step = 0;
        let mut strides = vec![0; self.open.len()];
        for &issue in scope.iter().rev() {
            match self.open.iter().position(|&open| open == issue) {
                Some(place) => strides[place] = stride,
                None => step = stride,
            }
            stride *= self.levels[issue];
        }
        let mut base = vec![0_u32];
        for (place, &issue) in self.open.iter().enumerate() {
            let levels = self.levels[issue] as u32;
            let stride = strides[place] as u32;
            let grown = |&at: &u32| (0..levels).map(move |level| at + level * stride);
            base = base.iter().flat_map(grown).collect();
        }
        Lookup { which, base, step }
    }
}
