//! What changes in the course of a run, as one flat slice: where each number stands.

use crate::scenario::Scenario;

/// The session, from 1.
pub(super) const SESSION: usize = 0;
/// Whether talks have broken down.
pub(super) const BREAKDOWN: usize = 1;
/// How many files are signed.
pub(super) const SIGNED_COUNT: usize = 2;

/// How many were signed when the session began.
pub(super) const SIGNED_BEFORE: usize = 3;

/// Where each family of numbers begins.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Slots {
    /// Whether each file is signed.
    pub signed: usize,
    /// How often each event has happened.
    pub events: usize,
    /// How often each ratification has failed.
    pub rejected: usize,
    /// The chance that must be beaten after each ratification failed in this session.
    pub refused: usize,
    /// Whether each signal was seen.
    pub signals: usize,
    /// The likelihood of each observation.
    pub likelihood: usize,
    /// The current value of each quantity.
    pub quantities: usize,
    /// What the status quo is worth to each actor.
    pub worth: usize,
    /// How many numbers there are.
    pub len: usize,
}

impl Slots {
    pub fn new(scenario: &Scenario) -> Slots {
        let mut next = SIGNED_BEFORE + 1;
        let mut take = |count: usize| {
            next += count;
            next - count
        };
        let mut slots = Slots {
            signed: take(scenario.modules.len().max(1)),
            events: take(scenario.events.len()),
            rejected: take(scenario.ratification.len()),
            refused: take(scenario.ratification.len()),
            signals: take(scenario.signals.len()),
            likelihood: take(scenario.observations.len()),
            quantities: take(scenario.quantities.len()),
            worth: take(scenario.actors.len()),
            len: 0,
        };
        slots.len = take(0);
        slots
    }
}
