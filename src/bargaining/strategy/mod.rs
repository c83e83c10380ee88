//! How one seat behaves at a table where offers go round: what it offers, what it accepts, what it
//! makes of the others' offers.
//!
//! A strategy gets a [`View`] and nothing else: its own utilities, what was said, how late it is. What
//! others gain is out of its reach. Baarslag et al. (2014), "Decoupling negotiating agents".

mod acceptance;
mod mind;
mod model;
mod offers;
mod view;

pub use acceptance::{ACCEPTANCES, AcceptanceKind};
pub use model::{OPPONENT_MODELS, OpponentModelKind};
pub use offers::{OFFERS, OfferKind};

pub(super) use mind::Mind;
pub(super) use offers::Own;
pub(super) use view::{Bid, Said, View};

/// What one seat does: chosen once per model, its numbers follow in every world.
#[derive(Debug, Clone, Copy)]
pub struct Manner {
    /// What it offers.
    pub offers: &'static OfferKind,
    /// What it accepts.
    pub accepts: &'static AcceptanceKind,
    /// What it makes of the others' offers.
    pub model: &'static OpponentModelKind,
    /// How many numbers belong to each of the three.
    pub slots: [usize; 3],
}

/// What every seat does, in one world.
#[derive(Debug, Clone, Copy, Default)]
pub struct Conduct<'w> {
    /// Seat by seat.
    pub manners: &'w [Manner],
    /// The numbers of each seat in turn: those of its offers, its acceptance, its model.
    pub numbers: &'w [f64],
}

impl Conduct<'_> {
    /// Whether every number is there and what its setting allows.
    pub(super) fn is_sound(&self) -> bool {
        let mut rest = self.numbers;
        let all = self.manners.iter().all(|manner| {
            let kinds = [
                &manner.offers.kind,
                &manner.accepts.kind,
                &manner.model.kind,
            ];
            kinds.iter().zip(manner.slots).all(|(kind, slots)| {
                let Some((own, others)) = rest.split_at_checked(slots) else {
                    return false;
                };
                rest = others;
                kind.allows(own, self.manners.len(), None)
            })
        });
        all && rest.is_empty()
    }
}
