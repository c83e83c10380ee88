//! Backward induction, and the stationary equilibrium as where it settles.
//!
//! Without a deadline the rounds are solved backwards until a whole turn changes nothing. What is
//! left shrinks from turn to turn by about the same factor, so its sum can be taken in one leap
//! (Aitken 1926); what is accepted in the end is a point that one more turn leaves where it is.

use super::clock::Clock;
use super::ledger::{Act, Ledger, Way};
use crate::bargaining::outcome::Ending;
use crate::bargaining::shape::MOST_SEATS;
use crate::bargaining::stakes::Party;

/// What can be offered.
pub(super) trait Offers {
    /// Puts the proposer's best deal of a round among those that give the others at least so much (bent gains)
    /// on the ledger's offers: several if lots are drawn between them, none if there is none.
    fn offer(
        &mut self,
        round: u32,
        proposer: usize,
        least: &[f64],
        ledger: &mut Ledger,
    ) -> Result<(), Ending>;

    /// Gains of a seat closer than this are equal.
    fn epsilon(&self, seat: usize) -> f64;

    /// Values that change by no more than this, as a share of epsilon, have settled.
    fn settled(&self) -> f64;
}

/// The most turns without a deadline.
const MOST_TURNS: u32 = 5_000;
/// Turns after which two signatories are brought together by halving instead.
const FEW_TURNS: u32 = 100;
/// The most leaps: by then they do not help.
const MOST_LEAPS: u32 = 300;
/// Changes are in one line if no more than this share of them is not.
const IN_LINE: f64 = 1e-3;

type Values = [f64; MOST_SEATS];

/// Solves every round; the ledger then says what is done in each.
pub(super) fn induce(
    clock: &Clock<'_>,
    parties: &Party<'_>,
    table: &mut dyn Offers,
    ledger: &mut Ledger,
) -> Result<(), Ending> {
    ledger.clear();
    ledger.period = clock.period() as usize;
    let patient = (0..clock.seats).filter(|&seat| clock.patience(seat, parties) == 1.0);
    if clock.rounds.is_none() && patient.count() > 1 {
        return Err(Ending::Unplayable(
            "without a deadline two signatories who lose nothing by waiting can divide the gain anyhow",
        ));
    }
    let mut talks = Talks {
        clock,
        parties,
        table,
        values: [0.0; MOST_SEATS],
    };
    let period = clock.period();
    // A first round of its own kind is solved in any case.
    let opening = u32::from(clock.is_drawn);
    let mut known = [[f64::NAN; MOST_SEATS]; MOST_SEATS];
    let mut trend = Trend::default();
    let mut settled = false;
    let turns = match clock.takes_turns() {
        true => FEW_TURNS,
        false => MOST_TURNS,
    };
    let mut round = match clock.rounds {
        Some(rounds) => rounds,
        None => turns * period,
    };
    while round > 0 {
        round -= 1;
        if clock.rounds.is_none() && !settled && round % period == period - 1 {
            ledger.clear();
        }
        talks.play(round, ledger)?;
        let phase = (round % period) as usize;
        let may_settle = !settled && !clock.has_later() && round >= period + opening;
        if may_settle && talks.has_settled(&known[phase]) {
            settled = true;
            let alike = (round - opening) / period * period;
            ledger.repeat(u64::from(alike), 0);
            round -= alike;
        } else if clock.rounds.is_none() && !settled && phase == 0 {
            trend.leap(&mut talks.values, &mut known, clock.seats);
        }
        known[phase] = talks.values;
    }
    if clock.rounds.is_none() && !settled && clock.takes_turns() {
        talks.meet(ledger)?;
        settled = true;
    }
    match (clock.rounds, settled) {
        (Some(_), _) => Ok(()),
        (None, true) => {
            ledger.repeat(u64::MAX / 2, opening as usize);
            Ok(())
        }
        (None, false) => Err(Ending::Unplayable(
            "without a deadline the offers settle nowhere: no stationary equilibrium was found",
        )),
    }
}

struct Talks<'t> {
    clock: &'t Clock<'t>,
    parties: &'t Party<'t>,
    table: &'t mut dyn Offers,
    /// What the round solved last is worth, before its proposer is known.
    values: Values,
}

