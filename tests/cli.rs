//! What a user does and what the command line answers: the real binary in a fresh folder, in sentences.

#[path = "cli/commands.rs"]
mod commands;
#[path = "cli/concessions.rs"]
mod concessions;
#[path = "cli/faults.rs"]
mod faults;
#[path = "cli/forecasts.rs"]
mod forecasts;
#[path = "cli/interruption.rs"]
mod interruption;
#[path = "cli/offers.rs"]
mod offers;
#[path = "cli/protocols.rs"]
mod protocols;
#[path = "cli/results.rs"]
mod results;
#[path = "cli/run.rs"]
mod run;
#[path = "cli/strategies.rs"]
mod strategies;
#[path = "cli/texts.rs"]
mod texts;
#[path = "cli/workdir.rs"]
mod workdir;
