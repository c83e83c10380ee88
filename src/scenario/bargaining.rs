//! `[bargaining]`: the protocol and its settings.

use super::document::{Entry, Value};
use super::located::{Formula, Located, Span};
use super::reader::Reader;
use super::reading::Reading;

/// How the parties settle.
#[derive(Debug, Clone, PartialEq)]
pub struct Bargaining {
    /// The protocol's name; `nash` at the end of the file if nothing is written.
    pub protocol: Located<String>,
    /// Its settings, in the order of the file.
    pub settings: Vec<Setting>,
    /// Why.
    pub about: Option<String>,
    /// The assumptions behind it.
    pub source: Vec<Located<String>>,
    /// The table.
    pub span: Span,
}

/// One setting of the protocol.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// What is set.
    pub key: Located<String>,
    /// To what.
    pub value: SettingValue,
}

/// What a setting is set to.
#[derive(Debug, Clone, PartialEq)]
pub enum SettingValue {
    /// A number, a formula, or a word: an actor's name, one of the protocol's choices.
    Formula(Formula),
    /// One number for each actor named.
    Table(Vec<(Located<String>, Formula)>),
}

const DEFAULT: &str = "nash";

pub(super) fn read(reading: &mut Reading<'_>, entry: Option<&Entry>) -> Bargaining {
    let end = reading.text.len()..reading.text.len();
    let mut bargaining = Bargaining {
        protocol: Located::new(DEFAULT.to_owned(), end.clone()),
        settings: Vec::new(),
        about: None,
        source: Vec::new(),
        span: end,
    };
    let Some(mut table) = entry.and_then(|entry| Reader::new(reading, &entry.node, "bargaining"))
    else {
        return bargaining;
    };
    bargaining.span = table.span.clone();
    bargaining.protocol.span = table.span.clone();
    if let Some(protocol) = table.word("protocol") {
        bargaining.protocol = protocol;
    }
    if let Some(settings) = table.entry("settings") {
        bargaining.settings = read_settings(table.reading, settings);
    }
    bargaining.about = table.text("about");
    bargaining.source = table.source();
    table.finish();
    bargaining
}

fn read_settings(reading: &mut Reading<'_>, entry: &Entry) -> Vec<Setting> {
    let mut settings = Vec::new();
    for entry in reading
        .table(&entry.node, "bargaining.settings")
        .unwrap_or_default()
    {
        let address = format!("bargaining.settings.{}", entry.key.value);
        let value = match &entry.node.value {
            Value::Table(entries) => SettingValue::Table(
                entries
                    .iter()
                    .map(|entry| {
                        let address = format!("{address}.{}", entry.key.value);
                        (entry.key.clone(), reading.formula(&entry.node, address))
                    })
                    .collect(),
            ),
            // Some settings may be without end.
            Value::Decimal(f64::INFINITY) => SettingValue::Formula(Formula {
                text: "inf".to_string(),
                literal: None,
                inner: None,
                span: entry.node.span.clone(),
                address,
            }),
            _ => SettingValue::Formula(reading.formula(&entry.node, address)),
        };
        settings.push(Setting {
            key: entry.key.clone(),
            value,
        });
    }
    settings
}
