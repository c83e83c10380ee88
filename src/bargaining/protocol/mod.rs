//! The protocols: how a negotiation comes to its end. To add one, write its file and its line here.

mod alternating_offers;
mod egalitarian;
mod kalai_smorodinsky;
mod nash;
mod take_it_or_leave_it;
mod utilitarian;

pub(super) use alternating_offers::ledger::Ledger;

use super::desk::Desk;
use super::outcome::Outcome;
use super::shape::MOST_SEATS;
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
    /// What a table must be like for it.
    pub needs: Needs,
    /// Makes it.
    pub build: fn() -> Box<dyn Protocol>,
}

/// What a table must be like for a protocol to apply.
#[derive(Debug, Clone, Copy)]
pub struct Needs {
    /// The fewest and the most seats.
    pub seats: (usize, usize),
    /// The most deals; ranges count with the points of their grid.
    pub deals: f64,
    /// Whether issues may be continuous, must be, or must not.
    pub ranges: Ranges,
    /// Whether it draws lots: the same world may end in different deals.
    pub draws: bool,
}

/// How large a table is.
#[derive(Debug, Clone, Copy)]
pub struct TableSize {
    /// Who must agree.
    pub seats: usize,
    /// Deals; ranges count with the points of their grid.
    pub deals: f64,
    /// Issues.
    pub issues: usize,
    /// Continuous ones among them.
    pub ranges: usize,
}

/// What a protocol says to continuous issues.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ranges {
    /// Settles them to any number.
    Exact,
    /// Knows only the points of their grid.
    OnGrid,
    /// Needs every issue to be continuous.
    Only,
    /// Cannot do with them.
    Never,
}

impl Needs {
    /// Any table.
    pub const ANY: Needs = Needs {
        seats: (1, MOST_SEATS),
        deals: f64::INFINITY,
        ranges: Ranges::Exact,
        draws: false,
    };

    /// Why a protocol with these needs does not apply to a table, if it does not.
    pub fn refuse(&self, table: &TableSize) -> Option<String> {
        let (fewest, most) = self.seats;
        let seats = table.seats;
        if seats < fewest || seats > most {
            let wanted = match fewest == most {
                true => fewest.to_string(),
                false => format!("{fewest} to {most}"),
            };
            return Some(format!("it needs {wanted} signatories, found {seats}"));
        }
        if table.deals > self.deals {
            let (deals, most) = (table.deals, self.deals);
            return Some(format!(
                "it looks at every deal, at most {most}; found {deals:.3e}"
            ));
        }
        match (self.ranges, table.ranges) {
            (Ranges::Never, 1..) => Some("it cannot do with continuous issues".to_string()),
            (Ranges::Only, ranges) if ranges < table.issues => {
                Some("it needs every issue to be continuous".to_string())
            }
            _ => None,
        }
    }
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
