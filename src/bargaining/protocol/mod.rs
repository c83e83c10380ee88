//! The protocols: how a negotiation comes to its end. To add one, write its file and its line here.

mod alternating_offers;
mod egalitarian;
mod kalai_smorodinsky;
mod nash;
mod take_it_or_leave_it;
mod utilitarian;

use super::desk::Desk;
use super::outcome::Outcome;
use super::stakes::Negotiation;
use crate::catalogue::{Form, Kind, Setting};

/// The rules that end a negotiation.
pub trait Protocol: Send + Sync {
    /// Plays one negotiation to its end; an agreed deal is left on the desk.
    fn negotiate(&self, negotiation: &mut Negotiation<'_>, desk: &mut Desk) -> Outcome;
}

/// What a protocol says of itself, and how it is made.
pub struct ProtocolKind {
    /// Name, settings, reference.
    pub kind: Kind,
    /// The fewest and the most seats it can serve.
    pub seats: (usize, usize),
    /// Makes it.
    pub build: fn() -> Box<dyn Protocol>,
}

/// Every protocol, in the order of the manual.
pub const PROTOCOLS: &[&ProtocolKind] = &[
    &nash::NASH,
    &kalai_smorodinsky::KALAI_SMORODINSKY,
    &egalitarian::EGALITARIAN,
    &utilitarian::UTILITARIAN,
    &take_it_or_leave_it::TAKE_IT_OR_LEAVE_IT,
    &alternating_offers::ALTERNATING_OFFERS,
];

/// The setting all rules share.
const POWER: Setting = Setting {
    name: "power",
    about: "bargaining power of each signatory; only the proportions matter",
    form: Form::PerSeat(0.0, 1e9),
    default: Some(1.0),
};

/// The rules behind the arbitrated protocols.
#[cfg(test)]
pub(super) fn rules() -> [Box<dyn super::arbitration::Rule>; 4] {
    use {egalitarian::Egalitarian, kalai_smorodinsky::KalaiSmorodinsky};
    use {nash::Nash, utilitarian::Utilitarian};
    [
        Box::new(Nash),
        Box::new(KalaiSmorodinsky),
        Box::new(Egalitarian),
        Box::new(Utilitarian),
    ]
}
