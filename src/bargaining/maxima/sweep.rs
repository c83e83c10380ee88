//! Three seats: points come by falling first utility, and a staircase remembers the other two.

use crate::bargaining::elimination::Point;

/// The staircase of second and third utilities: second falling, third rising.
#[derive(Debug, Default)]
pub(super) struct Sweep {
    stairs: Vec<[f64; 2]>,
}

impl Sweep {
    /// Drops dominated points from a list that falls lexicographically and has no equal points.
    pub fn thin<const N: usize>(&mut self, points: &mut Vec<Point<N>>) {
        let stairs = &mut self.stairs;
        stairs.clear();
        points.retain(|point| {
            let [second, third] = [point.units[1], point.units[2]];
            let place = stairs.partition_point(|stair| stair[0] >= second);
            if place > 0 && stairs[place - 1][1] >= third {
                return false;
            }
            let mut from = place;
            while from > 0 && stairs[from - 1][0] == second {
                from -= 1;
            }
            let beaten = stairs[place..].partition_point(|stair| stair[1] <= third);
            if from < place + beaten {
                stairs[from] = [second, third];
                stairs.drain(from + 1..place + beaten);
            } else {
                stairs.insert(from, [second, third]);
            }
            true
        });
    }
}
