//! One exchange of positions: who could make it, how far each moves, what everybody gains.

use crate::bargaining::forum::{Forum, SAME, Voice};

/// Restricts exchanges to one pair or direction; what is not a number is left open.
#[derive(Debug, Clone, Copy)]
pub struct Only {
    pub first: Side,
    pub second: Side,
}

/// An actor, and the row of the issue on which it gives way.
#[derive(Debug, Clone, Copy)]
pub struct Side {
    pub actor: f64,
    pub row: f64,
}

/// An exchange.
#[derive(Debug, Clone, Copy)]
pub struct Trade {
    pub shifts: [Shift; 2],
    /// What both gain.
    pub gain: f64,
}

/// One side of an exchange.
#[derive(Debug, Clone, Copy)]
pub struct Shift {
    pub actor: usize,
    pub issue: usize,
    pub from: f64,
    pub to: f64,
    /// How much of the way to the other one's position.
    pub share: f64,
    /// The expected outcome of the issue.
    pub before: f64,
    pub after: f64,
}

/// Who speaks where, what is expected, and which positions are fixed.
#[derive(Debug, Default)]
pub struct Market {
    actors: usize,
    rows: Vec<usize>,
    /// Per issue and actor: its place among the issue's voices, if it speaks on it.
    places: Vec<Option<usize>>,
    fixed: Vec<bool>,
    /// Per issue: the expected outcome and the weight of all voices.
    outcomes: Vec<f64>,
    weights: Vec<f64>,
}

impl Market {
    /// Nothing is exchanged yet.
    pub fn open(&mut self, forum: &Forum, rows: &[usize], actors: usize) {
        self.actors = actors;
        self.rows.clear();
        self.rows.extend_from_slice(rows);
        self.places.clear();
        self.places.resize(rows.len() * actors, None);
        self.fixed.clear();
        self.fixed.resize(rows.len() * actors, false);
        self.outcomes.clear();
        self.weights.clear();
        for issue in 0..rows.len() {
            for (place, voice) in forum.on(issue).iter().enumerate() {
                self.places[issue * actors + voice.actor] = Some(place);
            }
            self.outcomes.push(forum.mean(issue).unwrap_or(f64::NAN));
            self.weights.push(forum.weight(issue));
        }
    }

    fn voice(&self, forum: &Forum, issue: usize, actor: usize) -> Option<Voice> {
        let place = self.places[issue * self.actors + actor]?;
        Some(forum.on(issue)[place])
    }

    /// The most profitable exchange; the one of the lowest issues and then actors among equals.
    pub fn best(&self, forum: &Forum, only: &Only) -> Option<Trade> {
        let mut best: Option<Trade> = None;
        for one in 0..self.rows.len() {
            for other in one + 1..self.rows.len() {
                for actor in 0..self.actors {
                    for partner in (0..self.actors).filter(|partner| *partner != actor) {
                        let sides = [(actor, one), (partner, other)];
                        if !self.allows(only, sides) || !self.is_possible(forum, sides) {
                            continue;
                        }
                        let Some(trade) = self.trade(forum, sides) else {
                            continue;
                        };
                        let least = best.map_or(0.0, |best| best.gain);
                        let slack = SAME * trade.scale().max(least);
                        if trade.gain > least + slack {
                            best = Some(trade);
                        }
                    }
                }
            }
        }
        best
    }

    /// The exchange that the settings name, profitable or not.
    pub fn named(&self, forum: &Forum, only: &Only) -> Option<Trade> {
        let side = |side: &Side| {
            let is_named = side.actor >= 0.0 && side.row >= 0.0;
            let issue = self.rows.iter().position(|row| *row as f64 == side.row)?;
            is_named.then_some((side.actor as usize, issue))
        };
        let sides = [side(&only.first)?, side(&only.second)?];
        match sides[0].0 != sides[1].0 && sides[0].1 != sides[1].1 {
            true => self.trade(forum, sides),
            false => None,
        }
    }

    fn allows(&self, only: &Only, sides: [(usize, usize); 2]) -> bool {
        let is = |side: &Side, (actor, issue): (usize, usize)| {
            (side.actor.is_nan() || side.actor == actor as f64)
                && (side.row.is_nan() || side.row == self.rows[issue] as f64)
        };
        let [one, other] = sides;
        (is(&only.first, one) && is(&only.second, other))
            || (is(&only.first, other) && is(&only.second, one))
    }

