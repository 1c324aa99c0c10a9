//! Predictions of datasets, and tables of them.

mod closed_form;
mod support;

use core::fmt::Write;

use closed_form::OneCompartment;
use pmc_host::Model;
use pmc_simulation::{
    Dataset, DatasetOptions, Predictions, Rows, batches, columns, curves, curves_of_batch, predict,
    read_dataset, table_head, table_piece, to_csv,
};

fn dataset(text: &str, model: &OneCompartment) -> Dataset {
    let (dataset, diagnostics) = read_dataset(text, model.manifest(), DatasetOptions { ignore: None });
    dataset.unwrap_or_else(|| panic!("{diagnostics:?}"))
}

const DATA: &str = "ID,TIME,AMT,ADDL,II,DV\n1,0,100,1,2,.\n1,1,.,.,.,5\n1,2,.,.,.,5\n\"a,b\",0,.,.,.,0\n\"a,b\",1,10,.,.,.\n\"a,b\",1,.,.,.,1\n";

#[test]
fn observations_are_predicted_in_file_order() {
    let mut model = OneCompartment::new(0.5, 10.0);
    let data = dataset(DATA, &model);
    let predictions = predict(&mut model, &data, Rows::Observations).unwrap();
    let half = pmc_math::exp(-0.5);
    let times: Vec<(u64, f64)> = predictions.rows.iter().map(|row| (row.row, row.time)).collect();
    assert_eq!(times, [(3, 1.0), (4, 2.0), (5, 0.0), (7, 1.0)]);
    let values: Vec<f64> = predictions.rows.iter().map(|row| row.values[0]).collect();
    assert_eq!(values[0], 100.0 * half / 10.0);
    assert!((values[1] - (10.0 * half * half + 10.0)).abs() < 1e-12, "the additional dose is given first");
    assert_eq!(values[2..], [0.0, 1.0]);
}

#[test]
fn all_rows_can_be_predicted() {
    let mut model = OneCompartment::new(0.5, 10.0);
    let data = dataset(DATA, &model);
    let predictions = predict(&mut model, &data, Rows::All).unwrap();
    assert_eq!(predictions.rows.iter().map(|row| row.row).collect::<Vec<_>>(), [2, 3, 4, 5, 6, 7]);
}

#[test]
fn a_reset_may_turn_time_back() {
    let mut model = OneCompartment::new(0.5, 10.0);
    let text = "ID,TIME,AMT,EVID,DV\n1,0,100,1,.\n1,5,.,0,1\n1,0,50,4,.\n1,0,.,0,1\n1,0,.,3,.\n1,1,.,0,1\n";
    let data = dataset(text, &model);
    let predictions = predict(&mut model, &data, Rows::Observations).unwrap();
    let values: Vec<f64> = predictions.rows.iter().map(|row| row.values[0]).collect();
    assert_eq!(values, [10.0 * pmc_math::exp(-2.5), 5.0, 0.0]);
}

#[test]
fn every_failing_subject_is_reported() {
    let mut model = OneCompartment::new(0.5, 10.0);
    let text = "ID,TIME,AMT,DV\n1,0,1e7,.\n1,1,.,1\n2,0,1,.\n2,1,.,1\n3,0,1e8,.\n3,1,.,1\n";
    let data = dataset(text, &model);
    let error = predict(&mut model, &data, Rows::Observations).unwrap_err();
    assert_eq!(error.to_string(), "subject 1: too large a dose\nsubject 3: too large a dose");
    let codes: Vec<String> = error.to_diagnostics().iter().map(|finding| finding.code.to_string()).collect();
    assert_eq!(codes, ["PK2018", "PK2018"]);
}

