//! How a family of parts introduces itself: name, one line about it, reference, settings.
//!
//! A family is a folder with one file per kind and one list; from that list come
//! `demarche list`, the manual, did-you-mean and the conformance tests.

mod bounds;
mod suggest;

pub use suggest::nearest;

/// What one part says of itself.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// The name authors write.
    pub name: &'static str,
    /// One line: what it does.
    pub about: &'static str,
    /// Author and year of the source.
    pub reference: &'static str,
    /// A paragraph or two for `demarche list FAMILY NAME`.
    pub manual: &'static str,
    /// What authors may set, in slot order.
    pub settings: &'static [Setting],
}

/// One thing an author may set.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// The key authors write.
    pub name: &'static str,
    /// One line: what it means, with its unit.
    pub about: &'static str,
    /// What may stand there.
    pub form: Form,
    /// The value if nothing is written; `None` means the setting must be written.
    /// For `Form::PerSeat` and `Form::Each` every seat gets this value.
    pub default: Option<f64>,
}

/// What may stand for a setting. Numbers may be formulas; bounds are inclusive.
#[derive(Debug, Clone, Copy)]
pub enum Form {
    /// A number in `[min, max]`.
    Number(f64, f64),
    /// A whole number in `[min, max]`.
    Whole(f64, f64),
    /// A table from actor to number in `[min, max]`, one slot per seat.
    PerSeat(f64, f64),
    /// A table from issue to number in `[min, max]`, one slot per issue.
    PerIssue(f64, f64),
    /// A table from actors who do not sign to numbers in `[min, max]`: two slots for each actor named,
    /// its place among them and the number. Only as a kind's last setting.
    PerActor(f64, f64),
    /// A list of deals; each slot holds one's number. Only as a kind's last setting.
    Deals,
    /// One number in `[min, max]` for all, or a table from actor to number; one slot per seat.
    Each(f64, f64),
    /// A list of deals or parts of deals, each with the round `from` which on it is on the table: for each, one
    /// slot for the round and one per issue, its level or -1. Only as a kind's last setting.
    DealsFrom,
    /// The name of a signing actor; the slot holds its seat.
    Seat,
    /// The name of any actor; the slot holds its number.
    Actor,
    /// The name of an issue; the slot holds its number.
    Issue,
    /// One of these words; the slot holds its index.
    Choice(&'static [&'static str]),
}
