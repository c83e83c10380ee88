//! What actors say on the issues, signing or not: for forecasts, which weigh positions and ask nobody.

/// Position, salience and capability of every actor on every issue. Flat: row after row, one entry
/// per actor; NaN where an actor has no voice.
#[derive(Debug, Clone, Copy, Default)]
pub struct Voices<'w> {
    /// How many actors there are; none if the protocol hears no voices.
    pub actors: usize,
    /// The row of each issue at the table; the table's further issues follow from these.
    pub rows: &'w [usize],
    /// What each wants, on the scale.
    pub position: &'w [f64],
    /// How much each cares.
    pub salience: &'w [f64],
    /// What each can throw in.
    pub capability: &'w [f64],
    /// Per row: what stands, NaN for nothing.
    pub stands: &'w [f64],
    /// Per row: both ends of the scale.
    pub scale: &'w [(f64, f64)],
}
