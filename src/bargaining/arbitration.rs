//! A rule becomes a protocol by arbitration: the arbitrator picks the deal that the rule scores best.

use super::ballot::Ballot;
use super::bench::Cut;
use super::desk::Desk;
use super::lottery::{self, Blend, Lotteries};
use super::outcome::{Ending, Outcome};
use super::product::Next;
use super::protocol::Protocol;
use super::refine::{self, FINEST, Goal};
use super::scout::Scout;
use super::shape::MOST_SEATS;
use super::stakes::Negotiation;
use super::watch::{Step, Who};

/// How one solution concept scores deals.
pub(super) trait Rule: Send + Sync {
    /// Leaves on the ballot the deals that the rule cannot tell from the best.
    fn elect(&self, power: &[f64], ballot: &mut Ballot);

    /// Whether the largest plain product of all gains wins.
    fn is_plain_product(&self, _power: &[f64], _ballot: &Ballot) -> bool {
        false
    }

    /// Cuts the frontier to the part that can hold the winner; false to leave it whole. Whether
    /// it cuts never changes the winner.
    fn narrow(&self, _power: &[f64], _scout: &mut Scout<'_>) -> bool {
        false
    }

    /// After a look at the part of the frontier within a cut: whether that was enough.
    fn deepen(&self, _power: &[f64], _cut: &mut Cut, _ballot: &Ballot) -> Next {
        Next::Enough
    }

    /// On which side of its best deal a deal lies, for two seats and continuous issues.
    fn side(&self, _power: &[f64], _ballot: &Ballot, _place: u32) -> Option<f64> {
        None
    }

    /// How the rule judges mixtures of deals by their expected gains; nothing if it knows none.
    fn blend(&self) -> Option<Blend> {
        None
    }

    /// Whether power weighs in; otherwise all seats count alike.
    fn has_power(&self) -> bool {
        true
    }

    /// How finely ranges are worth resolving, as a share of them: a smooth score is flat at its top.
    fn finest(&self) -> f64 {
        FINEST
    }

    /// Whether it measures gains against the ideal, so that ranges need an exact one.
    fn needs_ideal(&self) -> bool {
        false
    }
}

/// A rule, arbitrated. Its settings are the seats' power, if it has any, then the lotteries.
pub(super) struct Arbitration<R>(pub R);

const ALIKE: [f64; MOST_SEATS] = [1.0; MOST_SEATS];

impl<R: Rule> Protocol for Arbitration<R> {
    fn negotiate(&self, negotiation: &mut Negotiation<'_>, desk: &mut Desk) -> Outcome {
        let seats = negotiation.shape.seats;
        let (power, others) = match self.0.has_power() && negotiation.settings.len() >= seats {
            true => negotiation.settings.split_at(seats),
            false => (&ALIKE[..seats], negotiation.settings),
        };
        let settled = match (self.0.blend(), Lotteries::read(others)) {
            (Some(blend), Some(lotteries)) => {
                lottery::arbitrate(&self.0, blend, lotteries, power, negotiation, desk)
            }
            _ => arbitrate(&self.0, power, negotiation, desk, true),
        };
        if settled.is_ok() {
            tell(negotiation, desk);
        }
        settled.unwrap_or_else(Outcome::at_once)
    }
}

/// Tells what the arbitrator proposes, and what it gives everybody.
fn tell(negotiation: &mut Negotiation<'_>, desk: &Desk) {
    if negotiation.watch.is_none() {
        return;
    }
    let step = Step {
        round: 0,
        who: Who::Nobody,
        does: "the arbitrator proposes",
        deal: desk.deal(),
        figures: &[],
    };
    negotiation.tell(&step);
    let parties = negotiation.parties;
    for (seat, utility) in desk.utilities().iter().enumerate() {
        negotiation.tell(&Step {
            who: Who::Seat(seat),
            does: "agrees",
            deal: &[],
            figures: &[
                ("utility", *utility),
                ("gain", utility - parties.reservation[seat]),
            ],
            ..step
        });
    }
}

