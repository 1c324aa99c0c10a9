//! One subject.

use super::canvas::{Anchor, Canvas, Ink, Text, text_width};
use super::layout::{Frame, Layout, Numbers};
use super::ticks::Scale;
use crate::curves::Curve;
use crate::dataset::{Dataset, Dose, Event};

/// Size of the numbers at ticks.
const NUMBERS: f64 = 11.0;

/// Most marks for the doses of one record.
const DOSES: u32 = 500;

/// What one panel shows.
pub(crate) struct Panel {
    title: String,
    lines: Vec<Vec<(f64, f64)>>,
    /// Quantiles of a stochastic model.
    quantiles: Vec<Vec<(f64, f64)>>,
    observations: Vec<(f64, f64)>,
    doses: Vec<f64>,
}

/// The axes of one panel.
pub(crate) struct Axes {
    time: Scale,
    value: Scale,
}

/// A panel whose values stay below this part of the highest of all gives each panel an axis of its own.
const COMPARABLE: f64 = 0.05;

/// Makes the axes of each panel: a common one of time, and a common one of values if all are comparable.
pub(crate) fn axes(panels: &[Panel], time_unit: Option<&str>) -> (Vec<Axes>, Numbers) {
    // Small panels have room for fewer numbers.
    let (across, up) = if panels.len() == 1 { (9, 7) } else { (5, 5) };
    let (start, end) = range(panels.iter().flat_map(Panel::points).map(|(time, _)| time));
    let (low, high) = range(panels.iter().flat_map(Panel::points).map(|(_, value)| value));
    let own: Vec<(f64, f64)> =
        panels.iter().map(|panel| range(panel.points().map(|(_, value)| value))).collect();
    let comparable = own.iter().all(|(_, most)| COMPARABLE * high <= *most);
    let axes = own.into_iter().map(|own| {
        let (low, high) = if comparable { (low, high) } else { own };
        Axes { time: Scale::of_time(start, end, across, time_unit), value: Scale::of_values(low, high, up) }
    });
    (axes.collect(), if comparable { Numbers::OfRow } else { Numbers::OfPanel })
}

/// Returns the least and the greatest of some numbers; 0 and 1 if there are none.
fn range(numbers: impl Iterator<Item = f64>) -> (f64, f64) {
    numbers
        .fold(None, |range: Option<(f64, f64)>, number| {
            let (low, high) = range.unwrap_or((number, number));
            Some((low.min(number), high.max(number)))
        })
        .unwrap_or((0.0, 1.0))
}

impl Axes {
    /// Returns the width of the widest number beside the panel, in pixels.
    pub(crate) fn widest_label(&self) -> f64 {
        self.value.ticks.iter().map(|(_, text)| text_width(text, NUMBERS)).fold(0.0, f64::max)
    }
}

impl Panel {
    /// Takes what belongs to a subject and an output.
    ///
    /// `outputs` is the number of outputs: behind each of them stand those of the quantiles.
    pub(crate) fn collect(
        dataset: &Dataset,
        subject: usize,
        curves: &[Curve],
        output: usize,
        outputs: usize,
    ) -> Self {
        let mut panel = Self {
            title: String::new(),
            lines: Vec::new(),
            quantiles: Vec::new(),
            observations: Vec::new(),
            doses: Vec::new(),
        };
        for curve in curves.iter().filter(|curve| curve.subject == subject) {
            panel.lines.extend(pieces(curve, output));
            let width = curve.points.first().map_or(0, |(_, values)| values.len());
            let quantiles = (output + outputs..width).step_by(outputs.max(1));
            panel.quantiles.extend(quantiles.flat_map(|index| pieces(curve, index)));
        }
        let Some(subject) = dataset.subjects.get(subject) else { return panel };
        panel.title = format!("Subject {}", subject.id);
        for record in &subject.records {
            match record.event {
                Event::Observation(seen) if seen.output == Some(output) => {
                    panel.observations.extend(seen.value.map(|value| (record.time, value)));
                }
                Event::Dose(dose) | Event::ResetAndDose(dose) => {
                    panel.doses.extend(times(record.time, dose));
                }
                _ => {}
            }
        }
        panel
    }

    /// Returns whether the panel shows an observation.
    pub(crate) fn has_observations(&self) -> bool {
        !self.observations.is_empty()
    }

    /// Returns whether the panel shows quantiles.
    pub(crate) fn has_quantiles(&self) -> bool {
        !self.quantiles.is_empty()
    }

    /// Returns whether the panel shows a dose.
    pub(crate) fn has_doses(&self) -> bool {
        !self.doses.is_empty()
    }