#[test]
fn curves_show_both_sides_of_a_jump() {
    let mut model = OneCompartment::new(0.5, 10.0);
    let text = "ID,TIME,AMT,DV\n1,0,100,.\n1,4,100,.\n1,8,.,1\n";
    let data = dataset(text, &model);
    let curves = curves(&mut model, &data, 8).unwrap();
    let times: Vec<f64> = curves[0].points.iter().map(|(time, _)| *time).collect();
    assert_eq!(times, [0.0, 1.0, 2.0, 3.0, 4.0, 4.0, 5.0, 6.0, 7.0, 8.0]);
    let at_four: Vec<f64> =
        curves[0].points.iter().filter(|(time, _)| *time == 4.0).map(|(_, values)| values[0]).collect();
    assert_eq!(at_four[1] - at_four[0], 10.0);
}

#[test]
fn values_that_are_none_are_missing_in_the_table() {
    let mut model = OneCompartment::new(0.5, 10.0);
    model.stop = 1.0;
    let data = dataset("ID,TIME,AMT,DV\n1,0,100,.\n1,1,.,5\n1,2,.,5\n", &model);
    let mut predictions = predict(&mut model, &data, Rows::All).unwrap();
    assert!(to_csv(&predictions).ends_with("\n1,2,NA\n"), "{}", to_csv(&predictions));
    predictions.rows[0].values[0] = f64::NEG_INFINITY;
    predictions.rows[1].values[0] = f64::INFINITY;
    assert_eq!(to_csv(&predictions), "id,time,cp\n1,0,-Inf\n1,1,Inf\n1,2,NA\n");
}

#[test]
fn warnings_name_the_first_subjects_that_they_concern() {
    let mut model = OneCompartment::new(0.5, 10.0);
    let mut text = String::from("ID,TIME,AMT,SS,II,EVID\n");
    for subject in 1..=8 {
        let interval = if subject == 2 { 12.0 } else { 0.5 };
        writeln!(text, "{subject},5,10,1,{interval},1\n{subject},0,.,.,.,3\n{subject},1,.,.,.,0").unwrap();
    }
    let data = dataset(&text, &model);
    let predictions = predict(&mut model, &data, Rows::Observations).unwrap();
    let findings: Vec<String> =
        predictions.to_diagnostics().iter().map(|finding| finding.message.clone()).collect();
    let expected = "subjects 1, 3, 4, 5, 6 and 2 more: a lag time is as long as the interval II of a steady state or longer";
    assert_eq!(findings, [expected]);
    let alone = Predictions { warnings: predictions.warnings[..1].to_vec(), ..predictions.clone() };
    let message = alone.to_diagnostics().iter().map(|finding| finding.message.clone()).collect::<String>();
    assert!(message.starts_with("subject 1: a lag time"), "{message}");
    assert!(Predictions { warnings: Vec::new(), ..predictions }.to_diagnostics().is_empty());
}

#[test]
fn tables_hold_numbers_that_read_back_to_the_same_bits() {
    let mut model = OneCompartment::new(0.3, 7e12);
    let data = dataset(DATA, &model);
    let predictions = predict(&mut model, &data, Rows::Observations).unwrap();
    let table = to_csv(&predictions);
    let mut lines = table.lines();
    assert_eq!(lines.next(), Some("id,time,cp"));
    for (line, row) in lines.zip(&predictions.rows) {
        let value: f64 = line.rsplit(',').next().unwrap().parse().unwrap();
        assert_eq!(value.to_bits(), row.values[0].to_bits(), "{line}");
    }
    assert!(table.contains("\n\"a,b\",1,1.4285714285714285e-12\n"), "{table}");
    assert!(table.ends_with('\n'));
}

/// Makes data of so many subjects; of every third one a reset turns time back.
fn population(subjects: usize) -> String {
    let mut text = String::from("ID,TIME,AMT,EVID\n");
    for subject in 1..=subjects {
        writeln!(text, "s{subject},0,{subject},1\ns{subject},1,.,0").expect("a string takes everything");
        if subject.is_multiple_of(3) {
            writeln!(text, "s{subject},0,1,4\ns{subject},0.5,.,0").expect("a string takes everything");
        }
    }
    text
}

