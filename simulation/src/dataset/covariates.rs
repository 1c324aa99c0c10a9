//! Whether the covariates of each subject are what the model declares.

use pmc_abi::manifest::{Covariate, Manifest};
use pmc_diagnostics::Cell;

use super::Subject;
use super::columns::Columns;
use super::findings::Findings;

/// Checks that no covariate is missing, that constants are constant, and that categories are kept.
pub(crate) fn check(subjects: &[Subject], columns: &Columns, manifest: &Manifest, findings: &mut Findings) {
    for (index, covariate) in manifest.covariates.iter().enumerate() {
        let Some(column) = columns.covariates.get(index).copied().flatten() else { continue };
        let name = columns.names.get(column).map_or("", String::as_str);
        for subject in subjects {
            check_subject(subject, index, covariate, name, findings);
        }
    }
}

fn check_subject(
    subject: &Subject,
    index: usize,
    covariate: &Covariate,
    column: &str,
    findings: &mut Findings,
) {
    let mut first = None;
    for record in &subject.records {
        let Some(value) = record.covariates.get(index).copied().filter(|value| !value.is_nan()) else {
            continue;
        };
        let first = *first.get_or_insert(value);
        let strange = !covariate.categories.is_empty() && !covariate.categories.contains(&value);
        let changed = covariate.interpolation.as_deref() == Some("const") && value != first;
        if !strange && !changed {
            continue;
        }
        let text = value.to_string();
        let cell = Cell { row: record.row, column, text: &text };
        if strange {
            let categories: Vec<String> = covariate.categories.iter().map(f64::to_string).collect();
            findings.error(|list| list.unknown_category(cell, &categories.join(", ")));
        }
        if changed {
            findings.error(|list| list.changing_constant(cell, &subject.id, first));
        }
    }
    let required = covariate.default.is_none() && !covariate.may_be_missing;
    if let (None, true, Some(record)) = (first, required, subject.records.first()) {
        let cell = Cell { row: record.row, column, text: "" };
        findings.error(|list| list.missing_covariate_value(cell, &subject.id));
    }
}
