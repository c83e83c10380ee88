//! As many digits as the Monte Carlo error supports: up to the last place in which the half-width
//! of the interval is at least 2. (Half-width 0.75: one decimal. Half-width 0.12: two.)

/// The decimals to show of an estimate whose interval has this half-width; negative for tens,
/// hundreds and so on. `None` where there is no error to go by.
pub fn decimals(half_width: f64) -> Option<i32> {
    if !(half_width > 0.0 && half_width.is_finite()) {
        return None;
    }
    let written = format!("{:e}", half_width / 2.0);
    let (_, exponent) = written.split_once('e')?;
    Some(-exponent.parse::<i32>().ok()?)
}

/// The number to so many decimals; without a number of decimals, to six significant digits.
pub fn rounded(value: f64, decimals: Option<i32>) -> String {
    if !value.is_finite() {
        return if value.is_nan() {
            "-".to_string()
        } else {
            value.to_string()
        };
    }
    let text = match decimals {
        Some(decimals @ 0..=12) => format!("{value:.width$}", width = decimals as usize),
        Some(decimals @ -15..0) => {
            let unit: f64 = format!("1e{}", -decimals).parse().unwrap_or(1.0);
            format!("{:.0}", (value / unit).round() * unit)
        }
        _ => significant(value),
    };
    // -0.00 reads as a sign that is not there
    match text.strip_prefix('-') {
        Some(rest) if !rest.contains(|c: char| ('1'..='9').contains(&c)) => rest.to_string(),
        _ => text,
    }
}

/// A share in percent, without the sign.
pub fn percent(share: f64, half_width: f64) -> String {
    rounded(
        100.0 * share,
        decimals(100.0 * half_width).map(|d| d.max(0)),
    )
}

/// A count with its thousands apart.
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn significant(value: f64) -> String {
    let shortened = format!("{value:.5e}").parse::<f64>().unwrap_or(value);
    if shortened != 0.0 && !(1e-4..1e15).contains(&shortened.abs()) {
        return format!("{shortened:e}");
    }
    shortened.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_end_where_the_error_begins() {
        assert_eq!(rounded(17.1234, decimals(0.75)), "17.1");
        assert_eq!(rounded(17.1234, decimals(0.12)), "17.12");
        assert_eq!(rounded(17.1234, decimals(1.02)), "17.1");
        assert_eq!(rounded(17.1234, decimals(0.04)), "17.12");
        assert_eq!(rounded(17.1234, decimals(3.0)), "17");
        assert_eq!(rounded(12_345.0, decimals(250.0)), "12300");
        assert_eq!(rounded(-0.004, decimals(0.3)), "0.0");
        assert_eq!(rounded(1.0 / 3.0, None), "0.333333");
        assert_eq!(rounded(2.5e-9, None), "2.5e-9");
        assert_eq!(rounded(f64::NAN, None), "-");
        assert_eq!(percent(0.17094, 0.0075), "17.1");
        assert_eq!(percent(0.5, 0.25), "50");
        assert_eq!(percent(0.000384, 0.000384), "0.04");
    }

    #[test]
    fn thousands_stand_apart() {
        assert_eq!(
            [0, 999, 1_000, 1_234_567].map(grouped),
            ["0", "999", "1,000", "1,234,567"]
        );
    }
}
