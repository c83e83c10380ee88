//! Whole files, sound and broken.

use proptest::prelude::*;

mod process;
mod references;

use super::*;

/// Every section of the language but those of `tests/process.toml`.
const SOUND: &str = include_str!("sound.toml");

/// The scenario, and each fault as "line:column message".
fn look(text: &str) -> (Option<Scenario>, Vec<String>) {
    let (scenario, faults) = read("a.toml", Arc::from(text));
    let json = faults.to_json(text, "a.toml");
    let lines = json.as_array().into_iter().flatten().map(|found| {
        let message = found["message"].as_str().unwrap_or_default();
        format!("{}:{} {message}", found["line"], found["column"])
    });
    (scenario, lines.collect())
}

fn sound(text: &str) -> Scenario {
    match look(text) {
        (Some(scenario), faults) if faults.is_empty() => scenario,
        (_, faults) => panic!("{faults:#?}"),
    }
}

#[test]
fn every_formula_knows_its_address_and_place() {
    for text in [
        SOUND.to_owned(),
        format!("\u{feff}{}", SOUND.replace('\n', "\r\n")),
    ] {
        let scenario = sound(&text);
        let addresses: Vec<&str> = scenario.formulas().iter().map(|f| &*f.address).collect();
        assert_eq!(
            addresses,
            [
                "quantities.outside_option",
                "quantities.momentum",
                "quantities.cash_stress",
                "quantities.tabbed",
                "rules.0.require",
                "rules.agreed_base.require",
                "actors.russia.reservation",
                "actors.russia.risk",
                "actors.russia.stakes.tartus.weight",
                "actors.russia.stakes.tartus.value.closed",
                "actors.russia.stakes.tartus.value.port_calls",
                "actors.russia.stakes.tartus.value.interim",
                "actors.russia.stakes.tartus.value.shared",
                "actors.russia.stakes.tartus.value.full",
                "actors.russia.stakes.tenure.weight",
                "actors.russia.stakes.tenure.value.0",
                "actors.russia.stakes.tenure.value.3",
                "actors.russia.stakes.tenure.value.10.5",
                "actors.russia.stakes.assad.weight",
                "actors.russia.stakes.assad.value.extradition",
                "actors.russia.stakes.assad.value.stays",
                "actors.russia.stakes.aid.weight",
                "actors.russia.stakes.aid.value",
                "actors.russia.terms.no_extradition.when",
                "actors.russia.terms.no_extradition.adds",
                "actors.russia.terms.1.adds",
                "inducements.0.worth",
                "inducements.0.cost",
                "bargaining.settings.power.russia",
                "bargaining.settings.opens",
                "measures.access",
                "measures.three_years",
            ]
        );
        for formula in scenario.formulas() {
            let written = &text[formula.span.clone()];
            match formula.literal {
                Some(number) => assert_eq!(written.parse(), Ok(number)),
                None if formula.address == "quantities.tabbed" => {
                    assert_eq!(
                        formula.place(0..1),
                        formula.span,
                        "escapes: the whole value"
                    );
                }
                None => {
                    assert!(written.starts_with(['"', '\'']));
                    assert_eq!(text[formula.place(0..formula.text.len())], formula.text);
                    assert_eq!(text[formula.place(2..5)], formula.text[2..5]);
                }
            }
        }
    }
}

#[test]
fn everything_written_is_kept() {
    let scenario = sound(SOUND);
    assert_eq!(scenario.title.as_deref(), Some("Moscow, 28 January 2026"));
    assert_eq!(scenario.date.as_deref(), Some("2026-01-28"));
    assert_eq!(scenario.runs.as_ref().map(|runs| runs.value), Some(10_000));
    assert_eq!(scenario.seed.as_ref().map(|seed| seed.value), Some(0x2026));
    assert_eq!(scenario.authors, ["A. Analyst"]);
    let issue = |name: &str| {
        let found = scenario
            .issues
            .iter()
            .find(|issue| issue.name.value == name);
        found.cloned().unwrap_or_else(|| panic!("{name}"))
    };
    let debt = issue("debt");
    let labels: Vec<String> = (0..5).map(|level| debt.label(level)).collect();
    assert_eq!(
        (debt.count(), labels.join(" ")),
        (Some(5), "0 0.25 0.5 0.75 1".into())
    );
    assert_eq!(
        debt.status_quo.map(|level| level.value),
        Some(LevelRef::Number(0.75))
    );
    assert_eq!(
        issue("aid").kind,
        IssueKind::Range {
            from: 0.0,
            to: 500.0
        }
    );
    assert_eq!(
        issue("tartus").level(&LevelRef::Name("shared".into())),
        Some(3)
    );
    let signs: Vec<bool> = scenario.actors.iter().map(|actor| actor.signs).collect();
    assert_eq!(signs, [true, false]);
    let variant = &scenario.variants[0];
    let patched: Vec<&str> = variant
        .set
        .iter()
        .map(|(address, _)| &*address.value)
        .collect();
    assert_eq!(patched, ["quantities.outside_option", "actors.russia.risk"]);
    assert_eq!(&SOUND[variant.set[1].0.span.clone()], "actors.russia.risk");
    assert!(
        scenario
            .formula("quantities.outside_option.value")
            .is_some()
    );
    assert!(scenario.formula("actors.russia.stakes.aid").is_none());
}

