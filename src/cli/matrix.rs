//! Claims under several protocols: which of them survive another theory of how parties settle.

use super::game::Games;
use super::protocols::not_played_json;
use super::test::as_json;
use crate::analysis::{Claim, Finding, Verdict};
use crate::scenario::Expect;
use serde_json::{Map, Value, json};

/// What is claimed, and what the runs of every protocol say about it.
pub struct Matrix<'m> {
    pub claims: &'m [Claim],
    pub games: &'m Games,
    /// Each protocol with one finding for each claim; the one that decides the exit code comes first.
    pub columns: Vec<(String, Vec<Finding>)>,
    /// Whether that is the scenario's own.
    pub is_own: bool,
}

impl Matrix<'_> {
    /// Claims in rows, protocols in numbered columns.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for (nth, (protocol, _)) in self.columns.iter().enumerate() {
            let own = match nth == 0 && self.is_own {
                true => ", the scenario's own",
                false => "",
            };
            text.push_str(&format!("{:>4}  {protocol}{own}\n", nth + 1));
        }
        let names: Vec<String> = (0..self.claims.len())
            .map(|claim| self.name(claim))
            .collect();
        let room = names.iter().map(|name| name.chars().count()).max();
        let room = room.unwrap_or(0);
        text.push_str(&format!("\n  {:room$}", ""));
        for nth in 1..=self.columns.len() {
            text.push_str(&format!("  {nth:<4}"));
        }
        text.truncate(text.trim_end().len());
        text.push('\n');
        for (row, name) in names.iter().enumerate() {
            text.push_str(&format!("  {name:room$}"));
            for (_, findings) in &self.columns {
                let word = match findings[row].verdict {
                    Verdict::Pass => "pass",
                    Verdict::Fail => "FAIL",
                    Verdict::Undecided { .. } => "?",
                };
                text.push_str(&format!("  {word:<4}"));
            }
            text.push_str(&format!("  {}\n", self.claims[row].text));
        }
        for line in self.games.not_played_lines() {
            text.push_str(&format!("\n{line}"));
        }
        if !self.games.not_played.is_empty() {
            text.push('\n');
        }
        text.push('\n');
        text
    }

    /// How many claims survive, and how they fare under the protocol that decides.
    pub fn verdict(&self, runs: u64, seed: u64) -> String {
        let Some((protocol, findings)) = self.columns.first() else {
            return String::new();
        };
        let count = |verdict: fn(&Verdict) -> bool| {
            let verdicts = findings.iter().map(|finding| finding.verdict);
            verdicts.filter(verdict).count()
        };
        let passed = count(|verdict| *verdict == Verdict::Pass);
        let failed = count(|verdict| *verdict == Verdict::Fail);
        let undecided = findings.len() - passed - failed;
        format!(
            "under {protocol}: {passed} passed, {failed} failed, {undecided} undecided; \
             {runs} runs each with seed {seed}\n\
             {} of {} claims survive under every protocol ({} played)\n",
            self.survivors(),
            self.claims.len(),
            self.columns.len(),
        )
    }

    /// Whether a claim fails under the protocol that decides.
    pub fn fails(&self) -> bool {
        let findings = self.columns.first().into_iter().flat_map(|(_, all)| all);
        findings
            .map(|finding| finding.verdict)
            .any(|verdict| verdict == Verdict::Fail)
    }

    /// The same for a program.
    pub fn json(&self) -> String {
        let expects = &self.games.scenario.expects;
        let claims = self.claims.iter().zip(expects).enumerate();
        let claims: Vec<Value> = claims
            .map(|(row, (claim, expect))| {
                let findings = self.columns.iter().map(|(protocol, findings)| {
                    (protocol.clone(), as_json(claim, expect, &findings[row]))
                });
                json!({
                    "id": expect.id.as_ref().map(|id| &id.value),
                    "claim": claim.text,
                    "survives": self.survives(row),
                    "protocols": findings.collect::<Map<_, _>>(),
                })
            })
            .collect();
        let value = json!({
            "baseline": self.columns.first().map(|(protocol, _)| protocol),
            "protocols": self.columns.iter().map(|(protocol, _)| protocol).collect::<Vec<_>>(),
            "not_played": not_played_json(&self.games.not_played),
            "claims": claims,
            "survive": self.survivors(),
        });
        format!("{value:#}\n")
    }

    fn survives(&self, claim: usize) -> bool {
        let findings = self.columns.iter().map(|(_, findings)| &findings[claim]);
        findings
            .map(|finding| finding.verdict)
            .all(|verdict| verdict == Verdict::Pass)
    }

    fn survivors(&self) -> usize {
        (0..self.claims.len())
            .filter(|claim| self.survives(*claim))
            .count()
    }

    /// A claim's `id`, or its number.
    fn name(&self, claim: usize) -> String {
        let expect: Option<&Expect> = self.games.scenario.expects.get(claim);
        let id = expect.and_then(|expect| expect.id.as_ref());
        id.map_or_else(|| (claim + 1).to_string(), |id| id.value.clone())
    }
}
