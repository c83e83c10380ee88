//! A negotiation in one world: what is at stake, for whom, under which settings.

use super::shape::{Grid, Shape};
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

/// Everything a protocol may look at.
pub struct Negotiation<'w> {
    /// The structure, the same in every world.
    pub shape: &'w Shape,
    /// The numbers of this world.
    pub stakes: &'w mut dyn Stakes,
    /// The parties.
    pub parties: Party<'w>,
    /// What actors say on the issues; nothing unless the protocol hears voices.
    pub voices: Voices<'w>,
    /// The protocol's settings, in the order of its kind's slots.
    pub settings: &'w [f64],
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
            chance: Chance::default(),
            watch: None,
        }
    }

    /// Tells a step to whoever follows.
    #[inline]
    pub(super) fn tell(&mut self, step: &Step<'_>) {
        if let Some(watch) = &mut self.watch {
            watch.step(step);
        }
    }
}
