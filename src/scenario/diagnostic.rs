//! Faults drawn under the line they concern, every fault of a file in one report.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use serde_json::{Value, json};

use crate::catalogue::nearest;

use super::lines::Lines;
use super::located::{Formula, Span};

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The scenario cannot be played.
    Error,
    /// It can be played, but is probably not what was meant.
    Warning,
}

/// One finding about the scenario's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// How grave it is.
    pub severity: Severity,
    /// What is wrong: lowercase, no full stop.
    pub message: String,
    /// Where.
    pub span: Span,
    /// What was expected or found, written beside the caret; may be empty.
    pub label: String,
    /// What to do about it: the nearest right name, a spelling that works.
    pub help: Option<String>,
    /// Other places that matter, each with its words.
    pub notes: Vec<(Span, String)>,
}

impl Diagnostic {
    /// Something that keeps the scenario from being played.
    pub fn error(span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            severity: Severity::Error,
            message: message.into(),
            span,
            label: String::new(),
            help: None,
            notes: Vec::new(),
        }
    }

    /// Something that is probably not what was meant.
    pub fn warning(span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            severity: Severity::Warning,
            ..Diagnostic::error(span, message)
        }
    }

    /// An error at a byte range inside a formula's text.
    pub fn in_formula(
        formula: &Formula,
        within: std::ops::Range<usize>,
        message: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic::error(formula.place(within), message)
    }

    /// The words beside the caret.
    pub fn label(self, label: impl Into<String>) -> Diagnostic {
        let label = label.into();
        Diagnostic { label, ..self }
    }

    /// What to do about it.
    pub fn help(self, help: impl Into<String>) -> Diagnostic {
        let help = Some(help.into());
        Diagnostic { help, ..self }
    }

    /// The nearest right name, if there is one near enough.
    pub fn did_you_mean<'a>(
        self,
        name: &str,
        candidates: impl IntoIterator<Item = &'a str>,
    ) -> Diagnostic {
        match nearest(name, candidates) {
            Some(near) => self.help(format!("did you mean `{near}`?")),
            None => self,
        }
    }

    /// Another place that matters.
    pub fn note(mut self, span: Span, words: impl Into<String>) -> Diagnostic {
        self.notes.push((span, words.into()));
        self
    }
}

/// All findings about one file.
#[derive(Debug, Clone, Default)]
pub struct Diagnostics {
    pub(super) list: Vec<Diagnostic>,
}

/// A report draws this many findings and counts the rest.
const DRAWN: usize = 100;

impl Diagnostics {
    /// No findings yet.
    pub fn new() -> Diagnostics {
        Diagnostics::default()
    }

    /// Add a finding.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }

    /// Add all findings of another room.
    pub fn append(&mut self, other: Diagnostics) {
        self.list.extend(other.list);
    }

    /// The finding added last, to say more about it.
    pub(super) fn last_mut(&mut self) -> Option<&mut Diagnostic> {
        self.list.last_mut()
    }

    /// How many findings were added.
    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    /// Keep only the findings that `keep` approves.
    pub(super) fn retain(&mut self, keep: impl FnMut(&Diagnostic) -> bool) {
        self.list.retain(keep);
    }

    /// The findings in the order of the file, each once.
    pub fn sorted(&self) -> Vec<&Diagnostic> {
        let mut sorted: Vec<&Diagnostic> = self.list.iter().collect();
        sorted.sort_by_key(|found| (found.span.start, found.span.end, found.severity));
        sorted.dedup();
        sorted
    }

    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whether the scenario cannot be played.
    pub fn has_errors(&self) -> bool {
        self.list
            .iter()
            .any(|found| found.severity == Severity::Error)
    }

    /// How many errors.
    pub fn errors(&self) -> usize {
        self.count(Severity::Error)
    }

    /// How many warnings.
    pub fn warnings(&self) -> usize {
        self.count(Severity::Warning)
    }

    fn count(&self, severity: Severity) -> usize {
        let sorted = self.sorted();
        sorted
            .iter()
            .filter(|found| found.severity == severity)
            .count()
    }

    /// "2 errors and 1 warning"; empty if there are no findings.
    pub fn counts(&self) -> String {
        let count = |count: usize, what: &str| match count {
            0 => None,
            1 => Some(format!("1 {what}")),
            _ => Some(format!("{count} {what}s")),
        };
        let counts = [
            count(self.errors(), "error"),
            count(self.warnings(), "warning"),
        ];
        counts
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" and ")
    }

    /// Every finding under its line, for a terminal.
    pub fn render(&self, text: &str, file: &str, colour: bool) -> String {
        let lines = Lines::new(text);
        let renderer = if colour {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        let sorted = self.sorted();
        let mut report = String::new();
        for found in sorted.iter().take(DRAWN) {
            report.push_str(&draw(found, &lines, file, &renderer));
            report.push_str("\n\n");
        }
        if sorted.len() > DRAWN {
            report.push_str(&format!("... and {} more\n\n", sorted.len() - DRAWN));
        }
        report
    }

    /// Every finding for a program: a list of objects with file, line and column from 1.
    pub fn to_json(&self, text: &str, file: &str) -> Value {
        let lines = Lines::new(text);
        let place = |span: &Span, key: &str, words: &str| {
            let (line, column) = lines.position(span.start);
            let (end_line, end_column) = lines.position(span.end);
            json!({
                "file": file,
                "line": line,
                "column": column,
                "end_line": end_line,
                "end_column": end_column,
                key: words,
            })
        };
        let found = |found: &&Diagnostic| {
            let mut object = place(&found.span, "message", &found.message);
            object["severity"] = match found.severity {
                Severity::Error => json!("error"),
                Severity::Warning => json!("warning"),
            };
            object["label"] = json!(found.label);
            object["help"] = json!(found.help);
            let note = |(span, words): &(Span, String)| place(span, "label", words);
            object["notes"] = found.notes.iter().map(note).collect();
            object
        };
        self.sorted().iter().map(found).collect()
    }
}

