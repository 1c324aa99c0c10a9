//! Results of other programs that may be read but not redistributed.

use std::path::{Path, PathBuf};

/// Returns the folder of reference data: the one that `PMC_REFERENCE_DATA` names, else `shared/data` beside
/// the checkout, if it is there.
pub fn folder() -> Option<PathBuf> {
    let named = std::env::var_os("PMC_REFERENCE_DATA").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    named.into_iter().chain([beside]).find(|folder| folder.is_dir())
}

/// A table of text cells with a header.
#[derive(Clone, Debug)]
pub struct Table {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// Reads a CSV file; `skipped` lines before the header are left out.
    ///
    /// # Panics
    /// When the file cannot be read: a test has no use for half a table.
    pub fn read(path: &Path, skipped: usize) -> Self {
        let text =
            std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let body: String = text.lines().skip(skipped).flat_map(|line| [line, "\n"]).collect();
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(body.as_bytes());
        let header =
            reader.headers().map(|header| header.iter().map(str::to_owned).collect()).unwrap_or_default();
        let rows = reader
            .records()
            .filter_map(Result::ok)
            .map(|record| record.iter().map(|cell| cell.trim().to_owned()).collect())
            .collect();
        Self { header, rows }
    }

    /// Returns the number of rows below the header.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Returns whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Returns the cell of a row in the first column of that name.
    ///
    /// # Panics
    /// When there is no such column or row.
    pub fn cell(&self, row: usize, column: &str) -> &str {
        let index = self.header.iter().position(|name| name == column);
        let index = index.unwrap_or_else(|| panic!("no column `{column}` among {:?}", self.header));
        self.rows[row].get(index).map_or("", String::as_str)
    }

    /// Returns the cell as a number; a dot or an empty cell is NaN.
    pub fn number(&self, row: usize, column: &str) -> f64 {
        self.cell(row, column).parse().unwrap_or(f64::NAN)
    }
}
