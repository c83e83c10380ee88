//! Deals listed in a setting.

use super::compiler::Compiler;
use crate::scenario::{Diagnostic, LevelRef, ListedDeal};

/// The number of a deal, row-major over all issues; whatever is wrong with it is reported.
pub(super) fn number_of(compiler: &mut Compiler<'_>, deal: &ListedDeal) -> f64 {
    if deal.terms.is_empty() {
        let found = Diagnostic::error(deal.span.clone(), "this is no deal")
            .label("expected a table with a level of every issue");
        compiler.faults.push(found);
        return 0.0;
    }
    let levels = levels_of(compiler, deal, None);
    let mut number = 0.0;
    for (place, issue) in compiler.scenario.issues.iter().enumerate() {
        let name = issue.name.value.as_str();
        let count = issue.count().unwrap_or(0) as f64;
        match levels.iter().find(|(named, _)| *named == place) {
            Some((_, level)) => number = number * count + *level as f64,
            None if deal.terms.iter().any(|(term, _)| term.value == name) => {}
            None => {
                let message = format!("the deal says nothing of `{name}`");
                let found = Diagnostic::error(deal.span.clone(), message)
                    .label("expected a level of every issue");
                compiler.faults.push(found);
            }
        }
    }
    number
}

/// A part of a deal and the round from which on it is on the table: the round, then a level per issue,
/// -1 for any. Whatever is wrong with it is reported.
pub(super) fn part_of(compiler: &mut Compiler<'_>, deal: &ListedDeal) -> Vec<f64> {
    let mut numbers = vec![-1.0; compiler.scenario.issues.len() + 1];
    let round = deal.terms.iter().find(|(key, _)| key.value == "from");
    match round.map(|(_, round)| &round.value) {
        Some(LevelRef::Number(round)) if *round >= 1.0 && *round == round.floor() => {
            numbers[0] = *round;
        }
        _ => {
            let span = round.map_or(deal.span.clone(), |(_, round)| round.span.clone());
            let found = Diagnostic::error(span, "the deal does not say from which round on")
                .label("expected `from` and a whole number from 1");
            compiler.faults.push(found);
        }
    }
    for (issue, level) in levels_of(compiler, deal, Some("from")) {
        numbers[issue + 1] = level as f64;
    }
    numbers
}

/// The levels a deal names, by issue; names and levels there are not are reported.
fn levels_of(
    compiler: &mut Compiler<'_>,
    deal: &ListedDeal,
    besides: Option<&str>,
) -> Vec<(usize, usize)> {
    let issues = &compiler.scenario.issues;
    let names = || issues.iter().map(|issue| issue.name.value.as_str());
    let mut levels = Vec::new();
    for (name, level) in &deal.terms {
        if Some(name.value.as_str()) == besides {
            continue;
        }
        let Some(place) = names().position(|known| known == name.value) else {
            let found = Diagnostic::error(
                name.span.clone(),
                format!("`{}` is not an issue", name.value),
            )
            .label("expected one of [issues]")
            .did_you_mean(&name.value, names());
            compiler.faults.push(found);
            continue;
        };
        let issue = &issues[place];
        match issue.level(&level.value) {
            Some(level) => levels.push((place, level)),
            None => {
                let expected = match issue.count() {
                    None => "a listed deal needs issues with levels".to_string(),
                    Some(count) => {
                        let labels: Vec<String> =
                            (0..count.min(12)).map(|l| issue.label(l)).collect();
                        format!("expected one of {}", labels.join(", "))
                    }
                };
                let message = format!("this is no level of `{}`", issue.name.value);
                let found = Diagnostic::error(level.span.clone(), message).label(expected);
                compiler.faults.push(found);
            }
        }
    }
    levels
}
