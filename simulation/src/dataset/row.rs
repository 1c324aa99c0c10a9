//! From the cells of a row to a record.

use pmc_abi::manifest::Manifest;
use pmc_diagnostics::Cell;

use super::columns::Columns;
use super::findings::Findings;
use super::route::{self, Kind};
use super::{Dose, Event, Input, Observation, Record};

/// The cells of one row.
pub(crate) struct Row<'a> {
    /// Line of the file.
    pub(crate) number: u64,
    /// One cell per column.
    pub(crate) cells: &'a [String],
    pub(crate) columns: &'a Columns,
    pub(crate) manifest: &'a Manifest,
}

impl<'a> Row<'a> {
    /// Returns a cell for a finding.
    pub(crate) fn cell(&self, column: usize) -> Cell<'a> {
        let text = |strings: &'a [String]| strings.get(column).map_or("", String::as_str);
        Cell { row: self.number, column: text(&self.columns.names), text: text(self.cells) }
    }

    /// Returns the text of a cell, if the column exists and a value stands there.
    pub(crate) fn text(&self, column: Option<usize>) -> Option<&'a str> {
        column.map(|column| self.cell(column).text).filter(|text| !is_missing(text))
    }

    /// Reads a number, if the column exists and a value stands there.
    pub(crate) fn number(&self, column: Option<usize>, findings: &mut Findings) -> Option<f64> {
        let text = self.text(column)?;
        let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
        if number.is_none() {
            findings.error(|list| list.not_a_number(self.cell(column.unwrap_or_default())));
        }
        number
    }

    /// Returns the first of some columns that exists, for a finding about several.
    fn any_cell(&self, columns: &[Option<usize>]) -> Cell<'a> {
        self.cell(columns.iter().flatten().next().copied().unwrap_or(self.columns.time))
    }
}

/// Returns whether a cell says that there is no value.
pub(crate) fn is_missing(text: &str) -> bool {
    text.is_empty() || text == "." || text.eq_ignore_ascii_case("na") || text.eq_ignore_ascii_case("nan")
}

/// The numbers of a row, as far as the file has the columns and values stand there.
struct Numbers {
    amount: Option<f64>,
    rate: Option<f64>,
    duration: Option<f64>,
    missing: Option<f64>,
    additional: Option<f64>,
    interval: Option<f64>,
    steady_state: Option<f64>,
    value: Option<f64>,
    covariates: Vec<f64>,
}

/// Reads the time of a row.
pub(crate) fn time(row: &Row<'_>, findings: &mut Findings) -> Option<f64> {
    let column = row.columns.time;
    if row.text(Some(column)).is_none() {
        findings.error(|list| list.missing_cell(row.cell(column)));
    }
    row.number(Some(column), findings)
}

/// Returns whether a row starts its subject anew.
pub(crate) fn resets(row: &Row<'_>) -> bool {
    matches!(row.text(row.columns.event), Some("3" | "4"))
}

/// Reads a row; mistakes go to `findings`, and a row with one gives nothing.
pub(crate) fn read(row: &Row<'_>, time: f64, findings: &mut Findings) -> Option<Record> {
    let numbers = read_numbers(row, findings)?;
    let event = read_event(row, &numbers, findings)?;
    Some(Record { row: row.number, time, event, covariates: numbers.covariates })
}

/// Reads all numbers of a row, so that all that are none are found at once.
fn read_numbers(row: &Row<'_>, findings: &mut Findings) -> Option<Numbers> {
    let columns = row.columns;
    let before = findings.errors();
    let mut number = |column: Option<usize>| row.number(column, findings);
    let numbers = Numbers {
        amount: number(columns.amount),
        rate: number(columns.rate),
        duration: number(columns.duration),
        missing: number(columns.missing),
        additional: number(columns.additional),
        interval: number(columns.interval),
        steady_state: number(columns.steady_state),
        value: number(columns.value),
        covariates: columns.covariates.iter().map(|column| number(*column).unwrap_or(f64::NAN)).collect(),
    };
    (findings.errors() == before).then_some(numbers)
}

