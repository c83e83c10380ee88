//! Reading the two sides of a claim: aggregates, the variants and sessions they are taken in.

use super::claim::{Aggregate, Claims, Counted, Measure, Side, position_or_push};
use crate::expression::{Fault, Term, Tree};
use crate::model::{Place, Probe};
use crate::scenario::Scenario;

/// Where an aggregate is taken: in the scenario as written and at the end, if nothing else is said.
#[derive(Clone, Default)]
pub(super) struct Taken {
    variant: String,
    session: Option<u32>,
}

/// Reads the sides of one claim.
pub(super) struct Reader<'r> {
    pub claims: &'r mut Claims,
    pub scenario: &'r Scenario,
    pub place: &'r Place,
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
    /// One side.
    pub fn side(&mut self, tree: &Tree, taken: Taken) -> Result<Side, Fault> {
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
                let session = session
                    .map(|session| self.session(session, at))
                    .transpose()?;
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
