//! Concessions and compromises told step by step, and compromises by lot.

use super::case::{Case, packages};
use super::draft::Draft;
use super::finding::Finding;
use super::program::{Settled, solve, steps};
use super::tasks::{Played, compare, rule, settle, settlement};
use super::zone::proposals;
use serde_json::Value;

/// Does the task allow mixtures of deals?
pub fn has_lotteries(task: &Value) -> bool {
    task["lotteries"].as_str().is_some_and(|l| l != "none") || task["lotteries"] == true
}

/// Both sides' offers, round by round, and what each risked.
pub fn zeuthen(case: &Case, finding: &mut Finding) -> Played {
    let mut draft = Draft::new(&case.model, "zeuthen")?;
    let conceder = case.task["tie_conceder"].as_u64().unwrap_or(0) as usize;
    draft.settings = vec![format!("concedes = \"{}\"", draft.actors[conceder])];
    let settled = settle(&draft, &[])?;
    compare(finding, &settled)?;
    let steps = steps(&draft.text())?;
    let rounds: Vec<&[Value]> = steps.chunks(2).collect();
    if let Some(path) = finding.expect("path") {
        let offers = rounds.iter().map(|pair| {
            let packages = pair.iter().map(|step| draft.package(&step["deal"]));
            packages.collect::<Option<Vec<u64>>>()
        });
        let expected: Option<Vec<Vec<u64>>> = path.as_array().map(|path| {
            let pairs = path.iter().map(packages);
            pairs.map(Option::unwrap_or_default).collect()
        });
        finding.same("path", expected, offers.collect());
    }
    if let Some(risks) = finding.expect("risks").and_then(Value::as_array) {
        let told: Vec<Vec<f64>> = rounds
            .iter()
            .map(|pair| {
                let risks = pair.iter().map(|step| step["figures"]["risk"].as_f64());
                risks.flatten().collect::<Vec<f64>>()
            })
            .filter(|risks| !risks.is_empty())
            .collect();
        finding.same("rounds of risks", risks.len(), told.len());
        for (round, (expected, told)) in risks.iter().zip(&told).enumerate() {
            finding.list("risks", &format!("risks in round {round}"), expected, told);
        }
    }
    if let Some(expected) = finding.expect("equals_nash") {
        draft.protocol = "nash";
        draft.settings.clear();
        let nash = settle(&draft, &[])?;
        let product = |settled: &Settled| settled.gains.iter().product::<f64>();
        let (one, other) = (product(&settled), product(&nash));
        let equal = (one - other).abs() <= 1e-9 * other.abs().max(1.0);
        finding.same("equals_nash", expected.as_bool(), Some(equal));
    }
    Ok(())
}

/// The points fallen back on one after the other, and what each loses against its best deal.
pub fn path_and_loss(draft: &mut Draft, finding: &mut Finding, settled: &Settled) -> Played {
    if let Some(path) = finding.expect("path").and_then(Value::as_array) {
        let told = steps(&draft.text())?;
        let points: Vec<Vec<f64>> = told
            .chunks(draft.actors.len())
            .map(|round| {
                let points = round.iter().map(|step| &step["figures"]["fallback"]);
                points.filter_map(Value::as_f64).collect()
            })
            .collect();
        finding.same("points of the path", path.len(), points.len());
        for (k, (expected, point)) in path.iter().zip(&points).enumerate() {
            finding.list("path", &format!("path[{k}]"), expected, point);
        }
    }
    if let Some(loss) = finding.expect("loss") {
        let best = proposals(draft)?;
        let losses: Vec<f64> = (0..best.len())
            .map(|seat| best[seat].utilities[seat] - settled.utilities[seat])
            .collect();
        match loss.as_f64() {
            Some(loss) => {
                let most = losses.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                finding.number("loss", "largest loss", loss, most);
            }
            None => finding.list("loss", "losses", loss, &losses),
        }
    }
    Ok(())
}

/// A rule that may mix deals: what to expect of the mixture, and what is in it.
pub fn lottery(case: &Case, finding: &mut Finding) -> Played {
    let mut draft = Draft::new(&case.model, rule(&case.task)?)?;
    draft.set_power(&case.task["weights"]);
    let word = &case.task["lotteries"];
    draft.settings.push(format!("lotteries = {word}"));
    let answer = solve(&draft, draft.protocol, &[])?;
    let settled = answer.settled(draft.protocol)?;
    let lots = answer.lottery(draft.protocol);
    if let Some(agreement) = finding.expect("agreement") {
        finding.same("agreement", agreement.as_bool(), Some(settled.agreement));
    }
    let mean: Vec<f64> = (0..draft.actors.len())
        .map(|seat| lots.iter().map(|lot| lot.0 * lot.2[seat]).sum())
        .collect();
    if let Some(utilities) = finding.expect("utilities") {
        finding.list("utilities", "expected utilities", utilities, &mean);
    }
    if let Some(gains) = finding.expect("gains") {
        let own = (0..mean.len()).map(|seat| {
            let reservation = draft.actor(seat)["reservation"].as_f64();
            mean[seat] - reservation.unwrap_or(0.0)
        });
        finding.list("gains", "expected gains", gains, &own.collect::<Vec<_>>());
    }
    if let Some(package) = finding.expect("package") {
        let sure = lots.first().filter(|_| lots.len() == 1);
        finding.same("package", package.as_u64(), sure.and_then(|lot| lot.1));
    }
    if let Some(expected) = finding.expect("lottery").and_then(Value::as_array) {
        let mut told: Vec<(Option<u64>, f64)> = lots.iter().map(|lot| (lot.1, lot.0)).collect();
        told.sort_by_key(|lot| lot.0);
        let mut expected: Vec<(Option<u64>, f64)> = expected
            .iter()
            .map(|lot| {
                (
                    lot["package"].as_u64(),
                    lot["p"].as_f64().unwrap_or(f64::NAN),
                )
            })
            .filter(|lot| lot.1 != 0.0)
            .collect();
        expected.sort_by_key(|lot| lot.0);
        let packages = |lots: &[(Option<u64>, f64)]| -> Vec<Option<u64>> {
            lots.iter().map(|lot| lot.0).collect()
        };
        finding.same(
            "packages of the lottery",
            packages(&expected),
            packages(&told),
        );
        for (expected, told) in expected.iter().zip(&told) {
            let place = format!("probability of {:?}", expected.0);
            finding.number("lottery", &place, expected.1, told.1);
        }
    }
    if let Some(without) = finding.expect("without_lotteries") {
        draft.settings.pop();
        let settled = settle(&draft, &[])?;
        settlement(finding, "without lotteries", without, &settled);
    }
    Ok(())
}
