//! A single negotiating text: a mediator proposes random changes of one issue, the signatories vote.
//!
//! A climber votes yes iff `u(y) >= u(x)`, an annealer with probability `min(1, exp((u(y) - u(x)) / T))`.
//! With a constant `T` for all, texts follow the Gibbs distribution `exp(sum u / T)`. Klein, Faratin,
//! Sayama & Bar-Yam (2003).

use super::{Information, Needs, Protocol, ProtocolKind, Ranges};
use crate::bargaining::desk::Desk;
use crate::bargaining::outcome::{Ending, Outcome};
use crate::bargaining::shape::Shape;
use crate::bargaining::stakes::Negotiation;
use crate::bargaining::watch::{Step, Who};
use crate::catalogue::{Form, Kind, Setting};
use crate::uncertainty::maths;

pub(super) const SINGLE_TEXT: ProtocolKind = ProtocolKind {
    kind: Kind {
        name: "single-text",
        about: "a mediator proposes random changes to one text; the signatories vote on each",
        reference: "Klein, Faratin, Sayama & Bar-Yam 2003",
        manual: "In each step the mediator proposes to move one issue of the text to another level, every such \
change being equally likely. A climber votes for what is no worse for it than the text; an annealer also votes for a \
loss, with probability exp(-loss / temperature). Enough votes adopt the change. A change that breaks a rule which the \
text keeps is never put to the vote. A continuous issue moves along the points of its grid, by up to a tenth of its \
range and reflected at its ends; it is proposed as often as an issue of three levels. \
After the last step every signatory signs if the text gives it at least its reservation value and \
breaks no rule; else there is no agreement. Climbers end where no single change suits enough of them, which need not be \
efficient. Only single deals are looked at, so there may be any number of them.",
        settings: &[
            Setting {
                name: "steps",
                about: "changes the mediator proposes",
                form: Form::Whole(0.0, 10_000_000.0),
                default: Some(1000.0),
            },
            Setting {
                name: "voters",
                about: "whether losses are refused for certain, or now and then accepted",
                form: Form::Choice(&["hill_climb", "anneal"]),
                default: Some(0.0),
            },
            Setting {
                name: "temperature",
                about: "the loss of utility that an annealer accepts with probability 1/e; 0 for a climber",
                form: Form::Each(0.0, 1e280),
                default: Some(1.0),
            },
            Setting {
                name: "schedule",
                about: "whether the temperature stays or falls evenly to 0 by the last step",
                form: Form::Choice(&["constant", "linear"]),
                default: Some(0.0),
            },
            Setting {
                name: "votes",
                about: "how many votes each signatory has",
                form: Form::Each(0.0, 1e9),
                default: Some(1.0),
            },
            Setting {
                name: "quota",
                about: "the votes that adopt a change; all of them if not given",
                form: Form::Number(0.0, 1e11),
                default: Some(f64::NAN),
            },
            Setting {
                name: "start",
                about: "the first text: the status quo (the first level of an issue that has none), any \
allowed deal with equal chances, or the first level of every issue",
                form: Form::Choice(&["status_quo", "random", "first"]),
                default: Some(0.0),
            },
        ],
    },
    needs: Needs {
        ranges: Ranges::OnGrid,
        draws: true,
        information: Information::Own,
        ..Needs::ANY
    },
    build: || Box::new(SingleText),
};

struct SingleText;

impl Protocol for SingleText {
    fn negotiate(&self, negotiation: &mut Negotiation<'_>, desk: &mut Desk) -> Outcome {
        mediate(negotiation, desk).unwrap_or_else(Outcome::at_once)
    }
}

/// The settings, checked.
struct Mediation<'w> {
    steps: u32,
    anneals: bool,
    temperature: &'w [f64],
    cools: bool,
    votes: &'w [f64],
    quota: f64,
    start: Start,
}

/// The first text.
enum Start {
    StatusQuo,
    Random,
    First,
}

/// Votes closer than this to the quota reach it.
const NEARLY: f64 = 1e-9;

/// How often a random text is drawn anew because it breaks a rule.
const TRIES: usize = 10_000;

/// The share of its grid by which a continuous issue moves at most.
const REACH: usize = 10;