#[test]
fn all_faults_stand_in_one_report() {
    let text = r#"format = 1
[quantities]
a = { value = 3, untt = "x" }
c = true
d = nan
e = 9007199254740993
g-h = 1
f = " "
if = 2
m = { value = 1, redraw = "sessions" }
[[dependence]]
between = ["a", "aa"]
rank = 2
[issues.hmeimim]
levels = ["closed", "shared", "closed"]
[issues.tartus]
levels = ["closed", "shared", "full"]
status_quo = "sharred"
[issues.cash]
from = 0
to = 10
step = 3
[issues.time]
from = 0
to = 10
[issues.both]
levels = ["x"]
values = [1]
[issues.a]
options = ["red", "blue"]
[issues.nothing]
[rules]
require = "x"
[actors.russia]
sign = true
power = 3
[actors.russia.stakes.tartus]
weight = 3
value = [1, 2]
[actors.russia.stakes.tartuss]
weight = [3]
value = 2
[actors.russia.stakes.time]
value = [1, 2]
[[inducements]]
by = 3
[bargaining]
settings = { power = { russia = false } }
[variants.all]
set = 3
[calendar]
[measure]
[[expect]]
claim = "1 < 2"
source = "S1"
"#;
    let (scenario, faults) = look(text);
    assert!(scenario.is_some());
    assert_eq!(
        faults,
        [
            "3:18 unknown key `untt` in `quantities.a`",
            "4:5 `quantities.c` is a boolean, expected a number or a formula",
            "5:5 `quantities.d` is not a finite number",
            "6:5 `quantities.e` is too large a whole number",
            "7:1 `g-h` is not a name",
            "8:5 `quantities.f` is empty",
            "9:1 `if` is a word of the formula language",
            "10:27 `quantities.m.redraw` cannot be `sessions`",
            "12:17 there is no quantity `aa`",
            "13:8 a rank correlation of 2 is impossible",
            "15:31 `closed` already names a level of this issue",
            "18:14 `tartus` has no level `sharred`",
            "22:8 steps of 3 from 0 do not meet 10",
            "28:1 both `levels` and `values` spell the levels of `both`",
            "29:9 `a` already names a quantity",
            "31:1 `nothing` has no levels",
            "32:1 `rules` is a table, expected a list of tables `[[rules]]`",
            "35:1 unknown key `sign` in `actors.russia`",
            "36:1 `power` is not a key of an actor",
            "39:9 2 values for the 3 levels of `tartus`",
            "40:23 there is no issue `tartuss`",
            "41:10 `actors.russia.stakes.tartuss.weight` is a list, expected a number or a formula",
            "43:1 `actors.russia.stakes.time` has no `weight`",
            "44:9 `time` has no levels to list",
            "45:1 `inducements.0` has no `to`",
            "45:1 `inducements.0` has no `worth`",
            "46:6 `inducements.0.by` is a number, expected a string",
            "48:33 `bargaining.settings.power.russia` is a boolean, expected a number or a formula",
            "49:11 a variant cannot be called `all`",
            "50:7 `variants.all.set` is a number, expected a table",
            "51:1 `calendar` has no `sessions`",
            "52:2 unknown section `measure`",
        ]
    );
}

