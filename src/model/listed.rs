//! Deals listed in a setting.

use super::compiler::Compiler;
use crate::scenario::{Diagnostic, ListedDeal};

/// The number of a deal, row-major over all issues; whatever is wrong with it is reported.
pub(super) fn number_of(compiler: &mut Compiler<'_>, deal: &ListedDeal) -> f64 {
    let issues = &compiler.scenario.issues;
    let names = || issues.iter().map(|issue| issue.name.value.as_str());
    for (name, _) in &deal.terms {
        if !names().any(|known| known == name.value) {
            let message = format!("`{}` is not an issue", name.value);
            let found = Diagnostic::error(name.span.clone(), message)
                .label("expected one of [issues]")
                .did_you_mean(&name.value, names());
            compiler.faults.push(found);
        }
    }
    if deal.terms.is_empty() {
        let found = Diagnostic::error(deal.span.clone(), "this is no deal")
            .label("expected a table with a level of every issue");
        compiler.faults.push(found);
        return 0.0;
    }
    let mut number = 0.0;
    for issue in issues {
        let name = issue.name.value.as_str();
        let term = deal.terms.iter().find(|(term, _)| term.value == name);
        let level = term.and_then(|(_, level)| issue.level(&level.value));
        match (term, level, issue.count()) {
            (Some(_), Some(level), Some(count)) => number = number * count as f64 + level as f64,
            (None, ..) => {
                let found = Diagnostic::error(
                    deal.span.clone(),
                    format!("the deal says nothing of `{name}`"),
                )
                .label("expected a level of every issue");
                compiler.faults.push(found);
            }
            (Some((_, level)), ..) => {
                let expected = match issue.count() {
                    None => "a listed deal needs issues with levels".to_string(),
                    Some(count) => {
                        let labels: Vec<String> =
                            (0..count.min(12)).map(|l| issue.label(l)).collect();
                        format!("expected one of {}", labels.join(", "))
                    }
                };
                let found =
                    Diagnostic::error(level.span.clone(), format!("this is no level of `{name}`"))
                        .label(expected);
                compiler.faults.push(found);
            }
        }
    }
    number
}