/// Picks the rule's deal; `narrows` allows cuts, which change the work and not the deal.
pub(super) fn arbitrate(
    rule: &dyn Rule,
    power: &[f64],
    negotiation: &mut Negotiation<'_>,
    desk: &mut Desk,
    narrows: bool,
) -> Result<Outcome, Ending> {
    weigh(power)?;
    desk.open(negotiation)?;
    if let Some(close) = &negotiation.shape.close {
        let goal = Ruled { rule, power };
        return refine::settle(negotiation, desk, close, &goal, rule.needs_ideal());
    }
    if narrows && rule.needs_ideal() {
        desk.find_ideal(negotiation)?;
    }
    let can_glance = narrows && rule.is_plain_product(power, &desk.ballot);
    if !(can_glance && desk.glance(negotiation)) {
        list(rule, power, negotiation, desk, narrows)?;
    }
    rule.elect(power, &mut desk.ballot);
    if desk.ballot.is_tied() {
        desk.know_ideal(negotiation)?;
        desk.ballot.break_tie();
    }
    match desk.ballot.alive.first() {
        Some(&winner) => Ok(desk.settle(negotiation.shape, winner, 0)),
        None => Err(Ending::NoZone),
    }
}

/// Refuses powers among which there are no proportions.
pub(super) fn weigh(power: &[f64]) -> Result<(), Ending> {
    if !power.iter().all(|power| (0.0..=1e9).contains(power)) || power.iter().sum::<f64>() <= 0.0 {
        return Err(Ending::Unplayable(
            "bargaining power is not a positive number",
        ));
    }
    Ok(())
}

/// Puts the part of the frontier that can hold the winner on the ballot.
fn list(
    rule: &dyn Rule,
    power: &[f64],
    negotiation: &mut Negotiation<'_>,
    desk: &mut Desk,
    narrows: bool,
) -> Result<(), Ending> {
    let mut scout = desk.scout(negotiation.shape, negotiation.parties.reservation);
    let mut is_cut = narrows && rule.narrow(power, &mut scout);
    loop {
        match desk.canvass(negotiation) {
            Err(Ending::NoZone) if is_cut => {}
            listed => listed?,
        }
        if !is_cut {
            desk.ballot.take_ideal();
            return Ok(());
        }
        match rule.deepen(power, &mut desk.cut, &desk.ballot) {
            Next::Enough if !desk.ballot.alive.is_empty() => return Ok(()),
            Next::Deeper => {}
            Next::Enough | Next::Whole => {
                desk.cut
                    .rational(negotiation.parties.reservation, &desk.ballot.epsilon);
                is_cut = false;
            }
        }
    }
}

/// The goal of a search for the rule's deal.
struct Ruled<'r> {
    rule: &'r dyn Rule,
    power: &'r [f64],
}

impl Goal for Ruled<'_> {
    fn side(&self, ballot: &Ballot, place: u32, _: &[f64]) -> Option<f64> {
        self.rule.side(self.power, ballot, place)
    }

    fn finest(&self) -> f64 {
        self.rule.finest()
    }

    fn elect(&self, ballot: &mut Ballot) {
        self.rule.elect(self.power, ballot);
        ballot.break_tie();
    }
}

#[cfg(test)]
mod tests {
    use super::super::protocol::rules;
    use super::super::shape::{FactorSketch, Grid, IssueSketch, Shape, Sketch};
    use super::super::stakes::{Party, Stakes};
    use super::*;

    struct Drawn {
        factors: Vec<Vec<f64>>,
        rules: Vec<Vec<bool>>,
    }

    impl Stakes for Drawn {
        fn factor(&mut self, which: usize, _: &Grid, out: &mut [f64]) {
            out.copy_from_slice(&self.factors[which]);
        }

        fn rule(&mut self, which: usize, _: &Grid, out: &mut [bool]) {
            out.copy_from_slice(&self.rules[which]);
        }
    }