impl<'w> Mediation<'w> {
    fn read(settings: &'w [f64], seats: usize) -> Result<Mediation<'w>, Ending> {
        let unset = Ending::Unplayable("a single text needs its settings");
        if settings.len() != 5 + 2 * seats {
            return Err(unset);
        }
        let (first, rest) = settings.split_at(2);
        let (temperature, rest) = rest.split_at(seats);
        let (votes, last) = rest[1..].split_at(seats);
        if !(0.0..=1e7).contains(&first[0]) || !temperature.iter().all(|t| *t >= 0.0) {
            return Err(unset);
        }
        let all: f64 = votes.iter().sum();
        let quota = if last[0].is_nan() { all } else { last[0] };
        if !(quota <= all + NEARLY) {
            return Err(Ending::Unplayable(
                "the quota asks for more votes than there are",
            ));
        }
        Ok(Mediation {
            steps: first[0] as u32,
            anneals: first[1] == 1.0,
            temperature,
            cools: rest[0] == 1.0,
            votes,
            quota,
            start: match last[1] {
                0.0 => Start::StatusQuo,
                1.0 => Start::Random,
                _ => Start::First,
            },
        })
    }

    /// A seat's temperature in one step; 0 for climbers.
    fn temperature(&self, seat: usize, step: u32) -> f64 {
        match (self.anneals, self.cools) {
            (false, _) => 0.0,
            (true, false) => self.temperature[seat],
            (true, true) => {
                let left = 1.0 - f64::from(step) / f64::from(self.steps);
                self.temperature[seat] * left
            }
        }
    }

    fn climbs(&self) -> bool {
        !self.anneals || self.temperature.iter().all(|t| *t == 0.0)
    }

    fn adopts(&self, votes: f64) -> bool {
        votes >= self.quota - NEARLY
    }
}

fn mediate(negotiation: &mut Negotiation<'_>, desk: &mut Desk) -> Result<Outcome, Ending> {
    let shape = negotiation.shape;
    let mediation = Mediation::read(negotiation.settings, shape.seats)?;
    desk.read(negotiation)?;
    begin(&mediation, negotiation, desk);
    let changes = Changes::of(shape);
    let (mut last, mut idle) = (0, 0);
    for step in 0..mediation.steps {
        if changes.total == 0
            || (idle == changes.total && is_final(&mediation, &changes, shape, desk))
        {
            break;
        }
        let (issue, level) = changes.draw(shape, negotiation, desk);
        idle += 1;
        let tables = &desk.bench.tables;
        if level == desk.text.level(issue) || !desk.text.propose(shape, tables, issue, level) {
            continue;
        }
        if vote(&mediation, step, negotiation, desk) {
            desk.text.adopt();
            (last, idle) = (step, 0);
        }
    }
    sign(last, negotiation, desk)
}

/// The text with which the mediator begins.
fn begin(mediation: &Mediation<'_>, negotiation: &mut Negotiation<'_>, desk: &mut Desk) {
    let shape = negotiation.shape;
    let tables = &desk.bench.tables;
    desk.text.fit(shape);
    match mediation.start {
        Start::First => desk.text.write(shape, tables, |_| 0),
        Start::StatusQuo => desk.text.write(shape, tables, |issue| {
            let stands = negotiation.stands(issue);
            match shape.is_range(issue) {
                _ if stands.is_nan() => 0,
                true => nearest(&shape.grid.values[issue], stands),
                false => stands as u32,
            }
        }),
        Start::Random => {
            for _ in 0..TRIES {
                let chance = &mut negotiation.chance;
                let levels = &shape.plan.levels;
                let any = |issue: usize| chance.below(levels[issue]) as u32;
                desk.text.write(shape, tables, any);
                if desk.text.is_allowed(shape, tables) {
                    break;
                }
            }
        }
    }
    if negotiation.watch.is_some() {
        let (deal, _) = desk.text.tell(shape, tables);
        negotiation.tell(&Step {
            round: 0,
            who: Who::Nobody,
            does: "the text is",
            deal,
            figures: &[],
        });
    }
}

/// Whether the proposal at hand finds enough votes.
fn vote(
    mediation: &Mediation<'_>,
    step: u32,
    negotiation: &mut Negotiation<'_>,
    desk: &mut Desk,
) -> bool {
    let shape = negotiation.shape;
    let watched = negotiation.watch.is_some();
    let mut told = Step {
        round: step,
        who: Who::Nobody,
        does: "the mediator proposes",
        deal: &[],
        figures: &[],
    };
    if watched {
        let deal = desk.text.tell_proposal(shape);
        negotiation.tell(&Step { deal, ..told });
    }
    let mut votes = 0.0;
    for seat in 0..shape.seats {
        let change = desk.text.change(&desk.bench.tables, seat);
        let temperature = mediation.temperature(seat, step);
        let agrees = change >= -desk.ballot.epsilon[seat]
            || (temperature > 0.0
                && negotiation.chance.uniform() < maths::exp(change / temperature));
        if agrees {
            votes += mediation.votes[seat];
        }
        if watched {
            negotiation.tell(&Step {
                who: Who::Seat(seat),
                does: if agrees {
                    "votes for it"
                } else {
                    "votes against it"
                },
                figures: &[("change", change)],
                ..told
            });
        }
    }
    let is_adopted = mediation.adopts(votes);
    if watched && is_adopted {
        told.does = "the change is adopted";
        negotiation.tell(&told);
    }
    is_adopted
}

/// Everybody signs a text that keeps all rules and leaves nobody below its reservation value.
fn sign(last: u32, negotiation: &mut Negotiation<'_>, desk: &mut Desk) -> Result<Outcome, Ending> {
    let shape = negotiation.shape;
    let tables = &desk.bench.tables;
    if !desk.text.is_allowed(shape, tables) {
        return Err(Ending::Rejected);
    }
    let (_, utilities) = desk.text.tell(shape, tables);
    let mut signs = true;
    for (seat, &utility) in utilities.iter().enumerate() {
        let reservation = negotiation.parties.reservation[seat];
        if utility < reservation - desk.ballot.epsilon[seat] {
            signs = false;
            negotiation.tell(&Step {
                round: last,
                who: Who::Seat(seat),
                does: "does not sign",
                deal: &[],
                figures: &[("utility", utility), ("reservation", reservation)],
            });
        }
    }
    match signs {
        true => Ok(desk.settle_text(shape, last)),
        false => Err(Ending::Rejected),
    }
}

/// Whether no single change would find enough votes among climbers.
fn is_final(mediation: &Mediation<'_>, changes: &Changes, shape: &Shape, desk: &mut Desk) -> bool {
    let Desk {
        bench,
        ballot,
        text,
        ..
    } = desk;
    let tables = &bench.tables;
    mediation.climbs()
        && (0..changes.free).all(|issue| {
            let levels = shape.plan.levels[issue] as u32;
            let now = text.level(issue);
            (0..levels).all(|level| {
                if level == now || !text.propose(shape, tables, issue, level) {
                    return true;
                }
                let ayes = (0..shape.seats)
                    .filter(|&seat| text.change(tables, seat) >= -ballot.epsilon[seat]);
                !mediation.adopts(ayes.map(|seat| mediation.votes[seat]).sum())
            })
        })
}

/// The changes of one issue that can be proposed.
struct Changes {
    /// Issues that do not follow from others.
    free: usize,
    total: usize,
}

impl Changes {
    fn of(shape: &Shape) -> Changes {
        let free = shape.issues.len() - shape.ties.len();
        Changes {
            free,
            total: (0..free).map(|issue| changes(shape, issue)).sum(),
        }
    }

