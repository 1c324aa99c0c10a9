//! From the cells of a row to a dose.

use pmc_host::SteadyState;

use super::findings::Findings;
use super::route::{self, Kind};
use super::row::{Numbers, Row};
use super::{Dose, Input};

impl Numbers {
    /// Returns whether there is an SS that is not 0, whether it makes sense or not.
    pub(super) fn asks_for_steady_state(&self) -> bool {
        self.steady_state.is_some_and(|steady_state| steady_state != 0.0)
    }

    /// Returns whether these are the numbers of a constant infusion at steady state: it has no amount, and it
    /// ends where it is recorded.
    pub(super) fn has_always_run(&self) -> bool {
        let rate = self.rate.unwrap_or(0.0);
        self.asks_for_steady_state() && self.amount.unwrap_or(0.0) == 0.0 && (rate > 0.0 || rate == -1.0)
    }
}

/// Reads the dose of a row; mistakes go to `findings`, and a row with one gives nothing.
pub(super) fn read(row: &Row<'_>, numbers: &Numbers, findings: &mut Findings) -> Option<Dose> {
    let amount = read_amount(row, numbers, findings);
    let input = amount.and_then(|amount| read_input(row, amount, numbers, findings));
    let steady_state = read_steady_state(row, numbers, findings);
    let repetition = read_repetition(row, numbers, findings);
    let kind = match input? {
        Input::Bolus => Kind::Bolus,
        Input::Rate(_) | Input::ModelledRate | Input::ModelledDuration => Kind::Infusion,
    };
    let route = route::resolve(row, kind, findings)?;
    check_modelled(row, input?, route, findings)?;
    let (additional, interval) = repetition?;
    let steady_state = steady_state?;
    Some(Dose { route, amount: amount?, input: input?, additional, interval, steady_state })
}

/// Checks that the route defines the rate or duration that the row leaves to the model.
fn check_modelled(row: &Row<'_>, input: Input, route: u32, findings: &mut Findings) -> Option<()> {
    let (property, function) = match input {
        Input::ModelledRate => ("rate", "rate"),
        Input::ModelledDuration => ("duration", "dur"),
        Input::Bolus | Input::Rate(_) => return Some(()),
    };
    let route = row.manifest.routes.get(route as usize)?;
    if route.properties.iter().any(|defined| defined == property) {
        return Some(());
    }
    let cell = row.any_cell(&[row.columns.rate]);
    findings.error(|list| list.modelled_input_undefined(cell, property, function, &route.label));
    None
}

fn read_amount(row: &Row<'_>, numbers: &Numbers, findings: &mut Findings) -> Option<f64> {
    let cell = row.any_cell(&[row.columns.amount, row.columns.event]);
    match numbers.amount {
        _ if numbers.has_always_run() => return Some(0.0),
        Some(amount) if amount > 0.0 => return Some(amount),
        Some(amount) if amount < 0.0 => findings.error(|list| {
            list.impossible_dose(cell, &format!("negative amount {amount}"), "amounts are above 0");
        }),
        _ => {
            let help = if numbers.asks_for_steady_state() {
                "AMT is above 0; only a constant infusion at steady state, with RATE above 0 or -1, has AMT 0"
            } else {
                "a row with EVID 1 or 4 needs AMT above 0"
            };
            findings.error(|list| list.impossible_dose(cell, "a dose without an amount", help));
        }
    }
    None
}

fn read_input(row: &Row<'_>, amount: f64, numbers: &Numbers, findings: &mut Findings) -> Option<Input> {
    let rate = numbers.rate.unwrap_or(0.0);
    let duration = numbers.duration.unwrap_or(0.0);
    let rate_cell = row.any_cell(&[row.columns.rate]);
    let duration_cell = row.any_cell(&[row.columns.duration]);
    if duration < 0.0 {
        findings.error(|list| {
            let problem = format!("negative duration {duration}");
            list.impossible_dose(
                duration_cell,
                &problem,
                "an infusion lasts longer than 0; a bolus has DUR 0",
            );
        });
        return None;
    }
    if rate != 0.0 && duration != 0.0 {
        findings.error(|list| {
            let help = "give RATE or DUR, and 0 or `.` for the other";
            list.impossible_dose(duration_cell, "both RATE and DUR are given", help);
        });
        return None;
    }
    if rate == -1.0 {
        return Some(Input::ModelledRate);
    }
    if rate == -2.0 {
        return Some(Input::ModelledDuration);
    }
    if rate < 0.0 {
        findings.error(|list| {
            let help = "0 is a bolus, above 0 an infusion, -1 a modelled rate, -2 a modelled duration";
            list.impossible_dose(rate_cell, &format!("impossible rate {rate}"), help);
        });
        return None;
    }
    if rate > 0.0 {
        return Some(Input::Rate(rate));
    }
    Some(if duration > 0.0 { Input::Rate(amount / duration) } else { Input::Bolus })
}

