//! Negotiations allocate nothing once a worker's buffers have grown.
//!
//! Each part plays a few worlds, then the same worlds again while allocations are counted.

use demarche::bargaining::{
    ACCEPTANCES, Conduct, Desk, Ending, FactorSketch, Grid, IssueSketch, Manner, Negotiation,
    OFFERS, OPPONENT_MODELS, PROTOCOLS, Party, ProtocolKind, Rumours, Shape, Sketch, Stakes,
    Voices,
};
use demarche::catalogue::{Form, Kind};
use demarche::uncertainty::Chance;

const LEVELS: [usize; 4] = [3, 4, 3, 4];
const WORLDS: u64 = 12;

/// Two seats with stakes in four issues, one term each, and a rule; other numbers in every world.
struct World(u64);

impl Stakes for World {
    fn factor(&mut self, which: usize, _: &Grid, out: &mut [f64]) {
        let steps = out.len().max(2) as f64 - 1.0;
        for (level, out) in out.iter_mut().enumerate() {
            let noise = (self.0 * 7 + which as u64 * 5 + level as u64 * 3) % 11;
            let rises = if which.is_multiple_of(2) {
                level as f64
            } else {
                steps - level as f64
            };
            *out = 10.0 * rises / steps + noise as f64 / 4.0;
        }
    }

    fn rule(&mut self, _: usize, _: &Grid, out: &mut [bool]) {
        out.iter_mut().for_each(|allowed| *allowed = true);
        out[(self.0 % 12) as usize] = false;
    }
}

fn shape(issues: &[usize], pairs: bool) -> Shape {
    let levels = issues.iter();
    let levels = levels.map(|&l| IssueSketch::Levels((0..l).map(|l| l as f64).collect()));
    let single = |issue: usize| (0..2).map(move |seat| (seat, vec![issue]));
    let mut factors: Vec<(usize, Vec<usize>)> = (0..issues.len()).flat_map(single).collect();
    if pairs {
        factors.extend([(0, vec![0, 1]), (1, vec![2, 3])]);
    }
    let factors = factors.into_iter();
    Shape::new(Sketch {
        issues: levels.collect(),
        ties: vec![],
        seats: 2,
        factors: factors
            .map(|(seat, scope)| FactorSketch { seat, scope })
            .collect(),
        rules: if pairs { vec![vec![0, 1]] } else { vec![] },
    })
    .expect("a small problem")
}

/// Defaults of a kind, except for what is set.
fn slots(kind: &Kind, set: &[(&str, f64)]) -> Vec<f64> {
    let mut slots = Vec::new();
    for setting in kind.settings {
        let set = set.iter().find(|(name, _)| *name == setting.name);
        let value = set.map(|(_, value)| *value).or(setting.default);
        let count = match setting.form {
            Form::PerSeat(..) | Form::Each(..) => 2,
            Form::PerIssue(..) => LEVELS.len(),
            Form::PerActor(..) => {
                slots.extend([0.0, 0.3, 1.0, 0.7]);
                0
            }
            _ => 1,
        };
        slots.extend(vec![value.unwrap_or(0.0); count]);
    }
    slots
}

/// Plays every world once.
fn play(
    kind: &ProtocolKind,
    settings: &[f64],
    conduct: Conduct<'_>,
    shape: &Shape,
    desk: &mut Desk,
) {
    let protocol = (kind.build)();
    for world in 0..WORLDS {
        let (mut stakes, mut believed) = (World(world), World(world + 1));
        let parties = Party {
            reservation: &[6.0 + world as f64 / 4.0, 7.0],
            discount: &[0.9, 0.8],
            risk: &[1.0, 1.0],
        };
        let mut negotiation = Negotiation::new(shape, &mut stakes, parties, settings);
        negotiation.conduct = conduct;
        negotiation.standing = &[0.0; 4];
        negotiation.chance = Chance::of_sitting(1, world, 0, 0, 0);
        negotiation.rumours = Some(Rumours {
            shape,
            stakes: &mut believed,
        });
        negotiation.voices = Voices {
            actors: 2,
            rows: &[0, 1, 2, 3],
            position: &[0.0, 2.0, 3.0, 1.0, 2.0, 0.0, 0.0, 3.0],
            salience: &[0.5; 8],
            capability: &[1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0],
            stands: &[0.0; 4],
            scale: &[(0.0, 2.0), (0.0, 3.0), (0.0, 2.0), (0.0, 3.0)],
        };
        let end = protocol.negotiate(&mut negotiation, desk).ending;
        let is_played = !matches!(end, Ending::Unplayable(_));
        assert!(is_played, "{}: {end:?}", kind.kind.name);
    }
}

