//! What structures, noise and starts at equilibrium mean.

use pmc_ir::{Handle, Interpolation, Kind};

use super::{codes, meaning, module, write};

/// The equations of each structure, with its inputs and states.
const EQUATIONS: [(&str, &str, &str, &str); 12] = [
    ("one_compartment", "ke", "c", "ddt(c) = -(ke * c)"),
    ("one_compartment_cl", "cl, v", "c", "ddt(c) = -(cl / v * c)"),
    ("one_compartment_with_absorption", "ka, ke", "d, c", "ddt(d) = -(ka * d)\nddt(c) = ka * d - ke * c"),
    (
        "one_compartment_cl_with_absorption",
        "ka, cl, v",
        "d, c",
        "ddt(d) = -(ka * d)\nddt(c) = ka * d - cl / v * c",
    ),
    (
        "two_compartments",
        "ke, kcp, kpc",
        "c, p",
        "ddt(c) = -(ke * c) - kcp * c + kpc * p\nddt(p) = kcp * c - kpc * p",
    ),
    (
        "two_compartments_cl",
        "cl, q, vc, vp",
        "c, p",
        "ddt(c) = -(cl / vc * c) - q / vc * c + q / vp * p\nddt(p) = q / vc * c - q / vp * p",
    ),
    (
        "two_compartments_with_absorption",
        "ke, ka, kcp, kpc",
        "d, c, p",
        "ddt(d) = -(ka * d)\nddt(c) = ka * d - ke * c - kcp * c + kpc * p\nddt(p) = kcp * c - kpc * p",
    ),
    (
        "two_compartments_cl_with_absorption",
        "ka, cl, q, vc, vp",
        "d, c, p",
        "ddt(d) = -(ka * d)\nddt(c) = ka * d - cl / vc * c - q / vc * c + q / vp * p\nddt(p) = q / vc * c - q / vp * p",
    ),
    (
        "three_compartments",
        "k10, k12, k13, k21, k31",
        "c, p, s",
        "ddt(c) = -(k10 * c) - k12 * c - k13 * c + k21 * p + k31 * s\nddt(p) = k12 * c - k21 * p\nddt(s) = k13 * c - k31 * s",
    ),
    (
        "three_compartments_cl",
        "cl, q2, q3, vc, v2, v3",
        "c, p, s",
        "ddt(c) = -(cl / vc * c) - q2 / vc * c - q3 / vc * c + q2 / v2 * p + q3 / v3 * s\nddt(p) = q2 / vc * c - q2 / v2 * p\nddt(s) = q3 / vc * c - q3 / v3 * s",
    ),
    (
        "three_compartments_with_absorption",
        "ka, k10, k12, k13, k21, k31",
        "d, c, p, s",
        "ddt(d) = -(ka * d)\nddt(c) = ka * d - k10 * c - k12 * c - k13 * c + k21 * p + k31 * s\nddt(p) = k12 * c - k21 * p\nddt(s) = k13 * c - k31 * s",
    ),
    (
        "three_compartments_cl_with_absorption",
        "ka, cl, q2, q3, vc, v2, v3",
        "d, c, p, s",
        "ddt(d) = -(ka * d)\nddt(c) = ka * d - cl / vc * c - q2 / vc * c - q3 / vc * c + q2 / v2 * p + q3 / v3 * s\nddt(p) = q2 / vc * c - q2 / v2 * p\nddt(s) = q3 / vc * c - q3 / v3 * s",
    ),
];

#[test]
fn a_structure_stands_for_its_equations() {
    for (structure, inputs, states, equations) in EQUATIONS {
        let head = format!("params = {inputs}\nstates = {states}\n");
        let tail = "infusion(iv) -> c\nbolus(po) -> c\ninit(c) = 1\nout(y) = c\n";
        let analytical = module(&format!("{head}structure = {structure}\n{tail}"));
        let written = module(&format!("{head}{equations}\n{tail}"));
        assert_eq!(analytical.kind, Kind::Analytical);
        assert_eq!(written.kind, Kind::Ode);
        assert_eq!(meaning(&analytical), meaning(&written), "{structure}");
    }
}

#[test]
fn an_infusion_enters_the_state_that_its_route_names() {
    let text = |kind: &str| {
        format!("params = ka, ke\nstates = gut, central\n{kind}\ninfusion(tube) -> gut\nout(y) = central\n")
    };
    let analytical = module(&text("structure = one_compartment_with_absorption"));
    let written = module(&text("ddt(gut) = -(ka * gut)\nddt(central) = ka * gut - ke * central"));
    assert_eq!(meaning(&analytical), meaning(&written));
}