/// Reads SS.
fn read_steady_state(row: &Row<'_>, numbers: &Numbers, findings: &mut Findings) -> Option<SteadyState> {
    let number = numbers.steady_state.unwrap_or(0.0);
    if number != 0.0 && row.manifest.kind == "sde" {
        let cell = row.any_cell(&[row.columns.steady_state]);
        findings.error(|list| {
            let help = "start earlier, and give the doses before by ADDL and II";
            list.impossible_steady_state(cell, "steady states of stochastic models are not computed", help);
        });
        return None;
    }
    let found = SteadyState::from_column(number);
    if found.is_none() {
        let cell = row.any_cell(&[row.columns.steady_state]);
        let help = if number == 3.0 {
            "write 1: 3 differs from it only in where NONMEM starts to search"
        } else {
            "0 is none, 1 replaces what was there, 2 is added to it"
        };
        findings.error(|list| {
            list.impossible_steady_state(cell, &format!("`{}` is no steady state", cell.text), help);
        });
    }
    found
}

/// Reports an amount on a row that gives no dose, by its EVID.
pub(super) fn refuse_amount(row: &Row<'_>, code: u8, findings: &mut Findings) {
    let cell = row.any_cell(&[row.columns.amount]);
    let (problem, help) = match code {
        0 => ("an observation has an amount", "a dose has EVID 1"),
        3 => ("a reset has an amount", "a reset that is followed by a dose has EVID 4; else AMT is 0 or `.`"),
        _ => ("a row that gives no dose has an amount", "a dose has EVID 1; else AMT is 0 or `.`"),
    };
    findings.error(|list| list.impossible_dose(cell, problem, help));
}

/// Reports an SS on a row that gives no dose.
pub(super) fn refuse_steady_state(row: &Row<'_>, numbers: &Numbers, findings: &mut Findings) {
    if numbers.asks_for_steady_state() {
        let cell = row.any_cell(&[row.columns.steady_state]);
        let help = "SS belongs to doses (EVID 1 or 4); it is 0 on other rows";
        findings.error(|list| list.impossible_steady_state(cell, "a steady state without a dose", help));
    }
}

/// Reads ADDL and II; II without ADDL and SS means nothing.
fn read_repetition(row: &Row<'_>, numbers: &Numbers, findings: &mut Findings) -> Option<(u32, f64)> {
    let columns = row.columns;
    let additional = numbers.additional.unwrap_or(0.0);
    let interval = numbers.interval.unwrap_or(0.0);
    let additional_cell = row.any_cell(&[columns.additional]);
    if additional < 0.0 || additional.trunc() != additional || additional > f64::from(u32::MAX) {
        let problem = format!("`{}` is no number of doses", additional_cell.text);
        findings.error(|list| list.impossible_additional_doses(additional_cell, &problem));
        return None;
    }
    if numbers.has_always_run() {
        if additional == 0.0 {
            return Some((0, 0.0));
        }
        findings.error(|list| {
            let help = "an infusion with AMT 0 at steady state ends at its row; ADDL is 0 there";
            list.impossible_steady_state(additional_cell, "additional doses of a constant infusion", help);
        });
        return None;
    }
    let steady = numbers.asks_for_steady_state();
    if additional == 0.0 && !steady {
        return Some((0, 0.0));
    }
    if interval <= 0.0 {
        let cell =
            row.any_cell(&[columns.interval, columns.steady_state.filter(|_| steady), columns.additional]);
        findings.error(|list| {
            if steady {
                let help = "II above 0 is the time between the doses of the steady state";
                let problem = match numbers.interval {
                    Some(interval) if interval < 0.0 => format!("negative interval {interval}"),
                    _ => "a steady state without an interval".to_owned(),
                };
                list.impossible_steady_state(cell, &problem, help);
            } else {
                list.impossible_additional_doses(cell, "additional doses without an interval");
            }
        });
        return None;
    }
    Some((additional as u32, interval))
}
