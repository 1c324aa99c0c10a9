//! Pictures of predictions over observations.

mod closed_form;
mod support;

use core::fmt::Write;

use closed_form::OneCompartment;
use pmc_host::Model;
use pmc_simulation::{Dataset, DatasetOptions, Plot, PlotOptions, curves, draw_plot, read_dataset};

fn dataset(text: &str, model: &OneCompartment) -> Dataset {
    let (dataset, diagnostics) = read_dataset(text, model.manifest(), DatasetOptions { ignore: None });
    dataset.unwrap_or_else(|| panic!("{diagnostics:?}"))
}

fn study(subjects: usize) -> String {
    let mut text = String::from("ID,TIME,AMT,ADDL,II,DV\n");
    for subject in 1..=subjects {
        let scatter = 1.0 + 0.1 * (subject % 5) as f64;
        writeln!(text, "{subject},0,{},2,12,.", 100 * subject).expect("a string takes everything");
        for (time, level) in [(0.5, 9.0), (2.0, 8.1), (6.0, 5.5), (12.0, 3.2), (24.5, 13.0), (36.0, 4.0)] {
            let value = level * scatter * subject as f64;
            writeln!(text, "{subject},{time},.,.,.,{value}").expect("a string takes everything");
        }
    }
    text
}

fn picture(text: &str, options: &PlotOptions) -> Plot {
    let mut model = OneCompartment::new(0.1, 10.0);
    let data = dataset(text, &model);
    let curves = curves(&mut model, &data, 200).expect("the closed form has a value everywhere");
    draw_plot(model.manifest(), &data, &curves, options)
}

#[test]
fn a_picture_is_the_same_each_time() {
    let text = study(3);
    assert_eq!(picture(&text, &PlotOptions::default()), picture(&text, &PlotOptions::default()));
}

#[test]
fn every_subject_has_a_panel_with_its_curve_and_observations() {
    let svg = picture(&study(3), &PlotOptions::default()).svg;
    for subject in 1..=3 {
        assert!(svg.contains(&format!("Subject {subject}\n")), "{subject}");
    }
    assert_eq!(svg.matches("stroke-width=\"16\"").count(), 3, "one curve a panel");
    let dots = svg.matches("r=\"28\"").count();
    assert_eq!(dots, 3 * 6 + 1, "one dot an observation, one in the legend");
    assert!(svg.contains("time [h]") && svg.contains("cp [mg/L]"));
}

#[test]
fn quantiles_are_lines_of_their_own() {
    let mut model = OneCompartment::new(0.1, 10.0);
    let data = dataset(&study(2), &model);
    let mut curves = curves(&mut model, &data, 20).expect("the closed form has a value everywhere");
    for (_, values) in curves.iter_mut().flat_map(|curve| &mut curve.points) {
        let mean = values[0];
        values.extend([0.5 * mean, 2.0 * mean]);
    }
    let svg = draw_plot(model.manifest(), &data, &curves, &PlotOptions::default()).svg;
    assert_eq!(svg.matches("stroke-width=\"16\"").count(), 2, "one mean a panel");
    assert_eq!(
        svg.matches("stroke=\"#8CC4E3\"").count(),
        2 * 2 + 1,
        "two quantiles a panel, one in the legend"
    );
}

#[test]
fn a_value_that_is_none_interrupts_the_line() {
    let mut model = OneCompartment::new(0.1, 10.0);
    let data = dataset("ID,TIME,AMT,DV\n1,0,100,.\n1,10,.,1\n", &model);
    let mut curves = curves(&mut model, &data, 20).expect("the closed form has a value everywhere");
    for (_, values) in curves[0].points.iter_mut().filter(|(time, _)| (4.0..6.0).contains(time)) {
        values[0] = f64::NAN;
    }
    let svg = draw_plot(model.manifest(), &data, &curves, &PlotOptions::default()).svg;
    assert_eq!(svg.matches("stroke-width=\"16\"").count(), 2, "a line on each side of the gap");
    assert!(!svg.contains("NaN"));
}

#[test]
fn panels_beyond_the_limit_are_left_out_and_said_so() {
    let plot = picture(&study(30), &PlotOptions::default());
    assert_eq!(plot.remark.as_deref(), Some("24 of 30 subjects are drawn"));
    assert!(plot.svg.contains("24 of 30 subjects are drawn"));
    assert!(!plot.svg.contains("Subject 25"));
}

#[test]
fn names_from_the_data_are_escaped() {
    let svg = picture("ID,TIME,AMT,DV\n<a&b>,0,1,.\n<a&b>,1,.,1\n", &PlotOptions::default()).svg;
    assert!(svg.contains("Subject &lt;a&amp;b&gt;"), "{svg}");
}

#[test]
fn ticks_are_round_numbers() {
    let svg = picture(&study(1), &PlotOptions::default()).svg;
    let texts: Vec<&str> =
        svg.lines().filter(|line| !line.starts_with('<') && !line.is_empty()).map(str::trim).collect();
    insta::with_settings!({
        snapshot_path => "../../snapshots/data",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, { insta::assert_snapshot!("plot_texts", texts.join("\n")) });
}

#[test]
fn a_picture_without_observations_or_length_is_drawn() {
    let svg = picture("ID,TIME,AMT,DV\n1,5,10,.\n", &PlotOptions::default()).svg;
    assert!(svg.ends_with("</svg>\n") && !svg.contains("NaN"), "{svg}");
}
