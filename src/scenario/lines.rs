//! Bytes to lines and columns: both from 1, columns counted in characters.

use super::located::Span;

/// Where the lines of a text begin.
pub(super) struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

/// Some whole lines of a text.
pub(super) struct Window<'t> {
    pub text: &'t str,
    /// The number of the first line.
    pub line: usize,
    offset: usize,
}

const BOM: char = '\u{feff}';

impl<'t> Lines<'t> {
    pub fn new(text: &'t str) -> Lines<'t> {
        let newlines = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = std::iter::once(0)
            .chain(newlines.map(|(at, _)| at + 1))
            .collect();
        Lines { text, starts }
    }

    /// Line and column of a byte. A byte order mark takes no column.
    pub fn position(&self, byte: usize) -> (usize, usize) {
        let byte = floor(self.text, byte);
        let line = self.line(byte);
        let before = &self.text[self.starts[line]..byte];
        let column = before.chars().filter(|letter| *letter != BOM).count();
        (line + 1, column + 1)
    }

    /// The lines from that of byte `first` to that of byte `last`.
    pub fn window(&self, first: usize, last: usize) -> Window<'t> {
        let line = self.line(floor(self.text, first));
        let end_line = self.line(floor(self.text, last)).max(line);
        let end = self
            .starts
            .get(end_line + 1)
            .map_or(self.text.len(), |next| next - 1);
        let text = &self.text[self.starts[line]..end];
        let shown = text.strip_prefix(BOM).unwrap_or(text);
        let shown = shown.strip_suffix('\r').unwrap_or(shown);
        Window {
            text: shown,
            line: line + 1,
            offset: self.starts[line]
                + if text.starts_with(BOM) {
                    BOM.len_utf8()
                } else {
                    0
                },
        }
    }

    fn line(&self, byte: usize) -> usize {
        self.starts.partition_point(|start| *start <= byte) - 1
    }
}

impl Window<'_> {
    /// A span of the text, in bytes of the window.
    pub fn span(&self, span: &Span) -> Span {
        let start = floor(self.text, span.start.saturating_sub(self.offset));
        let end = floor(self.text, span.end.saturating_sub(self.offset));
        start..end.max(start)
    }
}

/// The last character boundary at or before a byte.
fn floor(text: &str, byte: usize) -> usize {
    let mut byte = byte.min(text.len());
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    byte
}
