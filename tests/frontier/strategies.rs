//! Offers that go round, against the properties the theory promises, on random tables of two to four.

use super::book::{Book, Dice};
use demarche::bargaining::{
    ACCEPTANCES, Conduct, Desk, Ending, Manner, Negotiation, OFFERS, OPPONENT_MODELS, Outcome,
    PROTOCOLS, Party, Shape, Step, Watch, Who,
};
use demarche::catalogue::{Form, Kind};
use demarche::uncertainty::Chance;

/// What was said: round, seat, deal if it is an offer, target.
#[derive(Default)]
struct Talk {
    said: Vec<(u32, usize, Option<Vec<f64>>, f64)>,
}

impl Watch for Talk {
    fn step(&mut self, step: &Step<'_>) {
        let Who::Seat(seat) = step.who else { return };
        let target = step.figures.iter().find(|(name, _)| *name == "target");
        let target = target.map_or(f64::NAN, |(_, target)| *target);
        match step.does {
            "offers" => self
                .said
                .push((step.round, seat, Some(step.deal.to_vec()), target)),
            "accepts" => self.said.push((step.round, seat, None, target)),
            _ => {}
        }
    }
}

/// Strategies of everybody at a table.
#[derive(Clone, Default)]
struct Cast {
    manners: Vec<Manner>,
    numbers: Vec<f64>,
}

/// The defaults of a kind, except for what is set.
fn slots(kind: &Kind, issues: usize, set: &[(&str, f64)]) -> Vec<f64> {
    let mut slots = Vec::new();
    for setting in kind.settings {
        let set = set.iter().find(|(name, _)| *name == setting.name);
        let value = set.map(|(_, value)| *value).or(setting.default);
        match setting.form {
            Form::PerIssue(..) => slots.extend(vec![value.unwrap_or(1.0); issues]),
            Form::PerActor(..) => {}
            _ => slots.push(value.unwrap_or(0.0)),
        }
    }
    slots
}

impl Cast {
    fn join(&mut self, issues: usize, names: [&str; 3], set: &[(&str, f64)]) {
        let [offers, accepts, model] = names;
        let offers = OFFERS.iter().find(|kind| kind.kind.name == offers).unwrap();
        let accepts = ACCEPTANCES.iter().find(|kind| kind.kind.name == accepts);
        let model = OPPONENT_MODELS.iter().find(|kind| kind.kind.name == model);
        let (accepts, model) = (accepts.unwrap(), model.unwrap());
        let mut counts = [0; 3];
        let kinds = [&offers.kind, &accepts.kind, &model.kind];
        for (kind, count) in kinds.into_iter().zip(&mut counts) {
            let slots = slots(kind, issues, set);
            *count = slots.len();
            self.numbers.extend(slots);
        }
        self.manners.push(Manner {
            offers,
            accepts,
            model,
            slots: counts,
        });
    }

    /// Anybody with any settings.
    fn random(book: &Book, dice: &mut Dice) -> Cast {
        let mut cast = Cast::default();
        let deals: usize = book.levels.iter().product();
        for _ in 0..book.seats {
            let offers = OFFERS[dice.below(OFFERS.len())].kind.name;
            let accepts = ACCEPTANCES[dice.below(ACCEPTANCES.len())].kind.name;
            let model = ["none", "frequency"][dice.below(2)];
            let set = [
                ("beta", [0.1, 0.5, 1.0, 3.0][dice.below(4)]),
                ("start", [0.0, 0.1, 1.0][dice.below(3)]),
                ("family", dice.below(2) as f64),
                ("select", dice.below(4) as f64),
                ("band", [0.0, 1.0, f64::INFINITY][dice.below(3)]),
                ("ceiling", [f64::NAN, -3.0, 4.0, 1e6][dice.below(4)]),
                ("floor", [f64::NAN, -3.0, 4.0, 1e6][dice.below(4)]),
                ("mode", dice.below(4) as f64),
                ("kappa", [0.0, 0.5, 1e9][dice.below(3)]),
                ("repeat", dice.below(2) as f64),
                ("similarity", dice.below(3) as f64),
                ("script", dice.below(deals) as f64),
                ("accept_time", [0.0, 0.5, 1.0][dice.below(3)]),
                ("accept_least", [-1.0, 2.0][dice.below(2)]),
            ];
            cast.join(book.levels.len(), [offers, accepts, model], &set);
        }
        cast
    }

