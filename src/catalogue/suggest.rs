//! Did you mean ...: the nearest right name to a wrong one.

/// The candidate nearest to `name`, if one is near enough to be meant.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = name.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (distance(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + name.len().max(candidate.len()) / 4)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Edit distance, but a name that is a whole part of the other is near.
fn distance(name: &str, candidate: &str) -> usize {
    let edits = strsim::damerau_levenshtein(name, candidate);
    let part = name.len() >= 3 && candidate.split(['_', '.', '-']).any(|word| word == name);
    if part { edits.min(1) } else { edits }
}

#[test]
fn a_typo_finds_its_name() {
    assert_eq!(
        nearest("triangluar", ["uniform", "triangular"]),
        Some("triangular")
    );
    assert_eq!(nearest("syira", ["russia", "syria"]), Some("syria"));
    assert_eq!(nearest("zzz", ["russia", "syria"]), None);
    assert_eq!(
        nearest("option", ["outside_option", "cash"]),
        Some("outside_option")
    );
}
