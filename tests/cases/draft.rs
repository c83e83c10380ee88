//! A model of a case as a scenario being written: names, settings, and the way back from answers.

use super::case::numbers;
use super::writing;
use serde_json::Value;

/// What stands for one issue of the model.
pub enum Issue {
    /// Level k is called `l{k}`.
    Levels { name: String, count: usize },
    /// A continuous issue.
    Range { name: String, from: f64, to: f64 },
    /// Shares that sum to one: a range for each but the last.
    Shares { names: Vec<String> },
}

/// A scenario in the making.
pub struct Draft<'m> {
    /// The case's model.
    pub model: &'m Value,
    /// The issues in order; the packages of a list of points are one issue.
    pub issues: Vec<Issue>,
    /// The actors' names in the scenario.
    pub actors: Vec<String>,
    /// The protocol.
    pub protocol: &'static str,
    /// Lines of `[bargaining.settings]`.
    pub settings: Vec<String>,
    /// Numbers or formulas that stand in place of the model's reservation values.
    pub reservations: Option<Vec<String>>,
    /// Stand in place of the model's discount factors.
    pub discounts: Option<Vec<f64>>,
    /// Continuous issues that can only be this, by issue.
    pub pinned: Option<Vec<f64>>,
    /// Lines of `[calendar]`; without any there is none.
    pub calendar: Vec<String>,
    /// Lines of `[quantities]`.
    pub quantities: String,
    /// More lines of every issue: where it stands, in which file it is.
    pub issue_lines: Vec<String>,
    /// More tables at the end of the file.
    pub more: String,
}

impl<'m> Draft<'m> {
    /// A scenario of this model, settled by this protocol.
    pub fn new(model: &'m Value, protocol: &'static str) -> Result<Draft<'m>, String> {
        let actors = model["actors"]
            .as_array()
            .ok_or("the model has no actors")?;
        let mut taken = Vec::new();
        let issues = match model["form"].as_str() {
            Some("points") => vec![Issue::Levels {
                name: "package".to_string(),
                count: model["outcomes"].as_array().map_or(0, Vec::len),
            }],
            Some("issues") => issues(&model["issues"], &mut taken)?,
            other => return Err(format!("form {other:?} cannot be said")),
        };
        let actors = actors
            .iter()
            .map(|actor| free_name(actor["name"].as_str().unwrap_or("actor"), &mut taken))
            .collect();
        Ok(Draft {
            model,
            issue_lines: vec![String::new(); issues.len()],
            issues,
            actors,
            protocol,
            settings: Vec::new(),
            reservations: None,
            discounts: None,
            pinned: None,
            calendar: Vec::new(),
            quantities: String::new(),
            more: String::new(),
        })
    }

    /// The model's description of an actor.
    pub fn actor(&self, seat: usize) -> &'m Value {
        &self.model["actors"][seat]
    }

    /// `key = { A = 1, B = 2 }`.
    pub fn set_by_actor(&mut self, key: &str, values: &[f64]) {
        let pairs: Vec<String> = self
            .actors
            .iter()
            .zip(values)
            .map(|(actor, value)| format!("{actor} = {value}"))
            .collect();
        self.settings
            .push(format!("{key} = {{ {} }}", pairs.join(", ")));
    }

    /// Bargaining power from a task's or a result's `weights`, if it has some.
    pub fn set_power(&mut self, weights: &Value) {
        if let Some(weights) = numbers(weights) {
            self.set_by_actor("power", &weights);
        }
    }

    /// A calendar of so many meetings.
    pub fn meet(&mut self, sessions: usize) {
        self.calendar = vec![format!("sessions = {sessions}")];
    }

    /// Every issue stands somewhere before the parties meet: at a level, or at a number.
    pub fn stand(&mut self, status_quo: &[f64]) {
        for (k, issue) in self.issues.iter().enumerate() {
            let line = match issue {
                Issue::Levels { .. } => format!("status_quo = \"l{}\"\n", status_quo[k]),
                _ => format!("status_quo = {}\n", status_quo[k]),
            };
            self.issue_lines[k].push_str(&line);
        }
    }

    /// Numbers in place of the model's reservation values.
    pub fn set_reservations(&mut self, reservations: &[f64]) {
        self.reservations = Some(reservations.iter().map(f64::to_string).collect());
    }

    /// The scenario's text.
    pub fn text(&self) -> String {
        writing::scenario(self)
    }

    /// Levels of every issue; none if one is continuous.
    pub fn counts(&self) -> Option<Vec<usize>> {
        self.issues
            .iter()
            .map(|issue| match issue {
                Issue::Levels { count, .. } => Some(*count),
                _ => None,
            })
            .collect()
    }

    /// The row-major number of a deal told as issue names and level names.
    pub fn package(&self, deal: &Value) -> Option<u64> {
        self.issues.iter().try_fold(0, |number, issue| match issue {
            Issue::Levels { name, count } => {
                Some(number * *count as u64 + level(&deal[name])? as u64)
            }
            _ => None,
        })
    }

    /// A deal told by names, as numbers.
    pub fn at(&self, deal: &Value) -> Result<Vec<f64>, String> {
        let number = |name: &String| {
            let told = &deal[name];
            told.as_f64().ok_or(format!("`{name}` is told as {told}"))
        };
        let mut at = Vec::new();
        for issue in &self.issues {
            match issue {
                Issue::Levels { name, .. } => {
                    at.push(level(&deal[name]).ok_or(format!("`{name}`: {}", deal[name]))?);
                }
                Issue::Range { name, .. } => at.push(number(name)?),
                Issue::Shares { names } => {
                    let shares: Vec<f64> = names.iter().map(number).collect::<Result<_, _>>()?;
                    at.extend(&shares);
                    at.push(1.0 - shares.iter().sum::<f64>());
                }
            }
        }
        Ok(at)
    }

    /// One number per actor from a table whose keys are `{prefix}{actor}`.
    pub fn by_actor(&self, table: &Value, prefix: &str) -> Vec<f64> {
        let keys = self.actors.iter().map(|actor| format!("{prefix}{actor}"));
        keys.map(|key| table[key].as_f64().unwrap_or(f64::NAN))
            .collect()
    }
}

