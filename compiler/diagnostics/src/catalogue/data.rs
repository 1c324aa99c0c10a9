//! `PK10xx`: datasets.
//!
//! Rows are numbered as lines of the file, the header included.

use crate::{Diagnostic, Diagnostics, Severity, nearest};

/// Titles of the codes of this family.
pub(crate) const TITLES: &[(u16, &str)] = &[
    (1001, "no header in the data"),
    (1002, "missing column"),
    (1003, "column given twice"),
    (1004, "row of another length than the header"),
    (1005, "not a number"),
    (1006, "unknown event"),
    (1007, "impossible dose"),
    (1008, "impossible additional doses"),
    (1009, "time runs backwards"),
    (1010, "unknown compartment"),
    (1011, "dose that fits no route"),
    (1012, "dose that fits several routes"),
    (1013, "modelled rate or duration that the model does not define"),
    (1014, "covariate without a column"),
    (1015, "covariate without a value"),
    (1016, "constant covariate that changes"),
    (1017, "value outside the categories of a covariate"),
    (1018, "data without subjects"),
    (1019, "impossible steady state"),
    (1020, "more mistakes than are listed"),
    (1030, "columns that are not read"),
    (1031, "dosing column that is not read"),
    (1032, "route without doses"),
    (1033, "subject in several places"),
    (1034, "observations of no output"),
    (1035, "covariate that has its default"),
];

/// One cell of a data file.
#[derive(Clone, Copy, Debug)]
pub struct Cell<'a> {
    /// Line of the file.
    pub row: u64,
    /// Name of the column as written.
    pub column: &'a str,
    /// The contents as written.
    pub text: &'a str,
}

impl Diagnostics {
    /// A file whose columns cannot be told.
    pub fn no_data_header(&mut self, row: Option<u64>) {
        let message = match row {
            Some(row) => format!("row {row} is not a header: it has no column TIME"),
            None => "the data have no header".to_owned(),
        };
        self.push(
            Diagnostic::error_without_span(1001, message).help(
                "the first row that is not a comment must name the columns, for example `ID,TIME,AMT,DV`",
            ),
        );
    }

    /// A column that the reader cannot do without.
    pub fn missing_data_column(&mut self, column: &str, help: &str) {
        self.push(
            Diagnostic::error_without_span(1002, format!("the data have no column {column}")).help(help),
        );
    }

    /// Two columns that differ at most by case, where one is needed.
    pub fn repeated_data_column(&mut self, first: &str, second: &str) {
        let message = if first == second {
            format!("the column {first} is given twice")
        } else {
            format!("the columns {first} and {second} are the same column")
        };
        self.push(Diagnostic::error_without_span(1003, message).help("remove or rename one of them"));
    }

    /// A row with too few or too many cells.
    pub fn ragged_row(&mut self, row: u64, found: usize, expected: usize) {
        self.push(Diagnostic::error_without_span(
            1004,
            format!("row {row}: {found} cells, expected {expected} as in the header"),
        ));
    }

    /// A cell that must hold a number.
    pub fn not_a_number(&mut self, cell: Cell<'_>) {
        let diagnostic = data_error(1005, cell, &format!("`{}` is not a number", cell.text));
        let clock = cell.text.contains([':', '/']);
        self.push(if clock {
            diagnostic.help("dates and clock times are not read; give the time since the first record")
        } else {
            diagnostic.help("a missing value is `.`, `NA` or nothing")
        });
    }

    /// A cell that must not be empty.
    pub fn missing_cell(&mut self, cell: Cell<'_>) {
        self.push(data_error(1005, cell, "no value"));
    }

    /// An EVID that is not one of NONMEM's.
    pub fn unknown_event(&mut self, cell: Cell<'_>) {
        self.push(
            data_error(1006, cell, &format!("`{}` is no event", cell.text))
                .help("0 is an observation, 1 a dose, 2 another record, 3 a reset, 4 a reset with a dose"),
        );
    }

    /// A dose that cannot be given.
    pub fn impossible_dose(&mut self, cell: Cell<'_>, problem: &str, help: &str) {
        self.push(data_error(1007, cell, problem).help(help));
    }

    /// ADDL or II that make no sense.
    pub fn impossible_additional_doses(&mut self, cell: Cell<'_>, problem: &str) {
        self.push(
            data_error(1008, cell, problem)
                .help("ADDL is a whole number of further doses, II above 0 the time between them"),
        );
    }

    /// A time before that of the row above.
    pub fn data_time_reversed(&mut self, cell: Cell<'_>, previous: f64) {
        self.push(
            data_error(1009, cell, &format!("time {} comes after time {previous}", cell.text)).help(
                "sort the rows of each subject by time; only a reset (EVID 3 or 4) may start time anew",
            ),
        );
    }

