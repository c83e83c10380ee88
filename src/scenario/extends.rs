//! `extends = "other.toml"`: a scenario that adds to another one.
//!
//! The other file is read first. Tables join, lists of tables are appended, anything else is replaced.
//! Both texts stand one after the other, so that every place still points into one text.

use std::sync::Arc;

use serde_json::Value as Json;

use super::diagnostic::{Diagnostic, Diagnostics};
use super::document::{self, Document, Entry, Node, Value};
use super::located::{Located, Span};

/// A scenario's text and, if it extends another one, that one's.
#[derive(Debug, Clone, PartialEq)]
pub struct Manuscript {
    /// The file itself: its path as typed, and its text.
    pub own: (String, Arc<str>),
    /// The file it extends.
    pub base: Option<(String, Arc<str>)>,
}

impl Manuscript {
    /// A scenario in one file.
    pub fn new(path: &str, text: Arc<str>) -> Manuscript {
        Manuscript {
            own: (path.to_owned(), text),
            base: None,
        }
    }

    /// The text into which all places point.
    pub fn text(&self) -> Arc<str> {
        match &self.base {
            None => Arc::clone(&self.own.1),
            Some((_, base)) => format!("{base}{}", self.own.1).into(),
        }
    }

    /// Every finding under its line, for a terminal.
    pub fn render(&self, findings: &Diagnostics, colour: bool) -> String {
        let parts = self.parts(findings);
        let drawn = parts
            .iter()
            .map(|(found, file, text)| found.render(text, file, colour));
        drawn.collect()
    }

    /// Every finding for a program.
    pub fn to_json(&self, findings: &Diagnostics) -> Json {
        let parts = self.parts(findings);
        let lists = parts
            .iter()
            .map(|(found, file, text)| found.to_json(text, file));
        let all = lists.flat_map(|list| match list {
            Json::Array(list) => list,
            other => vec![other],
        });
        all.collect()
    }

    /// The findings of each file, with places in it.
    fn parts(&self, findings: &Diagnostics) -> Vec<(Diagnostics, &str, &str)> {
        let (own, text) = (&self.own.0, &self.own.1);
        let Some((file, base)) = &self.base else {
            return vec![(findings.clone(), own, text)];
        };
        let cut = base.len();
        vec![
            (findings.within(0..cut), file, base),
            (findings.within(cut..usize::MAX), own, text),
        ]
    }

    /// Both files as one document.
    pub(super) fn document(&self, faults: &mut Diagnostics) -> Document {
        let Some((_, base)) = &self.base else {
            return document::parse(&self.own.1, faults);
        };
        let mut document = document::parse(base, faults);
        let mut own_faults = Diagnostics::new();
        let own = document::parse(&self.own.1, &mut own_faults).shifted(base.len());
        faults.append(own_faults.shifted(base.len()));
        document.join(own);
        document
    }
}

impl Diagnostics {
    /// The findings in a part of the text, with places in that part.
    fn within(&self, part: Span) -> Diagnostics {
        let moved = |span: &Span| {
            span.start.saturating_sub(part.start)..span.end.saturating_sub(part.start)
        };
        let inside = |span: &Span| part.contains(&span.start);
        let found = self.list.iter().filter(|found| inside(&found.span));
        let found = found.map(|found| Diagnostic {
            span: moved(&found.span),
            notes: (found.notes.iter())
                .filter(|(span, _)| inside(span))
                .map(|(span, words)| (moved(span), words.clone()))
                .collect(),
            ..found.clone()
        });
        Diagnostics {
            list: found.collect(),
        }
    }

    /// The same findings, so many bytes further on.
    fn shifted(mut self, by: usize) -> Diagnostics {
        for found in &mut self.list {
            move_by(&mut found.span, by);
            found
                .notes
                .iter_mut()
                .for_each(|(span, _)| move_by(span, by));
        }
        self
    }
}

/// The file a scenario's text says it extends.
pub fn extends(text: &str) -> Option<Located<String>> {
    let document = document::parse(text, &mut Diagnostics::new());
    let entry = document
        .entries
        .into_iter()
        .find(|entry| entry.key.value == "extends")?;
    match entry.node.value {
        Value::Text(path) => Some(Located::new(path, entry.node.span)),
        _ => None,
    }
}

/// Tables join, lists are appended, anything else is replaced.
pub(super) fn join(into: &mut Vec<Entry>, more: Vec<Entry>) {
    for entry in more {
        let Some(there) = into
            .iter_mut()
            .find(|other| other.key.value == entry.key.value)
        else {
            into.push(entry);
            continue;
        };
        match (&mut there.node.value, entry.node.value) {
            (Value::Table(there), Value::Table(more)) => join(there, more),
            (Value::List(there), Value::List(more)) if is_of_tables(there, &more) => {
                there.extend(more);
            }
            (_, value) => {
                there.node = Node {
                    value,
                    span: entry.node.span,
                };
                there.key = entry.key;
            }
        }
    }
}

fn is_of_tables(one: &[Node], other: &[Node]) -> bool {
    let mut all = one.iter().chain(other);
    all.all(|node| matches!(node.value, Value::Table(_)))
}

/// All places moved by so many bytes.
pub(super) fn shift(entries: &mut [Entry], by: usize) {
    for entry in entries {
        move_by(&mut entry.key.span, by);
        shift_node(&mut entry.node, by);
    }
}

fn shift_node(node: &mut Node, by: usize) {
    move_by(&mut node.span, by);
    match &mut node.value {
        Value::List(items) => items.iter_mut().for_each(|item| shift_node(item, by)),
        Value::Table(entries) => shift(entries, by),
        _ => {}
    }
}

pub(super) fn move_by(span: &mut Span, by: usize) {
    *span = span.start + by..span.end + by;
}
