//! Claims: `share(delivery == daily) > 0.1`, `mean(price) in poor_harvest > mean(price)`.
//!
//! A claim compares two sums of aggregates over runs. What an aggregate counts is a formula of its
//! own, a probe: the model reports it for every run.

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

    fn variant(&mut self, name: &str) -> usize {
        position_or_push(&mut self.variants, name.to_string(), |a, b| a == b)
    }
}

/// Where an aggregate is taken: in the scenario as written and at the end, if nothing else is said.
#[derive(Clone, Default)]
struct Taken {
    variant: String,
    session: Option<u32>,
}

struct Reader<'r> {
    claims: &'r mut Claims,
    scenario: &'r Scenario,
    place: &'r Place,
}

/// What an aggregate is called, and how many arguments it takes.
const AGGREGATES: [(&str, usize); 8] = [
    ("share", 1),
    ("mean", 1),
    ("sd", 1),
    ("min", 1),
    ("max", 1),
    ("median", 1),
    ("quantile", 2),
    ("halfwidth", 1),
];

impl Reader<'_> {
    fn side(&mut self, tree: &Tree, taken: Taken) -> Result<Side, Fault> {
        match &tree.term {
            Term::Number(value) => Ok(Side::Number(*value)),
            Term::Prefix("-", inner) => {
                let inner = self.side(inner, taken)?;
                Ok(Side::Combine(
                    '-',
                    Box::new(Side::Number(0.0)),
                    Box::new(inner),
                ))
            }
            Term::Infix(operator @ ("+" | "-" | "*" | "/"), left, right) => {
                let left = self.side(left, taken.clone())?;
                let right = self.side(right, taken)?;
                let operator = operator.chars().next().unwrap_or('+');
                Ok(Side::Combine(operator, Box::new(left), Box::new(right)))
            }
            Term::In(inner, name) => {
                let variant = self.variant_name(name)?;
                self.side(inner, Taken { variant, ..taken })
            }
            Term::At(inner, session, at) => {
                let session = session.map(|session| self.session(session, at)).transpose()?;
                self.side(inner, Taken { session, ..taken })
            }
            Term::Call(name, _, arguments) if name == "abs" && arguments.len() == 1 => {
                Ok(Side::Absolute(Box::new(self.side(&arguments[0], taken)?)))
            }
            Term::Call(name, at, arguments) => self.call(name, at, tree, arguments, taken),
            _ => Err(Fault::new(
                tree.range.clone(),
                "this is not a number over runs",
                "expected an aggregate such as share(...) or mean(...), or a number",
            )
            .help(
                "write `mean(x)` for the average of x over runs, `share(c)` for how often c holds",
            )),
        }
    }

    fn call(
        &mut self,
        name: &str,
        at: &std::ops::Range<usize>,
        tree: &Tree,
        arguments: &[Tree],
        taken: Taken,
    ) -> Result<Side, Fault> {
        let names = || AGGREGATES.iter().map(|(name, _)| *name);
        let Some((_, count)) = AGGREGATES.iter().find(|(aggregate, _)| *aggregate == name) else {
            return Err(Fault::new(
                at.clone(),
                format!("`{name}` is not an aggregate"),
                format!("expected one of {}", names().collect::<Vec<_>>().join(", ")),
            )
            .nearest(name, names()));
        };
        if arguments.len() != *count {
            return Err(Fault::new(
                tree.range.clone(),
                format!("`{name}` has the wrong number of arguments"),
                format!("expected {count}, found {}", arguments.len()),
            ));
        }
        if name == "halfwidth" {
            return match self.side(&arguments[0], taken)? {
                Side::Aggregate(aggregate) => Ok(Side::HalfWidth(aggregate)),
                _ => Err(Fault::new(
                    arguments[0].range.clone(),
                    "this has no interval of its own",
                    "expected one aggregate",
                )),
            };
        }
        let measure = match name {
            "share" => Measure::Share,
            "mean" => Measure::Mean,
            "sd" => Measure::Deviation,
            "min" => Measure::Least,
            "max" => Measure::Greatest,
            "median" => Measure::Quantile(0.5),
            _ => Measure::Quantile(probability(&arguments[1])?),
        };
        let counted = Counted {
            probe: self.probe(&arguments[0]),
            session: taken.session,
        };
        Ok(Side::Aggregate(Aggregate {
            measure,
            counted: position_or_push(&mut self.claims.counted, counted, |a, b| a == b),
            variant: self.claims.variant(&taken.variant),
        }))
    }

    /// A session of the scenario as written.
    fn session(&self, session: u64, at: &std::ops::Range<usize>) -> Result<u32, Fault> {
        let calendar = self.scenario.calendar.as_ref();
        let sessions = calendar.map_or(Some(1.0), |calendar| calendar.sessions.literal);
        match sessions.is_some_and(|sessions| session as f64 > sessions) {
            false => Ok(session as u32),
            true => Err(Fault::new(
                at.clone(),
                format!("there is no session {session}"),
                format!("the scenario has {}", sessions.unwrap_or(1.0)),
            )),
        }
    }

    /// The probe of what an aggregate counts: `x given c` does not apply where c fails.
    fn probe(&mut self, tree: &Tree) -> usize {
        let tree = match &tree.term {
            Term::Infix("given", counted, condition) => {
                let never = Tree {
                    term: Term::Number(f64::NAN),
                    range: condition.range.clone(),
                };
                Tree {
                    term: Term::If(condition.clone(), counted.clone(), Box::new(never)),
                    range: tree.range.clone(),
                }
            }
            _ => tree.clone(),
        };
        let probe = Probe {
            tree,
            place: self.place.clone(),
        };
        let same = |a: &Probe, b: &Probe| {
            let text = |p: &Probe| {
                p.place
                    .formula
                    .text
                    .get(p.tree.range.clone())
                    .map(str::to_string)
            };
            text(a).is_some() && text(a) == text(b)
        };
        position_or_push(&mut self.claims.probes, probe, same)
    }

    fn variant_name(&self, tree: &Tree) -> Result<String, Fault> {
        let variants = || self.scenario.variants.iter().map(|v| v.name.value.as_str());
        match &tree.term {
            Term::Name(name) if name == "base" => Ok(String::new()),
            Term::Name(name) if variants().any(|variant| variant == name) => Ok(name.clone()),
            Term::Name(name) => Err(Fault::new(
                tree.range.clone(),
                format!("`{name}` is not a variant"),
                "expected a name of [variants]",
            )
            .nearest(name, variants())),
            _ => Err(Fault::new(
                tree.range.clone(),
                "`in` needs the name of a variant here",
                "expected a name of [variants]",
            )),
        }
    }
}

fn probability(tree: &Tree) -> Result<f64, Fault> {
    match tree.term {
        Term::Number(p) if p > 0.0 && p < 1.0 => Ok(p),
        _ => Err(Fault::new(
            tree.range.clone(),
            "this is not a probability",
            "expected a number between 0 and 1, such as 0.9",
        )),
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

fn position_or_push<T>(list: &mut Vec<T>, item: T, same: impl Fn(&T, &T) -> bool) -> usize {
    if let Some(found) = list.iter().position(|other| same(other, &item)) {
        return found;
    }
    list.push(item);
    list.len() - 1
}