    /// A CMT that names neither a state nor a route.
    pub fn unknown_compartment<'a>(
        &mut self,
        cell: Cell<'_>,
        names: impl IntoIterator<Item = &'a str>,
        choices: &str,
    ) {
        let near = nearest(cell.text, names);
        let diagnostic = data_error(1010, cell, &format!("`{}` names no state and no route", cell.text));
        self.push(match near {
            Some(near) => diagnostic.help(format!("a name like it is `{near}`; the model has {choices}")),
            None => diagnostic.help(format!("the model has {choices}")),
        });
    }

    /// A dose that no route accepts.
    pub fn no_route_for_dose(&mut self, cell: Cell<'_>, problem: &str, choices: &str) {
        self.push(data_error(1011, cell, problem).help(choices));
    }

    /// A dose that more than one route accepts.
    pub fn ambiguous_route(&mut self, cell: Cell<'_>, kind: &str, choices: &str) {
        self.push(
            data_error(1012, cell, &format!("the {kind} fits several routes: {choices}"))
                .help("name the route in the column CMT"),
        );
    }

    /// RATE −1 or −2 on a route without that property.
    pub fn modelled_input_undefined(&mut self, cell: Cell<'_>, property: &str, function: &str, route: &str) {
        self.push(
            data_error(
                1013,
                cell,
                &format!("the model does not define the {property} of the route `{route}`"),
            )
            .help(format!("add `{function}({route}) = …` to the model, or give the number in the data")),
        );
    }

    /// A covariate that the data do not hold.
    pub fn missing_covariate_column<'a>(&mut self, name: &str, columns: impl IntoIterator<Item = &'a str>) {
        let near = nearest(name, columns);
        let diagnostic = Diagnostic::error_without_span(
            1014,
            format!("the data have no column for the covariate `{name}`"),
        );
        self.push(match near {
            Some(near) => diagnostic.help(format!("a column like it is {near}; rename one of them")),
            None => diagnostic.help(format!(
                "add a column, or give the covariate a default in the model: `covariate {name} = …`"
            )),
        });
    }

    /// A subject of whom the data hold no value of a covariate.
    pub fn missing_covariate_value(&mut self, cell: Cell<'_>, subject: &str) {
        self.push(
            data_error(1015, cell, &format!("subject {subject} has no value in any row"))
                .help("give a value in one row at least, or a default in the model"),
        );
    }

    /// A `const` covariate with two values.
    pub fn changing_constant(&mut self, cell: Cell<'_>, subject: &str, first: f64) {
        self.push(
            data_error(
                1016,
                cell,
                &format!("`{}` differs from {first} in an earlier row of subject {subject}", cell.text),
            )
            .help("the model declares this covariate `@const`; `@locf` or `@nocb` let it change"),
        );
    }

    /// A value that the declaration of a covariate excludes.
    pub fn unknown_category(&mut self, cell: Cell<'_>, categories: &str) {
        self.push(
            data_error(1017, cell, &format!("`{}` is not one of {categories}", cell.text))
                .help("the model declares the values that this covariate may have"),
        );
    }

    /// A file without records.
    pub fn no_subjects(&mut self) {
        self.push(Diagnostic::error_without_span(1018, "the data have no records"));
    }

    /// An SS, or what belongs to it, that makes no sense.
    pub fn impossible_steady_state(&mut self, cell: Cell<'_>, problem: &str, help: &str) {
        self.push(data_error(1019, cell, problem).help(help));
    }

    /// Mistakes that are not listed one by one.
    pub fn more_data_errors(&mut self, count: usize) {
        let mistakes = if count == 1 { "mistake" } else { "mistakes" };
        self.push(Diagnostic::error_without_span(1020, format!("the data have {count} more {mistakes}")));
    }

    /// Columns that neither the reader nor the model knows.
    pub fn unread_columns(&mut self, columns: &[&str]) {
        let (noun, verb) = if columns.len() == 1 { ("column", "is") } else { ("columns", "are") };
        self.push(remark(
            Severity::Note,
            1030,
            format!("the {noun} {} {verb} not read: the model has no such covariate", columns.join(", ")),
        ));
    }

    /// A column that means something to other programs and nothing here.
    pub fn unread_dosing_column(&mut self, column: &str, help: &str) {
        self.push(remark(Severity::Warning, 1031, format!("the column {column} is not read")).help(help));
    }

    /// A route that no row of the data uses.
    pub fn route_without_doses(&mut self, label: &str) {
        self.push(remark(Severity::Note, 1032, format!("the route `{label}` receives no dose")));
    }

    /// A subject whose rows are not together.
    pub fn repeated_subject(&mut self, row: u64, subject: &str) {
        self.push(
            remark(Severity::Warning, 1033, format!("row {row}: subject {subject} appears again"))
                .help("rows that are not together are taken as different subjects; sort the rows by ID"),
        );
    }

    /// A covariate without a column, whose default is used.
    pub fn default_covariate(&mut self, name: &str, default: f64) {
        self.push(remark(
            Severity::Note,
            1035,
            format!("the data have no column for the covariate `{name}`: its default {default} is used"),
        ));
    }

    /// Observations that belong to no output of the model.
    pub fn observations_of_no_output(&mut self, count: usize, column: &str) {
        let (noun, verb) = if count == 1 { ("observation", "belongs") } else { ("observations", "belong") };
        self.push(remark(
            Severity::Note,
            1034,
            format!("by {column}, {count} {noun} {verb} to no output of the model"),
        ));
    }
}

fn data_error(code: u16, cell: Cell<'_>, problem: &str) -> Diagnostic {
    let place = format!("row {}, column {}", cell.row, cell.column);
    Diagnostic::error_without_span(code, format!("{place}: {problem}"))
}

fn remark(severity: Severity, code: u16, message: String) -> Diagnostic {
    Diagnostic { severity, ..Diagnostic::error_without_span(code, message) }
}
