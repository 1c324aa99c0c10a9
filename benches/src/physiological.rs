//! The physiological model by hand.

use crate::equations::Equations;

/// Tissues beside lung and liver.
const TISSUES: usize = 25;
/// The first of them drain into the liver.
const PORTAL: usize = 5;

/// Volumes of arteries and veins.
const ARTERIES: f64 = 1.8;
const VEINS: f64 = 3.6;

/// Places of states.
const DEPOT: usize = 0;
const ARTERIAL: usize = 1;
const VENOUS: usize = 2;
const LUNG: usize = 3;
const LIVER: usize = 4;
const TISSUE: usize = 5;

/// Places of staged values: after the flows into the tissues and the rates out of them.
const LEAVING: usize = TISSUES;
const HEPATIC: usize = 2 * TISSUES;
const FROM_LUNG: usize = HEPATIC + 1;
const FROM_VEINS: usize = HEPATIC + 2;
const ARTERY_TO_LIVER: usize = HEPATIC + 3;
const LIVER_SPACE: usize = HEPATIC + 4;

/// `models/physiological.pk`.
#[derive(Clone, Copy, Debug)]
pub struct Physiological;

impl Equations for Physiological {
    const STATES: usize = TISSUE + TISSUES;
    const PARAMETERS: usize = 5;
    const STAGED: usize = LIVER_SPACE + 1;

    fn stage(p: &[f64], s: &mut [f64]) {
        let (output, kp) = (p[3], p[4]);
        let arterial = 2.0 / 57.0 * output;
        let mut gathered = arterial;
        for i in 0..TISSUES {
            let number = |divisor: usize| (i % divisor) as f64;
            s[i] = (1.0 + 0.1 * i as f64) / 57.0 * output;
            s[LEAVING + i] = s[i] / ((0.4 + 0.3 * number(7)) * kp * (0.5 + 0.25 * number(5)));
            gathered += if i < PORTAL { s[i] } else { 0.0 };
        }
        s[HEPATIC] = gathered / (1.7 * kp);
        s[FROM_LUNG] = output / (1.1 * kp);
        s[FROM_VEINS] = output / VEINS;
        s[ARTERY_TO_LIVER] = arterial;
        s[LIVER_SPACE] = 1.7 * kp;
    }

    fn derivatives(p: &[f64], s: &[f64], y: &[f64], out: &mut [f64]) {
        let blood = y[ARTERIAL] / ARTERIES;
        let unbound = y[LIVER] / s[LIVER_SPACE];
        let passing = s[HEPATIC] * y[LIVER];
        let returning = s[FROM_VEINS] * y[VENOUS];
        let oxygenated = s[FROM_LUNG] * y[LUNG];
        let (flow, leaving) = (&s[..TISSUES], &s[LEAVING..][..TISSUES]);
        let (tissue, change) = (&y[TISSUE..][..TISSUES], &mut out[TISSUE..][..TISSUES]);
        let mut to_liver = s[ARTERY_TO_LIVER] * blood;
        let mut to_veins = passing;
        for i in 0..TISSUES {
            let flux = leaving[i] * tissue[i];
            *if i < PORTAL { &mut to_liver } else { &mut to_veins } += flux;
            change[i] = flow[i] * blood - flux;
        }
        out[DEPOT] = -p[0] * y[DEPOT];
        out[ARTERIAL] = oxygenated - p[3] * blood;
        out[VENOUS] = to_veins - returning;
        out[LUNG] = returning - oxygenated;
        out[LIVER] = p[0] * y[DEPOT] + to_liver - passing - p[1] * unbound / (p[2] + unbound);
    }

    fn jacobian(p: &[f64], s: &[f64], y: &[f64], matrix: &mut [f64]) {
        let at = |row: usize, column: usize| row * Self::STATES + column;
        let saturation = p[2] + y[LIVER] / s[LIVER_SPACE];
        matrix[at(DEPOT, DEPOT)] = -p[0];
        matrix[at(ARTERIAL, ARTERIAL)] = -p[3] / ARTERIES;
        matrix[at(ARTERIAL, LUNG)] = s[FROM_LUNG];
        matrix[at(VENOUS, VENOUS)] = -s[FROM_VEINS];
        matrix[at(VENOUS, LIVER)] = s[HEPATIC];
        matrix[at(LUNG, VENOUS)] = s[FROM_VEINS];
        matrix[at(LUNG, LUNG)] = -s[FROM_LUNG];
        matrix[at(LIVER, DEPOT)] = p[0];
        matrix[at(LIVER, ARTERIAL)] = s[ARTERY_TO_LIVER] / ARTERIES;
        matrix[at(LIVER, LIVER)] = -s[HEPATIC] - p[1] * p[2] / (saturation * saturation) / s[LIVER_SPACE];
        for i in 0..TISSUES {
            let to = if i < PORTAL { LIVER } else { VENOUS };
            matrix[at(to, TISSUE + i)] = s[LEAVING + i];
            matrix[at(TISSUE + i, ARTERIAL)] = s[i] / ARTERIES;
            matrix[at(TISSUE + i, TISSUE + i)] = -s[LEAVING + i];
        }
    }

    fn outputs(_p: &[f64], _s: &[f64], y: &[f64], out: &mut [f64]) {
        out[0] = y[VENOUS] / VEINS;
    }
}