impl Talks<'_> {
    fn has_settled(&self, known: &Values) -> bool {
        (0..self.clock.seats).all(|seat| {
            let change = (self.values[seat] - known[seat]).abs();
            change <= self.table.settled() * self.table.epsilon(seat)
        })
    }

    /// Two signatories in turn: the value of opening that one more turn leaves where it is. What a turn
    /// makes of a value rises by less than the value does, so halving finds it, however patient they are.
    fn meet(&mut self, ledger: &mut Ledger) -> Result<(), Ending> {
        let opens = usize::from(self.clock.chance(1, 0) > 0.0);
        self.values = [0.0; MOST_SEATS];
        ledger.clear();
        self.play(0, ledger)?;
        let (mut low, mut high) = (0.0, self.values[opens]);
        let precision = 1e-4 * self.table.settled() * self.table.epsilon(opens);
        for _ in 0..100 {
            let middle = low + (high - low) / 2.0;
            if self.turn(opens, middle, ledger)? > middle {
                low = middle;
            } else {
                high = middle;
            }
            if high - low <= precision {
                break;
            }
        }
        self.turn(opens, low + (high - low) / 2.0, ledger)?;
        Ok(())
    }

    /// One turn of both, if the one who opens has this value when it begins anew; its value before.
    fn turn(&mut self, opens: usize, value: f64, ledger: &mut Ledger) -> Result<f64, Ending> {
        ledger.clear();
        self.values = [0.0; MOST_SEATS];
        self.values[opens] = value;
        self.play(1, ledger)?;
        self.play(0, ledger)?;
        Ok(self.values[opens])
    }

    /// One round, whoever proposes in it.
    fn play(&mut self, round: u32, ledger: &mut Ledger) -> Result<(), Ending> {
        ledger.begin_round();
        let seats = self.clock.seats;
        let mut refusals = [0.0; MOST_SEATS];
        for (seat, refusal) in refusals[..seats].iter_mut().enumerate() {
            *refusal = self.clock.refusal(seat, self.values[seat], self.parties);
        }
        let mut values = [0.0; MOST_SEATS];
        for proposer in 0..seats {
            let chance = self.clock.chance(proposer, round);
            if chance > 0.0 {
                let worth = self.propose(round, proposer, chance, &refusals, ledger)?;
                for (value, worth) in values[..seats].iter_mut().zip(&worth) {
                    *value += chance * worth;
                }
            }
        }
        self.values = values;
        ledger.end_round(values);
        Ok(())
    }

    /// One proposer's turn: what it is worth to all.
    fn propose(
        &mut self,
        round: u32,
        proposer: usize,
        chance: f64,
        refusals: &Values,
        ledger: &mut Ledger,
    ) -> Result<Values, Ending> {
        let seats = self.clock.seats;
        let mut least = *refusals;
        let mut failed = (Act::Refuse, *refusals);
        for seat in (0..seats).filter(|&seat| seat != proposer && self.clock.has_option(seat)) {
            let outside = self.clock.outside(seat, self.parties);
            if outside > refusals[seat] + self.table.epsilon(seat) {
                failed.0 = Act::OptOut;
            }
            least[seat] = least[seat].max(outside);
        }
        if failed.0 == Act::OptOut {
            for (seat, value) in failed.1[..seats].iter_mut().enumerate() {
                *value = self.clock.outside(seat, self.parties);
            }
        }
        ledger.offers.clear();
        self.table.offer(round, proposer, &least[..seats], ledger)?;
        let mut worth = [0.0; MOST_SEATS];
        for offer in &ledger.offers {
            for (worth, gain) in worth[..seats].iter_mut().zip(&offer.gains) {
                *worth += offer.share * gain;
            }
        }
        let enough = failed.1[proposer] - self.table.epsilon(proposer);
        if ledger.offers.is_empty() || worth[proposer] < enough {
            ledger.push(Way {
                proposer,
                share: chance,
                act: failed.0,
                deal: 0,
            });
            return Ok(failed.1);
        }
        for place in 0..ledger.offers.len() {
            let offer = ledger.offers[place];
            let (share, deal) = (chance * offer.share, offer.deal);
            ledger.push(Way {
                proposer,
                share,
                act: Act::Accept,
                deal,
            });
        }
        Ok(worth)
    }
}

/// How values have changed from turn to turn.
#[derive(Default)]
struct Trend {
    before: Option<Values>,
    change: Option<Values>,
    leaps: u32,
}

impl Trend {
    /// Goes to where the changes lead if they keep shrinking as they do.
    fn leap(&mut self, values: &mut Values, known: &mut [Values; MOST_SEATS], seats: usize) {
        let difference = |one: &Values, other: &Values| {
            let mut change = [0.0; MOST_SEATS];
            (0..seats).for_each(|seat| change[seat] = one[seat] - other[seat]);
            change
        };
        let dot =
            |one: &Values, other: &Values| one.iter().zip(other).map(|(a, b)| a * b).sum::<f64>();
        let change = self.before.map(|before| difference(values, &before));
        self.before = Some(*values);
        let (Some(change), Some(earlier)) = (change, self.change) else {
            self.change = change;
            return;
        };
        self.change = Some(change);
        let factor = dot(&change, &earlier) / dot(&earlier, &earlier);
        let mut off = change;
        (0..seats).for_each(|seat| off[seat] -= factor * earlier[seat]);
        let in_line = dot(&off, &off) <= IN_LINE * IN_LINE * dot(&change, &change);
        if in_line && factor.abs() < 1.0 && self.leaps < MOST_LEAPS {
            self.leaps += 1;
            (0..seats).for_each(|seat| values[seat] += change[seat] * factor / (1.0 - factor));
            *known = [[f64::NAN; MOST_SEATS]; MOST_SEATS];
            (self.before, self.change) = (None, None);
        }
    }
}
