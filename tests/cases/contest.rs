//! Demands on those whose limits are not known, and deals that later strength or sunk costs undo.

use super::case::Case;
use super::chance::{self, Bounds};
use super::finding::Finding;
use super::law;
use super::program;
use super::tasks::Played;
use serde_json::Value;

/// One side demands, the other's limit is its own secret.
struct Demand {
    /// The lowest and the highest demand worth thinking of.
    range: (f64, f64),
    /// What the proposer has if it is refused.
    fallback: f64,
    /// The chance that the responder takes what is left of 1: a formula of `demand`.
    chance: String,
    /// What the responder has if it refuses, with its own limit drawn.
    limit: String,
}

/// What comes of a demand made by one who knows how limits are distributed: in so many runs.
struct Believed {
    bounds: Bounds<'static>,
    summary: Value,
}

/// Enough to tell what becomes of demands; what is demanded is the same in every run.
const RUNS: f64 = 4000.0;

impl Believed {
    fn mean(&self, finding: &mut Finding, name: &str, variable: &str) {
        if let Some(expected) = finding.expect(name) {
            let got = chance::statistic(&self.summary, variable, "mean");
            let place = format!("{name} in the dark");
            self.bounds.mean(finding, &place, "", expected, got);
        }
    }
}

/// The best demand, and what comes of it.
struct Told {
    demand: f64,
    p_accepted: f64,
    payoff: f64,
    summary: Value,
}

impl Demand {
    fn text(&self, issue: &str, reservation: &str, more: &str) -> String {
        format!(
            "format = 1\n[scenario]\ntitle = \"Take it or leave it\"\n[issues.demand]\n{issue}\n\
[actors.proposer]\nsigns = true\nreservation = {}\n\
[[actors.proposer.terms]]\nadds = \"demand\"\n\
[actors.responder]\nsigns = true\nreservation = \"{reservation}\"\n\
[[actors.responder.terms]]\nadds = \"1 - demand\"\n\
[bargaining]\nprotocol = \"take-it-or-leave-it\"\n[bargaining.settings]\nproposer = \"proposer\"\n\
[measures]\nsurplus = \"gain.proposer + gain.responder\"\n{more}",
            self.fallback
        )
    }

    fn open(&self) -> String {
        format!("from = {}\nto = {}", self.range.0, self.range.1)
    }

    /// Twice: the proposer weighs every demand by the chance that the responder's own people take it,
    /// which tells the demand; then that demand meets limits that are drawn, which tells how often it fails.
    fn play(&self, bounds: &Bounds) -> Result<Told, String> {
        let people = format!(
            "p_accepted = \"{chance}\"\n[calendar]\nsessions = 1\n\
[ratification.people]\nof = \"responder\"\nchance = \"{chance}\"\nforeseen = true\n",
            chance = self.chance
        );
        let weighed = self.text(&self.open(), "-1e6", &people);
        let rows = program::rows(&weighed, &["--runs", "2000"])?;
        let agreed = rows.iter().find(|row| row["ended"] == "agreement");
        let agreed = agreed.ok_or("no demand is ever accepted")?;
        let number = |name: &str| agreed[name].as_f64().unwrap_or(f64::NAN);
        let (demand, p) = (number("demand"), number("p_accepted"));
        let stated = self.text(&format!("values = [{demand}]"), &self.limit, "");
        Ok(Told {
            demand,
            p_accepted: p,
            payoff: self.fallback + p * (demand - self.fallback),
            summary: chance::play(&stated, bounds)?,
        })
    }

    /// Once more, with the limits drawn and a proposer who knows no more than their distribution.
    fn in_the_dark(&self, finding: &mut Finding) -> Result<Believed, String> {
        let text = self.text(&self.open(), &self.limit, "");
        let knows = "[actors.proposer]\nknowledge = \"prior\"\n";
        let text = text.replace("[actors.proposer]\n", knows);
        let bounds = Bounds::fixed(RUNS);
        let summary = chance::play(&text, &bounds)?;
        if let Some(expected) = finding.expect("demand").and_then(Value::as_f64) {
            for end in ["min", "max"] {
                let (got, _) = chance::statistic(&summary, "demand", end);
                finding.number(
                    "demand",
                    &format!("{end} demand in the dark"),
                    expected,
                    got,
                );
            }
        }
        Ok(Believed { bounds, summary })
    }
}

