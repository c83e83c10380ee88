//! The path of play: from the first round on, with luck where lots are drawn.

use super::clock::Clock;
use super::ledger::{Act, Ledger, Way};
use crate::bargaining::ballot::bent;
use crate::bargaining::desk::Desk;
use crate::bargaining::near::Spot;
use crate::bargaining::outcome::{Ending, Outcome};
use crate::bargaining::stakes::Negotiation;
use crate::bargaining::watch::{Step, Who};

/// Reads a deal of the ledger: its terms and what it gives.
pub(super) type Read<'r> = dyn FnMut(&mut Negotiation<'_>, &mut Desk, usize, &mut Spot) + 'r;

/// The most rounds that are played out; later ones would not come in a lifetime.
const MOST_ROUNDS: u32 = 1_000_000;
/// What is less likely than this is not told.
const UNTOLD: f64 = 1e-12;
const MOST_LOTS: usize = 100_000;

/// Plays the rounds of the ledger.
pub(super) fn walk(
    negotiation: &mut Negotiation<'_>,
    desk: &mut Desk,
    clock: &Clock<'_>,
    ledger: &Ledger,
    read: &mut Read<'_>,
) -> Result<Outcome, Ending> {
    let mut spot = std::mem::take(&mut desk.offered);
    if negotiation.watch.is_some() {
        tell_lottery(negotiation, desk, clock, ledger, read, &mut spot);
    }
    let ended = play(negotiation, desk, clock, ledger, read, &mut spot);
    desk.offered = spot;
    ended
}

fn play(
    negotiation: &mut Negotiation<'_>,
    desk: &mut Desk,
    clock: &Clock<'_>,
    ledger: &Ledger,
    read: &mut Read<'_>,
    spot: &mut Spot,
) -> Result<Outcome, Ending> {
    let nothing_comes = clock.rounds.is_none() && is_standstill(clock, ledger);
    for round in 0..clock.rounds.unwrap_or(MOST_ROUNDS) {
        let ways = ledger.round(u64::from(round));
        let Some(way) = draw(negotiation, ways) else {
            break;
        };
        let tell = |negotiation: &mut Negotiation<'_>, who, does, deal: &[f64], figures: &[_]| {
            negotiation.tell(&Step {
                round,
                who,
                does,
                deal,
                figures,
            });
        };
        let proposer = Who::Seat(way.proposer);
        match way.act {
            Act::Accept => {
                read(negotiation, desk, way.deal, spot);
                if negotiation.watch.is_some() {
                    let share = [("probability", way.share)];
                    let figures = &share[..usize::from(ways.len() > 1)];
                    tell(negotiation, proposer, "offers", &spot.deal, figures);
                    for seat in (0..clock.seats).filter(|&seat| seat != way.proposer) {
                        accepts(negotiation, clock, ledger, round, seat, spot);
                    }
                }
                return Ok(desk.settle_spot(spot, round));
            }
            Act::OptOut => {
                tell(
                    negotiation,
                    proposer,
                    "offers nothing the others would take",
                    &[],
                    &[],
                );
                let leaves = (0..clock.seats)
                    .filter(|&seat| seat != way.proposer && clock.has_option(seat))
                    .max_by(|&one, &other| {
                        let urge = |seat| urge(negotiation, clock, ledger, round, seat);
                        urge(one).total_cmp(&urge(other))
                    });
                tell(
                    negotiation,
                    Who::Seat(leaves.unwrap_or(0)),
                    "opts out",
                    &[],
                    &[],
                );
                let outside = clock.outside_utilities(&negotiation.parties);
                return Ok(desk.part(&outside[..clock.seats], round));
            }
            Act::Refuse => {
                tell(
                    negotiation,
                    proposer,
                    "offers nothing the others would take",
                    &[],
                    &[],
                );
                if nothing_comes && clock.breakdown == 0.0 {
                    break;
                }
                if clock.breakdown > 0.0 && negotiation.chance.uniform() < clock.breakdown {
                    tell(negotiation, Who::Nobody, "the talks break down", &[], &[]);
                    return Ok(Outcome {
                        ending: Ending::Breakdown,
                        round,
                    });
                }
            }
        }
    }
    Err(Ending::Deadline)
}

/// By how much a seat would rather opt out than go on.
fn urge(
    negotiation: &Negotiation<'_>,
    clock: &Clock<'_>,
    ledger: &Ledger,
    round: u32,
    seat: usize,
) -> f64 {
    let later = ledger.worth(u64::from(round) + 1)[seat];
    let parties = &negotiation.parties;
    clock.outside(seat, parties) - clock.refusal(seat, later, parties)
}

/// Whether nobody ever offers anything that is accepted.
fn is_standstill(clock: &Clock<'_>, ledger: &Ledger) -> bool {
    (0..=u64::from(clock.period()))
        .all(|round| ledger.round(round).iter().all(|way| way.act == Act::Refuse))
}

/// One of the ways of a round, by their shares.
fn draw<'l>(negotiation: &mut Negotiation<'_>, ways: &'l [Way]) -> Option<&'l Way> {
    let (last, others) = ways.split_last()?;
    if others.is_empty() {
        return Some(last);
    }
    let mut rest = negotiation.chance.uniform();
    let drawn = others.iter().find(|way| {
        rest -= way.share;
        rest < 0.0
    });
    Some(drawn.unwrap_or(last))
}

/// Tells what a seat says to an offer, and what it would have by refusing.
fn accepts(
    negotiation: &mut Negotiation<'_>,
    clock: &Clock<'_>,
    ledger: &Ledger,
    round: u32,
    seat: usize,
    spot: &Spot,
) {
    let parties = negotiation.parties;
    let later = ledger.worth(u64::from(round) + 1)[seat];
    let mut refusal = clock.refusal(seat, later, &parties);
    if clock.has_option(seat) {
        refusal = refusal.max(clock.outside(seat, &parties));
    }
    let refusal = parties.reservation[seat] + bent(refusal, 1.0 / parties.risk[seat]);
    let rounding = 1e-9 * refusal.abs().max(1.0);
    let does = match spot.utilities[seat] >= refusal - rounding || !clock.can_outvote() {
        true => "accepts",
        false => "is outvoted",
    };
    negotiation.tell(&Step {
        round,
        who: Who::Seat(seat),
        does,
        deal: &[],
        figures: &[("gets", spot.utilities[seat]), ("by refusing", refusal)],
    });
}

/// Adds every deal that may come of the talks to the desk's lottery, as likely as it is.
fn tell_lottery(
    negotiation: &mut Negotiation<'_>,
    desk: &mut Desk,
    clock: &Clock<'_>,
    ledger: &Ledger,
    read: &mut Read<'_>,
    spot: &mut Spot,
) {
    if let [
        Way {
            act: Act::Accept, ..
        },
    ] = ledger.round(0)
    {
        return;
    }
    let mut reached = 1.0;
    let mut lots = 0;
    for round in 0..clock.rounds.unwrap_or(MOST_ROUNDS) {
        let ways = ledger.round(u64::from(round));
        let mut left = 0.0;
        for way in ways {
            match way.act {
                Act::Accept => {
                    read(negotiation, desk, way.deal, spot);
                    desk.add_lot(reached * way.share, &spot.deal, &spot.utilities);
                    lots += 1;
                }
                Act::Refuse => left += way.share,
                Act::OptOut => {}
            }
        }
        reached *= left * (1.0 - clock.breakdown);
        if reached < UNTOLD
            || lots > MOST_LOTS
            || lots == 0 && clock.rounds.is_none() && round > clock.period()
        {
            break;
        }
    }
}
