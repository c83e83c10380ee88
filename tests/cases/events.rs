//! Shocks to what an actor has without a deal: before the parties sit down, or before they keep their word.

use super::draft::Draft;
use super::law;
use super::writing::{fallback, matches};
use serde_json::Value;
use std::fmt::Write;

/// Does something happen after the parties agreed?
pub fn come_late(draft: &Draft) -> bool {
    let events = draft.model["events"].as_array();
    events.into_iter().flatten().any(is_late)
}

/// What an actor has in the end: its part of the deal, or what the shocks left it without one.
pub fn in_the_end(actor: &str) -> String {
    format!("if deal then utility.{actor} else without_{actor}")
}

fn is_late(event: &Value) -> bool {
    event["when"] == "after"
}

/// Writes the events of the model. Each moves the reservation values it names, in the order of the list.
///
/// `without_A` is what A has without a deal when all is over, `reservation_A` what it thinks so at the
/// table: events after the agreement move only the former, and a side which then has more without the
/// deal walks off. Its home refuses, which nobody foresaw.
pub fn happen(draft: &mut Draft) -> Result<(), String> {
    let Some(events) = draft.model["events"].as_array() else {
        return Ok(());
    };
    draft.meet(1);
    let late = come_late(draft);
    let mut reservations = Vec::new();
    for (seat, actor) in draft.actors.iter().enumerate() {
        let told = fallback(draft, seat);
        let name = match told.parse::<f64>() {
            Ok(_) => {
                let line = format!("reservation_{actor} = {{ value = {told} }}\n");
                draft.quantities.push_str(&line);
                format!("reservation_{actor}")
            }
            Err(_) => told,
        };
        if late {
            let line = format!("without_{actor} = {{ value = \"{name}\" }}\n");
            draft.quantities.push_str(&line);
        }
        reservations.push(name);
    }
    let mut walk_off = vec![false; draft.actors.len()];
    for (k, event) in events.iter().enumerate() {
        let mut effects = Vec::new();
        for effect in each(&event["effect"]).chain(each(&event["effects"])) {
            if let Some(told) = ends_talks(draft, k, effect) {
                effects.push(told);
                continue;
            }
            let seat = effect["actor"].as_u64().ok_or("an effect on no actor")? as usize;
            let actor = draft.actors.get(seat).ok_or("an effect on nobody")?;
            if !is_late(event) {
                effects.push(moves(&reservations[seat], effect)?);
            }
            if late {
                effects.push(moves(&format!("without_{actor}"), effect)?);
                walk_off[seat] |= is_late(event);
            }
        }
        if !matches!(event["when"].as_str(), None | Some("before" | "after")) {
            return Err(format!("events cannot happen {}", event["when"]));
        }
        let (chance, effects) = (&event["probability"], effects.join(", "));
        let _ = writeln!(
            draft.more,
            "[events.event_{k}]\nchance = {chance}\neffects = {{ {effects} }}\n"
        );
    }
    for (actor, _) in draft.actors.iter().zip(walk_off).filter(|(_, off)| *off) {
        let _ = writeln!(
            draft.more,
            "[ratification.word_of_{actor}]\nof = \"{actor}\"\n\
chance = \"utility.{actor} >= without_{actor} - 1e-9\"\n"
        );
    }
    draft.reservations = Some(reservations);
    Ok(())
}

/// A table, or a list of them.
fn each(value: &Value) -> impl Iterator<Item = &Value> {
    let list = value.as_array().map_or(&[][..], Vec::as_slice);
    value.is_object().then_some(value).into_iter().chain(list)
}

/// An effect that is not on what somebody has: talks end, or some deals are off.
fn ends_talks(draft: &mut Draft, k: usize, effect: &Value) -> Option<String> {
    if effect["breakdown"] == true {
        draft.calendar.push(format!("breakdown = \"happened_{k}\""));
    } else if effect["forbidden"].is_array() {
        let patterns = effect["forbidden"].as_array().into_iter().flatten();
        for pattern in patterns {
            let off = matches(draft, pattern);
            let rule = format!("[[rules]]\nrequire = \"happened_{k} == 0 or not ({off})\"\n");
            draft.more.push_str(&rule);
        }
    } else {
        return None;
    }
    let quantity = format!("happened_{k} = {{ value = 0 }}\n");
    draft.quantities.push_str(&quantity);
    Some(format!("happened_{k} = \"1\""))
}

/// What an effect makes of what an actor has without a deal.
fn moves(name: &str, effect: &Value) -> Result<String, String> {
    let told = effect.as_object().ok_or("an effect is a table")?;
    for key in told.keys().filter(|key| *key != "actor") {
        let new = match key.as_str() {
            "reservation" => law::drawn_or_known(&effect[key])?,
            "reservation_change" | "change" | "shift" | "add" => {
                format!("{name} + ({})", law::drawn_or_known(&effect[key])?)
            }
            _ => continue,
        };
        return Ok(format!("{name} = \"{new}\""));
    }
    Err(format!("the effect {effect} cannot be said"))
}
