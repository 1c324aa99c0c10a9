//! Stochastic models from text to tables.

#![allow(clippy::disallowed_methods, reason = "the judge must not use the mathematics of the judged")]

use core::fmt::Write;

use pmc_abi::capability;
use pmc_host::{Configuration, Schedule};
use pmc_simulation::Rows;
use pmc_tests::line::{Regimen, dataset, plugin, simulate};

/// The process of Ornstein and Uhlenbeck around 2 beside geometric Brownian motion.
const PROCESSES: &str = "
name = processes
kind = sde
particles = 4000
option hmax = 0.05
state x, y
init(x) = 5
init(y) = 10
ddt(x) = 0.5 * (2 - x)
noise(x) = 0.8
ddt(y) = 0.1 * y
noise(y) = 0.3 * y
out(ou) = x
out(square) = x^2
out(gbm) = y
";

fn chance(particles: u32, seed: u64, quantiles: &[f64]) -> Configuration {
    Configuration {
        particles: Some(particles),
        seed: Some(seed),
        quantiles: quantiles.to_vec(),
        ..Configuration::default()
    }
}

#[test]
fn processes_have_their_moments() {
    let plugin = plugin(PROCESSES);
    assert!(plugin.capabilities() & capability::STOCHASTIC != 0);
    let manifest = plugin.manifest();
    assert_eq!((manifest.kind.as_str(), manifest.solver.particles), ("sde", Some(4_000)));
    let schedule = Regimen::new().observed([0.0, 2.0]);
    let rows = simulate(&plugin, &chance(20_000, 1, &[]), &schedule);
    let n = 20_000.0_f64;
    let decay = (-1.0_f64).exp();
    let (mean, variance) = (2.0 + 3.0 * decay, 0.64 * (1.0 - decay * decay));
    let last = &rows[1];
    assert!((last[0] - mean).abs() < 4.0 * (variance / n).sqrt(), "{last:?}");
    let found = last[1] - 2.0 * mean * last[0] + mean * mean;
    assert!((found - variance).abs() < 4.0 * variance * (2.0 / n).sqrt(), "{last:?}");
    let (mean, w) = (10.0 * 0.2_f64.exp(), 0.18_f64.exp());
    assert!((last[2] - mean).abs() < 4.0 * mean * ((w - 1.0) / n).sqrt(), "{last:?}");
}

#[test]
fn quantiles_follow_the_means_of_all_outputs() {
    let plugin = plugin(PROCESSES);
    let mut model = plugin.model(&chance(1_000, 1, &[0.0, 0.5, 1.0])).expect("a model");
    let rows = model.simulate(&Regimen::new().observed([0.0, 1.0])).expect("a simulation");
    assert_eq!(rows.len(), 2 * 12);
    // At the start all particles are at one place.
    assert_eq!(rows[..12], [5.0, 25.0, 10.0].repeat(4));
    let last = &rows[12..];
    for output in 0..3 {
        assert!(last[3 + output] < last[6 + output] && last[6 + output] < last[9 + output], "{last:?}");
        assert!(last[3 + output] < last[output] && last[output] < last[9 + output], "{last:?}");
    }
}

#[test]
fn steps_in_one_module_are_its_simulation() {
    let plugin = plugin(PROCESSES);
    let once = simulate(&plugin, &chance(50, 3, &[]), &Regimen::new().observed([0.0, 1.0, 2.0]));
    let mut model = plugin.model(&chance(50, 3, &[])).expect("a model");
    let again = model.simulate(&Regimen::new().observed([0.0, 1.0, 2.0])).expect("a simulation");
    assert_eq!(once.concat(), again);
    assert_eq!(model.simulate(&Regimen::new().observed([0.0, 1.0, 2.0])).expect("a simulation"), again);
    let other = Schedule { stream: 1, ..Regimen::new().observed([0.0, 1.0, 2.0]) };
    assert_ne!(model.simulate(&other).expect("a simulation"), again);
}

#[test]
fn what_a_stochastic_model_cannot_be_asked_is_refused_with_a_code() {
    let stochastic = plugin(PROCESSES);
    let code = |configuration: &Configuration| {
        stochastic.model(configuration).err().map(|error| error.code.to_string())
    };
    assert_eq!(code(&chance(0, 0, &[])).as_deref(), Some("PK2018"));
    assert_eq!(code(&chance(1, 1 << 60, &[])).as_deref(), Some("PK2018"));
    assert_eq!(code(&chance(1, 0, &[2.0])).as_deref(), Some("PK2018"));
    assert_eq!(code(&chance(1, 0, &[0.5; 17])).as_deref(), Some("PK2018"));
    assert_eq!(code(&chance(1_000_000, 0, &[])), None, "what has room is not refused");
    let deterministic = plugin("name = one\nstate x\nddt(x) = -x\nout(y) = x\n");
    let error = deterministic.model(&chance(10, 0, &[])).err().expect("it has no particles");
    assert_eq!(error.code.to_string(), "PK2017");
    assert!(error.to_string().contains("particles"), "{error}");
}

#[test]
fn more_particles_than_memory_holds_are_refused() {
    let mut states = String::new();
    for k in 0..200 {
        writeln!(states, "state x{k}\nddt(x{k}) = -x{k}\nnoise(x{k}) = 1")
            .expect("a string takes everything");
    }
    let plugin = plugin(&format!("name = large\nkind = sde\nparticles = 10\n{states}out(y) = x0\n"));
    let error = plugin.model(&chance(1_000_000, 0, &[])).err().expect("1.6 GB");
    assert_eq!(error.code.to_string(), "PK2006");
}

#[test]
fn subjects_have_paths_of_their_own_and_columns_for_quantiles() {
    let plugin = plugin(PROCESSES);
    let data = "ID,TIME,DV,DVID\n1,0,.,ou\n1,1,.,ou\n2,0,.,ou\n2,1,.,ou\n";
    let mut model = plugin.model(&chance(20, 0, &[0.05, 0.975])).expect("a model");
    let several = dataset(data, plugin.manifest());
    let predictions = pmc_simulation::predict(&mut *model, &several, Rows::All).expect("predictions");
    let names =
        ["ou", "square", "gbm", "ou_q05", "square_q05", "gbm_q05", "ou_q975", "square_q975", "gbm_q975"];
    assert_eq!(predictions.outputs, names);
    let rows = &predictions.rows;
    assert_eq!(rows[0].values, rows[2].values, "all start at one place");
    assert_ne!(rows[1].values, rows[3].values);
    // The first subject alone has the paths that it has beside others.
    let alone = dataset("ID,TIME,DV,DVID\n1,0,.,ou\n1,1,.,ou\n", plugin.manifest());
    let alone = pmc_simulation::predict(&mut *model, &alone, Rows::All);
    assert_eq!(alone.expect("predictions").rows[1].values, rows[1].values);
}
