//! The difference a protocol makes, on the same worlds: shares and means, with the error of the pair.
//!
//! Run r belongs to group r mod 32 under every protocol, so a difference of two shares or means, taken
//! over all groups but one, is a difference on the same worlds; the delete-a-group jackknife makes its
//! error of these. Kott (2001), "The Delete-a-Group Jackknife", Journal of Official Statistics 17, 521-526.

use super::evidence::{GROUPS, jackknife};
use crate::model::{Role, Variable, VariableKind};
use crate::simulation::{Ended, Record, Tally};
use crate::summary::{Estimate, Moments, Store, level_labels};
use serde::{Deserialize, Serialize};

/// What the runs of one protocol say in groups, session by session. Its size does not grow with runs.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Grouped {
    at: Vec<(u32, Session)>,
}

/// A share or a mean under one protocol, and how it differs from that under the baseline.
#[derive(Debug, Clone)]
pub struct Contrast {
    /// The variable's name, or `ended`.
    pub variable: String,
    /// What the variable is; `None` for how runs ended.
    pub role: Option<Role>,
    /// `share(full)`, `share`, `mean_level` or `mean`, as in a summary.
    pub statistic: String,
    /// Under the protocol.
    pub value: Estimate,
    /// Under the baseline.
    pub baseline: f64,
    /// The first less the second.
    pub difference: Estimate,
    /// The runs to which the variable applies, under the protocol and under the baseline.
    pub n: [u64; 2],
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Session {
    ended: Groups,
    /// Variables by their place in a record; what is drawn and what is claimed is left out.
    variables: Vec<(usize, Groups)>,
}

/// One variable, group by group.
#[derive(Debug, Clone, Serialize, Deserialize)]
enum Groups {
    /// Counts of what can be listed.
    Listed(Vec<Store>),
    /// Moments of any number.
    Free(Vec<Moments>),
}

/// A statistic of all runs, and of all but one group.
struct Parts {
    whole: f64,
    without: Vec<f64>,
}

impl Grouped {
    /// No runs yet of these variables, told after these sessions.
    pub fn new(variables: &[Variable], sessions: &[u32]) -> Grouped {
        let kept = |(_, variable): &(usize, &Variable)| {
            !matches!(variable.role, Role::Claim | Role::Quantity)
        };
        let variables = variables.iter().enumerate().filter(kept);
        let empty = Session {
            ended: Groups::new(&endings()),
            variables: variables
                .map(|(index, variable)| (index, Groups::new(&variable.kind)))
                .collect(),
        };
        Grouped {
            at: sessions.iter().map(|s| (*s, empty.clone())).collect(),
        }
    }

    /// Every share and mean, session by session, and how it differs from that of the baseline.
    pub fn against(&self, baseline: &Grouped, variables: &[Variable]) -> Vec<(u32, Vec<Contrast>)> {
        let sessions = self.at.iter().zip(&baseline.at);
        let told = sessions.map(|((at, own), (_, other))| {
            let mut all = contrasts("ended", None, &endings(), [&own.ended, &other.ended]);
            let never = format!("share({})", Ended::Unplayable.name());
            all.retain(|contrast| contrast.statistic != never);
            for ((index, own), (_, other)) in own.variables.iter().zip(&other.variables) {
                let Variable { name, role, kind } = &variables[*index];
                all.extend(contrasts(name, Some(*role), kind, [own, other]));
            }
            (*at, all)
        });
        told.collect()
    }
}

impl Tally for Grouped {
    fn add(&mut self, record: &Record<'_>) {
        let session = self.at.iter_mut().find(|(at, _)| *at == record.session);
        let Some((_, session)) = session.filter(|_| record.ended != Ended::Unplayable) else {
            return;
        };
        // Plays of one world stay together: the groups are groups of worlds.
        let group = (record.run % GROUPS as u64) as usize;
        session.ended.add(group, f64::from(record.ended as u8));
        for (index, groups) in &mut session.variables {
            groups.add(group, record.values[*index]);
        }
    }

    fn merge(&mut self, later: Grouped) {
        for ((_, session), (_, more)) in self.at.iter_mut().zip(later.at) {
            session.ended.merge(more.ended);
            for ((_, groups), (_, more)) in session.variables.iter_mut().zip(more.variables) {
                groups.merge(more);
            }
        }
    }
}

impl Groups {
    fn new(kind: &VariableKind) -> Groups {
        match kind {
            VariableKind::Number => Groups::Free(vec![Moments::EMPTY; GROUPS]),
            listed => Groups::Listed(vec![Store::new(listed); GROUPS]),
        }
    }

    fn add(&mut self, group: usize, value: f64) {
        match self {
            Groups::Listed(stores) => stores[group].add(value),
            Groups::Free(moments) if !value.is_nan() => moments[group].add(value),
            Groups::Free(_) => {}
        }
    }

    fn merge(&mut self, later: Groups) {
        match (self, later) {
            (Groups::Listed(mine), Groups::Listed(more)) => {
                let pairs = mine.iter_mut().zip(more);
                pairs.for_each(|(store, more)| store.merge(more));
            }
            (Groups::Free(mine), Groups::Free(more)) => {
                let pairs = mine.iter_mut().zip(&more);
                pairs.for_each(|(moments, more)| moments.merge(more));
            }
            _ => debug_assert!(false, "groups of different variables"),
        }
    }

    fn count(&self) -> u64 {
        match self {
            Groups::Listed(stores) => stores.iter().map(Store::count).sum(),
            Groups::Free(moments) => moments.iter().map(Moments::count).sum(),
        }
    }

