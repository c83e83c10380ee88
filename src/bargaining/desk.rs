//! A worker's scratch: every buffer that a negotiation needs, grown once and used again.

use super::ballot::Ballot;
use super::bench::{Bench, Cut};
use super::curve::Curve;
use super::flat::Flat;
use super::forum::Forum;
use super::hall::Hall;
use super::hull::Hull;
use super::mixture::Mixture;
use super::near::{Near, Spot};
use super::obstacles::Obstacle;
use super::outcome::{Ending, Lot};
use super::piecemeal::Piecemeal;
use super::protocol::Ledger;
use super::roll::Roll;
use super::scales::Scales;
use super::scout::Scout;
use super::shape::{MOST_SEATS, Shape};
use super::stakes::{Negotiation, Party};
use super::text::Text;
use std::collections::BTreeMap;

/// One worker's workspace for one shape.
pub struct Desk {
    pub(super) bench: Bench,
    pub(super) ballot: Ballot,
    /// For questions on the side.
    aside: Ballot,
    pub(super) cut: Cut,
    pub(super) near: Option<Near>,
    /// Continuous issues whose utilities are all straight.
    pub(super) flat: Flat,
    /// The rounds of alternating offers, and the offer at hand.
    pub(super) ledger: Ledger,
    pub(super) offered: Spot,
    /// Every deal, for protocols that rank them all.
    pub(super) roll: Roll,
    /// Where offers go round.
    pub(super) hall: Hall,
    /// The text that a mediator has changed.
    pub(super) text: Text,
    /// One table for each issue of a shape, if they are settled one by one.
    pub(super) piecemeal: BTreeMap<u64, Piecemeal>,
    /// Mixtures of two seats' deals.
    pub(super) hull: Hull,
    /// Deals on the curve of what two seats can have.
    pub(super) curve: Curve,
    /// Mixtures of any number of seats' deals.
    pub(super) mixture: Mixture,
    /// For forecasts: the voices, and what single deals are worth.
    pub(super) forum: Forum,
    pub(super) scales: Scales,
    pub(super) deal: Vec<f64>,
    pub(super) utilities: Vec<f64>,
    /// The lottery from which the settled deal was drawn; the first so many are in it.
    pub(super) lots: Vec<Lot>,
    pub(super) in_lottery: usize,
}

impl Desk {
    /// A desk for negotiations of this shape.
    pub fn new(shape: &Shape) -> Desk {
        Desk {
            bench: Bench::new(&shape.plan, shape.seats),
            ballot: Ballot::new(shape.seats),
            aside: Ballot::new(shape.seats),
            cut: Cut::default(),
            near: shape.close.as_ref().map(|close| Near::new(shape, close)),
            flat: Flat::default(),
            ledger: Ledger::default(),
            offered: Spot::default(),
            roll: Roll::default(),
            hall: Hall::default(),
            text: Text::default(),
            piecemeal: BTreeMap::new(),
            hull: Hull::default(),
            curve: Curve::default(),
            mixture: Mixture::default(),
            forum: Forum::default(),
            scales: Scales::default(),
            deal: vec![0.0; shape.issues.len()],
            utilities: vec![0.0; shape.seats],
            lots: Vec::new(),
            in_lottery: 0,
        }
    }

    /// Go to another table of as many seats. Tables with continuous issues need a desk of their own.
    pub fn fit(&mut self, shape: &Shape) {
        self.bench.fit(&shape.plan, shape.seats);
        self.deal.resize(shape.issues.len(), 0.0);
    }

    /// The settled deal: per issue the level's index, or the value of a continuous issue.
    pub fn deal(&self) -> &[f64] {
        &self.deal
    }

    /// What the settled deal gives each seat; after an opt-out, what each has outside.
    pub fn utilities(&self) -> &[f64] {
        &self.utilities
    }

    /// Looks at one world: its tables, its parties, and whether anyone's floor is out of reach.
    pub(super) fn open(&mut self, negotiation: &mut Negotiation<'_>) -> Result<(), Ending> {
        let shape = negotiation.shape;
        let parties = negotiation.parties;
        check(shape.seats, &parties)?;
        self.in_lottery = 0;
        self.bench
            .tables
            .ask(&shape.plan, shape, negotiation.stakes)?;
        self.ballot.open(&self.bench.tables, parties.risk);
        self.bench.survey(&shape.plan);
        for seat in 0..shape.seats {
            let floor = parties.reservation[seat] - self.ballot.epsilon[seat];
            if shape.close.is_none() && self.bench.most(seat) < floor {
                return Err(Ending::NoZone);
            }
        }
        self.cut.rational(parties.reservation, &self.ballot.epsilon);
        Ok(())
    }

    /// Looks at one world without any thought of its frontier: tables and tolerances.
    pub(super) fn read(&mut self, negotiation: &mut Negotiation<'_>) -> Result<(), Ending> {
        let shape = negotiation.shape;
        check(shape.seats, &negotiation.parties)?;
        self.in_lottery = 0;
        self.bench.tables.ask_plainly(shape, negotiation.stakes)?;
        self.ballot
            .open(&self.bench.tables, negotiation.parties.risk);
        Ok(())
    }

    /// Writes the roll of all deals of one world.
    pub(super) fn call_roll(&mut self, negotiation: &mut Negotiation<'_>) -> Result<(), Ending> {
        self.read(negotiation)?;
        self.roll.write(negotiation.shape, &self.bench.tables)
    }

    /// Puts the part of the frontier within the cut on the ballot.
    pub(super) fn canvass(&mut self, negotiation: &Negotiation<'_>) -> Result<(), Ending> {
        let plan = &negotiation.shape.plan;
        let reservation = negotiation.parties.reservation;
        self.bench
            .canvass(plan, &self.cut, reservation, &mut self.ballot)
    }