fn number(finding: &mut Finding, name: &str, got: f64) {
    if let Some(expected) = finding.expect(name).and_then(Value::as_f64) {
        finding.number(name, name, expected, got);
    }
}

/// A demand against a reservation value only its owner knows; then the same with open cards.
pub fn tioli(case: &Case, finding: &mut Finding) -> Played {
    let prior = &case.task["prior"];
    let fallback = case.task["proposer_disagreement"].as_f64();
    let demand = Demand {
        range: (0.0, 1.0),
        fallback: fallback.unwrap_or(0.0),
        chance: law::at_most(prior, "(1 - demand)")?,
        limit: law::drawn_or_known(prior)?,
    };
    let bounds = Bounds::of(case);
    let told = demand.play(&bounds)?;
    number(finding, "demand", told.demand);
    if let Some(policy) = finding.expect("policy") {
        let all = told.p_accepted > 1.0 - 1e-9;
        finding.same(
            "policy",
            policy.as_str(),
            Some(if all { "pool" } else { "screen" }),
        );
    }
    if let Some(p) = finding.expect("p_agreement") {
        finding.number(
            "p_agreement",
            "p_agreement",
            p.as_f64().unwrap_or(f64::NAN),
            told.p_accepted,
        );
        let agreed = chance::share(&told.summary, "agreement");
        bounds.share(finding, "p_agreement", p, agreed);
    }
    if let Some(mean) = finding.expect("proposer_payoff") {
        let expected = mean.as_f64().unwrap_or(f64::NAN);
        finding.number("proposer_payoff", "proposer_payoff", expected, told.payoff);
        let got = chance::statistic(&told.summary, "utility.proposer", "mean");
        bounds.mean(finding, "proposer_payoff", "proposer_payoff_se", mean, got);
    }
    if let Some(mean) = finding.expect("responder_expected_gain") {
        let got = chance::statistic(&told.summary, "gain.responder", "mean");
        let (name, key) = ("responder_expected_gain", "responder_gain_se");
        bounds.mean(finding, name, key, mean, got);
    }
    let dark = demand.in_the_dark(finding)?;
    if let Some(p) = finding.expect("p_agreement") {
        let agreed = chance::share(&dark.summary, "agreement");
        dark.bounds
            .share(finding, "p_agreement in the dark", p, agreed);
    }
    dark.mean(finding, "proposer_payoff", "utility.proposer");
    dark.mean(finding, "responder_expected_gain", "gain.responder");
    if let Some(mean) = finding.expect("first_best_surplus") {
        let open = demand.text(&demand.open(), &demand.limit, "");
        let summary = chance::play(&open, &bounds)?;
        let got = chance::statistic(&summary, "surplus", "mean");
        bounds.mean(finding, "first_best_surplus", "first_best_se", mean, got);
    }
    Ok(())
}

