//! A fresh folder with two scenarios in it, and the command line to use there.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// A fresh folder; it goes away in the end.
pub struct Workdir {
    folder: TempDir,
}

/// A command about to be given.
pub struct Sentence {
    command: Command,
    line: String,
    input: Option<String>,
}

/// What was answered.
pub struct Answer {
    line: String,
    code: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Workdir {
    /// A fresh folder with `small.toml` and `slow.toml`.
    pub fn new() -> Workdir {
        let workdir = Workdir {
            folder: TempDir::new().expect("a temporary folder"),
        };
        workdir.write("small.toml", include_str!("small.toml"));
        workdir.write("slow.toml", include_str!("slow.toml"));
        workdir
    }

    /// `demarche` with these words; quotes keep words together.
    pub fn demarche(&self, line: &str) -> Sentence {
        let mut command = Command::new(env!("CARGO_BIN_EXE_demarche"));
        command
            .args(words(line))
            .current_dir(self.folder.path())
            .env_remove("NO_COLOR")
            .env_remove("CLICOLOR_FORCE")
            .env("COLUMNS", "100");
        Sentence {
            command,
            line: line.to_string(),
            input: None,
        }
    }

    /// Write a file.
    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).expect("a file in the temporary folder");
    }

    /// Write the small scenario with one text in place of another.
    pub fn edit(&self, name: &str, from: &str, to: &str) {
        let text = self.read(name);
        assert!(text.contains(from), "{name} holds no `{from}`");
        self.write(name, &text.replacen(from, to, 1));
    }

    /// A file's text.
    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The lines of a file.
    pub fn lines(&self, name: &str) -> Vec<String> {
        self.read(name).lines().map(str::to_string).collect()
    }

    /// A JSON file.
    pub fn json(&self, name: &str) -> serde_json::Value {
        serde_json::from_str(&self.read(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The names in a folder, in order; none if there is no such folder.
    pub fn names(&self, folder: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.path(folder)).into_iter().flatten();
        let name = |entry: std::io::Result<std::fs::DirEntry>| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        };
        let mut names: Vec<String> = entries.map(name).collect();
        names.sort();
        names
    }

    /// A path inside the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

impl Sentence {
    /// With this on standard input.
    pub fn reading(mut self, text: &str) -> Sentence {
        self.input = Some(text.to_string());
        self
    }

    /// With this environment variable.
    pub fn under(mut self, variable: &str, value: &str) -> Sentence {
        self.command.env(variable, value);
        self
    }

    /// The command as it stands, for tests that watch it run.
    pub fn command(mut self) -> Command {
        self.command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        self.command
    }

    /// Give it, and expect exit code 0.
    pub fn succeeds(self) -> Answer {
        self.ends(0)
    }

    /// Give it, and expect this exit code.
    pub fn ends(self, code: i32) -> Answer {
        let answer = self.answers();
        assert_eq!(answer.code, Some(code), "expected exit code {code}{answer}");
        assert!(!answer.err.contains("panicked"), "it panicked{answer}");
        answer
    }

    /// Give it; any exit code will do.
    pub fn answers(mut self) -> Answer {
        let input = match &self.input {
            Some(_) => Stdio::piped(),
            None => Stdio::null(),
        };
        let mut child = self
            .command
            .stdin(input)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary runs");
        if let (Some(mut stdin), Some(text)) = (child.stdin.take(), &self.input) {
            stdin
                .write_all(text.as_bytes())
                .expect("standard input is read");
        }
        let output = child.wait_with_output().expect("the binary ends");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace("\r\n", "\n");
        Answer {
            line: self.line,
            code: output.status.code(),
            out: text(&output.stdout),
            err: text(&output.stderr),
        }
    }
}

impl Answer {
    /// Standard output holds this.
    pub fn says(self, text: &str) -> Answer {
        assert!(self.out.contains(text), "expected to say `{text}`{self}");
        self
    }

    /// Standard error holds this.
    pub fn complains(self, text: &str) -> Answer {
        assert!(
            self.err.contains(text),
            "expected to complain `{text}`{self}"
        );
        self
    }

    /// Standard output is empty.
    pub fn says_nothing(self) -> Answer {
        assert!(
            self.out.is_empty(),
            "expected nothing on standard output{self}"
        );
        self
    }

    /// Standard error is empty.
    pub fn complains_of_nothing(self) -> Answer {
        assert!(
            self.err.is_empty(),
            "expected nothing on standard error{self}"
        );
        self
    }

    /// Standard output as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("no JSON: {error}{self}"))
    }
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "\n--- demarche {}\n--- exit code {:?}\n--- standard output\n{}\n--- standard error\n{}\n---",
            self.line, self.code, self.out, self.err
        )
    }
}

/// Words between spaces; single quotes keep spaces inside a word.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (index, part) in line.split('\'').enumerate() {
        match index % 2 {
            0 => words.extend(part.split_whitespace().map(str::to_string)),
            _ => words.push(part.to_string()),
        }
    }
    words
}
