//! Claims: `share(delivery == daily) > 0.1`, `mean(price) in poor_harvest > mean(price)`.
//!
//! A claim compares two sums of aggregates over runs. What an aggregate counts is a formula of its
//! own, a probe: the model reports it for every run.

use super::reader::{Reader, Taken};
use crate::expression::{Fault, Term, Tree, parse};
use crate::model::{Origin, Place, Probe};
use crate::scenario::{Diagnostic, Diagnostics, Formula, Scenario};

/// Several claims and all they ask of the runs.
#[derive(Debug, Clone, Default)]
pub struct Claims {
    /// The claims, in the order they were read.
    pub claims: Vec<Claim>,
    /// What to report for every run.
    pub probes: Vec<Probe>,
    /// What aggregates count: each a probe at a session.
    pub counted: Vec<Counted>,
    /// The variants that must be played; the empty name is the scenario as written.
    pub variants: Vec<String>,
}

/// A probe at a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// Its place in [`Claims::probes`].
    pub probe: usize,
    /// The session after which it is asked; the last one if none is named.
    pub session: Option<u32>,
}

/// One claim.
#[derive(Debug, Clone)]
pub struct Claim {
    /// As written.
    pub text: String,
    /// The left side less the right side.
    pub difference: Side,
    /// What is claimed of it: that it is below zero, say.
    pub relation: Relation,
}

/// How a claim compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
}

/// A sum, product or quotient of aggregates and numbers.
#[derive(Debug, Clone)]
pub enum Side {
    /// A number.
    Number(f64),
    /// An aggregate over runs.
    Aggregate(Aggregate),
    /// An operation of two sides.
    Combine(char, Box<Side>, Box<Side>),
    /// The absolute value.
    Absolute(Box<Side>),
    /// Half the width of the 95 % interval of an aggregate.
    HalfWidth(Aggregate),
}

/// A number over all runs of a variant.
#[derive(Debug, Clone, PartialEq)]
pub struct Aggregate {
    /// Which number.
    pub measure: Measure,
    /// Of what, by its place in [`Claims::counted`].
    pub counted: usize,
    /// In which variant, by its place in [`Claims::variants`].
    pub variant: usize,
}

/// How runs are added up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Measure {
    /// The share of runs in which it holds.
    Share,
    /// The mean.
    Mean,
    /// The standard deviation.
    Deviation,
    /// The smallest.
    Least,
    /// The largest.
    Greatest,
    /// The quantile at this probability.
    Quantile(f64),
}

impl Claims {
    /// The claims of a scenario; faults are added to `findings`. Claims at fault are left out.
    pub fn of_scenario(scenario: &Scenario, findings: &mut Diagnostics) -> Claims {
        let mut claims = Claims::default();
        for expect in &scenario.expects {
            if expect.claim.is_placeholder() {
                continue;
            }
            let place = Place {
                formula: expect.claim.clone(),
                origin: Origin::File,
            };
            if let Err(fault) = claims.read(scenario, &place) {
                let found = Diagnostic::in_formula(&expect.claim, fault.range, fault.message)
                    .label(fault.label);
                findings.push(match fault.help {
                    Some(help) => found.help(help),
                    None => found,
                });
            }
        }
        claims
    }

    /// A single claim, as `--until` takes it.
    pub fn of_argument(scenario: &Scenario, text: &str) -> Result<Claims, Fault> {
        let formula = Formula {
            text: text.to_string(),
            literal: None,
            span: 0..text.len(),
            inner: Some(0),
            address: "until".to_string(),
        };
        let place = Place {
            formula,
            origin: Origin::Argument(usize::MAX),
        };
        let mut claims = Claims::default();
        claims.read(scenario, &place)?;
        Ok(claims)
    }

    fn read(&mut self, scenario: &Scenario, place: &Place) -> Result<(), Fault> {
        let tree = parse(&place.formula.text)?;
        let Term::Infix(operator, left, right) = &tree.term else {
            return Err(no_comparison(&tree));
        };
        let relation = match *operator {
            "<" => Relation::Less,
            "<=" => Relation::AtMost,
            ">" => Relation::More,
            ">=" => Relation::AtLeast,
            "==" | "!=" => {
                return Err(Fault::new(
                    tree.range.clone(),
                    "estimates are not compared for equality",
                    "expected < <= > or >=",
                )
                .help("say how near: `abs(mean(price) - 0.5) < 0.001`"));
            }
            _ => return Err(no_comparison(&tree)),
        };
        let mut reader = Reader {
            claims: self,
            scenario,
            place,
        };
        let left = reader.side(left, Taken::default())?;
        let right = reader.side(right, Taken::default())?;
        self.claims.push(Claim {
            text: place.formula.text.clone(),
            difference: Side::Combine('-', Box::new(left), Box::new(right)),
            relation,
        });
        Ok(())
    }

    /// The sessions that claims name.
    pub fn sessions(&self) -> Vec<u32> {
        let mut sessions: Vec<u32> = self.counted.iter().filter_map(|c| c.session).collect();
        sessions.sort_unstable();
        sessions.dedup();
        sessions
    }

    pub(super) fn variant(&mut self, name: &str) -> usize {
        position_or_push(&mut self.variants, name.to_string(), |a, b| a == b)
    }
}

fn no_comparison(tree: &Tree) -> Fault {
    Fault::new(
        tree.range.clone(),
        "a claim compares two numbers",
        "expected one comparison < <= > or >=",
    )
    .help("for example `share(deal) > 0.5`")
}

pub(super) fn position_or_push<T>(
    list: &mut Vec<T>,
    item: T,
    same: impl Fn(&T, &T) -> bool,
) -> usize {
    if let Some(found) = list.iter().position(|other| same(other, &item)) {
        return found;
    }
    list.push(item);
    list.len() - 1
}