#[test]
fn faults_suggest_the_right_name() {
    let help = |from: &str, to: &str| {
        let text = SOUND.replacen(from, to, 1);
        assert_ne!(text, SOUND);
        let (_, faults) = read("a.toml", Arc::from(text));
        let helps = faults
            .sorted()
            .into_iter()
            .filter_map(|fault| fault.help.clone());
        helps.collect::<Vec<String>>().join("; ")
    };
    for (from, to, expected) in [
        ("[measures]", "[measure]", "did you mean `measures`?"),
        ("unit   =", "units =", "did you mean `unit`?"),
        (
            "status_quo = \"interim\"",
            "status_quo = \"interm\"",
            "did you mean `interim`?",
        ),
        ("stakes.tartus", "stakes.tratus", "did you mean `tartus`?"),
        ("\"momentum\"]", "\"momentun\"]", "did you mean `momentum`?"),
        (
            "signs = false",
            "signs = \"false\"",
            "write `false` without quotes",
        ),
        ("to   = 500", "to   = \"500\"", "write `500` without quotes"),
        (
            "[[expect]]",
            "[expect]",
            "write `[[expect]]` in double brackets",
        ),
        (
            "[variants.gulf_surge]",
            "[variants.gulf-surge]",
            "write `gulf_surge`",
        ),
        (
            "{ extradition = 0",
            "{ extraditon = 0",
            "did you mean `extradition`?",
        ),
        (
            "source = \"S4\"",
            "source = \"S5\"",
            "write `S5 = \"...\"` under [sources]",
        ),
    ] {
        assert_eq!(help(from, to), expected, "{to}");
    }
}

#[test]
fn behind_a_syntax_fault_only_what_is_certain_is_said() {
    let text = "format = 1\n[issues.a]\nlevel = [\"x\"]\n[issues.b\nlevels = 3\nq = 1\n\
                [actors.ann]\nsings = true\nsigns = 1\n[actors.bob]\nrisk = 0..5\n";
    let (scenario, faults) = look(text);
    assert!(scenario.is_none());
    let meaning: Vec<&String> = faults.iter().filter(|fault| fault.contains('`')).collect();
    let lines: Vec<&str> = faults
        .iter()
        .filter_map(|fault| fault.split(':').next())
        .collect();
    assert!(lines.contains(&"4") && lines.contains(&"11"), "{faults:#?}");
    assert!(
        meaning
            .iter()
            .any(|fault| fault.starts_with("3:1 unknown key `level`"))
    );
    assert!(
        meaning
            .iter()
            .any(|fault| fault.starts_with("8:1 unknown key `sings`"))
    );
    assert!(meaning.iter().any(|fault| fault.starts_with("9:9 ")));
    assert!(
        !lines.contains(&"5") && !lines.contains(&"6"),
        "{faults:#?}"
    );
}

#[test]
fn odd_files_are_read_with_a_reason() {
    assert_eq!(look("").1, ["1:1 the scenario is empty"]);
    assert_eq!(
        look("\u{feff}\r\n# nothing\r\n").1,
        ["1:1 the scenario is empty"]
    );
    assert_eq!(
        look("format = 2\nnews = 1\n").1,
        ["1:10 format 2 is not known to this version"]
    );
    assert_eq!(
        look("a = 1\n").1,
        [
            "1:1 the scenario does not say its format",
            "1:1 unknown section `a`",
            "1:6 the scenario has no issues",
            "1:6 the scenario has no actors",
        ]
    );
    let long = look(&"#".repeat(LIMIT + 1)).1;
    assert_eq!(long, ["1:1 the file has 16777217 bytes"]);
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(process: bool, edits in proptest::collection::vec(
        (any::<prop::sample::Index>(), 0usize..4, "[\\[\\]{}=\"'.,\\n#a-b0-9 \\\\üé\u{0}-]{0,4}"), 1..12))
    {
        let mut text = if process { process::PROCESS } else { SOUND }.to_owned();
        for (place, kind, insert) in edits {
            let at = place.index(text.len() + 1);
            let at = (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            let length = text[at..].chars().take(kind * 7).map(char::len_utf8).sum::<usize>();
            let end = if kind == 3 { text[at..].find('\n').map_or(text.len(), |n| at + n) } else { at + length };
            text.replace_range(at..end, &insert);
        }
        let (_, faults) = read("a.toml", Arc::from(&*text));
        for fault in faults.sorted() {
            prop_assert!(text.get(fault.span.clone()).is_some(), "{:?}", fault);
        }
        let drawn = faults.render(&text, "a.toml", true);
        prop_assert_eq!(drawn.is_empty(), faults.is_empty());
        faults.to_json(&text, "a.toml");
    }
}
