//! What is measured: one compartment, oral, seven daily doses, fifty observations.

use pmc_abi::descriptor::interpolation;
use pmc_abi::schedule::event;
use pmc_host::{Schedule, ScheduleRecord};

/// The model.
pub(crate) const MODEL: &str = "\
name = one_compartment
option rtol = 1e-6, atol = 1e-6
param ka = 1.2, cl = 5, v = 50
state depot, central
bolus(oral) -> depot
ddt(depot) = -ka * depot
ddt(central) = ka * depot - cl / v * central
out(cp) = central / v
";

/// The subject.
pub(crate) fn schedule() -> Schedule {
    let dose = ScheduleRecord {
        event: event::DOSE,
        route: Some(0),
        amount: 100.0,
        additional: 6,
        interval: 24.0,
        report: false,
        ..ScheduleRecord::observation(0.0, Vec::new())
    };
    let observations = (1..=50).map(|index| ScheduleRecord::observation(3.36 * f64::from(index), Vec::new()));
    Schedule {
        policy: 0,
        data_interpolation: interpolation::NEXT_BACKWARD,
        covariates: 0,
        stream: 0,
        records: std::iter::once(dose).chain(observations).collect(),
    }
}
