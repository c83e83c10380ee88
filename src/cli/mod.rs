//! The command line: one file per command, one line per command in the list below.

mod check;
mod comparison;
mod game;
mod list;
mod matrix;
mod new;
mod plan;
mod protocols;
mod replay;
mod result;
mod run;
mod session;
mod solve;
mod stop;
mod story;
mod summing_up;
mod telling;
mod terminal;
mod test;
mod trace;
mod verify;

use clap::{Parser, Subcommand, ValueEnum};
use std::process::ExitCode;
use stop::Stop;

/// Negotiation scenarios in, outcome distributions out.
///
/// A scenario file says who sits at the table, what is on it, what each side values, what is
/// uncertain and how the parties settle. demarche plays it many times, each run in its own seeded
/// draw of the world, and tells how the outcomes are distributed.
#[derive(Parser)]
#[command(name = "demarche", version, max_term_width = 100, after_help = EXIT_CODES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// When to use colour (`NO_COLOR` is honoured)
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: Colour,
}

const EXIT_CODES: &str = "\
Exit codes: 0 done; 1 failed at run time (input, output); 2 the command line or the scenario is at
fault, found before any run; 3 finished, but a claim, a verification or a stop rule was not met, or
some runs could not be played; 4 refused (the output exists: --force or --resume); 130 interrupted.";

/// One command each; what a command says of itself stands in its own file.
#[derive(Subcommand)]
enum Command {
    Run(run::Arguments),
    Check(check::Arguments),
    Test(test::Arguments),
    Replay(replay::Arguments),
    Solve(solve::Arguments),
    List(list::Arguments),
    Verify(verify::Arguments),
    New(new::Arguments),
}

#[derive(Clone, Copy, ValueEnum)]
enum Colour {
    /// If a terminal reads it
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The `demarche` command.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Asking for help is no fault; a reader that stopped reading is none either.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { stop::FAULT } else { 0 });
        }
    };
    terminal::choose_colour(match arguments.color {
        Colour::Auto => None,
        Colour::Always => Some(true),
        Colour::Never => Some(false),
    });
    let done = match arguments.command {
        Command::Run(arguments) => run::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Test(arguments) => test::run(&arguments),
        Command::Replay(arguments) => replay::run(&arguments),
        Command::Solve(arguments) => solve::run(&arguments),
        Command::List(arguments) => list::run(&arguments),
        Command::Verify(arguments) => verify::run(&arguments),
        Command::New(arguments) => new::run(&arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(stop) => stop.report(),
    }
}

/// What every command that plays a scenario takes.
#[derive(clap::Args, Clone, Default)]
struct Played {
    /// The scenario file; `-` reads standard input
    #[arg(value_name = "SCENARIO")]
    scenario: String,
    /// Put another number or formula at an address; `base` is what stands there [repeatable]
    #[arg(long, value_name = "ADDRESS=VALUE")]
    set: Vec<String>,
    /// Settle by this protocol instead of the scenario's own; `run`, `test` and `solve` compare several,
    /// with commas between them, or `all` that apply [repeatable]
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    protocol: Vec<String>,
}

impl Played {
    fn read(&self) -> Result<game::Source, Stop> {
        game::Source::read(&self.scenario)
    }
}
