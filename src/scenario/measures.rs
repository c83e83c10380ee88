//! `[measures]`: results derived from the deal and the world, reported like issues.

use super::document::Entry;
use super::names::Given;
use super::quantities::{self, Quantity};
use super::reading::Reading;

/// A derived result; written like a quantity, but computed after the deal.
pub type Measure = Quantity;

pub(super) fn read(
    reading: &mut Reading<'_>,
    entry: Option<&Entry>,
    given: &mut Given,
) -> Vec<Measure> {
    quantities::read_named(reading, entry, given, "a measure")
}
