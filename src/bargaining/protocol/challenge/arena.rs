//! The reckoning of challenges on one issue: chances to win, expected utilities, risk, and who moves where.
//!
//! `P_ij = sum_k max(0, V_k) / sum_k |V_k|` with `V_k = m_k (d_kj^r_k - d_ki^r_k)`, `d` distances as shares of the
//! range; `E(i vs j) = s_j [P Us + (1 - P) Uf] + (1 - s_j) Us - Q Uq - (1 - Q) [T Ub + (1 - T) Uw]`.

use crate::bargaining::forum::{SAME, Voice};
use crate::bargaining::outcome::Ending;
use crate::uncertainty::maths;

/// The terms of one issue's challenges.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    /// Chance that nothing changes without a challenge.
    pub q: f64,
    /// Whether net votes decide.
    pub is_net: bool,
    /// The distance of the extremes.
    pub range: f64,
    /// The largest salience there can be.
    pub full: f64,
}

/// In what way an actor gives way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Move {
    /// Both expect to gain, the other one more.
    Confrontation,
    /// The other one gains more than it loses.
    Compromise,
    /// It loses more than the other one gains.
    Compulsion,
}

/// Where an actor moves, and why.
#[derive(Debug, Clone, Copy)]
pub struct Moved {
    pub how: Move,
    /// Who makes it move; nobody if it stays.
    pub by: Option<usize>,
    pub to: f64,
    /// What it expects of challenging that one, and that one of challenging it, as it sees it.
    pub own: f64,
    pub theirs: f64,
}

/// Expectations this small are none.
const NOTHING: f64 = 1e-12;

/// The workspace of one issue; positions are shares of the range.
#[derive(Debug, Default)]
pub struct Arena {
    positions: Vec<f64>,
    saliences: Vec<f64>,
    weights: Vec<f64>,
    /// Per voice: how exposed it is, what all others expect of challenging it.
    pub security: Vec<f64>,
    pub exponents: Vec<f64>,
    pub moves: Vec<Moved>,
    /// Chances to win, challenger after challenger: with neutral risk and with everybody's own.
    neutral: Vec<f64>,
    wins: Vec<f64>,
    /// Distances, each bent by its voter's exponent.
    bent: Vec<f64>,
    range: f64,
}

impl Arena {
    /// Takes the voices of an issue in.
    pub fn enter(&mut self, voices: &[Voice], terms: &Terms) -> Result<(), Ending> {
        self.range = terms.range;
        let read = |into: &mut Vec<f64>, of: &dyn Fn(&Voice) -> f64| {
            into.clear();
            into.extend(voices.iter().map(of));
        };
        read(&mut self.positions, &|voice| voice.position);
        read(&mut self.saliences, &|voice| voice.salience / terms.full);
        read(&mut self.weights, &|voice| voice.weight);
        let highest = self
            .positions
            .iter()
            .copied()
            .fold(f64::NEG_INFINITY, f64::max);
        let lowest = self.positions.iter().copied().fold(f64::INFINITY, f64::min);
        match highest - lowest <= terms.range * (1.0 + 1e-9) {
            true => Ok(()),
            false => Err(Ending::Unplayable(
                "positions lie further apart than the range",
            )),
        }
    }

    /// How many voices there are.
    pub fn count(&self) -> usize {
        self.positions.len()
    }

    /// What a voice stands for.
    pub fn position(&self, voice: usize) -> f64 {
        self.positions[voice]
    }

    /// The chance of one voice to win against another, by everybody's own risk.
    pub fn win(&self, one: usize, other: usize) -> f64 {
        self.wins[one * self.count() + other]
    }

    /// The same if nobody minds risk.
    pub fn neutral_win(&self, one: usize, other: usize) -> f64 {
        self.neutral[one * self.count() + other]
    }

    /// The first voices at every two different positions.
    pub fn pairs_of_positions(&self) -> Vec<(usize, usize)> {
        let is_first = |&voice: &usize| {
            let earlier = &self.positions[..voice];
            !earlier.contains(&self.positions[voice])
        };
        let firsts: Vec<usize> = (0..self.count()).filter(is_first).collect();
        let pairs = firsts
            .iter()
            .flat_map(|one| firsts.iter().map(move |other| (*one, *other)));
        pairs.filter(|(one, other)| one != other).collect()
    }

