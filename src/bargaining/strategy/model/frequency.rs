//! What is offered often is liked, and what is not given up matters.
//!
//! Weight of an issue + epsilon whenever its level stays, renormalised; value of a level
//! `((1 + count) / (1 + largest count))^gamma`. van Krimpen, Looije & Hajizadeh (2013), HardHeaded.

use super::{Learns, OpponentModelKind};
use crate::bargaining::strategy::Mind;
use crate::bargaining::strategy::view::{Said, View};
use crate::catalogue::{Form, Kind, Setting};
use crate::uncertainty::maths;

pub(super) const FREQUENCY: OpponentModelKind = OpponentModelKind {
    kind: Kind {
        name: "frequency",
        about: "levels offered often are liked, issues that stay put matter",
        reference: "van Krimpen, Looije & Hajizadeh 2013",
        manual: "It starts from equal weights. With each offer heard, an issue whose level is that of the offer before gains \
`learning`, and weights are brought back to a sum of 1; a level heard c times is worth ((1 + c) / (1 + most))^`gamma`, most being the count of the \
level of its issue heard most. At a table of more than two it hears all others as one.",
        settings: &[
            Setting {
                name: "learning",
                about: "what an issue gains when it stays as it was offered before",
                form: Form::Number(0.0, 1e6),
                default: Some(0.1),
            },
            Setting {
                name: "gamma",
                about: "how sharply counts tell levels apart",
                form: Form::Number(0.0, 1e3),
                default: Some(1.0),
            },
        ],
    },
    learns: &Frequency,
};

struct Frequency;

impl Learns for Frequency {
    fn hear(&self, view: &View<'_>, numbers: &[f64], mind: &mut Mind, said: &Said) {
        let &[learning, gamma] = numbers else { return };
        let issues = view.issues();
        if mind.weights.is_empty() {
            mind.weights.resize(issues, 1.0 / issues as f64);
            mind.heard.resize(view.levels.iter().sum(), 0.0);
            mind.likes.resize(mind.heard.len(), 1.0);
        }
        let mut start = 0;
        for (issue, &levels) in view.levels.iter().enumerate().take(issues) {
            let level = view.level(said.deal, issue);
            let stays = mind
                .previous
                .is_some_and(|previous| view.level(previous, issue) == level);
            if stays {
                mind.weights[issue] += learning;
            }
            let counts = &mut mind.heard[start..start + levels];
            counts[level] += 1.0;
            let most = counts.iter().fold(0.0_f64, |most, count| most.max(*count));
            for (likes, count) in mind.likes[start..].iter_mut().zip(&*counts) {
                *likes = maths::pow((1.0 + count) / (1.0 + most), gamma);
            }
            start += levels;
        }
        let total: f64 = mind.weights.iter().sum();
        mind.weights.iter_mut().for_each(|weight| *weight /= total);
        mind.previous = Some(said.deal);
    }

    fn knows(&self, mind: &Mind) -> bool {
        !mind.weights.is_empty()
    }

    fn utility(&self, view: &View<'_>, mind: &Mind, deal: u32) -> f64 {
        let (mut start, mut sum) = (0, 0.0);
        for (issue, &levels) in view.levels.iter().enumerate().take(mind.weights.len()) {
            sum += mind.weights[issue] * mind.likes[start + view.level(deal, issue)];
            start += levels;
        }
        sum
    }
}
