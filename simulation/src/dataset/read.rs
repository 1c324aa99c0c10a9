//! NONMEM-style CSV.

use std::collections::BTreeSet;

use csv::StringRecord;
use pmc_abi::descriptor::interpolation;
use pmc_abi::manifest::Manifest;
use pmc_diagnostics::Diagnostics;

use super::columns::{self, Columns};
use super::findings::Findings;
use super::row::{self, Row};
use super::{Dataset, Subject, covariates, notes};

/// How a file is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DatasetOptions {
    /// Rows whose first cell starts with this character are comments, beside those that start with `#`;
    /// `@` stands for any letter, as in NONMEM.
    pub ignore: Option<char>,
}

/// Reads a dataset for a model.
///
/// Columns, in any order and case: `TIME`, `ID`, `AMT`, `RATE`, `DUR`, `EVID`, `MDV`, `CMT`, `ADDL`, `II`,
/// `SS`, `DV`, `DVID`, and one for each covariate of the model. `.`, `NA` and nothing mean that a value is
/// missing. The header is the first row with a column `TIME`; rows above it must be comments. Cells are
/// separated by commas, semicolons or tabs, whichever the header holds most of. Consecutive rows with the
/// same ID are a subject. The dataset is absent if there is any error.
pub fn read_dataset(
    text: &str,
    manifest: &Manifest,
    options: DatasetOptions,
) -> (Option<Dataset>, Diagnostics) {
    let mut findings = Findings::new();
    let subjects = read(text, manifest, options, &mut findings);
    let dataset = subjects.filter(|_| !findings.has_errors()).map(|subjects| Dataset {
        subjects,
        policy: 0,
        interpolation: interpolation::NEXT_BACKWARD,
    });
    (dataset, findings.finish())
}

fn read(
    text: &str,
    manifest: &Manifest,
    options: DatasetOptions,
    findings: &mut Findings,
) -> Option<Vec<Subject>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = Lines::new(text);
    let columns = columns::find(header(&mut lines, options, findings)?, manifest, findings)?;
    let mut subjects = Subjects { list: Vec::new(), seen: BTreeSet::new(), previous: None };
    while let Some((row, cells)) = lines.next() {
        if is_comment(cells, options) {
            continue;
        }
        if cells.len() != columns.names.len() {
            findings.error(|list| list.ragged_row(row, cells.len(), columns.names.len()));
            continue;
        }
        subjects.add(&Row { number: row, cells, columns: &columns, manifest }, findings);
    }
    let subjects = subjects.list;
    if subjects.is_empty() && !findings.has_errors() {
        findings.error(Diagnostics::no_subjects);
    }
    covariates::check(&subjects, &columns, manifest, findings);
    if !findings.has_errors() {
        notes::note(text_of_outputs(&columns), &subjects, manifest, findings);
    }
    Some(subjects)
}

/// Finds the names of the columns: the first row with a column `TIME`, which only comments may precede.
fn header(lines: &mut Lines<'_>, options: DatasetOptions, findings: &mut Findings) -> Option<Vec<String>> {
    while let Some((row, cells)) = lines.next() {
        if cells.iter().any(|cell| cell.trim().eq_ignore_ascii_case("TIME")) {
            return Some(cells.iter().map(|cell| cell.trim().to_owned()).collect());
        }
        if !is_comment(cells, options) {
            findings.error(|list| list.no_data_header(Some(row)));
            return None;
        }
    }
    findings.error(|list| list.no_data_header(None));
    None
}

/// The rows of a text in which anything stands, one after another in the same memory.
struct Lines<'t> {
    text: &'t str,
    reader: csv::Reader<&'t [u8]>,
    cells: StringRecord,
}

impl<'t> Lines<'t> {
    fn new(text: &'t str) -> Self {
        let may_be_header =
            |line: &&str| !line.trim_start().starts_with('#') && line.to_ascii_uppercase().contains("TIME");
        let header = text.lines().find(may_be_header).unwrap_or_default();
        let count = |delimiter: &u8| header.bytes().filter(|byte| byte == delimiter).count();
        let delimiter = [b'\t', b';', b','].into_iter().max_by_key(count).unwrap_or(b',');
        let mut builder = csv::ReaderBuilder::new();
        builder.has_headers(false).flexible(true).delimiter(delimiter);
        Self { text, reader: builder.from_reader(text.as_bytes()), cells: StringRecord::new() }
    }

    /// Returns the cells of the next row, not trimmed, with its line.
    fn next(&mut self) -> Option<(u64, &StringRecord)> {
        // A text in memory has no failures to read.
        while let Ok(true) = self.reader.read_record(&mut self.cells) {
            if self.cells.iter().any(|cell| !cell.trim().is_empty()) {
                let position = self.cells.position();
                let line = position.map_or(0, |position| line_of(self.text, position));
                return Some((line, &self.cells));
            }
        }
        None
    }
}

/// Returns the line on which a record begins; its position may be that of line ends before it.
fn line_of(text: &str, position: &csv::Position) -> u64 {
    let rest = text.as_bytes().get(position.byte() as usize..).unwrap_or_default();
    let skipped = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    position.line() + skipped.filter(|byte| **byte == b'\n').count() as u64
}

fn is_comment(cells: &StringRecord, options: DatasetOptions) -> bool {
    let Some(first) = cells.get(0).and_then(|cell| cell.trim().chars().next()) else { return false };
    match options.ignore {
        Some('@') => first == '#' || first == '@' || first.is_ascii_alphabetic(),
        Some(character) => first == '#' || first == character,
        None => first == '#',
    }
}

/// Subjects while they are read.
struct Subjects {
    list: Vec<Subject>,
    seen: BTreeSet<String>,
    /// Time of the row before, of the same subject.
    previous: Option<f64>,
}

impl Subjects {
    /// Adds a row to the last subject, or to a new one if the ID changes.
    fn add(&mut self, row: &Row<'_>, findings: &mut Findings) {
        let id = row.columns.id.map_or("1", |column| row.cell(column).text);
        if id.is_empty() || id == "." {
            findings.error(|list| list.missing_cell(row.cell(row.columns.id.unwrap_or_default())));
            return;
        }
        if self.list.last().is_none_or(|subject| subject.id != id) {
            if !self.seen.insert(id.to_owned()) {
                findings.remark(|list| list.repeated_subject(row.number, id));
            }
            self.list.push(Subject { id: id.to_owned(), records: Vec::new() });
            self.previous = None;
        }
        let Some(time) = row::time(row, findings) else { return };
        if let Some(previous) = self.previous.replace(time)
            && time < previous
            && !row::resets(row)
        {
            findings.error(|list| list.data_time_reversed(row.cell(row.columns.time), previous));
        }
        if let (Some(record), Some(subject)) = (row::read(row, time, findings), self.list.last_mut()) {
            subject.records.push(record);
        }
    }
}

fn text_of_outputs(columns: &Columns) -> Option<&str> {
    columns.output.and_then(|column| columns.names.get(column)).map(String::as_str)
}
