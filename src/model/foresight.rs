//! Signatories who look ahead: a text is worth what it gives now and what later sessions make of it.
//!
//! `V_t(y) = (1 - delta) u(y) + delta V_t+1(x_t+1(y))`, with `x_t+1(y)` what the next session settles on
//! if `y` stands, and `V = u` after the last one: backward induction over texts, in a calendar without
//! chance. Baron (1996), "A dynamic theory of collective goods programs", APSR 90.

use super::process::Process;
use super::slots::SESSION;
use super::world::{World, unplayable};
use crate::bargaining::{
    Desk, Ending, FactorSketch, Grid, IssueSketch, Negotiation, Outcome, Party, Shape, Sketch,
    Stakes,
};
use std::collections::HashMap;

/// Texts a session may offer, and texts looked at from one session on.
const MOST_TEXTS: usize = 20_000;
const MOST_LOOKS: usize = 200_000;

/// What was found out about texts: by session, levels and signatures.
pub(super) type Foreseen = HashMap<Vec<u32>, Vec<f64>>;

impl Process {
    /// Why signatories cannot look ahead here, if they cannot.
    pub fn clouds_foresight(&self) -> Option<&'static str> {
        let clouded = [
            (!self.events.is_empty(), "events"),
            (!self.erosion.is_empty(), "erosion"),
            (!self.homes.is_empty(), "ratification"),
            (!self.anew.is_empty(), "quantities that are drawn anew"),
            (
                self.scope == crate::scenario::Scope::OneByOne,
                "the scope `one_by_one`",
            ),
        ];
        clouded
            .iter()
            .find(|(is_there, _)| *is_there)
            .map(|(_, what)| *what)
    }
}

/// A game of points: one issue, whose levels are texts.
struct Points<'p> {
    /// Per text, seat after seat.
    worth: &'p [f64],
    seats: usize,
}

impl Stakes for Points<'_> {
    fn factor(&mut self, which: usize, _: &Grid, out: &mut [f64]) {
        for (text, out) in out.iter_mut().enumerate() {
            *out = self.worth[text * self.seats + which];
        }
    }

    fn rule(&mut self, _: usize, _: &Grid, _: &mut [bool]) {}
}

