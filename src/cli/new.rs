//! `demarche new`: a commented starting scenario.

use super::stop::{FAILED, FAULT, REFUSED, Stop};
use super::terminal;
use std::io::Write;
use std::path::PathBuf;

/// Write a commented starting scenario
#[derive(clap::Args)]
pub struct Arguments {
    /// The scenario's name: writes NAME.toml; `-` writes to standard output
    #[arg(value_name = "NAME")]
    name: String,
}

/// What is written.
const START: &str = include_str!("new.toml");

/// New.
pub fn run(arguments: &Arguments) -> Result<(), Stop> {
    if arguments.name == "-" {
        terminal::say(START)?;
        return Ok(());
    }
    let path = match arguments.name.ends_with(".toml") {
        true => PathBuf::from(&arguments.name),
        false => PathBuf::from(format!("{}.toml", arguments.name)),
    };
    if path.file_stem().is_none_or(|stem| stem.is_empty()) || arguments.name.is_empty() {
        return Err(Stop::new(FAULT, "a scenario needs a name"));
    }
    let file = std::fs::File::create_new(&path);
    let mut file = file.map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => {
            Stop::new(REFUSED, format!("{} exists", path.display()))
        }
        _ => Stop::new(FAILED, format!("cannot create {}: {error}", path.display())),
    })?;
    file.write_all(START.as_bytes())?;
    let path = path.display();
    terminal::say(&format!(
        "wrote {path}\n\n  demarche check {path}\n  demarche run {path}\n  demarche test {path}\n"
    ))?;
    Ok(())
}
