//! A script: offers written down beforehand.

use super::{OfferKind, Offers, Own};
use crate::bargaining::strategy::view::{Bid, View};
use crate::catalogue::{Form, Kind, Setting};

pub(super) const SCRIPT: OfferKind = OfferKind {
    kind: Kind {
        name: "script",
        about: "makes the offers written down, one after the other, then repeats the last",
        reference: "Baarslag et al. 2014",
        manual: "A list of deals, each with every issue, as in `script = [{ price = 10, delivery = \"weekly\" }]`: what was \
offered in a real negotiation, or a stubborn opponent. Instead of an offer that rules forbid or that gives it less than its reservation value it walks away. Only where one \
session is about everything.",
        settings: &[Setting {
            name: "script",
            about: "the deals it offers in turn",
            form: Form::Deals,
            default: None,
        }],
    },
    makes: &Script,
};

struct Script;

impl Offers for Script {
    fn bid(&self, view: &View<'_>, own: &mut Own<'_>) -> Option<Bid> {
        let next = own.mind.offers as usize;
        let deal = own.numbers.get(next).or(own.numbers.last())?;
        let deal = *deal as u32;
        let is_allowed = view
            .allowed
            .get(deal as usize)
            .is_some_and(|allowed| *allowed);
        let can_sign = is_allowed && view.utility(deal) >= view.reservation - view.epsilon;
        Bid::at(f64::NAN, can_sign.then_some(deal))
    }
}
