//! The talks offer by offer: for a reader and for a program.

use super::telling::{as_json, settled};
use super::test::short;
use crate::bargaining::{Step, Who};
use crate::model::{Lot, Variable, VariableKind};
use crate::scenario::Scenario;
use serde_json::{Map, Value, json};

/// The steps of one sitting.
#[derive(Debug, Default)]
pub struct Trace {
    steps: Vec<Told>,
}

#[derive(Debug)]
struct Told {
    round: u32,
    who: Who,
    does: &'static str,
    /// Issue and value, as in a row of `runs.csv`.
    deal: Vec<(usize, f64)>,
    figures: Vec<(&'static str, f64)>,
}

/// Steps told to a reader at the beginning and at the end of a long sitting.
const SHOWN: usize = 40;

impl Trace {
    /// One more step; `deal` holds issue, value and level.
    pub fn push(&mut self, step: &Step<'_>, deal: &[(usize, f64, usize)], columns: &[Variable]) {
        self.steps.push(Told {
            round: step.round,
            who: step.who,
            does: step.does,
            deal: valued(deal, columns),
            figures: step.figures.to_vec(),
        });
    }

    /// One line a step; the middle of a long sitting is left out.
    pub fn text(&self, scenario: &Scenario, columns: &[Variable]) -> String {
        let mut text = String::new();
        for (nth, step) in self.steps.iter().enumerate() {
            if nth == SHOWN && self.steps.len() > 2 * SHOWN {
                let left = self.steps.len() - 2 * SHOWN;
                text.push_str(&format!("  ... {left} steps ...\n"));
            }
            if nth < SHOWN || nth + SHOWN >= self.steps.len() {
                text.push_str(&step.line(scenario, columns));
            }
        }
        text
    }

    /// Every step.
    pub fn json(&self, scenario: &Scenario, columns: &[Variable]) -> Value {
        let steps = self.steps.iter();
        steps.map(|step| step.json(scenario, columns)).collect()
    }
}

impl Told {
    fn line(&self, scenario: &Scenario, columns: &[Variable]) -> String {
        let mut line = format!("  {:>4}  ", self.round + 1);
        if let Some(who) = name(self.who, scenario) {
            line.push_str(&format!("{who} "));
        }
        line.push_str(self.does);
        if !self.deal.is_empty() {
            line.push_str(&format!(" {}", deal(&self.deal, columns)));
        }
        let figures = self.figures.iter();
        let figures: Vec<String> = figures
            .map(|(name, value)| format!("{name} {}", short(*value)))
            .collect();
        if !figures.is_empty() {
            line.push_str(&format!("  ({})", figures.join(", ")));
        }
        line.push('\n');
        line
    }

    fn json(&self, scenario: &Scenario, columns: &[Variable]) -> Value {
        let figures = self.figures.iter();
        let figures: Map<String, Value> = figures
            .map(|(name, value)| ((*name).to_string(), json!(value)))
            .collect();
        json!({
            "round": self.round,
            "who": name(self.who, scenario),
            "does": self.does,
            "deal": named(&self.deal, columns),
            "figures": figures,
        })
    }
}

fn name(who: Who, scenario: &Scenario) -> Option<&str> {
    let actor = match who {
        Who::Seat(seat) => scenario.actors.iter().filter(|actor| actor.signs).nth(seat),
        Who::Voice(voice) => scenario.actors.get(voice),
        Who::Nobody => None,
    };
    actor.map(|actor| actor.name.value.as_str())
}

/// The lottery a deal was drawn from, for a reader.
pub fn lottery(lots: &[Lot], columns: &[Variable]) -> String {
    let lots = lots.iter().filter(|_| lots.len() > 1);
    lots.map(|lot| format!("  {}\n", drawn(lot, columns)))
        .collect()
}

/// One deal of a lottery and its probability.
pub fn drawn(lot: &Lot, columns: &[Variable]) -> String {
    let deal = deal(&valued(&lot.terms, columns), columns);
    format!("with probability {}: {deal}", short(lot.share))
}

/// What a lottery gives each seat on average.
pub fn expected(lots: &[Lot]) -> Vec<f64> {
    let seats = lots.first().map_or(0, |lot| lot.utilities.len());
    let mean = |seat: usize| lots.iter().map(|lot| lot.share * lot.utilities[seat]).sum();
    (0..seats).map(mean).collect()
}

/// The same for a program; `seats` names the signatories.
pub fn lottery_json(lots: &[Lot], columns: &[Variable], seats: &[&str]) -> Value {
    lots.iter()
        .map(|lot| {
            let utilities = seats.iter().zip(&lot.utilities);
            let utilities: Map<String, Value> = utilities
                .map(|(seat, utility)| (format!("utility.{seat}"), json!(utility)))
                .collect();
            json!({
                "probability": lot.share,
                "issues": named(&valued(&lot.terms, columns), columns),
                "utilities": utilities,
            })
        })
        .collect()
}

/// Issue and value, as in a row of `runs.csv`, from issue, value and level.
fn valued(terms: &[(usize, f64, usize)], columns: &[Variable]) -> Vec<(usize, f64)> {
    let value = |&(issue, value, level): &(usize, f64, usize)| match columns[issue].kind {
        VariableKind::Level { .. } => (issue, level as f64),
        _ => (issue, value),
    };
    terms.iter().map(value).collect()
}

fn deal(terms: &[(usize, f64)], columns: &[Variable]) -> String {
    let told = terms.iter().map(|(issue, value)| {
        let variable = &columns[*issue];
        format!("{} {}", variable.name, settled(variable, *value))
    });
    told.collect::<Vec<_>>().join(", ")
}

fn named(terms: &[(usize, f64)], columns: &[Variable]) -> Map<String, Value> {
    let told = terms.iter().map(|(issue, value)| {
        let variable = &columns[*issue];
        (variable.name.clone(), as_json(variable, *value))
    });
    told.collect()
}

#[test]
fn a_lottery_is_told_deal_by_deal_and_on_average() {
    let columns = [Variable {
        name: "price".to_string(),
        role: crate::model::Role::Issue,
        kind: VariableKind::Values(vec![10.0, 20.0]),
    }];
    let lot = |share, price, utilities: [f64; 2]| Lot {
        share,
        terms: vec![(0, price, 0)],
        utilities: utilities.to_vec(),
    };
    let lots = [lot(0.25, 10.0, [40.0, 80.0]), lot(0.75, 20.0, [60.0, 20.0])];
    assert_eq!(expected(&lots), [55.0, 35.0]);
    assert_eq!(drawn(&lots[0], &columns), "with probability 0.25: price 10");
    assert_eq!(lottery(&lots[..1], &columns), "", "one deal is no lottery");
}
