//! What a user does and what the command line answers: the real binary in a fresh folder, in sentences.

#[path = "cli/commands.rs"]
mod commands;
#[path = "cli/faults.rs"]
mod faults;
#[path = "cli/interruption.rs"]
mod interruption;
#[path = "cli/offers.rs"]
mod offers;
#[path = "cli/results.rs"]
mod results;
#[path = "cli/run.rs"]
mod run;
#[path = "cli/workdir.rs"]
mod workdir;
