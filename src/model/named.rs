//! Settings that are tables: a number for each signatory, issue or kind of opponent.

use super::compiler::Compiler;
use super::setting::{Wanted, span_of};
use crate::catalogue::{Form, Setting};
use crate::expression::NodeId;
use crate::scenario::{Diagnostic, Formula, Located, SettingValue};

impl Wanted<'_> {
    /// One slot for each of these names.
    #[expect(
        clippy::too_many_arguments,
        reason = "what the names are called belongs to the names"
    )]
    pub(super) fn by_name(
        &self,
        compiler: &mut Compiler<'_>,
        setting: &'static Setting,
        what: &str,
        expected: &str,
        names: &[&str],
        value: Option<&SettingValue>,
        slots: &mut Vec<NodeId>,
    ) {
        match value {
            Some(SettingValue::Table(entries)) => {
                for (name, _) in entries
                    .iter()
                    .filter(|(n, _)| !names.contains(&n.value.as_str()))
                {
                    let message = format!("`{}` is not {what}", name.value);
                    let found = Diagnostic::error(name.span.clone(), message)
                        .label(format!("expected {expected}"))
                        .did_you_mean(&name.value, names.iter().copied());
                    compiler.faults.push(found);
                }
                for name in names {
                    let entry = entries.iter().find(|(written, _)| written.value == *name);
                    let formula = entry.map(|(_, formula)| formula);
                    slots.push(self.number(compiler, setting, formula, Some(name)));
                }
            }
            Some(other) => {
                let message = format!(
                    "`{}` needs one number for each {}",
                    setting.name,
                    match setting.form {
                        Form::PerIssue(..) => "issue",
                        _ => "signatory",
                    }
                );
                let example: Vec<String> = names.iter().map(|name| format!("{name} = 1")).collect();
                let help = format!("write `{} = {{ {} }}`", setting.name, example.join(", "));
                let span = span_of(other).unwrap_or(self.place_of(setting));
                let found = Diagnostic::error(span, message)
                    .label("expected a table")
                    .help(help);
                compiler.faults.push(found);
                slots.extend(names.iter().map(|_| compiler.graph.constant(1.0)));
            }
            None => {
                for name in names {
                    slots.push(self.number(compiler, setting, None, Some(name)));
                }
            }
        }
    }

    /// Two slots for each actor named: its place among those of whom somebody believes something, and
    /// the number.
    pub(super) fn by_actor(
        &self,
        compiler: &mut Compiler<'_>,
        setting: &'static Setting,
        entries: &[(Located<String>, Formula)],
        slots: &mut Vec<NodeId>,
    ) {
        let scenario = compiler.scenario;
        let mut is_nothing = true;
        for (name, formula) in entries {
            let actors = || {
                scenario
                    .actors
                    .iter()
                    .enumerate()
                    .filter(|(_, actor)| !actor.signs)
            };
            let found = actors().find(|(_, actor)| actor.name.value == name.value);
            let Some((actor, _)) = found else {
                let message = format!("`{}` is not an actor who does not sign", name.value);
                let found = Diagnostic::error(name.span.clone(), message)
                    .label("expected one with `signs = false` and stakes of its own")
                    .did_you_mean(&name.value, actors().map(|(_, a)| a.name.value.as_str()));
                compiler.faults.push(found);
                is_nothing = false;
                continue;
            };
            let place = compiler.rumoured.iter().position(|known| *known == actor);
            let place = place.unwrap_or_else(|| {
                compiler.rumoured.push(actor);
                compiler.rumoured.len() - 1
            });
            slots.push(compiler.graph.constant(place as f64));
            let number = self.number(compiler, setting, Some(formula), Some(&name.value));
            is_nothing &= compiler.graph.known_value(number) == Some(0.0);
            slots.push(number);
        }
        if is_nothing {
            let message = format!("`{}` are all zero", setting.name);
            let found = Diagnostic::error(self.place_of(setting), message)
                .label("expected at least one number above zero");
            compiler.faults.push(found);
        }
    }
}
