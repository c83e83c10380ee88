//! The double auction: bids that are best replies to each other, and what comes of them.

use super::case::Case;
use super::chance::{self, Bounds};
use super::finding::Finding;
use super::program;
use super::tasks::Played;
use serde_json::Value;

/// What one side bids: a line over what the good is worth to it.
#[derive(Clone, Copy)]
struct Line {
    slope: f64,
    intercept: f64,
}

const TRUTH: Line = Line {
    slope: 1.0,
    intercept: 0.0,
};

impl Line {
    fn at(self, worth: f64) -> f64 {
        self.slope * worth + self.intercept
    }

    fn formula(self, worth: &str) -> String {
        format!("{} * {worth} + {}", self.slope, self.intercept)
    }
}

/// Two sides and how they split: the price is `k` of the bid and the rest of the asked.
struct Auction {
    k: f64,
    value: (f64, f64),
    cost: (f64, f64),
}

/// Replies until nobody moves.
const ROUNDS: usize = 40;

impl Auction {
    fn of(task: &Value) -> Result<Auction, String> {
        Ok(Auction {
            k: task["k"].as_f64().unwrap_or(0.5),
            value: uniform(&task["value_dist"])?,
            cost: uniform(&task["cost_dist"])?,
        })
    }

    /// The buyer's best bid against what sellers ask: found by the program where the good is worth much, so
    /// that there is trade; a line runs through.
    fn buyers_reply(&self, asked: Line) -> Result<Line, String> {
        let (low, high) = (asked.at(self.cost.0), asked.at(self.cost.1));
        let k = self.k;
        // Of all that is asked, evenly from low to high, whatever is below the bid is a bargain.
        let gain = format!(
            "((worth - {k} * bid) * (clamp(bid, {low}, {high}) - {low}) \
- {} * (clamp(bid, {low}, {high})^2 - {low}^2) / 2) / {}",
            1.0 - k,
            high - low
        );
        let best = self.value.1;
        let least = low.max(self.value.0);
        self.reply(
            &gain,
            [best, (best + least) / 2.0, 0.25 * best + 0.75 * least],
        )
    }

    /// The seller's, where the good costs little.
    fn sellers_reply(&self, bids: Line) -> Result<Line, String> {
        let (low, high) = (bids.at(self.value.0), bids.at(self.value.1));
        let k = self.k;
        let gain = format!(
            "({k} * ({high}^2 - clamp(bid, {low}, {high})^2) / 2 \
+ ({} * bid - worth) * ({high} - clamp(bid, {low}, {high}))) / {}",
            1.0 - k,
            high - low
        );
        let best = self.cost.0;
        let least = high.min(self.cost.1);
        self.reply(
            &gain,
            [best, (best + least) / 2.0, 0.25 * best + 0.75 * least],
        )
    }

    /// The line through the best bids at three worths.
    fn reply(&self, gain: &str, worths: [f64; 3]) -> Result<Line, String> {
        let (from, to) = (self.value.0.min(self.cost.0), self.value.1.max(self.cost.1));
        let text = format!(
            "format = 1\n[quantities]\nworth = {}\n[issues.bid]\nfrom = {from}\nto = {to}\n\
[actors.bidder]\nreservation = 0\n[[actors.bidder.terms]]\nadds = \"{gain}\"\n\
[bargaining]\nprotocol = \"utilitarian\"\n\
[variants.second]\nset = {{ \"quantities.worth\" = {} }}\n\
[variants.third]\nset = {{ \"quantities.worth\" = {} }}\n",
            worths[0], worths[1], worths[2]
        );
        let rows = program::rows(&text, &["--runs", "1", "--variant", "all"])?;
        let bids: Vec<f64> = rows.iter().filter_map(|row| row["bid"].as_f64()).collect();
        let [first, second, third] = bids[..] else {
            return Err(format!("not a bid each: {bids:?}"));
        };
        let slope = (first - third) / (worths[0] - worths[2]);
        let line = Line {
            slope,
            intercept: first - slope * worths[0],
        };
        match (line.at(worths[1]) - second).abs() < 1e-6 {
            true => Ok(line),
            false => Err(format!("bids {bids:?} at {worths:?} are on no line")),
        }
    }