    fn points(&self) -> impl Iterator<Item = (f64, f64)> {
        self.lines.iter().chain(&self.quantiles).flatten().chain(&self.observations).copied()
    }

    /// Draws the panel with its axes.
    pub(crate) fn draw(&self, canvas: &mut Canvas<'_>, axes: &Axes, layout: &Layout, index: usize) {
        let frame = layout.frame(index);
        let x = |time: f64| frame.left + axes.time.place(time) * (frame.right - frame.left);
        let y = |value: f64| frame.bottom - axes.value.place(value) * (frame.bottom - frame.top);
        draw_grid(canvas, axes, &frame, x, y);
        self.draw_title(canvas, &frame);
        for time in self.doses.iter().filter(|time| (axes.time.low..=axes.time.high).contains(*time)) {
            draw_dose(canvas, x(*time), frame.bottom);
        }
        let quantiles = self.quantiles.iter().map(|line| (line, Ink::Sky, 1.0));
        for (line, ink, width) in quantiles.chain(self.lines.iter().map(|line| (line, Ink::Blue, 1.6))) {
            let points: Vec<(f64, f64)> = line.iter().map(|(time, value)| (x(*time), y(*value))).collect();
            canvas.path(&points, ink, width);
        }
        for (time, value) in &self.observations {
            draw_observation(canvas, x(*time), y(*value));
        }
    }

    /// Writes the title, cut to the width of the panel.
    fn draw_title(&self, canvas: &mut Canvas<'_>, frame: &Frame) {
        let look = Text { bold: true, ..Text::plain(Ink::Black) };
        let room = (frame.right - frame.left) / text_width("0", look.size);
        let title = if self.title.chars().count() as f64 <= room {
            self.title.clone()
        } else {
            self.title.chars().take(room as usize - 1).chain(['…']).collect()
        };
        canvas.text(&title, frame.left, frame.top - 7.0, look);
    }
}

/// Returns the line of one number of the rows of a curve, in pieces.
fn pieces(curve: &Curve, index: usize) -> Vec<Vec<(f64, f64)>> {
    let points = curve.points.iter().filter_map(|(time, values)| Some((*time, *values.get(index)?)));
    let points: Vec<(f64, f64)> = points.collect();
    // A value that is none interrupts the line, for example after the model has stopped the system.
    let pieces = points.split(|(_, value)| !value.is_finite()).filter(|piece| !piece.is_empty());
    pieces.map(<[_]>::to_vec).collect()
}

/// Draws a dose as a triangle that stands on the axis.
pub(crate) fn draw_dose(canvas: &mut Canvas<'_>, x: f64, bottom: f64) {
    canvas.shape(&[(x - 3.5, bottom), (x + 3.5, bottom), (x, bottom - 7.0)], Ink::Grey);
}

/// Draws an observation as a dot with a white rim.
pub(crate) fn draw_observation(canvas: &mut Canvas<'_>, x: f64, y: f64) {
    canvas.dot(x, y, 3.6, Ink::White);
    canvas.dot(x, y, 2.8, Ink::Vermilion);
}

/// Returns the times of a dose and those that follow it, lag aside.
fn times(start: f64, dose: Dose) -> impl Iterator<Item = f64> {
    (0..=dose.additional.min(DOSES)).map(move |number| start + f64::from(number) * dose.interval)
}

fn draw_grid(
    canvas: &mut Canvas<'_>,
    axes: &Axes,
    frame: &Frame,
    x: impl Fn(f64) -> f64,
    y: impl Fn(f64) -> f64,
) {
    let number = Text { size: NUMBERS, ..Text::plain(Ink::Grey) };
    for (value, text) in &axes.value.ticks {
        let y = y(*value);
        canvas.path(&[(frame.left, y), (frame.right, y)], Ink::Light, 1.0);
        if frame.numbers_left {
            canvas.text(text, frame.left - 7.0, y + 4.0, Text { anchor: Anchor::Right, ..number });
        }
    }
    for (time, text) in &axes.time.ticks {
        let x = x(*time);
        canvas.path(&[(x, frame.bottom), (x, frame.bottom + 4.0)], Ink::Grey, 1.0);
        if frame.numbers_below {
            canvas.text(text, x, frame.bottom + 17.0, Text { anchor: Anchor::Centre, ..number });
        }
    }
    let corner = [(frame.left, frame.top), (frame.left, frame.bottom), (frame.right, frame.bottom)];
    canvas.path(&corner, Ink::Grey, 1.0);
}
