//! What one section of the process language says of another.

use super::process::faults_with;
use super::*;

#[test]
fn issues_and_modules_belong_together() {
    for (from, to, expected) in [
        (
            "[issues.access]\nmodule     = \"basing\"",
            "[issues.access]\nmodule     = \"basin\"",
            "26:14 there is no module `basin`",
        ),
        (
            "[issues.grain]\nmodule     = \"economy\"\n",
            "[issues.grain]\n",
            "33:9 issue `grain` is in no module",
        ),
        (
            "step    = 1\n",
            "step    = 1\n[modules.culture]\n",
            "22:10 module `culture` has no issue",
        ),
        (
            "reopen  = true",
            "ratchet = 1",
            "18:11 `framing` cannot only move up: its options have no order",
        ),
        ("mill    = 2", "mil    = 2", "23:1 there is no actor `mil`"),
    ] {
        assert_eq!(faults_with(&[(from, to)]), [expected], "{to}");
    }
    let continuous = faults_with(&[("step       = 25\n", "")]);
    assert_eq!(
        continuous,
        [
            "20:11 `grain` cannot only move up: it has no levels",
            "62:21 `grain` cannot fall: it has no levels",
            "67:10 `grain` cannot fall: it has no levels",
        ]
    );
    assert_eq!(
        faults_with(&[("reopen  = true", "ratchet = false")]),
        [""; 0],
        "what is switched off needs no order"
    );
}

#[test]
fn events_and_erosion_move_what_can_be_moved() {
    for (from, to, expected) in [
        (
            "cash  = 0.4",
            "chas  = 0.4",
            "57:1 there is no quantity `chas`",
        ),
        (
            "effects = { cash = \"cash + 0.1\" }\n",
            "",
            "58:1 `events.relief` has no `effects`",
        ),
        (
            "{ cash = \"cash + 0.1\" }",
            "{}",
            "60:11 `events.relief` has no effect",
        ),
        (
            "{ cash = \"cash + 0.1\" }",
            "\"cash\"",
            "60:11 `events.relief.effects` is a string, expected a table",
        ),
        (
            "[\"access\", \"grain\"]",
            "[\"acess\", \"grain\"]",
            "63:11 there is no issue `acess`",
        ),
        (
            "[\"access\", \"grain\"]",
            "[\"access\", \"framing\"]",
            "63:21 `framing` cannot fall: its options have no order",
        ),
        (
            "[\"access\", \"grain\"]",
            "[\"access\", \"access\"]",
            "63:21 `access` is named twice",
        ),
        (
            "[\"access\", \"grain\"]",
            "[]",
            "63:10 `erosion.0` names no issue",
        ),
        (
            "redraw = \"run\"",
            "redraw = \"session\"",
            "12:47 `alarm` cannot both be drawn anew and revert",
        ),
        (
            "redraw = \"run\"",
            "redraw = \"runs\"",
            "12:47 `quantities.alarm.redraw` cannot be `runs`",
        ),
    ] {
        assert_eq!(faults_with(&[(from, to)]), [expected], "{to}");
    }
    let measure = SOUND.replacen("unit = \"USD million\"", "reverts = 1", 1);
    let expected = "unknown key `reverts` in `measures.three_years`";
    assert!(look(&measure).1[0].ends_with(expected));
}

#[test]
fn second_tables_have_a_home() {
    for (from, to, expected) in [
        (
            "of         = \"port\"",
            "of         = \"prot\"",
            "72:14 there is no actor `prot`",
        ),
        (
            "of         = \"port\"",
            "of         = \"watcher\"",
            "72:14 `watcher` does not sign, so it has nothing to ratify",
        ),
        (
            "of         = \"port\"\nmodule     = \"basing\"",
            "of         = \"port\"\nmodule     = \"bassing\"",
            "73:14 there is no module `bassing`",
        ),
        (
            "chance = 0.9\n",
            "",
            "78:1 `ratification.senate` never refuses",
        ),
        (
            "\"renegotiate\"",
            "\"renegociate\"",
            "77:14 `ratification.council.on_failure` cannot be `renegociate`",
        ),
        (
            "[actors.mill]\n",
            "[actors.mill]\nveto = false\n",
            "41:8 `mill` signs and needs no veto",
        ),
    ] {
        assert_eq!(faults_with(&[(from, to)]), [expected], "{to}");
    }
}

#[test]
fn signals_are_seen_or_not() {
    for (from, to, expected) in [
        (
            "chance = \"0.1 + 0.2 * breakdown\"",
            "missed = 0",
            "86:1 `signals.leak` has no `chance`",
        ),
        (
            "{ when = false, is",
            "{ is",
            "84:54 no row behind `signals.talks.chance.1` is ever reached",
        ),
        (
            "{ is = 0.2 }",
            "{ when = true }",
            "84:85 `signals.talks.chance.2` has no `is`",
        ),
        (
            "{ is = 0.2 }",
            "0.2",
            "84:85 `signals.talks.chance.2` is a number, expected a table",
        ),
        (
            "id       = \"first_day\"\n",
            "",
            "89:1 `observations.0` has no `id`",
        ),
        (
            "\"first_day\"",
            "\"first-day\"",
            "90:12 `first-day` is not a name",
        ),
        (
            "\"afterwards\"",
            "\"first_day\"",
            "96:11 `first_day` already names an observation",
        ),
        (
            "session  = 1",
            "session  = 5",
            "91:12 there is no session 5",
        ),
        (
            "[\"talks\"]\nnot_seen",
            "[\"talk\"]\nnot_seen",
            "92:13 there is no signal `talk`",
        ),
        (
            "not_seen = \"leak\"",
            "not_seen = \"talks\"",
            "93:12 `talks` is named twice",
        ),
        (
            "temper   = 0.7",
            "temper   = 1.5",
            "94:12 a temper of 1.5 is impossible",
        ),
    ] {
        assert_eq!(faults_with(&[(from, to)]), [expected], "{to}");
    }
}
