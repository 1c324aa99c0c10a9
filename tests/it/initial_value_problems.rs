//! Classical problems against published end points.
//!
//! Sources: Mazzia and Magherini, *Test Set for IVP Solvers* (Bari); Hairer, Nørsett and Wanner, *Solving
//! Ordinary Differential Equations* I and II. No problem names its solver: stiffness must be noticed.

use pmc_host::{Configuration, Plugin};
use pmc_tests::line::{Regimen, configuration, plugin, read, simulate};

/// Integrates a model to the end and returns the largest error in units of the tolerance.
fn error_in_tolerances(name: &str, plugin: &Plugin, end: f64, expected: &[f64], relative: f64) -> f64 {
    // Small components count: the absolute tolerance lies far below the smallest of them.
    let smallest = expected.iter().fold(1.0_f64, |least, value| least.min(value.abs()));
    let absolute = relative * smallest.max(1e-14) * 1e-2;
    let settings: Configuration = configuration(&[], relative, absolute);
    let rows = simulate(plugin, &settings, &Regimen::new().observed([0.0, end]));
    assert_eq!(rows[1].len(), expected.len(), "{name}");
    rows[1]
        .iter()
        .zip(expected)
        .map(|(value, expected)| (value - expected).abs() / (absolute + relative * expected.abs()))
        .fold(0.0, f64::max)
}

/// Checks that the end point has the digits that the tolerance promises, at two tolerances.
fn check(name: &str, end: f64, expected: &[f64], allowed: [f64; 2]) {
    let plugin = plugin(&read(&format!("tests/models/{name}.pk")));
    for (relative, allowed) in [1e-6, 1e-9].into_iter().zip(allowed) {
        let error = error_in_tolerances(name, &plugin, end, expected, relative);
        assert!(error <= allowed, "{name} at rtol {relative:e}: error is {error:.1} tolerances");
    }
}

#[test]
fn robertson_keeps_its_digits_to_the_far_end() {
    check(
        "robertson",
        1e11,
        &[2.083340149701255e-8, 8.333360770334713e-14, 0.9999999791665050],
        [10.0, 10.0],
    );
}

#[test]
fn hires_keeps_its_digits() {
    let expected = [
        0.73713125733256e-3,
        0.14424857263161e-3,
        0.58887297409675e-4,
        0.11756513432831e-2,
        0.23863561988313e-2,
        0.62389682527427e-2,
        0.28499983951857e-2,
        0.28500016048142e-2,
    ];
    check("hires", 321.8122, &expected, [10.0, 10.0]);
}

#[test]
fn van_der_pol_keeps_its_digits() {
    check("van_der_pol", 2.0, &[1.706167732170483, -0.8928097010247975], [10.0, 10.0]);
}

// The last two are sensitive to their past: an error made early grows by a factor of about ten thousand
// (Arenstorf) and a hundred (Pleiades) on the way, in any solver.

#[test]
fn arenstorf_orbit_closes() {
    let plugin = plugin(&read("tests/models/arenstorf.pk"));
    let end = 17.0652165601579625588917206249;
    let rows = simulate(&plugin, &configuration(&[], 1e-10, 1e-12), &Regimen::new().observed([end]));
    let distance = (rows[0][0] - 0.994).abs().max(rows[0][1].abs());
    assert!(distance < 1e-4, "the orbit ends {distance:e} away from its start");
}

#[test]
fn pleiades_keep_their_digits() {
    let expected = [
        0.3706139143970502,
        3.237284092057233,
        -3.222559032418324,
        0.6597091455775310,
        0.3425581707156584,
        1.562172101400631,
        -0.7003092922212495,
        -3.943437585517392,
        -3.271380973972550,
        5.225081843456543,
        -2.590612434977470,
        1.198213693392275,
        -0.2429682344935824,
        1.091449240428980,
        3.417003806314313,
        1.354584501625501,
        -2.590065597810775,
        2.025053734714242,
        -1.155815100160448,
        -0.8072988170223021,
        0.5952396354208710,
        -3.741244961234010,
        0.3773459685750630,
        0.9386858869551073,
        0.3667922227200571,
        -0.3474046353808490,
        2.344915448180937,
        -1.947020434263292,
    ];
    check("pleiades", 3.0, &expected, [1000.0, 1000.0]);
}
