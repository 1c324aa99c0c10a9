//! From the cells of a row to a record.

use csv::StringRecord;
use pmc_abi::manifest::Manifest;
use pmc_diagnostics::Cell;

use super::columns::Columns;
use super::findings::Findings;
use super::{Event, Observation, Record, dose};

/// The cells of one row.
pub(crate) struct Row<'a> {
    /// Line of the file.
    pub(crate) number: u64,
    /// One cell per column, not trimmed.
    pub(crate) cells: &'a StringRecord,
    pub(crate) columns: &'a Columns,
    pub(crate) manifest: &'a Manifest,
}

impl<'a> Row<'a> {
    /// Returns a cell for a finding.
    pub(crate) fn cell(&self, column: usize) -> Cell<'a> {
        let name = self.columns.names.get(column).map_or("", String::as_str);
        Cell { row: self.number, column: name, text: self.cells.get(column).map_or("", str::trim) }
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
    pub(super) fn any_cell(&self, columns: &[Option<usize>]) -> Cell<'a> {
        self.cell(columns.iter().flatten().next().copied().unwrap_or(self.columns.time))
    }
}

/// Returns whether a cell says that there is no value.
pub(crate) fn is_missing(text: &str) -> bool {
    text.is_empty() || text == "." || text.eq_ignore_ascii_case("na") || text.eq_ignore_ascii_case("nan")
}

/// The numbers of a row, as far as the file has the columns and values stand there.
pub(super) struct Numbers {
    pub(super) amount: Option<f64>,
    pub(super) rate: Option<f64>,
    pub(super) duration: Option<f64>,
    pub(super) missing: Option<f64>,
    pub(super) additional: Option<f64>,
    pub(super) interval: Option<f64>,
    pub(super) steady_state: Option<f64>,
    pub(super) value: Option<f64>,
    pub(super) covariates: Vec<f64>,
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
    matches!(row.text(row.columns.event).and_then(event_code), Some(3 | 4))
}

/// Returns the EVID that a cell holds; other programs write whole numbers with decimals.
fn event_code(text: &str) -> Option<u8> {
    let number = text.parse::<f64>().ok();
    (0..=4).find(|code| number == Some(f64::from(*code)))
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
            let Some(code) = event_code(text) else {
                findings.error(|list| list.unknown_event(row.any_cell(&[row.columns.event])));
                return None;
            };
            code
        }
        None if given || numbers.has_always_run() => 1,
        None if numbers.missing.is_some_and(|missing| missing != 0.0) => 2,
        None => 0,
    };
    if !matches!(code, 1 | 4) {
        dose::refuse_steady_state(row, numbers, findings);
        if given {
            dose::refuse_amount(row, code, findings);
        }
    }
    match code {
        0 => Some(Event::Observation(read_observation(row, numbers))),
        1 => dose::read(row, numbers, findings).map(Event::Dose),
        2 => Some(Event::Other),
        3 => Some(Event::Reset),
        _ => dose::read(row, numbers, findings).map(Event::ResetAndDose),
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
