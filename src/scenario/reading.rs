//! Reading one value: what stands there, or the fault of what should.

use std::ops::RangeInclusive;

use super::diagnostic::{Diagnostic, Diagnostics};
use super::document::{Entry, Node, Value};
use super::located::{Formula, Located, Span};
use super::names::{self, Given};
use super::reader::Reader;

/// What travels along while a file is read: its text and the faults so far.
pub(super) struct Reading<'t> {
    pub text: &'t str,
    pub faults: Diagnostics,
    /// Whether all of the file could be read; if not, nothing is reported as missing.
    pub whole: bool,
    /// The names in `[sources]`, if there is such a table.
    pub sources: Option<Vec<String>>,
    /// Whether there is a `[calendar]`.
    pub calendar: bool,
}

/// The largest whole number that a 64-bit float holds exactly together with its neighbours.
const EXACT: i128 = 1 << 53;

impl<'t> Reading<'t> {
    /// A fault about something that is not there: said only if the whole file was read.
    pub fn absent(&mut self, fault: Diagnostic) {
        if self.whole {
            self.faults.push(fault);
        }
    }

    /// Something that has a meaning only over sessions.
    pub fn needs_calendar(&mut self, key: &Located<String>) {
        if !self.calendar {
            let message = format!("`{}` needs a [calendar]", key.value);
            let fault = Diagnostic::error(key.span.clone(), message)
                .label("has a meaning only over sessions")
                .help("write `[calendar]` and under it `sessions = 1`");
            self.absent(fault);
        }
    }

