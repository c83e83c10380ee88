//! Distributions of a case: as a draw, and as the chance that what is drawn is small enough.

use super::case::numbers;
use serde_json::Value;

/// `uniform(0, 1)`.
pub fn drawn(law: &Value) -> Option<String> {
    let part = |name: &str| law[name].as_f64();
    match law["dist"].as_str()? {
        "uniform" => Some(format!("uniform({}, {})", part("low")?, part("high")?)),
        "normal" => Some(format!("normal({}, {})", part("mean")?, part("sd")?)),
        "discrete" => {
            let (values, chances) = (numbers(&law["values"])?, chances(law)?);
            Some(format!("discrete({values:?}, {chances:?})"))
        }
        _ => None,
    }
}

/// A draw, or a number that is no draw.
pub fn drawn_or_known(law: &Value) -> Result<String, String> {
    let told = law.as_f64().map(|number| number.to_string());
    told.or_else(|| drawn(law))
        .ok_or(format!("{law} cannot be drawn"))
}

/// The chance that it is at most `z`, a formula.
pub fn at_most(law: &Value, z: &str) -> Result<String, String> {
    chance(law, z, "<=").ok_or(format!("no chance of {law}"))
}

/// The chance that it is `z` or more.
pub fn at_least(law: &Value, z: &str) -> Result<String, String> {
    chance(law, z, ">=").ok_or(format!("no chance of {law}"))
}

fn chances(law: &Value) -> Option<Vec<f64>> {
    let keys = ["probs", "probabilities", "weights"];
    keys.iter().find_map(|key| numbers(&law[*key]))
}

fn chance(law: &Value, z: &str, compared: &str) -> Option<String> {
    if let Some(known) = law.as_f64() {
        return Some(format!("(if {known} {compared} {z} then 1 else 0)"));
    }
    let part = |name: &str| law[name].as_f64();
    let small = match law["dist"].as_str()? {
        "uniform" => {
            let (low, high) = (part("low")?, part("high")?);
            format!("clamp(({z} - ({low})) / ({}), 0, 1)", high - low)
        }
        "normal" => normal(&format!("(({z} - ({})) / {})", part("mean")?, part("sd")?)),
        "discrete" => {
            let each = numbers(&law["values"])?.into_iter().zip(chances(law)?);
            let each = each.map(|(value, p)| format!("{p} * ({value} {compared} {z})"));
            return Some(format!("({})", each.collect::<Vec<_>>().join(" + ")));
        }
        _ => return None,
    };
    Some(match compared {
        "<=" => small,
        _ => format!("(1 - {small})"),
    })
}

/// The standard normal distribution function, by Abramowitz and Stegun's 26.2.17: 7.5e-8 off at most.
fn normal(z: &str) -> String {
    let t = format!("(1 / (1 + 0.2316419 * abs({z})))");
    let series = format!(
        "(0.31938153 * {t} - 0.356563782 * {t}^2 + 1.781477937 * {t}^3 - 1.821255978 * {t}^4 \
+ 1.330274429 * {t}^5)"
    );
    let tail = format!("exp(-{z}^2 / 2) * 0.3989422804014327 * {series}");
    format!("(if {z} < 0 then {tail} else 1 - {tail})")
}
