//! From the sections about the process to what a model plays: every formula a node, every name an index.

use super::compiler::{Compiler, Room};
use super::happenings;
use super::process::{File, Home, Moving, Process, Timed};
use crate::expression::{Node, NodeId};
use crate::scenario::{Diagnostic, Formula, Located, Redraw, Scenario, Scope};

impl<'s> Compiler<'s> {
    /// The process around the bargain.
    pub fn process(&mut self) -> Process {
        let scenario = self.scenario;
        let calendar = scenario.calendar.as_ref();
        let sessions = self.sessions();
        let mut report: Vec<u32> = calendar
            .map_or(&[][..], |calendar| &calendar.report)
            .iter()
            .map(|session| session.value as u32)
            .filter(|session| *session < sessions)
            .collect();
        report.push(sessions);
        let breakdown = calendar.and_then(|calendar| calendar.breakdown.as_ref());
        let foresight = calendar.and_then(|calendar| calendar.foresight.as_ref());
        let mut homes: Vec<Home> = Vec::new();
        for home in &scenario.ratification {
            let chance = self.timed(home.chance.as_ref(), 1.0, Room::Text);
            homes.push(Home {
                file: home
                    .module
                    .as_ref()
                    .and_then(|module| self.file(&module.value)),
                chance,
                failure: home.on_failure,
            });
        }
        let is_foreseen = scenario
            .ratification
            .iter()
            .any(|home| home.foreseen.is_some());
        let moving = self.moving_quantities();
        Process {
            has_calendar: calendar.is_some(),
            has_files: !scenario.modules.is_empty(),
            is_played_out: calendar.is_some() || is_foreseen,
            sessions,
            report,
            scope: self.scope(),
            foresight: self.switch(foresight),
            slots: self.slots,
            breakdown: self.timed(breakdown, 0.0, Room::Session),
            files: self.files(),
            events: self.events(&moving),
            moving,
            erosion: self.erosion(),
            homes,
            signals: self.signals(),
            observations: happenings::observations(scenario),
            anew: Vec::new(),
        }
    }

    /// Those who look ahead need a calendar without chance, and texts that can be told apart.
    pub fn check_foresight(&mut self, process: &Process) {
        let Some(calendar) = self
            .scenario
            .calendar
            .as_ref()
            .filter(|_| process.foresight)
        else {
            return;
        };
        let mut issues = self.scenario.issues.iter();
        let is_range = |issue: &&crate::scenario::Issue| {
            matches!(issue.kind, crate::scenario::IssueKind::Range { .. })
        };
        let chance = |timed: &Timed| match self.graph.known_value(timed.node) {
            Some(chance) => chance != 0.0 && chance != 1.0,
            None => false,
        };
        let uncertain = process.files.iter().any(|file| chance(&file.ripe));
        let breaks = self
            .graph
            .known_value(process.breakdown.node)
            .is_some_and(|c| c != 0.0);
        let clouds = match (process.clouds_foresight(), issues.find(is_range)) {
            (Some(what), _) => format!("it has {what}"),
            (None, _) if uncertain => "a file is ripe by chance".to_string(),
            (None, _) if breaks => "talks can break down".to_string(),
            (None, Some(range)) => format!("`{}` is continuous", range.name.value),
            (None, None) => return,
        };
        let span = calendar
            .foresight
            .as_ref()
            .map_or(calendar.span.clone(), |f| f.span.clone());
        let found = Diagnostic::error(span, "nobody can look ahead in this calendar")
            .label(clouds)
            .help("foresight needs issues with levels and sessions without chance");
        self.report_at(super::Origin::File, found);
    }

    /// A formula that is asked in the course of a run, or the number that stands for one not written.
    pub(super) fn timed(
        &mut self,
        formula: Option<&'s Formula>,
        default: f64,
        room: Room,
    ) -> Timed {
        Timed::new(match formula {
            Some(formula) => self.number(formula, room),
            None => self.graph.constant(default),
        })
    }

    /// The same for a number that means something only within bounds.
    fn bounded(
        &mut self,
        formula: Option<&'s Formula>,
        default: f64,
        (low, high): (f64, f64),
        what: &str,
    ) -> Timed {
        let timed = self.timed(formula, default, Room::Session);
        let known = self.graph.known_value(timed.node);
        if let (Some(formula), Some(value)) = (formula, known)
            && !(low <= value && value <= high)
        {
            let message = format!("{what} is out of bounds");
            let expected = match high.is_finite() {
                true => format!("a number from {low} to {high}"),
                false => format!("a number from {low} on"),
            };
            self.refuse(
                formula,
                &message,
                &format!("expected {expected}; found {value}"),
            );
        }
        timed
    }

    /// The place of a file.
    pub fn file(&self, name: &str) -> Option<usize> {
        let mut modules = self.scenario.modules.iter();
        modules.position(|module| module.name.value == name)
    }

    /// How many sessions: a whole number known beforehand.
    fn sessions(&mut self) -> u32 {
        let Some(calendar) = &self.scenario.calendar else {
            return 1;
        };
        let node = self.number(&calendar.sessions, Room::World);
        match self.graph.known_value(node) {
            Some(sessions) if (1.0..=1000.0).contains(&sessions) && sessions.fract() == 0.0 => {
                sessions as u32
            }
            value => {
                let found = match value {
                    Some(value) => format!("found {value}"),
                    None => "found a number that is not known beforehand".to_string(),
                };
                let label = format!("expected a whole number from 1 to 1000; {found}");
                self.refuse(
                    &calendar.sessions,
                    "this is not a number of sessions",
                    &label,
                );
                1
            }
        }
    }

