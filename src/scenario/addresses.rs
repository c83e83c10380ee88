//! Every number of a scenario and its address, in one list.

use super::{Formula, Scenario, SettingValue, StakeValue};

impl Scenario {
    /// Every formula that a variant or `--set` can replace, section by section in the order of
    /// the language. Claims and the patches of variants are not among them.
    pub fn formulas(&self) -> Vec<&Formula> {
        let mut list: Vec<&Formula> = Vec::new();
        list.extend(self.quantities.iter().map(|quantity| &quantity.value));
        list.extend(self.rules.iter().map(|rule| &rule.require));
        for actor in &self.actors {
            list.extend(&actor.reservation);
            list.extend(&actor.discount);
            list.extend(&actor.risk);
            for stake in &actor.stakes {
                list.push(&stake.weight);
                match &stake.value {
                    StakeValue::List(values) => list.extend(values),
                    StakeValue::ByLevel(values) => {
                        list.extend(values.iter().map(|(_, value)| value))
                    }
                    StakeValue::Formula(value) => list.push(value),
                }
            }
            for term in &actor.terms {
                list.extend(&term.when);
                list.push(&term.adds);
            }
        }
        for inducement in &self.inducements {
            list.extend(&inducement.when);
            list.push(&inducement.worth);
            list.extend(&inducement.cost);
        }
        for setting in &self.bargaining.settings {
            match &setting.value {
                SettingValue::Formula(value) => list.push(value),
                SettingValue::Table(values) => list.extend(values.iter().map(|(_, value)| value)),
            }
        }
        list.extend(self.measures.iter().map(|measure| &measure.value));
        list
    }

    /// The formula at an address; `quantities.x.value` is the same as `quantities.x`.
    pub fn formula(&self, address: &str) -> Option<&Formula> {
        let named = ["quantities.", "measures."]
            .iter()
            .any(|section| address.starts_with(section));
        let short = address.strip_suffix(".value").filter(|_| named);
        let at = |wanted: &str| {
            self.formulas()
                .into_iter()
                .find(|formula| formula.address == wanted)
        };
        at(address).or_else(|| at(short?))
    }
}
