//! The voices on the issues at one table, and the two averages that forecasts are made of.
//!
//! An actor's weight is `capability * salience`. Black (1948), "On the rationale of group
//! decision-making", Journal of Political Economy 56; Van den Bos (1991), Dutch EC Policy Making.

use super::near::Spot;
use super::outcome::Ending;
use super::protocol::{Arena, Market};
use super::shape::{IssueSketch, Shape};
use super::stakes::Negotiation;
use super::watch::{Step, Who};

/// One actor's voice on one issue.
#[derive(Debug, Clone, Copy)]
pub(super) struct Voice {
    pub actor: usize,
    /// What it stands for now.
    pub position: f64,
    /// What it wants.
    pub wants: f64,
    pub salience: f64,
    pub weight: f64,
}

/// The workspace of forecasts.
#[derive(Debug, Default)]
pub(super) struct Forum {
    /// Issue after issue.
    voices: Vec<Voice>,
    /// Where each issue's voices begin; one more for the end.
    starts: Vec<usize>,
    /// What is expected of each issue.
    pub expected: Vec<f64>,
    /// The deal that follows.
    pub spot: Spot,
    /// For challenges and exchanges.
    pub arena: Arena,
    pub market: Market,
    order: Vec<usize>,
    about: Vec<f64>,
}

/// Positions this close, as a share of the issue's range, are one.
pub(super) const SAME: f64 = 1e-12;
/// Positions this far off their scale, as a share of it, are on it.
const OFF: f64 = 1e-9;

impl Forum {
    /// Hears everybody.
    pub fn gather(&mut self, negotiation: &Negotiation<'_>) -> Result<(), Ending> {
        let heard = negotiation.voices;
        if heard.actors == 0 {
            return Err(Ending::Unplayable("nobody has a voice"));
        }
        self.voices.clear();
        self.starts.clear();
        self.starts.push(0);
        for &row in heard.rows {
            let (low, high) = heard.scale[row];
            for actor in 0..heard.actors {
                let entry = row * heard.actors + actor;
                let position = heard.position[entry];
                let (salience, capability) = (heard.salience[entry], heard.capability[entry]);
                if position.is_nan() {
                    continue;
                }
                let slack = OFF * (high - low).max(f64::MIN_POSITIVE);
                if !(low - slack <= position && position <= high + slack) {
                    return Err(Ending::Unplayable("a position lies outside its issue"));
                }
                if !(0.0..1e150).contains(&salience) || !(0.0..1e150).contains(&capability) {
                    return Err(Ending::Unplayable(
                        "a salience or capability is not a number from 0 on",
                    ));
                }
                let position = position.clamp(low, high);
                self.voices.push(Voice {
                    actor,
                    position,
                    wants: position,
                    salience,
                    weight: capability * salience,
                });
            }
            self.starts.push(self.voices.len());
        }
        self.expected.clear();
        self.expected.resize(heard.rows.len(), f64::NAN);
        Ok(())
    }

    /// How many issues are spoken on.
    pub fn issues(&self) -> usize {
        self.expected.len()
    }

    /// The voices on an issue.
    pub fn on(&self, issue: usize) -> &[Voice] {
        &self.voices[self.starts[issue]..self.starts[issue + 1]]
    }

    /// The same, to move them.
    pub fn on_mut(&mut self, issue: usize) -> &mut [Voice] {
        &mut self.voices[self.starts[issue]..self.starts[issue + 1]]
    }

