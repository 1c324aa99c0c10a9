//! Problems with known solutions, as models.

use pmc_abi::descriptor::{Descriptor, Dynamics, SolverSettings, solver};
use pmc_abi::frame::FrameLayout;
use pmc_kernel::solver::{Integrator, Statistics, workspace_length};
use pmc_kernel::{Failure, Model, System};

/// A right-hand side: time, state, derivatives.
type RightHandSide = fn(f64, &[f64], &mut [f64]);

/// A system of differential equations; its Jacobian is taken by differences.
pub(crate) struct Problem {
    pub(crate) right_hand_side: RightHandSide,
    pub(crate) start: f64,
    pub(crate) initial: &'static [f64],
    pub(crate) end: f64,
    pub(crate) solution: &'static [f64],
}

/// Settings without limits.
pub(crate) const fn settings(relative: f64, absolute: f64, solver: u32) -> SolverSettings {
    SolverSettings {
        relative_tolerance: relative,
        absolute_tolerance: absolute,
        maximum_step: f64::INFINITY,
        maximum_steps: 1e6,
        solver,
        particles: 0,
        seed: 0,
    }
}

impl Problem {
    /// Integrates to the end; returns the state there and the counts.
    pub(crate) fn solve(&self, settings: SolverSettings) -> Result<(Vec<f64>, Statistics), Failure> {
        let mut workspace = vec![f64::NAN; workspace_length(self.initial.len())];
        let mut integrator = Integrator::new(&mut workspace, settings);
        let mut system = System::new(self, &mut []);
        integrator.restart(&mut system, self.start, self.initial);
        integrator.advance(&mut system, self.end, self.end)?;
        let mut state = vec![0.0; self.initial.len()];
        integrator.state_at(self.end, &mut state);
        Ok((state, integrator.statistics()))
    }

    /// Returns the largest error of a state relative to `scale` plus its true size.
    pub(crate) fn error(&self, state: &[f64], scale: f64) -> f64 {
        let errors =
            state.iter().zip(self.solution).map(|(y, truth)| (y - truth).abs() / (scale + truth.abs()));
        errors.fold(0.0, f64::max)
    }
}

impl Model for Problem {
    fn descriptor(&self) -> Descriptor<'_> {
        Descriptor {
            layout: FrameLayout {
                parameters: 0,
                random_effects: 0,
                covariates: 0,
                routes: 0,
                variables: 0,
                staged: 0,
            },
            states: self.initial.len() as u32,
            outputs: 0,
            routes: &[],
            covariates: &[],
            dynamics: Dynamics::PLAIN,
            settings: settings(1e-6, 1e-9, solver::AUTOMATIC),
        }
    }

    fn stage_parameters(&self, _frame: &mut [f64]) {}

    fn stage_covariates(&self, _frame: &mut [f64]) {}

    fn stage_event(&self, _frame: &mut [f64]) {}

    fn stage_interpolated(&self, _t: f64, _frame: &mut [f64]) {}

    fn initial(&self, _t: f64, _frame: &[f64], state: &mut [f64]) {
        state.copy_from_slice(self.initial);
    }

    fn derivatives(&self, t: f64, _frame: &[f64], state: &[f64], out: &mut [f64]) {
        (self.right_hand_side)(t, state, out);
    }

    fn jacobian(
        &self,
        t: f64,
        _frame: &[f64],
        state: &[f64],
        matrix: &mut [f64],
        time_derivative: &mut [f64],
    ) {
        let n = state.len();
        let mut moved = state.to_vec();
        let (mut above, mut below) = (vec![0.0; n], vec![0.0; n]);
        for column in 0..n {
            let difference = 1e-6 * (state[column].abs() + 1e-6);
            moved[column] = state[column] + difference;
            (self.right_hand_side)(t, &moved, &mut above);
            moved[column] = state[column] - difference;
            (self.right_hand_side)(t, &moved, &mut below);
            moved[column] = state[column];
            for row in 0..n {
                matrix[row * n + column] = (above[row] - below[row]) / (2.0 * difference);
            }
        }
        let difference = 1e-6 * (1.0 + t.abs());
        (self.right_hand_side)(t + difference, state, &mut above);
        (self.right_hand_side)(t - difference, state, &mut below);
        for row in 0..n {
            time_derivative[row] = (above[row] - below[row]) / (2.0 * difference);
        }
    }

    fn outputs(&self, _t: f64, _frame: &[f64], _state: &[f64], _out: &mut [f64]) {}

    fn route_property(&self, _t: f64, _frame: &[f64], _route: u32, _property: u32) -> f64 {
        0.0
    }
}

/// Three reactions with rates from 0.04 to 3e7 (H. H. Robertson).
pub(crate) const ROBERTSON: Problem = Problem {
    right_hand_side: robertson,
    start: 0.0,
    initial: &[1.0, 0.0, 0.0],
    end: 100000000000.0,
    solution: &[2.083340149701255e-08, 8.333360770334713e-14, 0.999999979166505],
};

fn robertson(_t: f64, y: &[f64], out: &mut [f64]) {
    let (slow, back, fast) = (0.04 * y[0], 1e4 * y[1] * y[2], 3e7 * y[1] * y[1]);
    out.copy_from_slice(&[back - slow, slow - back - fast, fast]);
}

