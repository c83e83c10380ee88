//! The protocols: how a negotiation comes to its end. To add one, write its file and its line here.

mod alternating_offers;
mod challenge;
mod egalitarian;
mod equal_area;
mod equal_loss;
mod exchange;
mod frequent_offers;
mod issue_by_issue;
mod kalai_smorodinsky;
mod nash;
mod raiffa;
mod single_text;
mod stacked_offers;
mod take_it_or_leave_it;
mod utilitarian;
mod weighted_mean;
mod weighted_median;
mod zeuthen;

pub(super) use challenge::Arena;
pub(super) use exchange::Market;

use super::belief::negotiate_on_belief;
pub(super) use alternating_offers::ledger::Ledger;

use super::desk::Desk;
use super::lottery;
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
    /// What it makes of what signatories do not know of each other.
    pub information: Information,
    /// Whether it weighs what actors say, signing or not.
    pub hears: bool,
}

/// What a protocol makes of what signatories do not know of each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Information {
    /// It is played in the game the table believes in; then each signatory may refuse to sign.
    Believed,
    /// It minds beliefs by itself.
    Minded,
    /// Nobody needs to know anything of the others.
    Own,
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

impl ProtocolKind {
    /// Plays one negotiation to its end, under what the signatories know of each other.
    pub fn negotiate(
        &self,
        protocol: &dyn Protocol,
        negotiation: &mut Negotiation<'_>,
        desk: &mut Desk,
    ) -> Outcome {
        match negotiation.beliefs {
            Some(beliefs) if self.needs.information == Information::Believed => {
                negotiate_on_belief(protocol, negotiation, desk, beliefs)
            }
            _ => protocol.negotiate(negotiation, desk),
        }
    }
}

impl Needs {
    /// Any table.
    pub const ANY: Needs = Needs {
        seats: (1, MOST_SEATS),
        deals: f64::INFINITY,
        ranges: Ranges::Exact,
        draws: false,
        information: Information::Believed,
        hears: false,
    };

    /// Any table, even one without signatories: everybody's voice is heard.
    pub const VOICES: Needs = Needs {
        seats: (0, MOST_SEATS),
        hears: true,
        information: Information::Own,
        ..Needs::ANY
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
    &equal_loss::EQUAL_LOSS,
    &equal_area::EQUAL_AREA,
    &raiffa::RAIFFA,
    &zeuthen::ZEUTHEN,
    &frequent_offers::FREQUENT_OFFERS,
    &take_it_or_leave_it::TAKE_IT_OR_LEAVE_IT,
    &alternating_offers::ALTERNATING_OFFERS,
    &stacked_offers::STACKED_OFFERS,
    &single_text::SINGLE_TEXT,
    &issue_by_issue::ISSUE_BY_ISSUE,
    &weighted_median::WEIGHTED_MEDIAN,
    &weighted_mean::WEIGHTED_MEAN,
    &challenge::CHALLENGE,
    &exchange::EXCHANGE,
];

/// The setting all rules share.
const POWER: Setting = Setting {
    name: "power",
    about: "bargaining power of each signatory; only the proportions matter",
    form: Form::PerSeat(0.0, 1e9),
    default: Some(1.0),
};

/// The setting of rules that can mix deals.
const LOTTERIES: Setting = Setting {
    name: "lotteries",
    about: "whether deals are mixed by lot: none, ex_post (true) or ex_ante",
    form: Form::Choice(lottery::WORDS),
    default: Some(0.0),
};

/// The rules behind the arbitrated protocols, in the order of the manual.
pub(super) fn rules() -> [Box<dyn super::arbitration::Rule>; 5] {
    use equal_loss::EqualLoss;
    use {egalitarian::Egalitarian, kalai_smorodinsky::KalaiSmorodinsky};
    use {nash::Nash, utilitarian::Utilitarian};
    [
        Box::new(Nash),
        Box::new(KalaiSmorodinsky),
        Box::new(Egalitarian),
        Box::new(Utilitarian),
        Box::new(EqualLoss),
    ]
}
