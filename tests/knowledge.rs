//! What signatories know of each other's reservation values, against closed forms and brute force: what is
//! offered, who accepts, how often talks fail (THEORY section 6).

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

type Row = BTreeMap<String, String>;

/// The rows of `runs.csv`.
fn play(text: &str, more: &[&str]) -> Vec<Row> {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("it.toml"), text).expect("a file");
    let output = Command::new(Path::new(env!("CARGO_BIN_EXE_demarche")))
        .args(["run", "it.toml", "--out", "-", "--quiet"])
        .args(more)
        .current_dir(folder.path())
        .output()
        .expect("the binary runs");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}\n{text}");
    let out = String::from_utf8_lossy(&output.stdout);
    let mut lines = out.lines().map(|line| line.split(','));
    let names: Vec<&str> = lines.next().expect("a header").collect();
    let row = |cells: std::str::Split<'_, char>| {
        let cells = names.iter().zip(cells);
        cells
            .map(|(name, cell)| (name.to_string(), cell.to_string()))
            .collect()
    };
    lines.map(row).collect()
}

fn number(row: &Row, name: &str) -> f64 {
    row[name].parse().unwrap_or(f64::NAN)
}

fn is_agreed(row: &&Row) -> bool {
    row["ended"] == "agreement"
}

/// One of two divides 1 and knows how the other's reservation value is distributed.
fn ultimatum(prior: &str, fallback: f64) -> String {
    format!(
        "format = 1\n[issues.demand]\nfrom = 0\nto = 1\n\
[actors.a]\nreservation = {fallback}\nknowledge = \"prior\"\n[[actors.a.terms]]\nadds = \"demand\"\n\
[actors.b]\nreservation = \"{prior}\"\n[[actors.b.terms]]\nadds = \"1 - demand\"\n\
[bargaining]\nprotocol = \"take-it-or-leave-it\"\n"
    )
}

/// What is demanded, and how often that is accepted.
fn demanded(text: &str, runs: u32) -> (f64, f64) {
    let rows = play(text, &["--runs", &runs.to_string()]);
    let agreed: Vec<&Row> = rows.iter().filter(is_agreed).collect();
    let one = agreed.first().map_or(f64::NAN, |row| number(row, "demand"));
    for row in &agreed {
        assert_eq!(number(row, "demand"), one, "one offer in every world");
    }
    (one, agreed.len() as f64 / f64::from(runs))
}

/// Numbers that look random.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    fn below(&mut self, most: usize) -> usize {
        (self.roll() * most as f64) as usize
    }
}

fn near_share(expected: f64, got: f64, runs: u32) {
    let error = (expected * (1.0 - expected) / f64::from(runs)).sqrt();
    assert!(
        (expected - got).abs() <= 4.0 * error + 1e-12,
        "{expected} {got}"
    );
}

#[test]
fn a_uniform_prior_is_met_with_the_closed_form() {
    for (low, high, fallback) in [
        (0.0, 1.0, 0.0),
        (0.0, 1.0, 0.3),
        (0.1, 0.3, 0.0),
        (0.2, 0.9, 0.05),
        (0.4, 0.45, 0.5),
        (-0.5, 0.6, 0.1),
        (0.1, 3.0, 0.2),
    ] {
        let text = ultimatum(&format!("uniform({low}, {high})"), fallback);
        let interior: f64 = (1.0 - low + fallback) / 2.0;
        let best = interior.clamp(1.0 - high, 1.0 - low).clamp(0.0, 1.0);
        let accepted = ((1.0 - best - low) / (high - low)).clamp(0.0, 1.0);
        let (demand, share) = demanded(&text, 400);
        assert!(
            (demand - best).abs() < 1e-6,
            "{low} {high} {fallback}: {demand} {best}"
        );
        near_share(accepted, share, 400);
    }
}

/// The same offer whatever the numbers are drawn for: a rising, a falling and a bent formula of one draw.
#[test]
fn a_prior_is_that_of_the_formula() {
    for prior in [
        "1 - uniform(0, 1)",
        "max(0, uniform(-1, 1))",
        "uniform(0, 1) ^ 2",
    ] {
        let best = match prior {
            "1 - uniform(0, 1)" => 0.5,
            // (1 + u) / 2 is the chance: (1 - u)(1 + u) is largest where u = 0.
            "max(0, uniform(-1, 1))" => 1.0,
            // (1 - u) sqrt(u).
            _ => 2.0 / 3.0,
        };
        let (demand, _) = demanded(&ultimatum(prior, 0.0), 40);
        assert!((demand - best).abs() < 1e-6, "{prior}: {demand} {best}");
    }
}

