//! Win-sets among packages: which of them can replace what stands.

use super::case::{Case, numbers};
use super::draft::Draft;
use super::finding::Finding;
use super::space::set;
use super::tasks::Played;
use super::{arithmetic, zone};
use serde_json::Value;

/// The packages that a quota prefers to what stands, and no veto player likes less.
pub fn packages(case: &Case, finding: &mut Finding) -> Played {
    let whole = [Value::Object(case.expected.clone())];
    let rows = case.expected.get("rows").and_then(Value::as_array);
    for (nth, row) in rows.map_or(&whole[..], Vec::as_slice).iter().enumerate() {
        let own = |name: &str| match &row[name] {
            Value::Null => &case.task[name],
            told => told,
        };
        let mut draft = Draft::new(&case.model, "nash")?;
        let utilities = arithmetic::utilities(&draft).ok_or("packages need levels")?;
        let stands = worth(&draft, &utilities, own("status_quo")).ok_or("no status quo")?;
        let quota = own("quota").as_u64();
        let veto = match (set(own("veto")), quota) {
            (Some(veto), _) => veto,
            (None, Some(_)) => Vec::new(),
            (None, None) => (0..stands.len()).collect(),
        };
        let better = draft.actors.iter().zip(&stands);
        let better = better.map(|(actor, stands)| format!("(utility.{actor} > 1e-9 + ({stands}))"));
        let better: Vec<String> = better.collect();
        if let Some(quota) = quota {
            let sum = better.join(" + ");
            let rule = format!("[[rules]]\nrequire = \"walk == yes or {sum} >= {quota}\"\n");
            draft.more.push_str(&rule);
        }
        let mut least = zone::nothing_to_lose(&utilities);
        for seat in veto {
            least[seat] = stands[seat];
        }
        let found = zone::acceptable(&mut draft, Some(least))?;
        for (name, told) in row.as_object().into_iter().flatten() {
            let place = format!("row {nth} {name}");
            match name.as_str() {
                "veto" | "status_quo" | "quota" => (),
                "empty" => finding.same(&place, told.as_bool(), Some(found.is_empty())),
                _ if told.is_array() => finding.same_packages(&place, told, &found),
                _ => finding.same(&place, told.as_u64(), Some(found.len() as u64)),
            }
        }
    }
    Ok(())
}

/// What stands, told as the number of a package, as levels, or as what it is worth to each.
fn worth(draft: &Draft, utilities: &[Vec<f64>], told: &Value) -> Option<Vec<f64>> {
    if let Some(package) = told.as_u64() {
        return utilities.get(package as usize).cloned();
    }
    let list = numbers(told)?;
    if draft.model["form"] == "points" {
        return Some(list);
    }
    let counts = draft.counts()?;
    let number = list.iter().zip(&counts);
    let number = number.fold(0, |number, (level, count)| number * count + *level as usize);
    utilities.get(number).cloned()
}
