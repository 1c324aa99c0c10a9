//! Pictures: predicted curves over observations, one panel a subject.

mod canvas;
mod layout;
mod panel;
mod ticks;

use pmc_abi::manifest::Manifest;

use crate::curves::Curve;
use crate::dataset::{Dataset, Event};
use canvas::{Anchor, Canvas, Ink, Text};
use layout::Layout;
use panel::Panel;

/// What is to be drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlotOptions {
    /// Index of the output; if absent, the first one that was observed, or else the first.
    pub output: Option<usize>,
    /// Most panels; further subjects are left out, and the picture says so.
    pub panels: usize,
}

impl Default for PlotOptions {
    /// Draws the first observed output of up to 24 subjects.
    fn default() -> Self {
        Self { output: None, panels: 24 }
    }
}

/// A picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plot {
    /// The picture as SVG.
    pub svg: String,
    /// What it leaves out.
    pub remark: Option<String>,
}

/// Draws the curves of one output over its observations, one panel a subject with common axes.
pub fn draw_plot(manifest: &Manifest, dataset: &Dataset, curves: &[Curve], options: &PlotOptions) -> Plot {
    let output = options.output.unwrap_or_else(|| first_observed(dataset));
    let shown = dataset.subjects.len().min(options.panels.max(1));
    let outputs = manifest.outputs.len();
    let panels: Vec<Panel> =
        (0..shown).map(|subject| Panel::collect(dataset, subject, curves, output, outputs)).collect();
    let total = dataset.subjects.len();
    let remark = (shown < total).then(|| format!("{shown} of {total} subjects are drawn"));
    let (axes, numbers) = panel::axes(&panels, manifest.time_unit.as_deref());
    let label = axes.iter().map(panel::Axes::widest_label).fold(0.0, f64::max);
    let layout = Layout::new(panels.len(), label, numbers);
    let mut svg = String::new();
    {
        let mut canvas = Canvas::new(&mut svg, layout.width, layout.height);
        draw_head(&mut canvas, &layout, manifest, remark.as_deref());
        draw_legend(&mut canvas, &layout, &panels);
        draw_axis_titles(&mut canvas, &layout, manifest, output);
        for (index, (panel, axes)) in panels.iter().zip(&axes).enumerate() {
            panel.draw(&mut canvas, axes, &layout, index);
        }
    }
    Plot { svg: canvas::finish(&svg, layout.width, layout.height), remark }
}

fn first_observed(dataset: &Dataset) -> usize {
    let records = dataset.subjects.iter().flat_map(|subject| &subject.records);
    records
        .filter_map(|record| match record.event {
            Event::Observation(seen) => seen.value.and(seen.output),
            _ => None,
        })
        .min()
        .unwrap_or_default()
}

/// Draws the title and what the picture leaves out.
fn draw_head(canvas: &mut Canvas<'_>, layout: &Layout, manifest: &Manifest, remark: Option<&str>) {
    let title = Text { size: 16.0, bold: true, ..Text::plain(Ink::Black) };
    canvas.text(&manifest.name, layout.left, 24.0, title);
    if let Some(remark) = remark {
        canvas.text(remark, layout.left, 42.0, Text::plain(Ink::Grey));
    }
}

/// Draws the legend of what the panels hold, from right to left.
fn draw_legend(canvas: &mut Canvas<'_>, layout: &Layout, panels: &[Panel]) {
    let look = Text::plain(Ink::Black);
    let y = 20.0;
    let mut x = layout.width - layout.right;
    let mut entry = |canvas: &mut Canvas<'_>, name: &str, mark: f64| {
        x -= canvas::text_width(name, look.size);
        canvas.text(name, x, y + 4.0, look);
        let middle = x - 6.0 - mark / 2.0;
        x = middle - mark / 2.0 - 18.0;
        middle
    };
    if panels.iter().any(Panel::has_doses) {
        let middle = entry(canvas, "dose", 7.0);
        panel::draw_dose(canvas, middle, y + 4.0);
    }
    if panels.iter().any(Panel::has_observations) {
        let middle = entry(canvas, "observed", 7.0);
        panel::draw_observation(canvas, middle, y);
    }
    if panels.iter().any(Panel::has_quantiles) {
        let middle = entry(canvas, "quantiles", 20.0);
        canvas.path(&[(middle - 10.0, y), (middle + 10.0, y)], Ink::Sky, 1.4);
    }
    let middle = entry(canvas, "predicted", 20.0);
    canvas.path(&[(middle - 10.0, y), (middle + 10.0, y)], Ink::Blue, 2.0);
}

fn draw_axis_titles(canvas: &mut Canvas<'_>, layout: &Layout, manifest: &Manifest, output: usize) {
    let with_unit = |name: &str, unit: Option<&str>| match unit {
        Some(unit) => format!("{name} [{unit}]"),
        None => name.to_owned(),
    };
    let style = Text { size: 13.0, anchor: Anchor::Centre, ..Text::plain(Ink::Black) };
    let time = with_unit("time", manifest.time_unit.as_deref());
    canvas.text(&time, layout.middle_x(), layout.height - 12.0, style);
    if let Some(output) = manifest.outputs.get(output) {
        let title = with_unit(&output.name, output.unit.as_deref());
        canvas.text(&title, 20.0, layout.middle_y(), Text { upright: true, ..style });
    }
}