/// High irradiance response of a plant pigment: eight reactions (E. Schäfer).
pub(crate) const HIRES: Problem = Problem {
    right_hand_side: hires,
    start: 0.0,
    initial: &[1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0057],
    end: 321.8122,
    solution: &[
        0.00073713125733256,
        0.00014424857263161,
        5.8887297409675e-05,
        0.0011756513432831,
        0.0023863561988313,
        0.0062389682527427,
        0.0028499983951857,
        0.0028500016048142,
    ],
};

fn hires(_t: f64, y: &[f64], out: &mut [f64]) {
    let bound = 280.0 * y[5] * y[7];
    out[0] = -1.71 * y[0] + 0.43 * y[1] + 8.32 * y[2] + 0.0007;
    out[1] = 1.71 * y[0] - 8.75 * y[1];
    out[2] = -10.03 * y[2] + 0.43 * y[3] + 0.035 * y[4];
    out[3] = 8.32 * y[1] + 1.71 * y[2] - 1.12 * y[3];
    out[4] = -1.745 * y[4] + 0.43 * y[5] + 0.43 * y[6];
    out[5] = -bound + 0.69 * y[3] + 1.71 * y[4] - 0.43 * y[5] + 0.69 * y[6];
    out[6] = bound - 1.81 * y[6];
    out[7] = -bound + 1.81 * y[6];
}

/// An oscillator that relaxes a million times faster than it moves (B. van der Pol).
pub(crate) const VAN_DER_POL: Problem = Problem {
    right_hand_side: van_der_pol,
    start: 0.0,
    initial: &[2.0, 0.0],
    end: 2.0,
    solution: &[1.706167732170483, -0.8928097010247975],
};

fn van_der_pol(_t: f64, y: &[f64], out: &mut [f64]) {
    out[0] = y[1];
    out[1] = ((1.0 - y[0] * y[0]) * y[1] - y[0]) / 1e-6;
}

/// A closed orbit of a satellite about earth and moon (R. F. Arenstorf).
pub(crate) const ARENSTORF: Problem = Problem {
    right_hand_side: arenstorf,
    start: 0.0,
    initial: &[0.994, 0.0, 0.0, -2.0015851063790824],
    end: 17.065216560157964,
    solution: &[0.994, 0.0, 0.0, -2.0015851063790824],
};

fn arenstorf(_t: f64, y: &[f64], out: &mut [f64]) {
    const MOON: f64 = 0.012277471;
    const EARTH: f64 = 1.0 - MOON;
    let (to_earth, to_moon) = (y[0] + MOON, y[0] - EARTH);
    let earth = EARTH / cube((to_earth * to_earth + y[1] * y[1]).sqrt());
    let moon = MOON / cube((to_moon * to_moon + y[1] * y[1]).sqrt());
    out[0] = y[2];
    out[1] = y[3];
    out[2] = y[0] + 2.0 * y[3] - earth * to_earth - moon * to_moon;
    out[3] = y[1] - 2.0 * y[2] - earth * y[1] - moon * y[1];
}

fn cube(x: f64) -> f64 {
    x * x * x
}

/// Seven stars in a plane, star `i` with mass `i + 1` (Bari and CWI).
pub(crate) const PLEIADES: Problem = Problem {
    right_hand_side: pleiades,
    start: 0.0,
    initial: &[
        3.0, 3.0, -1.0, -3.0, 2.0, -2.0, 2.0, 3.0, -3.0, 2.0, 0.0, 0.0, -4.0, 4.0, 0.0, 0.0, 0.0, 0.0, 0.0,
        1.75, -1.5, 0.0, 0.0, 0.0, -1.25, 1.0, 0.0, 0.0,
    ],
    end: 3.0,
    solution: &[
        0.3706139143970502,
        3.237284092057233,
        -3.222559032418324,
        0.659709145577531,
        0.3425581707156584,
        1.562172101400631,
        -0.7003092922212495,
        -3.943437585517392,
        -3.27138097397255,
        5.225081843456543,
        -2.59061243497747,
        1.198213693392275,
        -0.2429682344935824,
        1.09144924042898,
        3.417003806314313,
        1.354584501625501,
        -2.590065597810775,
        2.025053734714242,
        -1.155815100160448,
        -0.8072988170223021,
        0.595239635420871,
        -3.74124496123401,
        0.377345968575063,
        0.9386858869551074,
        0.3667922227200571,
        -0.347404635380849,
        2.344915448180937,
        -1.947020434263292,
    ],
};

fn pleiades(_t: f64, y: &[f64], out: &mut [f64]) {
    let (places, speeds) = y.split_at(14);
    let (change_of_place, change_of_speed) = out.split_at_mut(14);
    change_of_place.copy_from_slice(speeds);
    change_of_speed.fill(0.0);
    for i in 0..7 {
        for j in (0..7).filter(|&j| j != i) {
            let (x, y) = (places[j] - places[i], places[j + 7] - places[i + 7]);
            let pull = (j + 1) as f64 / cube((x * x + y * y).sqrt());
            change_of_speed[i] += pull * x;
            change_of_speed[i + 7] += pull * y;
        }
    }
}
