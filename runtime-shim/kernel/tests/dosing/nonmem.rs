//! Concentrations computed by NONMEM for scenarios of dosing; see `README.md` of the reference data.

use std::path::PathBuf;

use pmc_abi::schedule::{Record, event, flag};

use crate::models::Oral;
use crate::support::{Subject, bolus, observation, run};

/// A column of the file by its name.
struct Table {
    names: Vec<String>,
    rows: Vec<Vec<f64>>,
}

impl Table {
    fn read(text: &str) -> Self {
        let mut lines = text.lines();
        let names = lines.next().expect("a header").split(',').map(str::to_owned).collect();
        let numbers = |line: &str| line.split(',').map(|cell| cell.parse().expect("a number")).collect();
        Self { names, rows: lines.map(numbers).collect() }
    }

    fn value(&self, row: &[f64], name: &str) -> f64 {
        row[self.names.iter().position(|other| other == name).expect("a column")]
    }
}

/// Returns the table of scenarios, if the reference data are at hand.
fn scenarios() -> Option<Table> {
    let folder = std::env::var_os("PMC_REFERENCE_DATA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    );
    let text = std::fs::read_to_string(folder.join("nonmem-dosing/scenarios.csv")).ok()?;
    Some(Table::read(&text))
}

/// Makes a subject of the rows of a scenario; every row is reported.
fn subject(table: &Table, rows: &[&Vec<f64>]) -> Subject {
    rows.iter().fold(Subject::new(), |subject, row| {
        let value = |name| table.value(row, name);
        let dose = bolus(value("time"), value("cmt") as u32 - 1, value("amt"));
        let steady = match value("ss") as u32 {
            0 => 0,
            1 => flag::STEADY_STATE,
            _ => flag::STEADY_STATE_ADDED,
        };
        let dosing = matches!(value("evid") as u32, event::DOSE | event::RESET_AND_DOSE);
        subject.record(Record {
            event: value("evid") as u32,
            rate: value("rate"),
            interval: value("ii"),
            additional: value("addl") as u32,
            flags: flag::REPORT | steady,
            ..if dosing { dose } else { observation(value("time")) }
        })
    })
}

#[test]
#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn all_scenarios_agree_with_nonmem() {
    let Some(table) = scenarios() else {
        eprintln!("skipped: no reference data");
        return;
    };
    let mut checked = 0;
    for id in 1..=28 {
        let rows: Vec<_> = table.rows.iter().filter(|row| row[0] == f64::from(id)).collect();
        if rows.is_empty() {
            continue;
        }
        let value = |name| table.value(rows[0], name);
        let parameters = [1.5, 1.1, 20.0, value("LAGT"), value("BIOAV"), value("RAT2"), value("DUR2"), 0.0];
        let found = run(&Oral, &parameters, &subject(&table, &rows));
        for (row, found) in rows.iter().zip(&found) {
            let (expected, found) = (table.value(row, "CP_NONMEM"), 1000.0 * found[0]);
            let error = (found - expected).abs() / expected.abs().max(1e-3);
            let time = table.value(row, "time");
            assert!(error <= 5e-4, "scenario {id} at {time}: {found}, NONMEM {expected}");
        }
        checked += 1;
    }
    assert_eq!(checked, 15, "scenarios");
}
