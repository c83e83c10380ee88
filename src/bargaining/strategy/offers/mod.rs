//! What a seat offers. To add a strategy, write its file and its line here.

mod hardliner;
mod micro;
mod random_walker;
mod script;
mod select;
mod time_dependent;
mod tit_for_tat;

use super::view::{Bid, View};
use super::{Mind, OpponentModelKind};
use crate::catalogue::Kind;
use crate::uncertainty::Chance;

/// One way of making offers.
pub struct OfferKind {
    /// Name, settings, reference.
    pub kind: Kind,
    pub(super) makes: &'static dyn Offers,
}

/// What everybody who makes offers can do.
pub(super) trait Offers: Sync {
    /// The next offer; none to walk away.
    fn bid(&self, view: &View<'_>, own: &mut Own<'_>) -> Option<Bid>;

    /// Whether it asks for deals by rank.
    fn ranks(&self) -> bool {
        false
    }
}

/// What belongs to the seat that makes an offer.
pub(in crate::bargaining) struct Own<'o> {
    /// The numbers of its settings.
    pub numbers: &'o [f64],
    pub mind: &'o mut Mind,
    /// What it makes of the others' offers.
    pub model: &'static OpponentModelKind,
    pub chance: &'o mut Chance,
}

impl OfferKind {
    /// The next offer; none to walk away.
    pub(in crate::bargaining) fn bid(&self, view: &View<'_>, own: &mut Own<'_>) -> Option<Bid> {
        self.makes.bid(view, own)
    }

    /// Whether it asks for deals by rank.
    pub(in crate::bargaining) fn ranks(&self) -> bool {
        self.makes.ranks()
    }
}

impl std::fmt::Debug for OfferKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.kind.name)
    }
}

/// Every way of making offers, in the order of the manual.
pub const OFFERS: &[&OfferKind] = &[
    &time_dependent::TIME_DEPENDENT,
    &time_dependent::BOULWARE,
    &time_dependent::LINEAR,
    &time_dependent::CONCEDER,
    &time_dependent::TRADE_OFF,
    &tit_for_tat::TIT_FOR_TAT,
    &micro::MICRO,
    &hardliner::HARDLINER,
    &random_walker::RANDOM_WALKER,
    &script::SCRIPT,
];