fn draw(found: &Diagnostic, lines: &Lines<'_>, file: &str, renderer: &Renderer) -> String {
    let spans = || {
        found
            .notes
            .iter()
            .map(|(span, _)| span)
            .chain([&found.span])
    };
    let first = spans().map(|span| span.start).min().unwrap_or(0);
    let last = spans()
        .map(|span| span.end.max(span.start))
        .max()
        .unwrap_or(0);
    let window = lines.window(first, last);
    let level = match found.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let label = |words: &str| (!words.is_empty()).then(|| words.to_owned());
    let mut snippet = Snippet::source(window.text)
        .line_start(window.line)
        .path(file)
        .annotation(
            AnnotationKind::Primary
                .span(window.span(&found.span))
                .label(label(&found.label)),
        );
    for (span, words) in &found.notes {
        snippet = snippet.annotation(
            AnnotationKind::Context
                .span(window.span(span))
                .label(label(words)),
        );
    }
    let mut group = level.primary_title(&*found.message).element(snippet);
    if let Some(help) = &found.help {
        group = group.element(Level::HELP.message(&**help));
    }
    renderer.render(&[group])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(text: &str, diagnostics: Vec<Diagnostic>) -> String {
        let mut all = Diagnostics::new();
        diagnostics.into_iter().for_each(|found| all.push(found));
        all.render(text, "a.toml", false)
    }

    #[test]
    fn a_fault_is_drawn_under_its_line() {
        let text = "format = 1\n[actors.russia]\nsings = true\n";
        let fault = Diagnostic::error(27..32, "unknown key `sings`")
            .label("not a key of this table")
            .help("did you mean `signs`?");
        let expected = "\
error: unknown key `sings`
 --> a.toml:3:1
  |
3 | sings = true
  | ^^^^^ not a key of this table
  |
  = help: did you mean `signs`?

";
        assert_eq!(report(text, vec![fault]), expected);
    }

    #[test]
    fn places_survive_bom_crlf_tabs_and_wide_letters() {
        let text = "\u{feff}a = 1\r\n\tb = 'ü' # 東\r\nc = 東x\r\n";
        let at = |what: &str| {
            let start = text.rfind(what).unwrap_or_default();
            Diagnostic::error(start..start + what.len(), "here")
        };
        for (what, place) in [("a", "1:1"), ("b", "2:2"), ("'ü'", "2:6"), ("x", "3:6")] {
            let drawn = report(text, vec![at(what)]);
            assert!(drawn.contains(&format!("a.toml:{place}\n")), "{drawn}");
            let mut all = Diagnostics::new();
            all.push(at(what));
            let json = all.to_json(text, "a.toml");
            assert_eq!(format!("{}:{}", json[0]["line"], json[0]["column"]), place);
        }
    }

    #[test]
    fn odd_spans_are_drawn_without_panic() {
        for text in ["", "\n", "ü", "\u{feff}", "a\n", "\r\n\r\n", "a\r"] {
            for start in 0..text.len() + 3 {
                for end in 0..text.len() + 3 {
                    let fault = Diagnostic::error(start..end, "odd").note(end..start, "there");
                    assert!(report(text, vec![fault]).contains("odd"));
                }
            }
        }
    }

    #[test]
    fn findings_are_sorted_and_counted_once() {
        let text = "a\nb\nc\n";
        let mut all = Diagnostics::new();
        all.push(Diagnostic::error(4..5, "third"));
        all.push(Diagnostic::warning(2..3, "second"));
        all.push(Diagnostic::error(0..1, "first"));
        all.push(Diagnostic::error(4..5, "third"));
        let order: Vec<&str> = all.sorted().iter().map(|found| &*found.message).collect();
        assert_eq!(order, ["first", "second", "third"]);
        assert_eq!(all.counts(), "2 errors and 1 warning");
        let json = all.to_json(text, "a.toml");
        assert_eq!(json[1]["severity"], "warning");
        assert_eq!(json[1]["help"], Value::Null);
    }

    #[test]
    fn distant_notes_and_colour() {
        let text = "one\n".repeat(500) + "two\n";
        let fault = || Diagnostic::error(2000..2003, "again").note(0..3, "first here");
        let drawn = report(&text, vec![fault()]);
        assert!(drawn.contains("a.toml:501:1") && drawn.contains("first here"));
        assert!(drawn.lines().count() < 15, "{drawn}");
        let mut all = Diagnostics::new();
        all.push(fault());
        assert!(all.render(&text, "a.toml", true).contains('\u{1b}'));
    }
}