/// A demand under the threat of war, whose cost to the other side is its secret (Fearon 1995).
pub fn crisis(case: &Case, finding: &mut Finding) -> Played {
    let task = &case.task;
    let part = |name: &str| task[name].as_f64().ok_or(format!("no {name}"));
    let (p, cost) = (part("p")?, part("cost_A")?);
    let other = &task["cost_B"];
    let demand = Demand {
        range: (0.0, 1.0),
        fallback: p - cost,
        chance: law::at_least(other, &format!("(demand - {p})"))?,
        limit: format!("1 - {p} - {}", law::drawn_or_known(other)?),
    };
    let bounds = Bounds::of(case);
    let told = demand.play(&bounds)?;
    number(finding, "demand", told.demand);
    if let Some(expected) = finding.expect("p_war") {
        let war = 1.0 - told.p_accepted;
        finding.number("p_war", "p_war", expected.as_f64().unwrap_or(f64::NAN), war);
        let wars = 1.0 - chance::share(&told.summary, "agreement");
        bounds.share(finding, "p_war", expected, wars);
    }
    if let Some(mean) = finding.expect("payoff_A") {
        finding.number(
            "payoff_A",
            "payoff_A",
            mean.as_f64().unwrap_or(f64::NAN),
            told.payoff,
        );
        let got = chance::statistic(&told.summary, "utility.proposer", "mean");
        bounds.mean(finding, "payoff_A", "payoff_A_se", mean, got);
    }
    if let Some(mean) = finding.expect("payoff_B") {
        let got = chance::statistic(&told.summary, "utility.responder", "mean");
        bounds.mean(finding, "payoff_B", "payoff_B_se", mean, got);
    }
    let dark = demand.in_the_dark(finding)?;
    if let Some(expected) = finding.expect("p_war") {
        let wars = 1.0 - chance::share(&dark.summary, "agreement");
        dark.bounds
            .share(finding, "p_war in the dark", expected, wars);
    }
    dark.mean(finding, "payoff_A", "utility.proposer");
    dark.mean(finding, "payoff_B", "utility.responder");
    Ok(())
}

/// One run of a scenario of one issue without chance: its only row.
fn settled(
    protocol: &str,
    issue: &str,
    actors: &[(&str, &str, &str)],
    more: &str,
) -> Result<Value, String> {
    let mut text = format!("format = 1\n{issue}\n");
    for (name, adds, reservation) in actors {
        text.push_str(&format!(
            "[actors.{name}]\nreservation = \"{reservation}\"\n[[actors.{name}.terms]]\nadds = \"{adds}\"\n"
        ));
    }
    text.push_str(&format!("[bargaining]\nprotocol = \"{protocol}\"\n{more}"));
    Ok(program::rows(&text, &["--runs", "1"])?.remove(0))
}

/// An investment sunk before its fruits are shared: what it should be, and what it is (Grout 1984).
///
/// The investor chooses it alone, with an eye on the part of the fruits that bargaining will leave it:
/// what it can use elsewhere, and its share of the rest.
pub fn hold_up(case: &Case, finding: &mut Finding) -> Played {
    let task = &case.task;
    let text = |name: &str| task[name].as_str().ok_or(format!("no {name}"));
    let (value, cost) = (text("value")?, text("cost")?);
    let share = task["share"].as_f64().unwrap_or(0.5);
    let keys = ["redeployable", "rho", "outside"];
    let elsewhere = keys
        .iter()
        .find_map(|key| task[*key].as_f64())
        .unwrap_or(0.0);
    let number_in = |row: &Value, name: &str| row[name].as_f64().unwrap_or(f64::NAN);
    // Chosen alone, from ever more until the best is well within.
    let chosen = |part: f64| {
        let adds = format!("{part} * ({value}) - ({cost})");
        let mut most = 2.0;
        loop {
            let effort = format!("[issues.e]\nfrom = 0\nto = {most}");
            let investor = [("investor", adds.as_str(), "-1e6")];
            let e = number_in(&settled("utilitarian", &effort, &investor, "")?, "e");
            if e < 0.9 * most || most > 1e6 {
                return Ok::<f64, String>(e);
            }
            most *= 8.0;
        }
    };
    // Of fruits worth 1 the investor gets this.
    let power = format!(
        "settings.power = {{ investor = {share}, partner = {} }}\n",
        1.0 - share
    );
    let parties = [
        ("investor", "part", elsewhere.to_string()),
        ("partner", "1 - part", "0".to_string()),
    ];
    let parties: Vec<(&str, &str, &str)> = parties
        .iter()
        .map(|(a, b, c)| (*a, *b, c.as_str()))
        .collect();
    let part = settled("nash", "[issues.part]\nfrom = 0\nto = 1", &parties, &power)?;
    let part = number_in(&part, "part");
    let at = |e: f64, part: f64| {
        let effort = format!("[issues.e]\nvalues = [{e}]");
        let (investor, partner) = (
            format!("{part} * ({value}) - ({cost})"),
            format!("(1 - {part}) * ({value})"),
        );
        settled(
            "utilitarian",
            &effort,
            &[
                ("investor", &investor, "-1e6"),
                ("partner", &partner, "-1e6"),
            ],
            "",
        )
    };
    for (name, part_of_it) in [("first_best", 1.0), ("equilibrium", part)] {
        let Some(expected) = finding.expect(name) else {
            continue;
        };
        let e = chosen(part_of_it)?;
        let row = at(e, part)?;
        let utilities = ["utility.investor", "utility.partner"].map(|u| number_in(&row, u));
        for (key, told) in expected.as_object().into_iter().flatten() {
            let place = format!("{name} {key}");
            let got = match key.as_str() {
                "e" => e,
                "surplus" => utilities.iter().sum(),
                "utilities" => {
                    finding.list(key, &place, told, &utilities);
                    continue;
                }
                _ => return Err(format!("`{place}` cannot be told")),
            };
            finding.number(key, &place, told.as_f64().unwrap_or(f64::NAN), got);
        }
    }
    Ok(())
}

