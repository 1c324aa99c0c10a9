//! Which column holds what.

use pmc_abi::manifest::Manifest;

use super::findings::Findings;

/// Indices of the columns that are read.
pub(crate) struct Columns {
    /// Names as written.
    pub(crate) names: Vec<String>,
    pub(crate) id: Option<usize>,
    pub(crate) time: usize,
    pub(crate) amount: Option<usize>,
    pub(crate) rate: Option<usize>,
    pub(crate) duration: Option<usize>,
    pub(crate) event: Option<usize>,
    pub(crate) missing: Option<usize>,
    pub(crate) compartment: Option<usize>,
    pub(crate) additional: Option<usize>,
    pub(crate) interval: Option<usize>,
    pub(crate) steady_state: Option<usize>,
    pub(crate) value: Option<usize>,
    pub(crate) output: Option<usize>,
    /// Column of each covariate of the model.
    pub(crate) covariates: Vec<Option<usize>>,
}

/// Columns with a meaning to this reader.
const KNOWN: [&str; 13] =
    ["ID", "TIME", "AMT", "RATE", "DUR", "EVID", "MDV", "CMT", "ADDL", "II", "SS", "DV", "DVID"];

/// Columns with a meaning to other programs, and what to do about it.
const FOREIGN: [(&str, &str); 12] = [
    ("INPUT", "say by the column CMT which route a dose takes"),
    ("OUT", "the observed value is read from the column DV"),
    ("OUTEQ", "say by the column DVID which output an observation belongs to"),
    ("C0", "the error model is part of the model"),
    ("C1", "the error model is part of the model"),
    ("C2", "the error model is part of the model"),
    ("C3", "the error model is part of the model"),
    ("CENS", "censored observations are not treated as such"),
    ("BLQ", "observations below the limit of quantification are not treated as such"),
    ("LIMIT", "censored observations are not treated as such"),
    ("PCMT", "predictions are those of the outputs of the model"),
    ("DATE", "give the time since the first record in the column TIME"),
];

/// Finds the columns of a header.
pub(crate) fn find(names: Vec<String>, manifest: &Manifest, findings: &mut Findings) -> Option<Columns> {
    let mut known = |name: &str| find_known(&names, name, findings);
    let id = known("ID");
    let time = known("TIME");
    let columns = Columns {
        id,
        time: time.unwrap_or_default(),
        amount: known("AMT"),
        rate: known("RATE"),
        duration: known("DUR"),
        event: known("EVID"),
        missing: known("MDV"),
        compartment: known("CMT"),
        additional: known("ADDL"),
        interval: known("II"),
        steady_state: known("SS"),
        value: known("DV"),
        output: known("DVID"),
        covariates: manifest.covariates.iter().map(|wanted| find_covariate(&names, &wanted.name)).collect(),
        names,
    };
    if time.is_none() {
        findings.error(|list| list.missing_data_column("TIME", "every row needs a time"));
        return None;
    }
    report_absent(&columns, manifest, findings);
    report_unread(&columns, findings);
    Some(columns)
}

fn find_known(names: &[String], wanted: &str, findings: &mut Findings) -> Option<usize> {
    let mut found = names.iter().enumerate().filter(|(_, name)| name.eq_ignore_ascii_case(wanted));
    let (index, first) = found.next()?;
    if let Some((_, second)) = found.next() {
        findings.error(|list| list.repeated_data_column(first, second));
    }
    Some(index)
}

/// Finds the column of a covariate: the exact name first, then the only one that differs by case.
fn find_covariate(names: &[String], wanted: &str) -> Option<usize> {
    if let Some(index) = names.iter().position(|name| name == wanted) {
        return Some(index);
    }
    let mut found = names.iter().enumerate().filter(|(_, name)| name.eq_ignore_ascii_case(wanted));
    let (index, _) = found.next()?;
    found.next().is_none().then_some(index)
}

fn report_absent(columns: &Columns, manifest: &Manifest, findings: &mut Findings) {
    for (covariate, column) in manifest.covariates.iter().zip(&columns.covariates) {
        match covariate.default {
            _ if column.is_some() => {}
            Some(default) => findings.remark(|list| list.default_covariate(&covariate.name, default)),
            None if covariate.may_be_missing => {}
            None => {
                let names = columns.names.iter().map(String::as_str);
                findings.error(|list| list.missing_covariate_column(&covariate.name, names));
            }
        }
    }
}

fn report_unread(columns: &Columns, findings: &mut Findings) {
    let mut unread = Vec::new();
    for (index, name) in columns.names.iter().enumerate() {
        let known = KNOWN.iter().any(|known| known.eq_ignore_ascii_case(name));
        if known || name.is_empty() || columns.covariates.contains(&Some(index)) {
            continue;
        }
        match FOREIGN.iter().find(|(foreign, _)| foreign.eq_ignore_ascii_case(name)) {
            Some((_, help)) => findings.remark(|list| list.unread_dosing_column(name, help)),
            None => unread.push(name.as_str()),
        }
    }
    if !unread.is_empty() {
        findings.remark(|list| list.unread_columns(&unread));
    }
}
