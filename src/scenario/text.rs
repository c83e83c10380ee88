//! Bytes to text: UTF-8, and not too much of it.

use std::sync::Arc;

/// A scenario may have this many bytes.
pub const LIMIT: usize = 16 << 20;

/// Why bytes are not a scenario's text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextFault {
    /// More bytes than [`LIMIT`].
    #[error("the file has {0} bytes, expected at most {LIMIT}")]
    TooLong(usize),
    /// Begins like UTF-16.
    #[error("the file is UTF-16, expected UTF-8: save it as UTF-8")]
    Utf16,
    /// Not UTF-8.
    #[error("the file is not UTF-8 text: found byte 0x{byte:02X} at line {line}, column {column}")]
    NotUtf8 {
        /// The first byte that is no part of a character.
        byte: u8,
        /// Its line, from 1.
        line: usize,
        /// Its column, from 1, in characters.
        column: usize,
    },
}

/// The text of a scenario file.
pub fn decode(bytes: &[u8]) -> Result<Arc<str>, TextFault> {
    if bytes.len() > LIMIT {
        return Err(TextFault::TooLong(bytes.len()));
    }
    let fault = match std::str::from_utf8(bytes) {
        Ok(text) => return Ok(Arc::from(text)),
        Err(fault) => fault,
    };
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err(TextFault::Utf16);
    }
    let (before, rest) = bytes.split_at(fault.valid_up_to());
    let before = String::from_utf8_lossy(before);
    let (line, column) = super::lines::Lines::new(&before).position(before.len());
    let byte = rest.first().copied().unwrap_or_default();
    Err(TextFault::NotUtf8 { byte, line, column })
}

#[test]
fn bytes_that_are_no_text_are_refused_with_their_place() {
    assert_eq!(decode("é".as_bytes()).as_deref(), Ok("é"));
    let latin1 = b"format = 1\nt = '\xC3\xBC\xE9'\n";
    let fault = decode(latin1).map_err(|fault| fault.to_string());
    let expected = "the file is not UTF-8 text: found byte 0xE9 at line 2, column 7";
    assert_eq!(fault.err().as_deref(), Some(expected));
    assert_eq!(decode(&[0xFF, 0xFE, b'a', 0]), Err(TextFault::Utf16));
    assert_eq!(
        decode(&vec![b'#'; LIMIT + 1]),
        Err(TextFault::TooLong(LIMIT + 1))
    );
}
