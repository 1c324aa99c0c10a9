//! Random regimens and settings for any model.

use pmc_abi::manifest::{Manifest, Route};
use pmc_abi::schedule::{event, modelled, policy};
use pmc_host::{Configuration, Schedule, ScheduleRecord, SteadyState};

use crate::random::Random;

/// Steps that a random run may take: enough for most, and an end for those that crawl.
const STEPS: u64 = 600;

/// Draws parameters and settings.
pub fn draw_configuration(random: &mut Random, manifest: &Manifest) -> Configuration {
    let mut configuration = Configuration::default();
    for parameter in &manifest.parameters {
        let needed = parameter.default.is_none() && random.chance(0.98);
        if needed || random.chance(0.3) {
            let value = parameter.default.unwrap_or(0.7) * random.magnitude(0.5, 2.0);
            configuration.parameters.push((parameter.name.clone(), value));
        }
    }
    for effect in &manifest.random_effects {
        if random.chance(0.6) {
            configuration.random_effects.push((effect.name.clone(), random.between(-0.5, 0.5)));
        }
    }
    if random.chance(0.2) {
        configuration.relative_tolerance = Some(random.magnitude(1e-7, 1e-2));
        configuration.absolute_tolerance = Some(random.magnitude(1e-9, 1e-3));
    }
    let stochastic = manifest.kind == "sde";
    if random.chance(0.1) {
        configuration.maximum_step = Some(random.between(0.2, 4.0));
    }
    let few = random.chance(0.07);
    configuration.maximum_steps = Some(if few { 1 + random.below(40) as u64 } else { STEPS });
    if stochastic {
        configuration.seed = random.chance(0.7).then(|| random.below(1 << 30) as u64);
        configuration.particles = random.chance(0.3).then(|| 1 + random.below(10) as u32);
    }
    if stochastic && random.chance(0.5) || random.chance(0.01) {
        configuration.quantiles = vec![0.0, random.unit(), 0.5];
    }
    if random.chance(0.02) {
        spoil_configuration(random, &mut configuration);
    }
    configuration
}

/// Sets something to what is refused, or nearly so.
fn spoil_configuration(random: &mut Random, configuration: &mut Configuration) {
    let number = random.pick(&[0.0, -1.0, 1e-300, 1e300]);
    match random.below(8) {
        0 => configuration.parameters.push(("nobody".to_owned(), 1.0)),
        1 => configuration.relative_tolerance = Some(number),
        2 => configuration.absolute_tolerance = Some(number),
        3 => configuration.maximum_step = Some(number),
        4 => configuration.maximum_steps = Some(0),
        5 => configuration.particles = Some(0),
        6 => configuration.seed = Some(1 << 60),
        _ => configuration.quantiles = vec![0.5, 1.5],
    }
}

/// Draws the records of a subject.
pub fn draw_schedule(random: &mut Random, manifest: &Manifest) -> Schedule {
    let count = 6 + random.below(14);
    let mut time = random.pick(&[0.0, 0.0, 0.0, 1.5, -2.0]);
    if random.chance(0.03) {
        time = random.pick(&[1e6, 1e14]);
    }
    // Some subjects have no value of a covariate, and a few records lack one of those that there are.
    let absent: Vec<bool> = manifest
        .covariates
        .iter()
        .map(|covariate| {
            let allowed = covariate.may_be_missing || covariate.default.is_some();
            random.chance(if allowed { 0.3 } else { 0.02 })
        })
        .collect();
    let mut values: Vec<f64> = absent.iter().map(|_| random.between(0.5, 1.5)).collect();
    let mut records = Vec::new();
    for index in 0..count {
        let mut record = if index == 0 || random.chance(0.35) {
            treatment(random, manifest, time)
        } else {
            ScheduleRecord::observation(time, Vec::new())
        };
        record.covariates = values
            .iter()
            .zip(&absent)
            .map(|(value, absent)| if *absent || random.chance(0.15) { f64::NAN } else { *value })
            .collect();
        // More doses than can wait.
        let copies = if record.additional > 0 && random.chance(0.02) { 130 } else { 1 };
        records.extend(core::iter::repeat_n(record, copies));
        for (value, covariate) in values.iter_mut().zip(&manifest.covariates) {
            if covariate.interpolation.as_deref() != Some("const") && random.chance(0.4) {
                *value = random.between(0.3, 2.0);
            }
        }
        if !random.chance(0.2) {
            let long = random.between(0.0, 4.0);
            time += random.pick(&[0.5, 1.0, long]);
        }
        if random.chance(0.001) {
            time -= 3.0;
        }
    }
    if random.chance(0.03) {
        let index = random.below(records.len());
        spoil_record(random, &mut records[index]);
    }
    Schedule {
        policy: random.pick(&[
            0,
            0,
            policy::OBSERVATIONS_FIRST,
            policy::RESET_TO_ZERO,
            policy::OBSERVATIONS_FIRST | policy::RESET_TO_ZERO,
        ]),
        data_interpolation: 1 + random.below(4) as u32,
        covariates: manifest.covariates.len() as u32,
        stream: random.below(5) as u32,
        records,
    }
}