fn level(told: &Value) -> Option<f64> {
    told.as_str()?.strip_prefix('l')?.parse().ok()
}

fn issues(list: &Value, taken: &mut Vec<String>) -> Result<Vec<Issue>, String> {
    let list = list.as_array().ok_or("the model has no issues")?;
    list.iter()
        .map(|issue| {
            let name = free_name(issue["name"].as_str().unwrap_or("issue"), taken);
            match issue["kind"].as_str() {
                None | Some("discrete") => Ok(Issue::Levels {
                    name,
                    count: issue["levels"].as_array().map_or(0, Vec::len),
                }),
                Some("continuous") => Ok(Issue::Range {
                    name,
                    from: issue["min"].as_f64().ok_or("min")?,
                    to: issue["max"].as_f64().ok_or("max")?,
                }),
                Some("simplex") => {
                    let parts = issue["parts"].as_u64().ok_or("parts")?;
                    let names = (1..parts).map(|part| format!("{name}_{part}")).collect();
                    Ok(Issue::Shares { names })
                }
                Some(kind) => Err(format!("issues of kind `{kind}` cannot be said")),
            }
        })
        .collect()
}

/// Words that mean something else to the language, or to the texts around a draft.
const WORDS: [&str; 24] = [
    "and",
    "or",
    "not",
    "if",
    "then",
    "else",
    "in",
    "given",
    "true",
    "false",
    "base",
    "status_quo",
    "deal",
    "session",
    "breakdown",
    "signed",
    "signed_count",
    "newly_signed",
    "event",
    "utility",
    "surplus",
    "sponsor",
    "walk",
    "package",
];

/// A name the language takes and nobody has yet.
fn free_name(name: &str, taken: &mut Vec<String>) -> String {
    let clean = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let mut name: String = name.chars().map(clean).collect();
    let is_level = name
        .strip_prefix('l')
        .is_some_and(|rest| rest.parse::<u32>().is_ok());
    if is_level || !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        name.insert_str(0, "the_");
    }
    while taken.contains(&name) || WORDS.contains(&name.as_str()) {
        name.push('_');
    }
    taken.push(name.clone());
    name
}
