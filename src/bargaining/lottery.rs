//! Rules that may mix deals by lot: what counts are expected gains, and the parties draw in the end.
//!
//! `ex_post` mixes only deals that are individually rational, because who draws a deal below its
//! reservation value can still walk away; `ex_ante` mixes any, so long as the expected gains are none
//! below zero. With two seats the best mixture is a point on the upper hull, found exactly; with more
//! it is a linear program or a certified optimum. Nash (1950), Harsanyi (1955), Myerson (1981).

use super::arbitration::{Rule, arbitrate as arbitrate_surely, weigh};
use super::ballot::TOLERANCE;
use super::desk::Desk;
use super::outcome::{Ending, Outcome};
use super::shape::MOST_SEATS;
use super::stakes::Negotiation;

/// How a rule judges expected gains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Blend {
    /// The largest product, to the power of powers.
    Product,
    /// The leximin of shares of the ideal, in proportion to power.
    Shares,
    /// The leximin of gains in proportion to power.
    Gains,
    /// The largest weighted sum.
    Sum,
}

/// Which deals may be mixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lotteries {
    ExPost,
    ExAnte,
}

/// The words of the setting; `true` and `false` as TOML has them.
pub(super) const WORDS: &[&str] = &["none", "ex_post", "ex_ante", "true", "false"];

/// Probabilities below this are rounding.
const NEVER: f64 = 1e-9;

impl Lotteries {
    /// What the setting says, if it is there at all.
    pub fn read(settings: &[f64]) -> Option<Lotteries> {
        match settings.first().map(|word| *word as usize) {
            Some(1 | 3) => Some(Lotteries::ExPost),
            Some(2) => Some(Lotteries::ExAnte),
            _ => None,
        }
    }
}

/// Settles on the best mixture and draws from it.
pub(super) fn arbitrate(
    rule: &dyn Rule,
    blend: Blend,
    lotteries: Lotteries,
    power: &[f64],
    negotiation: &mut Negotiation<'_>,
    desk: &mut Desk,
) -> Result<Outcome, Ending> {
    weigh(power)?;
    let seats = negotiation.shape.seats;
    if negotiation.shape.close.is_some() {
        return Err(Ending::Unplayable(
            "lotteries cannot mix the deals of continuous issues",
        ));
    }
    // A mixture of sums is at best as good as the best deal in it.
    if seats == 1 || (blend == Blend::Sum && lotteries == Lotteries::ExPost && seats > 2) {
        return arbitrate_surely(rule, power, negotiation, desk, true);
    }
    desk.open(negotiation)?;
    if lotteries == Lotteries::ExAnte {
        desk.cut.floors.fill(f64::NEG_INFINITY);
    }
    desk.canvass(negotiation)?;
    desk.ballot.bend();
    if seats == 2 {
        let at = point(blend, power, desk)?;
        return Ok(desk.settle_mixed(negotiation, at));
    }
    mix(blend, lotteries, power, desk)?;
    draw(negotiation, desk)
}

/// Two seats: the rule's place on the hull.
fn point(blend: Blend, power: &[f64], desk: &mut Desk) -> Result<f64, Ending> {
    desk.span();
    let Desk { hull, ballot, .. } = desk;
    if !hull.clip(&ballot.epsilon) {
        return Err(Ending::NoZone);
    }
    ballot.know_ideal(&[hull.at(hull.from)[0].max(0.0), hull.at(hull.to)[1].max(0.0)]);
    let can_gain = [0, 1].map(|seat| ballot.can_gain(seat));
    match can_gain {
        [false, _] => return Ok(hull.to),
        [true, false] => return Ok(hull.from),
        [true, true] => {}
    }
    let [ideal, other] = [ballot.ideal[0], ballot.ideal[1]];
    let powers = [power[0], power[1]];
    let total = powers[0] + powers[1];
    let worths = match blend {
        Blend::Shares => [powers[0] * ideal, powers[1] * other],
        _ => powers,
    };
    Ok(match blend {
        Blend::Product => hull.product(powers),
        Blend::Shares | Blend::Gains if powers[0] == 0.0 => hull.to,
        Blend::Shares | Blend::Gains if powers[1] == 0.0 => hull.from,
        Blend::Shares | Blend::Gains => {
            hull.cross(|gains| gains[0] / worths[0] - gains[1] / worths[1])
        }
        Blend::Sum => {
            hull.keep_best(powers.map(|power| power / total), ballot.common_epsilon());
            hull.keep_best([1.0 / ideal, 1.0 / other], TOLERANCE);
            hull.cross(|gains| gains[0] / ideal - gains[1] / other)
        }
    })
}

