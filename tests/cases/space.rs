//! Veto players in policy space: what can replace the status quo when everybody likes what is near.

use super::case::{Case, numbers};
use super::chance;
use super::finding::Finding;
use super::mask;
use super::program;
use super::tasks::{Played, rule};
use serde_json::Value;
use std::fmt::Write;

/// Points drawn to measure a win-set.
const POINTS: &str = "400000";
/// Points of utility per unit of distance: 0 to 100 for spaces of length one, as stakes have it.
const SCALE: f64 = 100.0;

/// Actors with ideal points, and what stands.
struct Space {
    ideals: Vec<Vec<f64>>,
    status_quo: Vec<f64>,
    quota: Option<u64>,
}

impl Space {
    fn of(case: &Case) -> Result<Space, String> {
        let (model, task) = (&case.model, &case.task);
        let actors = model["actors"].as_array().ok_or("no actors")?;
        let ideals = actors.iter().map(ideal).collect::<Option<_>>();
        let told = [&model["status_quo"], &task["status_quo"]];
        let mut told = told.into_iter().chain(rows_of(case, "status_quo"));
        Ok(Space {
            ideals: ideals.ok_or("an actor without an ideal point")?,
            status_quo: told.find_map(point).ok_or("no status quo")?,
            quota: task["quota"].as_u64(),
        })
    }

    fn everybody(&self) -> Vec<usize> {
        (0..self.ideals.len()).collect()
    }

    fn radius(&self, seat: usize) -> f64 {
        distance(&self.ideals[seat], &self.status_quo)
    }

    /// How much nearer to an actor's ideal a point is than what stands: a formula of the point's coordinates.
    fn likes(&self, seat: usize, at: &[String]) -> String {
        let likes = likes(&self.ideals[seat], at, SCALE);
        format!("{} {likes}", SCALE * self.radius(seat))
    }

    /// Everything that actors with a veto could accept lies in here; at least a little room.
    fn room(&self, veto: &[usize], dimension: usize) -> (f64, f64) {
        let ball = |&seat: &usize| {
            let (ideal, radius) = (self.ideals[seat][dimension], self.radius(seat));
            (ideal - radius, ideal + radius)
        };
        let all = self.everybody();
        let (low, high) = match veto {
            [] => all
                .iter()
                .map(ball)
                .fold((f64::INFINITY, f64::NEG_INFINITY), |a, b| {
                    (a.0.min(b.0), a.1.max(b.1))
                }),
            veto => veto
                .iter()
                .map(ball)
                .fold((f64::NEG_INFINITY, f64::INFINITY), |a, b| {
                    (a.0.max(b.0), a.1.min(b.1))
                }),
        };
        match high - low < 1e-3 {
            true => (low - 1e-3, high + 1e-3),
            false => (low, high),
        }
    }

    /// Actors who do not sign: those with a veto accept nothing worse than what stands, and a quota of
    /// all of them must be better off. Their utility is the formula of each seat.
    fn voters(&self, veto: &[usize], stays: &str, utility: impl Fn(usize) -> String) -> String {
        let mut text = String::new();
        for seat in self.everybody() {
            let utility = utility(seat);
            let has_veto = veto.contains(&seat);
            let _ = writeln!(
                text,
                "[actors.voter_{seat}]\nsigns = false\nveto = {has_veto}\nreservation = \"status_quo\"\n\
[[actors.voter_{seat}.terms]]\nadds = \"{utility}\""
            );
        }
        if let Some(quota) = self.quota {
            let better = self.everybody().into_iter();
            let better = better.map(|seat| format!("(utility.voter_{seat} > 1e-9)"));
            let better: Vec<String> = better.collect();
            let _ = writeln!(
                text,
                "[[rules]]\nrequire = \"{stays} or {} >= {quota}\"",
                better.join(" + ")
            );
        }
        text
    }

    /// The share of drawn points for which the status quo would be given up, times the room they are drawn from.
    fn area(&self, veto: &[usize]) -> Result<f64, String> {
        let mut text = "format = 1\n[quantities]\n".to_string();
        let mut size = 1.0;
        let mut at = Vec::new();
        for dimension in 0..self.status_quo.len() {
            let (low, high) = self.room(veto, dimension);
            size *= high - low;
            let _ = writeln!(text, "at_{dimension} = \"uniform({low}, {high})\"");
            at.push(format!("at_{dimension}"));
        }
        text.push_str(
            "[issues.bill]\nlevels = [\"stays\", \"moves\"]\nstatus_quo = \"stays\"\n\
[actors.setter]\nreservation = 0\nstakes.bill = { weight = 1, value = [0, 100] }\n",
        );
        text.push_str(&self.voters(veto, "bill == stays", |seat| {
            format!("if bill == moves then {} else 0", self.likes(seat, &at))
        }));
        text.push_str("[measures]\npasses = \"deal and bill == moves\"\n");
        let arguments = ["--runs", POINTS, "--seed", chance::SEED, "--threads", "1"];
        let summary = program::run(&text, &arguments)?["base"].clone();
        Ok(size * chance::is_so(&summary, "passes"))
    }

