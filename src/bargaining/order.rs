//! In which order issues are eliminated: greedily, so that tables stay small.

use super::plan::Scopes;

/// An order of elimination: each issue with the issues still open beside it.
pub(super) struct Order {
    pub steps: Vec<Step>,
}

pub(super) struct Step {
    pub issue: usize,
    pub open: Vec<usize>,
}

/// The order in which issues of so many levels are best eliminated, if tables read these scopes.
pub fn elimination_order(levels: &[usize], scopes: Vec<Vec<usize>>) -> Vec<usize> {
    let scopes = Scopes {
        factors: scopes,
        rules: Vec::new(),
    };
    let order = Order::best(levels, &scopes);
    order.steps.iter().map(|step| step.issue).collect()
}

impl Order {
    /// The best of three greedy orders: smallest table, fewest new ties, fewest neighbours.
    pub fn best(levels: &[usize], scopes: &Scopes) -> Order {
        let orders = [0, 1, 2].map(|taste| Order::greedy(levels, scopes, taste));
        let size = |order: &Order| order.slots(levels);
        let smaller = |best: Order, next: Order| {
            if size(&next) < size(&best) {
                next
            } else {
                best
            }
        };
        orders
            .into_iter()
            .reduce(smaller)
            .unwrap_or(Order { steps: vec![] })
    }

    fn greedy(levels: &[usize], scopes: &Scopes, taste: usize) -> Order {
        let issues = levels.len();
        let mut tied = vec![vec![false; issues]; issues];
        for scope in scopes.factors.iter().chain(&scopes.rules) {
            for &one in scope {
                for &other in scope {
                    tied[one][other] = true;
                }
            }
        }
        let mut left: Vec<usize> = (0..issues).collect();
        let mut steps = Vec::with_capacity(issues);
        while !left.is_empty() {
            let open = |issue: usize| -> Vec<usize> {
                left.iter()
                    .copied()
                    .filter(|&other| other != issue && tied[issue][other])
                    .collect()
            };
            let cost = |issue: usize| {
                let open = open(issue);
                let rows: f64 = open.iter().map(|&other| levels[other] as f64).product();
                let table = rows * levels[issue] as f64;
                let pairs = open
                    .iter()
                    .flat_map(|&one| open.iter().map(move |&two| (one, two)));
                let fill = pairs
                    .filter(|&(one, two)| one < two && !tied[one][two])
                    .count() as f64;
                match taste {
                    0 => [table, fill],
                    1 => [fill, table],
                    _ => [open.len() as f64, table],
                }
            };
            let less = |&one: &usize, &two: &usize| {
                let (one, two) = (cost(one), cost(two));
                one[0].total_cmp(&two[0]).then(one[1].total_cmp(&two[1]))
            };
            let Some(issue) = left.iter().copied().min_by(less) else {
                break;
            };
            let open = open(issue);
            for &one in &open {
                for &other in &open {
                    tied[one][other] = true;
                }
            }
            left.retain(|&other| other != issue);
            steps.push(Step { issue, open });
        }
        Order { steps }.sorted(levels)
    }

    /// Large lone issues before small ones: the last merges then have the fewest lists.
    fn sorted(mut self, levels: &[usize]) -> Order {
        let lone = |step: &Step, steps: &[Step]| {
            step.open.is_empty() && !steps.iter().any(|other| other.open.contains(&step.issue))
        };
        let mut keyed: Vec<(usize, Step)> = vec![];
        let lonely: Vec<bool> = self
            .steps
            .iter()
            .map(|step| lone(step, &self.steps))
            .collect();
        for (step, lonely) in self.steps.drain(..).zip(lonely) {
            keyed.push((
                if lonely {
                    usize::MAX - levels[step.issue]
                } else {
                    0
                },
                step,
            ));
        }
        keyed.sort_by_key(|(key, _)| *key);
        Order {
            steps: keyed.into_iter().map(|(_, step)| step).collect(),
        }
    }

    pub fn slots(&self, levels: &[usize]) -> f64 {
        let size = |step: &Step| -> f64 {
            let all = step.open.iter().chain([&step.issue]);
            all.map(|&issue| levels[issue] as f64).product()
        };
        self.steps.iter().map(size).sum()
    }

    /// The positions of each connected part, in order.
    pub fn parts(&self) -> Vec<Vec<usize>> {
        let mut root: Vec<usize> = (0..self.steps.len()).collect();
        for position in (0..self.steps.len()).rev() {
            let open = &self.steps[position].open;
            let turn = |issue: &usize| self.steps.iter().position(|step| step.issue == *issue);
            if let Some(parent) = open.iter().filter_map(turn).min() {
                root[position] = root[parent];
            }
        }
        let mut parts: Vec<Vec<usize>> = vec![];
        let mut roots: Vec<usize> = vec![];
        for (position, root) in root.into_iter().enumerate() {
            match roots.iter().position(|&known| known == root) {
                Some(part) => parts[part].push(position),
                None => {
                    roots.push(root);
                    parts.push(vec![position]);
                }
            }
        }
        parts
    }
}
