//! Every number of a scenario and its address, in one list.

use super::{Formula, Scenario, SettingValue, SignalChance, StakeValue};

impl Scenario {
    /// Every formula that a variant or `--set` can replace, section by section in the order of
    /// the language. Claims and the patches of variants are not among them.
    pub fn formulas(&self) -> Vec<&Formula> {
        let mut list: Vec<&Formula> = Vec::new();
        for quantity in &self.quantities {
            list.push(&quantity.value);
            list.extend(&quantity.reverts);
        }
        list.extend(self.rules.iter().map(|rule| &rule.require));
        for actor in &self.actors {
            list.extend(&actor.reservation);
            list.extend(&actor.discount);
            list.extend(&actor.risk);
            list.extend(&actor.knowledge);
            list.extend(&actor.veto);
            list.extend(&actor.capability);
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
            list.extend(actor.voices.iter().flat_map(|voice| voice.formulas()));
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
        let strategies = self.bargaining.strategies.iter();
        let settings = self.bargaining.settings.iter();
        for setting in settings.chain(strategies.flat_map(|strategy| &strategy.settings)) {
            match &setting.value {
                SettingValue::Formula(value) => list.push(value),
                SettingValue::Table(values) => list.extend(values.iter().map(|(_, value)| value)),
                SettingValue::Deals(_) => {}
            }
        }
        self.process(&mut list);
        list.extend(self.measures.iter().map(|measure| &measure.value));
        list
    }

    /// The formulas of the sections that play over sessions.
    fn process<'s>(&'s self, list: &mut Vec<&'s Formula>) {
        if let Some(calendar) = &self.calendar {
            list.push(&calendar.sessions);
            list.extend(&calendar.breakdown);
            list.extend(&calendar.foresight);
        }
        for module in &self.modules {
            let keys = [&module.ripe, &module.reopen, &module.ratchet, &module.step];
            list.extend(keys.into_iter().flatten());
            list.extend(module.cost.iter().map(|(_, points)| points));
        }
        for event in &self.events {
            let keys = [&event.chance, &event.when, &event.once, &event.lasting];
            list.extend(keys.into_iter().flatten());
            list.extend(event.effects.iter().map(|(_, value)| value));
        }
        for erosion in &self.erosion {
            list.push(&erosion.chance);
            list.extend(&erosion.when);
        }
        for ratification in &self.ratification {
            list.extend(&ratification.accepts);
            list.extend(&ratification.chance);
            list.extend(&ratification.foreseen);
        }
        for signal in &self.signals {
            match &signal.chance {
                SignalChance::Formula(chance) => list.push(chance),
                SignalChance::Rows(rows) => {
                    for row in rows {
                        list.extend(&row.when);
                        list.push(&row.is);
                    }
                }
            }
            list.extend(&signal.missed);
        }
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