#[test]
fn smooth_priors_are_met_to_six_digits() {
    // 1 - 6 x^2 = 0, as the chance is 1 - 2 x^2 for demands below a half.
    let (demand, _) = demanded(&ultimatum("triangular(0, 0.5, 1)", 0.0), 40);
    assert!((demand - 1.0 / 6.0_f64.sqrt()).abs() < 1e-6, "{demand}");
    // (1 - u)(1 - exp(-u / 0.2)) by Newton's method.
    let mut u: f64 = 0.3;
    for _ in 0..50 {
        let fall = (-u / 0.2).exp();
        let slope = -(1.0 - fall) + (1.0 - u) * fall / 0.2;
        let bend = -2.0 * fall / 0.2 - (1.0 - u) * fall / 0.04;
        u -= slope / bend;
    }
    let (demand, _) = demanded(&ultimatum("exponential(0.2)", 0.0), 40);
    assert!((demand - (1.0 - u)).abs() < 1e-6, "{demand} {}", 1.0 - u);
}

#[test]
fn a_prior_of_several_draws_is_met_nearly() {
    // The sum of two uniform numbers is triangular.
    let (demand, _) = demanded(&ultimatum("uniform(0, 0.5) + uniform(0, 0.5)", 0.0), 40);
    let best = 1.0 / 6.0_f64.sqrt();
    assert!((demand - best).abs() < 0.02, "{demand} {best}");
    // Two coins: 0.1, 0.3 or 0.5 with chances 1/4, 1/2, 1/4.
    let coins = "0.1 + 0.2 * bernoulli(0.5) + 0.2 * bernoulli(0.5)";
    let (demand, _) = demanded(&ultimatum(coins, 0.0), 40);
    assert!((demand - 0.7).abs() < 1e-9, "{demand}");
}

#[test]
fn among_types_the_best_worth_is_offered() {
    let mut dice = Dice(6);
    for count in [1, 2, 2, 2, 3, 4, 6, 9] {
        let mut types: Vec<f64> = (0..count).map(|_| 0.9 * dice.roll()).collect();
        types.sort_by(f64::total_cmp);
        let mut chances: Vec<f64> = (0..count).map(|_| 0.1 + dice.roll()).collect();
        let whole: f64 = chances.iter().sum();
        chances.iter_mut().for_each(|chance| *chance /= whole);
        let fallback = 0.2 * dice.roll();
        let up_to = |last: usize| chances[..=last].iter().sum::<f64>();
        let worth = |last: usize| (1.0 - types[last] - fallback) * up_to(last);
        let best = (0..count).max_by(|one, other| worth(*one).total_cmp(&worth(*other)));
        let best = best.expect("a type");
        let text = ultimatum(&format!("discrete({types:?}, {chances:?})"), fallback);
        let (demand, share) = demanded(&text, 500);
        assert!(
            (demand - (1.0 - types[best])).abs() < 1e-9,
            "{types:?} {chances:?}: {demand}"
        );
        near_share(up_to(best), share, 500);
    }
}

/// 1 - h = pi (1 - l): the responder is not put to the test for nothing.
#[test]
fn of_two_offers_worth_the_same_the_safer_one_is_made() {
    let text = ultimatum("discrete([0.2, 0.5], [0.625, 0.375])", 0.0);
    let (demand, share) = demanded(&text, 40);
    assert!(
        (demand - 0.5).abs() < 1e-9 && share == 1.0,
        "{demand} {share}"
    );
}

#[test]
fn what_is_certain_needs_no_prior() {
    for (reservation, fallback) in [(0.3, 0.0), (0.3, 0.7), (0.0, 1.0), (0.6, 0.5)] {
        let text = ultimatum(&reservation.to_string(), fallback);
        let prior = play(&text, &["--runs", "1"]);
        let open = play(
            &text,
            &["--runs", "1", "--set", "actors.a.knowledge=complete"],
        );
        assert_eq!(
            prior[0]["ended"] == "agreement",
            open[0]["ended"] == "agreement",
            "{text}"
        );
        if open[0]["ended"] == "agreement" {
            let gap = number(&prior[0], "demand") - number(&open[0], "demand");
            assert!(gap.abs() < 1e-8, "{gap}");
        }
    }
}

