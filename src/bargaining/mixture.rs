//! Mixtures of deals for any number of seats: probabilities, one per deal on the ballot.
//!
//! Smallest shares and sums are linear programs. The largest product of expected gains is found by an
//! interior-point method on `max sum_i w_i ln g_i - sum_x p_x`, whose optimum has `sum_x p_x = 1` by
//! itself, with as many equations as seats; it is accepted only with its certificate
//! `sum_i w_i g_i(x) / g_i <= 1` for every deal. Nash (1950), Imai (1983).

use super::ballot::TOLERANCE;
use super::shape::MOST_SEATS;
use super::simplex::Simplex;

/// What deals give, as gains of the order of one, and the mixture found.
#[derive(Debug, Default)]
pub(super) struct Mixture {
    seats: usize,
    /// Deal after deal.
    gains: Vec<f64>,
    /// The mixture: a probability per deal.
    pub shares: Vec<f64>,
    slack: Vec<f64>,
    steps: Vec<f64>,
    turns: Vec<f64>,
    program: Simplex,
}

type PerSeat = [f64; MOST_SEATS];

/// The largest `sum_i w_i g_i(x) / g_i` that passes for one.
const CERTIFIED: f64 = 1e-9;
const MOST_STEPS: usize = 200;

impl Mixture {
    /// Takes the deals' gains, as shares of these scales.
    pub fn open<'g>(&mut self, deals: impl Iterator<Item = &'g [f64]>, scales: &[f64]) {
        self.seats = scales.len();
        self.gains.clear();
        for gains in deals {
            let shares = gains.iter().zip(scales);
            let exact = |share: f64| if share.abs() <= TOLERANCE { 0.0 } else { share };
            self.gains
                .extend(shares.map(|(gain, scale)| exact(gain / scale)));
        }
        self.shares.clear();
        self.shares.resize(self.gains.len() / self.seats, 0.0);
    }

    pub fn deals(&self) -> usize {
        self.shares.len()
    }

    pub fn gain(&self, deal: usize, seat: usize) -> f64 {
        self.gains[deal * self.seats + seat]
    }

    /// Expected gains.
    pub fn expected(&self) -> PerSeat {
        let mut expected = [0.0; MOST_SEATS];
        for (deal, share) in self.shares.iter().enumerate() {
            for (seat, expected) in expected.iter_mut().enumerate().take(self.seats) {
                *expected += share * self.gain(deal, seat);
            }
        }
        expected
    }

    /// The mixture with the largest weighted sum of expected gains, each at least its level, or at
    /// least `t` in proportion to its worth: then `t` counts instead. False if there is none.
    ///
    /// Columns: deals, `t`, what each seat has to spare.
    fn linear(&mut self, levels: &PerSeat, worths: &PerSeat, weights: Option<&PerSeat>) -> bool {
        let (seats, deals) = (self.seats, self.deals());
        self.program.start(seats + 1, deals + 1 + seats);
        for seat in 0..seats {
            for deal in 0..deals {
                let gain = self.gains[deal * seats + seat];
                self.program.set(seat, deal, gain);
            }
            self.program.set(seat, deals, -worths[seat]);
            self.program.set(seat, deals + 1 + seat, -1.0);
            self.program.bound(seat, levels[seat].max(0.0));
        }
        for deal in 0..deals {
            self.program.set(seats, deal, 1.0);
        }
        self.program.bound(seats, 1.0);
        let Mixture { program, gains, .. } = self;
        let solved = match weights {
            None => program.solve(|column| if column == deals { 1.0 } else { 0.0 }),
            Some(weights) => program.solve(|column| match column < deals {
                true => {
                    let gains = gains[column * seats..].iter().zip(weights).take(seats);
                    gains.map(|(gain, weight)| gain * weight).sum()
                }
                false => 0.0,
            }),
        };
        if solved {
            let total: f64 = (0..deals).map(|deal| program.value(deal)).sum();
            for (deal, share) in self.shares.iter_mut().enumerate() {
                *share = program.value(deal) / total;
            }
        }
        solved
    }

    /// The largest weighted sum that leaves nobody below zero.
    pub fn sum(&mut self, weights: &PerSeat) -> bool {
        let none = [0.0; MOST_SEATS];
        self.linear(&none, &none, Some(weights))
    }

    /// The leximin of expected gains in proportion to these worths; seats worth nothing only keep
    /// what they have. Seats whose spare column has a price are held back by all others: they stay.
    pub fn leximin(&mut self, worths: &PerSeat) -> bool {
        let mut open = *worths;
        let mut levels = [0.0; MOST_SEATS];
        let spares = self.deals() + 1;
        while open[..self.seats].iter().any(|worth| *worth > 0.0) {
            if !self.linear(&levels, &open, None) {
                return false;
            }
            let reached = self.program.value(spares - 1);
            let mut stay = false;
            for seat in 0..self.seats {
                if open[seat] > 0.0 && self.program.price(spares + seat) > 1e-9 {
                    levels[seat] = reached * open[seat];
                    open[seat] = 0.0;
                    stay = true;
                }
            }
            if !stay {
                return false;
            }
        }
        self.linear(&levels, &open, Some(&[1.0; MOST_SEATS]))
    }

    /// The largest product of expected gains to these powers, which sum to one. Only seats with power
    /// count, all of whom can gain together.
    pub fn product(&mut self, powers: &PerSeat) -> bool {
        let mut worths = [0.0; MOST_SEATS];
        for (worth, power) in worths.iter_mut().zip(powers) {
            *worth = if *power > 0.0 { 1.0 } else { 0.0 };
        }
        let none = [0.0; MOST_SEATS];
        if !self.linear(&none, &worths, None) || !self.interior(powers) {
            return false;
        }
        // A corner of the best face: no more deals than seats, and the certificate itself as the goal.
        let best = self.expected();
        let (mut levels, mut prices) = (none, none);
        for seat in (0..self.seats).filter(|&seat| powers[seat] > 0.0) {
            levels[seat] = best[seat] * (1.0 - 1e-10);
            prices[seat] = powers[seat] / best[seat];
        }
        self.linear(&levels, &none, Some(&prices)) && self.excess(powers) <= CERTIFIED
    }

    /// By how much the certificate is missed.
    fn excess(&self, powers: &PerSeat) -> f64 {
        let expected = self.expected();
        let value = |deal: usize| -> f64 {
            let counted = (0..self.seats).filter(|&seat| powers[seat] > 0.0);
            let parts = counted.map(|seat| powers[seat] * self.gain(deal, seat) / expected[seat]);
            parts.sum()
        };
        (0..self.deals())
            .map(value)
            .fold(f64::NEG_INFINITY, f64::max)
            - 1.0
    }

    /// Newton's method along the central path, from a mixture in which all who count gain.
    fn interior(&mut self, powers: &PerSeat) -> bool {
        let deals = self.deals();
        let before = self.expected();
        let sound = |mixture: &Mixture, gains: &PerSeat, least: f64| {
            (0..mixture.seats).all(|seat| powers[seat] == 0.0 || gains[seat] > least * before[seat])
        };
        if !sound(self, &before, 0.0) {
            return false;
        }
        self.steps.clone_from(&self.shares);
        let mut evenly = 0.5;
        loop {
            for (share, start) in self.shares.iter_mut().zip(&self.steps) {
                *share = (1.0 - evenly) * start + evenly / deals as f64;
            }
            if sound(self, &self.expected(), 0.4) {
                break;
            }
            evenly /= 2.0;
            if evenly < 1e-12 {
                return false;
            }
        }
        self.slack.clear();
        self.slack.resize(deals, 1.0);
        for _ in 0..MOST_STEPS {
            let gap: f64 = self
                .shares
                .iter()
                .zip(&self.slack)
                .map(|(p, s)| p * s)
                .sum();
            if gap < 1e-13 && self.excess(powers) <= 1e-11 {
                return true;
            }
            self.step(powers, 0.1 * gap / deals as f64);
        }
        self.excess(powers) <= CERTIFIED
    }

    /// One damped step towards `p_x s_x = target` with `s_x + sum_i w_i g_i(x) / g_i = 1`.
    fn step(&mut self, powers: &PerSeat, target: f64) {
        let (seats, deals) = (self.seats, self.deals());
        let expected = self.expected();
        let mut counted = [0; MOST_SEATS];
        let mut count = 0;
        for seat in (0..seats).filter(|&seat| powers[seat] > 0.0) {
            counted[count] = seat;
            count += 1;
        }
        let counted = &counted[..count];
        // (D^-1 + G' S^-1 P G) y = G' S^-1 right, with D = w / g^2 and y = D times the change of g.
        let mut matrix = [[0.0; MOST_SEATS + 1]; MOST_SEATS];
        for (row, &seat) in counted.iter().enumerate() {
            matrix[row][row] = expected[seat] * expected[seat] / powers[seat];
        }
        self.steps.clear();
        self.turns.clear();
        for deal in 0..deals {
            let (share, slack) = (self.shares[deal], self.slack[deal]);
            let value: f64 = counted
                .iter()
                .map(|&seat| powers[seat] * self.gain(deal, seat) / expected[seat])
                .sum();
            let missing = 1.0 - slack - value;
            let right = target - share * slack - share * missing;
            self.steps.push(right);
            for (row, &one) in counted.iter().enumerate() {
                let gain = self.gain(deal, one) / slack;
                for (column, &other) in counted.iter().enumerate() {
                    matrix[row][column] += gain * share * self.gain(deal, other);
                }
                matrix[row][count] += gain * right;
            }
        }
        eliminate(&mut matrix, count);
        let mut length: f64 = 1.0;
        for deal in 0..deals {
            let along: f64 = counted
                .iter()
                .enumerate()
                .map(|(row, &seat)| self.gain(deal, seat) * matrix[row][count])
                .sum();
            let (share, slack) = (self.shares[deal], self.slack[deal]);
            let step = (self.steps[deal] - share * along) / slack;
            let value: f64 = counted
                .iter()
                .map(|&seat| powers[seat] * self.gain(deal, seat) / expected[seat])
                .sum();
            let turn = 1.0 - slack - value + along;
            for (now, change) in [(share, step), (slack, turn)] {
                if change < 0.0 {
                    length = length.min(-0.9 * now / change);
                }
            }
            self.steps[deal] = step;
            self.turns.push(turn);
        }
        for (row, &seat) in counted.iter().enumerate() {
            let change = matrix[row][count] * expected[seat] * expected[seat] / powers[seat];
            if change < 0.0 {
                length = length.min(-0.9 * expected[seat] / change);
            }
        }
        for deal in 0..deals {
            self.shares[deal] += length * self.steps[deal];
            self.slack[deal] += length * self.turns[deal];
        }
    }
}

/// Solves a symmetric positive system in place; the answer replaces the last column.
fn eliminate(matrix: &mut [[f64; MOST_SEATS + 1]; MOST_SEATS], count: usize) {
    for pivot in 0..count {
        let scale = 1.0 / matrix[pivot][pivot];
        for column in pivot..=count {
            matrix[pivot][column] *= scale;
        }
        let row = matrix[pivot];
        for (other, entries) in matrix.iter_mut().enumerate().take(count) {
            let factor = entries[pivot];
            if other != pivot && factor != 0.0 {
                for column in pivot..=count {
                    entries[column] -= factor * row[column];
                }
            }
        }
    }
}
