//! The levels of a numeric issue from `from` to `to`: every `step`, or without a step every number.

use super::diagnostic::Diagnostic;
use super::issues::IssueKind;
use super::reader::Reader;

/// A stepped issue may have this many levels.
const LEVELS: f64 = 100_000.0;

/// How many levels.
pub(super) fn count(from: f64, to: f64, step: f64) -> usize {
    ((to - from) / step).round() as usize + 1
}

/// The value at a level, as one would write it: 0.3, not 0.30000000000000004.
pub(super) fn value(from: f64, step: f64, level: usize) -> f64 {
    let value = from + step * level as f64;
    let scale = from.abs().max(value.abs());
    if value.abs() < scale * 1e-14 {
        return 0.0;
    }
    format!("{value:.13e}").parse().unwrap_or(value)
}

/// `from`, `to` and perhaps `step`.
pub(super) fn read(table: &mut Reader<'_, '_, '_>) -> Option<IssueKind> {
    let from = table.required("from").and_then(|_| table.number("from"));
    let to = table.required("to").and_then(|_| table.number("to"));
    let stepped = table.entry("step").is_some();
    let step = table.number("step");
    let (from, to) = (from?, to?);
    let fault = |span, message: String, label: &str| Diagnostic::error(span, message).label(label);
    let steps = |step: f64| (to.value - from.value) / step;
    let fault = match &step {
        _ if from.value >= to.value => {
            let message = format!("the range from {} to {} is empty", from.value, to.value);
            fault(to.span, message, "expected a number above `from`")
                .note(from.span, "the range begins here")
        }
        Some(step) if step.value <= 0.0 => {
            let message = format!("a step of {} leads nowhere", step.value);
            fault(step.span.clone(), message, "expected a number above 0")
        }
        Some(step) if steps(step.value) >= LEVELS => {
            let message = format!(
                "a step of {} makes {:.0} levels",
                step.value,
                steps(step.value) + 1.0
            );
            fault(
                step.span.clone(),
                message,
                "expected at most 100,000 levels",
            )
            .help("leave `step` out for a continuous issue")
        }
        Some(step) if (steps(step.value) - steps(step.value).round()).abs() > 1e-9 => {
            let message = format!(
                "steps of {} from {} do not meet {}",
                step.value, from.value, to.value
            );
            fault(
                step.span.clone(),
                message,
                "expected a step that divides the range",
            )
        }
        Some(step) => {
            let (from, to, step) = (from.value, to.value, step.value);
            return Some(IssueKind::Stepped { from, to, step });
        }
        None if stepped => return None,
        None => {
            return Some(IssueKind::Range {
                from: from.value,
                to: to.value,
            });
        }
    };
    table.reading.faults.push(fault);
    None
}

#[test]
fn decimal_steps_land_on_decimal_levels() {
    assert_eq!(count(0.0, 1.0, 0.1), 11);
    assert_eq!(value(0.0, 0.1, 3), 0.3);
    assert_eq!(value(-0.3, 0.1, 3), 0.0);
    assert_eq!(value(0.0, 1.0, 49), 49.0);
    assert_eq!(value(1e6, 0.25, 7), 1_000_001.75);
}
