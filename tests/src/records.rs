//! Records of a subject, written short; models without covariates.

use pmc_abi::descriptor::interpolation;
use pmc_abi::schedule::event;
use pmc_host::{Schedule, ScheduleRecord};

/// An observation.
pub fn observation(time: f64) -> ScheduleRecord {
    ScheduleRecord::observation(time, Vec::new())
}

/// A bolus.
pub fn bolus(time: f64, route: u32, amount: f64) -> ScheduleRecord {
    ScheduleRecord { event: event::DOSE, route: Some(route), amount, report: false, ..observation(time) }
}

/// An infusion.
pub fn infusion(time: f64, route: u32, amount: f64, rate: f64) -> ScheduleRecord {
    ScheduleRecord { rate, ..bolus(time, route, amount) }
}

/// A record that repeats.
pub fn repeated(record: ScheduleRecord, additional: u32, interval: f64) -> ScheduleRecord {
    ScheduleRecord { additional, interval, ..record }
}

/// A reset.
pub fn reset(time: f64) -> ScheduleRecord {
    ScheduleRecord { event: event::RESET, report: false, ..observation(time) }
}

/// Records in their order.
pub fn schedule(records: Vec<ScheduleRecord>) -> Schedule {
    let covariates = records.first().map_or(0, |record| record.covariates.len() as u32);
    Schedule { policy: 0, data_interpolation: interpolation::NEXT_BACKWARD, covariates, stream: 0, records }
}

/// Records and observations by time; at one time the records come first.
pub fn observed(records: &[ScheduleRecord], times: impl IntoIterator<Item = f64>) -> Schedule {
    let mut all = records.to_vec();
    all.extend(times.into_iter().map(observation));
    all.sort_by(|a, b| a.time.total_cmp(&b.time));
    schedule(all)
}
