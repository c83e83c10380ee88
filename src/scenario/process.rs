//! What the sections of the process language must have in common: sessions, files and their issues.

use super::diagnostic::Diagnostic;
use super::issues::{self, Issue};
use super::modules::Module;
use super::reading::Reading;

/// Every issue is in a file and stands somewhere, every file has an issue, and what only moves up has
/// an order.
pub(super) fn check(reading: &mut Reading<'_>, modules: &[Module], issues: &[Issue]) {
    let mut placed = true;
    for issue in issues {
        placed &= is_placed(reading, issue, modules);
        if modules.len() > 1 && issue.status_quo.is_none() {
            let name = &issue.name;
            let message = format!("issue `{}` has no status quo", name.value);
            let fault = Diagnostic::error(name.span.clone(), message)
                .label("while its module is not on the table it must stand somewhere")
                .help("write `status_quo = ...`");
            reading.absent(fault);
        }
    }
    for module in modules {
        let name = &module.name.value;
        let within = |issue: &&Issue| {
            let own = issue.module.as_ref();
            own.is_some_and(|own| own.value == *name)
        };
        for issue in issues.iter().filter(within) {
            check_ratchet(reading, module, issue);
        }
        // An issue that is misplaced may belong here.
        if placed && !issues.iter().any(|issue| within(&issue)) {
            let message = format!("module `{name}` has no issue");
            let fault = Diagnostic::warning(module.name.span.clone(), message)
                .label("nothing can be signed here")
                .help(format!("write `module = \"{name}\"` in an issue"));
            reading.absent(fault);
        }
    }
}

fn is_placed(reading: &mut Reading<'_>, issue: &Issue, modules: &[Module]) -> bool {
    let known = modules.iter().map(|module| module.name.value.as_str());
    if let Some(module) = &issue.module {
        return reading.refers(module, "module", known);
    }
    if modules.is_empty() {
        return true;
    }
    let message = format!("issue `{}` is in no module", issue.name.value);
    let help = match modules {
        [only] => format!("write `module = \"{}\"`", only.name.value),
        _ => {
            let known: Vec<&str> = known.take(12).collect();
            format!("write `module = ...`, one of `{}`", known.join("`, `"))
        }
    };
    let fault = Diagnostic::error(issue.name.span.clone(), message)
        .label("expected a `module` for every issue")
        .help(help);
    reading.absent(fault);
    false
}

fn check_ratchet(reading: &mut Reading<'_>, module: &Module, issue: &Issue) {
    let ratchet = module.ratchet.as_ref();
    let Some(ratchet) = ratchet.filter(|ratchet| ratchet.literal != Some(0.0)) else {
        return;
    };
    let Some((why, help)) = issues::unordered(issue) else {
        return;
    };
    let message = format!("`{}` cannot only move up: {why}", issue.name.value);
    let fault = Diagnostic::error(ratchet.span.clone(), message)
        .label("needs issues with levels in an order")
        .help(help)
        .note(issue.name.span.clone(), "the issue");
    reading.faults.push(fault);
}
