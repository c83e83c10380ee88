//! Challenge: actors challenge each other's positions round by round, as far as they expect to win by it.
//!
//! A reconstruction of the expected utility model, fixed in one variant and tuned to no published forecast:
//! the model itself was never fully published. Bueno de Mesquita (1994, 1997); equations as printed by
//! Scholz, Calbert & Smith (2011).

mod arena;

use super::{Needs, ProtocolKind};
use crate::bargaining::forecast::{Forecast, Forecasting};
use crate::bargaining::forum::Forum;
use crate::bargaining::outcome::Ending;
use crate::bargaining::stakes::Negotiation;
use crate::bargaining::watch::Who;
use crate::catalogue::{Form, Kind, Setting};
pub(in crate::bargaining) use arena::Arena;
use arena::{Move, Terms};

pub(super) const CHALLENGE: ProtocolKind = ProtocolKind {
    kind: Kind {
        name: "challenge",
        about: "a forecast: actors challenge positions, then the weighted median (a reconstruction)",
        reference: "Bueno de Mesquita 1994, 1997; Scholz, Calbert & Smith 2011",
        manual: "The expected utility model, in a fixed reconstruction: the original was never fully published, and \
nothing here is tuned to its published forecasts. On each issue, every actor reckons what it would gain by challenging \
every other one: third parties vote with capability times salience for the side that is nearer, and how far a defender \
resists depends on its salience. Risk exponents follow from how exposed an actor's position is. Each round, all at once, \
every actor gives way where it expects to lose, meets half way where both sides gain too little, or is compelled, and \
takes the offer that moves it least. When the weighted median hardly moves any more, it is the forecast.",
        settings: &[
            Setting {
                name: "q",
                about: "chance that an actor left unchallenged would see nothing change",
                form: Form::Number(0.0, 1.0),
                default: Some(1.0),
            },
            Setting {
                name: "win",
                about: "chance to win: the share of votes, or net votes as a share of all",
                form: Form::Choice(&["votes", "net"]),
                default: Some(0.0),
            },
            Setting {
                name: "rounds",
                about: "most rounds of challenges",
                form: Form::Whole(0.0, 1000.0),
                default: Some(10.0),
            },
            Setting {
                name: "tolerance",
                about: "rounds end when the median moves less, as a share of the range; with 0 all are played",
                form: Form::Number(0.0, 1.0),
                default: Some(0.001),
            },
            Setting {
                name: "range",
                about: "distance between the extremes against which distances are measured; the issue's own if not set",
                form: Form::Number(1e-9, 1e12),
                default: Some(f64::NAN),
            },
            Setting {
                name: "full",
                about: "salience of an actor that cares about nothing else; if not set 1, or 100 where a salience is above 1",
                form: Form::Number(1e-9, 1e12),
                default: Some(f64::NAN),
            },
        ],
    },
    needs: Needs::VOICES,
    build: || Box::new(Forecasting(Challenge)),
};

struct Challenge;

impl Forecast for Challenge {
    fn foresee(&self, negotiation: &mut Negotiation<'_>, forum: &mut Forum) -> Result<u32, Ending> {
        let mut arena = std::mem::take(&mut forum.arena);
        let mut last = 0;
        let mut ended = Ok(0);
        for issue in 0..forum.issues() {
            match contend(negotiation, forum, &mut arena, issue) {
                Ok(round) => last = round.max(last),
                Err(ending) => ended = Err(ending),
            }
        }
        forum.arena = arena;
        ended.map(|_: u32| last)
    }
}

