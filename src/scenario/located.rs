//! A value and where it stands: byte ranges into the scenario's own text.

use std::ops::Range;

/// A range of bytes in the scenario's text.
pub type Span = Range<usize>;

/// A value that knows its place in the file.
#[derive(Debug, Clone, PartialEq)]
pub struct Located<T> {
    /// What stands there.
    pub value: T,
    /// Where it stands; for a name, the name itself, for a string, with its quotes.
    pub span: Span,
}

impl<T> Located<T> {
    /// A value at its place.
    pub fn new(value: T, span: Span) -> Located<T> {
        Located { value, span }
    }
}

/// A number as written: a literal, or a formula's text.
#[derive(Debug, Clone, PartialEq)]
pub struct Formula {
    /// The formula's text; for a literal, the number in its shortest form.
    pub text: String,
    /// The number, if a plain number stands there.
    pub literal: Option<f64>,
    /// The place of the whole TOML value, quotes included.
    pub span: Span,
    /// Where the text begins in the file, if it stands there letter by letter (no escapes).
    pub inner: Option<usize>,
    /// The TOML path under which `--set`, variants and sweeps find it.
    pub address: String,
}

impl Formula {
    /// The place in the file of a byte range within this formula's text: exact if the
    /// text stands in the file letter by letter, the whole value otherwise.
    pub fn place(&self, within: Range<usize>) -> Span {
        match self.inner {
            Some(inner) if within.start <= within.end && within.end <= self.text.len() => {
                inner + within.start..inner + within.end
            }
            _ => self.span.clone(),
        }
    }

    /// What stands in for a number that was missing or at fault. The fault is already
    /// reported: nothing more needs to be said about this formula.
    pub(super) fn placeholder(span: Span, address: String) -> Formula {
        Formula {
            text: String::new(),
            literal: Some(1.0),
            span,
            inner: None,
            address,
        }
    }

    /// Whether this stands in for a number that was missing or at fault.
    pub fn is_placeholder(&self) -> bool {
        self.text.is_empty()
    }
}
