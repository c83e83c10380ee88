//! Weighted mean: every issue ends at the mean of all positions, by capability times salience.
//!
//! `sum m_i x_i / sum m_i`, the compromise model: near the Nash solution if losses are quadratic and no
//! agreement is very bad. Van den Bos (1991), Achen (2006).

use super::{Needs, ProtocolKind};
use crate::bargaining::forecast::{Forecast, Forecasting};
use crate::bargaining::forum::Forum;
use crate::bargaining::outcome::Ending;
use crate::bargaining::stakes::Negotiation;
use crate::catalogue::Kind;

pub(super) const WEIGHTED_MEAN: ProtocolKind = ProtocolKind {
    kind: Kind {
        name: "weighted-mean",
        about: "a forecast: each issue ends at the weighted mean of all actors' positions",
        reference: "Van den Bos 1991; Achen 2006",
        manual: "The compromise model. Every actor with a position on an issue, signing or not, weighs in with \
capability times salience, and the issue ends at the mean, or at the level nearest to it. It approximates the Nash \
solution where losses grow with the square of the distance and no agreement is very bad for everybody. A position, \
not an equilibrium: nobody is asked for consent, and signatories may lose.",
        settings: &[],
    },
    needs: Needs::VOICES,
    build: || Box::new(Forecasting(WeightedMean)),
};

struct WeightedMean;

impl Forecast for WeightedMean {
    fn foresee(&self, _: &mut Negotiation<'_>, forum: &mut Forum) -> Result<u32, Ending> {
        for issue in 0..forum.issues() {
            if let Some(mean) = forum.mean(issue) {
                forum.expected[issue] = mean;
            }
        }
        Ok(0)
    }
}