/// Plays the rounds of one issue.
fn contend(
    negotiation: &mut Negotiation<'_>,
    forum: &mut Forum,
    arena: &mut Arena,
    issue: usize,
) -> Result<u32, Ending> {
    let [q, win, rounds, tolerance, range, full] = *negotiation.settings else {
        return Err(Ending::Unplayable("a setting is missing"));
    };
    let Some((mut median, _)) = forum.medians(issue) else {
        return Ok(0);
    };
    forum.expected[issue] = median;
    let (low, high) = negotiation.voices.scale[negotiation.voices.rows[issue]];
    let range = if range.is_nan() { high - low } else { range };
    if range <= 0.0 {
        return Ok(0);
    }
    let largest = forum.on(issue).iter().map(|voice| voice.salience);
    let largest = largest.fold(0.0, f64::max);
    let full = match full.is_nan() {
        false => full,
        true if largest <= 1.0 => 1.0,
        true => 100.0,
    };
    if largest > full * (1.0 + 1e-9) {
        return Err(Ending::Unplayable("a salience is above the full one"));
    }
    let terms = Terms {
        q,
        is_net: win == 1.0,
        range,
        full,
    };
    arena.enter(forum.on(issue), &terms)?;
    let rounds = rounds as u32;
    for round in 0..=rounds {
        arena.weigh_risks(&terms, median);
        tell_risks(negotiation, forum, arena, issue, round);
        if round == rounds {
            return Ok(round);
        }
        arena.challenge(&terms, median);
        tell_moves(negotiation, forum, arena, issue, round + 1);
        for (voice, moved) in forum.on_mut(issue).iter_mut().zip(&arena.moves) {
            voice.position = moved.to;
        }
        arena.advance();
        let before = median;
        if let Some((lower, _)) = forum.medians(issue) {
            median = lower;
        }
        forum.expected[issue] = median;
        forum.tell_positions(negotiation, round + 1, issue, "stands at");
        forum.tell_averages(negotiation, round + 1, issue);
        if (median - before).abs() < tolerance * range {
            return Ok(round + 1);
        }
    }
    Ok(rounds)
}

/// Who would win against whom, how exposed everybody is and how much risk that makes it take.
fn tell_risks(
    negotiation: &mut Negotiation<'_>,
    forum: &mut Forum,
    arena: &Arena,
    issue: usize,
    round: u32,
) {
    if negotiation.watch.is_none() {
        return;
    }
    for (one, other) in arena.pairs_of_positions() {
        let figures = [
            ("position", arena.position(one)),
            ("against", arena.position(other)),
            ("win_risk_neutral", arena.neutral_win(one, other)),
            ("win", arena.win(one, other)),
        ];
        let at = (issue, arena.position(one));
        forum.tell(negotiation, round, Who::Nobody, "contest", at, &figures);
    }
    for voice in 0..arena.count() {
        let who = Who::Voice(forum.on(issue)[voice].actor);
        let figures = [
            ("security", arena.security[voice]),
            ("risk_exponent", arena.exponents[voice]),
        ];
        let at = (issue, arena.position(voice));
        forum.tell(negotiation, round, who, "feels exposed at", at, &figures);
    }
}

/// What everybody gives way to.
fn tell_moves(
    negotiation: &mut Negotiation<'_>,
    forum: &mut Forum,
    arena: &Arena,
    issue: usize,
    round: u32,
) {
    if negotiation.watch.is_none() {
        return;
    }
    for voice in 0..arena.count() {
        let moved = arena.moves[voice];
        let Some(by) = moved.by else { continue };
        let (wins, gives) = match moved.how {
            Move::Confrontation => ("confronts from", "gives way to"),
            Move::Compromise => ("offers to meet from", "compromises at"),
            Move::Compulsion => ("compels from", "is compelled to"),
        };
        let who = |voice: usize| Who::Voice(forum.on(issue)[voice].actor);
        let (challenger, mover) = (who(by), who(voice));
        let figures = [("expects", moved.theirs), ("position", arena.position(by))];
        let at = (issue, arena.position(by));
        forum.tell(negotiation, round, challenger, wins, at, &figures);
        let figures = [
            ("expects", moved.own),
            ("from", arena.position(voice)),
            ("to", moved.to),
        ];
        forum.tell(
            negotiation,
            round,
            mover,
            gives,
            (issue, moved.to),
            &figures,
        );
    }
}
