//! Names: letters, digits and `_`, not starting with a digit, each given once.

use std::collections::BTreeMap;

use super::diagnostic::Diagnostic;
use super::located::{Located, Span};
use super::reading::Reading;

/// Words of the formula language, which cannot name what formulas speak of.
const WORDS: [&str; 12] = [
    "and",
    "or",
    "not",
    "if",
    "then",
    "else",
    "in",
    "given",
    "true",
    "false",
    "base",
    "status_quo",
];

/// What a result tells of every run besides the scenario's own names; `deal` also asks in formulas
/// whether there was one.
const COLUMNS: [&str; 5] = ["run", "variant", "ended", "session", "deal"];

/// What formulas may ask besides in a scenario with a calendar.
const PROCESS: [&str; 3] = ["breakdown", "signed_count", "newly_signed"];

/// Report a name that is not an identifier.
pub(super) fn check(reading: &mut Reading<'_>, name: &Located<String>) {
    if !is_identifier(&name.value) {
        let fault = Diagnostic::error(name.span.clone(), format!("`{}` is not a name", name.value))
            .label("expected letters, digits and `_`, not starting with a digit")
            .help(format!("write `{}`", cleaned(&name.value)));
        reading.faults.push(fault);
    }
}

/// Report a name that formulas could not speak of.
pub(super) fn check_word(reading: &mut Reading<'_>, name: &Located<String>) {
    if WORDS.contains(&name.value.as_str()) {
        let message = format!("`{}` is a word of the formula language", name.value);
        let fault = Diagnostic::error(name.span.clone(), message)
            .label("expected another name")
            .help(format!("write `{}_`, say", name.value));
        reading.faults.push(fault);
    } else if COLUMNS.contains(&name.value.as_str()) {
        let message = format!("`{}` is told of every run already", name.value);
        let fault = Diagnostic::error(name.span.clone(), message)
            .label("expected another name")
            .help(format!("write `{}_`, say", name.value));
        reading.faults.push(fault);
    }
}

/// Report a quantity, issue or measure that formulas could not speak of.
pub(super) fn check_own(reading: &mut Reading<'_>, name: &Located<String>) {
    check_word(reading, name);
    if reading.calendar && PROCESS.contains(&name.value.as_str()) {
        let message = format!("`{}` has a meaning of its own over sessions", name.value);
        let fault = Diagnostic::error(name.span.clone(), message)
            .label("expected another name")
            .help(format!("write `{}_`, say", name.value));
        reading.faults.push(fault);
    }
}

/// Names already given, and what each names.
#[derive(Default)]
pub(super) struct Given {
    places: BTreeMap<String, (Span, &'static str)>,
}

impl Given {
    /// Give a name; false, and a fault, if something else has it.
    pub fn give(
        &mut self,
        reading: &mut Reading<'_>,
        name: &Located<String>,
        what: &'static str,
    ) -> bool {
        let given = (name.span.clone(), what);
        let Some((first, other)) = self.places.get(&name.value) else {
            self.places.insert(name.value.clone(), given);
            return true;
        };
        let message = format!("`{}` already names {other}", name.value);
        let fault = Diagnostic::error(name.span.clone(), message)
            .label("expected another name")
            .note(first.clone(), format!("first given to {other} here"));
        reading.faults.push(fault);
        false
    }

    /// Name something in the list at `key`; false, and a fault, if it was named before.
    pub fn once(
        &mut self,
        reading: &mut Reading<'_>,
        name: &Located<String>,
        key: &'static str,
    ) -> bool {
        let Some((first, other)) = self.places.get(&name.value) else {
            let place = (name.span.clone(), key);
            self.places.insert(name.value.clone(), place);
            return true;
        };
        let fault = Diagnostic::error(
            name.span.clone(),
            format!("`{}` is named twice", name.value),
        )
        .label("expected every name once")
        .note(first.clone(), format!("first named in `{other}`"));
        reading.faults.push(fault);
        false
    }
}

fn is_identifier(name: &str) -> bool {
    let letter = |letter: char| letter.is_ascii_alphabetic() || letter == '_';
    name.starts_with(letter) && name.chars().all(|c| letter(c) || c.is_ascii_digit())
}

/// The nearest identifier.
fn cleaned(name: &str) -> String {
    let mut cleaned = String::new();
    for letter in name.chars() {
        match plain(letter) {
            letter if letter.is_ascii_alphanumeric() => cleaned.push(letter),
            _ if !cleaned.is_empty() && !cleaned.ends_with('_') => cleaned.push('_'),
            _ => {}
        }
    }
    let cleaned = cleaned.trim_end_matches('_');
    match cleaned.chars().next() {
        None => "name".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("_{cleaned}"),
        Some(_) => cleaned.to_owned(),
    }
}

/// A letter without its accent.
fn plain(letter: char) -> char {
    match letter {
        'à'..='å' => 'a',
        'À'..='Å' => 'A',
        'ç' => 'c',
        'Ç' => 'C',
        'è'..='ë' => 'e',
        'È'..='Ë' => 'E',
        'ì'..='ï' | 'ı' => 'i',
        'Ì'..='Ï' | 'İ' => 'I',
        'ñ' => 'n',
        'ò'..='ö' | 'ø' => 'o',
        'Ò'..='Ö' | 'Ø' => 'O',
        'ù'..='ü' => 'u',
        'Ù'..='Ü' => 'U',
        'ğ' => 'g',
        'ş' => 's',
        'Ş' => 'S',
        other => other,
    }
}

#[test]
fn a_wrong_name_gets_a_right_one() {
    for (wrong, right) in [
        ("gulf-surge", "gulf_surge"),
        ("Türkiye", "Turkiye"),
        ("2026", "_2026"),
        (" a  b ", "a_b"),
        ("東", "name"),
        ("", "name"),
    ] {
        assert!(!is_identifier(wrong));
        assert_eq!(cleaned(wrong), right);
        assert!(is_identifier(right));
    }
}
