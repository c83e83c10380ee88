//! A case: a model, a task, and what must come out.

use serde_json::{Map, Value};
use std::path::Path;

/// One JSON file.
pub struct Case {
    /// The file's name without its ending.
    pub id: String,
    /// Actors, issues or outcomes; null for cases of a formula.
    pub model: Value,
    /// What is asked: `kind` and its parameters.
    pub task: Value,
    /// What must come out.
    pub expected: Map<String, Value>,
    tolerance: Value,
    /// Runs, standard errors and how many of them are allowed; null if nothing is drawn.
    pub monte_carlo: Value,
}

impl Case {
    /// The absolute tolerance for a named result.
    pub fn tolerance(&self, name: &str) -> f64 {
        let named = self.tolerance[name].as_f64();
        named
            .or(self.tolerance["default"].as_f64())
            .unwrap_or_else(|| panic!("{}: no tolerance", self.id))
    }

    /// The same question about another model.
    pub fn with(&self, model: Value, task: Value) -> Case {
        Case {
            id: self.id.clone(),
            model,
            task,
            expected: self.expected.clone(),
            tolerance: self.tolerance.clone(),
            monte_carlo: self.monte_carlo.clone(),
        }
    }

    /// What kind of task it is.
    pub fn kind(&self) -> &str {
        self.task["kind"].as_str().unwrap_or_default()
    }
}

/// Every case of a folder, by name.
pub fn read(folder: &str) -> Vec<Case> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/cases")
        .join(folder);
    let entries = std::fs::read_dir(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mut cases: Vec<Case> = entries
        .map(|entry| entry.expect("a folder entry").path())
        .filter(|path| path.extension().is_some_and(|e| e == "json"))
        .map(|path| {
            let text = std::fs::read_to_string(&path).expect("a readable case");
            let value: Value =
                serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
            let id = value["id"].as_str().unwrap_or_default().to_string();
            assert_eq!(path.file_stem().and_then(|s| s.to_str()), Some(id.as_str()));
            Case {
                id,
                model: value["model"].clone(),
                task: value["task"].clone(),
                expected: value["expected"].as_object().cloned().unwrap_or_default(),
                tolerance: value["tolerance"].clone(),
                monte_carlo: value["monte_carlo"].clone(),
            }
        })
        .collect();
    cases.sort_by(|a, b| a.id.cmp(&b.id));
    cases
}

/// A list of numbers.
pub fn numbers(value: &Value) -> Option<Vec<f64>> {
    value.as_array()?.iter().map(Value::as_f64).collect()
}

/// A list of package numbers.
pub fn packages(value: &Value) -> Option<Vec<u64>> {
    value.as_array()?.iter().map(Value::as_u64).collect()
}
