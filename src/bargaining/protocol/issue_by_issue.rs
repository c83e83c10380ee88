//! One issue after the other, each settled by a rule: separately, or on top of what is settled.
//!
//! Separately: `x_k` is the rule's choice among the issue's own values, disagreement at its status quo.
//! In sequence: among the texts that differ in issue `k`, disagreement at the text before. Raiffa
//! (1982), Fershtman (1990), Lang & Rosenthal (2001).

use super::{Needs, POWER, Protocol, ProtocolKind, rules};
use crate::bargaining::arbitration::{Rule, arbitrate};
use crate::bargaining::desk::Desk;
use crate::bargaining::outcome::{Ending, Outcome};
use crate::bargaining::piecemeal::{OneIssue, Part, Partial, Piecemeal, Reading};
use crate::bargaining::shape::{MOST_SEATS, Shape};
use crate::bargaining::stakes::{Negotiation, Party};
use crate::bargaining::tables::Tables;
use crate::bargaining::watch::{Step, Who};
use crate::catalogue::{Form, Kind, Setting};

pub(super) const ISSUE_BY_ISSUE: ProtocolKind = ProtocolKind {
    kind: Kind {
        name: "issue-by-issue",
        about: "each issue is settled by a rule on its own; no trades across issues",
        reference: "Raiffa 1982; Fershtman 1990; Lang & Rosenthal 2001",
        manual: "With `order = \"separate\"` the arbitrator looks at each issue alone, at what its own levels \
give; without agreement on it, everybody has what its status quo gives (nothing, if it has none). The order does not \
matter; issues that somebody values together cannot be settled so. With `order = \"sequential\"` issues are settled in \
the order of the scenario: each choice is made among the texts that differ in this issue alone, earlier issues as \
settled, later ones at their status quo; disagreement is the text before. A later issue without a status quo counts \
for nothing until its turn. An issue on which nobody can agree stays at its status quo; if it has none, there is no \
agreement at all. In the end each signatory signs if the whole is worth at least its reservation value \
and breaks no rule.",
        settings: &[
            Setting {
                name: "rule",
                about: "the rule by which each issue is settled",
                form: Form::Choice(&[
                    "nash",
                    "kalai-smorodinsky",
                    "egalitarian",
                    "utilitarian",
                    "equal-loss",
                ]),
                default: Some(0.0),
            },
            Setting {
                name: "order",
                about: "each issue for itself, or one on top of the other",
                form: Form::Choice(&["separate", "sequential"]),
                default: Some(1.0),
            },
            POWER,
        ],
    },
    needs: Needs::ANY,
    build: || Box::new(IssueByIssue(rules())),
};

const TOO_LARGE: &str = "the table of one issue is too large";

/// Kinds of tables that a desk remembers.
const MOST_TABLES: usize = 1024;

/// With the rules to choose from.
struct IssueByIssue([Box<dyn Rule>; 5]);

impl Protocol for IssueByIssue {
    fn negotiate(&self, negotiation: &mut Negotiation<'_>, desk: &mut Desk) -> Outcome {
        let shape = negotiation.shape;
        let mut piecemeal = match desk.piecemeal.remove(&shape.id) {
            Some(piecemeal) => piecemeal,
            None => match Piecemeal::new(shape) {
                Ok(piecemeal) => piecemeal,
                Err(_) => {
                    return Outcome::at_once(Ending::Unplayable(TOO_LARGE));
                }
            },
        };
        let ended = self.settle(negotiation, desk, &mut piecemeal);
        if desk.piecemeal.len() >= MOST_TABLES {
            desk.piecemeal.clear();
        }
        desk.piecemeal.insert(shape.id, piecemeal);
        ended.unwrap_or_else(Outcome::at_once)
    }
}

