//! Which of the deals at a target a seat offers.

use super::{Own, View};
use crate::bargaining::strategy::view::Bid;
use crate::catalogue::{Form, Setting};

/// The words of the setting `select`.
pub(super) const SELECT: Setting = Setting {
    name: "select",
    about: "which deal at the target it offers",
    form: Form::Choice(&["min_above", "random_above", "tradeoff", "likely"]),
    default: Some(0.0),
};

pub(super) const SELECT_TRADE_OFF: Setting = Setting {
    default: Some(2.0),
    ..SELECT
};

pub(super) const BAND: Setting = Setting {
    name: "band",
    about: "with `random_above`: how far above the target it draws, in utility",
    form: Form::Number(0.0, 1e280),
    default: Some(f64::INFINITY),
};

pub(super) const SIMILARITY: Setting = Setting {
    name: "similarity",
    about: "with `tradeoff`: how much each issue counts in likeness, all alike if all are 0",
    form: Form::PerIssue(0.0, 1e9),
    default: Some(1.0),
};

/// What the manual says of the words.
pub(super) const MANUAL: &str = "`select` says which deal at the target is offered: `min_above` the one that gives the \
seat least, lowest number on ties; `random_above` any within `band` above it; `tradeoff` the one most similar to the last \
offer heard (Faratin, Sierra & Jennings 2002); `likely` the one its opponent model believes the others like best.";

/// A bid at a target; `numbers` are those of `select`, `band` and `similarity`.
pub(super) fn select(
    view: &View<'_>,
    own: &mut Own<'_>,
    numbers: &[f64],
    target: f64,
) -> Option<Bid> {
    match numbers[0] as usize {
        1 => at_random(view, own, numbers[1], target),
        2 => most_similar(view, own, &numbers[2..], target),
        3 => likeliest(view, own, target),
        _ => Bid::at(target, view.just_above(target)),
    }
}

fn at_random(view: &View<'_>, own: &mut Own<'_>, band: f64, target: f64) -> Option<Bid> {
    let most = target.max(view.reservation) + band + view.epsilon;
    let within = || {
        let deals = view.above(target);
        deals.filter(|deal| view.utility(*deal) <= most)
    };
    match within().count() {
        0 => Bid::at(target, view.just_above(target)),
        count => Bid::at(target, within().nth(own.chance.below(count))),
    }
}

/// The deal the opponent model likes best; without a model the one that gives the seat least.
fn likeliest(view: &View<'_>, own: &mut Own<'_>, target: f64) -> Option<Bid> {
    if !own.model.knows(own.mind) {
        return Bid::at(target, view.just_above(target));
    }
    let mut best: Option<(f64, f64, u32)> = None;
    for deal in view.above(target) {
        let (likes, gives) = (
            own.model.utility(view, own.mind, deal),
            view.units[deal as usize],
        );
        if best.is_none_or(|best| is_better((likes, gives, deal), best)) {
            best = Some((likes, gives, deal));
        }
    }
    Bid::at(target, best.map(|(_, _, deal)| deal))
}

/// The deal most similar to the last one heard: `sum of weight (1 - |level - level'| / (levels - 1))`.
fn most_similar(
    view: &View<'_>,
    own: &mut Own<'_>,
    similarity: &[f64],
    target: f64,
) -> Option<Bid> {
    let Some(heard) = view.heard().copied() else {
        return Bid::at(target, view.just_above(target));
    };
    let mind = &mut *own.mind;
    mind.per_issue.clear();
    let issues = 0..view.issues();
    match mind.weights.is_empty() {
        true => mind
            .per_issue
            .extend(issues.map(|issue| view.per_issue(similarity, issue))),
        false => mind.per_issue.extend_from_slice(&mind.weights),
    }
    let mut total: f64 = mind.per_issue.iter().sum();
    if total == 0.0 {
        mind.per_issue.fill(1.0);
        total = mind.per_issue.len() as f64;
    }
    mind.per_issue.resize(view.levels.len(), 0.0);
    // Likeness of all deals grows issue by issue, like the roll.
    let (column, grown) = (&mut mind.column, &mut mind.grown);
    column.clear();
    column.push(0.0);
    for (issue, &levels) in view.levels.iter().enumerate() {
        let offered = view.level(heard.deal, issue);
        let weight = mind.per_issue[issue] / total;
        grown.clear();
        for before in &*column {
            let near = |level: usize| before + weight * view.likeness(issue, level, offered);
            grown.extend((0..levels).map(near));
        }
        std::mem::swap(column, grown);
    }
    let mut best: Option<(f64, f64, u32)> = None;
    for deal in view.above(target) {
        let found = (column[deal as usize], view.units[deal as usize], deal);
        if best.is_none_or(|best| is_better(found, best)) {
            best = Some(found);
        }
    }
    best.map(|(similarity, _, deal)| Bid {
        deal,
        target,
        similarity,
    })
}

/// Higher score, larger own utility, lower number. Scores are rounded: a mere tolerance would make the
/// winner depend on who is looked at first.
fn is_better(one: (f64, f64, u32), other: (f64, f64, u32)) -> bool {
    let whole = |score: f64| (score * 1e9).round();
    let order = whole(one.0).total_cmp(&whole(other.0));
    order
        .then(one.1.total_cmp(&other.1))
        .then(other.2.cmp(&one.2))
        .is_gt()
}