/// A problem of issues with levels, one proposer and others whose reservation values are drawn.
struct Scan {
    counts: Vec<usize>,
    /// Per seat, issue and level.
    values: Vec<Vec<Vec<f64>>>,
    /// Per seat but the first, from where to where its reservation value may lie.
    priors: Vec<(f64, f64)>,
    fallback: f64,
}

impl Scan {
    fn new(dice: &mut Dice, seats: usize) -> Scan {
        let counts: Vec<usize> = (0..3).map(|_| 2 + dice.below(3)).collect();
        let level = |dice: &mut Dice| (100.0 * dice.roll()).round() / 100.0;
        let values = (0..seats).map(|_| {
            let issues = counts.iter();
            issues
                .map(|count| (0..*count).map(|_| level(dice)).collect())
                .collect()
        });
        let values: Vec<Vec<Vec<f64>>> = values.collect();
        let priors = (1..seats).map(|_| {
            let low = dice.roll();
            (low, low + 1.5 * dice.roll())
        });
        Scan {
            priors: priors.collect(),
            fallback: 0.5 * dice.roll(),
            counts,
            values,
        }
    }

    fn text(&self) -> String {
        let mut text = "format = 1\n[bargaining]\nprotocol = \"take-it-or-leave-it\"\n".to_string();
        for (issue, count) in self.counts.iter().enumerate() {
            let levels: Vec<usize> = (0..*count).collect();
            text.push_str(&format!("[issues.i{issue}]\nvalues = {levels:?}\n"));
        }
        for (seat, issues) in self.values.iter().enumerate() {
            let reservation = match seat {
                0 => format!("{}\nknowledge = \"prior\"", self.fallback),
                _ => {
                    let (low, high) = self.priors[seat - 1];
                    format!("\"uniform({low}, {high})\"")
                }
            };
            text.push_str(&format!("[actors.s{seat}]\nreservation = {reservation}\n"));
            for (issue, values) in issues.iter().enumerate() {
                for (level, value) in values.iter().enumerate() {
                    text.push_str(&format!(
                        "[[actors.s{seat}.terms]]\nwhen = \"i{issue} == {level}\"\nadds = {value}\n"
                    ));
                }
            }
        }
        text
    }

    /// The proposer's gain, times the chance that all others accept.
    fn worth(&self, utilities: &[f64]) -> f64 {
        let gain = utilities[0] - self.fallback;
        let chances = self.priors.iter().zip(&utilities[1..]);
        let chances = chances.map(|((low, high), u)| ((u - low) / (high - low)).clamp(0.0, 1.0));
        gain * chances.product::<f64>()
    }

    fn utilities(&self, levels: &[usize]) -> Vec<f64> {
        let of = |seat: &Vec<Vec<f64>>| {
            let issues = seat.iter().zip(levels);
            issues.map(|(values, level)| values[*level]).sum()
        };
        self.values.iter().map(of).collect()
    }

    /// The largest worth of all deals.
    fn best(&self) -> f64 {
        let deals: usize = self.counts.iter().product();
        let worth = |deal: usize| {
            let mut rest = deal;
            let level = |count: &usize| {
                let level = rest % count;
                rest /= count;
                level
            };
            let levels: Vec<usize> = self.counts.iter().map(level).collect();
            self.worth(&self.utilities(&levels))
        };
        (0..deals).map(worth).fold(0.0, f64::max)
    }
}

#[test]
fn several_issues_are_scanned_and_chances_multiply() {
    let mut dice = Dice(61);
    let mut scanned = 0;
    for seats in [2, 3, 3, 2, 3, 3, 2, 4, 3, 3] {
        let scan = Scan::new(&mut dice, seats);
        let rows = play(&scan.text(), &["--runs", "2000"]);
        let share = rows.iter().filter(is_agreed).count() as f64 / 2000.0;
        let Some(agreed) = rows.iter().find(is_agreed) else {
            assert!(scan.best() < 0.05, "{}", scan.best());
            continue;
        };
        let issues = (0..scan.counts.len()).map(|issue| number(agreed, &format!("i{issue}")));
        let utilities = scan.utilities(&issues.map(|level| level as usize).collect::<Vec<_>>());
        let (worth, best) = (scan.worth(&utilities), scan.best());
        assert!(
            (worth - best).abs() < 1e-9,
            "{worth} {best}\n{}",
            scan.text()
        );
        near_share(best / (utilities[0] - scan.fallback), share, 2000);
        scanned += 1;
    }
    assert!(scanned >= 6, "{scanned}");
}

