//! TOML text as a tree in which every key and value knows its place.
//!
//! The only file that knows the TOML parser. Entries stand in the order of the file.

use toml::de::{DeTable, DeValue};

use super::diagnostic::{Diagnostic, Diagnostics};
use super::extends;
use super::located::{Located, Span};

/// A value and its place.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub value: Value,
    /// For a `[table]`, its header.
    pub span: Span,
}

/// What TOML can say.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Text(String),
    /// `None`: outside the range of 128 bits.
    Whole(Option<i128>),
    Decimal(f64),
    Flag(bool),
    Date,
    List(Vec<Node>),
    Table(Vec<Entry>),
}

/// A key and its value.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub key: Located<String>,
    pub node: Node,
}

/// What could be read of a file.
pub(super) struct Document {
    pub entries: Vec<Entry>,
    /// Where the syntax is broken and what is read there is a guess; in order, apart.
    doubtful: Vec<Span>,
    /// Whether nothing was lost: what is not in `entries` is not in the file.
    pub whole: bool,
}

impl Document {
    /// The same, all places moved by so many bytes.
    pub fn shifted(mut self, by: usize) -> Document {
        extends::shift(&mut self.entries, by);
        self.doubtful
            .iter_mut()
            .for_each(|doubt| extends::move_by(doubt, by));
        self
    }

    /// Takes in what a file adds that stands behind this one.
    pub fn join(&mut self, more: Document) {
        extends::join(&mut self.entries, more.entries);
        self.doubtful.extend(more.doubtful);
        self.whole &= more.whole;
    }

    /// Whether what is read at a place is certain.
    pub fn is_certain(&self, place: &Span) -> bool {
        let next = self
            .doubtful
            .partition_point(|doubt| doubt.end <= place.start);
        let certain = self
            .doubtful
            .get(next)
            .is_none_or(|doubt| place.start < doubt.start);
        // The parser puts what it made up at the start of the file.
        certain && (self.whole || *place != (0..0))
    }
}

/// Tables and lists may nest this deep.
const DEPTH: usize = 64;

/// Read TOML, reporting every syntax fault and going on behind it.
pub(super) fn parse(text: &str, faults: &mut Diagnostics) -> Document {
    let (root, errors) = DeTable::parse_recoverable(text);
    let mut document = Document {
        entries: Vec::new(),
        doubtful: Vec::new(),
        whole: true,
    };
    let headers = if errors.is_empty() {
        Vec::new()
    } else {
        headers(text)
    };
    let mut last_place = None;
    for error in &errors {
        let span = error.span().unwrap_or(text.len()..text.len());
        let contained = error.message().starts_with("duplicate key")
            || error.message().starts_with("cannot extend");
        document.whole &= contained;
        document
            .doubtful
            .push(doubt(text, &headers, &span, contained));
        // One fault can be told twice: as what it is, and as what it breaks.
        if last_place != Some(span.start) {
            last_place = Some(span.start);
            faults.push(syntax_fault(text, error.message(), span));
        }
    }
    document.doubtful = merged(document.doubtful);
    let mut too_deep = None;
    document.entries = entries(root.get_ref(), 0, &mut too_deep);
    take_apart(root.into_inner());
    if let Some(span) = too_deep {
        faults.push(
            Diagnostic::error(span, "tables and lists nest too deeply")
                .label(format!("expected at most {DEPTH} levels")),
        );
    }
    document
}

/// Drop a tree level by level: nested dotted keys can make it deeper than the stack.
fn take_apart(root: DeTable<'_>) {
    let mut left = vec![DeValue::Table(root)];
    while let Some(value) = left.pop() {
        match value {
            DeValue::Table(table) => {
                left.extend(table.into_iter().map(|(_, value)| value.into_inner()));
            }
            DeValue::Array(items) => left.extend(items.into_iter().map(|item| item.into_inner())),
            _ => {}
        }
    }
}

fn syntax_fault(text: &str, message: &str, span: Span) -> Diagnostic {
    let found = text.get(span.clone()).unwrap_or_default();
    match message {
        "duplicate key" => Diagnostic::error(span, format!("`{found}` is written twice"))
            .label("already stands in this table")
            .help("a key can stand only once in a table: keep one of the two"),
        _ => match message.split_once(", expected ") {
            Some((what, expected)) => {
                Diagnostic::error(span, what).label(format!("expected {expected}"))
            }
            None => Diagnostic::error(span, message),
        },
    }
}

/// Where a syntax fault makes what is read a guess: its line, and unless it is contained, all
/// lines to the next table header. `headers` holds where lines begin that open a table.
fn doubt(text: &str, headers: &[usize], span: &Span, contained: bool) -> Span {
    let bytes = text.as_bytes();
    let fault = span.start.min(bytes.len())..span.end.min(bytes.len());
    let newline = |byte: &u8| *byte == b'\n';
    let start = bytes[..fault.start]
        .iter()
        .rposition(newline)
        .map_or(0, |at| at + 1);
    let end = if contained {
        bytes[fault.end..]
            .iter()
            .position(newline)
            .map(|at| fault.end + at + 1)
    } else {
        let next = headers.partition_point(|header| *header <= fault.end);
        headers.get(next).copied()
    };
    start..end.unwrap_or(bytes.len())
}

