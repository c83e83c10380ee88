//! What a run reports: one variable per column, in the scenario's own order.

/// One reported number of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Variable {
    /// Its column: `price`, `utility.mill`, `gain.mill`, `contract`.
    pub name: String,
    /// What it says of the run.
    pub role: Role,
    /// How its numbers read.
    pub kind: VariableKind,
}

/// What a variable says of the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The level of an issue that stands at the end.
    Issue,
    /// An actor's utility, in points.
    Utility,
    /// A signatory's utility less its reservation value, in points.
    Gain,
    /// A derived result the author named.
    Measure,
    /// Whether a file is signed.
    Signed,
    /// How often an event has happened.
    Event,
    /// How often a ratification has failed.
    Rejected,
    /// Whether this stood in the way of a first agreement; only without one.
    Blocked,
    /// Whether an observer saw it.
    Signal,
    /// The chance that an observer sees it.
    Chance,
    /// The likelihood of an observation.
    Likelihood,
    /// An open quantity: one number of the drawn world.
    Quantity,
    /// The current value of a quantity that moves.
    State,
    /// A condition or number a claim counts; never exported.
    Claim,
}

/// How a variable's numbers read. NaN always means "does not apply".
#[derive(Debug, Clone, PartialEq)]
pub enum VariableKind {
    /// The index of one of these labels.
    Level {
        /// The labels, lowest first if ordered.
        labels: Vec<String>,
        /// Whether the order means anything.
        ordered: bool,
    },
    /// One of these listed numbers.
    Values(Vec<f64>),
    /// Any number.
    Number,
    /// 0 or 1.
    Flag,
}
