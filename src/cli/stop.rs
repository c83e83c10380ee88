//! Why a command ends before its end, and with which exit code.

use super::terminal;
use std::process::ExitCode;

/// Failed at run time: input, output.
pub const FAILED: u8 = 1;
/// The command line or the scenario is at fault.
pub const FAULT: u8 = 2;
/// Finished, but something promised was not met.
pub const UNMET: u8 = 3;
/// Refused: the output exists.
pub const REFUSED: u8 = 4;
/// Interrupted from the keyboard.
pub const INTERRUPTED: u8 = 130;

/// An end before the end.
#[derive(Debug)]
pub struct Stop {
    code: u8,
    message: Option<String>,
}

impl Stop {
    /// With a message for standard error.
    pub fn new(code: u8, message: impl Into<String>) -> Stop {
        Stop {
            code,
            message: Some(message.into()),
        }
    }

    /// Without a message: everything was said already.
    pub fn silent(code: u8) -> Stop {
        Stop {
            code,
            message: None,
        }
    }

    /// With what was being done before the message.
    pub fn within(mut self, what: &str) -> Stop {
        self.message = self.message.map(|message| format!("{what}: {message}"));
        self
    }

    /// Whether it ends with this exit code.
    pub fn is(&self, code: u8) -> bool {
        self.code == code
    }

    /// Say why, and give the exit code.
    pub fn report(self) -> ExitCode {
        if let Some(message) = self.message {
            terminal::complain(&format!("error: {message}"));
        }
        ExitCode::from(self.code)
    }
}

/// Input and output that fails stops the command; a reader that stopped reading is a success.
impl From<std::io::Error> for Stop {
    fn from(error: std::io::Error) -> Stop {
        match crate::export::is_broken_pipe(&error) {
            true => Stop::silent(0),
            false => Stop::new(FAILED, error.to_string()),
        }
    }
}

impl From<crate::export::FileError> for Stop {
    fn from(error: crate::export::FileError) -> Stop {
        let mut message = error.to_string();
        if let Some(source) = std::error::Error::source(&error) {
            message = format!("{message}: {source}");
        }
        match error {
            _ if error.is_broken_pipe() => Stop::silent(0),
            crate::export::FileError::Exists(_) => Stop::new(REFUSED, message),
            _ => Stop::new(FAILED, message),
        }
    }
}

impl From<crate::export::ManifestError> for Stop {
    fn from(error: crate::export::ManifestError) -> Stop {
        let mut message = error.to_string();
        if let Some(source) = std::error::Error::source(&error) {
            message = format!("{message}: {source}");
        }
        Stop::new(FAILED, message)
    }
}

impl From<crate::simulation::PoolError> for Stop {
    fn from(error: crate::simulation::PoolError) -> Stop {
        Stop::new(FAILED, error.to_string())
    }
}
