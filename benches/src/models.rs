//! The benchmark's models by hand, as one would write them for speed: staged like the compiler stages them, and
//! known to the solver at compile time.

use crate::equations::Equations;

/// `models/one_compartment.pk`.
#[derive(Clone, Copy, Debug)]
pub struct OneCompartment;

impl Equations for OneCompartment {
    const STATES: usize = 2;
    const PARAMETERS: usize = 3;
    const STAGED: usize = 1;

    fn stage(p: &[f64], s: &mut [f64]) {
        s[0] = p[1] / p[2];
    }

    fn derivatives(p: &[f64], s: &[f64], y: &[f64], out: &mut [f64]) {
        out[0] = -p[0] * y[0];
        out[1] = p[0] * y[0] - s[0] * y[1];
    }

    fn jacobian(p: &[f64], s: &[f64], _y: &[f64], matrix: &mut [f64]) {
        matrix[0] = -p[0];
        matrix[2] = p[0];
        matrix[3] = -s[0];
    }

    fn outputs(p: &[f64], _s: &[f64], y: &[f64], out: &mut [f64]) {
        out[0] = y[1] / p[2];
    }
}

/// `models/two_compartments.pk`.
#[derive(Clone, Copy, Debug)]
pub struct TwoCompartments;

impl Equations for TwoCompartments {
    const STATES: usize = 3;
    const PARAMETERS: usize = 5;
    const STAGED: usize = 3;

    fn stage(p: &[f64], s: &mut [f64]) {
        s[0] = p[1] / p[2];
        s[1] = p[3] / p[2];
        s[2] = p[3] / p[4];
    }

    fn derivatives(p: &[f64], s: &[f64], y: &[f64], out: &mut [f64]) {
        let exchange = s[1] * y[1] - s[2] * y[2];
        out[0] = -p[0] * y[0];
        out[1] = p[0] * y[0] - s[0] * y[1] - exchange;
        out[2] = exchange;
    }

    fn jacobian(p: &[f64], s: &[f64], _y: &[f64], matrix: &mut [f64]) {
        matrix[0] = -p[0];
        matrix[3] = p[0];
        matrix[4] = -s[0] - s[1];
        matrix[5] = s[2];
        matrix[7] = s[1];
        matrix[8] = -s[2];
    }

    fn outputs(p: &[f64], _s: &[f64], y: &[f64], out: &mut [f64]) {
        out[0] = y[1] / p[2];
    }
}

/// `models/sigmoid.pk`.
#[derive(Clone, Copy, Debug)]
pub struct Sigmoid;

impl Equations for Sigmoid {
    const STATES: usize = 3;
    const OUTPUTS: u32 = 2;
    const PARAMETERS: usize = 8;
    const STAGED: usize = 2;

    fn stage(p: &[f64], s: &mut [f64]) {
        s[0] = p[1] / p[2];
        s[1] = pmc_math::pow(p[4], p[5]);
    }

    fn initial(p: &[f64], state: &mut [f64]) {
        state[2] = p[6] / p[7];
    }

    fn derivatives(p: &[f64], s: &[f64], y: &[f64], out: &mut [f64]) {
        let power = pmc_math::pow((y[1] / p[2]).max(0.0), p[5]);
        out[0] = -p[0] * y[0];
        out[1] = p[0] * y[0] - s[0] * y[1];
        out[2] = p[6] * (1.0 + p[3] * power / (s[1] + power)) - p[7] * y[2];
    }

    fn jacobian(p: &[f64], s: &[f64], y: &[f64], matrix: &mut [f64]) {
        let concentration = (y[1] / p[2]).max(0.0);
        let both = s[1] + pmc_math::pow(concentration, p[5]);
        let slope = p[5] * pmc_math::pow(concentration, p[5] - 1.0) / p[2];
        matrix[0] = -p[0];
        matrix[3] = p[0];
        matrix[4] = -s[0];
        matrix[7] = p[6] * p[3] * s[1] / (both * both) * slope;
        matrix[8] = -p[7];
    }

    fn outputs(p: &[f64], _s: &[f64], y: &[f64], out: &mut [f64]) {
        out[0] = y[1] / p[2];
        out[1] = y[2];
    }
}

/// `models/pkpd.pk`; staged are the reciprocals of the volumes.
#[derive(Clone, Copy, Debug)]
pub struct PkPd;

impl Equations for PkPd {
    const STATES: usize = 6;
    const OUTPUTS: u32 = 2;
    const PARAMETERS: usize = 11;
    const STAGED: usize = 0;

    fn stage(_p: &[f64], _s: &mut [f64]) {}

    fn initial(p: &[f64], state: &mut [f64]) {
        state[4] = p[8] / p[9];
        state[5] = p[8] / p[10];
    }

    fn derivatives(p: &[f64], _s: &[f64], y: &[f64], out: &mut [f64]) {
        let c = y[1] / p[2];
        let exchange = p[3] * (c - y[2] / p[4]);
        let release = p[9] * (1.0 - p[6] * y[3] / (p[7] + y[3])) * y[4];
        out[0] = -p[0] * y[0];
        out[1] = p[0] * y[0] - p[1] * c - exchange;
        out[2] = exchange;
        out[3] = p[5] * (c - y[3]);
        out[4] = p[8] - release;
        out[5] = release - p[10] * y[5];
    }

