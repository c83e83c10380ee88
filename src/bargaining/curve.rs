//! What two seats can have where issues are continuous: deals on the hull, and arcs between them.
//!
//! The deal furthest out from a chord makes a triangle with it. Under a smooth curve each of its two
//! new sides has an arc of a sixth of the triangle above it, four thirds of the triangle in all:
//! Archimedes' quadrature, exact for a parabola.

use super::near::Spot;

/// Deals on the hull, and the arcs from the first seat's best to the second's.
#[derive(Debug, Default)]
pub(super) struct Curve {
    spots: Vec<Spot>,
    /// Bent gains of each deal in use.
    gains: Vec<[f64; 2]>,
    pub arcs: Vec<Arc>,
}

/// The part of the curve between two deals.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arc {
    pub ends: [usize; 2],
    /// Estimated area between chord and curve; zero if there is none.
    pub extra: f64,
}

/// Triangles lower than this share of the rectangle around their chord are none.
const FLAT: f64 = 1e-9;

impl Curve {
    pub fn clear(&mut self) {
        self.gains.clear();
        self.arcs.clear();
    }

    /// Writes down a deal on the curve.
    pub fn add(&mut self, spot: &Spot, gains: [f64; 2]) -> usize {
        let place = self.gains.len();
        if place == self.spots.len() {
            self.spots.push(Spot::default());
        }
        self.spots[place].clone_from(spot);
        self.gains.push(gains);
        place
    }

    pub fn spot(&self, place: usize) -> &Spot {
        &self.spots[place]
    }

    pub fn gains(&self, place: usize) -> [f64; 2] {
        self.gains[place]
    }

    /// The direction straight away from an arc's chord.
    pub fn outward(&self, arc: usize) -> [f64; 2] {
        let [one, two] = self.arcs[arc].ends.map(|end| self.gains[end]);
        [two[1] - one[1], one[0] - two[0]]
    }

    /// Divides an arc at its deal furthest out, or finds that it is straight.
    pub fn divide(&mut self, arc: usize, spot: &Spot, gains: [f64; 2]) {
        let ends = self.arcs[arc].ends;
        let outward = self.outward(arc);
        let [one, two] = ends.map(|end| self.gains[end]);
        let height = outward[0] * (gains[0] - one[0]) + outward[1] * (gains[1] - one[1]);
        let inside = gains[0] < one[0] && gains[0] > two[0];
        if !(inside && height > FLAT * outward[0] * outward[1]) {
            self.arcs[arc].extra = 0.0;
            return;
        }
        let between = self.add(spot, gains);
        let extra = height / 12.0;
        self.arcs[arc] = Arc {
            ends: [ends[0], between],
            extra,
        };
        let ends = [between, ends[1]];
        self.arcs.insert(arc + 1, Arc { ends, extra });
    }

    /// The arc that the ray halving the area under the curve meets, and how far along.
    pub fn halve(&self) -> (usize, f64) {
        let area = |arc: &Arc| {
            let [one, two] = arc.ends.map(|end| self.gains[end]);
            (one[0] * two[1] - one[1] * two[0]) / 2.0 + arc.extra
        };
        let corner = |place: usize| (self.gains[place][0] * self.gains[place][1]).max(0.0) / 2.0;
        let (first, last) = (corner(0), corner(1));
        let whole: f64 = self.arcs.iter().map(area).sum();
        let mut rest = (first + whole + last) / 2.0 - first;
        for (place, arc) in self.arcs.iter().enumerate() {
            let area = area(arc);
            if rest <= area {
                return (place, (rest / area).clamp(0.0, 1.0));
            }
            rest -= area;
        }
        (self.arcs.len() - 1, 1.0)
    }
}
