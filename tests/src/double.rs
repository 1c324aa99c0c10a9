//! Arithmetic of twice the precision, and the exponential of a matrix in it: the judge of exact solutions.
//!
//! Source: T. J. Dekker, Numer. Math. 18 (1971) 224. Scaling and squaring loses digits as the norm of the matrix
//! grows, about one bit a squaring; here more than forty digits of two remain where ten are asked for.

/// A number as the sum of two, the second one small.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Double(f64, f64);

impl Double {
    /// One.
    pub const ONE: Self = Self(1.0, 0.0);

    /// Returns the nearest `f64`.
    pub fn round(self) -> f64 {
        self.0 + self.1
    }

    /// Returns whether it is zero.
    pub fn is_zero(self) -> bool {
        self.0 == 0.0
    }

    fn scaled(self, power_of_two: f64) -> Self {
        Self(self.0 * power_of_two, self.1 * power_of_two)
    }
}

impl From<f64> for Double {
    fn from(value: f64) -> Self {
        Self(value, 0.0)
    }
}

impl core::ops::Add for Double {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        let (sum, error) = sum(self.0, other.0);
        quick_sum(sum, error + self.1 + other.1)
    }
}

impl core::ops::Mul for Double {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        let (product, error) = product(self.0, other.0);
        quick_sum(product, error + (self.0 * other.1 + self.1 * other.0))
    }
}

/// Returns a sum and its rounding error.
fn sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let part = sum - a;
    (sum, (a - (sum - part)) + (b - part))
}

fn quick_sum(large: f64, small: f64) -> Double {
    let sum = large + small;
    Double(sum, small - (sum - large))
}

/// Returns a product and its rounding error.
fn product(a: f64, b: f64) -> (f64, f64) {
    let split = |x: f64| {
        let large = 134_217_729.0 * x;
        let high = large - (large - x);
        (high, x - high)
    };
    let ((a1, a2), (b1, b2)) = (split(a), split(b));
    let product = a * b;
    (product, ((a1 * b1 - product) + a1 * b2 + a2 * b1) + a2 * b2)
}

/// A square matrix, row by row.
pub type Matrix = Vec<Vec<Double>>;

/// Returns the exponential of a matrix times a factor.
pub fn exponential(matrix: &[Vec<f64>], factor: f64) -> Matrix {
    let n = matrix.len();
    let factor = Double::from(factor);
    let mut scaled: Matrix =
        matrix.iter().map(|row| row.iter().map(|entry| Double::from(*entry) * factor).collect()).collect();
    let norm = scaled.iter().map(|row| row.iter().map(|x| x.round().abs()).sum()).fold(0.0, f64::max);
    let mut scale = 1.0;
    let mut squarings = 0;
    while norm * scale > 0.125 {
        scale *= 0.5;
        squarings += 1;
    }
    scaled.iter_mut().flatten().for_each(|entry| *entry = entry.scaled(scale));
    let mut result = identity(n);
    // 0.125¹⁸ / 18! is below 1e-31.
    for term in (1..=18).rev() {
        result = multiply(&scaled, &result);
        let divisor = f64::from(term);
        for (i, row) in result.iter_mut().enumerate() {
            for entry in row.iter_mut() {
                *entry = divide(*entry, divisor);
            }
            row[i] = row[i] + Double::ONE;
        }
    }
    for _ in 0..squarings {
        result = multiply(&result, &result);
    }
    result
}

/// Returns a matrix times a vector.
pub fn apply(matrix: &Matrix, vector: &[Double]) -> Vec<Double> {
    let row = |row: &Vec<Double>| row.iter().zip(vector).fold(Double::default(), |sum, (a, x)| sum + *a * *x);
    matrix.iter().map(row).collect()
}

fn identity(n: usize) -> Matrix {
    (0..n).map(|i| (0..n).map(|j| if i == j { Double::ONE } else { Double::default() }).collect()).collect()
}

fn multiply(a: &Matrix, b: &Matrix) -> Matrix {
    a.iter()
        .map(|row| {
            let mut out = vec![Double::default(); b.len()];
            for (factor, other) in row.iter().zip(b).filter(|(factor, _)| !factor.is_zero()) {
                out.iter_mut().zip(other).for_each(|(out, entry)| *out = *out + *factor * *entry);
            }
            out
        })
        .collect()
}

fn divide(a: Double, b: f64) -> Double {
    let first = a.0 / b;
    let (product, error) = product(first, b);
    quick_sum(first, ((a.0 - product) - error + a.1) / b)
}