    /// Plays with the desk at hand; the deal as levels, if there is one.
    fn play(
        &self,
        (book, shape): (&Book, &Shape),
        settings: [f64; 3],
        desk: &mut Desk,
        watch: Option<&mut Talk>,
    ) -> (Outcome, Option<Vec<f64>>) {
        let kind = PROTOCOLS
            .iter()
            .find(|kind| kind.kind.name == "stacked-offers");
        let ones = vec![1.0; book.seats];
        let mut stakes = book.clone();
        let parties = Party {
            reservation: &book.reservation,
            discount: &ones,
            risk: &ones,
        };
        let mut negotiation = Negotiation::new(shape, &mut stakes, parties, &settings);
        negotiation.conduct = Conduct {
            manners: &self.manners,
            numbers: &self.numbers,
        };
        negotiation.chance = Chance::of_sitting(3, 1, 0, 0, 0);
        negotiation.watch = watch.map(|talk| talk as &mut dyn Watch);
        desk.fit(shape);
        let outcome = (kind.unwrap().build)().negotiate(&mut negotiation, desk);
        let deal = (outcome.ending == Ending::Agreement).then(|| desk.deal().to_vec());
        (outcome, deal)
    }
}

fn index(book: &Book, deal: &[f64]) -> usize {
    let levels = deal.iter().zip(&book.levels);
    levels.fold(0, |index, (level, levels)| index * levels + *level as usize)
}

/// P1, P2, P3, P17 and P20.
#[test]
fn whoever_sits_there_the_theory_holds() {
    let (mut agreed, mut failed, mut heirs) = (0, 0, Vec::new());
    for seed in 0..4000 {
        let book = Book::random(seed);
        let shape = book.shape();
        let at = (&book, &shape);
        let dice = &mut Dice(seed ^ 0xACE);
        let cast = Cast::random(&book, dice);
        let rounds = [1.0, 2.0, 5.0, 12.0][dice.below(4)];
        let breakdown = [0.0, 0.1][dice.below(2)];
        let settings = [rounds, dice.below(book.seats) as f64, breakdown];
        let mut talk = Talk::default();
        let fresh = &mut Desk::new(&shape);
        let watched = cast.play(at, settings, fresh, Some(&mut talk));
        let place = format!("seed {seed}: {:?}", cast.manners);
        // The same on a used desk that nobody watches.
        let used = heirs.iter_mut().find(|(seats, _)| *seats == book.seats);
        if let Some((_, desk)) = used {
            let again = cast.play(at, settings, desk, None);
            assert_eq!(watched, again, "{place}");
        } else {
            heirs.push((book.seats, Desk::new(&shape)));
        }
        // What others asked of the same roll leaves no trace.
        let mut ranked = Cast::default();
        for _ in 0..book.seats {
            ranked.join(book.levels.len(), ["micro", "next", "none"], &[]);
        }
        ranked.play(at, settings, fresh, None);
        assert_eq!(watched, cast.play(at, settings, fresh, None), "{place}");
        let deals = book.deals();
        for (round, seat, deal, _) in &talk.said {
            assert!(f64::from(*round) < rounds, "{place}");
            let Some(deal) = deal else { continue };
            let (_, utilities, allowed) = &deals[index(&book, deal)];
            assert!(allowed, "{place} offers what rules forbid");
            let own = utilities[*seat] as f64 / 10.0;
            assert!(
                own >= book.reservation[*seat] - 1e-6,
                "{place} bids too low"
            );
        }
        let time = [
            "time-dependent",
            "boulware",
            "linear",
            "conceder",
            "trade-off",
        ];
        for (seat, manner) in cast.manners.iter().enumerate() {
            let own = talk.said.iter().filter(|said| said.1 == seat);
            let targets: Vec<f64> = own.map(|said| said.3).filter(|t| !t.is_nan()).collect();
            if time.contains(&manner.offers.kind.name) {
                let falls = targets.windows(2).all(|two| two[1] <= two[0] + 1e-9);
                assert!(falls, "{place}: {targets:?}");
            }
        }
        let Some(deal) = watched.1 else {
            assert_ne!(watched.0.ending, Ending::NoZone);
            failed += 1;
            continue;
        };
        agreed += 1;
        let zone = book.zone();
        let at = index(&book, &deal) as u64;
        assert!(zone.iter().any(|(index, _)| *index == at), "{place}");
        let others = book.seats - 1;
        let last = &talk.said[talk.said.len() - 1 - others..];
        assert_eq!(last[0].2.as_ref(), Some(&deal), "{place}");
        let mut who: Vec<usize> = last.iter().map(|said| said.1).collect();
        who.sort_unstable();
        who.dedup();
        assert_eq!(who.len(), book.seats, "{place}: everybody agrees once");
        assert!(last[1..].iter().all(|said| said.2.is_none()), "{place}");
    }
    assert!(agreed > 500 && failed > 500, "{agreed} {failed}");
}