/// Two responders who share one pie with the proposer: x * F(y) * F(z) with y = z = (1 - x) / 2.
#[test]
fn two_responders_are_both_to_accept() {
    let text = "format = 1\n[issues.y]\nfrom = 0\nto = 1\n[issues.z]\nfrom = 0\nto = 1\n\
[actors.p]\nreservation = 0\nknowledge = \"prior\"\n[[actors.p.terms]]\nadds = \"1 - y - z\"\n\
[actors.q]\nreservation = \"uniform(0, 1)\"\n[[actors.q.terms]]\nadds = \"y\"\n\
[actors.r]\nreservation = \"uniform(0, 1)\"\n[[actors.r.terms]]\nadds = \"z\"\n\
[bargaining]\nprotocol = \"take-it-or-leave-it\"\n";
    let rows = play(text, &["--runs", "400"]);
    let agreed: Vec<&Row> = rows.iter().filter(is_agreed).collect();
    for issue in ["y", "z"] {
        let got = number(agreed[0], issue);
        assert!((got - 1.0 / 3.0).abs() < 1e-6, "{issue} = {got}");
    }
    near_share(1.0 / 9.0, agreed.len() as f64 / 400.0, 400);
}

/// With an error the proposer plays against what it takes the reservation value for; the truth decides.
#[test]
fn errors_mislead_the_proposer_and_the_truth_decides() {
    let text = ultimatum("uniform(0.2, 0.6)", 0.1) + "[measures]\nlimit = \"reservation.b\"\n";
    let with = |error: &str| {
        let set = format!("actors.a.knowledge={error}");
        play(&text, &["--runs", "400", "--set", &set])
    };
    let (open, small, large) = (with("complete"), with("0.05"), with("0.1"));
    let mut endings = BTreeMap::new();
    for ((open, small), large) in open.iter().zip(&small).zip(&large) {
        let limit = number(open, "limit");
        assert_eq!(
            (limit, limit),
            (number(small, "limit"), number(large, "limit"))
        );
        for row in [small, large] {
            *endings.entry(row["ended"].clone()).or_insert(0) += 1;
            if is_agreed(&row) {
                assert!(1.0 - number(row, "demand") >= limit - 1e-9);
            }
        }
        // Too generous an offer is accepted; twice the error is twice as generous.
        if is_agreed(&small) && is_agreed(&large) {
            let miss = |row: &Row| 1.0 - number(row, "demand") - limit;
            assert!((2.0 * miss(small) - miss(large)).abs() < 1e-9);
        }
        // Whoever takes the other for softer than it is, is refused, by much or by little.
        let (one, two) = (small["ended"] == "rejected", large["ended"] == "rejected");
        assert_eq!(one, two);
    }
    let rejected = f64::from(endings["rejected"]) / 800.0;
    near_share(0.5, rejected, 400);
}

#[test]
fn errors_are_the_same_under_every_protocol_and_variant() {
    let error = "[actors.a]\nreservation = \"uniform(0, 0.2)\"\nknowledge = 0.1\n";
    let text = ultimatum("uniform(0.2, 0.6)", 0.1);
    let text = text.replace(
        "[actors.a]\nreservation = 0.1\nknowledge = \"prior\"\n",
        error,
    ) + "[measures]\nlimit = \"reservation.b\"\nown = \"reservation.a\"\n\
[variants.other]\nset = { \"actors.b.knowledge\" = 0.3 }\n";
    let all = [
        "--runs",
        "200",
        "--protocol",
        "take-it-or-leave-it,nash",
        "--variant",
        "all",
    ];
    let rows = play(&text, &all);
    let of = |variant: &str, protocol: &str| {
        let named = |row: &&Row| row["variant"] == variant && row["protocol"] == protocol;
        rows.iter().filter(named).collect::<Vec<_>>()
    };
    let (offers, halves) = (of("base", "take-it-or-leave-it"), of("base", "nash"));
    let (other, both) = (of("other", "take-it-or-leave-it"), of("other", "nash"));
    assert_eq!(offers.len(), 200);
    let mut misled = 0;
    for place in 0..200 {
        let (limit, own) = (number(offers[place], "limit"), number(offers[place], "own"));
        for row in [halves[place], other[place], both[place]] {
            assert_eq!(
                (number(row, "limit"), number(row, "own")),
                (limit, own),
                "one world"
            );
        }
        // What the responder knows does not matter to an offer.
        assert_eq!(offers[place]["demand"], other[place]["demand"]);
        if is_agreed(&offers[place]) && is_agreed(&halves[place]) {
            // What the proposer takes the other's limit for, read off two protocols.
            let taken = 1.0 - number(offers[place], "demand");
            let middle = (own + 1.0 - taken) / 2.0;
            assert!((number(halves[place], "demand") - middle).abs() < 1e-6);
            misled += i32::from((taken - limit).abs() > 1e-6);
        }
    }
    assert!(misled > 30, "{misled}");
}

