//! One summary for each session that is reported.

use super::Summary;
use crate::model::Variable;
use crate::simulation::{Record, Tally};
use serde::{Deserialize, Serialize};

/// What the runs of one variant say together, session by session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sessions {
    at: Vec<(u32, Summary)>,
}

impl Sessions {
    /// Empty summaries of these variables after each of these sessions.
    pub fn new(variables: &[Variable], sessions: &[u32], plays: u32) -> Sessions {
        let empty = Summary::new(variables, plays);
        Sessions {
            at: sessions.iter().map(|s| (*s, empty.clone())).collect(),
        }
    }

    /// Each session with its summary, in order.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &Summary)> {
        self.at.iter().map(|(session, summary)| (*session, summary))
    }

    /// How things stand in the end.
    pub fn last(&self) -> Option<&Summary> {
        self.at.last().map(|(_, summary)| summary)
    }

    /// Bytes held beside the struct itself; bounded however many runs are added.
    pub fn heap_bytes(&self) -> usize {
        self.at
            .iter()
            .map(|(_, summary)| summary.heap_bytes())
            .sum()
    }
}

impl Tally for Sessions {
    fn add(&mut self, record: &Record<'_>) {
        if let Some((_, summary)) = self.at.iter_mut().find(|(at, _)| *at == record.session) {
            summary.add(record);
        }
    }

    fn merge(&mut self, later: Sessions) {
        for ((_, summary), (_, more)) in self.at.iter_mut().zip(later.at) {
            summary.merge(more);
        }
    }
}
