//! Numbers as text: the shortest decimal that reads back as the same float, whole numbers without
//! a point, nothing at all for "does not apply".
//!
//! U. Adams (2018), "Ryū: fast float-to-string conversion", PLDI; the `zmij` crate is a successor.

/// Room for one number as text.
#[derive(Default)]
pub struct NumberText {
    float: zmij::Buffer,
    whole: itoa::Buffer,
}

impl NumberText {
    /// A number: `5`, `0.1`, `-2.5e-7`, `inf`; NaN is empty.
    #[inline]
    pub fn number(&mut self, value: f64) -> &str {
        const WHOLE: f64 = 1e15;
        if value.abs() < WHOLE && value == value.trunc() {
            return self.whole.format(value as i64);
        }
        match value {
            _ if value.is_nan() => "",
            f64::INFINITY => "inf",
            f64::NEG_INFINITY => "-inf",
            _ => {
                let text = self.float.format_finite(value);
                text.strip_suffix(".0").unwrap_or(text)
            }
        }
    }

    /// A count.
    #[inline]
    pub fn count(&mut self, value: u64) -> &str {
        self.whole.format(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: f64) -> String {
        NumberText::default().number(value).to_string()
    }

    #[test]
    fn whole_numbers_have_no_point_and_nan_is_empty() {
        assert_eq!(text(5.0), "5");
        assert_eq!(text(-120.0), "-120");
        assert_eq!(text(-0.0), "0");
        assert_eq!(text(1234567890123456.0), "1234567890123456");
        assert_eq!(text(f64::NAN), "");
        assert_eq!(text(f64::NEG_INFINITY), "-inf");
        assert_eq!(text(0.1 + 0.2), "0.30000000000000004");
    }

    #[test]
    fn every_float_reads_back_as_itself() {
        let mut state = 7u64;
        for _ in 0..100_000 {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            let value = f64::from_bits(state ^ (state >> 29));
            if value.is_finite() {
                assert_eq!(text(value).parse(), Ok(value));
            }
        }
    }
}
