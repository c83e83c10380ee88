//! The normal distribution: cdf and survival by erfc, quantile by AS241.
//!
//! Wichura (1988), Algorithm AS 241: The percentage points of the normal distribution, Applied Statistics 37, PPND16.

use super::ln;

/// The value a standard normal stays below with probability u; -inf at 0, inf at 1, NaN outside.
#[inline]
pub fn normal_quantile(u: f64) -> f64 {
    let from_centre = u - 0.5;
    if from_centre.abs() <= 0.425 {
        let r = 0.180625 - from_centre * from_centre;
        return from_centre * ratio(&CENTRE, r);
    }
    tail_quantile(u, from_centre)
}

/// Probability that a standard normal is at most x.
pub fn normal_cdf(x: f64) -> f64 {
    0.5 * libm::erfc(-x * std::f64::consts::FRAC_1_SQRT_2)
}

/// Probability that a standard normal is above x.
pub fn normal_sf(x: f64) -> f64 {
    normal_cdf(-x)
}

/// One draw in seven falls here: a rational function of the root of the log probability.
fn tail_quantile(u: f64, from_centre: f64) -> f64 {
    let outside = if from_centre < 0.0 { u } else { 1.0 - u };
    if !(outside > 0.0) {
        return if outside == 0.0 {
            f64::INFINITY.copysign(from_centre)
        } else {
            f64::NAN
        };
    }
    let r = (-ln(outside)).sqrt();
    let size = if r <= 5.0 {
        ratio(&SHOULDER, r - 1.6)
    } else {
        ratio(&TAIL, r - 5.0)
    };
    size.copysign(from_centre)
}

/// A polynomial over a polynomial, constant terms first.
#[inline]
fn ratio(coefficients: &[[f64; 8]; 2], x: f64) -> f64 {
    let [above, below] = coefficients;
    polynomial(above, x) / polynomial(below, x)
}

#[inline]
fn polynomial(c: &[f64; 8], x: f64) -> f64 {
    ((((((c[7] * x + c[6]) * x + c[5]) * x + c[4]) * x + c[3]) * x + c[2]) * x + c[1]) * x + c[0]
}

/// Coefficients for |u - 1/2| <= 0.425.
const CENTRE: [[f64; 8]; 2] = [
    [
        3.3871328727963665,
        133.14166789178438,
        1971.5909503065513,
        13731.69376550946,
        45921.95393154987,
        67265.7709270087,
        33430.57558358813,
        2509.0809287301227,
    ],
    [
        1.0,
        42.31333070160091,
        687.1870074920579,
        5394.196021424751,
        21213.794301586597,
        39307.89580009271,
        28729.085735721943,
        5226.495278852854,
    ],
];

/// Coefficients for further out, to exp(-25).
const SHOULDER: [[f64; 8]; 2] = [
    [
        1.4234371107496835,
        4.630337846156546,
        5.769497221460691,
        3.6478483247632045,
        1.2704582524523684,
        0.2417807251774506,
        0.022723844989269184,
        0.0007745450142783414,
    ],
    [
        1.0,
        2.053191626637759,
        1.6763848301838038,
        0.6897673349851,
        0.14810397642748008,
        0.015198666563616457,
        0.0005475938084995345,
        1.0507500716444169e-09,
    ],
];

/// Coefficients for beyond.
const TAIL: [[f64; 8]; 2] = [
    [
        6.657904643501103,
        5.463784911164114,
        1.7848265399172913,
        0.29656057182850487,
        0.026532189526576124,
        0.0012426609473880784,
        2.7115555687434876e-05,
        2.0103343992922881e-07,
    ],
    [
        1.0,
        0.599832206555888,
        0.1369298809227358,
        0.014875361290850615,
        0.0007868691311456133,
        1.8463183175100548e-05,
        1.421511758316446e-07,
        2.0442631033899397e-15,
    ],
];