    /// From the truth on, each side replies to the other.
    fn equilibrium(&self) -> Result<(Line, Line), String> {
        let (mut bids, mut asked) = (TRUTH, TRUTH);
        for _ in 0..ROUNDS {
            let before = (bids, asked);
            bids = self.buyers_reply(asked)?;
            asked = self.sellers_reply(bids)?;
            let moved = |one: Line, other: Line| {
                let apart = (one.slope - other.slope).abs();
                apart.max((one.intercept - other.intercept).abs())
            };
            if moved(before.0, bids).max(moved(before.1, asked)) < 1e-7 {
                return Ok((bids, asked));
            }
        }
        Err("replies do not settle".to_string())
    }

    /// So many pairs meet; the residual says how far the gains are from a share of the best possible.
    fn meet(&self, bids: Line, asked: Line, share: f64) -> String {
        let k = self.k;
        format!(
            "format = 1\n[quantities]\nv = \"uniform({}, {})\"\nc = \"uniform({}, {})\"\n\
bid = \"{}\"\nasked = \"{}\"\nprice = \"{k} * bid + {} * asked\"\n\
[issues.trade]\nvalues = [1]\n[[rules]]\nrequire = \"trade * bid >= asked\"\n\
[actors.buyer]\nreservation = -1000\n[[actors.buyer.terms]]\nadds = \"v - price\"\n\
[actors.seller]\nreservation = -1000\n[[actors.seller.terms]]\nadds = \"price - c\"\n\
[bargaining]\nprotocol = \"utilitarian\"\n\
[measures]\nbuyer = \"if deal then v - price else 0\"\nseller = \"if deal then price - c else 0\"\n\
gains = \"buyer + seller\"\nbest = \"max(v - c, 0)\"\nresidual = \"gains - {share} * best\"\n",
            self.value.0,
            self.value.1,
            self.cost.0,
            self.cost.1,
            bids.formula("v"),
            asked.formula("c"),
            1.0 - k
        )
    }
}

/// `U[0,1]`.
fn uniform(law: &Value) -> Result<(f64, f64), String> {
    let told = law.as_str().unwrap_or("U[0,1]");
    let ends = told
        .strip_prefix("U[")
        .and_then(|rest| rest.strip_suffix(']'));
    let ends = ends.and_then(|ends| ends.split_once(','));
    let number = |end: &str| end.trim().parse::<f64>().ok();
    ends.and_then(|(low, high)| Some((number(low)?, number(high)?)))
        .ok_or(format!("{told} is no uniform distribution"))
}

/// Bids in the linear equilibrium, and how often and how well they trade.
pub fn linear(case: &Case, finding: &mut Finding) -> Played {
    let auction = Auction::of(&case.task)?;
    let (bids, asked) = auction.equilibrium()?;
    for (name, got) in [
        ("buyer_slope", bids.slope),
        ("buyer_intercept", bids.intercept),
        ("seller_slope", asked.slope),
        ("seller_intercept", asked.intercept),
    ] {
        if let Some(expected) = finding.expect(name).and_then(Value::as_f64) {
            finding.number(name, name, expected, got);
        }
    }
    trade(case, finding, &auction, bids, asked)
}

/// Everybody bids the truth.
pub fn truthful(case: &Case, finding: &mut Finding) -> Played {
    trade(case, finding, &Auction::of(&case.task)?, TRUTH, TRUTH)
}

fn trade(case: &Case, finding: &mut Finding, auction: &Auction, bids: Line, asked: Line) -> Played {
    let bounds = Bounds::of(case);
    let efficiency = finding.expect("efficiency");
    let share = efficiency.and_then(Value::as_f64).unwrap_or(1.0);
    let summary = chance::play(&auction.meet(bids, asked, share), &bounds)?;
    for name in ["p_trade", "p_agreement"] {
        if let Some(p) = finding.expect(name) {
            let traded = chance::share(&summary, "agreement");
            bounds.share(finding, name, p, traded);
        }
    }
    for (name, measure) in [
        ("gains", "gains"),
        ("first_best_gains", "best"),
        ("buyer_surplus", "buyer"),
        ("seller_surplus", "seller"),
    ] {
        if let Some(mean) = finding.expect(name) {
            let got = chance::statistic(&summary, measure, "mean");
            bounds.mean(finding, name, &format!("{name}_se"), mean, got);
        }
    }
    if let Some(expected) = efficiency {
        let mean = |name: &str| chance::statistic(&summary, name, "mean");
        let best = mean("best").0;
        let got = (mean("gains").0 / best, mean("residual").1 / best);
        bounds.mean(finding, "efficiency", "efficiency_se", expected, got);
    }
    Ok(())
}
