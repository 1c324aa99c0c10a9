//! Linear models of more states than have an exact solution, from text to predictions.
#![allow(clippy::disallowed_methods, reason = "the judge must not use the mathematics of the judged")]

use pmc_host::{Configuration, Loaded};
use pmc_tests::line::{Regimen, compile, configuration, interpreted, plugin, read, simulate};

/// A chain of equal rates before a compartment that loses at `ke`.
fn chain(length: usize, before: &str) -> String {
    format!(
        "{before}\nname = chain\nconst n = {length}\nparam k = 5, ke = 0.2\nstate x[n], last\nbolus(r) -> x[0]\n\
        ddt(x[0]) = -k * x[0]\nfor i in 1..n {{ ddt(x[i]) = k * (x[i - 1] - x[i]) }}\n\
        ddt(last) = k * x[n - 1] - ke * last\nout(y) = last\n"
    )
}

/// Returns the part of a dose in the last state: absorption follows a gamma density.
fn delivered(length: u32, t: f64) -> f64 {
    let (k, ke) = (5.0_f64, 0.2);
    let mean = (k - ke) * t;
    let probability = |number: u32| {
        let factorial: f64 = (1..=number).map(|factor| f64::from(factor).ln()).sum();
        (f64::from(number) * mean.ln() - mean - factorial).exp()
    };
    let arrived = if mean < f64::from(length) {
        (length..length + 300).map(probability).sum::<f64>()
    } else {
        1.0 - (0..length).map(probability).sum::<f64>()
    };
    (f64::from(length) * (k / (k - ke)).ln() - ke * t).exp() * arrived
}

/// Returns the largest error of predictions at loose tolerances, relative to the dose.
fn error(model: &dyn Loaded, length: u32) -> f64 {
    let times = || (1..60).map(|k| 0.73 * f64::from(k));
    let schedule = Regimen::new().dose(0.0, 0, 100.0, 0.0).observed(times());
    let found = simulate(model, &configuration(&[], 1e-3, 1e-3), &schedule);
    let errors = found.iter().zip(times()).map(|(row, t)| (row[0] - 100.0 * delivered(length, t)).abs());
    errors.fold(0.0, f64::max) / 100.0
}

#[test]
fn tolerances_do_not_matter_and_options_still_do() {
    for length in [24, 25, 26, 40, 90] {
        let text = chain(length, "");
        assert!(error(&plugin(&text), length as u32) < 1e-13, "{length}");
        assert!(error(&interpreted(&text), length as u32) < 1e-13, "{length}");
    }
    for option in ["explicit", "stiff"] {
        let stepped = error(&plugin(&chain(40, &format!("option solver = {option}"))), 40);
        assert!((1e-7..1e-2).contains(&stepped), "{option}: {stepped:e}");
    }
    let waiting = format!("{}\nvar seen = 0\nwhen (last > 1e6) {{ seen = 1 }}\n", chain(40, ""));
    let stepped = error(&plugin(&waiting), 40);
    assert!((1e-7..1e-2).contains(&stepped), "{stepped:e}");
}

#[test]
fn only_modules_of_large_linear_models_have_the_method() {
    let size = |text: &str| compile(text).len();
    let other = |length| chain(length, "").replace("- ke * last", "- ke * last / (1 + last)");
    let grown = |text: &dyn Fn(usize) -> String| size(&text(60)) as f64 - size(&text(59)) as f64;
    assert!((grown(&|length| chain(length, "")) - grown(&other)).abs() < 100.0);
    let difference = size(&chain(60, "")) as f64 - size(&other(60)) as f64;
    assert!((2_000.0..5_000.0).contains(&difference), "{difference} bytes");
}

#[test]
fn a_model_with_everything_agrees_with_tight_steps() {
    let text = read("tests/models/many.pk");
    let regimen = || {
        let regimen = Regimen::new().dose(0.0, 0, 100.0, 0.0).repeated(3, 12.0).dose(7.0, 1, 60.0, 20.0);
        let mut schedule = regimen.observed((0..50).map(|k| f64::from(k) * 1.1));
        schedule.covariates = 1;
        for record in &mut schedule.records {
            record.covariates = vec![if record.time < 20.0 { 1.0 } else { 1.3 }];
        }
        schedule
    };
    let found = simulate(&plugin(&text), &Configuration::default(), &regimen());
    let tight = configuration(&[], 1e-11, 1e-11);
    let stepped = simulate(&plugin(&format!("option solver = explicit\n{text}")), &tight, &regimen());
    for (found, stepped) in found.iter().flatten().zip(stepped.iter().flatten()) {
        assert!((found - stepped).abs() <= 1e-8 * (1.0 + stepped.abs()), "{found} {stepped}");
    }
}
