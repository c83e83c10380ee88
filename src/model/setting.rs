//! Settings of a kind: what is written resolved into one node per slot.

use super::Place;
use super::compiler::{Compiler, Room};
use super::listed::{number_of, part_of};
use super::patch::Origin;
use crate::catalogue::{Form, Kind, Setting};
use crate::expression::{Fault, NodeId};
use crate::scenario::{self, Diagnostic, Formula, SettingValue, Span};

/// What is written for some kinds, and where.
pub(super) struct Wanted<'s> {
    /// The kinds in force.
    pub kinds: Vec<&'static Kind>,
    /// The kinds written, where others are in force: their settings may stay.
    pub base: Vec<&'static Kind>,
    /// Every kind that could stand there: whose settings are taken for those of the kinds in force.
    pub others: Vec<&'static Kind>,
    /// The TOML path of the settings.
    pub address: String,
    pub written: &'s [scenario::Setting],
    /// Where a missing setting is reported.
    pub span: Span,
}

impl Wanted<'_> {
    /// The slots of one kind's settings.
    pub fn resolve(
        &self,
        compiler: &mut Compiler<'_>,
        kind: &'static Kind,
        seats: &[(usize, String)],
    ) -> Vec<NodeId> {
        let mut slots = Vec::new();
        for setting in kind.settings {
            self.resolve_one(compiler, kind, setting, seats, &mut slots);
        }
        slots
    }

    fn resolve_one(
        &self,
        compiler: &mut Compiler<'_>,
        kind: &'static Kind,
        setting: &'static Setting,
        seats: &[(usize, String)],
        slots: &mut Vec<NodeId>,
    ) {
        let written = self.written.iter().find(|s| s.key.value == setting.name);
        let written = written.filter(|_| self.means_it(setting));
        let value = written.map(|setting| &setting.value);
        if let (None, None, true) = (setting.default, value, !self.is_patched(compiler, setting)) {
            let missing = format!("it needs the setting `{}`", setting.name);
            compiler.refusal.get_or_insert(missing);
            let message = format!("`{}` needs the setting `{}`", kind.name, setting.name);
            let found = Diagnostic::error(self.span.clone(), message).label(setting.about);
            compiler.faults.push(found);
            return;
        }
        let scenario = compiler.scenario;
        match (setting.form, value) {
            (Form::Each(..), None | Some(SettingValue::Formula(_))) => {
                let formula = match value {
                    Some(SettingValue::Formula(formula)) => Some(formula),
                    _ => None,
                };
                let all = self.number(compiler, setting, formula, None);
                for (_, seat) in seats {
                    let own = format!("{}.{seat}", self.address_of(setting));
                    slots.push(match compiler.patches.contains_key(&own) {
                        true => self.number(compiler, setting, None, Some(seat)),
                        false => all,
                    });
                }
            }
            (Form::PerSeat(..) | Form::Each(..), _) => {
                let names: Vec<&str> = seats.iter().map(|(_, name)| name.as_str()).collect();
                self.by_name(
                    compiler,
                    setting,
                    "a signatory",
                    "an actor who signs",
                    &names,
                    value,
                    slots,
                );
            }
            (Form::PerIssue(..), _) => {
                let issues = scenario.issues.iter();
                let names: Vec<&str> = issues.map(|issue| issue.name.value.as_str()).collect();
                self.by_name(
                    compiler,
                    setting,
                    "an issue",
                    "one of [issues]",
                    &names,
                    value,
                    slots,
                );
            }
            (Form::PerActor(..), Some(SettingValue::Table(entries))) => {
                self.by_actor(compiler, setting, entries, slots);
            }
            (Form::Deals, Some(SettingValue::Deals(deals))) => {
                if deals.is_empty() {
                    let message = format!("`{}` is empty", setting.name);
                    let found = Diagnostic::error(self.place_of(setting), message)
                        .label("expected at least one deal");
                    compiler.faults.push(found);
                }
                for deal in deals {
                    let number = number_of(compiler, deal);
                    slots.push(compiler.graph.constant(number));
                }
            }
            (Form::DealsFrom, Some(SettingValue::Deals(deals))) => {
                self.refuse_tables(compiler, setting);
                for deal in deals {
                    let numbers = part_of(compiler, deal);
                    slots.extend(
                        numbers
                            .iter()
                            .map(|number| compiler.graph.constant(*number)),
                    );
                }
            }
            (Form::DealsFrom, None) => {}
            (Form::PerActor(..) | Form::Deals | Form::DealsFrom, _) => {
                let expected = match setting.form {
                    Form::Deals | Form::DealsFrom => "a list of deals",
                    _ => "a table from actors to numbers",
                };
                let span = value.and_then(span_of);
                let span = span.unwrap_or(self.place_of(setting));
                let message = format!("`{}` is not {expected}", setting.name);
                let found = Diagnostic::error(span, message).label(format!("expected {expected}"));
                compiler.faults.push(found);
            }
            (_, Some(value @ (SettingValue::Table(_) | SettingValue::Deals(_)))) => {
                let what = match value {
                    SettingValue::Table(_) => "a table",
                    _ => "a list",
                };
                let message = format!("`{}` is not {what}", setting.name);
                let span = span_of(value).unwrap_or(self.place_of(setting));
                let found = Diagnostic::error(span, message).label("expected one value");
                compiler.faults.push(found);
                slots.push(compiler.graph.constant(0.0));
            }
            (form, Some(SettingValue::Formula(formula))) => {
                slots.push(self.single(compiler, setting, form, Some(formula), seats));
            }
            (form, None) => slots.push(self.single(compiler, setting, form, None, seats)),
        }
    }

    /// Whether what is written under this name was written for this setting. Where another kind is in force than
    /// the one written, only settings that mean the same to both stay: `rounds` is not `rounds` everywhere.
    fn means_it(&self, setting: &Setting) -> bool {
        let mut others = self.base.iter().flat_map(|kind| kind.settings);
        let namesake = others.find(|other| other.name == setting.name);
        namesake.is_none_or(|other| other.about == setting.about)
    }

    /// Deals that are listed have a place only where one session is about everything, and all issues have
    /// levels.
    fn refuse_tables(&self, compiler: &mut Compiler<'_>, setting: &Setting) {
        let scenario = compiler.scenario;
        let Some(written) = self.written.iter().find(|s| s.key.value == setting.name) else {
            return;
        };
        let range = scenario.issues.iter().find(|issue| issue.count().is_none());
        let (what, expected) = match (&scenario.calendar, range) {
            (Some(_), _) => (
                "over a calendar".to_string(),
                "expected a single session about everything",
            ),
            (None, Some(issue)) => (
                format!("with the continuous issue `{}`", issue.name.value),
                "expected issues with levels only",
            ),
            (None, None) => return,
        };
        let message = format!("`{}` cannot be played {what}", setting.name);
        let found = Diagnostic::error(written.key.span.clone(), message).label(expected);
        compiler.faults.push(found);
    }

    /// A setting of one slot.
    fn single(
        &self,
        compiler: &mut Compiler<'_>,
        setting: &'static Setting,
        form: Form,
        written: Option<&Formula>,
        seats: &[(usize, String)],
    ) -> NodeId {
        let words: Vec<&str> = match form {
            Form::Seat => seats.iter().map(|(_, name)| name.as_str()).collect(),
            Form::Actor => {
                let actors = compiler.scenario.actors.iter();
                actors.map(|actor| actor.name.value.as_str()).collect()
            }
            Form::Issue => {
                let issues = compiler.scenario.issues.iter();
                issues.map(|issue| issue.name.value.as_str()).collect()
            }
            Form::Choice(words) => words.to_vec(),
            _ => return self.number(compiler, setting, written, None),
        };
        let patches = compiler.patches.get(&self.address_of(setting));
        let patch = patches.and_then(|patches| patches.last().copied());
        let (formula, origin) = match (patch, written) {
            (Some(patch), _) => (&patch.formula, patch.origin),
            (None, Some(formula)) => (formula, Origin::File),
            (None, None) => return compiler.graph.constant(setting.default.unwrap_or(0.0)),
        };
        match words.iter().position(|word| *word == formula.text.trim()) {
            Some(index) => compiler.graph.constant(index as f64),
            None => {
                let what = match form {
                    Form::Seat => "a signatory",
                    Form::Actor => "an actor",
                    Form::Issue => "an issue",
                    _ => "a choice",
                };
                let message = format!("`{}` is not {what} of `{}`", formula.text, setting.name);
                let found = Diagnostic::error(formula.span.clone(), message)
                    .label(format!("expected one of {}", words.join(", ")))
                    .did_you_mean(&formula.text, words);
                compiler.report_at(origin, found);
                compiler.graph.constant(0.0)
            }
        }
    }

    /// A number in a setting's bounds; without one written, its default, which patches may replace.
    pub(super) fn number(
        &self,
        compiler: &mut Compiler<'_>,
        setting: &'static Setting,
        written: Option<&Formula>,
        name: Option<&str>,
    ) -> NodeId {
        let address = match name {
            Some(name) => format!("{}.{name}", self.address_of(setting)),
            None => self.address_of(setting),
        };
        let default = setting.default.unwrap_or(1.0);
        let unwritten = Formula {
            text: default.to_string(),
            literal: Some(default),
            span: 0..0,
            inner: None,
            address,
        };
        let formula = written.unwrap_or(&unwritten);
        let id = match in_force(compiler, formula) {
            "inf" => compiler.graph.constant(f64::INFINITY),
            _ => compiler.number(formula, Room::World),
        };
        let (low, high, whole) = match setting.form {
            Form::Number(low, high)
            | Form::PerSeat(low, high)
            | Form::Each(low, high)
            | Form::PerIssue(low, high)
            | Form::PerActor(low, high) => (low, high, false),
            Form::Whole(low, high) => (low, high, true),
            Form::Seat
            | Form::Actor
            | Form::Issue
            | Form::Choice(_)
            | Form::Deals
            | Form::DealsFrom => return id,
        };
        let allowed =
            |value: f64| low <= value && value <= high && (!whole || value == value.floor());
        if let Some(value) = compiler.graph.known_value(id)
            && !(allowed(value) || (value.is_nan() && default.is_nan()) || value == default)
        {
            let what = if whole { "a whole number" } else { "a number" };
            let patches = compiler.patches.get(&formula.address);
            let place = match patches.and_then(|patches| patches.last()) {
                Some(patch) => Place {
                    origin: patch.origin,
                    formula: patch.formula.clone(),
                },
                None => Place {
                    origin: Origin::File,
                    formula: formula.clone(),
                },
            };
            let range = 0..place.formula.text.len();
            let message = format!("`{}` is out of bounds", setting.name);
            let label = format!("expected {what}{}; found {value}", between(low, high));
            compiler.report(Fault::new(range, message, label), &place);
        }
        id
    }

    fn is_patched(&self, compiler: &Compiler<'_>, setting: &Setting) -> bool {
        let address = self.address_of(setting);
        let below = format!("{address}.");
        compiler
            .patches
            .keys()
            .any(|key| *key == address || key.starts_with(&below))
    }

    /// Where a setting is written.
    pub(super) fn place_of(&self, setting: &Setting) -> Span {
        let written = self.written.iter().find(|s| s.key.value == setting.name);
        written.map_or(self.span.clone(), |written| written.key.span.clone())
    }

    fn address_of(&self, setting: &Setting) -> String {
        format!("{}.{}", self.address, setting.name)
    }
}

/// Bounds in words; those so large that they only keep arithmetic sound are not told.
fn between(low: f64, high: f64) -> String {
    match (low.abs() < 1e10, high.abs() < 1e10) {
        (true, true) => format!(" from {low} to {high}"),
        (true, false) => format!(" of at least {low}"),
        (false, true) => format!(" of at most {high}"),
        (false, false) => " that is finite".to_string(),
    }
}

/// What stands for a setting in the end: what patches say, or what is written.
fn in_force<'f>(compiler: &Compiler<'f>, written: &'f Formula) -> &'f str {
    let patches = compiler.patches.get(&written.address);
    let patch = patches.and_then(|patches| patches.last());
    patch.map_or(written.text.trim(), |patch| patch.formula.text.trim())
}

/// Where a value begins; an empty table or list does nowhere.
pub(super) fn span_of(value: &SettingValue) -> Option<Span> {
    match value {
        SettingValue::Formula(formula) => Some(formula.span.clone()),
        SettingValue::Table(entries) => entries.first().map(|(name, _)| name.span.clone()),
        SettingValue::Deals(deals) => deals.first().map(|deal| deal.span.clone()),
    }
}
