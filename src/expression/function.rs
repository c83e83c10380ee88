//! The functions formulas know, as a family: `demarche list functions` and did-you-mean come from here.

use super::Operation;
use crate::catalogue::Kind;

/// A function of formulas.
#[derive(Debug, Clone, Copy)]
pub struct Function {
    /// What it says of itself.
    pub kind: Kind,
    /// How it is written: `clamp(x, low, high)`.
    pub usage: &'static str,
    /// Fewest and most arguments.
    pub arguments: (usize, usize),
    /// What it does.
    pub meaning: Meaning,
}

/// How a function is carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// One operation on its arguments, repeated from the left if there are more than two.
    Fold(Operation),
    /// The first argument kept between the second and the third.
    Clamp,
}

/// Every function. To add one: one entry here, and its operation if it is new.
pub const FUNCTIONS: &[Function] = &[
    function(
        "min",
        "min(a, b, ...)",
        "the smallest of its arguments",
        (2, 32),
        Meaning::Fold(Operation::Min),
    ),
    function(
        "max",
        "max(a, b, ...)",
        "the largest of its arguments",
        (2, 32),
        Meaning::Fold(Operation::Max),
    ),
    function(
        "clamp",
        "clamp(x, low, high)",
        "x, but not below low and not above high",
        (3, 3),
        Meaning::Clamp,
    ),
    function(
        "exp",
        "exp(x)",
        "e to the power x",
        (1, 1),
        Meaning::Fold(Operation::Exp),
    ),
    function(
        "log",
        "log(x)",
        "the natural logarithm of x",
        (1, 1),
        Meaning::Fold(Operation::Log),
    ),
    function(
        "sqrt",
        "sqrt(x)",
        "the square root of x",
        (1, 1),
        Meaning::Fold(Operation::Sqrt),
    ),
    function(
        "abs",
        "abs(x)",
        "x without its sign",
        (1, 1),
        Meaning::Fold(Operation::Abs),
    ),
    function(
        "logistic",
        "logistic(x)",
        "1 / (1 + exp(-x)), between 0 and 1",
        (1, 1),
        Meaning::Fold(Operation::Logistic),
    ),
    function(
        "floor",
        "floor(x)",
        "the largest whole number not above x",
        (1, 1),
        Meaning::Fold(Operation::Floor),
    ),
    function(
        "round",
        "round(x)",
        "the nearest whole number, halves away from zero",
        (1, 1),
        Meaning::Fold(Operation::Round),
    ),
];

const fn function(
    name: &'static str,
    usage: &'static str,
    about: &'static str,
    arguments: (usize, usize),
    meaning: Meaning,
) -> Function {
    Function {
        kind: Kind {
            name,
            about,
            reference: "",
            manual: "",
            settings: &[],
        },
        usage,
        arguments,
        meaning,
    }
}
