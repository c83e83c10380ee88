//! `[bargaining]`: the protocol and its settings.

use super::document::{Entry, Node, Value};
use super::issues::LevelRef;
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
    /// How signatories behave where the protocol leaves it to them.
    pub strategies: Vec<Strategy>,
    /// Why.
    pub about: Option<String>,
    /// The assumptions behind it.
    pub source: Vec<Located<String>>,
    /// The table.
    pub span: Span,
}

/// How one signatory behaves.
#[derive(Debug, Clone, PartialEq)]
pub struct Strategy {
    /// Who.
    pub actor: Located<String>,
    /// What it offers, what it accepts, what it makes of the others' offers: the names of the kinds.
    pub kinds: [Option<Located<String>>; 3],
    /// The settings of all three, in the order of the file.
    pub settings: Vec<Setting>,
    /// Why.
    pub about: Option<String>,
    /// The assumptions behind it.
    pub source: Vec<Located<String>>,
    /// The table.
    pub span: Span,
}

/// The keys under which the kinds of a strategy stand.
pub const STRATEGY_KEYS: [&str; 3] = ["offers", "accepts", "model"];

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
    /// One number for each actor or issue named.
    Table(Vec<(Located<String>, Formula)>),
    /// A list of deals.
    Deals(Vec<ListedDeal>),
}

/// A deal in a list: a level for each issue named.
#[derive(Debug, Clone, PartialEq)]
pub struct ListedDeal {
    /// Issue and level.
    pub terms: Vec<(Located<String>, Located<LevelRef>)>,
    /// The table.
    pub span: Span,
}

const DEFAULT: &str = "nash";

pub(super) fn read(reading: &mut Reading<'_>, entry: Option<&Entry>) -> Bargaining {
    let end = reading.text.len()..reading.text.len();
    let mut bargaining = Bargaining {
        protocol: Located::new(DEFAULT.to_owned(), end.clone()),
        settings: Vec::new(),
        strategies: Vec::new(),
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
        let address = "bargaining.settings";
        let entries = table.reading.table(&settings.node, address);
        bargaining.settings =
            read_settings(table.reading, entries.unwrap_or_default(), address, &[]);
    }
    if let Some(strategies) = table.entry("strategies") {
        bargaining.strategies = read_strategies(table.reading, strategies);
    }
    bargaining.about = table.text("about");
    bargaining.source = table.source();
    table.finish();
    bargaining
}

fn read_strategies(reading: &mut Reading<'_>, entry: &Entry) -> Vec<Strategy> {
    let entries = reading.table(&entry.node, "bargaining.strategies");
    let read = |entry: &Entry| {
        let address = format!("bargaining.strategies.{}", entry.key.value);
        let entries = reading.table(&entry.node, &address)?;
        let span = entry.node.span.clone();
        let mut table = Reader::of(reading, entries, span.clone(), &address);
        let kinds = STRATEGY_KEYS.map(|key| table.word(key));
        let (about, source) = (table.text("about"), table.source());
        // Every other key is a setting of one of the kinds; which there are, the model knows.
        let known = [&STRATEGY_KEYS[..], &["about", "source"]].concat();
        Some(Strategy {
            actor: entry.key.clone(),
            kinds,
            settings: read_settings(reading, entries, &address, &known),
            about,
            source,
            span,
        })
    };
    entries
        .unwrap_or_default()
        .iter()
        .filter_map(read)
        .collect()
}

fn read_settings(
    reading: &mut Reading<'_>,
    entries: &[Entry],
    address: &str,
    known: &[&str],
) -> Vec<Setting> {
    let others = entries
        .iter()
        .filter(|entry| !known.contains(&entry.key.value.as_str()));
    let read = |entry: &Entry| {
        let address = format!("{address}.{}", entry.key.value);
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
            Value::List(deals) => {
                let deals = deals.iter();
                SettingValue::Deals(
                    deals
                        .map(|deal| read_deal(reading, deal, &address))
                        .collect(),
                )
            }
            // A setting may have `true` and `false` among its words.
            Value::Flag(flag) => SettingValue::Formula(Formula {
                text: flag.to_string(),
                literal: None,
                inner: None,
                span: entry.node.span.clone(),
                address,
            }),
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
        Setting {
            key: entry.key.clone(),
            value,
        }
    };
    others.map(read).collect()
}

fn read_deal(reading: &mut Reading<'_>, node: &Node, address: &str) -> ListedDeal {
    let mut terms = Vec::new();
    // Whether this should be a deal at all is known only to the setting.
    let entries = match &node.value {
        Value::Table(entries) => entries.as_slice(),
        _ => &[],
    };
    for entry in entries {
        let level = match &entry.node.value {
            Value::Text(name) => Some(LevelRef::Name(name.clone())),
            _ => {
                let number = reading.number(&entry.node, &format!("{address}.{}", entry.key.value));
                number.map(|number| LevelRef::Number(number.value))
            }
        };
        let level = level.map(|level| Located::new(level, entry.node.span.clone()));
        terms.extend(level.map(|level| (entry.key.clone(), level)));
    }
    ListedDeal {
        terms,
        span: node.span.clone(),
    }
}