impl IssueByIssue {
    fn settle(
        &self,
        negotiation: &mut Negotiation<'_>,
        desk: &mut Desk,
        piecemeal: &mut Piecemeal,
    ) -> Result<Outcome, Ending> {
        let shape = negotiation.shape;
        let [rule, order, power @ ..] = negotiation.settings else {
            return Err(Ending::Unplayable("issue by issue needs its settings"));
        };
        let rule = &*self.0[(*rule as usize).min(self.0.len() - 1)];
        let is_alone = *order == 0.0;
        if is_alone && shape.scopes.factors.iter().any(|scope| scope.len() > 1) {
            return Err(Ending::Unplayable(
                "issues that are valued together cannot be settled separately",
            ));
        }
        desk.read(negotiation)?;
        let tables = &desk.bench.tables;
        let Piecemeal { parts, text, .. } = piecemeal;
        text.open(shape, |issue| negotiation.stands(issue));
        for (issue, part) in parts.iter_mut().enumerate() {
            let mut table = Turn {
                rule,
                power,
                is_alone,
                tables,
                text,
            };
            table.settle(issue, part, negotiation)?;
            tell(issue, parts_left(text, shape), text, negotiation);
        }
        sign(negotiation, desk, text)
    }
}

/// One issue's turn.
struct Turn<'t> {
    rule: &'t dyn Rule,
    power: &'t [f64],
    is_alone: bool,
    tables: &'t Tables,
    text: &'t mut Partial,
}

impl Turn<'_> {
    fn settle(
        &mut self,
        issue: usize,
        part: &mut Part,
        negotiation: &mut Negotiation<'_>,
    ) -> Result<(), Ending> {
        let shape = negotiation.shape;
        let stands = self.text.deal[issue];
        let mut whole = Reading {
            shape,
            stakes: &mut *negotiation.stakes,
            tables: self.tables,
            text: &mut *self.text,
        };
        whole.is_allowed(None);
        let mut before = [0.0; MOST_SEATS];
        for (seat, before) in before.iter_mut().enumerate().take(shape.seats) {
            *before = whole.worth(seat, self.is_alone.then_some(issue));
        }
        whole.text.counts[issue] = true;
        let mut stakes = OneIssue {
            whole,
            issue,
            is_alone: self.is_alone,
        };
        let parties = Party {
            reservation: &before[..shape.seats],
            ..negotiation.parties
        };
        let mut talks = Negotiation::new(&part.shape, &mut stakes, parties, self.power);
        let entry = match arbitrate(self.rule, self.power, &mut talks, &mut part.desk, true) {
            Ok(_) => part.desk.deal()[0],
            Err(Ending::NoZone) if !stands.is_nan() => stands,
            Err(ending) => return Err(ending),
        };
        self.text.put(shape, issue, entry);
        Ok(())
    }
}

/// Whether some issue is open yet.
fn parts_left(text: &Partial, shape: &Shape) -> bool {
    text.counts[..shape.issues.len()].contains(&false)
}

/// Tells the text after an issue was settled, once every issue lies somewhere.
fn tell(issue: usize, is_open: bool, text: &Partial, negotiation: &mut Negotiation<'_>) {
    let deal = if is_open { &[][..] } else { &text.deal };
    negotiation.tell(&Step {
        round: issue as u32,
        who: Who::Nobody,
        does: "the text becomes",
        deal,
        figures: &[],
    });
}

/// Everybody signs a text that keeps all rules and leaves nobody below its reservation value.
fn sign(
    negotiation: &mut Negotiation<'_>,
    desk: &mut Desk,
    text: &mut Partial,
) -> Result<Outcome, Ending> {
    let shape = negotiation.shape;
    let mut whole = Reading {
        shape,
        stakes: &mut *negotiation.stakes,
        tables: &desk.bench.tables,
        text,
    };
    if !whole.is_allowed(None) {
        return Err(Ending::Rejected);
    }
    let mut utilities = [0.0; MOST_SEATS];
    for (seat, utility) in utilities.iter_mut().enumerate().take(shape.seats) {
        *utility = whole.worth(seat, None);
    }
    let round = shape.issues().saturating_sub(1) as u32;
    let mut signs = true;
    for (seat, &utility) in utilities[..shape.seats].iter().enumerate() {
        let reservation = negotiation.parties.reservation[seat];
        if utility < reservation - desk.ballot.epsilon[seat] {
            signs = false;
            negotiation.tell(&Step {
                round,
                who: Who::Seat(seat),
                does: "does not sign",
                deal: &[],
                figures: &[("utility", utility), ("reservation", reservation)],
            });
        }
    }
    match signs {
        true => Ok(desk.settle_on(&text.deal, &utilities[..shape.seats], round)),
        false => Err(Ending::Rejected),
    }
}