    /// Whether both stand on opposite sides of both outcomes and may still move.
    fn is_possible(&self, forum: &Forum, sides: [(usize, usize); 2]) -> bool {
        let [(actor, _), (partner, _)] = sides;
        sides.into_iter().all(|(mover, issue)| {
            let voices = [actor, partner].map(|actor| self.voice(forum, issue, actor));
            let [Some(one), Some(other)] = voices else {
                return false;
            };
            let outcome = self.outcomes[issue];
            !self.fixed[issue * self.actors + mover]
                && (one.wants - outcome) * (other.wants - outcome) < 0.0
        })
    }

    /// The exchange of equal gains in which each of the two gives way on its issue.
    fn trade(&self, forum: &Forum, sides: [(usize, usize); 2]) -> Option<Trade> {
        let [(actor, one), (partner, other)] = sides;
        let on_one = [
            self.voice(forum, one, actor)?,
            self.voice(forum, one, partner)?,
        ];
        let on_other = [
            self.voice(forum, other, partner)?,
            self.voice(forum, other, actor)?,
        ];
        let total = |voices: &[Voice; 2]| voices[0].salience + voices[1].salience;
        if !(total(&on_one) > 0.0 && total(&on_other) > 0.0) {
            return None;
        }
        let rate = total(&on_one) / total(&on_other);
        let (full, room) = self.reach(one, &on_one)?;
        let (full_other, room_other) = self.reach(other, &on_other)?;
        let most = full.min(room).min(full_other.min(room_other) / rate);
        let moves = most.max(0.0);
        let gain =
            on_other[1].salience * on_one[1].salience - on_one[0].salience * on_other[0].salience;
        Some(Trade {
            shifts: [
                self.shift(one, &on_one, moves, full),
                self.shift(other, &on_other, (moves * rate).min(full_other), full_other),
            ],
            gain: moves * gain / total(&on_other),
        })
    }

    /// How far the outcome moves if the first goes all the way to the second, and how far it may.
    fn reach(&self, issue: usize, [mover, goal]: &[Voice; 2]) -> Option<(f64, f64)> {
        let apart = goal.wants - mover.position;
        let total = self.weights[issue];
        let full = mover.weight * apart.abs() / total;
        let room = (goal.wants - self.outcomes[issue]) * apart.signum();
        (total > 0.0).then_some((full, room))
    }

    /// The shift that moves the outcome so far.
    fn shift(&self, issue: usize, [mover, goal]: &[Voice; 2], moves: f64, full: f64) -> Shift {
        let apart = goal.wants - mover.position;
        let share = if full > 0.0 { moves / full } else { 0.0 };
        let before = self.outcomes[issue];
        Shift {
            actor: mover.actor,
            issue,
            from: mover.position,
            to: match share >= 1.0 {
                true => goal.wants,
                false => mover.position + share * apart,
            },
            share,
            before,
            after: before + moves * apart.signum(),
        }
    }

    /// What an exchange between two others is worth to this actor.
    pub fn externality(&self, forum: &Forum, trade: &Trade, actor: usize) -> Option<f64> {
        if trade.shifts.iter().any(|shift| shift.actor == actor) {
            return None;
        }
        let gains = trade.shifts.iter().filter_map(|shift| {
            let voice = self.voice(forum, shift.issue, actor)?;
            let off = |outcome: f64| (outcome - voice.wants).abs();
            Some(voice.salience * (off(shift.before) - off(shift.after)))
        });
        gains.reduce(|sum, gain| sum + gain)
    }

    /// Makes an exchange: both positions are fixed from now on.
    pub fn make(&mut self, forum: &mut Forum, trade: &Trade) {
        for shift in &trade.shifts {
            let entry = shift.issue * self.actors + shift.actor;
            self.fixed[entry] = true;
            if let Some(place) = self.places[entry] {
                forum.on_mut(shift.issue)[place].position = shift.to;
            }
            self.outcomes[shift.issue] = forum.mean(shift.issue).unwrap_or(f64::NAN);
        }
    }
}

impl Trade {
    /// What differences of gains are measured against.
    fn scale(&self) -> f64 {
        let moves = |shift: &Shift| (shift.after - shift.before).abs();
        moves(&self.shifts[0]).max(moves(&self.shifts[1]))
    }
}
