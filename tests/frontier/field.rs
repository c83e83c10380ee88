//! Continuous issues: scenarios whose factors are functions.

use demarche::bargaining::{
    Desk, Ending, FactorSketch, Grid, IssueSketch, Negotiation, PROTOCOLS, Party, Shape, Sketch,
    Stakes,
};

/// Continuous issues: factors are functions of the issues they read.
pub type Function = Box<dyn Fn(&[f64]) -> f64>;
pub type Condition = Box<dyn Fn(&[f64]) -> bool>;

pub struct Field {
    pub issues: Vec<IssueSketch>,
    pub factors: Vec<(usize, Vec<usize>, Function)>,
    pub rules: Vec<(Vec<usize>, Condition)>,
}

pub fn each(scope: &[usize], grid: &Grid, mut visit: impl FnMut(usize, &[f64])) {
    let count: usize = scope
        .iter()
        .map(|&issue| grid.values(issue).len())
        .product();
    let mut values = vec![0.0; scope.len()];
    for place in 0..count {
        let mut rest = place;
        for (value, &issue) in values.iter_mut().zip(scope).rev() {
            let all = grid.values(issue);
            *value = all[rest % all.len()];
            rest /= all.len();
        }
        visit(place, &values);
    }
}

impl Stakes for Field {
    fn factor(&mut self, which: usize, grid: &Grid, out: &mut [f64]) {
        let (_, scope, function) = &self.factors[which];
        each(scope, grid, |place, values| out[place] = function(values));
    }

    fn rule(&mut self, which: usize, grid: &Grid, out: &mut [bool]) {
        let (scope, condition) = &self.rules[which];
        each(scope, grid, |place, values| out[place] = condition(values));
    }
}

impl Field {
    pub fn range(from: f64, to: f64) -> Field {
        Field {
            issues: vec![IssueSketch::Range { from, to }],
            factors: vec![],
            rules: vec![],
        }
    }

    pub fn ranges(count: usize) -> Field {
        let issues = vec![IssueSketch::Range { from: 0.0, to: 1.0 }; count];
        Field {
            issues,
            factors: vec![],
            rules: vec![],
        }
    }

    pub fn with(
        mut self,
        seat: usize,
        scope: &[usize],
        function: impl Fn(&[f64]) -> f64 + 'static,
    ) -> Field {
        self.factors
            .push((seat, scope.to_vec(), Box::new(function)));
        self
    }

    pub fn only(mut self, scope: &[usize], condition: impl Fn(&[f64]) -> bool + 'static) -> Field {
        self.rules.push((scope.to_vec(), Box::new(condition)));
        self
    }

    pub fn shape(&self, seats: usize) -> Shape {
        let factors = self.factors.iter().map(|factor| FactorSketch {
            seat: factor.0,
            scope: factor.1.clone(),
        });
        let rules = self.rules.iter().map(|rule| rule.0.clone());
        let issues = self.issues.clone();
        Shape::new(Sketch {
            ties: vec![],
            issues,
            seats,
            factors: factors.collect(),
            rules: rules.collect(),
        })
        .unwrap()
    }

    pub fn play(
        &mut self,
        protocol: &str,
        settings: &[f64],
        reservation: &[f64],
        discount: &[f64],
    ) -> Option<(Vec<f64>, Vec<f64>)> {
        let seats = reservation.len();
        let shape = self.shape(seats);
        self.play_at(
            &shape,
            &mut Desk::new(&shape),
            protocol,
            settings,
            reservation,
            discount,
        )
    }

    pub fn play_at(
        &mut self,
        shape: &Shape,
        desk: &mut Desk,
        protocol: &str,
        settings: &[f64],
        reservation: &[f64],
        discount: &[f64],
    ) -> Option<(Vec<f64>, Vec<f64>)> {
        let risk = vec![1.0; reservation.len()];
        let parties = Party {
            reservation,
            discount,
            risk: &risk,
        };
        let kind = PROTOCOLS
            .iter()
            .find(|kind| kind.kind.name == protocol)
            .unwrap();
        let outcome =
            (kind.build)().negotiate(&mut Negotiation::new(shape, self, parties, settings), desk);
        match outcome.ending {
            Ending::Agreement => {
                assert_eq!(outcome.round, 0);
                Some((desk.deal().to_vec(), desk.utilities().to_vec()))
            }
            ending => {
                assert_eq!(ending, Ending::NoZone);
                None
            }
        }
    }
}

pub fn close(found: &[f64], truth: &[f64], tolerance: f64, what: &str) {
    let near = found
        .iter()
        .zip(truth)
        .all(|(found, truth)| (found - truth).abs() <= tolerance);
    assert!(
        near && found.len() == truth.len(),
        "{what}: {found:?}, not {truth:?}"
    );
}

pub fn share(second: impl Fn(f64) -> f64 + 'static) -> Field {
    Field::range(0.0, 1.0)
        .with(0, &[0], |x| x[0])
        .with(1, &[0], move |x| second(x[0]))
}

/// A pie in ranges: all but the last share stand on the table, the rest is the last one's.
pub fn pie(parts: usize, exponents: &[f64]) -> Field {
    let all: Vec<usize> = (0..parts - 1).collect();
    let mut field = Field::ranges(parts - 1).only(&all, |x| x.iter().sum::<f64>() <= 1.0);
    for (seat, &exponent) in exponents.iter().enumerate().take(parts - 1) {
        field = field.with(seat, &[seat], move |x| x[0].powf(exponent));
    }
    let exponent = exponents[parts - 1];
    field.with(parts - 1, &all, move |x| {
        (1.0 - x.iter().sum::<f64>()).max(0.0).powf(exponent)
    })
}
