//! The sections of the process language, sound and broken.

use super::*;

/// Every section and key of the process language.
pub(super) const PROCESS: &str = include_str!("process.toml");

/// The faults after each of these texts gave way to the other.
pub(super) fn faults_with(changes: &[(&str, &str)]) -> Vec<String> {
    look(&changed(changes)).1
}

/// The text after each of these gave way to the other.
fn changed(changes: &[(&str, &str)]) -> String {
    changes.iter().fold(PROCESS.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    })
}

/// The words beside the caret and the help of each fault.
fn advice_with(from: &str, to: &str) -> Vec<(String, Option<String>)> {
    let (_, faults) = read("a.toml", Arc::from(changed(&[(from, to)])));
    let advice = |fault: &Diagnostic| (fault.label.clone(), fault.help.clone());
    faults.sorted().into_iter().map(advice).collect()
}

#[test]
fn every_formula_of_the_process_has_its_address() {
    let scenario = sound(PROCESS);
    let addresses: Vec<&str> = scenario.formulas().iter().map(|f| &*f.address).collect();
    assert_eq!(
        addresses,
        [
            "quantities.mood",
            "quantities.alarm",
            "quantities.alarm.reverts",
            "quantities.cash",
            "actors.mill.reservation",
            "actors.port.reservation",
            "actors.watcher.reservation",
            "actors.watcher.veto",
            "calendar.sessions",
            "calendar.breakdown",
            "calendar.foresight",
            "modules.basing.ripe",
            "modules.basing.reopen",
            "modules.economy.ratchet",
            "modules.economy.step",
            "modules.economy.cost.mill",
            "modules.economy.cost.watcher",
            "events.shock.chance",
            "events.shock.when",
            "events.shock.once",
            "events.shock.lasting",
            "events.shock.effects.alarm",
            "events.shock.effects.cash",
            "events.relief.when",
            "events.relief.effects.cash",
            "erosion.0.chance",
            "erosion.0.when",
            "erosion.rust.chance",
            "ratification.council.accepts",
            "ratification.council.chance",
            "ratification.council.foreseen",
            "ratification.senate.chance",
            "signals.talks.chance.0.when",
            "signals.talks.chance.0.is",
            "signals.talks.chance.1.when",
            "signals.talks.chance.1.is",
            "signals.talks.chance.2.is",
            "signals.talks.missed",
            "signals.leak.chance",
        ]
    );
    for formula in scenario.formulas() {
        let written = &PROCESS[formula.span.clone()];
        match formula.literal {
            Some(number) if matches!(written, "true" | "false") => {
                assert_eq!(number, f64::from(u8::from(written == "true")));
            }
            Some(number) => assert_eq!(written.parse(), Ok(number)),
            None => assert_eq!(PROCESS[formula.place(0..formula.text.len())], formula.text),
        }
        let found = scenario.formula(&formula.address);
        assert_eq!(found, Some(formula));
    }
}

#[test]
fn what_is_written_about_the_process_is_kept() {
    let scenario = sound(PROCESS);
    let names = |list: &[Located<String>]| -> String {
        let names: Vec<&str> = list.iter().map(|name| &*name.value).collect();
        names.join(" ")
    };
    let calendar = scenario.calendar.as_ref().expect("a calendar");
    assert_eq!(calendar.scope.value, Scope::OneByOne);
    let report: Vec<u64> = calendar
        .report
        .iter()
        .map(|session| session.value)
        .collect();
    assert_eq!(report, [1, 4]);
    let redraw: Vec<Option<Redraw>> = scenario
        .quantities
        .iter()
        .map(|quantity| quantity.redraw.as_ref().map(|redraw| redraw.value))
        .collect();
    assert_eq!(redraw, [Some(Redraw::Session), Some(Redraw::Run), None]);
    let own = |issue: &Issue| issue.module.clone().map(|module| module.value);
    let modules: Vec<Option<String>> = scenario.issues.iter().map(own).collect();
    let expected = ["basing", "basing", "economy"].map(|name| Some(name.to_owned()));
    assert_eq!(modules, expected);
    assert_eq!(scenario.modules[0].label.as_deref(), Some("Access"));
    assert_eq!(scenario.events[0].label.as_deref(), Some("A shock"));
    assert_eq!(names(&scenario.erosion[0].issues), "access grain");
    assert_eq!(names(&scenario.erosion[1].issues), "grain");
    let ratification = &scenario.ratification[0];
    assert_eq!(ratification.of.value, "port");
    assert_eq!(
        ratification.module.as_ref().map(|m| &*m.value),
        Some("basing")
    );
    assert_eq!(ratification.on_failure, OnFailure::Renegotiate);
    assert_eq!(scenario.ratification[1].on_failure, OnFailure::Drop);
    let question = scenario.signals[0].question.as_deref();
    assert_eq!(question, Some("Is a next round announced?"));
    let rows = |signal: &Signal| match &signal.chance {
        SignalChance::Rows(rows) => rows.len(),
        SignalChance::Formula(_) => 0,
    };
    assert_eq!(
        scenario.signals.iter().map(rows).collect::<Vec<_>>(),
        [3, 0]
    );
    let [first, second] = &scenario.observations[..] else {
        panic!("two observations")
    };
    assert_eq!(
        names(&first.seen) + " " + &names(&first.not_seen),
        "talks leak"
    );
    assert_eq!(first.session.as_ref().map(|session| session.value), Some(1));
    assert_eq!(first.temper.as_ref().map(|temper| temper.value), Some(0.7));
    assert_eq!(names(&second.unknown), "talks");
    assert_eq!((first.holdout, second.holdout), (false, true));
}

