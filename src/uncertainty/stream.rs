//! One stream of chance per (seed, purpose, run): ChaCha8 with seed and purpose in the key and the run as its nonce.
//!
//! Streams never touch, so a protocol that asks for more numbers leaves every world as it was, and any run can be
//! played alone. Bernstein (2008), ChaCha, a variant of Salsa20.

use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};

/// Uniform numbers for one purpose in one run.
#[derive(Debug, Clone)]
pub struct Stream {
    generator: ChaCha8Rng,
}

/// What chance is asked for. The numbers are part of every seed: never change them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// What the world is like.
    World = 1,
    /// What happens at the table.
    Play = 2,
    /// Shocks on the calendar.
    Events = 3,
    /// What an observer could see.
    Signals = 4,
    /// Bootstrap samples.
    Resample = 5,
    /// Which files are ripe.
    Ripeness = 6,
    /// What those at home say.
    Home = 7,
    /// What is drawn anew in every session.
    Redraw = 8,
    /// Worlds by which a prior is told.
    Prior = 9,
}

impl Stream {
    /// The stream of one run, at its start.
    pub fn new(seed: u64, purpose: Purpose, run: u64) -> Stream {
        Stream::of_session(seed, purpose, run, 0, 0)
    }

    /// The stream of one session (from 1, below 2^24) of a run, in its play number `luck`.
    pub fn of_session(seed: u64, purpose: Purpose, run: u64, luck: u32, session: u32) -> Stream {
        let mut key = [0; 32];
        key[..16].copy_from_slice(b"demarche stream1");
        key[16..24].copy_from_slice(&seed.to_le_bytes());
        key[24] = purpose as u8;
        key[25..28].copy_from_slice(&session.to_le_bytes()[..3]);
        key[28..].copy_from_slice(&luck.to_le_bytes());
        let mut generator = ChaCha8Rng::from_seed(key);
        // A fresh generator stands at word 0; seeking there would make the first block twice.
        generator.set_stream(run);
        Stream { generator }
    }

    /// The next uniform number: the middle of one of 2^52 equal cells, so never 0 or 1, and 1 - u is as likely as u.
    #[inline]
    pub fn uniform(&mut self) -> f64 {
        middle_of_cell(self.generator.next_u64())
    }

    /// Fills a slice with what `uniform` would give one by one.
    #[inline]
    pub fn fill(&mut self, uniforms: &mut [f64]) {
        for slot in uniforms {
            *slot = middle_of_cell(self.generator.next_u64());
        }
    }
}

/// The chance at one table: its stream is made when somebody first asks for a number.
#[derive(Debug, Clone, Default)]
pub struct Chance {
    /// Everything random follows from it.
    pub seed: u64,
    /// The index of the run.
    pub run: u64,
    /// Which play of its world this is, from 0.
    pub luck: u32,
    /// The session, from 1.
    pub session: u32,
    /// Which sitting of the session it is, from 0: each has numbers of its own.
    pub sitting: u32,
    stream: Option<Stream>,
}

impl Chance {
    /// The chance of one sitting.
    pub fn of_sitting(seed: u64, run: u64, luck: u32, session: u32, sitting: u32) -> Chance {
        Chance {
            seed,
            run,
            luck,
            session,
            sitting,
            stream: None,
        }
    }

    /// The next uniform number, never 0 or 1.
    #[inline]
    pub fn uniform(&mut self) -> f64 {
        self.stream().uniform()
    }

    /// One of so many places, all equally likely.
    #[inline]
    pub fn below(&mut self, places: usize) -> usize {
        (self.uniform() * places as f64) as usize
    }

    fn stream(&mut self) -> &mut Stream {
        let Chance {
            seed,
            run,
            luck,
            session,
            sitting,
            stream,
        } = self;
        stream.get_or_insert_with(|| {
            let mut stream = Stream::of_session(*seed, Purpose::Play, *run, *luck, *session);
            if *sitting > 0 {
                stream.generator.set_word_pos(u128::from(*sitting) << 32);
            }
            stream
        })
    }
}

/// (k + 1/2) / 2^52 for the 52 leading bits k; exact.
#[inline]
fn middle_of_cell(word: u64) -> f64 {
    const ONE: u64 = 1.0_f64.to_bits();
    f64::from_bits(ONE | (word >> 12)) - (1.0 - f64::EPSILON / 2.0)
}

#[test]
fn cells_are_open_and_symmetric() {
    assert_eq!(middle_of_cell(0), f64::EPSILON / 2.0);
    assert_eq!(middle_of_cell(u64::MAX), 1.0 - f64::EPSILON / 2.0);
    assert_eq!(middle_of_cell(1 << 63), 0.5 + f64::EPSILON / 2.0);
}

#[test]
fn no_two_sessions_share_a_stream() {
    let mut firsts = std::collections::BTreeSet::new();
    for (luck, session) in [(0, 0), (0, 1), (1, 0), (1, 1), (0, 256), (256, 0)] {
        for purpose in [Purpose::World, Purpose::Events] {
            let mut stream = Stream::of_session(7, purpose, 3, luck, session);
            firsts.insert(stream.uniform().to_bits());
        }
    }
    assert_eq!(firsts.len(), 12);
    let mut world = Stream::new(7, Purpose::World, 3);
    let mut same = Stream::of_session(7, Purpose::World, 3, 0, 0);
    assert_eq!(world.uniform(), same.uniform());
}

#[test]
fn every_sitting_has_numbers_of_its_own() {
    let first = |sitting| Chance::of_sitting(7, 3, 0, 1, sitting).uniform();
    assert_eq!(
        first(0),
        Stream::of_session(7, Purpose::Play, 3, 0, 1).uniform()
    );
    assert_ne!(first(0), first(1));
    let mut places = [0; 3];
    let mut chance = Chance::default();
    (0..3000).for_each(|_| places[chance.below(3)] += 1);
    assert!(places.iter().all(|count| (900..1100).contains(count)));
}

#[test]
fn filling_is_drawing_one_by_one() {
    let mut one = Stream::new(7, Purpose::World, 3);
    let mut many = one.clone();
    let mut uniforms = [0.0; 100];
    many.fill(&mut uniforms);
    assert!(uniforms.iter().all(|u| *u == one.uniform()));
    assert_eq!(one.uniform(), many.uniform());
}