    /// Whether something of this kind has the name; a fault, if nothing has.
    pub fn refers<'n>(
        &mut self,
        name: &Located<String>,
        kind: &str,
        known: impl Iterator<Item = &'n str> + Clone,
    ) -> bool {
        if known.clone().any(|known| known == name.value) {
            return true;
        }
        let article = if kind.starts_with(['a', 'e', 'i', 'o', 'u']) {
            "an"
        } else {
            "a"
        };
        let message = format!("there is no {kind} `{}`", name.value);
        let mut fault = Diagnostic::error(name.span.clone(), message)
            .label(format!("expected the name of {article} {kind}"));
        if known.clone().next().is_none() {
            fault = fault.help(format!("the scenario does not name any {kind}"));
        }
        self.absent(fault.did_you_mean(&name.value, known));
        false
    }

    /// Something of the wrong type stands at an address.
    pub fn wrong(&mut self, node: &Node, address: &str, expected: &str) {
        let found = node.value.called();
        let mut fault = Diagnostic::error(
            node.span.clone(),
            format!("`{address}` is {found}, expected {expected}"),
        )
        .label(format!("expected {expected}"));
        if let Value::Text(text) = &node.value
            && (text.parse::<f64>().is_ok() || matches!(text.as_str(), "true" | "false"))
        {
            fault = fault.help(format!("write `{text}` without quotes"));
        }
        self.faults.push(fault);
    }

    /// A number or formula.
    pub fn formula(&mut self, node: &Node, address: String) -> Formula {
        let span = node.span.clone();
        match &node.value {
            Value::Text(text) if text.trim().is_empty() => {
                let fault = Diagnostic::error(span.clone(), format!("`{address}` is empty"))
                    .label("expected a number or a formula");
                self.faults.push(fault);
            }
            Value::Text(text) => {
                return Formula {
                    inner: self.inner(text, &span),
                    text: text.clone(),
                    literal: None,
                    span,
                    address,
                };
            }
            Value::Whole(_) | Value::Decimal(_) => {
                if let Some(number) = self.number(node, &address) {
                    return Formula {
                        text: number.value.to_string(),
                        literal: Some(number.value),
                        inner: None,
                        span,
                        address,
                    };
                }
            }
            Value::Flag(flag) => {
                self.wrong(node, &address, "a number or a formula");
                if let Some(fault) = self.faults.last_mut() {
                    let number = u8::from(*flag);
                    fault.help = Some(format!(
                        "write `{number}`: formulas count true as 1, false as 0"
                    ));
                }
            }
            _ => self.wrong(node, &address, "a number or a formula"),
        }
        Formula::placeholder(span, address)
    }

    /// A number or formula; true and false count as 1 and 0.
    pub fn condition(&mut self, node: &Node, address: String) -> Formula {
        let Value::Flag(flag) = node.value else {
            return self.formula(node, address);
        };
        let number = u8::from(flag);
        Formula {
            text: number.to_string(),
            literal: Some(number.into()),
            span: node.span.clone(),
            inner: None,
            address,
        }
    }

    /// Where a string's text begins in the file, if it stands there without escapes.
    fn inner(&self, text: &str, span: &Span) -> Option<usize> {
        let written = self.text.get(span.clone())?;
        [
            "\"\"\"\r\n",
            "'''\r\n",
            "\"\"\"\n",
            "'''\n",
            "\"\"\"",
            "'''",
            "\"",
            "'",
        ]
        .iter()
        .filter(|open| written.starts_with(**open))
        .find(|open| {
            let close = open.trim_end().len();
            written.len() == open.len() + text.len() + close
                && written[open.len()..].starts_with(text)
        })
        .map(|open| span.start + open.len())
    }

    /// A plain number: finite, and exact if it is whole.
    pub fn number(&mut self, node: &Node, address: &str) -> Option<Located<f64>> {
        let fault = |message: &str, label: &str| {
            Diagnostic::error(node.span.clone(), format!("`{address}` {message}")).label(label)
        };
        let fault = match node.value {
            Value::Whole(Some(whole)) if (-EXACT..=EXACT).contains(&whole) => {
                return Some(Located::new(whole as f64, node.span.clone()));
            }
            Value::Decimal(number) if number.is_finite() => {
                return Some(Located::new(number, node.span.clone()));
            }
            Value::Whole(_) => fault(
                "is too large a whole number",
                "expected a magnitude of at most 2^53 = 9007199254740992",
            ),
            Value::Decimal(_) => fault("is not a finite number", "expected a finite number"),
            _ => {
                self.wrong(node, address, "a number");
                return None;
            }
        };
        self.faults.push(fault);
        None
    }

    /// A whole number within bounds.
    pub fn count(
        &mut self,
        node: &Node,
        address: &str,
        bounds: RangeInclusive<u64>,
    ) -> Option<Located<u64>> {
        if let Value::Whole(Some(whole)) = node.value
            && let Ok(count) = u64::try_from(whole)
            && bounds.contains(&count)
        {
            return Some(Located::new(count, node.span.clone()));
        }
        let most = match *bounds.end() {
            u64::MAX => "on".to_owned(),
            most => format!("to {most}"),
        };
        let expected = format!("a whole number from {} {most}", bounds.start());
        self.wrong(node, address, &expected);
        None
    }

    /// A string.
    pub fn word(&mut self, node: &Node, address: &str) -> Option<Located<String>> {
        let Value::Text(text) = &node.value else {
            self.wrong(node, address, "a string");
            return None;
        };
        Some(Located::new(text.clone(), node.span.clone()))
    }

    /// One string or a list of strings.
    pub fn words(&mut self, node: &Node, address: &str) -> Vec<Located<String>> {
        match &node.value {
            Value::Text(text) => vec![Located::new(text.clone(), node.span.clone())],
            Value::List(items) => items
                .iter()
                .filter_map(|item| self.word(item, address))
                .collect(),
            _ => {
                self.wrong(node, address, "a list of strings");
                Vec::new()
            }
        }
    }

    /// The entries of a table.
    pub fn table<'d>(&mut self, node: &'d Node, address: &str) -> Option<&'d [Entry]> {
        if let Value::Table(entries) = &node.value {
            return Some(entries);
        }
        self.wrong(node, address, "a table");
        if let (Value::List(_), Some(fault)) = (&node.value, self.faults.last_mut()) {
            fault.help = Some(format!("write `[{address}]` in single brackets"));
        }
        None
    }

    /// The tables of a list `[[address]]`, each with its `id` if it has one. Their
    /// addresses end in the id, or count from 0.
    pub fn items<T>(
        &mut self,
        entry: Option<&Entry>,
        address: &str,
        what: &'static str,
        mut read: impl FnMut(&mut Reader<'_, 't, '_>, Option<Located<String>>) -> Option<T>,
    ) -> Vec<T> {
        let mut given = Given::default();
        let mut list = Vec::new();
        let nodes = entry.map_or(&[][..], |entry| self.list(&entry.node, address));
        for (index, node) in nodes.iter().enumerate() {
            let counted = join(address, &index.to_string());
            let Some(mut table) = Reader::new(self, node, &counted) else {
                continue;
            };
            let id = table.word("id");
            if let Some(id) = &id {
                names::check(table.reading, id);
                if given.give(table.reading, id, what) {
                    table.address = join(address, &id.value);
                }
            }
            list.extend(read(&mut table, id));
            table.finish();
        }
        list
    }

    fn list<'d>(&mut self, node: &'d Node, address: &str) -> &'d [Node] {
        if let Value::List(items) = &node.value {
            return items;
        }
        self.wrong(node, address, &format!("a list of tables `[[{address}]]`"));
        if let (Value::Table(_), Some(fault)) = (&node.value, self.faults.last_mut()) {
            fault.help = Some(format!("write `[[{address}]]` in double brackets"));
        }
        &[]
    }

    /// A section of named tables, `[section.name]`: name and content of each.
    pub fn named<'d>(&mut self, entry: Option<&'d Entry>) -> &'d [Entry] {
        let Some(entry) = entry else {
            return &[];
        };
        let section = &entry.key.value;
        let entries = self.table(&entry.node, section).unwrap_or_default();
        if let (Value::List(_), Some(fault)) = (&entry.node.value, self.faults.last_mut()) {
            fault.help = Some(format!("write `[{section}.NAME]`, one table for each"));
        }
        for entry in entries {
            names::check(self, &entry.key);
        }
        entries
    }
}

/// The address of a key below another.
pub(super) fn join(address: &str, key: &str) -> String {
    if address.is_empty() {
        key.to_owned()
    } else {
        format!("{address}.{key}")
    }
}