    /// Report a formula, or the patch that stands in its place.
    pub(super) fn refuse(&mut self, formula: &Formula, message: &str, label: &str) {
        let patch = self
            .patches
            .get(&formula.address)
            .and_then(|list| list.last().copied());
        let (formula, origin) = match patch {
            Some(patch) => (&patch.formula, patch.origin),
            None => (formula, super::Origin::File),
        };
        let found = Diagnostic::error(formula.span.clone(), message).label(label);
        self.report_at(origin, found);
    }

    /// A condition that shapes the model, so that it must be known beforehand.
    pub fn switch(&mut self, formula: Option<&'s Formula>) -> bool {
        let Some(formula) = formula else {
            return false;
        };
        let node = self.number(formula, Room::World);
        match self.graph.known_value(node) {
            Some(value) => value != 0.0,
            None => {
                self.refuse(
                    formula,
                    "this must be known beforehand",
                    "expected true or false",
                );
                false
            }
        }
    }

    fn scope(&mut self) -> Scope {
        let Some(calendar) = &self.scenario.calendar else {
            return Scope::Package;
        };
        const ADDRESS: &str = "calendar.scope";
        self.addresses.insert(ADDRESS.to_string());
        let Some(patch) = self
            .patches
            .get(ADDRESS)
            .and_then(|list| list.last().copied())
        else {
            return calendar.scope.value;
        };
        let text = patch.formula.text.trim();
        match Scope::ALL.into_iter().find(|scope| scope.word() == text) {
            Some(scope) => scope,
            None => {
                let words: Vec<&str> = Scope::ALL.iter().map(|scope| scope.word()).collect();
                let message = format!("`{text}` is not a scope");
                let found = Diagnostic::error(patch.formula.span.clone(), message)
                    .label(format!("expected one of {}", words.join(", ")))
                    .did_you_mean(text, words);
                self.report_at(patch.origin, found);
                calendar.scope.value
            }
        }
    }

    fn files(&mut self) -> Vec<File> {
        let scenario = self.scenario;
        if scenario.modules.is_empty() {
            return vec![File {
                issues: (0..scenario.issues.len()).collect(),
                ripe: self.timed(None, 1.0, Room::Session),
                reopen: self.timed(None, 0.0, Room::Session),
                ratchet: self.timed(None, 0.0, Room::Session),
                step: self.timed(None, f64::INFINITY, Room::Session),
            }];
        }
        let file_of = file_of(scenario);
        let mut files = Vec::new();
        for (nth, module) in scenario.modules.iter().enumerate() {
            let issues = 0..scenario.issues.len();
            files.push(File {
                issues: issues.filter(|issue| file_of[*issue] == nth).collect(),
                ripe: self.timed(module.ripe.as_ref(), 1.0, Room::Session),
                reopen: self.timed(module.reopen.as_ref(), 0.0, Room::Session),
                ratchet: self.timed(module.ratchet.as_ref(), 0.0, Room::Session),
                step: self.bounded(
                    module.step.as_ref(),
                    f64::INFINITY,
                    (1.0, f64::INFINITY),
                    "a step",
                ),
            });
        }
        files
    }

    /// The quantities that move, each after those that its start needs.
    fn moving_quantities(&mut self) -> Vec<Moving> {
        let scenario = self.scenario;
        let mut waiting = Vec::new();
        for (quantity, definition) in scenario.quantities.iter().enumerate() {
            if !self.moving[quantity] {
                continue;
            }
            let start = Timed::new(self.number(&definition.value, Room::World));
            waiting.push(Moving {
                quantity,
                start,
                reverts: self.bounded(
                    definition.reverts.as_ref(),
                    0.0,
                    (0.0, 1.0),
                    "a share of reversion",
                ),
                anew: redraws(definition.redraw.as_ref()),
            });
        }
        let mut ready: Vec<Moving> = Vec::new();
        while !waiting.is_empty() {
            let needs = |moving: &Moving, other: &Moving| {
                let slot = (self.slots.quantities + other.quantity) as u32;
                let is_it = |id: NodeId| *self.graph.node(id) == Node::State(slot);
                is_it(moving.start.node) || self.graph.reaches(moving.start.node, &is_it)
            };
            let next = waiting
                .iter()
                .position(|moving| !waiting.iter().any(|other| needs(moving, other)));
            let Some(next) = next else {
                let name = &scenario.quantities[waiting[0].quantity].name;
                let message = format!("the start of `{}` depends on itself", name.value);
                let found = Diagnostic::error(name.span.clone(), message)
                    .label("through quantities that move");
                self.report_at(super::Origin::File, found);
                return ready;
            };
            ready.push(waiting.remove(next));
        }
        ready
    }
}

/// Whether a quantity is drawn anew in every session.
pub(super) fn redraws(redraw: Option<&Located<Redraw>>) -> bool {
    redraw.is_some_and(|redraw| redraw.value == Redraw::Session)
}

/// For each issue, its file.
pub(super) fn file_of(scenario: &Scenario) -> Vec<usize> {
    let place = |name: &str| {
        let mut modules = scenario.modules.iter();
        modules.position(|module| module.name.value == name)
    };
    let file = |issue: &crate::scenario::Issue| {
        let module = issue.module.as_ref();
        module.and_then(|module| place(&module.value)).unwrap_or(0)
    };
    scenario.issues.iter().map(file).collect()
}
