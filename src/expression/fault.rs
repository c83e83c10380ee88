//! What is wrong in a formula: where, what was found, what was expected, the nearest right name.

use std::ops::Range;

/// A fault at a place inside a formula's text.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// The bytes of the formula that are at fault.
    pub range: Range<usize>,
    /// One line: what is wrong.
    pub message: String,
    /// What stands under the caret: found, expected.
    pub label: String,
    /// What to do about it: the nearest right name, a spelling that works.
    pub help: Option<String>,
}

impl Fault {
    /// A fault with no advice yet.
    pub fn new(range: Range<usize>, message: impl Into<String>, label: impl Into<String>) -> Fault {
        Fault {
            range,
            message: message.into(),
            label: label.into(),
            help: None,
        }
    }

    /// The same fault with advice.
    pub fn help(mut self, help: impl Into<String>) -> Fault {
        self.help = Some(help.into());
        self
    }

    /// The same fault with "did you mean ..." if a right name is near.
    pub fn nearest<'a>(self, name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Fault {
        match crate::catalogue::nearest(name, candidates) {
            Some(right) => self.help(format!("did you mean `{right}`?")),
            None => self,
        }
    }
}
