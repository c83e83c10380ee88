//! Weighted median: every issue ends at the position of the actor in the middle, by capability times salience.
//!
//! The first position with more than half of the weight at or below it; of an interval of medians the
//! lower end. Black (1948).

use super::{Needs, ProtocolKind};
use crate::bargaining::forecast::{Forecast, Forecasting};
use crate::bargaining::forum::Forum;
use crate::bargaining::outcome::Ending;
use crate::bargaining::stakes::Negotiation;
use crate::catalogue::Kind;

pub(super) const WEIGHTED_MEDIAN: ProtocolKind = ProtocolKind {
    kind: Kind {
        name: "weighted-median",
        about: "a forecast: each issue ends at the weighted median of all actors' positions",
        reference: "Black 1948",
        manual: "Every actor with a position on an issue, signing or not, weighs in with capability times \
salience, and the issue ends where half of the weight lies on either side; where a whole interval does so, at its \
lower end. No other position beats it in a weighted vote if everybody prefers what is nearer. A position, not an \
equilibrium: nobody is asked for consent, and signatories may lose.",
        settings: &[],
    },
    needs: Needs::VOICES,
    build: || Box::new(Forecasting(WeightedMedian)),
};

struct WeightedMedian;

impl Forecast for WeightedMedian {
    fn foresee(&self, _: &mut Negotiation<'_>, forum: &mut Forum) -> Result<u32, Ending> {
        for issue in 0..forum.issues() {
            if let Some((lower, _)) = forum.medians(issue) {
                forum.expected[issue] = lower;
            }
        }
        Ok(0)
    }
}
