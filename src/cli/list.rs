//! `demarche list`: what there is, from the families' own lists.

use super::stop::{FAULT, Stop};
use super::terminal;
use crate::bargaining::{ACCEPTANCES, OFFERS, OPPONENT_MODELS, PROTOCOLS};
use crate::catalogue::{Form, Kind, Setting, nearest};
use crate::expression::FUNCTIONS;
use crate::uncertainty::DISTRIBUTIONS;

/// List protocols, strategies, distributions ...: what each is, its settings, its reference
#[derive(clap::Args)]
pub struct Arguments {
    /// protocols, strategies, acceptances, models, distributions or functions
    #[arg(value_name = "FAMILY")]
    family: Option<String>,
    /// One of them, in full
    #[arg(value_name = "NAME")]
    name: Option<String>,
}

/// One entry of a family: how it is written and what it says of itself.
struct Entry {
    usage: String,
    kind: Kind,
    /// Lines under the entry: arguments or settings.
    details: Vec<String>,
}

/// A family's name and its entries.
type Family = (&'static str, fn() -> Vec<Entry>);

const FAMILIES: [Family; 6] = [
    ("protocols", protocols),
    ("strategies", strategies),
    ("acceptances", acceptances),
    ("models", models),
    ("distributions", distributions),
    ("functions", functions),
];

/// List.
pub fn run(arguments: &Arguments) -> Result<(), Stop> {
    let mut text = String::new();
    match (&arguments.family, &arguments.name) {
        (None, _) => {
            for (name, entries) in FAMILIES {
                text.push_str(&format!("{name}\n"));
                entries()
                    .iter()
                    .for_each(|entry| text.push_str(&brief(entry)));
                text.push('\n');
            }
        }
        (Some(family), None) => match family_of(family) {
            Some(entries) => entries
                .iter()
                .for_each(|entry| text.push_str(&brief(entry))),
            None => text.push_str(&full(&anywhere(family)?)),
        },
        (Some(family), Some(name)) => {
            let entries =
                family_of(family).ok_or_else(|| unknown(family, FAMILIES.iter().map(|f| f.0)))?;
            let names: Vec<&str> = entries.iter().map(|entry| entry.kind.name).collect();
            let found = entries.iter().find(|entry| entry.kind.name == name);
            text.push_str(&full(found.ok_or_else(|| unknown(name, names))?));
        }
    }
    terminal::say(&text)?;
    Ok(())
}

/// A family by its name, in the plural or the singular.
fn family_of(name: &str) -> Option<Vec<Entry>> {
    let found = FAMILIES.iter().find(|(family, _)| {
        let ies = family.strip_suffix("ies").zip(name.strip_suffix('y'));
        *family == name
            || family.strip_suffix('s') == Some(name)
            || ies.is_some_and(|(family, name)| family == name)
    });
    found.map(|(_, entries)| entries())
}

/// `demarche list nash` needs no family.
fn anywhere(name: &str) -> Result<Entry, Stop> {
    let all = || FAMILIES.iter().flat_map(|(_, entries)| entries());
    all().find(|entry| entry.kind.name == name).ok_or_else(|| {
        let names = FAMILIES
            .iter()
            .map(|f| f.0)
            .chain(all().map(|entry| entry.kind.name));
        unknown(name, names)
    })
}

fn unknown<'n>(name: &str, names: impl IntoIterator<Item = &'n str>) -> Stop {
    let names: Vec<&str> = names.into_iter().collect();
    let advice = match nearest(name, names.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("expected one of {}", names.join(", ")),
    };
    Stop::new(FAULT, format!("`{name}` is not listed: {advice}"))
}

fn brief(entry: &Entry) -> String {
    format!("  {:<38} {}\n", entry.usage, entry.kind.about)
}

fn full(entry: &Entry) -> String {
    let Kind {
        about,
        reference,
        manual,
        ..
    } = entry.kind;
    let mut text = format!("{}\n\n{about}\n", entry.usage);
    if !manual.is_empty() {
        text.push_str(&format!("\n{}\n", fold(manual, terminal::width().min(90))));
    }
    if !entry.details.is_empty() {
        text.push('\n');
        entry
            .details
            .iter()
            .for_each(|line| text.push_str(&format!("  {line}\n")));
    }
    if !reference.is_empty() {
        text.push_str(&format!("\n{reference}\n"));
    }
    text
}

