//! Forecasts against what defines them: medians and means minimise distances, exchanges gain both sides the
//! same, challenges know neither left nor right, and nobody's consent is asked.

use demarche::bargaining::{
    Desk, Ending, FactorSketch, Grid, IssueSketch, Negotiation, Outcome, PROTOCOLS, Party, Shape,
    Sketch, Stakes, Step, Voices, Watch, Who,
};

/// Actors who speak on some issues, at a table with so many seats.
struct Assembly {
    actors: usize,
    position: Vec<f64>,
    salience: Vec<f64>,
    capability: Vec<f64>,
    scale: Vec<(f64, f64)>,
    /// Whether the one rule, if there is one, allows the level of issue 0.
    allowed: Option<Vec<bool>>,
    state: u64,
}

impl Stakes for Assembly {
    fn factor(&mut self, _: usize, grid: &Grid, out: &mut [f64]) {
        for (out, value) in out.iter_mut().zip(grid.values(0)) {
            *out = -value;
        }
    }

    fn rule(&mut self, _: usize, _: &Grid, out: &mut [bool]) {
        if let Some(allowed) = &self.allowed {
            out.copy_from_slice(allowed);
        }
    }
}

/// Every step that was told.
#[derive(Default)]
struct Notes(Vec<(Who, &'static str, Figures)>);

type Figures = Vec<(&'static str, f64)>;

impl Watch for Notes {
    fn step(&mut self, step: &Step<'_>) {
        self.0.push((step.who, step.does, step.figures.to_vec()));
    }
}

impl Notes {
    fn figure(&self, which: usize, name: &str) -> f64 {
        let figures = &self.0[which].2;
        figures.iter().find(|(key, _)| *key == name).expect(name).1
    }
}

impl Assembly {
    /// Random voices, coarse or fine; a few actors are silent on an issue.
    fn draw(seed: u64, issues: usize) -> Assembly {
        let mut assembly = Assembly {
            actors: 0,
            position: vec![],
            salience: vec![],
            capability: vec![],
            scale: vec![(0.0, 100.0); issues],
            allowed: None,
            state: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(11),
        };
        assembly.actors = 2 + assembly.below(6);
        let coarse = seed.is_multiple_of(3);
        for _ in 0..issues * assembly.actors {
            let position = match coarse {
                true => assembly.below(5) as f64 * 25.0,
                false => assembly.below(1_000_000) as f64 / 1e4,
            };
            let silent = assembly.below(8) == 0;
            let salience = (1 + assembly.below(9)) as f64 / 10.0;
            let capability = (1 + assembly.below(9)) as f64 / 3.0;
            assembly
                .position
                .push(if silent { f64::NAN } else { position });
            assembly.salience.push(salience);
            assembly.capability.push(capability);
        }
        assembly
    }

    fn below(&mut self, sides: usize) -> usize {
        self.state = self
            .state
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        ((self.state >> 33) % sides as u64) as usize
    }

    /// Positions and weights on an issue.
    fn weights(&self, issue: usize) -> Vec<(f64, f64)> {
        let entries = issue * self.actors..(issue + 1) * self.actors;
        let spoken = entries.filter(|entry| !self.position[*entry].is_nan());
        let weight = |entry: usize| self.salience[entry] * self.capability[entry];
        spoken
            .map(|entry| (self.position[entry], weight(entry)))
            .collect()
    }

    /// What a protocol makes of it on continuous issues, with nobody signing.
    fn play(&mut self, protocol: &str, settings: &[f64], watch: Option<&mut Notes>) -> Vec<f64> {
        let range = |&(from, to): &(f64, f64)| IssueSketch::Range { from, to };
        let sketch = Sketch {
            issues: self.scale.iter().map(range).collect(),
            ..Sketch::default()
        };
        let (outcome, deal) = self.play_on(sketch, protocol, settings, watch);
        assert_eq!(outcome.ending, Ending::Agreement);
        deal
    }

    fn play_on(
        &mut self,
        sketch: Sketch,
        protocol: &str,
        settings: &[f64],
        watch: Option<&mut Notes>,
    ) -> (Outcome, Vec<f64>) {
        let kind = PROTOCOLS.iter().find(|kind| kind.kind.name == protocol);
        let shape = Shape::new(sketch).expect("small");
        let rows: Vec<usize> = (0..self.scale.len()).collect();
        let (position, salience) = (self.position.clone(), self.salience.clone());
        let (capability, scale) = (self.capability.clone(), self.scale.clone());
        let stands = vec![50.0; rows.len()];
        let actors = self.actors;
        let ones = vec![1.0; shape.seats()];
        let parties = Party {
            reservation: &ones,
            discount: &ones,
            risk: &ones,
        };
        let mut negotiation = Negotiation::new(&shape, self, parties, settings);
        negotiation.voices = Voices {
            actors,
            rows: &rows,
            position: &position,
            salience: &salience,
            capability: &capability,
            stands: &stands,
            scale: &scale,
        };
        negotiation.watch = watch.map(|notes| notes as &mut dyn Watch);
        let desk = &mut Desk::new(&shape);
        let protocol = (kind.expect(protocol).build)();
        let outcome = protocol.negotiate(&mut negotiation, desk);
        (outcome, desk.deal().to_vec())
    }
}

/// `Q`, votes, rounds, tolerance 0, range and full salience as they are.
const CHALLENGE: [f64; 6] = [1.0, 0.0, 4.0, 0.0, f64::NAN, f64::NAN];
const EXCHANGE: [f64; 6] = [f64::NAN, f64::NAN, f64::NAN, f64::NAN, 0.0, 1e6];

/// P29.
#[test]
fn medians_and_means_minimise_distances_within_the_positions() {
    for seed in 0..400 {
        let mut assembly = Assembly::draw(seed, 1);
        let weights = assembly.weights(0);
        if weights.is_empty() {
            assert_eq!(assembly.play("weighted-median", &[], None), [50.0]);
            continue;
        }
        let cost = |at: f64, power: i32| -> f64 {
            let costs = weights
                .iter()
                .map(|(position, weight)| weight * (at - position).abs().powi(power));
            costs.sum()
        };
        let positions = || weights.iter().map(|(position, _)| *position);
        let low = positions().fold(f64::INFINITY, f64::min);
        let high = positions().fold(f64::NEG_INFINITY, f64::max);
        for (protocol, power) in [("weighted-median", 1), ("weighted-mean", 2)] {
            let at = assembly.play(protocol, &[], None)[0];
            assert!(low <= at && at <= high, "seed {seed}: {protocol} {at}");
            let others = positions().chain((0..=1000).map(|step| f64::from(step) / 10.0));
            for other in others {
                let slack = 1e-9 * cost(other, power).max(1.0);
                assert!(
                    cost(at, power) <= cost(other, power) + slack,
                    "seed {seed}: {protocol}"
                );
                // The lower end of an interval of medians.
                let is_lower = power == 1 && other < at - 1e-9;
                assert!(
                    !is_lower || cost(at, 1) < cost(other, 1),
                    "seed {seed}: not the lowest"
                );
            }
        }
    }
}

/// P30: gains are reckoned from the outcomes told, with losses from what everybody wanted at first.
#[test]
fn both_sides_of_an_exchange_gain_the_same() {
    let mut exchanges = 0;
    for seed in 0..400 {
        let mut assembly = Assembly::draw(seed, 3);
        let before = assembly.play("weighted-mean", &[], None);
        let mut settings = EXCHANGE;
        settings[5] = 1.0;
        let mut notes = Notes::default();
        let after = assembly.play("exchange", &settings, Some(&mut notes));
        let shifts = (0..notes.0.len()).filter(|which| notes.0[*which].1 == "shifts to");
        let shifts: Vec<usize> = shifts.collect();
        let moved: Vec<usize> = (0..3)
            .filter(|issue| before[*issue] != after[*issue])
            .collect();
        assert_eq!(shifts.len(), moved.len(), "seed {seed}");
        if shifts.is_empty() {
            continue;
        }
        exchanges += 1;
        let told = notes.figure(shifts[0], "gain");
        let actor = |which: usize| match notes.0[which].0 {
            Who::Voice(actor) => actor,
            _ => panic!("who shifts?"),
        };
        let at = |issue: usize, actor: usize| issue * assembly.actors + actor;
        for who in shifts.iter().map(|which| actor(*which)) {
            let gain: f64 = moved
                .iter()
                .map(|&issue| {
                    let wants = assembly.position[at(issue, who)];
                    let nearer = (before[issue] - wants).abs() - (after[issue] - wants).abs();
                    assembly.salience[at(issue, who)] * nearer
                })
                .sum();
            assert!(
                (gain - told).abs() < 1e-9 && told > 0.0,
                "seed {seed}: {gain} {told}"
            );
        }
        let (i, j) = (actor(shifts[0]), actor(shifts[1]));
        let (p, q) = (moved[0], moved[1]);
        let s = |actor: usize, issue: usize| assembly.salience[at(issue, actor)];
        assert!(s(i, q) * s(j, p) - s(i, p) * s(j, q) > 0.0, "seed {seed}");
        let moved_all = shifts
            .iter()
            .map(|which| notes.figure(*which, "share_of_full_shift"));
        assert!(moved_all.fold(0.0, f64::max) <= 1.0 + 1e-12);
    }
    assert!(exchanges > 100, "only {exchanges}");
}

#[test]
fn exchanges_come_to_an_end_and_depend_on_no_watch() {
    for seed in 0..150 {
        let mut assembly = Assembly::draw(seed, 3);
        let alone = assembly.play("exchange", &EXCHANGE, None);
        let mut notes = Notes::default();
        let watched = assembly.play("exchange", &EXCHANGE, Some(&mut notes));
        assert_eq!(alone, watched, "seed {seed}");
        let shifts = notes.0.iter().filter(|(_, does, _)| *does == "shifts to");
        assert!(
            shifts.count() <= 3 * assembly.actors,
            "nobody moves twice on an issue"
        );
    }
}

/// Mirrored positions end in the mirrored forecast, stretched ones in the stretched one.
#[test]
fn challenges_know_neither_left_nor_right_nor_units() {
    for seed in 0..150 {
        let mut assembly = Assembly::draw(3 * seed + 1, 1);
        for capability in &mut assembly.capability {
            // No half of all weight is one side's.
            *capability += 0.001 * (seed % 7) as f64 + 0.0137;
        }
        if assembly.weights(0).is_empty() {
            continue;
        }
        let here = assembly.play("challenge", &CHALLENGE, None)[0];
        let mirrored = |position: &mut f64| *position = 100.0 - *position;
        assembly.position.iter_mut().for_each(mirrored);
        let (low, high) = match assembly.weights(0).len() {
            2 => continue,
            _ => (here, assembly.play("challenge", &CHALLENGE, None)[0]),
        };
        assert!(
            (low - (100.0 - high)).abs() < 1e-6,
            "seed {seed}: {low} {high}"
        );
        assembly
            .position
            .iter_mut()
            .for_each(|position| *position *= 7.0);
        assembly.scale = vec![(0.0, 700.0)];
        let stretched = assembly.play("challenge", &CHALLENGE, None)[0];
        assert!(
            (stretched - 7.0 * high).abs() < 1e-6,
            "seed {seed}: {high} {stretched}"
        );
    }
}

/// The nearest level, the lower one of two; whatever it means to those who sign; unless a rule forbids it.
#[test]
fn a_forecast_is_settled_at_the_nearest_level_without_consent() {
    let sketch = |rules: Vec<Vec<usize>>| Sketch {
        issues: vec![IssueSketch::Levels(vec![0.0, 40.0, 50.0, 60.0])],
        seats: 1,
        factors: vec![FactorSketch {
            seat: 0,
            scope: vec![0],
        }],
        rules,
        ..Sketch::default()
    };
    let mut assembly = Assembly::draw(1, 1);
    assembly.actors = 1;
    assembly.salience = vec![1.0];
    assembly.capability = vec![1.0];
    for (position, level) in [
        (20.0, 0.0),
        (20.1, 1.0),
        (45.0, 1.0),
        (55.0, 2.0),
        (99.0, 3.0),
    ] {
        assembly.position = vec![position];
        let (outcome, deal) = assembly.play_on(sketch(vec![]), "weighted-mean", &[], None);
        assert_eq!(
            (outcome.ending, deal[0]),
            (Ending::Agreement, level),
            "{position}"
        );
    }
    assembly.allowed = Some(vec![true, true, true, false]);
    let (outcome, _) = assembly.play_on(sketch(vec![vec![0]]), "weighted-mean", &[], None);
    assert_eq!(outcome.ending, Ending::Forbidden);
    assembly.position = vec![55.0];
    let (outcome, _) = assembly.play_on(sketch(vec![vec![0]]), "weighted-mean", &[], None);
    assert_eq!(outcome.ending, Ending::Agreement);
}

#[test]
fn voices_that_are_no_numbers_are_said_to_be_unplayable() {
    let mut assembly = Assembly::draw(2, 1);
    let range = || Sketch {
        issues: vec![IssueSketch::Range {
            from: 0.0,
            to: 100.0,
        }],
        ..Sketch::default()
    };
    for (position, salience) in [
        (101.0, 1.0),
        (f64::INFINITY, 1.0),
        (5.0, -1.0),
        (5.0, f64::NAN),
    ] {
        assembly.position[0] = position;
        assembly.salience[0] = salience;
        let (outcome, _) = assembly.play_on(range(), "weighted-median", &[], None);
        assert!(
            matches!(outcome.ending, Ending::Unplayable(_)),
            "{position} {salience}"
        );
    }
}
