//! Reading one table key by key: keys asked for are known, all others are faults.

use super::diagnostic::Diagnostic;
use super::document::{Entry, Node, Value};
use super::located::{Formula, Located, Span};
use super::reading::{Reading, join};

/// One table, and which of its keys are known.
pub(super) struct Reader<'r, 't, 'd> {
    pub reading: &'r mut Reading<'t>,
    /// Where missing keys are reported: the table's header or braces.
    pub span: Span,
    /// The table's TOML path.
    pub address: String,
    entries: &'d [Entry],
    known: Vec<&'static str>,
}

impl<'r, 't, 'd> Reader<'r, 't, 'd> {
    /// Begin to read a table; if something else stands there, that is a fault.
    pub fn new(reading: &'r mut Reading<'t>, node: &'d Node, address: &str) -> Option<Self> {
        let entries = reading.table(node, address)?;
        Some(Reader::of(reading, entries, node.span.clone(), address))
    }

    /// Begin to read the entries of a table.
    pub fn of(
        reading: &'r mut Reading<'t>,
        entries: &'d [Entry],
        span: Span,
        address: &str,
    ) -> Self {
        Reader {
            reading,
            span,
            address: address.to_owned(),
            entries,
            known: Vec::new(),
        }
    }

    /// The entry at a key, which from now on is known.
    pub fn entry(&mut self, key: &'static str) -> Option<&'d Entry> {
        if !self.known.contains(&key) {
            self.known.push(key);
        }
        self.entries.iter().find(|entry| entry.key.value == key)
    }

    /// The entry at a key that must be there.
    pub fn required(&mut self, key: &'static str) -> Option<&'d Entry> {
        let entry = self.entry(key);
        if entry.is_none() {
            let message = format!("`{}` has no `{key}`", self.address);
            let missing = Diagnostic::error(self.span.clone(), message)
                .label(format!("expected the key `{key}` in this table"));
            self.reading.absent(missing);
        }
        entry
    }

    /// The address of a key of this table.
    pub fn address_of(&self, key: &str) -> String {
        join(&self.address, key)
    }

    /// A number or formula.
    pub fn formula(&mut self, key: &'static str) -> Option<Formula> {
        let address = self.address_of(key);
        let entry = self.entry(key)?;
        Some(self.reading.formula(&entry.node, address))
    }

    /// A number or formula that must be there.
    pub fn required_formula(&mut self, key: &'static str) -> Formula {
        let address = self.address_of(key);
        match self.required(key) {
            Some(entry) => self.reading.formula(&entry.node, address),
            None => Formula::placeholder(self.span.clone(), address),
        }
    }

    /// A formula that counts as true unless it is 0; `true` and `false` say 1 and 0.
    pub fn condition(&mut self, key: &'static str) -> Option<Formula> {
        let address = self.address_of(key);
        let entry = self.entry(key)?;
        Some(self.reading.condition(&entry.node, address))
    }

    /// A table of names, each with its number or formula.
    pub fn formulas(&mut self, key: &'static str) -> Vec<(Located<String>, Formula)> {
        let address = self.address_of(key);
        let entries = self
            .entry(key)
            .and_then(|entry| self.reading.table(&entry.node, &address));
        let formula = |entry: &Entry| {
            let address = join(&address, &entry.key.value);
            (
                entry.key.clone(),
                self.reading.formula(&entry.node, address),
            )
        };
        entries.unwrap_or_default().iter().map(formula).collect()
    }

    /// One of the words by which `all` go.
    pub fn choice<T: Copy>(
        &mut self,
        key: &'static str,
        all: &[T],
        word: fn(T) -> &'static str,
    ) -> Option<Located<T>> {
        let found = self.word(key)?;
        if let Some(chosen) = all.iter().find(|one| word(**one) == found.value) {
            return Some(Located::new(*chosen, found.span));
        }
        let words: Vec<&str> = all.iter().map(|one| word(*one)).collect();
        let message = format!("`{}` cannot be `{}`", self.address_of(key), found.value);
        let fault = Diagnostic::error(found.span, message)
            .label(format!("expected one of `{}`", words.join("`, `")))
            .did_you_mean(&found.value, words);
        self.reading.faults.push(fault);
        None
    }

    /// A string, with its place.
    pub fn word(&mut self, key: &'static str) -> Option<Located<String>> {
        let address = self.address_of(key);
        let entry = self.entry(key)?;
        self.reading.word(&entry.node, &address)
    }

    /// A string that must be there.
    pub fn required_word(&mut self, key: &'static str) -> Option<Located<String>> {
        self.required(key)?;
        self.word(key)
    }

    /// A string.
    pub fn text(&mut self, key: &'static str) -> Option<String> {
        self.word(key).map(|word| word.value)
    }

    /// A date, or words that tell it.
    pub fn date(&mut self, key: &'static str) -> Option<String> {
        let entry = self.entry(key)?;
        match entry.node.value {
            Value::Date => self
                .reading
                .text
                .get(entry.node.span.clone())
                .map(str::to_owned),
            _ => self.text(key),
        }
    }

    /// true or false.
    pub fn flag(&mut self, key: &'static str) -> Option<bool> {
        let address = self.address_of(key);
        let entry = self.entry(key)?;
        match &entry.node.value {
            Value::Flag(flag) => Some(*flag),
            _ => {
                self.reading.wrong(&entry.node, &address, "true or false");
                None
            }
        }
    }

    /// A plain number: no formula.
    pub fn number(&mut self, key: &'static str) -> Option<Located<f64>> {
        let address = self.address_of(key);
        let entry = self.entry(key)?;
        self.reading.number(&entry.node, &address)
    }

    /// A whole number from `least` on.
    pub fn count(&mut self, key: &'static str, least: u64) -> Option<Located<u64>> {
        let address = self.address_of(key);
        let entry = self.entry(key)?;
        self.reading.count(&entry.node, &address, least..=u64::MAX)
    }

    /// One string or a list of strings.
    pub fn words(&mut self, key: &'static str) -> Vec<Located<String>> {
        let address = self.address_of(key);
        let Some(entry) = self.entry(key) else {
            return Vec::new();
        };
        self.reading.words(&entry.node, &address)
    }

    /// `source`: names from the ledger of assumptions.
    pub fn source(&mut self) -> Vec<Located<String>> {
        let words = self.words("source");
        if let Some(sources) = self.reading.sources.clone() {
            for word in &words {
                if !sources.contains(&word.value) {
                    let fault = Diagnostic::error(
                        word.span.clone(),
                        format!("`{}` is not in [sources]", word.value),
                    )
                    .label("expected the name of a source")
                    .help(format!("write `{} = \"...\"` under [sources]", word.value));
                    // Numbered sources (S4, S5) are all near each other: only words are guessed.
                    let guess = word.value.len() > 3;
                    let near = sources.iter().filter(|_| guess).map(String::as_str);
                    let fault = fault.did_you_mean(&word.value, near);
                    self.reading.absent(fault);
                }
            }
        }
        words
    }

    /// Report every key that was not asked for.
    pub fn finish(self) {
        for entry in self.entries {
            let key = &entry.key.value;
            if self.known.contains(&key.as_str()) {
                continue;
            }
            let (message, label) = if self.address.is_empty() {
                (
                    format!("unknown section `{key}`"),
                    "not a section of a scenario",
                )
            } else {
                let message = format!("unknown key `{key}` in `{}`", self.address);
                (message, "not a key of this table")
            };
            let known = self.known.join("`, `");
            let fault = Diagnostic::error(entry.key.span.clone(), message)
                .label(label)
                .help(format!("known here: `{known}`"))
                .did_you_mean(key, self.known.iter().copied());
            self.reading.faults.push(fault);
        }
    }
}