/// Other protocols settle as if each had its median; who gets less than its own refuses to sign.
#[test]
fn where_only_priors_are_known_medians_stand_for_them() {
    let text = ultimatum("uniform(0.2, 0.8)", 0.1).replace("take-it-or-leave-it", "nash")
        + "[measures]\nlimit = \"reservation.b\"\n";
    let rows = play(&text, &["--runs", "300"]);
    for row in &rows {
        let signs = 1.0 - 0.3 >= number(row, "limit");
        let expected = if signs { "agreement" } else { "rejected" };
        assert_eq!(row["ended"], expected);
        if signs {
            assert!((number(row, "demand") - 0.3).abs() < 1e-6);
        }
    }
}

#[test]
fn nobodys_knowledge_matters_to_strategies_and_mediators() {
    let mut dice = Dice(5);
    let scan = Scan::new(&mut dice, 2);
    let text = scan.text().replace("knowledge = \"prior\"", "");
    let knowledge = "[measures]\nlimit = \"reservation.s1\"\n[variants.prior]\nset = { \"actors.s0.knowledge\" = \"prior\", \
\"actors.s1.knowledge\" = \"prior\" }\n[variants.error]\nset = { \"actors.s0.knowledge\" = 0.7 }\n";
    for protocol in ["stacked-offers", "single-text"] {
        let text = text.replace("take-it-or-leave-it", protocol) + knowledge;
        let rows = play(&text, &["--runs", "60", "--variant", "all"]);
        let of = |variant: &str| {
            let rows = rows.iter().filter(|row| row["variant"] == variant).cloned();
            let rows = rows.map(|mut row| {
                row.remove("variant");
                row
            });
            rows.collect::<Vec<Row>>()
        };
        assert!(of("base").iter().any(|row| row["ended"] == "agreement"));
        assert_eq!(of("base"), of("prior"), "{protocol}");
        assert_eq!(of("base"), of("error"), "{protocol}");
    }
}

/// P28: in no world is there a deal under private information and none under common knowledge.
#[test]
fn private_information_never_makes_a_deal() {
    let mut dice = Dice(28);
    let mut lost = 0;
    for seats in [2, 2, 3, 3, 4] {
        let scan = Scan::new(&mut dice, seats);
        let text = scan.text()
            + "[variants.open]\nset = { \"actors.s0.knowledge\" = \"complete\" }\n\
[variants.error]\nset = { \"actors.s0.knowledge\" = 0.2 }\n";
        let rows = play(&text, &["--runs", "300", "--variant", "all"]);
        let of = |variant: &str| {
            let rows = rows.iter().filter(|row| row["variant"] == variant);
            rows.map(|row| is_agreed(&row)).collect::<Vec<bool>>()
        };
        let (prior, error, open) = (of("base"), of("error"), of("open"));
        for run in 0..300 {
            assert!(
                open[run] || !(prior[run] || error[run]),
                "run {run}\n{text}"
            );
            lost += i32::from(open[run] && !prior[run]);
        }
    }
    assert!(lost > 0, "private information costs deals somewhere");
}

/// An offer made in the dark is made again in every session, and refused again.
#[test]
fn knowledge_goes_with_sessions() {
    let text = ultimatum("uniform(0, 1)", 0.0) + "[calendar]\nsessions = 3\n";
    let rows = play(&text, &["--runs", "400"]);
    let agreed = rows.iter().filter(is_agreed).count() as f64 / 400.0;
    near_share(0.5, agreed, 400);
}
