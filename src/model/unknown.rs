//! Settings that no kind at hand knows.

use super::compiler::Compiler;
use super::setting::Wanted;
use crate::catalogue::Kind;
use crate::scenario::Diagnostic;

impl Wanted<'_> {
    /// Reports settings that no kind at hand knows.
    pub fn refuse_others(&self, compiler: &mut Compiler<'_>) {
        let names = |kinds: &[&'static Kind]| -> Vec<&'static str> {
            let settings = kinds.iter().flat_map(|kind| kind.settings);
            settings.map(|setting| setting.name).collect()
        };
        let (known, base) = (names(&self.kinds), names(&self.base));
        for setting in self.written {
            let key = setting.key.value.as_str();
            if known.contains(&key) || base.contains(&key) {
                continue;
            }
            let kinds: Vec<String> = self
                .kinds
                .iter()
                .map(|kind| format!("`{}`", kind.name))
                .collect();
            let verb = if kinds.len() == 1 { "has" } else { "have" };
            let message = format!("{} {verb} no setting `{key}`", kinds.join(", "));
            let found = Diagnostic::error(setting.key.span.clone(), message)
                .label(match known.as_slice() {
                    [] => "it has no settings".to_string(),
                    known => format!("expected one of {}", known.join(", ")),
                })
                .did_you_mean(key, known.iter().copied());
            let owners: Vec<String> = self
                .others
                .iter()
                .filter(|kind| kind.settings.iter().any(|setting| setting.name == key))
                .map(|kind| format!("`{}`", kind.name))
                .collect();
            compiler.faults.push(match owners.as_slice() {
                [] => found,
                owners => found.help(format!("it is a setting of {}", owners.join(", "))),
            });
        }
    }
}