#[test]
fn inputs_of_a_structure_may_be_anything_that_is_one_number() {
    let text = "param cl0 = 1\ncov v\nstates = central\nvar phase = 1\nkind = analytical\nstructure = one_compartment_cl\ncl = cl0 * phase\nout(y) = central\n";
    assert_eq!(codes(text), [0; 0]);
    assert_eq!(
        codes("const ke = 2\nstates = central\nstructure = one_compartment\nout(y) = central\n"),
        [0; 0]
    );
}

#[test]
fn covariates_that_a_structure_reads_are_held_at_their_next_value() {
    let text = "params = k\ncovariates = a, b @linear, c @locf, d @nocb, e @const, f, g @linear\nstates = x\nstructure = one_compartment\nscale = a + b\nke = k * scale * c * d * e\nout(y) = x * f * g\n";
    let module = module(text);
    let modes: Vec<Option<Interpolation>> =
        module.covariates.iter().map(|(_, covariate)| covariate.interpolation).collect();
    let next = Some(Interpolation::NextBackward);
    assert_eq!(
        modes,
        [
            next,
            next,
            Some(Interpolation::LastForward),
            next,
            Some(Interpolation::Constant),
            None,
            Some(Interpolation::Linear),
        ]
    );
    assert_eq!(codes(text), [1207]);
}

#[test]
fn covariates_of_written_equations_keep_their_interpolation() {
    let text = "params = k\ncov a\nstates = x\nddt(x) = -k * a * x\nout(y) = x\n";
    assert_eq!(module(text).covariates[Handle::from_index(0)].interpolation, None);
}

#[test]
fn noise_makes_a_model_stochastic() {
    let text = "params = k, s\nstates = x, y[2]\nparticles = 10\nddt(x) = -k * x\nfor i in 0..2 { ddt(y[i]) = 0 }\nnoise(x) = s\nnoise(x) += s * x\nnoise(y[1]) = 2\ninfusion(iv) -> x\nout(o) = x\n";
    let module = module(text);
    assert_eq!(module.kind, Kind::Stochastic);
    assert_eq!(module.options.particles, 10);
    let noise: Vec<Option<String>> = module
        .states
        .iter()
        .map(|(_, state)| state.diffusion.map(|diffusion| write(&module, diffusion)))
        .collect();
    assert!(noise[0].as_ref().is_some_and(|text| text.starts_with("Add(")), "{noise:?}");
    assert_eq!(noise[1..], [None, Some("Constant(2.0)".to_owned())]);
}

#[test]
fn both_spellings_of_a_stochastic_model_mean_the_same() {
    let canonical = "model main { kind sde\nparameters { k, s }\nstates { x }\nparticles 20\ndrift { ddt(x) = -k * x }\ndiffusion { noise(x) = s }\noutputs { o = x } }\n";
    let authoring = "params = k, s\nstates = x\nparticles = 20\nddt(x) = -k * x\nnoise(x) = s\nout(o) = x\n";
    let (canonical, authoring) = (module(canonical), module(authoring));
    assert_eq!(meaning(&canonical), meaning(&authoring));
    assert_eq!(canonical.options, authoring.options);
    assert_eq!(canonical.kind, authoring.kind);
}

#[test]
fn a_stochastic_model_has_particles() {
    let text = "params = k\nstates = x\nddt(x) = -k * x\nnoise(x) = k\nout(o) = x\n";
    assert_eq!(module(text).options.particles, 1_000);
    assert_eq!(codes(text), [1209]);
}

#[test]
fn a_start_at_equilibrium_guesses_zero() {
    let module =
        module("params = k\nstates = x, y\nddt(x) = 1 - k * x\nddt(y) = 0\ninit(x) = steady\nout(o) = x\n");
    let steady: Vec<bool> = module.states.iter().map(|(_, state)| state.steady).collect();
    assert_eq!(steady, [true, false]);
    assert_eq!(write(&module, module.states[Handle::from_index(0)].initial), "Constant(0.0)");
}

#[test]
fn a_name_of_the_model_goes_before_the_word_steady() {
    let module = module("params = steady\nstates = x\nddt(x) = -x\ninit(x) = steady\nout(o) = x\n");
    assert!(!module.states[Handle::from_index(0)].steady);
}