/// Power shifts between two rounds, and the side that rises cannot bind itself (Fearon 1995, Powell 2006).
///
/// Backwards: what the rising side offers in the second round, then what the first round's pie must make
/// up for. War settles both pies, so its payoff is what each side has without a deal in the first round.
pub fn commitment(case: &Case, finding: &mut Finding) -> Played {
    let task = &case.task;
    let part = |name: &str| task[name].as_f64().ok_or(format!("no {name}"));
    let (p1, p2) = (part("p1")?, part("p2")?);
    let (rising, declining) = (part("cost_A")?, part("cost_D")?);
    let delta = task["delta"].as_f64().unwrap_or(1.0);
    let pie = "[issues.left]\nfrom = 0\nto = 1";
    let round = |proposer: &str, later: f64, rest: f64, war: [&str; 2]| {
        let (d, a) = (format!("left + {later}"), format!("1 - left + {rest}"));
        let parties = [("D", d.as_str(), war[0]), ("A", a.as_str(), war[1])];
        let settings = format!("settings.proposer = \"{proposer}\"\n");
        let told = "[measures]\nwar = \"reservation.D\"\n";
        settled("take-it-or-leave-it", pie, &parties, &(settings + told))
    };
    let number_in = |row: &Value, name: &str| row[name].as_f64().unwrap_or(f64::NAN);
    let tomorrow = [
        format!("1 - {p2} - {declining}"),
        format!("{p2} - {rising}"),
    ];
    let tomorrow = round("A", 0.0, 0.0, [&tomorrow[0], &tomorrow[1]])?;
    let later = delta * number_in(&tomorrow, "utility.D");
    let rest = delta * number_in(&tomorrow, "utility.A");
    let war = [
        format!("(1 - {p1}) * (1 + {delta}) - {declining}"),
        format!("{p1} * (1 + {delta}) - {rising}"),
    ];
    let today = round("A", later, rest, [&war[0], &war[1]])?;
    number(finding, "war_payoff_D", number_in(&today, "war"));
    if let Some(expected) = finding.expect("peace_possible") {
        let peace = today["ended"] == "agreement";
        finding.same("peace_possible", expected.as_bool(), Some(peace));
    }
    let best = round("D", later, rest, ["-1e6", "-1e6"])?;
    number(
        finding,
        "best_peace_payoff_D",
        number_in(&best, "utility.D"),
    );
    if let Some(expected) = finding.expect("x").or(finding.expect("offer")) {
        let offered = [number_in(&today, "left")];
        match expected.is_array() {
            true => finding.list("x", "x", expected, &offered),
            false => number(finding, "offer", offered[0]),
        }
    }
    Ok(())
}