#[test]
fn the_scope_depends_on_modules_unless_written() {
    let scope = |text: &str| sound(text).calendar.map(|calendar| calendar.scope.value);
    let unwritten = changed(&[("scope     = \"one_by_one\"\n", "")]);
    assert_eq!(scope(&unwritten), Some(Scope::Modular));
    let plain = SOUND.replacen("[measures]", "[calendar]\nsessions = 1\n[measures]", 1);
    assert_eq!(scope(&plain), Some(Scope::Package));
    assert_eq!(scope(SOUND), None);
}

#[test]
fn a_calendar_has_sessions() {
    for (from, to, expected) in [
        ("sessions  = 4\n", "", "3:1 `calendar` has no `sessions`"),
        (
            "sessions  = 4",
            "sessions  = \"2 + 2\"",
            "4:13 `calendar.sessions` is a string, expected a whole number from 1 to 1000",
        ),
        (
            "sessions  = 4",
            "sessions  = 1001",
            "4:13 `calendar.sessions` is a number, expected a whole number from 1 to 1000",
        ),
        ("[1, 4]", "[]", "7:13 `calendar.report` is empty"),
        (
            "[1, 4]",
            "4",
            "7:13 `calendar.report` is a number, expected a list of sessions",
        ),
        ("[1, 4]", "[1, 5]", "7:17 there is no session 5"),
        (
            "[1, 4]",
            "[0, 4]",
            "7:14 `calendar.report` is a number, expected a whole number from 1 on",
        ),
        (
            "[1, 4]",
            "[3, 3, 4]",
            "7:17 session 3 stands behind session 3",
        ),
        (
            "\"one_by_one\"",
            "\"one-by-one\"",
            "5:13 `calendar.scope` cannot be `one-by-one`",
        ),
        (
            "foresight = false",
            "foresight = [1]",
            "8:13 `calendar.foresight` is a list, expected a number or a formula",
        ),
    ] {
        assert_eq!(faults_with(&[(from, to)]), [expected], "{to}");
    }
    let advice = advice_with("\"one_by_one\"", "\"packge\"");
    let label = "expected one of `package`, `modular`, `one_by_one`".to_owned();
    let help = Some("did you mean `package`?".to_owned());
    assert_eq!(advice, [(label, help)]);
}

#[test]
fn without_a_calendar_there_are_no_sessions_to_speak_of() {
    let start = PROCESS.find("[calendar]").expect("a calendar");
    let end = PROCESS.find("[quantities]").expect("quantities");
    let text = PROCESS[..start].to_owned() + &PROCESS[end..];
    assert_eq!(
        look(&text).1,
        [
            "4:38 `redraw` needs a [calendar]",
            "5:38 `redraw` needs a [calendar]",
            "5:54 `reverts` needs a [calendar]",
            "8:2 `modules` needs a [calendar]",
            "42:2 `events` needs a [calendar]",
            "55:3 `erosion` needs a [calendar]",
            "75:2 `signals` needs a [calendar]",
            "82:3 `observations` needs a [calendar]",
        ]
    );
}

#[test]
fn names_of_the_process_are_taken_only_with_a_calendar() {
    let text = |calendar: &str| {
        format!(
            "format = 1\n[quantities]\nbreakdown = 1\n[issues.signed_count]\nfrom = 0\nto = 1\n\
             [issues.talks]\nlevels = [\"going_on\", \"breakdown\"]\n\
             [actors.ann]\nreservation = 0\n[measures]\nsession = 1\n{calendar}"
        )
    };
    let session = "12:1 `session` is told of every run already";
    assert_eq!(look(&text("")).1, [session]);
    assert_eq!(
        look(&text("[calendar]\nsessions = 2\n")).1,
        [
            "3:1 `breakdown` has a meaning of its own over sessions",
            "4:9 `signed_count` has a meaning of its own over sessions",
            session,
        ]
    );
}

#[test]
fn behind_a_syntax_fault_nothing_is_missing() {
    let (scenario, faults) = look(&changed(&[
        ("[calendar]", "[calendar"),
        ("[signals.talks]", "[signals.talks"),
    ]));
    assert!(scenario.is_none());
    for word in ["needs a", "there is no", "has no"] {
        assert!(
            !faults.iter().any(|fault| fault.contains(word)),
            "{faults:#?}"
        );
    }
}
