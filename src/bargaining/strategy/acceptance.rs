//! When a seat accepts what lies on the table. To add a rule, write its constant and its line here.
//!
//! Baarslag, Hindriks & Jonker (2013), "Effective acceptance conditions in real-time automated
//! negotiation". No rule accepts less than the reservation value; equality accepts.

use super::view::{Bid, Said, View};
use crate::catalogue::{Form, Kind, Setting};

/// One acceptance rule.
#[derive(Debug)]
pub struct AcceptanceKind {
    /// Name, settings, reference.
    pub kind: Kind,
    accepts: fn(&View<'_>, &[f64], &Said, Option<&Bid>) -> bool,
}

impl AcceptanceKind {
    /// Whether the seat takes the standing offer rather than make its own.
    pub(in crate::bargaining) fn accepts(
        &self,
        view: &View<'_>,
        numbers: &[f64],
        standing: &Said,
        planned: Option<&Bid>,
    ) -> bool {
        let own = view.utility(standing.deal);
        own >= view.reservation - view.epsilon && (self.accepts)(view, numbers, standing, planned)
    }
}

/// Every acceptance rule, in the order of the manual.
pub const ACCEPTANCES: &[&AcceptanceKind] = &[&NEXT, &CONSTANT, &TIME, &COMBINED, &NEVER];

const SOURCE: &str = "Baarslag, Hindriks & Jonker 2013";

const SCALE: Setting = Setting {
    name: "accept_scale",
    about: "factor on the utility of the standing offer, `a` in a u + b",
    form: Form::Number(0.0, 1e9),
    default: Some(1.0),
};

const SHIFT: Setting = Setting {
    name: "accept_shift",
    about: "added to it, `b` in a u + b; in utility",
    form: Form::Number(-1e280, 1e280),
    default: Some(0.0),
};

const WHEN: Setting = Setting {
    name: "accept_time",
    about: "share of the rounds after which it accepts more easily",
    form: Form::Number(0.0, 1.0),
    default: Some(0.95),
};

const NEXT: AcceptanceKind = AcceptanceKind {
    kind: Kind {
        name: "next",
        about: "an offer no worse than the one it would make itself",
        reference: SOURCE,
        manual: "AC_next(a, b): it accepts an offer of utility u if a u + b is at least the utility of the offer \
it is about to make. A seat that has nothing to offer accepts whatever its reservation value allows.",
        settings: &[SCALE, SHIFT],
    },
    accepts: next,
};

const CONSTANT: AcceptanceKind = AcceptanceKind {
    kind: Kind {
        name: "constant",
        about: "an offer of at least a fixed utility",
        reference: SOURCE,
        manual: "AC_const(c): it accepts an offer whose utility is at least `accept_least`, whatever it would offer itself.",
        settings: &[Setting {
            name: "accept_least",
            about: "the utility from which on it accepts",
            form: Form::Number(-1e280, 1e280),
            default: None,
        }],
    },
    accepts: |view, numbers, standing, _| view.utility(standing.deal) >= numbers[0] - view.epsilon,
};

const TIME: AcceptanceKind = AcceptanceKind {
    kind: Kind {
        name: "time",
        about: "any acceptable offer once it is late",
        reference: SOURCE,
        manual: "AC_time(T): once the share T of the rounds has gone by it accepts any offer that gives it its reservation value.",
        settings: &[WHEN],
    },
    accepts: |view, numbers, _, _| is_late(view, numbers[0]),
};

const COMBINED: AcceptanceKind = AcceptanceKind {
    kind: Kind {
        name: "combined",
        about: "as `next`; once it is late, also the best of what was offered in as much time as is left",
        reference: SOURCE,
        manual: "AC_combi(T): it accepts what AC_next accepts; after the share T of the rounds also an offer at least as \
good as the best it received in a window before now that is as long as the time left (without an offer in that \
window: its reservation value).",
        settings: &[SCALE, SHIFT, WHEN],
    },
    accepts: |view, numbers, standing, planned| {
        next(view, &numbers[..2], standing, planned)
            || is_late(view, numbers[2]) && {
                let best = best_of_late(view);
                view.utility(standing.deal) >= best.max(view.reservation) - view.epsilon
            }
    },
};

const NEVER: AcceptanceKind = AcceptanceKind {
    kind: Kind {
        name: "never",
        about: "nothing: only its own offers can be agreed on",
        reference: SOURCE,
        manual: "It accepts no offer. A yardstick for strategies that answer to what they hear.",
        settings: &[],
    },
    accepts: |_, _, _, _| false,
};

fn next(view: &View<'_>, numbers: &[f64], standing: &Said, planned: Option<&Bid>) -> bool {
    let offered = numbers[0] * view.utility(standing.deal) + numbers[1];
    planned.is_none_or(|planned| offered >= view.utility(planned.deal) - view.epsilon)
}

/// Shares of time are whole rounds over whole rounds: equal ones may differ in the last bit.
fn is_late(view: &View<'_>, when: f64) -> bool {
    view.tau >= when - 1e-12
}

/// The best it received in `[tau - (1 - tau), tau)`.
fn best_of_late(view: &View<'_>) -> f64 {
    let from = view.tau - (1.0 - view.tau) - 1e-12;
    let window = view.said.iter().rev().take_while(|said| said.tau >= from);
    let others = window.filter(|said| said.seat != view.me && said.tau < view.tau - 1e-12);
    let utilities = others.map(|said| view.utility(said.deal));
    utilities.fold(f64::NEG_INFINITY, f64::max)
}
