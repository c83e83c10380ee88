//! What each operator and function means, said once for constants, worlds, tables and outcomes.
//!
//! NaN means "does not apply" and spreads, except that `and` and `or` answer as soon as one side
//! decides them (Kleene 1938, strong three-valued logic).

use libm::{exp, floor, log, pow, round};

/// An operator or function of one, two or three numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operation {
    /// `-a`
    Negate,
    /// `not a`
    Not,
    /// e to the power a
    Exp,
    /// natural logarithm
    Log,
    /// square root
    Sqrt,
    /// absolute value
    Abs,
    /// 1 / (1 + exp(-a))
    Logistic,
    /// largest whole number not above a
    Floor,
    /// nearest whole number, halves away from zero
    Round,
    /// `a + b`
    Add,
    /// `a - b`
    Subtract,
    /// `a * b`
    Multiply,
    /// `a / b`
    Divide,
    /// `a ^ b`
    Power,
    /// the smaller
    Min,
    /// the larger
    Max,
    /// `a < b`
    Less,
    /// `a <= b`
    AtMost,
    /// `a == b`
    Equal,
    /// `a != b`
    Unequal,
    /// `a and b`
    And,
    /// `a or b`
    Or,
    /// `if a then b else c`
    If,
}

impl Operation {
    /// Its value; operations of fewer operands ignore the rest.
    pub fn apply(self, a: f64, b: f64, c: f64) -> f64 {
        use Operation::*;
        match self {
            Negate => -a,
            Not => truth(a, |a| a == 0.0),
            Exp => exp(a),
            Log => log(a),
            Sqrt => a.sqrt(),
            Abs => a.abs(),
            Logistic => 1.0 / (1.0 + exp(-a)),
            Floor => floor(a),
            Round => round(a),
            Add => a + b,
            Subtract => a - b,
            Multiply => a * b,
            Divide => a / b,
            Power => power(a, b),
            Min => least(a, b),
            Max => -least(-a, -b),
            Less => compare(a, b, a < b),
            AtMost => compare(a, b, a <= b),
            Equal => compare(a, b, a == b),
            Unequal => compare(a, b, a != b),
            And => and(a, b),
            Or => or(a, b),
            If => choose(a, b, c),
        }
    }

    /// Fill `out` with this operation over two or three columns or scalars.
    pub(super) fn apply_columns(
        self,
        a: Operand<'_>,
        b: Operand<'_>,
        c: Operand<'_>,
        out: &mut [f64],
    ) {
        use Operation::*;
        match self {
            Add => over(a, b, out, |a, b| a + b),
            Subtract => over(a, b, out, |a, b| a - b),
            Multiply => over(a, b, out, |a, b| a * b),
            Divide => over(a, b, out, |a, b| a / b),
            If => match (a, b, c) {
                (Operand::Column(a), Operand::Scalar(b), Operand::Scalar(c)) => {
                    for (out, a) in out.iter_mut().zip(a) {
                        *out = choose(*a, b, c);
                    }
                }
                _ => each(a, b, c, out, choose),
            },
            _ => each(a, b, c, out, |a, b, c| self.apply(a, b, c)),
        }
    }
}

/// One side of an operation over a table.
#[derive(Clone, Copy)]
pub(super) enum Operand<'c> {
    /// The same number everywhere.
    Scalar(f64),
    /// One number per row.
    Column(&'c [f64]),
}

impl Operand<'_> {
    pub(super) fn at(&self, row: usize) -> f64 {
        match self {
            Operand::Scalar(value) => *value,
            Operand::Column(column) => column[row],
        }
    }
}

/// The four hot operations, with the loop inside the choice of operands so that it vectorises.
fn over(a: Operand<'_>, b: Operand<'_>, out: &mut [f64], f: impl Fn(f64, f64) -> f64) {
    match (a, b) {
        (Operand::Scalar(a), Operand::Column(b)) => {
            for (out, b) in out.iter_mut().zip(b) {
                *out = f(a, *b);
            }
        }
        (Operand::Column(a), Operand::Scalar(b)) => {
            for (out, a) in out.iter_mut().zip(a) {
                *out = f(*a, b);
            }
        }
        (Operand::Column(a), Operand::Column(b)) => {
            for ((out, a), b) in out.iter_mut().zip(a).zip(b) {
                *out = f(*a, *b);
            }
        }
        (Operand::Scalar(a), Operand::Scalar(b)) => out.fill(f(a, b)),
    }
}

fn each(
    a: Operand<'_>,
    b: Operand<'_>,
    c: Operand<'_>,
    out: &mut [f64],
    f: impl Fn(f64, f64, f64) -> f64,
) {
    for (row, out) in out.iter_mut().enumerate() {
        *out = f(a.at(row), b.at(row), c.at(row));
    }
}

fn truth(a: f64, f: impl Fn(f64) -> bool) -> f64 {
    if a.is_nan() {
        f64::NAN
    } else {
        f64::from(f(a))
    }
}

fn compare(a: f64, b: f64, holds: bool) -> f64 {
    if a.is_nan() || b.is_nan() {
        f64::NAN
    } else {
        f64::from(holds)
    }
}

fn least(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() {
        f64::NAN
    } else if b < a {
        b
    } else {
        a
    }
}

fn and(a: f64, b: f64) -> f64 {
    if a == 0.0 || b == 0.0 {
        0.0
    } else if a.is_nan() || b.is_nan() {
        f64::NAN
    } else {
        1.0
    }
}

fn or(a: f64, b: f64) -> f64 {
    let yes = |x: f64| x != 0.0 && !x.is_nan();
    if yes(a) || yes(b) {
        1.0
    } else if a.is_nan() || b.is_nan() {
        f64::NAN
    } else {
        0.0
    }
}

fn choose(condition: f64, then: f64, otherwise: f64) -> f64 {
    if condition.is_nan() {
        f64::NAN
    } else if condition != 0.0 {
        then
    } else {
        otherwise
    }
}

/// Small whole powers by multiplication, square roots exactly; the rest by the portable `pow`.
fn power(a: f64, b: f64) -> f64 {
    match b {
        2.0 => a * a,
        1.0 => a,
        0.5 if a >= 0.0 => a.sqrt(),
        _ => pow(a, b),
    }
}

#[test]
fn three_valued_logic() {
    let nan = f64::NAN;
    assert_eq!(Operation::And.apply(0.0, nan, 0.0), 0.0);
    assert!(Operation::And.apply(1.0, nan, 0.0).is_nan());
    assert_eq!(Operation::Or.apply(nan, 1.0, 0.0), 1.0);
    assert!(Operation::Less.apply(nan, 1.0, 0.0).is_nan());
    assert!(Operation::Max.apply(nan, 1.0, 0.0).is_nan());
    assert_eq!(Operation::Max.apply(2.0, 1.0, 0.0), 2.0);
    assert!(Operation::Not.apply(nan, 0.0, 0.0).is_nan());
}

#[test]
fn columns_agree_with_scalars() {
    let a = [1.0, 0.0, 3.0];
    for operation in [
        Operation::Add,
        Operation::If,
        Operation::Power,
        Operation::Less,
    ] {
        let mut out = [0.0; 3];
        let (b, c) = (Operand::Scalar(2.0), Operand::Scalar(-1.0));
        operation.apply_columns(Operand::Column(&a), b, c, &mut out);
        for (a, out) in a.iter().zip(out) {
            assert_eq!(operation.apply(*a, 2.0, -1.0), out);
        }
    }
}