    /// A problem too large for brute force in a test, with coarse or fine values.
    fn draw(seed: u64) -> (Shape, Drawn, Vec<f64>) {
        let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(3);
        let mut below = |sides: usize| {
            state = state
                .wrapping_mul(6364136223846793005)
                .wrapping_add(1442695040888963407);
            ((state >> 33) % sides as u64) as usize
        };
        let seats = 2 + below(3);
        let levels: Vec<usize> = (0..5 + below(if seats == 2 { 6 } else { 3 }))
            .map(|_| 2 + below(4))
            .collect();
        let fine = [3, 20, 100_000_000][below(3)];
        let mut factors = vec![];
        let mut tables = vec![];
        let mut reservation = vec![0.0; seats];
        for (seat, floor) in reservation.iter_mut().enumerate() {
            for (issue, &levels) in levels.iter().enumerate() {
                factors.push(FactorSketch {
                    seat,
                    scope: vec![issue],
                });
                let table: Vec<f64> = (0..levels)
                    .map(|_| below(fine) as f64 * 10.0 / fine as f64)
                    .collect();
                *floor +=
                    table.iter().sum::<f64>() / levels as f64 * [0.5, 0.9, 1.0, 1.2, 1.3][below(5)];
                tables.push(table);
            }
        }
        let mut scope = |most: usize| {
            let start = below(levels.len());
            let mut scope: Vec<usize> = (0..most)
                .map(|_| (start + below(3)).min(levels.len() - 1))
                .collect();
            scope.sort_unstable();
            scope.dedup();
            scope
        };
        let scopes: Vec<Vec<usize>> = (0..seed as usize % 5).map(|_| scope(3)).collect();
        let rules: Vec<Vec<usize>> = (0..seed as usize % 3).map(|_| scope(3)).collect();
        let size = |scope: &[usize]| scope.iter().map(|&issue| levels[issue]).product::<usize>();
        for scope in scopes {
            factors.push(FactorSketch {
                seat: below(seats),
                scope: scope.clone(),
            });
            tables.push((0..size(&scope)).map(|_| below(9) as f64 - 4.0).collect());
        }
        let masks = rules
            .iter()
            .map(|rule| (0..size(rule)).map(|_| below(5) > 0).collect())
            .collect();
        let issues = levels
            .iter()
            .map(|&levels| IssueSketch::Levels(vec![0.0; levels]))
            .collect();
        let shape = Shape::new(Sketch {
            ties: vec![],
            issues,
            seats,
            factors,
            rules,
        })
        .unwrap();
        (
            shape,
            Drawn {
                factors: tables,
                rules: masks,
            },
            reservation,
        )
    }

    #[test]
    fn cuts_never_change_the_winner() {
        let mut agreed = 0;
        for seed in 0..1500 {
            let (shape, mut stakes, reservation) = draw(seed);
            let desk = &mut Desk::new(&shape);
            let ones = vec![1.0; shape.seats()];
            let power: Vec<f64> = (0..ones.len())
                .map(|seat| 1.0 + (seed as usize * seat % 4) as f64)
                .collect();
            let risk: Vec<f64> = ones
                .iter()
                .map(|one| if seed % 4 == 0 { one * 0.6 } else { *one })
                .collect();
            for (which, rule) in rules().iter().enumerate() {
                let mut play = |narrows: bool| {
                    let parties = Party {
                        reservation: &reservation,
                        discount: &ones,
                        risk: &risk,
                    };
                    let mut negotiation = Negotiation::new(&shape, &mut stakes, parties, &power);
                    let ended = arbitrate(&**rule, &power, &mut negotiation, desk, narrows);
                    (ended, desk.deal().to_vec())
                };
                let (whole, cut) = (play(false), play(true));
                assert_eq!(whole.0, cut.0, "rule {which}, seed {seed}");
                if whole.0.is_ok() {
                    agreed += 1;
                    assert_eq!(whole.1, cut.1, "rule {which}, seed {seed}");
                }
            }
        }
        assert!(agreed > 2000, "only {agreed} agreements");
    }
}
