//! Equal area: the efficient point whose ray from no agreement halves what the two could have.
//!
//! The set is all that lies under the upper hull of the individually rational deals, so its points are
//! lotteries between neighbouring deals on the hull. Anbarci & Bigelow (1994).

mod on_ranges;

use super::{Needs, Protocol, ProtocolKind};
use crate::bargaining::desk::Desk;
use crate::bargaining::outcome::{Ending, Outcome};
use crate::bargaining::stakes::Negotiation;
use crate::catalogue::Kind;

pub(super) const EQUAL_AREA: ProtocolKind = ProtocolKind {
    kind: Kind {
        name: "equal-area",
        about: "two signatories give up equally large parts of what they could have",
        reference: "Anbarci & Bigelow 1994",
        manual: "Drawn in the plane of the two gains, the arbitrator's point divides what the parties could have, \
and everything worse, into two equal areas: what the first gives up is as large as what the second gives up. Deals may \
be mixed by lot: where the point lies between two deals, each has its probability and the run draws one of them. Every \
deal in the lottery is individually rational. With continuous issues a deal at the point itself is taken where there is \
one. The units in which utilities are measured do not matter.",
        settings: &[],
    },
    needs: Needs {
        seats: (2, 2),
        draws: true,
        ..Needs::ANY
    },
    build: || Box::new(EqualArea),
};

struct EqualArea;

impl Protocol for EqualArea {
    fn negotiate(&self, negotiation: &mut Negotiation<'_>, desk: &mut Desk) -> Outcome {
        let settled = match &negotiation.shape.close {
            _ if negotiation.shape.seats() != 2 => {
                Err(Ending::Unplayable("it needs two signatories"))
            }
            Some(close) => on_ranges::play(negotiation, desk, close),
            None => play(negotiation, desk),
        };
        settled.unwrap_or_else(Outcome::at_once)
    }
}

fn play(negotiation: &mut Negotiation<'_>, desk: &mut Desk) -> Result<Outcome, Ending> {
    desk.open(negotiation)?;
    desk.canvass(negotiation)?;
    desk.ballot.bend();
    desk.ballot.take_ideal();
    desk.span();
    let place = match [0, 1].map(|seat| desk.ballot.can_gain(seat)) {
        [false, _] => desk.hull.to,
        [true, false] => desk.hull.from,
        [true, true] => desk.hull.halve(),
    };
    Ok(desk.settle_mixed(negotiation, place))
}
