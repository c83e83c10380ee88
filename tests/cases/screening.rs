//! A seller meets a buyer of one of two kinds twice, and cannot promise not to lower the price.

use super::case::Case;
use super::finding::Finding;
use super::program;
use super::tasks::Played;
use serde_json::Value;

/// What the seller can do, found one after the other by the program.
struct Seller {
    /// The chance that the good is worth much, what it is then worth, and what else.
    often: f64,
    high: f64,
    low: f64,
    patience: f64,
}

fn seller(adds: &str, more: &str) -> String {
    format!(
        "[actors.seller]\nreservation = 0\n{more}\n[[actors.seller.terms]]\nadds = \"{adds}\"\n"
    )
}

/// The only run of a scenario whose first actor proposes.
fn run(issue: &str, actors: &str) -> Result<Value, String> {
    let text =
        format!("format = 1\n{issue}\n{actors}[bargaining]\nprotocol = \"take-it-or-leave-it\"\n");
    Ok(program::rows(&text, &["--runs", "1"])?.remove(0))
}

fn number(row: &Value, name: &str) -> f64 {
    row[name].as_f64().unwrap_or(f64::NAN)
}

impl Seller {
    /// The highest price a buyer takes, to whom the good is worth so much and waiting so much.
    fn price(&self, worth: f64, waiting: &str) -> Result<f64, String> {
        let issue = format!("[issues.price]\nfrom = 0\nto = {}", self.high);
        let buyer = format!(
            "[actors.buyer]\nreservation = \"{waiting}\"\n[[actors.buyer.terms]]\nadds = \"{worth} - price\"\n"
        );
        Ok(number(
            &run(&issue, &(seller("price", "") + &buyer))?,
            "price",
        ))
    }

    /// The last price, when those to whom the good is worth much are gone: of a buyer the seller knows no
    /// more than that.
    fn last_price(&self) -> Result<f64, String> {
        let issue = format!("[issues.price]\nfrom = 0\nto = {}", self.high);
        let buyer = format!(
            "[actors.buyer]\nreservation = \"-discrete([{}, {}], [1, 0])\"\n[[actors.buyer.terms]]\nadds = \"-price\"\n",
            self.low, self.high
        );
        let knows = "knowledge = \"prior\"";
        let row = run(&issue, &(seller("price", knows) + &buyer))?;
        Ok(number(&row, "price"))
    }

    /// How many of those to whom the good is worth much may buy at once at that price, and the seller still
    /// believes enough are left to ask it again; none, if it would not do so even now.
    fn takers(&self) -> Result<Option<f64>, String> {
        let (often, high, low) = (self.often, self.high, self.low);
        let issue = "[issues.takers]\nfrom = 0\nto = 1";
        let takers =
            "[actors.buyers]\nreservation = 0\n[[actors.buyers.terms]]\nadds = \"takers\"\n";
        let later = format!(
            "[actors.seller]\nreservation = {low}\n[[actors.seller.terms]]\n\
adds = \"{high} * {often} * (1 - takers) / max(1 - {often} * takers, 1e-12)\"\n"
        );
        let row = run(issue, &(takers.to_string() + &later))?;
        Ok(row["takers"].as_f64())
    }
}

/// Sell low at once, go down in two steps, or stay high: which pays best.
pub fn two_periods(case: &Case, finding: &mut Finding) -> Played {
    let part = |name: &str| case.task[name].as_f64().ok_or(format!("no {name}"));
    let at = Seller {
        often: part("pi")?,
        high: part("H")?,
        low: part("L")?,
        patience: part("delta")?,
    };
    let Seller {
        often,
        high,
        low,
        patience,
    } = at;
    let last = at.last_price()?;
    let first = at.price(high, &format!("{patience} * ({high} - {last})"))?;
    let now = at.price(low, "0")?;
    let dear = at.price(high, "0")?;
    // Each policy: its name, the prices, how many buy at the first, what the rest will pay.
    let mut policies = vec![
        ("L_now", now, f64::NAN, 1.0, "0".to_string()),
        (
            "skim",
            first,
            last,
            often,
            format!("(1 - {often}) * {last}"),
        ),
    ];
    if let Some(takers) = at.takers()? {
        let rest = format!("{often} * (1 - {takers}) * {dear}");
        policies.push(("H_mixed", dear, dear, often * takers, rest));
    }
    let names: Vec<String> = policies.iter().map(|it| format!("\"{}\"", it.0)).collect();
    let profits = policies.iter().map(|(name, price, _, buy, rest)| {
        format!("[[actors.seller.terms]]\nwhen = \"policy == {name}\"\nadds = \"{buy} * {price} + {patience} * {rest}\"\n")
    });
    let text = format!(
        "format = 1\n[issues.policy]\noptions = [{}]\n[actors.seller]\nreservation = 0\n{}\
[bargaining]\nprotocol = \"utilitarian\"\n",
        names.join(", "),
        profits.collect::<String>()
    );
    let chosen = program::rows(&text, &["--runs", "1"])?.remove(0);
    let policy = chosen["policy"].as_str().unwrap_or_default();
    if let Some(expected) = finding.expect("policy") {
        finding.same("policy", expected.as_str(), Some(policy));
    }
    let mut told = |name: &str, got: f64| {
        if let Some(expected) = finding.expect(name).and_then(Value::as_f64) {
            finding.number(name, name, expected, got);
        }
    };
    told("seller_profit", number(&chosen, "utility.seller"));
    if let Some((_, first, second, buy, _)) = policies.iter().find(|it| it.0 == policy) {
        told("first_price", *first);
        told("second_price", *second);
        told("p_trade_period_1", *buy);
    }
    if let Some(profits) = finding.expect("profits").and_then(Value::as_object) {
        for (name, expected) in profits {
            // The seller is held to one policy.
            let text = format!("{text}[[rules]]\nrequire = \"policy == {name}\"\n");
            let row = program::rows(&text, &["--runs", "1"])?.remove(0);
            let expected = expected.as_f64().unwrap_or(f64::NAN);
            finding.number("profits", name, expected, number(&row, "utility.seller"));
        }
        finding.same("policies", profits.len(), policies.len());
    }
    Ok(())
}
