//! Concession in kind: as much as the other side gave.
//!
//! In utility `theta' = theta - kappa (u(y_m) - u(y_(m-1)))`; issue by issue `x y_(m-1) / y_m`,
//! `x y_(m-gamma) / y_m` or `x + y_(m-1) - y_m`. Faratin, Sierra & Jennings (1998).

use super::select::{BAND, SELECT, SIMILARITY, select};
use super::time_dependent::CEILING;
use super::{OfferKind, Offers, Own};
use crate::bargaining::strategy::view::{Bid, View};
use crate::catalogue::{Form, Kind, Setting};

pub(super) const TIT_FOR_TAT: OfferKind = OfferKind {
    kind: Kind {
        name: "tit-for-tat",
        about: "gives way as much as the other side did",
        reference: "Faratin, Sierra & Jennings 1998",
        manual: "In utility (`mode = \"absolute\"`): it lowers its target by `kappa` times what the other side's last offer gave \
it more than the one before, between its reservation value and `ceiling`; with fewer than two offers heard it stays at the ceiling. \
In issues: each number of its own last offer moves as the other side's moved: `issue_absolute` by the same difference, \
`issue_relative` in the same proportion, `issue_averaged` in the proportion of the last `window` steps (both need numbers above \
zero, else the issue stays), options stay as they are; the nearest deal it can accept is offered. At a table of more than two the other side is whoever spoke last. Two imitators \
never move: one side must give way by itself.",
        settings: &[
            Setting {
                name: "mode",
                about: "what it answers in kind",
                form: Form::Choice(&[
                    "absolute",
                    "issue_absolute",
                    "issue_relative",
                    "issue_averaged",
                ]),
                default: Some(0.0),
            },
            Setting {
                name: "kappa",
                about: "how much of the other side's step it answers",
                form: Form::Number(0.0, 1e9),
                default: Some(1.0),
            },
            Setting {
                name: "window",
                about: "with `issue_averaged`: steps of the other side it looks back on",
                form: Form::Whole(1.0, 1e6),
                default: Some(1.0),
            },
            CEILING,
            SELECT,
            BAND,
            SIMILARITY,
        ],
    },
    makes: &TitForTat,
};

struct TitForTat;

impl Offers for TitForTat {
    fn bid(&self, view: &View<'_>, own: &mut Own<'_>) -> Option<Bid> {
        let &[mode, kappa, window, ceiling, ref rest @ ..] = own.numbers else {
            return None;
        };
        let ceiling = if ceiling.is_nan() {
            view.best()
        } else {
            ceiling
        };
        if mode != 0.0 {
            return in_issues(view, own, mode as usize, window as usize, ceiling);
        }
        let mut heard = view.heard_of_last().map(|said| view.utility(said.deal));
        let target = match (heard.next(), heard.next()) {
            (Some(last), Some(before)) => {
                let target = if own.mind.target.is_nan() {
                    ceiling
                } else {
                    own.mind.target
                };
                (target - kappa * (last - before)).clamp(view.reservation.min(ceiling), ceiling)
            }
            _ => ceiling,
        };
        select(view, own, rest, target)
    }
}

/// Issue by issue: the numbers of its last offer move as the other side's moved.
fn in_issues(
    view: &View<'_>,
    own: &mut Own<'_>,
    mode: usize,
    window: usize,
    ceiling: f64,
) -> Option<Bid> {
    let back = if mode == 3 { window } else { 1 };
    let (last, before) = (view.heard_of_last().next(), view.heard_of_last().nth(back));
    let (Some(mine), Some(last), Some(before)) = (own.mind.last, last, before) else {
        return Bid::at(ceiling, view.just_above(ceiling));
    };
    let wanted = &mut own.mind.per_issue;
    wanted.clear();
    for (issue, values) in view.values.iter().enumerate().take(view.issues()) {
        let value = |deal: u32| values[view.level(deal, issue)];
        let (own, last, before) = (value(mine), value(last.deal), value(before.deal));
        wanted.push(match mode {
            _ if !view.is_ordered(issue) => own,
            1 => own + (before - last),
            _ if last > 0.0 && before > 0.0 => own * before / last,
            _ => own,
        });
    }
    nearest(view, wanted)
}

/// The acceptable deal nearest to these numbers, as shares of each issue's range.
fn nearest(view: &View<'_>, wanted: &[f64]) -> Option<Bid> {
    let distance = |deal: u32| -> f64 {
        let apart = wanted.iter().enumerate().map(|(issue, wanted)| {
            let values = &view.values[issue];
            let (low, high) = (values[0], values[view.levels[issue] - 1]);
            let value = values[view.level(deal, issue)];
            if !view.is_ordered(issue) {
                return f64::from(value != *wanted);
            }
            let wanted = wanted.clamp(low.min(high), low.max(high));
            (value - wanted).abs() / (high - low).abs().max(f64::MIN_POSITIVE)
        });
        (apart.sum::<f64>() * 1e9).round()
    };
    let deals = view
        .above(f64::NEG_INFINITY)
        .map(|deal| (distance(deal), deal));
    let nearest = deals.min_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
    Bid::at(f64::NAN, nearest.map(|(_, deal)| deal))
}
