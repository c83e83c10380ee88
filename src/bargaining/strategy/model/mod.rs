//! What a seat makes of the others' offers. To add a model, write its file and its line here.

mod bayes;
mod frequency;

use super::Mind;
use super::view::{Said, View};
use crate::catalogue::Kind;

/// One opponent model.
pub struct OpponentModelKind {
    /// Name, settings, reference.
    pub kind: Kind,
    pub(super) learns: &'static dyn Learns,
    /// Whether it listens at all.
    pub(super) hears: bool,
}

/// What every model can do. Its beliefs lie in the seat's mind.
pub(super) trait Learns: Sync {
    /// Takes in one offer of somebody else.
    fn hear(&self, _view: &View<'_>, _numbers: &[f64], _mind: &mut Mind, _said: &Said) {}

    /// Whether it has formed a belief.
    fn knows(&self, _mind: &Mind) -> bool {
        false
    }

    /// How much it believes the others like a deal, between 0 and 1.
    fn utility(&self, _view: &View<'_>, _mind: &Mind, _deal: u32) -> f64 {
        0.0
    }
}

impl OpponentModelKind {
    /// Whether it listens at all.
    pub(in crate::bargaining) fn hears(&self) -> bool {
        self.hears
    }

    /// Takes in one offer of somebody else.
    pub(in crate::bargaining) fn hear(
        &self,
        view: &View<'_>,
        numbers: &[f64],
        mind: &mut Mind,
        said: &Said,
    ) {
        self.learns.hear(view, numbers, mind, said);
    }

    pub(super) fn knows(&self, mind: &Mind) -> bool {
        self.learns.knows(mind)
    }

    pub(super) fn utility(&self, view: &View<'_>, mind: &Mind, deal: u32) -> f64 {
        self.learns.utility(view, mind, deal)
    }
}

impl std::fmt::Debug for OpponentModelKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.kind.name)
    }
}

/// Every opponent model, in the order of the manual.
pub const OPPONENT_MODELS: &[&OpponentModelKind] = &[&NONE, &frequency::FREQUENCY, &bayes::BAYES];

const NONE: OpponentModelKind = OpponentModelKind {
    kind: Kind {
        name: "none",
        about: "believes nothing",
        reference: "",
        manual: "It learns nothing from what it hears.",
        settings: &[],
    },
    learns: &Nothing,
    hears: false,
};

struct Nothing;

impl Learns for Nothing {}
