//! The hardliner: the same demand all along.

use super::select::{BAND, SELECT, SIMILARITY, select};
use super::time_dependent::CEILING;
use super::{OfferKind, Offers, Own};
use crate::bargaining::strategy::view::{Bid, View};
use crate::catalogue::Kind;

pub(super) const HARDLINER: OfferKind = OfferKind {
    kind: Kind {
        name: "hardliner",
        about: "demands its best, or `ceiling`, from beginning to end",
        reference: "Baarslag et al. 2014",
        manual: "Its target never moves. It agrees only if the others come to it, or if its acceptance rule is milder than its offers.",
        settings: &[CEILING, SELECT, BAND, SIMILARITY],
    },
    makes: &Hardliner,
};

struct Hardliner;

impl Offers for Hardliner {
    fn bid(&self, view: &View<'_>, own: &mut Own<'_>) -> Option<Bid> {
        let ceiling = own.numbers[0];
        let target = if ceiling.is_nan() {
            view.best()
        } else {
            ceiling
        };
        let numbers = own.numbers;
        select(view, own, &numbers[1..], target)
    }
}