    /// How exposed everybody is, and the risk exponents that follow.
    pub fn weigh_risks(&mut self, terms: &Terms, median: f64) {
        let count = self.count();
        self.exponents.clear();
        self.exponents.resize(count, 1.0);
        let mut wins = std::mem::take(&mut self.neutral);
        self.chances(terms, &mut wins);
        self.security.clear();
        for exposed in 0..count {
            let others = (0..count).filter(|other| *other != exposed);
            let expected = others.map(|other| {
                let win = wins[other * count + exposed];
                self.expects(terms, median, (other, exposed), win, 1.0)
            });
            self.security.push(expected.sum());
        }
        self.neutral = wins;
        let most = self
            .security
            .iter()
            .copied()
            .fold(f64::NEG_INFINITY, f64::max);
        let least = self.security.iter().copied().fold(f64::INFINITY, f64::min);
        for (exponent, security) in self.exponents.iter_mut().zip(&self.security) {
            let share = match most - least > NOTHING {
                true => (2.0 * security - most - least) / (most - least),
                false => 0.0,
            };
            *exponent = (1.0 - share / 3.0) / (1.0 + share / 3.0);
        }
        let mut wins = std::mem::take(&mut self.wins);
        self.chances(terms, &mut wins);
        self.wins = wins;
    }

    /// Every chance to win, with the exponents at hand.
    fn chances(&mut self, terms: &Terms, wins: &mut Vec<f64>) {
        let count = self.count();
        self.bent.clear();
        for voter in 0..count {
            for voice in 0..count {
                let distance = self.distance(voter, voice);
                self.bent.push(maths::pow(distance, self.exponents[voter]));
            }
        }
        wins.clear();
        for challenger in 0..count {
            for defender in 0..count {
                let (mut won, mut net, mut all) = (0.0, 0.0, 0.0);
                for voter in 0..count {
                    let bent = &self.bent[voter * count..(voter + 1) * count];
                    let vote = self.weights[voter] * (bent[defender] - bent[challenger]);
                    won += vote.max(0.0);
                    net += vote;
                    all += vote.abs();
                }
                let won = if terms.is_net { net.max(0.0) } else { won };
                let is_same = self.positions[challenger] == self.positions[defender];
                wins.push(if is_same || all == 0.0 {
                    0.0
                } else {
                    won / all
                });
            }
        }
    }

    fn distance(&self, one: usize, other: usize) -> f64 {
        ((self.positions[one] - self.positions[other]).abs() / self.range).min(1.0)
    }

    /// What challenging somebody is worth, seen with this exponent.
    fn expects(
        &self,
        terms: &Terms,
        median: f64,
        (challenger, defender): (usize, usize),
        win: f64,
        exponent: f64,
    ) -> f64 {
        let utility = |share: f64| 2.0 - 4.0 * maths::pow(share, exponent);
        let apart = self.distance(challenger, defender);
        let success = utility(0.5 - 0.5 * apart);
        let failure = utility(0.5 + 0.5 * apart);
        let resists = self.saliences[defender].min(1.0);
        let contest = win * success + (1.0 - win) * failure;
        let mut worth = resists * contest + (1.0 - resists) * success - terms.q * utility(0.5);
        if terms.q < 1.0 {
            let off = ((self.positions[challenger] - median).abs() / self.range).min(1.0);
            let drift = 0.25 * (off + apart);
            let otherwise = match off < apart {
                true => utility(0.5 - drift),
                false => utility(0.5 + drift),
            };
            worth -= (1.0 - terms.q) * otherwise;
        }
        worth
    }

    /// One round: where everybody moves, all at once.
    pub fn challenge(&mut self, terms: &Terms, median: f64) {
        let count = self.count();
        self.moves.clear();
        for voice in 0..count {
            let exponent = self.exponents[voice];
            let mut best = Moved {
                how: Move::Compulsion,
                by: None,
                to: self.positions[voice],
                own: 0.0,
                theirs: 0.0,
            };
            for rival in (0..count).filter(|rival| self.positions[*rival] != self.positions[voice])
            {
                let own = self.win(voice, rival);
                let own = self.expects(terms, median, (voice, rival), own, exponent);
                let theirs = self.win(rival, voice);
                let theirs = self.expects(terms, median, (rival, voice), theirs, exponent);
                let (from, to) = (self.positions[voice], self.positions[rival]);
                let (how, to) = match () {
                    () if own > NOTHING && theirs > own + NOTHING => (Move::Confrontation, to),
                    () if theirs > NOTHING && own < -NOTHING && theirs > -own + NOTHING => {
                        (Move::Compromise, from + (to - from) * (-own / theirs))
                    }
                    () if theirs > NOTHING && own < -NOTHING && theirs < -own - NOTHING => {
                        (Move::Compulsion, to)
                    }
                    () => continue,
                };
                let shift = (to - from).abs();
                let least = (best.to - from).abs() - SAME * self.range;
                if best.by.is_none() || how < best.how || (how == best.how && shift < least) {
                    best = Moved {
                        how,
                        by: Some(rival),
                        to,
                        own,
                        theirs,
                    };
                }
            }
            self.moves.push(best);
        }
    }

    /// Everybody stands where it has moved.
    pub fn advance(&mut self) {
        for (position, moved) in self.positions.iter_mut().zip(&self.moves) {
            *position = moved.to;
        }
    }
}