    /// The weighted medians of an issue, the lowest and the highest, if anybody's voice has weight.
    ///
    /// They minimise `sum m_i |x - x_i|`, and no other point beats them in a weighted vote if
    /// preferences are single-peaked.
    pub fn medians(&mut self, issue: usize) -> Option<(f64, f64)> {
        let Forum {
            voices,
            starts,
            order,
            ..
        } = self;
        let voices = &voices[starts[issue]..starts[issue + 1]];
        order.clear();
        order.extend((0..voices.len()).filter(|&voice| voices[voice].weight > 0.0));
        order.sort_unstable_by(|&a, &b| {
            let positions = voices[a].position.total_cmp(&voices[b].position);
            positions.then(a.cmp(&b))
        });
        let total: f64 = order.iter().map(|&voice| voices[voice].weight).sum();
        let (half, slack) = (total / 2.0, SAME * total);
        let mut below = 0.0;
        let mut lower = None;
        for &voice in order.iter() {
            let position = voices[voice].position;
            if let Some(lower) = lower {
                return Some((lower, position));
            }
            below += voices[voice].weight;
            if below > half + slack {
                return Some((position, position));
            }
            if below >= half - slack {
                lower = Some(position);
            }
        }
        lower.map(|lower| (lower, lower))
    }

    /// The weighted mean of an issue, if anybody's voice has weight: it minimises `sum m_i (x - x_i)^2`.
    pub fn mean(&self, issue: usize) -> Option<f64> {
        let (mut sum, mut total) = (0.0, 0.0);
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for voice in self.on(issue).iter().filter(|voice| voice.weight > 0.0) {
            sum += voice.weight * voice.position;
            total += voice.weight;
            low = low.min(voice.position);
            high = high.max(voice.position);
        }
        (total > 0.0).then(|| (sum / total).clamp(low, high))
    }

    /// The weight of all voices on an issue.
    pub fn weight(&self, issue: usize) -> f64 {
        self.on(issue).iter().map(|voice| voice.weight).sum()
    }

    /// Tells a step about one issue, at the level nearest to a number.
    pub fn tell(
        &mut self,
        negotiation: &mut Negotiation<'_>,
        round: u32,
        who: Who,
        does: &'static str,
        (issue, at): (usize, f64),
        figures: &[(&'static str, f64)],
    ) {
        if negotiation.watch.is_none() {
            return;
        }
        self.about.clear();
        self.about.resize(negotiation.shape.issues.len(), f64::NAN);
        if !at.is_nan() {
            self.about[issue] = nearest(negotiation.shape, issue, at);
        }
        negotiation.tell(&Step {
            round,
            who,
            does,
            deal: &self.about,
            figures,
        });
    }

    /// Tells what everybody stands for on an issue, and what weighs.
    pub fn tell_positions(
        &mut self,
        negotiation: &mut Negotiation<'_>,
        round: u32,
        issue: usize,
        does: &'static str,
    ) {
        if negotiation.watch.is_none() {
            return;
        }
        for voice in 0..self.on(issue).len() {
            let Voice {
                actor,
                position,
                weight,
                ..
            } = self.on(issue)[voice];
            let figures = [("position", position), ("weight", weight)];
            let at = (issue, position);
            self.tell(negotiation, round, Who::Voice(actor), does, at, &figures);
        }
    }

    /// Tells the averages of an issue.
    pub fn tell_averages(&mut self, negotiation: &mut Negotiation<'_>, round: u32, issue: usize) {
        if negotiation.watch.is_none() {
            return;
        }
        let (low, high) = self.medians(issue).unwrap_or((f64::NAN, f64::NAN));
        let mean = self.mean(issue).unwrap_or(f64::NAN);
        let figures = [("median", low), ("upper_median", high), ("mean", mean)];
        let at = (issue, low);
        self.tell(negotiation, round, Who::Nobody, "weighs", at, &figures);
    }
}

/// The entry of an issue nearest to a number on its scale: the number itself on a range, else the
/// index of a level, the lower one if two are as near.
pub(super) fn nearest(shape: &Shape, issue: usize, number: f64) -> f64 {
    let values = match &shape.issues[issue] {
        IssueSketch::Range { from, to } => return number.clamp(*from, *to),
        IssueSketch::Levels(values) => values,
    };
    let mut best = 0;
    for (level, value) in values.iter().enumerate().skip(1) {
        let nearer = (values[best] - number).abs() - (value - number).abs();
        let slack = OFF * (value - values[best]).abs();
        if nearer > slack || (nearer >= -slack && *value < values[best]) {
            best = level;
        }
    }
    best as f64
}
