//! Protocols side by side: each variant's games against the first of them.

use super::game::Game;
use super::session::Total;
use crate::analysis::Contrast;
use crate::export::Pair;
use crate::model::Variable;

/// The games of one variant.
pub struct Comparison<'c> {
    pub variant: &'c str,
    /// The protocol with which the others are compared.
    pub baseline: &'c str,
    /// Every protocol, the baseline first.
    pub rows: Vec<Row<'c>>,
}

/// One protocol against the baseline, session by session.
pub struct Row<'c> {
    pub protocol: &'c str,
    pub sessions: Vec<(u32, Vec<Contrast>)>,
}

/// Compares what was played equally often: an interrupted game has no pair yet.
pub fn comparisons<'c>(
    parts: &[(&'c Game, &'c Total)],
    columns: &[Variable],
) -> Vec<Comparison<'c>> {
    let mut all: Vec<Comparison<'c>> = Vec::new();
    for (game, _) in parts {
        if all.last().is_some_and(|last| last.variant == game.variant) {
            continue;
        }
        let of_variant = parts
            .iter()
            .filter(|(other, _)| other.variant == game.variant);
        let Some((first, baseline)) = of_variant.clone().next() else {
            continue;
        };
        let alike = of_variant.filter(|(_, total)| total.runs() == baseline.runs());
        let rows = alike.filter_map(|(game, total)| {
            let (own, other) = (total.grouped.as_ref()?, baseline.grouped.as_ref()?);
            Some(Row {
                protocol: game.protocol.as_deref()?,
                sessions: own.against(other, columns),
            })
        });
        all.push(Comparison {
            variant: &first.variant,
            baseline: first.protocol.as_deref().unwrap_or_default(),
            rows: rows.collect(),
        });
    }
    all
}

/// The rows of `paired.csv`: every protocol but the baseline.
pub fn pairs<'p>(compared: &'p [Comparison<'_>]) -> Vec<Pair<'p>> {
    let mut pairs = Vec::new();
    for comparison in compared {
        let others = comparison.rows.iter();
        for row in others.filter(|row| row.protocol != comparison.baseline) {
            pairs.extend(row.sessions.iter().map(|(session, contrasts)| Pair {
                variant: comparison.variant,
                protocol: row.protocol,
                baseline: comparison.baseline,
                session: *session,
                contrasts,
            }));
        }
    }
    pairs
}
