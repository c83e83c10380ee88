//! A negotiation in one world: what is at stake, for whom, under which settings.

use super::shape::{Grid, Shape};

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
    /// The protocol's settings, in the order of its kind's slots.
    pub settings: &'w [f64],
}
