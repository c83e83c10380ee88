//! Why the zone of agreement is empty: the smallest sets of floors and rules without which it is not.

use super::desk::Desk;
use super::outcome::Ending;
use super::stakes::Negotiation;

/// Something that can stand in the way of every deal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Obstacle {
    /// The reservation value of this seat.
    Reservation(usize),
    /// The rules of this group.
    Rule(usize),
}

/// Sets looked at before the search gives up and blames nobody.
const MOST_SETS: usize = 600;

/// Every member of a smallest set of reservation values and rules whose removal leaves a deal; none if
/// there is a deal, or if no set small enough to be found opens the zone. `groups` says for each rule of
/// the shape to which of `count` groups it belongs; rules without a group are never left out.
pub fn obstacles(
    negotiation: &mut Negotiation<'_>,
    desk: &mut Desk,
    groups: &[Option<usize>],
    count: usize,
) -> Vec<Obstacle> {
    let seats = negotiation.shape.seats();
    if matches!(desk.open(negotiation), Err(Ending::Unplayable(_))) {
        return Vec::new();
    }
    let masks = desk.masks().to_vec();
    let rows = &negotiation.shape.plan.rules;
    // A rule that everything meets stands in nobody's way.
    let present = |group: &usize| {
        let mut rules = groups.iter().enumerate();
        rules.any(|(rule, of)| {
            *of == Some(*group) && masks[rows[rule]..rows[rule + 1]].contains(&false)
        })
    };
    let mut suspects: Vec<Obstacle> = (0..seats).map(Obstacle::Reservation).collect();
    suspects.extend((0..count).filter(present).map(Obstacle::Rule));
    let mut looked = 0;
    for size in 1..=suspects.len() {
        let mut found = vec![false; suspects.len()];
        let mut chosen: Vec<usize> = (0..size).collect();
        loop {
            looked += 1;
            if looked > MOST_SETS {
                return Vec::new();
            }
            let without: Vec<Obstacle> = chosen.iter().map(|place| suspects[*place]).collect();
            match desk.has_deal(negotiation, &masks, groups, &without) {
                Ok(true) => chosen.iter().for_each(|place| found[*place] = true),
                Ok(false) => {}
                Err(_) => return Vec::new(),
            }
            if !next(&mut chosen, suspects.len()) {
                break;
            }
        }
        if found.contains(&true) {
            let blamed = suspects.iter().zip(found).filter(|(_, found)| *found);
            return blamed.map(|(suspect, _)| *suspect).collect();
        }
    }
    Vec::new()
}

/// The next subset of the same size, in lexicographic order.
fn next(chosen: &mut [usize], of: usize) -> bool {
    let size = chosen.len();
    let Some(place) = (0..size)
        .rev()
        .find(|place| chosen[*place] < of - size + place)
    else {
        return false;
    };
    chosen[place] += 1;
    for later in place + 1..size {
        chosen[later] = chosen[later - 1] + 1;
    }
    true
}

#[test]
fn subsets_come_once_each() {
    let mut chosen = vec![0, 1];
    let mut seen = vec![chosen.clone()];
    while next(&mut chosen, 4) {
        seen.push(chosen.clone());
    }
    assert_eq!(seen, [[0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3]]);
}
