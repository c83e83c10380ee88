//! Which protocols are played on the same worlds, which one the others are compared with, and why some are not.

use super::Played;
use super::game::BASE;
use super::stop::{FAULT, Stop};
use crate::bargaining::PROTOCOLS;
use crate::export::NotPlayedText;
use crate::model::{Compiled, Patch};
use crate::scenario::{Scenario, Severity};

/// The word for every protocol that applies.
pub const ALL: &str = "all";

/// Where the protocol stands in a scenario.
const ADDRESS: &str = "bargaining.protocol";

/// A game asked for: a variant under a protocol.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    pub variant: String,
    /// What to play instead of what is written; `None` plays it as written.
    pub instead: Option<String>,
    /// What its protocol is called in the result, if there are several.
    pub protocol: Option<String>,
    /// Whether it is left out, and no fault, if its protocol does not apply.
    pub may_not_apply: bool,
}

impl Played {
    /// The protocols named, each once.
    pub fn protocols(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for name in &self.protocol {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        names
    }

    /// Whether protocols are compared.
    pub fn compares(&self) -> bool {
        let names = self.protocols();
        names.len() > 1 || names.iter().any(|name| name == ALL)
    }

    /// A command that plays one protocol refuses several.
    pub fn only_one(&self, command: &str) -> Result<(), Stop> {
        match self.compares() {
            true => Err(Stop::new(
                FAULT,
                format!("`{command}` takes one protocol; `run`, `test` and `solve` take several"),
            )),
            false => Ok(()),
        }
    }

    /// The protocols to be compared, and whether each may turn out not to apply.
    fn compared(&self, own: &str) -> Vec<(String, bool)> {
        let named = self.protocols();
        let mut all: Vec<(String, bool)> = Vec::new();
        for name in &named {
            match name.as_str() {
                ALL => {
                    let names = PROTOCOLS
                        .iter()
                        .map(|protocol| protocol.kind.name.to_string());
                    all.extend(names.map(|name| {
                        let may_not_apply = name != own && !named.contains(&name);
                        (name, may_not_apply)
                    }));
                }
                _ => all.push((name.clone(), false)),
            }
        }
        let mut seen = Vec::new();
        all.retain(|(name, _)| {
            !seen.contains(name) && {
                seen.push(name.clone());
                true
            }
        });
        // What the others are compared with comes first.
        all.sort_by_key(|(name, _)| name != own);
        all
    }

    /// Each of these variants under each protocol; the scenario's own comes first, if it is among them.
    pub fn asked(&self, scenario: &Scenario, variants: &[String]) -> Result<Vec<Asked>, Stop> {
        if !self.compares() {
            let asked = variants.iter().map(|variant| Asked {
                variant: variant.clone(),
                instead: self.protocol.first().cloned(),
                protocol: None,
                may_not_apply: false,
            });
            return Ok(asked.collect());
        }
        self.set_none()?;
        let mut asked = Vec::new();
        for variant in variants {
            let own = own(scenario, variant);
            for (name, may_not_apply) in self.compared(&own) {
                asked.push(Asked {
                    variant: variant.clone(),
                    instead: (name != own).then(|| name.clone()),
                    protocol: Some(name),
                    may_not_apply,
                });
            }
        }
        Ok(asked)
    }

    /// Each protocol over all of these variants. Under the scenario's own, a variant that names
    /// another one keeps it: that is the scenario as written.
    pub fn asked_together(
        &self,
        scenario: &Scenario,
        variants: &[String],
    ) -> Result<Vec<(String, Vec<Asked>)>, Stop> {
        self.set_none()?;
        let own = own(scenario, BASE);
        let asked = self
            .compared(&own)
            .into_iter()
            .map(|(name, may_not_apply)| {
                let games = variants.iter().map(|variant| Asked {
                    variant: variant.clone(),
                    instead: (name != own).then(|| name.clone()),
                    protocol: Some(name.clone()),
                    may_not_apply,
                });
                (name.clone(), games.collect())
            });
        Ok(asked.collect())
    }

    /// Whether a `--set` names the protocol.
    pub fn sets_protocol(&self) -> bool {
        self.set.iter().any(|set| address(set) == Some(ADDRESS))
    }

    /// With several protocols none of them can be set.
    fn set_none(&self) -> Result<(), Stop> {
        match self.set.iter().find(|set| address(set) == Some(ADDRESS)) {
            Some(set) => Err(Stop::new(
                FAULT,
                format!("`--set {set}` and several protocols exclude each other"),
            )),
            None => Ok(()),
        }
    }
}

/// Where a `--set` puts something.
fn address(set: &str) -> Option<&str> {
    Some(set.split_once('=')?.0.trim())
}

/// The protocol a variant is written for.
pub fn own(scenario: &Scenario, variant: &str) -> String {
    let patches = Patch::of_variant_named(scenario, variant).unwrap_or_default();
    let written = patches.iter().rfind(|patch| patch.address == ADDRESS);
    written.map_or(scenario.bargaining.protocol.value.clone(), |patch| {
        patch.formula.text.clone()
    })
}

/// Why a game cannot be played, in one line.
pub fn reason(compiled: &Compiled) -> String {
    if let Some(refusal) = &compiled.refusal {
        return refusal.clone();
    }
    let found = compiled.arguments.values().chain([&compiled.findings]);
    let error = found
        .flat_map(|found| found.sorted())
        .find(|found| found.severity == Severity::Error);
    match error {
        Some(error) if error.label.is_empty() => error.message.clone(),
        Some(error) => format!("{}: {}", error.message, error.label),
        None => "it cannot be played".to_string(),
    }
}

/// Adds a game that is not played to those that are not for the same reason.
pub fn leave_out(list: &mut Vec<NotPlayedText>, asked: &Asked, reason: String) {
    let protocol = asked.protocol.clone().unwrap_or_default();
    let same = |other: &&mut NotPlayedText| other.protocol == protocol && other.reason == reason;
    match list.iter_mut().find(same) {
        Some(other) => other.variants.push(asked.variant.clone()),
        None => list.push(NotPlayedText {
            protocol,
            variants: vec![asked.variant.clone()],
            reason,
        }),
    }
}

/// One line for each; variants are named if it is played in others.
pub fn not_played(list: &[NotPlayedText], variants: usize) -> Vec<String> {
    let line = |left_out: &NotPlayedText| {
        let NotPlayedText {
            protocol,
            variants: of,
            reason,
        } = left_out;
        match of.len() < variants {
            true => format!("not played: {protocol} in {}: {reason}", of.join(", ")),
            false => format!("not played: {protocol}: {reason}"),
        }
    };
    list.iter().map(line).collect()
}

/// The same for a program.
pub fn not_played_json(list: &[NotPlayedText]) -> serde_json::Value {
    let told = list.iter().map(|left_out| {
        serde_json::json!({
            "protocol": left_out.protocol,
            "variants": left_out.variants,
            "reason": left_out.reason,
        })
    });
    told.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Diagnostic, Diagnostics};
    use std::collections::BTreeMap;

