//! CSV by RFC 4180: UTF-8, commas, line feeds on every platform, quotes only where they are needed.
//!
//! | variable | field |
//! |---|---|
//! | levels | the label |
//! | listed and free numbers | the shortest decimal that reads back; `5`, never `5.0` |
//! | flags | `1` or `0` |
//! | does not apply | empty |
//!
//! Labels are quoted once, when the format is made; a row is then copies of bytes. Writing fields
//! through the `csv` crate took about twice as long; it is the reader the tests trust.
//!
//! Y. Shafranovich (2005), RFC 4180.

use std::sync::Arc;

use super::{push_integer, push_number};
use crate::export::schema::{Schema, Source};
use crate::model::VariableKind;
use crate::simulation::{Ended, Record};

/// How the rows of one variant are written; made once, shared by all workers.
#[derive(Debug, Clone)]
pub struct RowFormat {
    header: Vec<u8>,
    fields: Vec<Field>,
}

/// Where a field comes from, ready to be copied.
#[derive(Debug, Clone)]
enum Field {
    Run,
    Text(Vec<u8>),
    Ended,
    Session,
    Level { index: usize, labels: Vec<Vec<u8>> },
    Number { index: usize },
    Flag { index: usize },
}

impl RowFormat {
    /// The format of these columns for one variant.
    pub fn new(schema: &Schema, variant: &str) -> RowFormat {
        let mut header = Table::default();
        for column in schema.columns() {
            header.text(&column.name);
        }
        header.end_row();
        let fields = schema.columns().iter().map(|column| match &column.source {
            Source::Run => Field::Run,
            Source::Variant => Field::Text(quoted(variant)),
            Source::Ended => Field::Ended,
            Source::Session => Field::Session,
            Source::Variable { index, kind } => {
                let index = *index;
                match kind {
                    VariableKind::Level { labels, .. } => Field::Level {
                        index,
                        labels: labels.iter().map(|label| quoted(label)).collect(),
                    },
                    VariableKind::Values(_) | VariableKind::Number => Field::Number { index },
                    VariableKind::Flag => Field::Flag { index },
                }
            }
        });
        RowFormat {
            fields: fields.collect(),
            header: header.into_bytes(),
        }
    }

    /// The header line.
    pub fn header(&self) -> &[u8] {
        &self.header
    }
}

/// The rows of one chunk of runs, as bytes; reusable.
#[derive(Debug, Clone)]
pub struct RowChunk {
    format: Arc<RowFormat>,
    bytes: Vec<u8>,
}

impl RowChunk {
    /// No row yet.
    pub fn new(format: Arc<RowFormat>) -> RowChunk {
        RowChunk {
            format,
            bytes: Vec::new(),
        }
    }

    /// Append the row of one run.
    pub fn add(&mut self, record: &Record<'_>) {
        let out = &mut self.bytes;
        for field in &self.format.fields {
            match field {
                Field::Run => push_integer(out, record.run),
                Field::Text(text) => out.extend_from_slice(text),
                Field::Ended => out.extend_from_slice(record.ended.name().as_bytes()),
                Field::Session if record.ended == Ended::Unplayable => {}
                Field::Session => push_integer(out, u64::from(record.session)),
                Field::Level { index, labels } => {
                    let level = record.values[*index];
                    if let Some(label) = labels.get(level as usize).filter(|_| !level.is_nan()) {
                        out.extend_from_slice(label);
                    }
                }
                Field::Number { index } => push_number(out, record.values[*index]),
                Field::Flag { index } => {
                    let flag = record.values[*index];
                    if !flag.is_nan() {
                        out.push(if flag == 0.0 { b'0' } else { b'1' });
                    }
                }
            }
            out.push(b',');
        }
        if let Some(last) = out.last_mut() {
            *last = b'\n';
        }
    }

    /// The rows so far.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Forget the rows, keep the room.
    pub fn clear(&mut self) {
        self.bytes.clear();
    }
}

/// A small table, field by field.
#[derive(Debug, Clone, Default)]
pub struct Table {
    bytes: Vec<u8>,
}

impl Table {
    /// A table with a header.
    pub fn with_header(names: &[&str]) -> Table {
        let mut table = Table::default();
        for name in names {
            table.text(name);
        }
        table.end_row();
        table
    }

    /// Append a field of text.
    pub fn text(&mut self, text: &str) {
        push_quoted(&mut self.bytes, text);
        self.bytes.push(b',');
    }

    /// Append a number; NaN leaves the field empty.
    pub fn number(&mut self, value: f64) {
        push_number(&mut self.bytes, value);
        self.bytes.push(b',');
    }

    /// Append a count.
    pub fn integer(&mut self, value: u64) {
        push_integer(&mut self.bytes, value);
        self.bytes.push(b',');
    }

    /// End the row.
    pub fn end_row(&mut self) {
        if let Some(last) = self.bytes.last_mut() {
            *last = b'\n';
        }
    }

    /// The rows as bytes.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

fn quoted(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    push_quoted(&mut out, text);
    out
}

fn push_quoted(out: &mut Vec<u8>, text: &str) {
    if !text.contains(['"', ',', '\n', '\r']) {
        out.extend_from_slice(text.as_bytes());
        return;
    }
    out.push(b'"');
    out.extend_from_slice(text.replace('"', "\"\"").as_bytes());
    out.push(b'"');
}
