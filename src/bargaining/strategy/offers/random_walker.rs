//! The random walker: any deal it could sign.

use super::{OfferKind, Offers, Own};
use crate::bargaining::strategy::view::{Bid, View};
use crate::catalogue::Kind;

pub(super) const RANDOM_WALKER: OfferKind = OfferKind {
    kind: Kind {
        name: "random-walker",
        about: "offers any deal it could sign, each as likely",
        reference: "Baarslag et al. 2014",
        manual: "Every offer is drawn from all deals that give it at least its reservation value. The baseline below which no \
strategy should fall.",
        settings: &[],
    },
    makes: &RandomWalker,
};

struct RandomWalker;

impl Offers for RandomWalker {
    fn bid(&self, view: &View<'_>, own: &mut Own<'_>) -> Option<Bid> {
        let deals = || view.above(f64::NEG_INFINITY);
        let count = deals().count();
        let drawn = (count > 0).then(|| own.chance.below(count));
        Bid::at(f64::NAN, drawn.and_then(|drawn| deals().nth(drawn)))
    }
}
