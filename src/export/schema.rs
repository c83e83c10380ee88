//! The columns of `runs.csv`, said once: `run`, `variant`, `ended`, `session`, then the variables.

use std::collections::BTreeSet;

use thiserror::Error;

use crate::model::{Role, Variable, VariableKind};

/// The columns every scenario has, in front of its own.
const FIXED: [(&str, Source); 4] = [
    ("run", Source::Run),
    ("variant", Source::Variant),
    ("ended", Source::Ended),
    ("session", Source::Session),
];

/// The columns of one result, in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Schema {
    columns: Vec<Column>,
}

/// One column: its name and where its fields come from.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// The name in the header.
    pub name: String,
    /// Where its fields come from.
    pub source: Source,
}

/// Where a column's fields come from.
#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    /// The index of the run.
    Run,
    /// Which play of its world.
    Play,
    /// The variant that was played.
    Variant,
    /// The protocol that was played, where there are several.
    Protocol(String),
    /// How the run ended.
    Ended,
    /// The last session that was held.
    Session,
    /// A variable of the record.
    Variable {
        /// Its place in the record.
        index: usize,
        /// How its numbers read.
        kind: VariableKind,
    },
}

/// Why these variables make no table.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SchemaError {
    /// Two columns would have the same name.
    #[error("two columns would be called `{0}`")]
    Duplicate(String),
}

impl Schema {
    /// The columns for these variables: issues, utilities, gains and measures, and with `worlds`
    /// the open quantities; with `plays` also which play of its world. Claims are never columns.
    pub fn new(variables: &[Variable], worlds: bool, plays: bool) -> Result<Schema, SchemaError> {
        let mut fixed = FIXED.to_vec();
        if plays {
            fixed.insert(1, ("luck", Source::Play));
        }
        let fixed = fixed.into_iter().map(|(name, source)| Column {
            name: name.to_string(),
            source,
        });
        let shown = variables.iter().enumerate().filter(|(_, variable)| {
            variable.role != Role::Claim
                && (worlds || !matches!(variable.role, Role::Quantity | Role::State))
        });
        let own = shown.map(|(index, variable)| Column {
            name: variable.name.clone(),
            source: Source::Variable {
                index,
                kind: variable.kind.clone(),
            },
        });
        let columns: Vec<Column> = fixed.chain(own).collect();

        let mut names = BTreeSet::new();
        if let Some(twice) = columns.iter().find(|column| !names.insert(&column.name)) {
            return Err(SchemaError::Duplicate(twice.name.clone()));
        }
        Ok(Schema { columns })
    }

    /// The same columns with the protocol after the variant, for a result of several protocols.
    pub fn by_protocol(mut self, protocol: &str) -> Schema {
        let variant = |column: &Column| column.source == Source::Variant;
        let place = self.columns.iter().position(variant);
        let column = Column {
            name: "protocol".to_string(),
            source: Source::Protocol(protocol.to_string()),
        };
        self.columns.insert(place.map_or(0, |at| at + 1), column);
        self
    }

    /// The columns, in order.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(name: &str, role: Role) -> Variable {
        Variable {
            name: name.to_string(),
            role,
            kind: VariableKind::Number,
        }
    }

    #[test]
    fn quantities_are_shown_on_request_and_claims_never() {
        let variables = [
            number("price", Role::Issue),
            number("expect.1", Role::Claim),
            number("momentum", Role::Quantity),
        ];
        let names = |worlds| -> Vec<String> {
            let schema = Schema::new(&variables, worlds, false).unwrap();
            schema
                .columns()
                .iter()
                .map(|column| column.name.clone())
                .collect()
        };
        assert_eq!(
            names(false),
            ["run", "variant", "ended", "session", "price"]
        );
        assert_eq!(names(true)[5], "momentum");
    }

    #[test]
    fn a_name_taken_twice_is_refused() {
        let error = Schema::new(&[number("ended", Role::Measure)], false, false).unwrap_err();
        assert_eq!(error.to_string(), "two columns would be called `ended`");
    }
}