/// How often the second time round allocates.
fn allocations(kind: &ProtocolKind, settings: &[f64], conduct: Conduct<'_>, pairs: bool) -> u64 {
    let shape = shape(&LEVELS, pairs);
    let mut desk = Desk::new(&shape);
    play(kind, settings, conduct, &shape, &mut desk);
    let counted = allocation_counter::measure(|| {
        play(kind, settings, conduct, &shape, &mut desk);
    });
    // Making the protocol is no part of a negotiation.
    let made = allocation_counter::measure(|| drop((kind.build)()));
    counted.count_total - made.count_total
}

#[test]
fn allocations_are_counted() {
    let counted = allocation_counter::measure(|| drop(std::hint::black_box(vec![1])));
    assert_eq!(counted.count_total, 1);
}

#[test]
fn no_protocol_allocates_in_a_negotiation() {
    let mut found = Vec::new();
    for kind in PROTOCOLS {
        let settings = slots(&kind.kind, &[]);
        let pairs = kind.kind.name != "issue-by-issue";
        let seated = cast(["linear", "next", "none"], &[]);
        let count = allocations(kind, &settings, seated.conduct(), pairs);
        found.extend((count > 0).then_some((kind.kind.name, count)));
    }
    assert_eq!(found, []);
}

#[test]
fn no_rule_allocates_when_it_mixes_deals() {
    let mut found = Vec::new();
    for kind in PROTOCOLS {
        let settings = kind.kind.settings.iter();
        for word in [1.0, 2.0] {
            if settings.clone().any(|setting| setting.name == "lotteries") {
                let settings = slots(&kind.kind, &[("lotteries", word)]);
                let count = allocations(kind, &settings, Conduct::default(), true);
                found.extend((count > 0).then_some((kind.kind.name, word, count)));
            }
        }
    }
    assert_eq!(found, []);
}

/// Two seats that behave alike.
struct Cast {
    manners: [Manner; 2],
    numbers: Vec<f64>,
}

impl Cast {
    fn conduct(&self) -> Conduct<'_> {
        Conduct {
            manners: &self.manners,
            numbers: &self.numbers,
        }
    }
}

fn cast([offers, accepts, model]: [&str; 3], set: &[(&str, f64)]) -> Cast {
    let offers = OFFERS.iter().find(|kind| kind.kind.name == offers);
    let accepts = ACCEPTANCES.iter().find(|kind| kind.kind.name == accepts);
    let model = OPPONENT_MODELS.iter().find(|kind| kind.kind.name == model);
    let (offers, accepts, model) = (offers.unwrap(), accepts.unwrap(), model.unwrap());
    let numbers = [&offers.kind, &accepts.kind, &model.kind].map(|kind| slots(kind, set));
    let manner = Manner {
        offers,
        accepts,
        model,
        slots: [numbers[0].len(), numbers[1].len(), numbers[2].len()],
    };
    Cast {
        manners: [manner; 2],
        numbers: [numbers.concat(), numbers.concat()].concat(),
    }
}

#[test]
fn no_strategy_allocates_in_a_negotiation() {
    let kind = PROTOCOLS
        .iter()
        .find(|kind| kind.kind.name == "stacked-offers");
    let kind = kind.unwrap();
    let settings = slots(&kind.kind, &[("rounds", 25.0)]);
    for offers in OFFERS {
        for accepts in ACCEPTANCES {
            for model in OPPONENT_MODELS {
                for word in 0..4 {
                    let names = [offers.kind.name, accepts.kind.name, model.kind.name];
                    let word = f64::from(word);
                    let set = [("select", word), ("mode", word), ("repeat", word.min(1.0))];
                    let seated = cast(names, &set);
                    let count = allocations(kind, &settings, seated.conduct(), true);
                    assert_eq!(count, 0, "{names:?}, {word}");
                }
            }
        }
    }
}