fn read_event(row: &Row<'_>, numbers: &Numbers, findings: &mut Findings) -> Option<Event> {
    let given = numbers.amount.is_some_and(|amount| amount != 0.0);
    let code = match row.text(row.columns.event) {
        Some(text) => {
            // Other programs write whole numbers with decimals.
            let number = text.parse::<f64>().ok();
            let Some(code) = (0..=4_u8).find(|code| number == Some(f64::from(*code))) else {
                findings.error(|list| list.unknown_event(row.any_cell(&[row.columns.event])));
                return None;
            };
            code
        }
        None if given => 1,
        None if numbers.missing.is_some_and(|missing| missing != 0.0) => 2,
        None => 0,
    };
    match code {
        0 => {
            if given {
                let cell = row.any_cell(&[row.columns.amount]);
                findings.error(|list| {
                    list.impossible_dose(cell, "an observation has an amount", "a dose has EVID 1");
                });
            }
            Some(Event::Observation(read_observation(row, numbers)))
        }
        1 => read_dose(row, numbers, findings).map(Event::Dose),
        2 => Some(Event::Other),
        3 => Some(Event::Reset),
        _ => read_dose(row, numbers, findings).map(Event::ResetAndDose),
    }
}

fn read_observation(row: &Row<'_>, numbers: &Numbers) -> Observation {
    let outputs = &row.manifest.outputs;
    let output = match row.text(row.columns.output) {
        None => (!outputs.is_empty()).then_some(0),
        Some(text) => match text.parse::<usize>() {
            Ok(number) => number.checked_sub(1).filter(|index| *index < outputs.len()),
            Err(_) => outputs.iter().position(|output| output.name == text),
        },
    };
    Observation { value: numbers.value, output }
}

fn read_dose(row: &Row<'_>, numbers: &Numbers, findings: &mut Findings) -> Option<Dose> {
    if numbers.steady_state.is_some_and(|steady| steady != 0.0) {
        findings.error(|list| list.steady_state_unsupported(row.any_cell(&[row.columns.steady_state])));
        return None;
    }
    let amount = read_amount(row, numbers.amount, findings);
    let input = amount.and_then(|amount| read_input(row, amount, numbers, findings));
    let additional = read_additional(row, numbers, findings);
    let kind = match input? {
        Input::Bolus => Kind::Bolus,
        Input::Rate(_) | Input::ModelledRate | Input::ModelledDuration => Kind::Infusion,
    };
    let route = route::resolve(row, kind, findings)?;
    check_modelled(row, input?, route, findings)?;
    let (additional, interval) = additional?;
    Some(Dose { route, amount: amount?, input: input?, additional, interval })
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

fn read_amount(row: &Row<'_>, amount: Option<f64>, findings: &mut Findings) -> Option<f64> {
    let cell = row.any_cell(&[row.columns.amount, row.columns.event]);
    match amount {
        Some(amount) if amount > 0.0 => return Some(amount),
        Some(amount) if amount < 0.0 => findings.error(|list| {
            list.impossible_dose(cell, &format!("negative amount {amount}"), "amounts are above 0");
        }),
        _ => findings.error(|list| {
            list.impossible_dose(
                cell,
                "a dose without an amount",
                "a row with EVID 1 or 4 needs AMT above 0",
            );
        }),
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

/// Reads ADDL and II; II without ADDL means nothing.
fn read_additional(row: &Row<'_>, numbers: &Numbers, findings: &mut Findings) -> Option<(u32, f64)> {
    let columns = row.columns;
    let additional = numbers.additional.unwrap_or(0.0);
    let interval = numbers.interval.unwrap_or(0.0);
    if additional == 0.0 {
        return Some((0, 0.0));
    }
    if additional < 0.0 || additional.trunc() != additional || additional > f64::from(u32::MAX) {
        let cell = row.any_cell(&[columns.additional]);
        findings.error(|list| {
            list.impossible_additional_doses(cell, &format!("`{}` is no number of doses", cell.text));
        });
        return None;
    }
    if interval <= 0.0 {
        let cell = row.any_cell(&[columns.interval, columns.additional]);
        findings.error(|list| list.impossible_additional_doses(cell, "additional doses without an interval"));
        return None;
    }
    Some((additional as u32, interval))
}
