//! A forecast becomes a protocol: every issue is settled where it is expected to end.
//!
//! Nobody is asked for consent, so a signatory may lose by it; only rules are heeded: where they forbid
//! the expected deal there is none. An issue on which nobody's voice has weight stays as it is.

use super::desk::Desk;
use super::forum::{Forum, nearest};
use super::outcome::{Ending, Outcome};
use super::protocol::Protocol;
use super::stakes::Negotiation;
use super::watch::{Step, Who};

/// How one model of voices expects issues to end.
pub(super) trait Forecast: Send + Sync {
    /// Writes down what is expected of every issue on which somebody's voice has weight; returns the round it took.
    fn foresee(&self, negotiation: &mut Negotiation<'_>, forum: &mut Forum) -> Result<u32, Ending>;
}

/// A forecast, taken for the outcome.
pub(super) struct Forecasting<F>(pub F);

impl<F: Forecast> Protocol for Forecasting<F> {
    fn negotiate(&self, negotiation: &mut Negotiation<'_>, desk: &mut Desk) -> Outcome {
        let mut forum = std::mem::take(&mut desk.forum);
        let ended = settle(&self.0, negotiation, desk, &mut forum);
        desk.forum = forum;
        ended.unwrap_or_else(Outcome::at_once)
    }
}

fn settle(
    forecast: &dyn Forecast,
    negotiation: &mut Negotiation<'_>,
    desk: &mut Desk,
    forum: &mut Forum,
) -> Result<Outcome, Ending> {
    desk.read(negotiation)?;
    forum.gather(negotiation)?;
    for issue in 0..forum.issues() {
        forum.tell_positions(negotiation, 0, issue, "urges");
        forum.tell_averages(negotiation, 0, issue);
    }
    let round = forecast.foresee(negotiation, forum)?;
    forum.spot.deal.clear();
    forum.spot.deal.resize(negotiation.shape.issues.len(), 0.0);
    for issue in 0..forum.issues() {
        let stands = negotiation.voices.stands[negotiation.voices.rows[issue]];
        let expected = match forum.expected[issue].is_nan() {
            true => stands,
            false => forum.expected[issue],
        };
        if expected.is_nan() {
            return Err(Ending::Unplayable(
                "nobody has a voice on an issue that stands nowhere",
            ));
        }
        forum.spot.deal[issue] = nearest(negotiation.shape, issue, expected);
        let figures = [("forecast", expected)];
        let at = (issue, expected);
        forum.tell(negotiation, round, Who::Nobody, "expects", at, &figures);
    }
    let mut scales = std::mem::take(&mut desk.scales);
    let weighed = scales.weigh(negotiation, desk, &mut forum.spot);
    desk.scales = scales;
    negotiation.tell(&Step {
        round,
        who: Who::Nobody,
        does: match weighed {
            Err(Ending::Forbidden) => "rules forbid",
            _ => "forecast",
        },
        deal: &forum.spot.deal,
        figures: &[],
    });
    weighed?;
    Ok(desk.settle_spot(&forum.spot, round))
}
