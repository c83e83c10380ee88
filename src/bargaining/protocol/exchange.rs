//! Exchange: pairs of actors trade positions on two issues, each giving where it cares relatively less.
//!
//! Equal gains: `|dO_q| / |dO_p| = (s_ip + s_jp) / (s_iq + s_jq)`, and each gains
//! `|dO_p| (s_iq s_jp - s_ip s_jq) / (s_iq + s_jq)`. Stokman & Van Oosten (1994).

mod trade;

use super::{Needs, ProtocolKind};
use crate::bargaining::forecast::{Forecast, Forecasting};
use crate::bargaining::forum::Forum;
use crate::bargaining::outcome::Ending;
use crate::bargaining::stakes::Negotiation;
use crate::bargaining::watch::Who;
use crate::catalogue::{Form, Kind, Setting};
pub(in crate::bargaining) use trade::Market;
use trade::{Only, Side, Trade};

pub(super) const EXCHANGE: ProtocolKind = ProtocolKind {
    kind: Kind {
        name: "exchange",
        about: "a forecast: pairs of actors exchange positions on two issues, then the weighted mean",
        reference: "Stokman & Van Oosten 1994",
        manual: "Each issue is expected to end at the mean of all positions, weighted by capability times salience. Two \
actors that stand on opposite sides of two issues and care about them in different proportions both gain if each \
moves toward the other where it cares relatively less; at the rate at which both gain the same, one of them moves all \
the way. A loss is salience times distance, in each issue's own units or, so that issues with \
different scales compare, in percent of its range. Of all such exchanges the most profitable is made, the two moved positions are fixed, and so on until \
none is left; ties go to the lowest issue, then actor. Others may gain or lose by it. A position, not an \
equilibrium: nobody else is asked for consent.",
        settings: &[
            Setting {
                name: "first",
                about: "only exchanges of this actor",
                form: Form::Actor,
                default: Some(f64::NAN),
            },
            Setting {
                name: "second",
                about: "only exchanges with this actor",
                form: Form::Actor,
                default: Some(f64::NAN),
            },
            Setting {
                name: "first_shifts",
                about: "the issue on which the first gives way",
                form: Form::Issue,
                default: Some(f64::NAN),
            },
            Setting {
                name: "second_shifts",
                about: "the issue on which the second gives way",
                form: Form::Issue,
                default: Some(f64::NAN),
            },
            Setting {
                name: "units",
                about: "distances in each issue's own units, or in percent of its range, so that issues compare",
                form: Form::Choice(&["own", "percent"]),
                default: Some(0.0),
            },
            Setting {
                name: "exchanges",
                about: "most exchanges made",
                form: Form::Whole(0.0, 1e6),
                default: Some(1e6),
            },
        ],
    },
    needs: Needs::VOICES,
    build: || Box::new(Forecasting(Exchange)),
};

struct Exchange;

impl Forecast for Exchange {
    fn foresee(&self, negotiation: &mut Negotiation<'_>, forum: &mut Forum) -> Result<u32, Ending> {
        let [first, second, first_shifts, second_shifts, units, most] = *negotiation.settings
        else {
            return Err(Ending::Unplayable("a setting is missing"));
        };
        let rows = negotiation.voices.rows;
        if units == 1.0 {
            for (issue, &row) in rows.iter().enumerate() {
                let (low, high) = negotiation.voices.scale[row];
                let percent = if low < high {
                    100.0 / (high - low)
                } else {
                    0.0
                };
                let voices = forum.on_mut(issue).iter_mut();
                voices.for_each(|voice| voice.salience *= percent);
            }
        }
        let only = Only {
            first: Side {
                actor: first,
                row: first_shifts,
            },
            second: Side {
                actor: second,
                row: second_shifts,
            },
        };
        let mut market = std::mem::take(&mut forum.market);
        market.open(forum, rows, negotiation.voices.actors);
        let mut made = 0;
        while f64::from(made) < most {
            let Some(trade) = market.best(forum, &only) else {
                break;
            };
            tell(negotiation, forum, &market, &trade, made, true);
            market.make(forum, &trade);
            made += 1;
        }
        if made == 0
            && negotiation.watch.is_some()
            && let Some(trade) = market.named(forum, &only)
        {
            tell(negotiation, forum, &market, &trade, 0, false);
        }
        for issue in 0..forum.issues() {
            forum.expected[issue] = forum.mean(issue).unwrap_or(f64::NAN);
        }
        forum.market = market;
        Ok(made)
    }
}

/// Tells an exchange: who gives way where, what both gain by it, and what it means to others.
fn tell(
    negotiation: &mut Negotiation<'_>,
    forum: &mut Forum,
    market: &Market,
    trade: &Trade,
    round: u32,
    is_made: bool,
) {
    if negotiation.watch.is_none() {
        return;
    }
    let does = if is_made {
        "shifts to"
    } else {
        "might shift to"
    };
    for shift in &trade.shifts {
        let figures = [
            ("from", shift.from),
            ("to", shift.to),
            ("share_of_full_shift", shift.share),
            ("gain", trade.gain),
            ("outcome_before", shift.before),
            ("outcome_after", shift.after),
        ];
        let (who, at) = (Who::Voice(shift.actor), (shift.issue, shift.to));
        forum.tell(negotiation, round, who, does, at, &figures);
    }
    let does = match is_made {
        true => "looks on",
        false => "would look on",
    };
    for actor in 0..negotiation.voices.actors {
        if let Some(gain) = market.externality(forum, trade, actor) {
            let figures = [("externality", gain)];
            let at = (0, f64::NAN);
            forum.tell(negotiation, round, Who::Voice(actor), does, at, &figures);
        }
    }
}
