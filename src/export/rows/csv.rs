//! CSV by RFC 4180: UTF-8, commas, line feeds on every platform, quotes only where they are needed.
//!
//! | variable | field |
//! |---|---|
//! | levels | the label |
//! | listed and free numbers | the shortest decimal that reads back; `5`, never `5.0` |
//! | flags | `1` or `0` |
//! | does not apply | empty |
//!
//! Y. Shafranovich (2005), RFC 4180.

use std::sync::Arc;

use csv::{Terminator, Writer, WriterBuilder};

use super::NumberText;
use crate::export::schema::{Schema, Source};
use crate::model::VariableKind;
use crate::simulation::{Ended, Record};

/// How the rows of one variant are written; made once, shared by all workers.
#[derive(Debug, Clone)]
pub struct RowFormat {
    header: Vec<u8>,
    fields: Vec<Field>,
}

/// Where a field comes from.
#[derive(Debug, Clone)]
enum Field {
    Run,
    Play,
    Text(String),
    Ended,
    Session,
    Level { index: usize, labels: Vec<String> },
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
            Source::Play => Field::Play,
            Source::Variant => Field::Text(variant.to_string()),
            Source::Protocol(name) => Field::Text(name.clone()),
            Source::Ended => Field::Ended,
            Source::Session => Field::Session,
            Source::Variable { index, kind } => {
                let index = *index;
                match kind {
                    VariableKind::Level { labels, .. } => Field::Level {
                        index,
                        labels: labels.clone(),
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

/// The rows of one chunk of runs, as bytes.
pub struct RowChunk {
    format: Arc<RowFormat>,
    rows: Table,
}

/// A copy has the same format and no rows yet: what the next chunk starts from.
impl Clone for RowChunk {
    fn clone(&self) -> RowChunk {
        RowChunk::new(self.format.clone())
    }
}

impl RowChunk {
    /// No row yet.
    pub fn new(format: Arc<RowFormat>) -> RowChunk {
        RowChunk {
            format,
            rows: Table::default(),
        }
    }

    /// Append the row of one run.
    pub fn add(&mut self, record: &Record<'_>) {
        let rows = &mut self.rows;
        for field in &self.format.fields {
            match field {
                Field::Run => rows.count(record.run),
                Field::Play => rows.count(u64::from(record.play)),
                Field::Text(text) => rows.text(text),
                Field::Ended => rows.text(record.ended.name()),
                Field::Session if record.ended == Ended::Unplayable => rows.text(""),
                Field::Session => rows.count(u64::from(record.session)),
                Field::Level { index, labels } => {
                    let level = record.values[*index];
                    let label = labels.get(level as usize).filter(|_| !level.is_nan());
                    rows.text(label.map_or("", String::as_str));
                }
                Field::Number { index } => rows.number(record.values[*index]),
                Field::Flag { index } => rows.text(match record.values[*index] {
                    0.0 => "0",
                    flag if flag.is_nan() => "",
                    _ => "1",
                }),
            }
        }
        rows.end_row();
    }

    /// The rows as bytes.
    pub fn into_bytes(self) -> Vec<u8> {
        self.rows.into_bytes()
    }
}

/// A table, field by field, in memory.
pub struct Table {
    writer: Writer<Vec<u8>>,
    number: NumberText,
}

impl Default for Table {
    fn default() -> Table {
        let mut builder = WriterBuilder::new();
        builder.terminator(Terminator::Any(b'\n')).flexible(true);
        Table {
            writer: builder.from_writer(Vec::new()),
            number: NumberText::default(),
        }
    }
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
        // Writing to memory cannot fail.
        let _ = self.writer.write_field(text);
    }

    /// Append a number; NaN leaves the field empty.
    pub fn number(&mut self, value: f64) {
        let _ = self.writer.write_field(self.number.number(value));
    }

    /// Append a count.
    pub fn count(&mut self, value: u64) {
        let _ = self.writer.write_field(self.number.count(value));
    }

    /// End the row.
    pub fn end_row(&mut self) {
        let _ = self.writer.write_record(None::<&[u8]>);
    }

    /// The rows as bytes.
    pub fn into_bytes(self) -> Vec<u8> {
        // Flushing into memory cannot fail either.
        self.writer.into_inner().unwrap_or_default()
    }
}
