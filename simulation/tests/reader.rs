//! What the reader makes of files, and what it says of wrong ones.

mod support;

use core::fmt::Write;

use pmc_abi::manifest::{Manifest, Route};
use pmc_diagnostics::{Severity, Style, render};
use pmc_simulation::{DatasetOptions, read_dataset};
use support::manifest;

const PLAIN: DatasetOptions = DatasetOptions { ignore: None };

/// Shows a file, then the records or the findings.
fn check_with(name: &str, text: &str, manifest: &Manifest, options: DatasetOptions) {
    let (dataset, diagnostics) = read_dataset(text, manifest, options);
    let mut shown = String::new();
    for (index, line) in text.lines().enumerate() {
        writeln!(shown, "{:>3} | {line}", index + 1).expect("a string takes everything");
    }
    shown.push('\n');
    for diagnostic in &diagnostics {
        shown.push_str(&render(diagnostic, "data.csv", "", Style::Full));
    }
    for subject in dataset.iter().flat_map(|dataset| &dataset.subjects) {
        writeln!(shown, "subject {}", subject.id).expect("a string takes everything");
        for record in &subject.records {
            writeln!(
                shown,
                "  row {} t={} {:?} covariates {:?}",
                record.row, record.time, record.event, record.covariates
            )
            .expect("a string takes everything");
        }
    }
    insta::with_settings!({
        snapshot_path => "../../snapshots/data",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, { insta::assert_snapshot!(name, shown) });
}

fn check(name: &str, text: &str) {
    check_with(name, text, &manifest(), PLAIN);
}

#[test]
fn a_full_file_is_read() {
    check(
        "full_file",
        "ID,TIME,AMT,RATE,DUR,EVID,MDV,CMT,ADDL,II,SS,DV,DVID,WT,SEX\n\
         1,0,100,0,.,1,1,1,2,12,0,.,.,70,1\n\
         1,1,.,.,.,0,0,2,.,.,.,4.5,1,71,.\n\
         1,2,.,.,.,0,1,2,.,.,.,.,effect,NA,.\n\
         1,3,50,25,.,1,1,iv,.,.,.,.,.,.,.\n\
         1,4,50,.,2,1,1,central,.,.,.,.,.,.,.\n\
         1,5,50,-2,.,1,1,2,.,.,.,.,.,.,.\n\
         1,6,.,.,.,2,1,.,.,.,.,.,.,72,.\n\
         1,0,.,.,.,3,1,.,.,.,.,.,.,.,.\n\
         2b,0,20,.,.,4,1,ORAL,.,.,.,.,.,50,0\n",
    );
}

#[test]
fn events_are_derived_without_evid() {
    check(
        "derived_events",
        "id,time,amt,dv,mdv,wt\n1,0,100,.,1,70\n1,1,0,5,0,70\n1,2,.,.,1,70\n1,3,.,.,0,70\n",
    );
}

#[test]
fn comments_and_a_description_may_precede_the_header() {
    let options = DatasetOptions { ignore: Some('C') };
    let text = "C,A study of something,,,\n# more\n\nC,ID,TIME,DV,AMT,WT\n.,1,0,.,250,70\nC,1,1,9,.,70\n.,1,2,3,.,70\n";
    check_with("comments", text, &manifest(), options);
}

#[test]
fn semicolons_and_tabs_separate_cells() {
    check("semicolons", "ID;TIME;AMT;WT\n1;0;5;70\n");
    check("tabs", "ID\tTIME\tAMT\tWT\r\n1\t0\t5\t70\r\n");
}

#[test]
fn every_mistake_has_its_row_and_column() {
    check(
        "mistakes",
        "ID,TIME,AMT,RATE,DUR,EVID,CMT,ADDL,II,SS,DV,WT,SEX\n\
         1,0,1O0,0,.,1,1,.,.,.,.,70,0\n\
         1,08:30,.,.,.,0,.,.,.,.,1,70,0\n\
         1,.,.,.,.,0,.,.,.,.,1,70,0\n\
         1,5,-3,.,.,1,1,.,.,.,.,70,0\n\
         1,4,.,.,.,1,1,.,.,.,.,70,1\n\
         1,6,.,.,.,7,.,.,.,.,.,70,0\n\
         1,7,10,-1,.,1,iv,.,.,.,.,70,0\n\
         1,8,10,5,2,1,iv,.,.,.,.,70,0\n\
         1,9,10,-5,.,1,iv,.,.,.,.,70,0\n\
         1,9,10,.,-1,1,iv,.,.,.,.,70,0\n\
         1,10,10,.,.,1,1,3,.,.,.,70,0\n\
         1,11,10,.,.,1,1,1.5,12,.,.,70,0\n\
         1,12,10,.,.,1,1,.,12,3,.,70,0\n\
         1,13,10,.,.,0,1,.,.,.,5,70,0\n\
         1,14,.,.,.,0,1,.,.,.,5,70\n",
    );
}

#[test]
fn steady_states_are_read() {
    let mut manifest = manifest();
    manifest.routes[1].properties.push("rate".to_owned());
    check_with(
        "steady_states",
        "ID,TIME,AMT,RATE,EVID,CMT,ADDL,II,SS,DV,WT\n\
         1,0,100,.,1,oral,.,12,1,.,70\n\
         1,5,100,50,1,iv,3,12.0,2.0,.,70\n\
         1,9,100,-2,1,iv,.,1,1,.,70\n\
         1,10,0,50,1,iv,0,.,1,.,70\n\
         1,11,.,-1,1,iv,.,12,2,.,70\n\
         1,12,0,50,.,iv,.,.,1,.,70\n\
         1,12,0,0,0,.,0,0,0,5,70\n\
         1,12,20,0,1,oral,0,24,0,5,70\n\
         1,0.0,100.0,0.0,4.0,1.0,1.0,12.0,1.0,.,70\n",
        &manifest,
        PLAIN,
    );
}

#[test]
fn amounts_on_rows_that_give_no_dose_are_errors() {
    check(
        "stray_amounts",
        "ID,TIME,AMT,EVID,CMT,DV,MDV,WT\n\
         1,0,100,1,oral,.,1,70\n\
         1,1,100,2,oral,.,1,70\n\
         1,2,-5,3,.,.,1,70\n\
         1,3,100,0,oral,5,0,70\n\
         1,4,0,2,.,.,1,70\n\
         1,5,0,3,.,.,1,70\n\
         1,6,100,4,oral,.,1,70\n",
    );
}

#[test]
fn stochastic_models_have_no_steady_states() {
    let mut manifest = manifest();
    manifest.kind = "sde".to_owned();
    check_with(
        "stochastic_steady_states",
        "ID,TIME,AMT,RATE,EVID,CMT,ADDL,II,SS,DV,WT\n\
         1,0,100,.,1,oral,.,12,0,.,70\n\
         1,5,100,.,1,oral,.,12,1,.,70\n\
         1,9,0,5,1,iv,.,.,1,.,70\n",
        &manifest,
        PLAIN,
    );
}

#[test]
fn impossible_steady_states_are_errors() {
    let header = "ID,TIME,AMT,RATE,EVID,CMT,ADDL,II,SS,DV,WT\n";
    check(
        "impossible_steady_states",
        &format!(
            "{header}\
             1,0,100,.,1,oral,.,12,3,.,70\n\
             1,1,100,.,1,oral,.,12,-1,.,70\n\
             1,2,100,.,1,oral,.,12,1.5,.,70\n\
             1,3,100,.,1,oral,2,.,1,.,70\n\
             1,4,100,5,4,iv,.,-12,2,.,70\n\
             1,5,.,.,0,.,.,12,1,5,70\n\
             1,6,.,.,2,.,.,12,1,.,70\n\
             1,7,.,.,3,.,.,.,2,.,70\n\
             1,8,0,5,1,iv,2,12,1,.,70\n\
             1,9,0,-2,1,iv,.,12,1,.,70\n\
             1,10,0,0,1,oral,.,12,1,.,70\n\
             1,11,0,-1,1,iv,.,.,1,.,70\n\
             1,12,0,5,1,oral,.,.,1,.,70\n\
             1,13,100,.,1,oral,-1,0,1,.,70\n\
             1,14,0,5,1,iv,2,12,0,.,70\n"
        ),
    );
    check("no_interval", "ID,TIME,AMT,SS,WT\n1,0,100,1,70\n");
}

#[test]
fn doses_that_fit_no_route_name_the_choices() {
    check(
        "routes",
        "ID,TIME,AMT,RATE,CMT,WT\n\
         1,0,10,0,7,70\n\
         1,0,10,0,orla,70\n\
         1,0,10,0,iv,70\n\
         1,0,10,0,2,70\n\
         1,0,10,5,1,70\n\
         1,0,10,0,1.5,70\n\
         1,0,10,0,-1,70\n",
    );
}

#[test]
fn without_cmt_the_only_fitting_route_is_taken() {
    check("no_cmt", "ID,TIME,AMT,RATE,WT\n1,0,10,0,70\n1,1,10,5,70\n");
}

#[test]
fn without_cmt_several_fitting_routes_are_ambiguous() {
    let mut manifest = manifest();
    manifest.routes[1].input = "both".to_owned();
    check_with("ambiguous", "ID,TIME,AMT,WT\n1,0,10,70\n", &manifest, PLAIN);
}

#[test]
fn declared_routes_go_before_states_open_to_doses() {
    let mut manifest = manifest();
    let open = |destination: u32, label: &str| Route {
        label: label.to_owned(),
        input: "both".to_owned(),
        destination: Some(destination),
        properties: Vec::new(),
        given_by_events: false,
        implicit: true,
    };
    manifest.routes.extend([open(0, "depot"), open(1, "central")]);
    let text = "ID,TIME,AMT,RATE,CMT,WT\n1,0,10,0,1,70\n1,1,10,0,2,70\n1,2,10,5,2,70\n1,3,10,5,depot,70\n";
    check_with("implicit", text, &manifest, PLAIN);
}

#[test]
fn covariates_are_checked() {
    check("covariate_absent", "ID,TIME,AMT,WGT\n1,0,10,70\n");
    check("covariates", "ID,TIME,AMT,WT,SEX\n1,0,10,70,0\n1,1,0,.,1\n2,0,10,.,.\n2,1,0,.,.\n3,0,10,60,2\n");
}

#[test]
fn columns_that_are_not_read_are_noted() {
    check("unread", "ID,TIME,AMT,WT,wt,AGE,CENS,C0\n1,0,10,70,1,30,0,0.1\n");
}

#[test]
fn a_column_given_twice_is_an_error() {
    check("twice", "ID,TIME,Time,AMT,WT\n1,0,0,10,70\n");
}

#[test]
fn subjects_that_appear_again_are_new_ones() {
    check("again", "ID,TIME,AMT,WT\n1,0,10,70\n2,0,10,70\n1,0,10,70\n");
}

#[test]
fn files_without_records_are_errors() {
    check("empty", "");
    check("no_header", "1,0,10\n");
    check("no_rows", "ID,TIME,WT\n");
}

#[test]
fn many_mistakes_are_counted() {
    let mut text = "ID,TIME,AMT,WT\n".to_owned();
    for _ in 0..1_000 {
        text.push_str("1,x,1,70\n");
    }
    let (dataset, diagnostics) = read_dataset(&text, &manifest(), PLAIN);
    assert!(dataset.is_none());
    let errors = diagnostics.iter().filter(|finding| finding.severity == Severity::Error);
    assert_eq!(errors.count(), 21);
    assert_eq!(diagnostics.iter().last().unwrap().message, "the data have 980 more mistakes");
}
