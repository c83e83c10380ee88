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
    /// Scratch over all deals.
    pub column: Vec<f64>,
    pub grown: Vec<f64>,
    /// Scratch over the issues.
    pub per_issue: Vec<f64>,
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