/// P18: only the order of its deals matters to MiCRO.
#[test]
fn micro_does_not_mind_how_utilities_are_stretched() {
    for seed in 0..600 {
        let mut book = Book::random(seed);
        let all: Vec<usize> = (0..book.levels.len()).collect();
        let deals = book.deals();
        // One table per seat, so that it can be bent as a whole.
        let utilities = |seat: usize| deals.iter().map(move |deal| deal.1[seat]);
        let whole: Vec<Vec<i64>> = (0..book.seats).map(|s| utilities(s).collect()).collect();
        let reservation = book.reservation.clone();
        let mut traces = Vec::new();
        for bend in [|u: i64| u, |u: i64| 3 * u + 40, |u: i64| u * u * u.signum()] {
            let tables = whole.iter().enumerate();
            book.factors = tables
                .map(|(seat, table)| {
                    let bent = table.iter().map(|u| bend(*u)).collect();
                    (seat, all.clone(), bent)
                })
                .collect();
            // The lowest acceptable utility stays the lowest acceptable one.
            for (seat, floor) in reservation.iter().enumerate() {
                let own = whole[seat].iter().copied();
                let least = own.filter(|u| *u as f64 / 10.0 >= floor - 1e-9).min();
                book.reservation[seat] = least.map_or(1e9, |u| bend(u) as f64 / 10.0);
            }
            let mut cast = Cast::default();
            for seat in 0..book.seats {
                let set = [("repeat", (seat % 2) as f64)];
                cast.join(book.levels.len(), ["micro", "next", "none"], &set);
            }
            let mut talk = Talk::default();
            let shape = book.shape();
            let desk = &mut Desk::new(&shape);
            let end = cast.play((&book, &shape), [30.0, 0.0, 0.0], desk, Some(&mut talk));
            let said: Vec<_> = talk.said.into_iter().map(|s| (s.0, s.1, s.2)).collect();
            traces.push((end, said));
        }
        assert_eq!(traces[0], traces[1], "seed {seed}");
        assert_eq!(traces[0], traces[2], "seed {seed}");
    }
}

/// P4: with seats renamed, and the opener with them, the same deal is found.
#[test]
fn seats_can_be_renamed() {
    let names = ["boulware", "conceder", "micro", "tit-for-tat", "trade-off"];
    for seed in 0..600 {
        let book = Book::random(seed);
        let shape = book.shape();
        let at = (&book, &shape);
        let dice = &mut Dice(seed);
        let seats = book.seats;
        let who: Vec<&str> = (0..seats).map(|_| names[dice.below(5)]).collect();
        let mut turned = book.clone();
        let turn = |seat: usize| (seat + 1) % seats;
        turned
            .factors
            .iter_mut()
            .for_each(|factor| factor.0 = turn(factor.0));
        let (mut cast, mut other) = (Cast::default(), Cast::default());
        for seat in 0..seats {
            let before = (seat + seats - 1) % seats;
            turned.reservation[seat] = book.reservation[before];
            cast.join(book.levels.len(), [who[seat], "next", "frequency"], &[]);
            other.join(book.levels.len(), [who[before], "next", "frequency"], &[]);
        }
        let desk = &mut Desk::new(&shape);
        let one = cast.play(at, [15.0, 0.0, 0.0], desk, None);
        let renamed = turned.shape();
        let two = other.play((&turned, &renamed), [15.0, 1.0, 0.0], desk, None);
        assert_eq!(one, two, "seed {seed}");
    }
}

