//! A formula as a tree: what it is made of and where each part stands.

use std::ops::Range;

/// A formula or a part of one, and the bytes it stands on.
#[derive(Debug, Clone, PartialEq)]
pub struct Tree {
    /// What it is.
    pub term: Term,
    /// Where it stands in the formula's text.
    pub range: Range<usize>,
}

/// What a part of a formula is.
#[derive(Debug, Clone, PartialEq)]
pub enum Term {
    /// A number.
    Number(f64),
    /// A name, possibly dotted.
    Name(String),
    /// `[a, b, c]`.
    List(Vec<Tree>),
    /// `-a` or `not a`.
    Prefix(&'static str, Box<Tree>),
    /// `a + b`, `a and b`, `a <= b`, `a given b` ...
    Infix(&'static str, Box<Tree>, Box<Tree>),
    /// `a in b`: `b` is a list, or, in a claim, the name of a variant.
    In(Box<Tree>, Box<Tree>),
    /// `a at n`: in a claim, the session in which an aggregate is taken; `None` is the last one.
    At(Box<Tree>, Option<u64>, Range<usize>),
    /// `if a then b else c`.
    If(Box<Tree>, Box<Tree>, Box<Tree>),
    /// `name(arguments)`; the range is the name's.
    Call(String, Range<usize>, Vec<Tree>),
}
