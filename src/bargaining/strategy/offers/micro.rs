//! MiCRO: one new offer for each new offer. de Jonge (2022).

use super::{OfferKind, Offers, Own};
use crate::bargaining::strategy::view::{Bid, View};
use crate::catalogue::{Form, Kind, Setting};

pub(super) const MICRO: OfferKind = OfferKind {
    kind: Kind {
        name: "micro",
        about: "one new offer, next in its own ranking, for each new offer heard",
        reference: "de Jonge 2022",
        manual: "It ranks its acceptable deals. If it has made no more different offers than it has heard, it offers the next \
in its ranking; else it repeats itself: its last offer, or any earlier one (`repeat = \"random\"`, as published). No deadline, \
no opponent model, only the order of its deals matters. At a table of more than two it counts the different offers of whoever made fewest.",
        settings: &[Setting {
            name: "repeat",
            about: "which of its offers it repeats",
            form: Form::Choice(&["last", "random"]),
            default: Some(0.0),
        }],
    },
    makes: &Micro,
};

struct Micro;

impl Offers for Micro {
    fn bid(&self, view: &View<'_>, own: &mut Own<'_>) -> Option<Bid> {
        let made = view.distinct[view.me];
        let others = (0..view.seats).filter(|seat| *seat != view.me);
        let heard = others.map(|seat| view.distinct[seat]).min().unwrap_or(0);
        if made <= heard
            && let Some(next) = view.ranked(made as usize)
        {
            return Bid::at(f64::NAN, Some(next));
        }
        let again = match (own.numbers[0] == 1.0, made) {
            (_, 0) => None,
            (true, made) => view.ranked(own.chance.below(made as usize)),
            (false, _) => own.mind.last,
        };
        Bid::at(f64::NAN, again)
    }

    fn ranks(&self) -> bool {
        true
    }
}
