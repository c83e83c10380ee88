//! What stands between us and the terminal: colour, width, standard output and error.

use anstream::ColorChoice;
use std::io::{IsTerminal, Write, stderr, stdout};

/// Use colour or not; `None` leaves it to what standard output is.
pub fn choose_colour(colour: Option<bool>) {
    match colour {
        None => ColorChoice::Auto,
        Some(true) => ColorChoice::AlwaysAnsi,
        Some(false) => ColorChoice::Never,
    }
    .write_global();
}

/// Whether standard output takes colour.
pub fn colour_out() -> bool {
    anstream::AutoStream::choice(&stdout()) != ColorChoice::Never
}

/// Whether standard error takes colour.
pub fn colour_error() -> bool {
    anstream::AutoStream::choice(&stderr()) != ColorChoice::Never
}

/// Whether a person watches standard error.
pub fn is_watched() -> bool {
    stderr().is_terminal()
}

/// How wide to write, in columns.
pub fn width() -> usize {
    let told = std::env::var("COLUMNS")
        .ok()
        .and_then(|columns| columns.parse().ok());
    let seen = || {
        stdout()
            .is_terminal()
            .then(|| usize::from(console::Term::stdout().size().1))
    };
    told.or_else(seen).unwrap_or(100).clamp(60, 140)
}

/// Write to standard output.
pub fn say(text: &str) -> std::io::Result<()> {
    let mut out = stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// Write a line to standard error; nobody reading it is no fault.
pub fn complain(text: &str) {
    let _ = writeln!(stderr().lock(), "{text}");
}