/// Sets something of a record to what no record should hold.
fn spoil_record(random: &mut Random, record: &mut ScheduleRecord) {
    let number = random.pick(&[f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, 1e300, 1e-300, 0.0]);
    match random.below(7) {
        0 => record.time = number,
        1 => record.amount = number,
        2 => record.rate = number,
        3 => record.interval = number,
        4 => record.event = random.pick(&[5, u32::MAX]),
        5 => record.route = random.pick(&[None, Some(999), Some(u32::MAX)]),
        _ => record.additional = random.pick(&[100_000, u32::MAX]),
    }
}

/// Draws a dose, a reset or a record that only tells covariates.
fn treatment(random: &mut Random, manifest: &Manifest, time: f64) -> ScheduleRecord {
    let plain =
        ScheduleRecord { report: random.chance(0.3), ..ScheduleRecord::observation(time, Vec::new()) };
    let what = random.below(20);
    if what < 2 || manifest.routes.is_empty() {
        return ScheduleRecord { event: random.pick(&[event::OTHER, event::RESET]), ..plain };
    }
    let index = random.below(manifest.routes.len());
    let event = if what == 2 { event::RESET_AND_DOSE } else { event::DOSE };
    let dose = ScheduleRecord {
        event,
        route: Some(index as u32),
        amount: random.between(1.0, 20.0),
        rate: rate(random, &manifest.routes[index]),
        ..plain
    };
    repeated(random, manifest, dose)
}

/// Returns the rate of a dose on a route; seldom one that the route refuses.
fn rate(random: &mut Random, route: &Route) -> f64 {
    let has = |name: &str| route.properties.iter().any(|property| property == name);
    let mut rates = vec![];
    if route.input != "infusion" {
        rates.push(0.0);
    }
    if route.input != "bolus" {
        rates.push(random.between(0.5, 10.0));
        rates.extend(has("rate").then_some(modelled::RATE));
        rates.extend(has("duration").then_some(modelled::DURATION));
    }
    if rates.is_empty() || random.chance(0.01) {
        rates = vec![0.0, 2.0, -1.0, -2.0, -3.0];
    }
    random.pick(&rates)
}

/// Makes some doses repeat, and some have been given for ever.
fn repeated(random: &mut Random, manifest: &Manifest, mut dose: ScheduleRecord) -> ScheduleRecord {
    if random.chance(0.3) {
        dose.additional = 1 + random.below(4) as u32;
        dose.interval = random.between(0.5, 6.0);
    }
    let stochastic = manifest.kind == "sde";
    if random.chance(if stochastic { 0.01 } else { 0.08 }) {
        dose.steady_state = random.pick(&[SteadyState::Replace, SteadyState::Add]);
        dose.interval = random.magnitude(0.5, 12.0);
        if dose.rate > 0.0 && random.chance(0.3) {
            dose.amount = 0.0;
        }
    }
    dose
}
