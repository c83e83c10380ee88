//! Utilities of every package of a discrete model, added up apart from the program.

use super::case::numbers;
use super::draft::Draft;
use serde_json::Value;

/// One utility vector per package, row-major; none if an issue is continuous or a weight is drawn.
pub fn utilities(draft: &Draft) -> Option<Vec<Vec<f64>>> {
    let model = draft.model;
    if model["form"] == "points" {
        return model["outcomes"].as_array()?.iter().map(numbers).collect();
    }
    let counts = draft.counts()?;
    let actors = model["actors"].as_array()?;
    (0..counts.iter().product())
        .map(|package| {
            let levels = levels(&counts, package);
            actors.iter().map(|actor| utility(actor, &levels)).collect()
        })
        .collect()
}

/// Packages no rule forbids.
pub fn feasible(draft: &Draft) -> Option<Vec<bool>> {
    let counts = draft.counts()?;
    let patterns = draft.model["forbidden"].as_array();
    let allowed = (0..counts.iter().product()).map(|package| {
        let levels = levels(&counts, package);
        !patterns
            .into_iter()
            .flatten()
            .any(|pattern| fits(pattern, &levels))
    });
    Some(allowed.collect())
}

/// Lowest number first: of packages with one utility vector, the first.
pub fn first_of_each(packages: &[u64], utilities: &[Vec<f64>]) -> Vec<u64> {
    let mut kept: Vec<u64> = Vec::new();
    let mut sorted = packages.to_vec();
    sorted.sort_unstable();
    for package in sorted {
        let vector = &utilities[package as usize];
        if !kept.iter().any(|k| alike(&utilities[*k as usize], vector)) {
            kept.push(package);
        }
    }
    kept
}

/// The same utilities, but for rounding.
pub fn alike(a: &[f64], b: &[f64]) -> bool {
    a.iter()
        .zip(b)
        .all(|(a, b)| (a - b).abs() <= 1e-9 * a.abs().max(1.0))
}

/// The level of every issue in a package.
pub fn levels(counts: &[usize], mut package: usize) -> Vec<usize> {
    let mut levels = vec![0; counts.len()];
    for (level, count) in levels.iter_mut().zip(counts).rev() {
        *level = package % count;
        package /= count;
    }
    levels
}

fn utility(actor: &Value, levels: &[usize]) -> Option<f64> {
    let mut sum = actor["constant"].as_f64().unwrap_or(0.0);
    for (issue, level) in levels.iter().enumerate() {
        sum += actor["weights"][issue].as_f64()? * actor["values"][issue][*level].as_f64()?;
    }
    for interaction in actor["interactions"].as_array().into_iter().flatten() {
        if fits(&interaction["when"], levels) {
            sum += interaction["bonus"].as_f64()?;
        }
    }
    Some(sum)
}

fn fits(pattern: &Value, levels: &[usize]) -> bool {
    pattern.as_array().into_iter().flatten().all(|part| {
        let issue = part["issue"].as_u64().unwrap_or(0) as usize;
        part["levels"]
            .as_array()
            .is_some_and(|list| list.contains(&Value::from(levels[issue])))
    })
}