    /// One of them, all equally likely: an issue and its new level.
    fn draw(&self, shape: &Shape, negotiation: &mut Negotiation<'_>, desk: &Desk) -> (usize, u32) {
        let mut drawn = negotiation.chance.below(self.total);
        let mut issue = 0;
        while drawn >= changes(shape, issue) {
            drawn -= changes(shape, issue);
            issue += 1;
        }
        let levels = shape.plan.levels[issue];
        let now = desk.text.level(issue) as usize;
        if !shape.is_range(issue) {
            return (issue, ((now + 1 + drawn) % levels) as u32);
        }
        let far = 1 + negotiation.chance.below((levels / REACH).max(1));
        let moved = match drawn {
            0 if far > now => far - now - 1,
            0 => now - far,
            _ if now + far >= levels => 2 * levels - 1 - now - far,
            _ => now + far,
        };
        (issue, moved as u32)
    }
}

/// How many changes of one issue there are; of a range: up or down.
fn changes(shape: &Shape, issue: usize) -> usize {
    let levels = shape.plan.levels[issue];
    match shape.is_range(issue) {
        true => levels.min(3) - 1,
        false => levels - 1,
    }
}

/// The grid point nearest to a value.
fn nearest(points: &[f64], value: f64) -> u32 {
    let far = |point: usize| (points[point] - value).abs();
    let near = (0..points.len()).min_by(|a, b| far(*a).total_cmp(&far(*b)));
    near.unwrap_or(0) as u32
}
