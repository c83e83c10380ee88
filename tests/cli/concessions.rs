//! One sitting told in full for each rule, each rule of concession and compromise, and an ultimatum.

use super::workdir::Workdir;

#[test]
fn rules_concessions_and_ultimatums_are_told_step_by_step() {
    let here = Workdir::new();
    for protocol in [
        "nash",
        "kalai-smorodinsky",
        "egalitarian",
        "utilitarian",
        "take-it-or-leave-it",
        "equal-loss",
        "equal-area",
        "raiffa",
        "zeuthen",
        "frequent-offers",
    ] {
        let told = here.demarche(&format!("replay small.toml --run 3 --protocol {protocol}"));
        is_told_as_before(&format!("replay_{protocol}"), &told.succeeds().out);
    }
}

#[test]
fn a_lottery_is_told_with_its_probabilities() {
    let here = Workdir::new();
    here.edit(
        "small.toml",
        "protocol = \"nash\"",
        "protocol = \"nash\"\nsettings = { lotteries = true }",
    );
    let told = here.demarche("replay small.toml --run 3").succeeds();
    is_told_as_before("replay_lottery", &told.out);
}

fn is_told_as_before(name: &str, told: &str) {
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false, snapshot_path => "../snapshots" }, {
        insta::assert_snapshot!(name, told);
    });
}