    /// The mean; of the level's place for levels.
    fn mean(&self) -> Parts {
        let moments: Vec<Moments> = match self {
            Groups::Listed(stores) => stores.iter().map(Store::moments).collect(),
            Groups::Free(moments) => moments.clone(),
        };
        Parts::of(|left_out| {
            let mut all = Moments::EMPTY;
            for (group, moments) in moments.iter().enumerate() {
                if Some(group) != left_out {
                    all.merge(moments);
                }
            }
            all.mean()
        })
    }

    /// The share of every level, listed number, or no and yes.
    fn shares(&self) -> Vec<Parts> {
        let Groups::Listed(stores) = self else {
            return Vec::new();
        };
        let counts: Vec<Vec<u64>> = stores
            .iter()
            .map(|store| store.shares().iter().map(|share| share.count).collect())
            .collect();
        let (of, levels) = (self.count(), counts.first().map_or(0, Vec::len));
        (0..levels)
            .map(|level| {
                let count: u64 = counts.iter().map(|counts| counts[level]).sum();
                Parts::of(|left_out| match left_out {
                    None => count as f64 / of as f64,
                    Some(group) => {
                        let (less, fewer) = (counts[group][level], stores[group].count());
                        (count - less) as f64 / (of - fewer) as f64
                    }
                })
            })
            .collect()
    }

    /// The statistics a summary tells of such a variable, as far as they are shares or means.
    fn statistics(&self, kind: &VariableKind) -> Vec<(String, Parts)> {
        let one = |name: &str, parts| vec![(name.to_string(), parts)];
        match (self, kind) {
            (Groups::Listed(stores), VariableKind::Level { ordered, .. }) => {
                let labels = level_labels(kind, &stores[0]).into_iter();
                let named = labels.zip(self.shares());
                let mut all: Vec<(String, Parts)> = named
                    .map(|(label, parts)| (format!("share({label})"), parts))
                    .collect();
                if *ordered {
                    all.push(("mean_level".to_string(), self.mean()));
                }
                all
            }
            (_, VariableKind::Flag) => one("share", self.mean()),
            _ => one("mean", self.mean()),
        }
    }
}

impl Parts {
    fn of(value: impl Fn(Option<usize>) -> f64) -> Parts {
        Parts {
            whole: value(None),
            without: (0..GROUPS).map(|group| value(Some(group))).collect(),
        }
    }

    fn at(&self, left_out: Option<usize>) -> f64 {
        left_out.map_or(self.whole, |group| self.without[group])
    }
}

/// Every statistic of one variable.
fn contrasts(
    name: &str,
    role: Option<Role>,
    kind: &VariableKind,
    [own, other]: [&Groups; 2],
) -> Vec<Contrast> {
    let n = [own.count(), other.count()];
    let pairs = own.statistics(kind).into_iter().zip(other.statistics(kind));
    let told = pairs.map(|((statistic, own), (_, other))| Contrast {
        variable: name.to_string(),
        role,
        statistic,
        value: jackknife(|left_out| own.at(left_out)),
        baseline: other.whole,
        difference: jackknife(|left_out| own.at(left_out) - other.at(left_out)),
        n,
    });
    told.collect()
}

/// How runs end, as the levels of a variable.
fn endings() -> VariableKind {
    let labels = Ended::ALL.iter().map(|ended| ended.name().to_string());
    VariableKind::Level {
        labels: labels.collect(),
        ordered: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grouped(values: &[f64]) -> Grouped {
        let variables = [Variable {
            name: "gain.a".to_string(),
            role: Role::Gain,
            kind: VariableKind::Number,
        }];
        let mut grouped = Grouped::new(&variables, &[1]);
        for (run, value) in (0..).zip(values) {
            grouped.add(&Record {
                run,
                play: 0,
                session: 1,
                is_reported: true,
                is_last: true,
                ended: Ended::Agreement,
                reason: None,
                values: std::slice::from_ref(value),
            });
        }
        grouped
    }

    /// With one run in a group the jackknife is the textbook error of a mean of paired differences.
    #[test]
    fn one_run_to_a_group_gives_the_error_of_a_paired_mean() {
        let own: Vec<f64> = (0..32).map(|run| f64::from(run * run % 7)).collect();
        let other: Vec<f64> = (0..32).map(|run| f64::from(run % 5)).collect();
        let apart: Vec<f64> = own.iter().zip(&other).map(|(a, b)| a - b).collect();
        let mean = apart.iter().sum::<f64>() / 32.0;
        let squares: f64 = apart.iter().map(|d| (d - mean) * (d - mean)).sum();
        let error = (squares / 31.0 / 32.0).sqrt();
        let variables = [Variable {
            name: "gain.a".to_string(),
            role: Role::Gain,
            kind: VariableKind::Number,
        }];
        let told = grouped(&own).against(&grouped(&other), &variables);
        let last = told[0].1.last().unwrap();
        assert_eq!((last.statistic.as_str(), last.n), ("mean", [32, 32]));
        assert!((last.difference.value - mean).abs() < 1e-12);
        assert!((last.difference.std_error - error).abs() < 1e-12);
        // 2.0395: Student's t at 31 degrees of freedom.
        let reach = last.difference.interval.half_width();
        assert!((reach / error - 2.039_513).abs() < 1e-5);
    }

    #[test]
    fn the_same_runs_do_not_differ() {
        let values: Vec<f64> = (0..100).map(|run| f64::from(run) / 3.0).collect();
        let told = grouped(&values).against(
            &grouped(&values),
            &[Variable {
                name: "gain.a".to_string(),
                role: Role::Gain,
                kind: VariableKind::Number,
            }],
        );
        for contrast in &told[0].1 {
            let difference = contrast.difference;
            assert_eq!((difference.value, difference.std_error), (0.0, 0.0));
        }
    }
}
