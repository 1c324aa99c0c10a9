//! Systems of many states of which each meets few others: the stiff method must solve them along a plan and without.

use pmc_abi::descriptor::solver;

use crate::equations::{Equations, Exact};
use crate::problems::settings;

/// A chain of compartments, the last of which is eliminated.
struct Chain {
    length: usize,
    rate: f64,
}

impl Equations for Chain {
    fn states(&self) -> usize {
        self.length
    }

    fn derivatives(&self, y: &[f64], out: &mut [f64]) {
        out[0] = -self.rate * y[0];
        for i in 1..self.length {
            out[i] = self.rate * (y[i - 1] - y[i]);
        }
    }

    fn jacobian(&self, _y: &[f64], matrix: &mut [f64]) {
        for i in 0..self.length {
            matrix[i * self.length + i] = -self.rate;
            if i > 0 {
                matrix[i * self.length + i - 1] = self.rate;
            }
        }
    }
}

#[test]
fn a_long_chain_delivers_by_either_method_what_its_closed_form_says() {
    // Amounts after time t are those of a Poisson process: dose (rate t)^i / i! exp(-rate t).
    let chain = Exact(Chain { length: 60, rate: 5.0 });
    let mut truth = vec![100.0 * pmc_math::exp(-5.0 * 8.0)];
    (1..60).for_each(|i| truth.push(truth[i - 1] * 5.0 * 8.0 / f64::from(i as u32)));
    for solver in [solver::EXPLICIT, solver::STIFF] {
        let (state, counts) =
            chain.dosed(vec![0.0; 60], (1, 100.0, 8.0), settings(1e-8, 1e-8, solver)).unwrap();
        let error = state.iter().zip(&truth).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        assert!(error < 1e-6, "solver {solver}: error {error:e}");
        assert!(counts.accepted < 2000, "{counts:?}");
    }
}

/// Pairs of states that turn about each other far faster than they decay, coupled to a common slow one: the diagonal
/// is no place for pivots.
struct Rotors;

const PAIRS: usize = 10;
const SPEED: f64 = 1e6;

impl Equations for Rotors {
    fn states(&self) -> usize {
        2 * PAIRS + 1
    }

    fn derivatives(&self, y: &[f64], out: &mut [f64]) {
        out[2 * PAIRS] = -0.5 * y[2 * PAIRS];
        for pair in (0..2 * PAIRS).step_by(2) {
            out[pair] = SPEED * y[pair + 1];
            out[pair + 1] = SPEED * (y[2 * PAIRS] - y[pair]) - 10.0 * SPEED * y[pair + 1];
        }
    }

    fn jacobian(&self, _y: &[f64], matrix: &mut [f64]) {
        let n = self.states();
        matrix[n * n - 1] = -0.5;
        for pair in (0..2 * PAIRS).step_by(2) {
            matrix[pair * n + pair + 1] = SPEED;
            matrix[(pair + 1) * n + pair] = -SPEED;
            matrix[(pair + 1) * n + pair + 1] = -10.0 * SPEED;
            matrix[(pair + 1) * n + n - 1] = SPEED;
        }
    }
}

#[test]
fn what_cannot_be_eliminated_along_a_plan_is_eliminated_densely() {
    let mut start = vec![1.0; 2 * PAIRS + 1];
    (1..2 * PAIRS).step_by(2).for_each(|i| start[i] = 0.0);
    let rotors = Exact(Rotors);
    let (state, _) = rotors.dosed(start, (1, 0.0, 4.0), settings(1e-7, 1e-10, solver::AUTOMATIC)).unwrap();
    let truth = pmc_math::exp(-2.0);
    for pair in (0..2 * PAIRS).step_by(2) {
        assert!((state[pair] - truth).abs() < 1e-5, "{state:?}");
    }
}
