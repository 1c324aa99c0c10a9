//! Remarks about data that can be read but may not be what was meant.

use pmc_abi::manifest::Manifest;

use super::findings::Findings;
use super::{Event, Subject};

/// Notes routes that receive no dose, from the data or from events of the model, and observations that belong to no output.
pub(crate) fn note(
    output_column: Option<&str>,
    subjects: &[Subject],
    manifest: &Manifest,
    findings: &mut Findings,
) {
    let events = || subjects.iter().flat_map(|subject| &subject.records).map(|record| record.event);
    for (index, route) in manifest.routes.iter().enumerate().filter(|(_, route)| !route.implicit) {
        let used = events().any(|event| match event {
            Event::Dose(dose) | Event::ResetAndDose(dose) => dose.route as usize == index,
            _ => false,
        });
        if !used && !route.given_by_events {
            findings.remark(|list| list.route_without_doses(&route.label));
        }
    }
    let stray =
        events().filter(|event| matches!(event, Event::Observation(seen) if seen.output.is_none())).count();
    if let Some(column) = output_column
        && stray > 0
    {
        findings.remark(|list| list.observations_of_no_output(stray, column));
    }
}
