//! Regimens for any model, without chance.

use pmc_abi::manifest::Manifest;
use pmc_abi::schedule::event;
use pmc_host::{Configuration, Schedule, ScheduleRecord, SteadyState};

use crate::records::schedule;
use crate::same_bits::Run;

/// Returns runs of any model, all with one configuration: a dose on each of its routes once, daily for a week, and at
/// steady state; or just observations of one that takes no doses.
pub fn regimens(manifest: &Manifest) -> Vec<Run> {
    let parameters = manifest.parameters.iter().filter(|parameter| parameter.default.is_none());
    let configuration = Configuration {
        // Random paths are as equal for fifty particles as for a thousand, and faster.
        particles: (manifest.kind == "sde").then_some(50),
        ..Configuration::of_parameters(parameters.map(|parameter| (parameter.name.as_str(), 1.5)))
    };
    let run = |schedule| Run { configuration: configuration.clone(), schedule };
    schedules(manifest).into_iter().map(run).collect()
}

fn schedules(manifest: &Manifest) -> Vec<Schedule> {
    if manifest.routes.is_empty() {
        return vec![observed(manifest, Vec::new(), 10.0, 80)];
    }
    let dose = |time, route| ScheduleRecord {
        event: event::DOSE,
        route: Some(route),
        amount: 100.0,
        rate: if manifest.routes[route as usize].input == "infusion" { 50.0 } else { 0.0 },
        report: false,
        ..ScheduleRecord::observation(time, Vec::new())
    };
    let daily = |record| ScheduleRecord { additional: 6, interval: 24.0, ..record };
    let steady = |record| ScheduleRecord { steady_state: SteadyState::Replace, interval: 12.0, ..record };
    let routes = || 0..manifest.routes.len() as u32;
    let once = routes().map(|route| dose(0.0, route)).collect();
    let repeated = routes().map(|route| daily(dose(0.5 * f64::from(route), route))).collect();
    let settled = routes().map(|route| steady(dose(f64::from(route), route))).collect();
    let each = [(once, 45.0, 10), (repeated, 170.0, 50), (settled, 45.0, 10)];
    each.into_iter().map(|(doses, end, count)| observed(manifest, doses, end, count)).collect()
}

/// Adds observations up to a time, and covariates that change on the way.
fn observed(manifest: &Manifest, mut records: Vec<ScheduleRecord>, end: f64, count: u32) -> Schedule {
    let even = (1..=count).map(|k| end * f64::from(k) / f64::from(count));
    let times = [0.0, 0.25, 1.0, 2.0].into_iter().chain(even);
    records.extend(times.map(|time| ScheduleRecord::observation(time, Vec::new())));
    records.sort_by(|a, b| a.time.total_cmp(&b.time).then(a.report.cmp(&b.report)));
    for record in &mut records {
        let covariate = if record.time < 0.6 * end { 1.0 } else { 1.25 };
        record.covariates = vec![covariate; manifest.covariates.len()];
    }
    Schedule { stream: 3, ..schedule(records) }
}
