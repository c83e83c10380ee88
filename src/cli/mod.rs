//! The doors' door: one file per command.

/// The `demarche` command.
pub fn main() -> std::process::ExitCode {
    std::process::ExitCode::SUCCESS
}
