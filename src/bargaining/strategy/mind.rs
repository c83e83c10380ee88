//! What one seat keeps in mind during a session.

/// State of one seat's strategy; buffers are grown once.
#[derive(Debug, Default)]
pub(in crate::bargaining) struct Mind {
    /// Its own last offer.
    pub last: Option<u32>,
    /// The utility it aimed at last; NaN before its first offer.
    pub target: f64,
    /// How many offers it has made.
    pub offers: u32,
    /// The offer its model heard last.
    pub previous: Option<u32>,
    /// What it believes matters to the others, issue by issue.
    pub weights: Vec<f64>,
    /// What it believes the others like, issue after issue, level after level.
    pub likes: Vec<f64>,
    /// How often it heard each level.
    pub heard: Vec<f64>,
    /// What it believes of hypotheses: their probabilities.
    pub posterior: Vec<f64>,
    /// Its concession curve, kept from session to session.
    pub curve: Curve,
    /// Scratch over all deals.
    pub column: Vec<f64>,
    pub grown: Vec<f64>,
    /// Scratch over the issues.
    pub per_issue: Vec<f64>,
}

/// A concession curve by rounds, each point found when it is first asked for.
#[derive(Debug, Default)]
pub(in crate::bargaining) struct Curve {
    /// What the curve follows from.
    shape: [f64; 4],
    points: Vec<f64>,
}

/// Curves over more rounds are not kept.
const MOST_POINTS: u32 = 10_000;

impl Curve {
    /// The point of a round, of so many, on the curve of this shape; `find` finds it.
    pub fn at(
        &mut self,
        (round, rounds): (u32, u32),
        shape: [f64; 3],
        find: impl FnOnce() -> f64,
    ) -> f64 {
        if rounds > MOST_POINTS {
            return find();
        }
        let shape = [shape[0], shape[1], shape[2], f64::from(rounds)];
        if self.shape != shape {
            self.shape = shape;
            self.points.clear();
            self.points.resize(rounds as usize, f64::NAN);
        }
        let point = &mut self.points[round as usize];
        if point.is_nan() {
            *point = find();
        }
        *point
    }
}

impl Mind {
    /// Before a session: nothing was said.
    pub fn clear(&mut self) {
        self.last = None;
        self.target = f64::NAN;
        self.offers = 0;
        self.previous = None;
        self.weights.clear();
        self.likes.clear();
        self.heard.clear();
        self.posterior.clear();
    }
}