impl World<'_> {
    /// Bargain over these files with an eye on the sessions to come; the agreed text is left as usual.
    pub(super) fn bargain_ahead(&mut self, files: u64) -> Outcome {
        let mut known = std::mem::take(&mut self.foreseen);
        known.clear();
        let session = self.session();
        let settled = self.settle_ahead(files, &mut known);
        self.foreseen = known;
        self.state[SESSION] = f64::from(session);
        match settled {
            Err(reason) => unplayable(reason),
            Ok((outcome, _)) => outcome,
        }
    }

    /// What the session at hand settles on if what stands now stands: how it ends, and what the text
    /// is worth to each seat, later sessions included. The text itself is left in the course.
    fn settle_ahead(
        &mut self,
        files: u64,
        known: &mut Foreseen,
    ) -> Result<(Outcome, Vec<f64>), &'static str> {
        let model = self.model;
        let seats = model.seats.len();
        let now = self.worth_ahead(known)?;
        let nothing = Outcome {
            ending: Ending::NoZone,
            round: 0,
        };
        self.course.text.terms.clear();
        if !self.open(files) {
            return Ok((nothing, now));
        }
        let issues = self.open_issues(files);
        let texts = self.texts(&issues)?;
        let before = (self.standing.clone(), self.state.clone());
        let (mut offered, mut worth) = (Vec::new(), Vec::new());
        for text in texts {
            self.put(&issues, &text);
            if self.meets_rules(&issues) {
                worth.extend(self.worth_ahead(known)?);
                offered.push(text);
            }
            (self.standing, self.state) = before.clone();
        }
        self.convene();
        for (seat, (actor, _)) in model.utilities.iter().take(seats).enumerate() {
            self.state[model.process.slots.worth + actor] = now[seat];
        }
        self.take_seats();
        if offered.is_empty() {
            return Ok((nothing, now));
        }
        let values = (0..offered.len()).map(|text| text as f64).collect();
        let scope = |seat| FactorSketch {
            seat,
            scope: vec![0],
        };
        let shape = Shape::new(Sketch {
            issues: vec![IssueSketch::Levels(values)],
            seats,
            factors: (0..seats).map(scope).collect(),
            ..Sketch::default()
        })
        .map_err(|_| "there are too many texts to look ahead")?;
        let mut stakes = Points {
            worth: &worth,
            seats,
        };
        let mut desk = Desk::new(&shape);
        let parties = Party {
            reservation: &self.seats.reservation,
            discount: &self.seats.discount,
            risk: &self.seats.risk,
        };
        let settings = &self.seats.settings;
        let mut negotiation = Negotiation::new(&shape, &mut stakes, parties, settings);
        let outcome = model.settle(&mut negotiation, &mut desk);
        if outcome.ending != Ending::Agreement {
            return Ok((outcome, now));
        }
        let chosen = desk.deal()[0] as usize;
        let text = &mut self.course.text;
        text.terms.clear();
        for (issue, level) in issues.iter().zip(&offered[chosen]) {
            let value = model.pieces.issues[*issue].values[*level];
            text.terms.push((*issue, value, *level));
        }
        text.utilities = desk.utilities().to_vec();
        Ok((outcome, worth[chosen * seats..][..seats].to_vec()))
    }

    /// What it is worth to each seat that what stands now stands after the session at hand.
    fn worth_ahead(&mut self, known: &mut Foreseen) -> Result<Vec<f64>, &'static str> {
        let model = self.model;
        let key = self.text_key();
        if let Some(worth) = known.get(&key) {
            return Ok(worth.clone());
        }
        if known.len() >= MOST_LOOKS {
            return Err("there are too many texts to look ahead");
        }
        let session = self.session();
        self.convene();
        self.run(&model.inside);
        let seats = model.utilities.iter().take(model.seats.len());
        let mut worth: Vec<f64> = seats
            .map(|(_, node)| self.registers[node.index()])
            .collect();
        if session < model.process.sessions {
            let discount = self.seats.discount.clone();
            let before = (self.standing.clone(), self.state.clone());
            self.state[SESSION] = f64::from(session + 1);
            self.count_signed();
            let up = self.surely_up()?;
            let later = match up {
                0 => self.worth_ahead(known)?,
                files => self.settle_ahead(files, known)?.1,
            };
            (self.standing, self.state) = before;
            for ((worth, later), delta) in worth.iter_mut().zip(later).zip(discount) {
                *worth = (1.0 - delta) * *worth + delta * later;
            }
            self.convene();
        }
        known.insert(key, worth.clone());
        Ok(worth)
    }

    /// The files that are up in the session at hand, whose ripeness must be certain.
    fn surely_up(&mut self) -> Result<u64, &'static str> {
        let process = &self.model.process;
        let mut up = 0;
        for (nth, file) in process.files.iter().enumerate() {
            let is_signed = self.state[process.slots.signed + nth] != 0.0;
            if is_signed && !self.is_so(&file.reopen) && !self.is_so(&file.ratchet) {
                continue;
            }
            let chance = self.now(&file.ripe);
            match chance {
                _ if process.scope == crate::scenario::Scope::Package => up |= 1 << nth,
                1.0 => up |= 1 << nth,
                0.0 => {}
                _ => return Err("who looks ahead must know which files will be ripe"),
            }
        }
        if self.now(&process.breakdown) != 0.0 {
            return Err("who looks ahead must know that talks go on");
        }
        Ok(up)
    }

    /// The issues of these files, in order.
    fn open_issues(&self, files: u64) -> Vec<usize> {
        let file_of = &self.model.pieces.file_of;
        let issues = 0..file_of.len();
        issues
            .filter(|issue| files >> file_of[*issue] & 1 == 1)
            .collect()
    }

    /// Every combination of open levels of these issues, the last issue fastest.
    fn texts(&self, issues: &[usize]) -> Result<Vec<Vec<usize>>, &'static str> {
        let mut texts: Vec<Vec<usize>> = vec![Vec::new()];
        for issue in issues {
            let levels = self.domains.levels(*issue);
            if texts.len() * levels.len() > MOST_TEXTS {
                return Err("there are too many texts to look ahead");
            }
            let longer = |text: &Vec<usize>| -> Vec<Vec<usize>> {
                let with = |level: &u32| [text.as_slice(), &[*level as usize]].concat();
                levels.iter().map(with).collect()
            };
            texts = texts.iter().flat_map(longer).collect();
        }
        Ok(texts)
    }

    /// Let a text stand.
    fn put(&mut self, issues: &[usize], text: &[usize]) {
        let model = self.model;
        let terms = issues.iter().zip(text);
        self.course.text.terms = terms
            .map(|(issue, level)| (*issue, model.pieces.issues[*issue].values[*level], *level))
            .collect();
        self.adopt();
    }

    /// Whether what stands meets every rule about these issues.
    fn meets_rules(&mut self, issues: &[usize]) -> bool {
        let model = self.model;
        let about = issues.iter().fold(0_u64, |bits, issue| bits | 1 << issue);
        let mut rules = model.rules.iter();
        rules.all(|rule| {
            !rule.applies(0)
                || model.graph.needs(rule.node).issues & about == 0
                || self.is_so(&rule.holds)
        })
    }

    /// A text, how many files it signs anew (formulas may ask), and the session after which it stands.
    fn text_key(&self) -> Vec<u32> {
        let levels = self.standing.levels.iter();
        let levels = levels.map(|l| l.map_or(0, |level| level as u32 + 1));
        levels.chain([self.session()]).collect()
    }
}
