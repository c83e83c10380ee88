//! Which of a few kinds of opponent sits there? Belief follows Bayes' rule.
//!
//! An opponent of kind h is taken to offer what is worth `1 - c tau` to it, with a normal error:
//! `p(h) ~ prior(h) prod exp(-(u_h(offer) - (1 - c tau))^2 / (2 sigma^2))`. Hindriks & Tykhonov (2008).

use super::{Learns, OpponentModelKind};
use crate::bargaining::strategy::Mind;
use crate::bargaining::strategy::view::{Said, View};
use crate::catalogue::{Form, Kind, Setting};
use crate::uncertainty::maths;

pub(super) const BAYES: OpponentModelKind = OpponentModelKind {
    kind: Kind {
        name: "bayes",
        about: "weighs kinds of opponent by how well they explain the offers",
        reference: "Hindriks & Tykhonov 2008",
        manual: "Each kind of opponent is an actor of the scenario who does not sign, with stakes of its own; \
`hypotheses = { dove = 0.5, hawk = 0.5 }` names them with their prior probabilities. A kind is taken to open with what it likes \
best and to give way by `concession` until the end, give or take `sigma` (both as shares of its range of utilities). \
What the others like is then the mean over kinds; if every prior is 0, it believes nothing.",
        settings: &[
            Setting {
                name: "concession",
                about: "`c`, how far a kind is taken to give way until the end",
                form: Form::Number(0.0, 1.0),
                default: Some(0.5),
            },
            Setting {
                name: "sigma",
                about: "standard deviation of its offers around that",
                form: Form::Number(1e-6, 1e6),
                default: Some(0.15),
            },
            Setting {
                name: "hypotheses",
                about: "the kinds of opponent, actors who do not sign, with their prior probabilities",
                form: Form::PerActor(0.0, 1e9),
                default: None,
            },
        ],
    },
    learns: &Bayes,
};

struct Bayes;

impl Learns for Bayes {
    fn hear(&self, view: &View<'_>, numbers: &[f64], mind: &mut Mind, said: &Said) {
        let &[concession, sigma, ref kinds @ ..] = numbers else {
            return;
        };
        if mind.likes.is_empty() {
            // The kinds' places at the other table, and the logarithm of their weights.
            let kinds = kinds.chunks_exact(2);
            mind.heard.extend(kinds.clone().map(|kind| kind[0]));
            mind.likes.extend(kinds.map(|kind| maths::ln(kind[1])));
        }
        let expected = 1.0 - concession * said.tau;
        for (kind, weight) in mind.heard.iter().zip(&mut mind.likes) {
            let miss = view.rumoured(*kind as usize, said.deal) - expected;
            *weight -= miss * miss / (2.0 * sigma * sigma);
        }
        let most = mind
            .likes
            .iter()
            .fold(f64::NEG_INFINITY, |most, w| most.max(*w));
        mind.posterior.clear();
        if most == f64::NEG_INFINITY {
            return;
        }
        let odds = mind.likes.iter().map(|weight| maths::exp(weight - most));
        mind.posterior.extend(odds);
        let total: f64 = mind.posterior.iter().sum();
        mind.posterior.iter_mut().for_each(|odds| *odds /= total);
    }

    fn knows(&self, mind: &Mind) -> bool {
        !mind.posterior.is_empty()
    }

    fn utility(&self, view: &View<'_>, mind: &Mind, deal: u32) -> f64 {
        let kinds = mind.heard.iter().zip(&mind.posterior);
        kinds
            .map(|(kind, share)| share * view.rumoured(*kind as usize, deal))
            .sum()
    }
}