/// Numbers no strategy can have end in a refusal to play, never in a panic.
#[test]
fn broken_numbers_cannot_be_played() {
    let book = Book::random(4);
    let shape = book.shape();
    let at = (&book, &shape);
    let mut cast = Cast::default();
    for _ in 0..book.seats {
        cast.join(book.levels.len(), ["linear", "next", "frequency"], &[]);
    }
    let desk = &mut Desk::new(&shape);
    let mut ends = |cast: &Cast, settings| cast.play(at, settings, desk, None).0.ending;
    assert!(!matches!(
        ends(&cast, [5.0, 0.0, 0.0]),
        Ending::Unplayable(_)
    ));
    for settings in [
        [f64::NAN, 0.0, 0.0],
        [0.0, 0.0, 0.0],
        [5.0, 9.0, 0.0],
        [5.0, f64::NAN, 0.0],
        [5.0, 0.0, f64::NAN],
        [5.0, 0.0, 1.1],
    ] {
        assert!(matches!(ends(&cast, settings), Ending::Unplayable(_)));
    }
    for place in 0..cast.numbers.len() {
        for number in [f64::NEG_INFINITY, -1e300] {
            let mut broken = cast.clone();
            broken.numbers[place] = number;
            let end = ends(&broken, [5.0, 0.0, 0.0]);
            assert!(matches!(end, Ending::Unplayable(_)), "{place}: {number}");
        }
    }
    let mut nan = cast.clone();
    nan.numbers[0] = f64::NAN;
    assert!(matches!(ends(&nan, [5.0, 0.0, 0.0]), Ending::Unplayable(_)));
    cast.numbers.pop();
    assert!(matches!(
        ends(&cast, [5.0, 0.0, 0.0]),
        Ending::Unplayable(_)
    ));
    cast.manners.pop();
    assert!(matches!(
        ends(&cast, [5.0, 0.0, 0.0]),
        Ending::Unplayable(_)
    ));
}

/// Tables at the edge: alone, sixteen, one round, nothing allowed, nothing good enough.
#[test]
fn tables_at_the_edge_are_played() {
    let table = |seats: usize, allowed: Vec<bool>, reservation: f64| Book {
        levels: vec![1, 3],
        seats,
        factors: (0..seats)
            .map(|seat| (seat, vec![1], vec![10, 20, 30 + seat as i64]))
            .collect(),
        rules: vec![(vec![1], allowed)],
        reservation: vec![reservation; seats],
        units: vec![(1.0, 0.0); seats],
    };
    let ends = |book: &Book, names: [&str; 3], rounds: f64| {
        let (shape, mut cast) = (book.shape(), Cast::default());
        for _ in 0..book.seats {
            cast.join(2, names, &[("select", 2.0), ("script", 2.0)]);
        }
        let desk = &mut Desk::new(&shape);
        let (outcome, deal) = cast.play((book, &shape), [rounds, 0.0, 0.0], desk, None);
        (outcome.ending, outcome.round, deal)
    };
    let best = Some(vec![0.0, 2.0]);
    for kind in OFFERS {
        let name = kind.kind.name;
        let names = [name, "next", "frequency"];
        let open = |seats| table(seats, vec![true; 3], 0.0);
        for seats in [1, 2, 16] {
            // Everybody likes the same deal best; who draws lots may open with another.
            let found = ends(&open(seats), names, 9.0);
            if name != "random-walker" {
                assert_eq!(
                    found,
                    (Ending::Agreement, 0, best.clone()),
                    "{name}, {seats}"
                );
            }
        }
        if ![
            "random-walker",
            "time-dependent",
            "linear",
            "boulware",
            "conceder",
            "trade-off",
        ]
        .contains(&name)
        {
            // In a single round the clock says to give everything up at once.
            assert_eq!(ends(&open(2), names, 1.0).2, best, "{name}");
        }
        let walks = (Ending::WalkedAway, 0, None);
        let none = table(2, vec![false; 3], 0.0);
        assert_eq!(ends(&none, names, 9.0), walks, "{name}");
        let dear = table(2, vec![true; 3], 99.0);
        assert_eq!(ends(&dear, names, 9.0), walks, "{name}");
        if name == "script" {
            let shut = table(2, vec![true, true, false], 0.0);
            assert_eq!(ends(&shut, names, 9.0), walks, "a script breaks no rule");
        }
    }
}