    /// After a look at the world: whether a deal is left without these floors and rules. `masks` are
    /// the rules' own tables; `groups` says which rules belong together.
    pub(super) fn has_deal(
        &mut self,
        negotiation: &Negotiation<'_>,
        masks: &[bool],
        groups: &[Option<usize>],
        without: &[Obstacle],
    ) -> Result<bool, Ending> {
        let shape = negotiation.shape;
        let plan = &shape.plan;
        self.bench.tables.masks.copy_from_slice(masks);
        for (rule, group) in groups.iter().enumerate() {
            if group.is_some_and(|group| without.contains(&Obstacle::Rule(group))) {
                self.bench.tables.masks[plan.rules[rule]..plan.rules[rule + 1]].fill(true);
            }
        }
        self.bench.tables.lay_out(plan, &shape.owners)?;
        self.bench.survey(plan);
        self.cut
            .rational(negotiation.parties.reservation, &self.ballot.epsilon);
        for seat in 0..shape.seats {
            if without.contains(&Obstacle::Reservation(seat)) {
                self.cut.floors[seat] = f64::NEG_INFINITY;
            } else if self.bench.most(seat) < self.cut.floors[seat] {
                return Ok(false);
            }
        }
        match self.canvass(negotiation) {
            Ok(()) => Ok(true),
            Err(Ending::NoZone) => Ok(false),
            Err(ending) => Err(ending),
        }
    }

    /// The tables of all rules, as the world at hand has them.
    pub(super) fn masks(&self) -> &[bool] {
        &self.bench.tables.masks
    }

    /// Puts the deals with the largest product of gains on the ballot, if a glance at all is the way.
    pub(super) fn glance(&mut self, negotiation: &Negotiation<'_>) -> bool {
        let reservation = negotiation.parties.reservation;
        self.bench
            .glance(&negotiation.shape.plan, reservation, &mut self.ballot)
    }

    /// Like `canvass` after a cut; should nothing be left within it, looks at everything.
    pub(super) fn canvass_cut(&mut self, negotiation: &Negotiation<'_>) -> Result<(), Ending> {
        match self.canvass(negotiation) {
            Err(Ending::NoZone) => {
                let reservation = negotiation.parties.reservation;
                self.cut.rational(reservation, &self.ballot.epsilon);
                self.canvass(negotiation)
            }
            listed => listed,
        }
    }

    /// Somebody to look for cuts.
    pub(super) fn scout<'d>(&'d mut self, shape: &'d Shape, reservation: &'d [f64]) -> Scout<'d> {
        let Desk {
            bench, cut, ballot, ..
        } = self;
        Scout {
            plan: &shape.plan,
            bench,
            cut,
            ballot,
            reservation,
        }
    }

    /// Makes sure that the ideal is known.
    pub(super) fn know_ideal(&mut self, negotiation: &Negotiation<'_>) -> Result<(), Ending> {
        if self.ballot.knows_ideal {
            Ok(())
        } else {
            self.find_ideal(negotiation)
        }
    }

    /// Finds every seat's ideal gain, one seat's best deal after the other.
    pub(super) fn find_ideal(&mut self, negotiation: &Negotiation<'_>) -> Result<(), Ending> {
        let shape = negotiation.shape;
        let reservation = negotiation.parties.reservation;
        std::mem::swap(&mut self.ballot, &mut self.aside);
        self.ballot.clone_terms(&self.aside);
        let mut ideal = [0.0; MOST_SEATS];
        for (seat, ideal) in ideal.iter_mut().enumerate().take(shape.seats) {
            self.cut.rational(reservation, &self.ballot.epsilon);
            self.scout(shape, reservation).favourite(seat);
            self.canvass_cut(negotiation)?;
            let gains = self
                .ballot
                .alive
                .iter()
                .map(|&place| self.ballot.gains(place)[seat]);
            *ideal = gains.fold(0.0, f64::max);
        }
        std::mem::swap(&mut self.ballot, &mut self.aside);
        self.cut.rational(reservation, &self.ballot.epsilon);
        self.ballot.know_ideal(&ideal[..shape.seats]);
        Ok(())
    }

    /// Lends two spare deals to a search.
    pub(super) fn lend<T>(
        &mut self,
        search: impl FnOnce(&mut Desk, &mut Spot, &mut Spot) -> T,
    ) -> T {
        let mut spare = || {
            self.near
                .as_mut()
                .and_then(|near| near.spots.pop())
                .unwrap_or_default()
        };
        let (mut one, mut other) = (spare(), spare());
        let found = search(self, &mut one, &mut other);
        if let Some(near) = &mut self.near {
            near.spots.extend([one, other]);
        }
        found
    }
}

/// Refuses numbers no party can have.
fn check(seats: usize, parties: &Party<'_>) -> Result<(), Ending> {
    let all = |values: &[f64], sound: fn(f64) -> bool| {
        values.len() == seats && values.iter().all(|value| sound(*value))
    };
    if !all(parties.reservation, |value| value.abs() < 1e280) {
        return Err(Ending::Unplayable(
            "a reservation value is not a finite number",
        ));
    }
    if !all(parties.discount, |value| (0.0..=1.0).contains(&value)) {
        return Err(Ending::Unplayable("a discount factor lies outside 0 and 1"));
    }
    if !all(parties.risk, |value| value > 0.0 && value < 1e6) {
        return Err(Ending::Unplayable(
            "a risk exponent is not a positive number",
        ));
    }
    Ok(())
}
