//! Formula text to tokens.

use super::Fault;
use std::ops::Range;

/// One token and the bytes it stands on.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub kind: TokenKind,
    pub range: Range<usize>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum TokenKind {
    Number(f64),
    /// A word or a dotted path: `min`, `price`, `value.mill.price`.
    Name(String),
    /// An operator, bracket or comma.
    Sign(&'static str),
    End,
}

/// Longer signs first, so that `<=` is not read as `<` and `=`.
const SIGNS: [&str; 19] = [
    "<=", ">=", "==", "!=", "**", "+", "-", "*", "/", "^", "<", ">", "(", ")", "[", "]", ",", "%",
    "=",
];

/// Cut a formula into tokens; the last one is always `End`.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, Fault> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let rest = &text[at..];
        let (kind, length) = if first.is_ascii_digit() || starts_decimal(rest) {
            number(rest, at)?
        } else if first.is_alphabetic() || first == '_' {
            let length = rest
                .find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.'))
                .unwrap_or(rest.len());
            (TokenKind::Name(rest[..length].to_string()), length)
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            (TokenKind::Sign(sign), sign.len())
        } else {
            let range = at..at + first.len_utf8();
            return Err(Fault::new(
                range,
                format!("`{first}` has no meaning in a formula"),
                "expected a number, a name or an operator",
            ));
        };
        found.push(Token {
            kind,
            range: at..at + length,
        });
        at += length;
    }
    found.push(Token {
        kind: TokenKind::End,
        range: text.len()..text.len(),
    });
    Ok(found)
}

fn starts_decimal(rest: &str) -> bool {
    let mut characters = rest.chars();
    characters.next() == Some('.') && characters.next().is_some_and(|c| c.is_ascii_digit())
}

/// Digits with one point, single underscores between digits and an exponent: `1_000`, `2.5e-3`.
fn number(rest: &str, at: usize) -> Result<(TokenKind, usize), Fault> {
    let bytes = rest.as_bytes();
    let digits = |mut end: usize| {
        while end < bytes.len() && (bytes[end].is_ascii_digit() || bytes[end] == b'_') {
            end += 1;
        }
        end
    };
    let mut end = digits(0);
    if end < bytes.len() && bytes[end] == b'.' {
        end = digits(end + 1);
    }
    if end < bytes.len() && matches!(bytes[end], b'e' | b'E') {
        let sign = end + 1 + usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        if bytes.get(sign).is_some_and(u8::is_ascii_digit) {
            end = digits(sign);
        }
    }
    let written = &rest[..end];
    let glued = rest[end..]
        .chars()
        .next()
        .is_some_and(|c| c.is_alphabetic());
    match written.replace('_', "").parse::<f64>() {
        Ok(value) if value.is_finite() && !glued => Ok((TokenKind::Number(value), end)),
        _ => {
            let end = rest[end..]
                .find(|c: char| !c.is_alphanumeric())
                .map_or(rest.len(), |more| end + more);
            Err(Fault::new(
                at..at + end,
                format!("`{}` is not a number", &rest[..end]),
                "expected a finite number such as 12, 0.5 or 2.5e-3",
            )
            .help("write a product with `*`: `2 * x`"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_kinds() {
        let found = tokens("1_000 <= value.a.b*.5e1").unwrap();
        let kinds: Vec<_> = found.iter().map(|t| t.kind.clone()).collect();
        assert_eq!(
            kinds,
            [
                TokenKind::Number(1000.0),
                TokenKind::Sign("<="),
                TokenKind::Name("value.a.b".into()),
                TokenKind::Sign("*"),
                TokenKind::Number(5.0),
                TokenKind::End
            ]
        );
        assert_eq!(found[2].range, 9..18);
    }

    #[test]
    fn faults_name_the_place() {
        assert_eq!(tokens("a $ b").unwrap_err().range, 2..3);
        assert_eq!(tokens("1 + 2x").unwrap_err().range, 4..6);
        assert_eq!(tokens("1e999").unwrap_err().range, 0..5);
    }
}
