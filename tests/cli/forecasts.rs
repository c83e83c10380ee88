//! Forecasts told step by step, and voices written, derived and replaced.

use super::workdir::Workdir;

/// Three actors, two issues: one written out, one derived from weights and values.
const COUNCIL: &str = r#"
format = 1
[issues.delay]
from = 4
to   = 10
status_quo = 4
[issues.scope]
levels     = ["cars", "vans", "lorries"]
status_quo = "cars"
[actors.uk]
reservation = "status_quo"
capability  = 2
[actors.uk.stakes.delay]
weight   = 60
value    = "100 * (delay - 4) / 6"
position = 10
salience = 0.9
[actors.uk.stakes.scope]
weight = 0.4
value  = [100, 30, 0]
[actors.greece]
signs = false
[actors.greece.stakes]
delay = { position = 7, salience = 0.5, capability = 1 }
scope = { position = "vans", salience = 0.3 }
[actors.germany]
signs = false
[actors.germany.stakes]
delay = { position = 4, salience = 0.8, capability = 1.5 }
scope = { position = "lorries", salience = 0.9 }
[bargaining]
protocol = "weighted-mean"
[variants.wide]
set = { "actors.greece.stakes.scope.position" = "lorries" }
"#;

fn council() -> Workdir {
    let here = Workdir::new();
    here.write("council.toml", COUNCIL);
    here
}

#[test]
fn forecasts_are_told_step_by_step() {
    let here = council();
    for protocol in ["weighted-median", "weighted-mean", "challenge", "exchange"] {
        let told = here.demarche(&format!(
            "replay council.toml --run 0 --protocol {protocol}"
        ));
        insta::assert_snapshot!(protocol, told.succeeds().out);
    }
}

#[test]
fn positions_are_set_by_name_and_by_number() {
    let here = council();
    let scope = |more: &str| {
        let line = format!("replay council.toml --run 0 --json --protocol weighted-median {more}");
        let json = here.demarche(&line).succeeds().json();
        json["values"]["scope"]
            .as_str()
            .unwrap_or_default()
            .to_string()
    };
    // Weights 0.8 at cars, 0.3 at vans, 0.9 at lorries.
    assert_eq!(scope(""), "vans");
    assert_eq!(scope("--variant wide"), "lorries");
    let at = "--set actors.greece.stakes.scope";
    assert_eq!(scope(&format!("{at}.position=lorries")), "lorries");
    assert_eq!(scope(&format!("{at}.position=base-1")), "cars");
    assert_eq!(scope(&format!("{at}.salience=0")), "lorries");
    assert_eq!(scope("--set actors.uk.capability=4"), "cars");
    // What the values like best follows the values.
    assert_eq!(
        scope("--set actors.uk.stakes.scope.value.lorries=200"),
        "lorries"
    );
    here.demarche(&format!("check council.toml {at}.positon=1"))
        .ends(2)
        .complains("did you mean `actors.greece.stakes.scope.position`?");
    here.demarche(&format!("check council.toml {at}.position=lories"))
        .ends(2)
        .complains("did you mean `lorries`?");
}

#[test]
fn a_forecast_may_cost_a_signatory_and_rules_may_forbid_it() {
    let here = council();
    let line = "replay council.toml --run 0 --json --set actors.uk.reservation=100";
    let json = here.demarche(line).succeeds().json();
    assert_eq!(json["ended"], "agreement");
    assert!(
        json["values"]["gain.uk"]
            .as_f64()
            .is_some_and(|gain| gain < 0.0)
    );
    let rule = "[[rules]]\nrequire = \"scope == cars\"\n";
    here.write("strict.toml", &format!("{COUNCIL}{rule}"));
    let told = here.demarche("replay strict.toml --run 0").succeeds();
    told.says("rules forbid")
        .says("no deal: rules forbid what was forecast");
    here.demarche("run strict.toml -n 10 -q -o out").succeeds();
}