    fn failed(refusal: Option<&str>, label: &str) -> Compiled {
        let mut findings = Diagnostics::new();
        findings.push(Diagnostic::warning(0..1, "a warning"));
        findings.push(Diagnostic::error(0..1, "`x` is out of bounds").label(label));
        Compiled {
            model: None,
            findings,
            arguments: BTreeMap::new(),
            refusal: refusal.map(str::to_string),
        }
    }

    #[test]
    fn a_protocol_that_is_left_out_says_why() {
        assert_eq!(reason(&failed(Some("it needs 2"), "found 3")), "it needs 2");
        assert_eq!(
            reason(&failed(None, "found 3")),
            "`x` is out of bounds: found 3"
        );
        assert_eq!(reason(&failed(None, "")), "`x` is out of bounds");
    }

    #[test]
    fn variants_are_named_if_others_are_played() {
        let mut list = Vec::new();
        for (variant, reason) in [("base", "one"), ("rush", "one"), ("calm", "two")] {
            let asked = Asked {
                variant: variant.to_string(),
                instead: None,
                protocol: Some("lots".to_string()),
                may_not_apply: true,
            };
            leave_out(&mut list, &asked, reason.to_string());
        }
        let told = [
            "not played: lots in base, rush: one",
            "not played: lots in calm: two",
        ];
        assert_eq!(not_played(&list, 3), told);
        assert_eq!(not_played(&list[1..], 1), ["not played: lots: two"]);
    }
}