#[test]
fn the_pieces_of_a_table_are_the_whole() {
    let mut model = OneCompartment::new(0.5, 10.0);
    let data = dataset(&population(10_000), &model);
    let whole = to_csv(&predict(&mut model, &data, Rows::Observations).unwrap());
    let ids: Vec<&str> = whole.lines().skip(1).map(|line| line.split(',').next().unwrap()).collect();
    assert_eq!(ids.len(), 10_000 + 3_333);
    assert!(ids.is_sorted_by_key(|id| id[1..].parse::<u32>().unwrap()), "in the order of the data");
    let mut joined = table_head(&columns(&model));
    for batch in batches(&data, 0..usize::MAX) {
        assert!(batch.len() <= 64 && !batch.is_empty());
        // A fresh model for each, as threads have.
        let mut model = OneCompartment::new(0.5, 10.0);
        joined += &table_piece(&mut model, batch, Rows::Observations).text;
        let resets = model.together[0] - batch.len();
        assert!(model.together.len() == 1 && resets.abs_diff(batch.len() / 3) <= 1, "in one call");
    }
    assert!(joined == whole);
}

#[test]
fn batches_hold_the_chosen_subjects_and_are_many() {
    let model = OneCompartment::new(0.5, 10.0);
    let sizes = |subjects, chosen| -> Vec<usize> {
        batches(&dataset(&population(subjects), &model), chosen).map(|batch| batch.len()).collect()
    };
    assert_eq!(sizes(12, 0..12), [1; 12]);
    assert_eq!(sizes(130, 0..130), [vec![3; 43], vec![1]].concat());
    assert_eq!(sizes(5_000, 0..5_000), [vec![64; 78], vec![8]].concat());
    assert_eq!(sizes(5_000, 4_990..9_000), [1; 10]);
    assert!(sizes(5, 7..9).is_empty() && sizes(5, 2..2).is_empty());
}

#[test]
fn failures_and_warnings_of_pieces_are_those_of_their_subjects() {
    let mut model = OneCompartment::new(0.5, 10.0);
    let mut text = String::from("ID,TIME,AMT,EVID,SS,II\n");
    for subject in [1, 3] {
        writeln!(text, "{subject},0,1e7,1,.,.\n{subject},1,.,0,.,.\n{subject},0,1e8,4,.,.").unwrap();
        writeln!(text, "{0},0,1,1,1,0.5\n{0},1,.,0,.,.", subject + 1).unwrap();
    }
    let data = dataset(&text, &model);
    let pieces: Vec<_> =
        batches(&data, 0..4).map(|batch| table_piece(&mut model, batch, Rows::Observations)).collect();
    let failed: Vec<Vec<&str>> = pieces
        .iter()
        .map(|piece| piece.failures.iter().map(|failure| failure.id.as_str()).collect())
        .collect();
    assert_eq!(failed, [vec!["1"], vec![], vec!["3"], vec![]]);
    let warned: Vec<usize> = pieces.iter().map(|piece| piece.warnings.len()).collect();
    assert_eq!(warned, [0, 1, 0, 1]);
    assert!(pieces[0].text.is_empty() && pieces[1].text.starts_with("2,1,"));
    let errors = batches(&data, 0..4).filter_map(|batch| curves_of_batch(&mut model, batch, 4).err());
    assert_eq!(errors.map(|error| error.failures.len()).sum::<usize>(), 2, "each subject fails once");
}

#[test]
fn curves_of_a_batch_know_their_subjects() {
    let mut model = OneCompartment::new(0.5, 10.0);
    let data = dataset(&population(200), &model);
    let whole = curves(&mut model, &data, 3).unwrap();
    let mut pieces = Vec::new();
    for batch in batches(&data, 0..200) {
        pieces.extend(curves_of_batch(&mut model, batch, 3).unwrap());
    }
    assert_eq!(pieces, whole);
    let subjects: Vec<usize> = whole.iter().map(|curve| curve.subject).collect();
    assert_eq!((subjects.len(), subjects[..5].to_vec()), (266, vec![0, 1, 2, 2, 3]));
}
