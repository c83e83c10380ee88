//! Concession by the clock alone.
//!
//! Target `u_max - (u_max - u_min) alpha(tau)`, with `alpha = k + (1 - k) tau^(1 / beta)` or
//! `exp((1 - tau)^beta ln k)`. Faratin, Sierra & Jennings (1998).

use super::select::{BAND, MANUAL, SELECT, SELECT_TRADE_OFF, SIMILARITY, select};
use super::{OfferKind, Offers, Own};
use crate::bargaining::strategy::view::{Bid, View};
use crate::catalogue::{Form, Kind, Setting};
use crate::uncertainty::maths;

const fn beta(default: f64) -> Setting {
    Setting {
        name: "beta",
        about: "below 1 it holds out (Boulware), 1 is linear, above 1 it gives way early (Conceder)",
        form: Form::Number(1e-6, 1e6),
        default: Some(default),
    }
}

const START: Setting = Setting {
    name: "start",
    about: "`k`, the share of its range it gives up at once",
    form: Form::Number(0.0, 1.0),
    default: Some(0.0),
};

const FAMILY: Setting = Setting {
    name: "family",
    about: "the form of the curve; `exponential` gives nothing up before the last round if `start` is 0",
    form: Form::Choice(&["polynomial", "exponential"]),
    default: Some(0.0),
};

pub(super) const CEILING: Setting = Setting {
    name: "ceiling",
    about: "the utility it starts from, `u_max`; the best it could get if not given",
    form: Form::Number(-1e280, 1e280),
    default: Some(f64::NAN),
};

pub(super) const FLOOR: Setting = Setting {
    name: "floor",
    about: "the utility it ends at, `u_min`; its reservation value if not given",
    form: Form::Number(-1e280, 1e280),
    default: Some(f64::NAN),
};

/// The settings of them all.
const fn settings(usual: f64, select: Setting) -> [Setting; 8] {
    [
        beta(usual),
        START,
        FAMILY,
        CEILING,
        FLOOR,
        select,
        BAND,
        SIMILARITY,
    ]
}

const REFERENCE: &str = "Faratin, Sierra & Jennings 1998";

const fn kind(
    name: &'static str,
    about: &'static str,
    manual: &'static str,
    settings: &'static [Setting],
) -> OfferKind {
    OfferKind {
        kind: Kind {
            name,
            about,
            reference: REFERENCE,
            manual,
            settings,
        },
        makes: &TimeDependent,
    }
}

pub(super) const TIME_DEPENDENT: OfferKind = kind(
    "time-dependent",
    "gives way by the clock, along a curve of its own",
    "Its target falls from `ceiling` to `floor` as rounds go by, whatever the others offer: by the share \
k + (1 - k) tau^(1/beta) (polynomial) or exp((1 - tau)^beta ln k) (exponential) of the way, tau being the share of the rounds \
gone by. A floor above the ceiling counts as the ceiling; a target out of reach means its best deal. `select` says which deal at the target is offered: see `linear`.",
    &settings(1.0, SELECT),
);

pub(super) const BOULWARE: OfferKind = kind(
    "boulware",
    "holds out and gives way only near the deadline",
    "A time-dependent strategy with beta 0.2 unless another is given; named after Lemuel Boulware's first and final offers.",
    &settings(0.2, SELECT),
);

pub(super) const LINEAR: OfferKind = kind(
    "linear",
    "gives way by the same amount every round",
    MANUAL,
    &settings(1.0, SELECT),
);

pub(super) const CONCEDER: OfferKind = kind(
    "conceder",
    "gives way early",
    "A time-dependent strategy with beta 3 unless another is given.",
    &settings(3.0, SELECT),
);

pub(super) const TRADE_OFF: OfferKind = OfferKind {
    kind: Kind {
        name: "trade-off",
        about: "offers, at its target, what is most like the others' last offer",
        reference: "Faratin, Sierra & Jennings 2002",
        manual: "A time-dependent target; among all deals that reach it, the one most similar to the last offer heard: the sum \
over issues of weight (1 - distance in levels / (levels - 1)). It finds gains from trading issues without knowing what the others \
want. The weights are those of `similarity`, or those its opponent model believes in.",
        settings: &settings(1.0, SELECT_TRADE_OFF),
    },
    makes: &TimeDependent,
};

struct TimeDependent;

impl Offers for TimeDependent {
    fn bid(&self, view: &View<'_>, own: &mut Own<'_>) -> Option<Bid> {
        let &[beta, start, family, ceiling, floor, ref rest @ ..] = own.numbers else {
            return None;
        };
        let ceiling = if ceiling.is_nan() {
            view.best()
        } else {
            ceiling
        };
        let floor = if floor.is_nan() {
            view.reservation
        } else {
            floor
        };
        let floor = floor.min(ceiling);
        let now = (view.round, view.rounds);
        let given_up = own.mind.curve.at(now, [beta, start, family], || {
            given_up(view.tau, beta, start, family == 1.0)
        });
        let target = ceiling - (ceiling - floor) * given_up;
        select(view, own, rest, target)
    }
}

/// The share of the way it has gone, `alpha(tau)`.
fn given_up(tau: f64, beta: f64, start: f64, is_exponential: bool) -> f64 {
    if is_exponential && start > 0.0 {
        maths::exp(maths::pow(1.0 - tau, beta) * maths::ln(start))
    } else if is_exponential {
        // The limit of a start that goes to zero.
        f64::from(tau >= 1.0)
    } else {
        let curve = match beta == 1.0 {
            true => tau,
            false => maths::pow(tau, 1.0 / beta),
        };
        start + (1.0 - start) * curve
    }
}