    /// Is nothing better for all of them? The largest smallest gain over what stands says so.
    fn is_empty(&self, veto: &[usize]) -> Result<bool, String> {
        if self.quota.is_some() {
            return Ok(self.area(veto)? == 0.0);
        }
        let (mut text, at) = self.ranges(veto);
        for seat in veto {
            let likes = self.likes(*seat, &at);
            let _ = writeln!(
                text,
                "[actors.voter_{seat}]\nreservation = 0\n\
[[actors.voter_{seat}.terms]]\nadds = \"{likes}\""
            );
        }
        text.push_str("[bargaining]\nprotocol = \"egalitarian\"\n");
        let row = program::rows(&text, &["--runs", "1"])?.remove(0);
        let gains = veto
            .iter()
            .map(|seat| row[format!("gain.voter_{seat}")].as_f64());
        let mut better = gains.map(|gain| gain.is_some_and(|gain| gain > 1e-6 * SCALE));
        Ok(row["ended"] != "agreement" || !better.all(|better| better))
    }

    fn ranges(&self, veto: &[usize]) -> (String, Vec<String>) {
        let mut text = "format = 1\n".to_string();
        let mut at = Vec::new();
        for (dimension, stands) in self.status_quo.iter().enumerate() {
            let (low, high) = self.room(veto, dimension);
            let (low, high) = (low.min(*stands), high.max(*stands));
            let _ = writeln!(
                text,
                "[issues.x_{dimension}]\nfrom = {low}\nto = {high}\nstatus_quo = {stands}"
            );
            at.push(format!("x_{dimension}"));
        }
        (text, at)
    }

    /// The ends of the win-set on a line: what a setter gets who wants to go up, and one who wants down.
    ///
    /// Each has all the room on its side, from what stands to beyond the reach of every actor.
    fn ends(&self, veto: &[usize]) -> Result<[f64; 2], String> {
        let stands = self.status_quo[0];
        let reach = self
            .everybody()
            .into_iter()
            .map(|seat| 2.0 * self.radius(seat));
        let reach = 0.1 + reach.fold(0.0, f64::max);
        let at = ["x_0".to_string()];
        let end = |sign: &str, from: f64, to: f64| {
            let mut text = format!(
                "format = 1\n[calendar]\nsessions = 1\n[issues.x_0]\nfrom = {from}\nto = {to}\n\
status_quo = {stands}\n[actors.setter]\nreservation = -1e6\n\
[[actors.setter.terms]]\nadds = \"{sign}x_0\"\n\
[bargaining]\nprotocol = \"take-it-or-leave-it\"\n"
            );
            text.push_str(&self.voters(veto, &format!("x_0 == {stands}"), |seat| {
                self.likes(seat, &at)
            }));
            let row = program::rows(&text, &["--runs", "1"])?.remove(0);
            row["x_0"].as_f64().ok_or(format!("no end: {row}"))
        };
        Ok([
            end("-", stands - reach, stands)?,
            end("", stands, stands + reach)?,
        ])
    }

    /// Whatever a case expects of the win-set of a veto set.
    fn compare(
        &self,
        finding: &mut Finding,
        place: &str,
        expected: &Value,
        veto: &[usize],
    ) -> Played {
        for (name, told) in expected.as_object().into_iter().flatten() {
            let place = format!("{place} {name}");
            match (name.as_str(), told.as_f64()) {
                ("veto" | "status_quo" | "quota", _) => (),
                ("empty", _) => finding.same(&place, told.as_bool(), Some(self.is_empty(veto)?)),
                ("area" | "volume", Some(area)) => {
                    finding.number(name, &place, area, self.area(veto)?);
                }
                ("interval", _) => finding.list(name, &place, told, &self.ends(veto)?),
                ("length", Some(length)) => {
                    let [low, high] = self.ends(veto)?;
                    finding.number(name, &place, length, high - low);
                }
                _ => finding.fault(format!("{place} cannot be told")),
            }
        }
        Ok(())
    }
}

fn distance(ideal: &[f64], point: &[f64]) -> f64 {
    let each = ideal.iter().zip(point);
    each.map(|(ideal, point)| (ideal - point).powi(2))
        .sum::<f64>()
        .sqrt()
}

/// `-100 sqrt((x - a)^2 + (y - b)^2)`.
fn likes(ideal: &[f64], at: &[String], scale: f64) -> String {
    let parts = ideal
        .iter()
        .zip(at)
        .map(|(ideal, at)| format!("({at} - ({ideal}))"));
    let parts: Vec<String> = parts.collect();
    match &parts[..] {
        [one] => format!("-{scale} * abs{one}"),
        all => format!("-{scale} * sqrt({}^2)", all.join("^2 + ")),
    }
}