    fn jacobian(p: &[f64], _s: &[f64], y: &[f64], matrix: &mut [f64]) {
        let saturation = p[7] + y[3];
        let drive = p[9] * (1.0 - p[6] * y[3] / saturation);
        let slope = -p[9] * p[6] * p[7] / (saturation * saturation) * y[4];
        matrix[0] = -p[0];
        matrix[6] = p[0];
        matrix[7] = -(p[1] + p[3]) / p[2];
        matrix[8] = p[3] / p[4];
        matrix[13] = p[3] / p[2];
        matrix[14] = -p[3] / p[4];
        matrix[19] = p[5] / p[2];
        matrix[21] = -p[5];
        matrix[27] = -slope;
        matrix[28] = -drive;
        matrix[33] = slope;
        matrix[34] = drive;
        matrix[35] = -p[10];
    }

    fn outputs(p: &[f64], _s: &[f64], y: &[f64], out: &mut [f64]) {
        out[0] = y[1] / p[2];
        out[1] = y[5];
    }
}

/// `examples/tmdd/tmdd.pk`, of which only the subcutaneous route is used.
#[derive(Clone, Copy, Debug)]
pub struct Tmdd;

impl Equations for Tmdd {
    const STATES: usize = 5;
    const OUTPUTS: u32 = 3;
    const PARAMETERS: usize = 11;
    const STAGED: usize = 0;
    const BIOAVAILABILITY: Option<usize> = Some(5);

    fn stage(_p: &[f64], _s: &mut [f64]) {}

    fn initial(p: &[f64], state: &mut [f64]) {
        state[3] = p[10];
    }

    fn derivatives(p: &[f64], _s: &[f64], y: &[f64], out: &mut [f64]) {
        let c = y[1] / p[1];
        let binding = p[6] * c * y[3] - p[7] * y[4];
        let exchange = p[2] * (c - y[2] / p[3]);
        out[0] = -p[4] * y[0];
        out[1] = p[4] * y[0] - p[0] * c - exchange - binding * p[1];
        out[2] = exchange;
        out[3] = p[9] * (p[10] - y[3]) - binding;
        out[4] = binding - p[8] * y[4];
    }

    fn jacobian(p: &[f64], _s: &[f64], y: &[f64], matrix: &mut [f64]) {
        let by_central = p[6] * y[3] / p[1];
        let by_target = p[6] * y[1] / p[1];
        matrix[0] = -p[4];
        matrix[5] = p[4];
        matrix[6] = -(p[0] + p[2]) / p[1] - by_central * p[1];
        matrix[7] = p[2] / p[3];
        matrix[8] = -by_target * p[1];
        matrix[9] = p[7] * p[1];
        matrix[11] = p[2] / p[1];
        matrix[12] = -p[2] / p[3];
        matrix[16] = -by_central;
        matrix[18] = -p[9] - by_target;
        matrix[19] = p[7];
        matrix[21] = by_central;
        matrix[23] = by_target;
        matrix[24] = -p[7] - p[8];
    }

    fn outputs(p: &[f64], _s: &[f64], y: &[f64], out: &mut [f64]) {
        out[0] = y[1] / p[1];
        out[1] = y[3];
        out[2] = y[4] / (y[3] + y[4]);
    }
}

/// Number of compartments in the chain of [`Transit`].
const CHAIN: usize = 100;

/// `models/transit.pk`.
#[derive(Clone, Copy, Debug)]
pub struct Transit;

impl Equations for Transit {
    const STATES: usize = CHAIN + 2;
    const PARAMETERS: usize = 4;
    const STAGED: usize = 2;

    fn stage(p: &[f64], s: &mut [f64]) {
        s[0] = (CHAIN + 1) as f64 / p[0];
        s[1] = p[1] / p[2];
    }

    fn derivatives(p: &[f64], s: &[f64], y: &[f64], out: &mut [f64]) {
        out[0] = -s[0] * y[0];
        for i in 1..CHAIN {
            out[i] = s[0] * (y[i - 1] - y[i]);
        }
        out[CHAIN] = s[0] * y[CHAIN - 1] - p[3] * y[CHAIN];
        out[CHAIN + 1] = p[3] * y[CHAIN] - s[1] * y[CHAIN + 1];
    }

    fn jacobian(p: &[f64], s: &[f64], _y: &[f64], matrix: &mut [f64]) {
        let n = Self::STATES;
        for i in 0..CHAIN {
            matrix[i * n + i] = -s[0];
            matrix[(i + 1) * n + i] = s[0];
        }
        matrix[CHAIN * n + CHAIN] = -p[3];
        matrix[(CHAIN + 1) * n + CHAIN] = p[3];
        matrix[(CHAIN + 1) * n + CHAIN + 1] = -s[1];
    }

    fn outputs(p: &[f64], _s: &[f64], y: &[f64], out: &mut [f64]) {
        out[0] = y[CHAIN + 1] / p[2];
    }
}
