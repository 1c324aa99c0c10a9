//! Pictures: predicted curves over observations, one panel a subject.

mod canvas;
mod layout;
mod panel;
mod ticks;

use pmc_abi::manifest::Manifest;

use crate::dataset::{Dataset, Event};
use crate::predict::Curve;
use canvas::{Anchor, Canvas, Ink, Text};
use layout::Layout;
use panel::{Axes, Panel};

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
    let panels: Vec<Panel> =
        (0..shown).map(|subject| Panel::collect(dataset, subject, curves, output)).collect();
    let total = dataset.subjects.len();
    let remark = (shown < total).then(|| format!("{shown} of {total} subjects are drawn"));
    let axes = Axes::around(&panels, manifest.time_unit.as_deref());
    let layout = Layout::new(panels.len(), axes.widest_label());
    let mut svg = String::new();
    {
        let mut canvas = Canvas::new(&mut svg, layout.width, layout.height);
        draw_head(&mut canvas, &layout, manifest, remark.as_deref());
        draw_axis_titles(&mut canvas, &layout, manifest, output);
        for (index, panel) in panels.iter().enumerate() {
            panel.draw(&mut canvas, &axes, &layout, index);
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

/// Draws the title and the legend.
fn draw_head(canvas: &mut Canvas<'_>, layout: &Layout, manifest: &Manifest, remark: Option<&str>) {
    let title = Text { size: 16.0, bold: true, ..Text::plain(Ink::Black) };
    canvas.text(&manifest.name, layout.left, 24.0, title);
    if let Some(remark) = remark {
        canvas.text(remark, layout.left, 42.0, Text::plain(Ink::Grey));
    }
    let mut x = layout.width - layout.right;
    let y = 20.0;
    let label = Text { anchor: Anchor::Right, ..Text::plain(Ink::Black) };
    for (name, entry) in [("dose", 0), ("observed", 1), ("predicted", 2)] {
        canvas.text(name, x, y + 4.0, label);
        x -= canvas::text_width(name, label.size) + 10.0;
        match entry {
            0 => panel::draw_dose(canvas, x, y + 5.0),
            1 => panel::draw_observation(canvas, x, y),
            _ => canvas.path(&[(x - 18.0, y), (x, y)], Ink::Blue, 2.0),
        }
        x -= if entry == 2 { 36.0 } else { 22.0 };
    }
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
