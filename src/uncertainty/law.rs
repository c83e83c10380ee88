//! How a distribution is written and what it promises: its arguments, its faults and its quantile function.

use super::Law;
use crate::catalogue::Kind;

/// A probability law on the line, ready to draw. Discrete laws say so and count their atoms in `cdf` but not in `below`.
pub trait Distribution {
    /// The smallest x with probability at least u at or below it, for u in (0, 1).
    fn quantile(&self, u: f64) -> f64;
    /// Probability of at most x.
    fn cdf(&self, x: f64) -> f64;
    /// Mean; NaN where there is none.
    fn mean(&self) -> f64;
    /// Smallest and largest value.
    fn support(&self) -> (f64, f64);
    /// The value that is passed as often as not.
    fn median(&self) -> f64 {
        self.quantile(0.5)
    }
    /// Probability of more than x; own formula where 1 - cdf would lose digits.
    fn survival(&self, x: f64) -> f64 {
        1.0 - self.cdf(x)
    }
    /// The quantile at 1 - v; own formula where that would lose digits.
    fn upper_quantile(&self, v: f64) -> f64 {
        self.quantile(1.0 - v)
    }
    /// Probability of less than x.
    fn below(&self, x: f64) -> f64 {
        self.cdf(x)
    }
    /// Whether all probability sits on separate values.
    fn is_discrete(&self) -> bool {
        false
    }
}

/// One kind of distribution, as data: the list of them feeds `demarche list`, the manual and the tests.
#[derive(Debug, Clone, Copy)]
pub struct DistributionKind {
    /// Name, one line, reference, manual. Distributions have arguments instead of settings.
    pub kind: Kind,
    /// What stands between the parentheses, in order.
    pub arguments: &'static [ArgumentForm],
    /// A call as authors write it.
    pub example: &'static str,
    /// From arguments to a law.
    pub make: Make,
    /// For kinds that take only numbers: the quantile at u straight from the arguments, without allocating; NaN
    /// if they don't fit. For arguments that differ from run to run.
    pub instant: Option<fn(u: f64, arguments: &[f64]) -> f64>,
}

/// How a kind becomes a law.
#[derive(Debug, Clone, Copy)]
pub enum Make {
    /// From numbers alone.
    Numbers(fn(&[f64]) -> Result<Law, Fault>),
    /// From numbers, lists and other laws; forms and number of arguments are already checked.
    Arguments(fn(&[Argument]) -> Result<Law, LawFault>),
}

/// One argument, as data.
#[derive(Debug, Clone, Copy)]
pub struct ArgumentForm {
    /// What the manual calls it.
    pub name: &'static str,
    /// One line: what it means.
    pub about: &'static str,
    /// What may stand there.
    pub takes: Takes,
    /// How often it stands.
    pub times: Times,
}

/// What may stand for an argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// A number.
    Number,
    /// A list of numbers in brackets.
    List,
    /// A distribution, or a number that stands for itself.
    Law,
}

/// How often an argument stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Times {
    /// Once.
    Once,
    /// Once or not at all; then it has this value.
    Optional(f64),
    /// With its neighbours that repeat, as often as wanted: `weight, law, weight, law`.
    Repeated,
}

/// A distribution as written: kind and arguments.
#[derive(Debug, Clone)]
pub struct LawSketch {
    /// Which distribution.
    pub kind: &'static DistributionKind,
    /// What stands between its parentheses.
    pub arguments: Vec<Argument>,
}

/// An argument as written.
#[derive(Debug, Clone)]
pub enum Argument {
    /// A number.
    Number(f64),
    /// A list of numbers.
    List(Vec<f64>),
    /// A distribution inside a distribution.
    Law(Box<LawSketch>),
}

/// What is wrong with a distribution as written, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct LawFault {
    /// Index of the argument.
    pub argument: usize,
    /// If that argument is a distribution with a fault inside: the way on to it, index by index.
    pub within: Vec<usize>,
    /// What was expected and what was found.
    pub message: String,
}

/// What is wrong with one number; becomes a message only when somebody reads it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fault {
    /// Index of the argument.
    pub argument: usize,
    /// The invariant, in words; `{name}` stands for the value of the argument of that name.
    pub expected: &'static str,
}

/// Checks a sketch and prepares it for drawing.
pub fn prepare(sketch: &LawSketch) -> Result<Law, LawFault> {
    let kind = sketch.kind;
    kind.check_forms(&sketch.arguments)?;
    match kind.make {
        Make::Arguments(make) => make(&sketch.arguments),
        Make::Numbers(make) => {
            let numbers: Vec<f64> = sketch.arguments.iter().filter_map(number).collect();
            make(&numbers).map_err(|fault| kind.explain(fault, &numbers))
        }
    }
}

