//! Numbers as text: the shortest decimal that reads back as the same float, whole numbers without
//! a point, nothing at all for "does not apply".
//!
//! U. Adams (2018), "Ryū: fast float-to-string conversion", PLDI; the `zmij` crate is a successor.

/// Whole numbers up to here are written digit by digit.
const WHOLE: f64 = 1e15;

/// Append a number: `5`, `0.1`, `-2.5e-7`, `inf`; NaN appends nothing.
#[inline]
pub fn push_number(out: &mut Vec<u8>, value: f64) {
    if value.abs() < WHOLE && value == value.trunc() {
        if value < 0.0 {
            out.push(b'-');
        }
        push_integer(out, value.abs() as u64);
    } else if value.is_finite() {
        let mut buffer = zmij::Buffer::new();
        let text = buffer.format_finite(value).as_bytes();
        out.extend_from_slice(text.strip_suffix(b".0").unwrap_or(text));
    } else if !value.is_nan() {
        out.extend_from_slice(if value > 0.0 { b"inf" } else { b"-inf" });
    }
}

/// Append a whole number.
#[inline]
pub fn push_integer(out: &mut Vec<u8>, mut value: u64) {
    let mut digits = [0; 20];
    let mut first = digits.len();
    loop {
        first -= 1;
        digits[first] = b'0' + (value % 10) as u8;
        value /= 10;
        if value == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[first..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: f64) -> String {
        let mut out = Vec::new();
        push_number(&mut out, value);
        String::from_utf8(out).unwrap()
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
        let mut out = Vec::new();
        push_integer(&mut out, u64::MAX);
        assert_eq!(out, u64::MAX.to_string().as_bytes());
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
