//! The named structures against their equations written out, solved by steps.

use core::fmt::Write as _;

use pmc_host::ScheduleRecord;
use pmc_tests::line::{configuration, plugin, simulate};
use pmc_tests::records::{bolus, infusion, observed, repeated};

/// A structure: its name, its inputs with values, its states, and its equations.
struct Structure {
    name: &'static str,
    inputs: &'static [(&'static str, f64)],
    equations: &'static [&'static str],
}

const STRUCTURES: [Structure; 12] = [
    Structure { name: "one_compartment", inputs: &[("ke", 0.17)], equations: &["-ke * a"] },
    Structure {
        name: "one_compartment_cl",
        inputs: &[("cl", 4.1), ("v", 31.0)],
        equations: &["-cl / v * a"],
    },
    Structure {
        name: "one_compartment_with_absorption",
        inputs: &[("ka", 0.9), ("ke", 0.17)],
        equations: &["-ka * a", "ka * a - ke * b"],
    },
    Structure {
        name: "one_compartment_cl_with_absorption",
        inputs: &[("ka", 0.9), ("cl", 4.1), ("v", 31.0)],
        equations: &["-ka * a", "ka * a - cl / v * b"],
    },
    Structure {
        name: "two_compartments",
        inputs: &[("ke", 0.2), ("kcp", 0.5), ("kpc", 0.3)],
        equations: &["-(ke + kcp) * a + kpc * b", "kcp * a - kpc * b"],
    },
    Structure {
        name: "two_compartments_cl",
        inputs: &[("cl", 4.1), ("q", 9.0), ("vc", 21.0), ("vp", 55.0)],
        equations: &["-(cl + q) / vc * a + q / vp * b", "q / vc * a - q / vp * b"],
    },
    Structure {
        name: "two_compartments_with_absorption",
        inputs: &[("ke", 0.2), ("ka", 1.1), ("kcp", 0.5), ("kpc", 0.3)],
        equations: &["-ka * a", "ka * a - (ke + kcp) * b + kpc * c", "kcp * b - kpc * c"],
    },
    Structure {
        name: "two_compartments_cl_with_absorption",
        inputs: &[("ka", 1.1), ("cl", 4.1), ("q", 9.0), ("vc", 21.0), ("vp", 55.0)],
        equations: &["-ka * a", "ka * a - (cl + q) / vc * b + q / vp * c", "q / vc * b - q / vp * c"],
    },
    Structure {
        name: "three_compartments",
        inputs: &[("k10", 0.2), ("k12", 0.5), ("k13", 0.07), ("k21", 0.4), ("k31", 0.02)],
        equations: &["-(k10 + k12 + k13) * a + k21 * b + k31 * c", "k12 * a - k21 * b", "k13 * a - k31 * c"],
    },
    Structure {
        name: "three_compartments_cl",
        inputs: &[("cl", 4.1), ("q2", 9.0), ("q3", 1.2), ("vc", 21.0), ("v2", 30.0), ("v3", 80.0)],
        equations: &[
            "-(cl + q2 + q3) / vc * a + q2 / v2 * b + q3 / v3 * c",
            "q2 / vc * a - q2 / v2 * b",
            "q3 / vc * a - q3 / v3 * c",
        ],
    },
    Structure {
        name: "three_compartments_with_absorption",
        inputs: &[("ka", 1.1), ("k10", 0.2), ("k12", 0.5), ("k13", 0.07), ("k21", 0.4), ("k31", 0.02)],
        equations: &[
            "-ka * a",
            "ka * a - (k10 + k12 + k13) * b + k21 * c + k31 * d",
            "k12 * b - k21 * c",
            "k13 * b - k31 * d",
        ],
    },
    Structure {
        name: "three_compartments_cl_with_absorption",
        inputs: &[
            ("ka", 1.1),
            ("cl", 4.1),
            ("q2", 9.0),
            ("q3", 1.2),
            ("vc", 21.0),
            ("v2", 30.0),
            ("v3", 80.0),
        ],
        equations: &[
            "-ka * a",
            "ka * a - (cl + q2 + q3) / vc * b + q2 / v2 * c + q3 / v3 * d",
            "q2 / vc * b - q2 / v2 * c",
            "q3 / vc * b - q3 / v3 * d",
        ],
    },
];

impl Structure {
    /// Writes what both models have: parameters, states, a route into each, initial values and outputs.
    fn head(&self) -> String {
        let inputs: Vec<String> =
            self.inputs.iter().map(|(name, value)| format!("{name} = {value}")).collect();
        let states = &["a", "b", "c", "d"][..self.equations.len()];
        let mut text = format!("param {}\nstates = {}\n", inputs.join(", "), states.join(", "));
        for (index, state) in states.iter().enumerate() {
            let _ = write!(
                text,
                "dose(r{index}) -> {state}\ninit({state}) = {}\nout(y{index}) = {state}\n",
                7 * index + 3
            );
        }
        text
    }

    fn named(&self) -> String {
        format!("name = named\nkind = analytical\n{}structure = {}\n", self.head(), self.name)
    }

    fn written(&self) -> String {
        let mut text = format!("name = written\noption solver = explicit\n{}", self.head());
        for (state, equation) in ["a", "b", "c", "d"].iter().zip(self.equations) {
            let _ = writeln!(text, "ddt({state}) = {equation}");
        }
        text
    }
}

/// Boluses and infusions into every state, some overlapping.
fn doses(states: usize) -> Vec<ScheduleRecord> {
    let mut records = Vec::new();
    for route in 0..states as u32 {
        let time = 2.5 * f64::from(route);
        records.push(repeated(bolus(time, route, 100.0 + 10.0 * f64::from(route)), 2, 11.0));
        records.push(repeated(infusion(time + 1.0, route, 60.0, 7.5), 1, 6.0));
    }
    records.sort_by(|a, b| a.time.total_cmp(&b.time));
    records
}

fn largest_difference(structure: &Structure, parameters: &[(&str, f64)]) -> f64 {
    let schedule = observed(&doses(structure.equations.len()), (0..60).map(|k| 0.81 * f64::from(k)));
    let named = simulate(&plugin(&structure.named()), &configuration(parameters, 1e-6, 1e-9), &schedule);
    let written =
        simulate(&plugin(&structure.written()), &configuration(parameters, 1e-12, 1e-12), &schedule);
    let pairs = named.iter().flatten().zip(written.iter().flatten());
    pairs.map(|(a, b)| (a - b).abs() / (b.abs() + 1e-3)).fold(0.0, f64::max)
}

#[test]
fn every_structure_is_its_equations() {
    for structure in &STRUCTURES {
        let error = largest_difference(structure, &[]);
        assert!(error <= 2e-10, "{}: {error:e}", structure.name);
    }
}

#[test]
fn absorption_may_be_as_fast_as_elimination() {
    for structure in STRUCTURES.iter().filter(|structure| structure.name.ends_with("absorption")) {
        for distance in [0.0, 1e-13, 1e-7] {
            let value =
                |name: &str| structure.inputs.iter().find(|(n, _)| *n == name).map(|(_, value)| *value);
            let elimination =
                value("ke").or(value("k10")).or_else(|| Some(value("cl")? / value("v").or(value("vc"))?));
            let ka = elimination.expect("every structure eliminates") * (1.0 + distance);
            let error = largest_difference(structure, &[("ka", ka)]);
            assert!(error <= 2e-10, "{} at a distance of {distance:e}: {error:e}", structure.name);
        }
    }
}