impl DistributionKind {
    /// How it is called: `pert(low, mode, high[, weight])`.
    pub fn signature(&self) -> String {
        let mut text = format!("{}(", self.kind.name);
        for (index, form) in self.arguments.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            match form.times {
                Times::Optional(_) => text.push_str(&format!("[{comma}{}]", form.name)),
                _ => text.push_str(&format!("{comma}{}", form.name)),
            }
        }
        if self.repeats() {
            text.push_str(", ...");
        }
        text.push(')');
        text
    }

    /// The form of the argument at an index, if one may stand there.
    pub fn form(&self, index: usize) -> Option<&'static ArgumentForm> {
        if self.repeats() {
            self.arguments.get(index % self.arguments.len())
        } else {
            self.arguments.get(index)
        }
    }

    /// Whether this many arguments may stand between the parentheses.
    pub fn accepts(&self, count: usize) -> bool {
        if self.repeats() {
            return count > 0 && count.is_multiple_of(self.arguments.len());
        }
        let needed = self
            .arguments
            .iter()
            .filter(|form| form.times == Times::Once);
        needed.count() <= count && count <= self.arguments.len()
    }

    fn repeats(&self) -> bool {
        self.arguments
            .iter()
            .any(|form| form.times == Times::Repeated)
    }

    fn check_forms(&self, arguments: &[Argument]) -> Result<(), LawFault> {
        if !self.accepts(arguments.len()) {
            let expected = self.signature();
            let found = arguments.len();
            let message = format!("expected {expected}; found {found} arguments");
            return Err(LawFault::new(found.saturating_sub(1), message));
        }
        for (index, argument) in arguments.iter().enumerate() {
            let Some(form) = self.form(index) else {
                continue;
            };
            let (name, takes) = (form.name, form.takes);
            let fault = |what: &str| Err(LawFault::new(index, format!("{name}: {what}")));
            match (takes, argument) {
                (_, Argument::Number(value)) if value.is_nan() => {
                    return fault("expected a number; found NaN");
                }
                (Takes::Number | Takes::Law, Argument::Number(_))
                | (Takes::List, Argument::List(_))
                | (Takes::Law, Argument::Law(_)) => {}
                (Takes::Number, found) => {
                    return fault(&format!("expected a number; found {}", found.what()));
                }
                (Takes::List, found) => {
                    return fault(&format!(
                        "expected a list in brackets; found {}",
                        found.what()
                    ));
                }
                (Takes::Law, found) => {
                    return fault(&format!("expected a distribution; found {}", found.what()));
                }
            }
        }
        Ok(())
    }

    /// A fault among numbers, in words.
    pub fn explain(&self, fault: Fault, numbers: &[f64]) -> LawFault {
        let mut expected = fault.expected.to_string();
        for (form, value) in self.arguments.iter().zip(numbers) {
            expected = expected.replace(&format!("{{{}}}", form.name), &value.to_string());
        }
        let name = self.form(fault.argument).map_or("", |form| form.name);
        let found = numbers.get(fault.argument).copied().unwrap_or(f64::NAN);
        LawFault::new(
            fault.argument,
            format!("{name}: expected {expected}; found {found}"),
        )
    }
}

impl LawFault {
    /// A fault at an argument.
    pub fn new(argument: usize, message: impl Into<String>) -> LawFault {
        LawFault {
            argument,
            within: Vec::new(),
            message: message.into(),
        }
    }
}

impl Argument {
    fn what(&self) -> &'static str {
        match self {
            Argument::Number(_) => "a number",
            Argument::List(_) => "a list",
            Argument::Law(_) => "a distribution",
        }
    }
}

/// The number an argument is, if it is one.
pub(super) fn number(argument: &Argument) -> Option<f64> {
    match argument {
        Argument::Number(value) => Some(*value),
        _ => None,
    }
}

/// The law an argument is; a number is the law that always gives it.
pub(super) fn inner_law(arguments: &[Argument], index: usize) -> Result<Law, LawFault> {
    match &arguments[index] {
        Argument::Law(sketch) => prepare(sketch).map_err(|fault| {
            let mut within = vec![fault.argument];
            within.extend(fault.within);
            LawFault {
                argument: index,
                within,
                message: fault.message,
            }
        }),
        Argument::Number(value) => {
            super::distribution::constant(*value).map_err(|message| LawFault::new(index, message))
        }
        Argument::List(_) => Err(LawFault::new(
            index,
            "expected a distribution; found a list",
        )),
    }
}

/// Holds an argument to an invariant; written so that NaN breaks it.
pub(super) fn hold(invariant: bool, argument: usize, expected: &'static str) -> Result<(), Fault> {
    if invariant {
        Ok(())
    } else {
        Err(Fault { argument, expected })
    }
}

/// The numbers as an array, all finite.
pub(super) fn finite<const N: usize>(numbers: &[f64]) -> Result<[f64; N], Fault> {
    let mut array = [0.0; N];
    for (argument, slot) in array.iter_mut().enumerate() {
        *slot = numbers.get(argument).copied().unwrap_or(f64::NAN);
        hold(slot.is_finite(), argument, "a finite number")?;
    }
    Ok(array)
}

/// A required number.
pub(super) const fn required(name: &'static str, about: &'static str) -> ArgumentForm {
    ArgumentForm {
        name,
        about,
        takes: Takes::Number,
        times: Times::Once,
    }
}