fn protocols() -> Vec<Entry> {
    PROTOCOLS
        .iter()
        .map(|kind| with_settings(kind.kind))
        .collect()
}

fn strategies() -> Vec<Entry> {
    OFFERS.iter().map(|kind| with_settings(kind.kind)).collect()
}

fn acceptances() -> Vec<Entry> {
    let kinds = ACCEPTANCES.iter();
    kinds.map(|kind| with_settings(kind.kind)).collect()
}

fn models() -> Vec<Entry> {
    let kinds = OPPONENT_MODELS.iter();
    kinds.map(|kind| with_settings(kind.kind)).collect()
}

fn with_settings(kind: Kind) -> Entry {
    let line = |setting: &Setting| {
        let default = match (setting.default, setting.form) {
            (Some(value), _) if value.is_nan() => " [not set]".to_string(),
            (Some(value), _) if value.is_infinite() => " [no limit]".to_string(),
            (Some(_), Form::Seat) => " [the first signatory]".to_string(),
            (Some(value), Form::Choice(words)) => format!(" [{}]", words[value as usize]),
            (Some(value), _) => format!(" [{value}]"),
            (None, _) => " (required)".to_string(),
        };
        format!(
            "{:<18} {}, {}{default}",
            setting.name,
            setting.about,
            form(setting.form)
        )
    };
    Entry {
        usage: kind.name.to_string(),
        details: kind.settings.iter().map(line).collect(),
        kind,
    }
}

fn form(form: Form) -> String {
    let bounds = |low: f64, high: f64| match (low.abs() < 1e8, high.abs() < 1e8) {
        (true, true) => format!(" from {low} to {high}"),
        (true, false) => format!(" of at least {low}"),
        _ => String::new(),
    };
    match form {
        Form::Number(low, high) => format!("a number{}", bounds(low, high)),
        Form::Whole(low, high) => format!("a whole number{}", bounds(low, high)),
        Form::PerSeat(low, high) => format!(
            "one number{} per signatory: {{ a = .., b = .. }}",
            bounds(low, high)
        ),
        Form::PerIssue(low, high) => format!(
            "one number{} per issue: {{ a = .., b = .. }}",
            bounds(low, high)
        ),
        Form::PerActor(low, high) => format!(
            "a number{} for each actor named: {{ a = .., b = .. }}",
            bounds(low, high)
        ),
        Form::DealsFrom => "a list of deals: [{ issue = level, .., from = round }, ..]".to_string(),
        Form::Deals => "a list of deals: [{ issue = level, .. }, ..]".to_string(),
        Form::Each(low, high) => {
            format!("a number{}, or one for each signatory", bounds(low, high))
        }
        Form::Seat => "the name of a signatory".to_string(),
        Form::Actor => "the name of an actor".to_string(),
        Form::Issue => "the name of an issue".to_string(),
        Form::Choice(words) => format!("one of {}", words.join(", ")),
    }
}

fn distributions() -> Vec<Entry> {
    let entry = |distribution: &&crate::uncertainty::DistributionKind| Entry {
        usage: distribution.signature(),
        kind: distribution.kind,
        details: distribution
            .arguments
            .iter()
            .map(|argument| format!("{:<18} {}", argument.name, argument.about))
            .chain([format!("{:<18} {}", "for example", distribution.example)])
            .collect(),
    };
    DISTRIBUTIONS.iter().map(entry).collect()
}

fn functions() -> Vec<Entry> {
    let entry = |function: &crate::expression::Function| Entry {
        usage: function.usage.to_string(),
        kind: function.kind,
        details: Vec::new(),
    };
    FUNCTIONS.iter().map(entry).collect()
}

/// Words in lines of at most `width` columns.
fn fold(text: &str, width: usize) -> String {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.len() - 1;
        if !lines[last].is_empty() && lines[last].chars().count() + 1 + word.chars().count() > width
        {
            lines.push(word.to_string());
        } else {
            let line = &mut lines[last];
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines.join("\n")
}
