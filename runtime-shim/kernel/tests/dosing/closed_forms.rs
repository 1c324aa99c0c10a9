//! Solutions that can be written down.

use pmc_abi::schedule::{Record, modelled};

use crate::models::{Disposition, ORAL, Oral};
use crate::support::{Subject, assert_close, bolus, infusion, run};

const K: f64 = 1.1 / 20.0;
const V: f64 = 20.0;
const KA: f64 = 1.5;

fn grid() -> impl Iterator<Item = f64> + Clone {
    (0..60).map(|step| f64::from(step) * 0.8)
}

/// Concentration at a time after a bolus of 100.
fn after_bolus(t: f64) -> f64 {
    if t < 0.0 { 0.0 } else { 100.0 / V * (-K * t).exp() }
}

/// Concentration at a time after 100 entered the depot.
fn after_depot(t: f64) -> f64 {
    if t < 0.0 { 0.0 } else { 100.0 / V * KA / (KA - K) * ((-K * t).exp() - (-KA * t).exp()) }
}

/// Concentration at a time after the start of an infusion.
fn after_infusion(t: f64, rate: f64, duration: f64) -> f64 {
    if t < 0.0 {
        return 0.0;
    }
    let during = t.min(duration);
    rate / (K * V) * (1.0 - (-K * during).exp()) * (-K * (t - during)).exp()
}

fn with(changes: &[(usize, f64)]) -> [f64; 8] {
    let mut parameters = ORAL;
    for (index, value) in changes {
        parameters[*index] = *value;
    }
    parameters
}

#[test]
fn a_bolus_decays() {
    let subject = Subject::new().record(bolus(0.0, 1, 100.0)).observe(grid());
    assert_close(&run(&Oral, &ORAL, &subject), grid().map(after_bolus), 1e-6);
}

#[test]
fn a_depot_empties_into_the_central_compartment() {
    let subject = Subject::new().record(bolus(0.0, 0, 100.0)).observe(grid());
    assert_close(&run(&Oral, &ORAL, &subject), grid().map(after_depot), 1e-6);
}

#[test]
fn an_infusion_rises_and_decays() {
    let subject = Subject::new().record(infusion(0.0, 1, 100.0, 8.0)).observe(grid());
    let expected = grid().map(|t| after_infusion(t, 8.0, 12.5));
    assert_close(&run(&Oral, &ORAL, &subject), expected, 1e-6);
}

#[test]
fn two_compartments_follow_two_exponentials() {
    let (elimination, outwards, back) = (0.2, 0.6, 0.15);
    let subject = Subject::new().record(bolus(0.0, 0, 100.0)).observe(grid());
    let sum: f64 = elimination + outwards + back;
    let root = (sum * sum - 4.0 * elimination * back).sqrt();
    let (fast, slow) = (f64::midpoint(sum, root), f64::midpoint(sum, -root));
    let expected = grid().map(|t| {
        let weights = ((fast - back) / (fast - slow), (back - slow) / (fast - slow));
        100.0 * (weights.0 * (-fast * t).exp() + weights.1 * (-slow * t).exp())
    });
    assert_close(&run(&Disposition, &[elimination, outwards, back], &subject), expected, 1e-6);
}

#[test]
fn lag_shifts_bolus_and_infusion() {
    let parameters = with(&[(3, 3.25)]);
    let subject = Subject::new()
        .record(bolus(0.0, 1, 100.0))
        .record(infusion(1.0, 1, 100.0, 20.0))
        .observe(grid().map(|t| t + 1.0));
    let expected = grid().map(|t| after_bolus(t - 2.25) + after_infusion(t - 3.25, 20.0, 5.0));
    assert_close(&run(&Oral, &parameters, &subject), expected, 1e-6);
}

#[test]
fn bioavailability_scales_a_bolus_and_shortens_an_infusion() {
    let parameters = with(&[(4, 0.4)]);
    let subject = Subject::new().record(bolus(0.0, 1, 100.0)).observe(grid());
    assert_close(&run(&Oral, &parameters, &subject), grid().map(|t| 0.4 * after_bolus(t)), 1e-6);
    let subject = Subject::new().record(infusion(0.0, 1, 100.0, 8.0)).observe(grid());
    let expected = grid().map(|t| after_infusion(t, 8.0, 5.0));
    assert_close(&run(&Oral, &parameters, &subject), expected, 1e-6);
}

#[test]
fn a_modelled_duration_fixes_the_length_and_a_modelled_rate_the_rate() {
    let parameters = with(&[(4, 0.5), (5, 12.5), (6, 7.0)]);
    let subject = Subject::new().record(infusion(0.0, 1, 100.0, modelled::DURATION)).observe(grid());
    let expected = grid().map(|t| after_infusion(t, 50.0 / 7.0, 7.0));
    assert_close(&run(&Oral, &parameters, &subject), expected, 1e-6);
    let subject = Subject::new().record(infusion(0.0, 1, 100.0, modelled::RATE)).observe(grid());
    let expected = grid().map(|t| after_infusion(t, 12.5, 4.0));
    assert_close(&run(&Oral, &parameters, &subject), expected, 1e-6);
}

#[test]
fn nothing_is_infused_where_nothing_is_available() {
    let parameters = with(&[(4, 0.0)]);
    let subject = Subject::new().record(infusion(0.0, 1, 100.0, 8.0)).observe([1.0]);
    let found = run(&Oral, &parameters, &subject);
    assert_eq!(found, [[0.0, 1.0, 1.0, 0.0]]);
}

#[test]
fn additional_doses_repeat_with_lag_and_bioavailability() {
    let parameters = with(&[(3, 1.5), (4, 0.8)]);
    let train = Record { interval: 6.0, additional: 5, ..bolus(0.0, 1, 100.0) };
    let subject = Subject::new().record(train).observe(grid());
    let expected =
        grid().map(|t| (0..6).map(|dose| 0.8 * after_bolus(t - 1.5 - 6.0 * f64::from(dose))).sum::<f64>());
    assert_close(&run(&Oral, &parameters, &subject), expected, 1e-6);
}

#[test]
fn overlapping_infusions_add_up() {
    let train = Record { interval: 4.0, additional: 6, ..infusion(0.0, 1, 100.0, 8.0) };
    let subject = Subject::new().record(train).observe(grid());
    let expected =
        grid().map(|t| (0..7).map(|dose| after_infusion(t - 4.0 * f64::from(dose), 8.0, 12.5)).sum::<f64>());
    assert_close(&run(&Oral, &ORAL, &subject), expected, 1e-6);
}

#[test]
fn doses_superpose() {
    let doses = [bolus(0.0, 0, 100.0), infusion(3.0, 1, 60.0, 30.0), bolus(7.5, 1, 40.0)];
    let times = || grid().map(|t| t + 10.0);
    let all = doses.iter().fold(Subject::new(), |subject, dose| subject.record(*dose)).observe(times());
    let mut sum = vec![0.0; times().count()];
    for dose in doses {
        let alone = run(&Oral, &ORAL, &Subject::new().record(dose).observe(times()));
        sum.iter_mut().zip(alone).for_each(|(sum, row)| *sum += row[0]);
    }
    assert_close(&run(&Oral, &ORAL, &all), sum, 1e-6);
}

#[test]
fn initial_values_decay_from_the_first_record() {
    let parameters = with(&[(7, 100.0)]);
    let subject = Subject::new().observe(grid().map(|t| t + 5.0));
    assert_close(&run(&Oral, &parameters, &subject), grid().map(after_bolus), 1e-6);
}
