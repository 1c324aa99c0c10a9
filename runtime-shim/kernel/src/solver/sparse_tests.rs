//! Tests of elimination along a plan.

use std::vec;
use std::vec::Vec;

use super::linear;
use super::sparse::{analyse, clear, factorise, plan_length, solve};

/// A matrix by its entries; room for a vector stands behind it.
struct Sparse {
    n: usize,
    entries: Vec<(usize, usize, f64)>,
}

impl Sparse {
    fn values(&self) -> Vec<f64> {
        let mut values = vec![0.0; self.n * (self.n + 1)];
        self.entries.iter().for_each(|&(row, column, value)| values[row * self.n + column] = value);
        values
    }

    fn plan(&self) -> Option<Vec<f64>> {
        let mut marks = vec![0.0; self.n * self.n];
        clear(&mut marks);
        self.entries.iter().for_each(|&(row, column, _)| marks[row * self.n + column] = 0.0);
        let mut plan = vec![f64::NAN; plan_length(self.n)];
        analyse(&mut marks, &mut vec![f64::NAN; self.n], &mut plan).then_some(plan)
    }

    /// Returns the solutions along a plan and by dense elimination.
    fn solutions(&self) -> (Option<Vec<f64>>, Vec<f64>) {
        let right: Vec<f64> = (0..self.n).map(|i| f64::from((i * i % 17) as u32) - 5.0).collect();
        let plan = self.plan().expect("a plan");
        let (mut values, mut work) = (self.values(), vec![f64::NAN; self.n]);
        let planned = factorise(&mut values, &mut work, &plan).then(|| {
            let mut vector = right.clone();
            solve(&mut values, &mut vector, &plan);
            vector
        });
        let (mut dense, mut vector) = (self.values(), right);
        let dense = &mut dense[..self.n * self.n];
        assert!(linear::factorise(dense, &mut work));
        linear::solve(dense, &work, &mut vector);
        (planned, vector)
    }
}

/// A chain with a return from its end to its start, every state eliminated besides.
fn cycle(n: usize) -> Sparse {
    let diagonal = (0..n).map(|i| (i, i, 3.0 + f64::from(i as u32 % 5)));
    let flows = (0..n).map(|i| ((i + 1) % n, i, -2.0 - f64::from(i as u32 % 3)));
    Sparse { n, entries: diagonal.chain(flows).collect() }
}

/// Blood that exchanges with every organ, and organs that do not exchange with each other.
fn star(n: usize) -> Sparse {
    let organ = |i: usize| {
        let rate = 1.0 + f64::from(i as u32);
        [(i, i, rate + 1.0), (0, i, -rate), (i, 0, -0.5)]
    };
    Sparse { n, entries: (1..n).flat_map(organ).chain([(0, 0, 0.5 * n as f64)]).collect() }
}

#[test]
fn planned_and_dense_elimination_agree() {
    for system in [cycle(12), cycle(40), star(12), star(100)] {
        let (planned, dense) = system.solutions();
        let planned = planned.expect("the matrix is safe");
        let error = planned.iter().zip(&dense).map(|(a, b)| (a - b).abs() / (1.0 + b.abs()));
        assert!(error.fold(0.0, f64::max) < 1e-12, "{} states", system.n);
    }
}

#[test]
fn the_hub_of_a_star_is_eliminated_last() {
    let system = star(100);
    let plan = system.plan().expect("a plan");
    // A pivot first, then twice as much for each organ: its entry below, and one update of the hub.
    assert_eq!(plan[0].to_bits(), 3 * 99 + 1);
}

/// A matrix without a zero.
fn full(n: usize) -> Sparse {
    Sparse { n, entries: (0..n * n).map(|at| (at / n, at % n, 1.0)).collect() }
}

#[test]
fn full_matrices_have_no_plan() {
    for n in [2, 11, 12, 30] {
        assert!(full(n).plan().is_none(), "{n} states");
    }
}

#[test]
fn pivots_that_cancel_or_blow_up_are_refused() {
    let mut cancelling = cycle(20);
    cancelling.entries.extend([(0, 1, -4.0 + 1e-6), (0, 0, 2.0), (1, 0, -2.0), (1, 1, 4.0 - 1e-6)]);
    let mut rotating = cycle(20);
    rotating.entries.extend([(4, 4, 1e-9), (5, 5, 1e-9), (4, 5, 1.0), (5, 4, -1.0)]);
    let mut singular = cycle(20);
    singular.entries.push((7, 7, 0.0));
    for system in [cancelling, rotating, singular] {
        let plan = system.plan().expect("a plan");
        assert!(!factorise(&mut system.values(), &mut [0.0; 20], &plan));
    }
}

#[test]
fn values_that_are_not_finite_are_refused() {
    for bad in [f64::NAN, f64::INFINITY] {
        for place in [(3, 3), (4, 3)] {
            let mut system = cycle(20);
            system.entries.push((place.0, place.1, bad));
            let plan = system.plan().expect("a plan");
            assert!(!factorise(&mut system.values(), &mut [0.0; 20], &plan), "{bad} at {place:?}");
        }
    }
}