fn ideal(actor: &Value) -> Option<Vec<f64>> {
    point(&actor["ideal"]).or_else(|| point(&actor["position"]))
}

fn point(told: &Value) -> Option<Vec<f64>> {
    numbers(told).or(told.as_f64().map(|at| vec![at]))
}

/// What the rows that a case expects say under a name.
fn rows_of<'c>(case: &'c Case, name: &'static str) -> impl Iterator<Item = &'c Value> {
    let rows = case.expected.get("rows").and_then(Value::as_array);
    rows.into_iter()
        .flatten()
        .filter_map(move |row| row.get(name))
}

/// A list of seats.
pub fn set(told: &Value) -> Option<Vec<usize>> {
    let list = super::case::packages(told)?;
    Some(list.into_iter().map(|seat| seat as usize).collect())
}

/// The veto players of a task; all actors, if it names none and asks for no quota.
fn vetoes(space: &Space, task: &Value) -> Vec<usize> {
    match (set(&task["veto"]), space.quota) {
        (Some(veto), _) => veto,
        (None, Some(_)) => Vec::new(),
        (None, None) => space.everybody(),
    }
}

/// The win-set of what stands, for one veto set or in rows with a set, a status quo or a quota of their own.
pub fn win_set(case: &Case, finding: &mut Finding) -> Played {
    let rows = finding.expect("rows").and_then(Value::as_array);
    for name in case.expected.keys() {
        finding.expect(name);
    }
    if case.model["form"] != "spatial" {
        return mask::packages(case, finding);
    }
    let mut space = Space::of(case)?;
    let veto = vetoes(&space, &case.task);
    let Some(rows) = rows else {
        let whole = Value::Object(case.expected.clone());
        return space.compare(finding, "win-set", &whole, &veto);
    };
    for (nth, row) in rows.iter().enumerate() {
        let nth_set = set(&case.task["veto_sets"][nth]);
        let veto = set(&row["veto"])
            .or(nth_set)
            .unwrap_or_else(|| veto.clone());
        if let Some(quota) = row["quota"].as_u64() {
            space.quota = Some(quota);
        }
        if let Some(stands) = point(&row["status_quo"]) {
            space.status_quo = stands;
        }
        space.compare(finding, &format!("row {nth} {veto:?}"), row, &veto)?;
    }
    Ok(())
}

/// Negotiators in policy space, and homes that must not like a text less than what stands.
///
/// A home with a threshold accepts what it likes that much, liking being the distance with a minus.
pub fn two_level(case: &Case, finding: &mut Finding) -> Played {
    let space = Space::of(case)?;
    let (mut text, at) = space.ranges(&[]);
    let protocol = rule(&case.task)?;
    for seat in space.everybody() {
        let least = case.model["actors"][seat]["reservation"].as_f64();
        let least = least.map_or("status_quo".to_string(), |least| least.to_string());
        let _ = writeln!(
            text,
            "[actors.actor_{seat}]\nreservation = \"{least}\"\n\
[[actors.actor_{seat}.terms]]\nadds = \"{}\"",
            likes(&space.ideals[seat], &at, 1.0)
        );
    }
    let homes = case.model["ratifiers"].as_array();
    for (k, home) in homes.into_iter().flatten().enumerate() {
        let ideal = ideal(home).ok_or("a home without an ideal point")?;
        let away = match home["threshold"].as_f64() {
            Some(least) => -least,
            None => distance(&ideal, &space.status_quo),
        };
        let _ = writeln!(
            text,
            "[actors.home_{k}]\nsigns = false\nveto = true\nreservation = 0\n\
[[actors.home_{k}.terms]]\nadds = \"{} {}\"",
            SCALE * away,
            likes(&ideal, &at, SCALE)
        );
    }
    let _ = writeln!(
        text,
        "[calendar]\nsessions = 1\n[bargaining]\nprotocol = \"{protocol}\""
    );
    let row = program::rows(&text, &["--runs", "1"])?.remove(0);
    let list = |names: Vec<String>| {
        let each = names
            .iter()
            .map(|name| row[name].as_f64().unwrap_or(f64::NAN));
        each.collect::<Vec<f64>>()
    };
    if let Some(agreement) = finding.expect("agreement") {
        finding.same(
            "agreement",
            agreement.as_bool(),
            Some(row["ended"] == "agreement"),
        );
    }
    if let Some(x) = finding.expect("x") {
        finding.list("x", "x", x, &list(at));
    }
    if let Some(utilities) = finding.expect("utilities") {
        let names = space
            .everybody()
            .into_iter()
            .map(|seat| format!("utility.actor_{seat}"));
        finding.list("utilities", "utilities", utilities, &list(names.collect()));
    }
    Ok(())
}
