//! A stiff model over a population: every subject must be solved, not only the typical one.

use pmc_abi::descriptor::solver;

use crate::equations::{Equations, Exact};
use crate::problems::settings;

/// Target-mediated disposition with full binding, as in `examples/tmdd`, with association five times as fast.
#[derive(Clone, Copy)]
struct Binding {
    cl: f64,
    vc: f64,
    q: f64,
    vp: f64,
    ka: f64,
    kon: f64,
    koff: f64,
    kint: f64,
    kdeg: f64,
    r0: f64,
}

impl Equations for Binding {
    fn states(&self) -> usize {
        5
    }

    fn derivatives(&self, y: &[f64], out: &mut [f64]) {
        let c = y[1] / self.vc;
        let binding = self.kon * c * y[3] - self.koff * y[4];
        let exchange = self.q * (c - y[2] / self.vp);
        out[0] = -self.ka * y[0];
        out[1] = self.ka * y[0] - self.cl * c - exchange - binding * self.vc;
        out[2] = exchange;
        out[3] = self.kdeg * (self.r0 - y[3]) - binding;
        out[4] = binding - self.kint * y[4];
    }

    fn jacobian(&self, y: &[f64], matrix: &mut [f64]) {
        let by_central = self.kon * y[3] / self.vc;
        let by_target = self.kon * y[1] / self.vc;
        let (out, back) = (self.q / self.vc, self.q / self.vp);
        let rows = [
            [-self.ka, 0.0, 0.0, 0.0, 0.0],
            [
                self.ka,
                -self.cl / self.vc - out - by_central * self.vc,
                back,
                -by_target * self.vc,
                self.koff * self.vc,
            ],
            [0.0, out, -back, 0.0, 0.0],
            [0.0, -by_central, 0.0, -self.kdeg - by_target, self.koff],
            [0.0, by_central, 0.0, by_target, -self.koff - self.kint],
        ];
        matrix.copy_from_slice(rows.as_flattened());
    }
}

/// Numbers that look random and are the same everywhere: D. H. Lehmer's generator with the multiplier of S. K. Park and
/// K. W. Miller (1988).
struct Generator(u64);

impl Generator {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0 * 48271 % 2147483647;
        self.0 as f64 / 2147483647.0
    }

    /// Returns a number of about normal distribution: the sum of twelve uniform ones.
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }

    /// Returns a typical value with 30 % variability, log-normal.
    fn vary(&mut self, typical: f64) -> f64 {
        typical * pmc_math::exp(0.3 * self.normal())
    }
}

fn subject(random: &mut Generator) -> Binding {
    let mut vary = |typical| random.vary(typical);
    Binding {
        cl: vary(0.25),
        vc: vary(3.0),
        q: vary(0.6),
        vp: vary(2.5),
        ka: vary(0.3),
        kon: vary(100.0),
        koff: vary(2.0),
        kint: vary(0.3),
        kdeg: vary(0.5),
        r0: vary(4.0),
    }
}

#[test]
fn no_subject_of_a_thousand_fails() {
    let mut random = Generator(20_011);
    for number in 0..1000 {
        let model = Exact(subject(&mut random));
        let start = vec![0.0, 0.0, 0.0, model.0.r0, 0.0];
        let amount = random.vary(30.0);
        let solve = |relative: f64| {
            let settings = settings(relative, 1e-2 * relative, solver::AUTOMATIC);
            model.dosed(start.clone(), (7, amount, 1.0), settings)
        };
        let (state, counts) = solve(1e-6).unwrap_or_else(|failure| panic!("subject {number}: {failure:?}"));
        assert!(state.iter().all(|amount| *amount > -1e-6), "subject {number}: {state:?}");
        assert!(counts.accepted + counts.rejected < 1500, "subject {number}: {counts:?}");
        if number % 50 == 0 {
            let (truth, _) = solve(1e-10).unwrap_or_else(|failure| panic!("subject {number}: {failure:?}"));
            for (found, truth) in state.iter().zip(&truth) {
                let error = (found - truth).abs() / (1e-2 + truth.abs());
                assert!(error < 1e-5, "subject {number}: {state:?}, not {truth:?}");
            }
        }
    }
}