/// More seats: the rule's mixture of the deals on the ballot.
fn mix(blend: Blend, lotteries: Lotteries, power: &[f64], desk: &mut Desk) -> Result<(), Ending> {
    let seats = power.len();
    let Desk {
        mixture, ballot, ..
    } = desk;
    // What could be gained at most, wherever: a unit in which gains are of the order of one.
    ballot.take_ideal();
    let mut scales = [1.0; MOST_SEATS];
    for (seat, scale) in scales.iter_mut().enumerate().take(seats) {
        if ballot.can_gain(seat) {
            *scale = ballot.ideal[seat];
        }
    }
    // Who can gain nowhere has to be left as it is: no other deal makes up for a loss.
    let mut alive = std::mem::take(&mut ballot.alive);
    alive.retain(|&place| {
        let gains = ballot.gains(place).iter().enumerate();
        let mut pairs = gains.zip(&ballot.epsilon);
        pairs.all(|((seat, gain), epsilon)| ballot.can_gain(seat) || *gain >= -epsilon)
    });
    ballot.alive = alive;
    if ballot.alive.is_empty() {
        return Err(Ending::NoZone);
    }
    let deals = ballot.alive.iter().map(|&place| ballot.gains(place));
    mixture.open(deals, &scales[..seats]);
    let none = [0.0; MOST_SEATS];
    let mut ideal = none;
    for seat in 0..seats {
        let mut only = none;
        only[seat] = 1.0;
        ideal[seat] = match (lotteries, ballot.can_gain(seat)) {
            (_, false) => 0.0,
            (Lotteries::ExPost, true) => 1.0,
            (Lotteries::ExAnte, true) => match mixture.sum(&only) {
                true => mixture.expected()[seat],
                false => return Err(Ending::NoZone),
            },
        };
    }
    let counts = |seat: usize| power[seat] > 0.0 && ideal[seat] > TOLERANCE;
    let most = power.iter().fold(0.0, |most: f64, power| most.max(*power));
    let total: f64 = (0..seats)
        .filter(|&seat| counts(seat))
        .map(|seat| power[seat])
        .sum();
    let mut worths = none;
    for seat in (0..seats).filter(|&seat| counts(seat) || blend == Blend::Gains) {
        worths[seat] = match blend {
            Blend::Product => power[seat] / total,
            Blend::Shares => power[seat] / most * ideal[seat],
            Blend::Gains | Blend::Sum => power[seat] / most,
        };
    }
    if blend == Blend::Gains || blend == Blend::Sum {
        let largest = scales[..seats]
            .iter()
            .fold(0.0, |most: f64, scale| most.max(*scale));
        for (worth, scale) in worths.iter_mut().zip(&scales[..seats]) {
            match blend {
                Blend::Gains => *worth *= largest / scale,
                _ => *worth *= scale / largest,
            }
        }
    }
    let found = match blend {
        Blend::Product if total > 0.0 => mixture.product(&worths, &ideal),
        Blend::Shares | Blend::Gains | Blend::Product => mixture.leximin(&worths),
        Blend::Sum => mixture.sum(&worths),
    };
    match found {
        true => Ok(()),
        false => Err(Ending::Unplayable("the best lottery could not be found")),
    }
}

/// Draws from the mixture; a deal that gives everybody as much on its own is taken for sure.
fn draw(negotiation: &mut Negotiation<'_>, desk: &mut Desk) -> Result<Outcome, Ending> {
    let seats = negotiation.shape.seats;
    let expected = desk.mixture.expected();
    let mixture = &desk.mixture;
    let as_good = |&deal: &usize| {
        (0..seats).all(|seat| mixture.gain(deal, seat) >= expected[seat] - TOLERANCE)
    };
    if let Some(deal) = (0..mixture.deals()).find(as_good) {
        desk.add_place(negotiation.shape, desk.ballot.alive[deal], 1.0);
        return Ok(desk.draw_lot(&mut negotiation.chance, 0));
    }
    let counted = mixture.shares.iter().filter(|share| **share > NEVER);
    let total: f64 = counted.sum();
    for deal in 0..desk.mixture.deals() {
        let share = desk.mixture.shares[deal];
        if share > NEVER {
            desk.add_place(negotiation.shape, desk.ballot.alive[deal], share / total);
        }
    }
    Ok(desk.draw_lot(&mut negotiation.chance, 0))
}
