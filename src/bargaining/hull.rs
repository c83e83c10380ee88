//! Mixtures of deals for two seats: the upper hull of what they can have, and points on it.
//!
//! A point on the hull is a lottery between two neighbouring corners. It is told by its place: corner
//! `k` stands at `k`, the even mixture of corners `k` and `k + 1` at `k + 0.5`. Nash (1950).

/// The upper hull, from the first seat's best end to the second's.
#[derive(Debug, Default)]
pub(super) struct Hull {
    corners: Vec<Corner>,
    /// The places between which points are allowed.
    pub from: f64,
    pub to: f64,
}

/// A deal on the hull: what it gives, as bent gains, and where it is written down.
#[derive(Debug, Clone, Copy)]
pub(super) struct Corner {
    pub gains: [f64; 2],
    pub place: u32,
}

/// Turns flatter than this, as a share of both sides, are none: deals on an edge stay corners.
const FLAT: f64 = 1e-12;
/// Places closer to a corner than this are the corner.
const CORNER: f64 = 1e-9;

impl Hull {
    /// The hull of deals told by falling gain of the first seat and rising gain of the second.
    pub fn build(&mut self, deals: impl Iterator<Item = Corner>) {
        self.corners.clear();
        for new in deals {
            while let [.., one, two] = self.corners[..] {
                let across = [0, 1].map(|seat| (two.gains[seat] - one.gains[seat]).abs());
                let along = [0, 1].map(|seat| (new.gains[seat] - one.gains[seat]).abs());
                if across[0] * along[1] <= across[1] * along[0] + FLAT * along[0] * along[1] {
                    break;
                }
                self.corners.pop();
            }
            self.corners.push(new);
        }
        self.from = 0.0;
        self.to = (self.corners.len().max(1) - 1) as f64;
    }

    /// Leaves the part that gives nobody less than nothing; whether there is any.
    pub fn clip(&mut self, epsilon: &[f64]) -> bool {
        let (last, mut from, mut to) = (self.to, self.from, self.to);
        let gain = |place: f64, seat: usize| self.at(place)[seat];
        while from < last && gain(from, 1) < 0.0 {
            let rest = -gain(from, 1) / (gain(from + 1.0, 1) - gain(from, 1));
            from += rest.min(1.0);
            if rest <= 1.0 {
                break;
            }
        }
        while to > 0.0 && gain(to, 0) < 0.0 {
            let rest = -gain(to, 0) / (gain(to - 1.0, 0) - gain(to, 0));
            to -= rest.min(1.0);
            if rest <= 1.0 {
                break;
            }
        }
        let holds = !self.corners.is_empty()
            && gain(from, 1) >= -epsilon[1]
            && gain(to, 0) >= -epsilon[0]
            && from <= to + CORNER;
        (self.from, self.to) = (from, to.max(from));
        holds
    }

    /// The bent gains at a place.
    pub fn at(&self, place: f64) -> [f64; 2] {
        let (one, two, share) = self.lots(place);
        [0, 1].map(|seat| one.gains[seat] + share * (two.gains[seat] - one.gains[seat]))
    }

    /// The two deals mixed at a place, and the probability of the second.
    pub fn lots(&self, place: f64) -> (Corner, Corner, f64) {
        let last = self.corners.len() - 1;
        let near = place.round();
        let place = if (place - near).abs() <= CORNER {
            near
        } else {
            place
        };
        let corner = (place.max(0.0) as usize).min(last);
        let next = (corner + 1).min(last);
        (
            self.corners[corner],
            self.corners[next],
            (place - corner as f64).clamp(0.0, 1.0),
        )
    }

    /// The straight pieces between two places, in order.
    fn edges(from: f64, to: f64) -> impl Iterator<Item = (f64, f64)> {
        let first = from.floor() as usize;
        let last = to.ceil() as usize;
        (first..last).map(move |edge| {
            let (low, high) = (edge as f64, edge as f64 + 1.0);
            (low.max(from), high.min(to))
        })
    }

    /// Where a side, positive at the first seat's end and linear in gains, turns to zero; the nearer
    /// end if it does not.
    pub fn cross(&self, side: impl Fn([f64; 2]) -> f64) -> f64 {
        for (low, high) in Hull::edges(self.from, self.to) {
            let (before, after) = (side(self.at(low)), side(self.at(high)));
            if before <= 0.0 {
                return low;
            }
            if after <= 0.0 {
                return low + (high - low) * before / (before - after);
            }
        }
        self.to
    }

    /// The largest product of gains to these powers, all gains but those at the ends above zero.
    pub fn product(&self, powers: [f64; 2]) -> f64 {
        for (low, high) in Hull::edges(self.from, self.to) {
            let (one, two) = (self.at(low), self.at(high));
            let [lost, won] = [one[0] - two[0], two[1] - one[1]];
            let total = powers[0] + powers[1];
            let share =
                (powers[1] * won * one[0] - powers[0] * lost * one[1]) / (lost * won * total);
            if share <= 0.0 {
                return low;
            }
            if share < 1.0 {
                return low + (high - low) * share;
            }
        }
        self.to
    }

    /// Leaves the part on which a weighted sum of gains is within the tolerance of its largest.
    pub fn keep_best(&mut self, weights: [f64; 2], tolerance: f64) {
        let sum = |place: f64| {
            let gains = self.at(place);
            weights[0] * gains[0] + weights[1] * gains[1]
        };
        let ends = Hull::edges(self.from, self.to).map(|(_, high)| high);
        let mut best = (self.from, self.from, sum(self.from));
        for place in ends {
            let sum = sum(place);
            if sum > best.2 + tolerance {
                best = (place, place, sum);
            } else if sum >= best.2 - tolerance {
                best = (best.0, place, best.2.max(sum));
            }
        }
        (self.from, self.to) = (best.0, best.1);
    }

    /// The place whose ray from no agreement halves what lies under the hull, everything below it
    /// counted in. Anbarci & Bigelow (1994).
    pub fn halve(&self) -> f64 {
        let (first, last) = (self.at(self.from), self.at(self.to));
        let before = (first[0] * first[1]).max(0.0) / 2.0;
        let after = (last[0] * last[1]).max(0.0) / 2.0;
        let area = |low: f64, high: f64| {
            let (one, two) = (self.at(low), self.at(high));
            (one[0] * two[1] - one[1] * two[0]) / 2.0
        };
        let edges = || Hull::edges(self.from, self.to);
        let whole: f64 = edges().map(|(low, high)| area(low, high)).sum();
        let mut rest = (before + whole + after) / 2.0 - before;
        for (low, high) in edges() {
            let piece = area(low, high);
            if rest <= piece {
                return low + (high - low) * (rest / piece).clamp(0.0, 1.0);
            }
            rest -= piece;
        }
        self.to
    }
}
