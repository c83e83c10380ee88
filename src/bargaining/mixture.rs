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
    /// For seats that do not count but must not lose: the price of holding them, what they have to spare.
    held: PerSeat,
    spare: PerSeat,
    /// Seats that have nothing to spare in any mixture that holds all others.
    is_fixed: [bool; MOST_SEATS],
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
    pub fn product(&mut self, powers: &PerSeat, ideal: &PerSeat) -> bool {
        let mut worths = [0.0; MOST_SEATS];
        for (worth, power) in worths.iter_mut().zip(powers) {
            *worth = if *power > 0.0 { 1.0 } else { 0.0 };
        }
        let none = [0.0; MOST_SEATS];
        if !self.linear(&none, &worths, None) || !self.interior(powers, ideal) {
            return false;
        }
        // A corner of the best face mixes no more deals than seats.
        let mut best = self.expected();
        for (best, power) in best.iter_mut().zip(powers) {
            *best *= f64::from(*power > 0.0);
        }
        self.linear(&none, &best, None) && self.excess(powers) <= CERTIFIED
    }

    /// What one more of each seat's expected gain is worth at the optimum.
    fn prices(&self, powers: &PerSeat) -> PerSeat {
        let expected = self.expected();
        let mut prices = self.held;
        for seat in (0..self.seats).filter(|&seat| powers[seat] > 0.0) {
            prices[seat] = powers[seat] / expected[seat];
        }
        prices
    }

    /// A deal at these prices.
    fn worth(&self, deal: usize, prices: &PerSeat) -> f64 {
        let gains = &self.gains[deal * self.seats..(deal + 1) * self.seats];
        let parts = gains.iter().zip(prices);
        parts.map(|(gain, price)| gain * price).sum()
    }

    /// By how much the certificate is missed: no mixture does better by more than this share.
    fn excess(&self, powers: &PerSeat) -> f64 {
        let prices = self.prices(powers);
        let worths = (0..self.deals()).map(|deal| self.worth(deal, &prices));
        worths.fold(f64::NEG_INFINITY, f64::max) - 1.0
    }

    /// Newton's method along the central path, from a mixture in which all who count gain.
    fn interior(&mut self, powers: &PerSeat, ideal: &PerSeat) -> bool {
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
        (self.held, self.spare) = ([0.0; MOST_SEATS], [0.0; MOST_SEATS]);
        self.is_fixed = [false; MOST_SEATS];
        let mut pairs = deals;
        for seat in (0..self.seats).filter(|&seat| powers[seat] == 0.0) {
            if !(0..deals).any(|deal| self.gain(deal, seat) < 0.0) {
                continue;
            }
            self.is_fixed[seat] = ideal[seat] <= TOLERANCE;
            if !self.is_fixed[seat] {
                (self.held[seat], self.spare[seat]) = (1.0, 1.0);
                pairs += 1;
            }
        }
        for _ in 0..MOST_STEPS {
            let products = self.shares.iter().zip(&self.slack);
            let gap: f64 = products.map(|(share, slack)| share * slack).sum();
            let held = self.held.iter().zip(&self.spare);
            let gap = gap + held.map(|(held, spare)| held * spare).sum::<f64>();
            if gap < 1e-13 && self.excess(powers) <= 1e-11 {
                return true;
            }
            self.step(powers, 0.1 * gap / pairs as f64);
        }
        self.excess(powers) <= CERTIFIED
    }

    /// One damped step towards `p_x s_x = target` and `held_j spare_j = target`, with `s_x` and the
    /// deal's worth at the prices summing to one.
    fn step(&mut self, powers: &PerSeat, target: f64) {
        let deals = self.deals();
        let expected = self.expected();
        let prices = self.prices(powers);
        let mut seats = [0; MOST_SEATS];
        let mut count = 0;
        for seat in (0..self.seats).filter(|&seat| self.is_fixed[seat] || prices[seat] > 0.0) {
            seats[count] = seat;
            count += 1;
        }
        let seats = &seats[..count];
        // (D^-1 + G' S^-1 P G) y = G' S^-1 right, where y is by how much prices fall and D how fast
        // they do as expected gains rise.
        let mut matrix = [[0.0; MOST_SEATS + 1]; MOST_SEATS];
        for (row, &seat) in seats.iter().enumerate() {
            if powers[seat] > 0.0 {
                matrix[row][row] = expected[seat] / prices[seat];
            } else if self.is_fixed[seat] {
                matrix[row][count] = expected[seat];
            } else {
                matrix[row][row] = self.spare[seat] / self.held[seat];
                matrix[row][count] = expected[seat] - target / self.held[seat];
            }
        }
        self.steps.clear();
        self.turns.clear();
        for deal in 0..deals {
            let (share, slack) = (self.shares[deal], self.slack[deal]);
            let missing = 1.0 - slack - self.worth(deal, &prices);
            let right = target - share * slack - share * missing;
            self.steps.push(right);
            self.turns.push(missing);
            for (row, &one) in seats.iter().enumerate() {
                let gain = self.gain(deal, one) / slack;
                for (column, &other) in seats.iter().enumerate() {
                    matrix[row][column] += gain * share * self.gain(deal, other);
                }
                matrix[row][count] += gain * right;
            }
        }
        // Fixed seats may depend on each other.
        for (row, _) in seats
            .iter()
            .enumerate()
            .filter(|(_, seat)| self.is_fixed[**seat])
        {
            matrix[row][row] *= 1.0 + 1e-12;
        }
        eliminate(&mut matrix, count);
        let mut fall = [0.0; MOST_SEATS];
        for (row, &seat) in seats.iter().enumerate() {
            fall[seat] = matrix[row][count];
        }
        let mut length: f64 = 1.0;
        let mut shorten = |now: f64, change: f64| {
            if change < 0.0 {
                length = length.min(-0.9 * now / change);
            }
        };
        for deal in 0..deals {
            let along = self.worth(deal, &fall);
            let (share, slack) = (self.shares[deal], self.slack[deal]);
            self.steps[deal] = (self.steps[deal] - share * along) / slack;
            self.turns[deal] += along;
            shorten(share, self.steps[deal]);
            shorten(slack, self.turns[deal]);
        }
        let mut spare = [0.0; MOST_SEATS];
        for &seat in seats {
            if powers[seat] > 0.0 {
                shorten(expected[seat], fall[seat] * expected[seat] / prices[seat]);
            } else if !self.is_fixed[seat] {
                let (held, now) = (self.held[seat], self.spare[seat]);
                spare[seat] = now / held * (fall[seat] - held) + target / held;
                shorten(held, -fall[seat]);
                shorten(now, spare[seat]);
            }
        }
        for deal in 0..deals {
            self.shares[deal] += length * self.steps[deal];
            self.slack[deal] += length * self.turns[deal];
        }
        for &seat in seats.iter().filter(|&&seat| powers[seat] == 0.0) {
            self.held[seat] -= length * fall[seat];
            self.spare[seat] += length * spare[seat];
        }
    }
}

/// Solves a symmetric positive system in place; the answer replaces the last column.
fn eliminate(matrix: &mut [[f64; MOST_SEATS + 1]; MOST_SEATS], count: usize) {
    for pivot in 0..count {
        let scale = 1.0 / matrix[pivot][pivot];
        let mut row = matrix[pivot];
        row[pivot..=count]
            .iter_mut()
            .for_each(|entry| *entry *= scale);
        matrix[pivot] = row;
        for (other, entries) in matrix.iter_mut().enumerate().take(count) {
            let factor = entries[pivot];
            if other != pivot && factor != 0.0 {
                let pairs = entries[pivot..=count].iter_mut().zip(&row[pivot..=count]);
                pairs.for_each(|(entry, above)| *entry -= factor * above);
            }
        }
    }
}
