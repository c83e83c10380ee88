//! A negotiation in one world: what is at stake, for whom, under which settings.

use super::belief::Beliefs;
use super::shape::{Grid, Shape};
use super::strategy::Conduct;
use super::voices::Voices;
use super::watch::{Step, Watch};
use crate::uncertainty::Chance;

/// One world, as bargaining sees it: the tables behind the shape's factors and rules.
pub trait Stakes {
    /// Values of one factor for every assignment of its scope: row-major in scope order, the last
    /// issue fastest.
    fn factor(&mut self, which: usize, grid: &Grid, out: &mut [f64]);
    /// One rule over its scope, in the same order: true where allowed.
    fn rule(&mut self, which: usize, grid: &Grid, out: &mut [bool]);
}

/// The parties' own numbers, one entry per seat.
#[derive(Debug, Clone, Copy)]
pub struct Party<'w> {
    /// The utility of no agreement.
    pub reservation: &'w [f64],
    /// What a gain is worth one round later, in `[0, 1]`.
    pub discount: &'w [f64],
    /// The exponent `rho` of the von Neumann-Morgenstern utility `gain^rho`; 1 is risk neutral,
    /// less is risk averse. It bends what protocols compare, never the utilities reported.
    pub risk: &'w [f64],
}

/// What an issue at the table is elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Its number among all issues, as settings per issue count them.
    pub issue: usize,
    /// Whether its levels are more or less of something, and not just different.
    pub is_ordered: bool,
}

/// A game that somebody believes in.
pub struct Rumours<'w> {
    /// Its structure: the same issues, with a seat for each kind of opponent.
    pub shape: &'w Shape,
    /// Its numbers.
    pub stakes: &'w mut dyn Stakes,
}

/// Everything a protocol may look at.
pub struct Negotiation<'w> {
    /// The structure, the same in every world.
    pub shape: &'w Shape,
    /// The numbers of this world.
    pub stakes: &'w mut dyn Stakes,
    /// The parties.
    pub parties: Party<'w>,
    /// What stands without a deal, issue by issue: the level's index, or the value of a continuous
    /// issue; NaN, or no entry at all, where nothing does.
    pub standing: &'w [f64],
    /// What actors say on the issues; nothing unless the protocol hears voices.
    pub voices: Voices<'w>,
    /// The protocol's settings, in the order of its kind's slots.
    pub settings: &'w [f64],
    /// How each seat behaves, for protocols that leave it to the seats.
    pub conduct: Conduct<'w>,
    /// What each issue at the table is elsewhere; empty if nobody said.
    pub places: &'w [Place],
    /// What the kinds of opponent somebody believes in would get: another game over the same issues.
    pub rumours: Option<Rumours<'w>>,
    /// What the seats know of each other, if not everything.
    pub beliefs: Option<Beliefs<'w>>,
    /// What is drawn at the table.
    pub chance: Chance,
    /// Who follows the steps, if anybody does.
    pub watch: Option<&'w mut dyn Watch>,
}

impl<'w> Negotiation<'w> {
    /// A negotiation nobody follows, with the first play's luck.
    pub fn new(
        shape: &'w Shape,
        stakes: &'w mut dyn Stakes,
        parties: Party<'w>,
        settings: &'w [f64],
    ) -> Negotiation<'w> {
        Negotiation {
            shape,
            stakes,
            parties,
            voices: Voices::default(),
            settings,
            conduct: Conduct::default(),
            places: &[],
            rumours: None,
            beliefs: None,
            standing: &[],
            chance: Chance::default(),
            watch: None,
        }
    }

    /// The same negotiation between parties with other numbers.
    pub(super) fn with<'s>(&'s mut self, parties: Party<'s>) -> Negotiation<'s> {
        Negotiation {
            shape: self.shape,
            stakes: &mut *self.stakes,
            parties,
            voices: self.voices,
            standing: self.standing,
            settings: self.settings,
            conduct: self.conduct,
            places: self.places,
            rumours: match &mut self.rumours {
                Some(rumours) => Some(Rumours {
                    shape: rumours.shape,
                    stakes: &mut *rumours.stakes,
                }),
                None => None,
            },
            beliefs: self.beliefs,
            chance: self.chance.clone(),
            watch: match &mut self.watch {
                Some(watch) => Some(&mut **watch),
                None => None,
            },
        }
    }

    /// What stands without a deal on one issue; NaN if nothing does.
    pub(super) fn stands(&self, issue: usize) -> f64 {
        self.standing.get(issue).copied().unwrap_or(f64::NAN)
    }

    /// Tells a step to whoever follows.
    #[inline]
    pub(super) fn tell(&mut self, step: &Step<'_>) {
        if let Some(watch) = &mut self.watch {
            watch.step(step);
        }
    }
}
