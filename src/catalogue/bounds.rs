//! Whether numbers are what settings allow: formulas are known only in their world.

use super::{Form, Kind};

impl Kind {
    /// Whether the numbers in the slots are what the settings allow. Settings per issue take what is left
    /// if nobody knows how many issues there are.
    pub fn allows(&self, slots: &[f64], seats: usize, issues: Option<usize>) -> bool {
        let mut slots = slots.iter();
        self.settings.iter().all(|setting| {
            let (low, high, count) = match setting.form {
                Form::Number(low, high) | Form::Whole(low, high) => (low, high, 1),
                Form::PerSeat(low, high) | Form::Each(low, high) => (low, high, seats),
                Form::PerIssue(low, high) => (low, high, issues.unwrap_or(slots.len())),
                Form::PerActor(low, high) => (low.min(0.0), high, slots.len()),
                Form::Seat | Form::Actor | Form::Issue | Form::Choice(_) => (0.0, f64::INFINITY, 1),
                Form::Deals => (0.0, f64::INFINITY, slots.len()),
                Form::DealsFrom => (-1.0, f64::INFINITY, slots.len()),
            };
            let default = setting.default.unwrap_or(0.0);
            let allowed = |value: &f64| {
                (low <= *value && *value <= high)
                    || (value.is_nan() && default.is_nan())
                    || (*value == default && default.is_infinite())
            };
            slots.len() >= count && slots.by_ref().take(count).all(allowed)
        })
    }
}