fn headers(text: &str) -> Vec<usize> {
    let mut start = 0;
    let mut headers = Vec::new();
    for line in text.split_inclusive('\n') {
        if line.trim_start_matches([' ', '\t']).starts_with('[') {
            headers.push(start);
        }
        start += line.len();
    }
    headers
}

/// Spans in order, those that overlap made one.
fn merged(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_by_key(|span| span.start);
    let mut merged: Vec<Span> = Vec::new();
    for span in spans {
        match merged.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => merged.push(span),
        }
    }
    merged
}

fn entries(table: &DeTable<'_>, depth: usize, too_deep: &mut Option<Span>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = table
        .iter()
        .map(|(key, value)| Entry {
            key: Located::new(key.get_ref().to_string(), key.span()),
            node: node(value.get_ref(), value.span(), depth + 1, too_deep),
        })
        .collect();
    entries.sort_by_key(|entry| entry.key.span.start);
    entries
}

fn node(value: &DeValue<'_>, span: Span, depth: usize, too_deep: &mut Option<Span>) -> Node {
    if depth > DEPTH {
        too_deep.get_or_insert(span.clone());
        return Node {
            value: Value::Table(Vec::new()),
            span,
        };
    }
    let value = match value {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(integer) => {
            Value::Whole(i128::from_str_radix(integer.as_str(), integer.radix()).ok())
        }
        DeValue::Float(float) => Value::Decimal(float.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(flag) => Value::Flag(*flag),
        DeValue::Datetime(_) => Value::Date,
        DeValue::Array(items) => Value::List(
            items
                .iter()
                .map(|item| node(item.get_ref(), item.span(), depth + 1, too_deep))
                .collect(),
        ),
        DeValue::Table(table) => Value::Table(entries(table, depth, too_deep)),
    };
    Node { value, span }
}

impl Value {
    /// What this is, as a fault calls it.
    pub fn called(&self) -> &'static str {
        match self {
            Value::Text(_) => "a string",
            Value::Whole(_) | Value::Decimal(_) => "a number",
            Value::Flag(_) => "a boolean",
            Value::Date => "a date",
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Document, Vec<Diagnostic>) {
        let mut faults = Diagnostics::new();
        let document = parse(text, &mut faults);
        let faults = faults.sorted().into_iter().cloned().collect();
        (document, faults)
    }

    #[test]
    fn entries_keep_the_order_of_the_file_and_their_places() {
        let text = "\u{feff}zebra = 1\r\n[b]\r\nx = 'é'\r\n[a]\r\ny = [1,\t2.5]\r\n";
        let (document, faults) = read(text);
        assert!(faults.is_empty(), "{faults:?}");
        let keys: Vec<&str> = document.entries.iter().map(|e| &*e.key.value).collect();
        assert_eq!(keys, ["zebra", "b", "a"]);
        for entry in &document.entries {
            assert_eq!(&text[entry.key.span.clone()], entry.key.value);
        }
        assert_eq!(&text[document.entries[1].node.span.clone()], "[b]");
        let Value::Table(inside) = &document.entries[1].node.value else {
            panic!("a table")
        };
        assert_eq!(&text[inside[0].node.span.clone()], "'é'");
    }

    #[test]
    fn several_syntax_faults_are_found_at_once() {
        let text = "a = \n[t]\nb = 'open\n[u]\nc = 1\nc = 2\nd = 1.\n";
        let (document, faults) = read(text);
        assert!(!document.whole);
        let lines: Vec<usize> = faults
            .iter()
            .map(|fault| text[..fault.span.start].matches('\n').count() + 1)
            .collect();
        for line in [1, 3, 6, 7] {
            assert!(lines.contains(&line), "line {line} is not in {faults:#?}");
        }
        assert!(
            faults
                .iter()
                .any(|fault| fault.message == "`c` is written twice")
        );
    }

    #[test]
    fn a_duplicate_alone_loses_nothing() {
        let (document, faults) = read("a = 1\na = 2\nb = 3\n");
        assert_eq!(faults.len(), 1);
        assert!(document.whole);
        let certain: Vec<bool> = [0, 6, 12]
            .map(|at| document.is_certain(&(at..at + 1)))
            .to_vec();
        assert_eq!(certain, [true, false, true]);
    }

    #[test]
    fn deep_nesting_is_a_fault_and_not_a_stack_overflow() {
        let dotted = vec!["b"; 70].join(".");
        let inline = format!(
            "a = {}1{}",
            format!("{{ {dotted} = ").repeat(70),
            " }".repeat(70)
        );
        for text in [
            format!("a = {}{}", "[".repeat(100_000), "]".repeat(100_000)),
            format!("a = {}", "[".repeat(100_000)),
            format!("a = {}", "{ b = ".repeat(100_000)),
            format!("[{}]", vec!["a"; 100_000].join(".")),
            inline,
        ] {
            let (_, faults) = read(&text);
            assert!(!faults.is_empty(), "{}", &text[..20]);
        }
    }
}
