//! Rules of datasets that only show with a compiled model.

use pmc_host::Configuration;
use pmc_simulation::{DatasetOptions, PlotOptions, Predictions, Rows};
use pmc_tests::line::{dataset, plugin};

const ORAL: &str = "
name = oral
param ka = 1, cl = 5, v = 50
cov wt ATTRIBUTE = 70
state depot, central
bolus(oral) -> depot
ddt(depot) = -ka * depot
ddt(central) = ka * depot - cl * wt / 70 / v * central
out(cp) = central / v
";

fn predict(source: &str, data: &str) -> Result<Predictions, String> {
    let plugin = plugin(source);
    let (dataset, findings) =
        pmc_simulation::read_dataset(data, plugin.manifest(), DatasetOptions { ignore: None });
    let dataset = dataset.ok_or_else(|| format!("{findings:?}"))?;
    let mut model = plugin.model(&Configuration::default()).map_err(|error| error.to_string())?;
    pmc_simulation::predict(&mut *model, &dataset, Rows::Observations).map_err(|error| error.to_string())
}

fn values(source: &str, data: &str) -> Vec<f64> {
    let predictions = predict(source, data).unwrap_or_else(|error| panic!("{error}"));
    predictions.rows.iter().map(|row| row.values[0]).collect()
}

#[test]
fn covariates_outlive_a_reset_that_turns_time_back() {
    let data = "ID,TIME,AMT,EVID,WT\n1,0,100,1,140\n1,1,.,0,.\n1,0,100,4,.\n1,1,.,0,.\n";
    for attribute in ["", "@const", "@locf", "@nocb", "@linear"] {
        let values = values(&ORAL.replace("ATTRIBUTE", attribute), data);
        assert_eq!(values[0].to_bits(), values[1].to_bits(), "cov wt {attribute}");
    }
}

#[test]
fn a_covariate_carried_forward_starts_a_later_run_with_its_last_value() {
    let data = "ID,TIME,AMT,EVID,WT\n1,0,100,1,140\n1,1,.,0,.\n1,0,100,4,.\n1,1,.,0,.\n1,2,.,2,70\n";
    let values = values(&ORAL.replace("ATTRIBUTE", "@locf"), data);
    assert_eq!(values[0].to_bits(), values[1].to_bits());
}

#[test]
fn an_infusion_too_short_for_its_time_is_refused() {
    let model = "
name = short
state a
infusion(i) -> a
dur(i) = 1e-17
ddt(a) = 0
out(o) = a
";
    let error = predict(model, "ID,TIME,AMT,RATE\n1,2,10,-2\n1,3,.,.\n").expect_err("nothing could be given");
    let expected = "the duration of the route `i` is 0.000001, too little to be told apart at time 2";
    assert!(error.contains(expected), "{error}");
}

#[test]
fn a_picture_of_huge_values_ends() {
    let plugin = plugin("name = huge\nstate a\nddt(a) = 0\nout(o) = 1e307 * t\n");
    let dataset = dataset("ID,TIME,DV\n1,0,1e308\n1,100,-1e308\n", plugin.manifest());
    let mut model = plugin.model(&Configuration::default()).expect("the model has no parameters");
    let curves = pmc_simulation::curves(&mut *model, &dataset, 50).unwrap_or_default();
    let plot = pmc_simulation::draw_plot(plugin.manifest(), &dataset, &curves, &PlotOptions::default());
    assert!(plot.svg.ends_with("</svg>\n") || plot.svg.ends_with("</svg>"));
}

#[test]
fn whole_numbers_may_be_written_with_decimals() {
    let model = ORAL.replace("ATTRIBUTE", "");
    let plain = values(&model, "ID,TIME,AMT,EVID\n1,0,100,1\n1,1,.,0\n");
    let decimals = values(&model, "ID,TIME,AMT,EVID\n1,0.0,100.0,1.0\n1,1.0,.,0.0\n");
    assert_eq!(plain, decimals);
    assert!(predict(&model, "ID,TIME,AMT,EVID\n1,0,100,1.5\n").is_err());
}

#[test]
fn a_comment_does_not_choose_the_separator() {
    let data = "# times; after; the first dose\nID,TIME,AMT\n1,0,100\n1,1,.\n";
    assert_eq!(values(&ORAL.replace("ATTRIBUTE", ""), data).len(), 1);
}
