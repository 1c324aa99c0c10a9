//! Drawing in pixels with fractions; the library below draws in whole units.

use plotters::backend::{DrawingBackend, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontStyle, FontTransform, IntoFont, RGBColor, ShapeStyle, TextStyle};

/// Units of the picture per pixel, so that curves are smooth.
const UNITS: f64 = 10.0;

/// The colours: black, greys, and two of the palette of Okabe and Ito, which most colour-blind people tell
/// apart, with a lighter tint of the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ink {
    Black,
    Grey,
    Light,
    White,
    Blue,
    Sky,
    Vermilion,
}

impl Ink {
    fn colour(self) -> RGBColor {
        match self {
            Self::Black => RGBColor(34, 34, 34),
            Self::Grey => RGBColor(110, 110, 110),
            Self::Light => RGBColor(226, 226, 226),
            Self::White => RGBColor(255, 255, 255),
            Self::Blue => RGBColor(0, 114, 178),
            Self::Sky => RGBColor(140, 196, 227),
            Self::Vermilion => RGBColor(213, 94, 0),
        }
    }
}

/// Where a text lies beside its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    Left,
    Centre,
    Right,
}

/// How a text looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Text {
    /// Height of the letters in pixels, as of CSS.
    pub(crate) size: f64,
    pub(crate) ink: Ink,
    pub(crate) anchor: Anchor,
    pub(crate) bold: bool,
    /// Whether it runs from bottom to top.
    pub(crate) upright: bool,
}

impl Text {
    /// Makes the look of most texts.
    pub(crate) fn plain(ink: Ink) -> Self {
        Self { size: 12.0, ink, anchor: Anchor::Left, bold: false, upright: false }
    }
}

/// A picture in the making. The library reports errors of files; drawing to a string has none.
pub(crate) struct Canvas<'a> {
    backend: SVGBackend<'a>,
}

impl<'a> Canvas<'a> {
    /// Makes a white picture of a size in pixels.
    pub(crate) fn new(target: &'a mut String, width: f64, height: f64) -> Self {
        let (right, bottom) = unit(width, height);
        let mut backend = SVGBackend::with_string(target, (right as u32, bottom as u32));
        let white = ShapeStyle::from(&Ink::White.colour()).filled();
        let _ = backend.draw_rect((0, 0), (right, bottom), &white, true);
        Self { backend }
    }

    /// Draws a line through points.
    pub(crate) fn path(&mut self, points: &[(f64, f64)], ink: Ink, width: f64) {
        let style = ShapeStyle::from(&ink.colour()).stroke_width((width * UNITS) as u32);
        let _ = self.backend.draw_path(points.iter().map(|(x, y)| unit(*x, *y)), &style);
    }

    /// Fills a shape.
    pub(crate) fn shape(&mut self, points: &[(f64, f64)], ink: Ink) {
        let style = ShapeStyle::from(&ink.colour()).filled();
        let _ = self.backend.fill_polygon(points.iter().map(|(x, y)| unit(*x, *y)), &style);
    }

    /// Draws a filled circle.
    pub(crate) fn dot(&mut self, x: f64, y: f64, radius: f64, ink: Ink) {
        let style = ShapeStyle::from(&ink.colour()).filled();
        let _ = self.backend.draw_circle(unit(x, y), (radius * UNITS) as u32, &style, true);
    }

    /// Writes a text on the base line through a point.
    pub(crate) fn text(&mut self, text: &str, x: f64, y: f64, look: Text) {
        let horizontal = match look.anchor {
            Anchor::Left => HPos::Left,
            Anchor::Centre => HPos::Center,
            Anchor::Right => HPos::Right,
        };
        // The library divides sizes by 1.24, and hangs texts 0.76 letters below their point.
        let hang = 0.76 * look.size;
        let (x, y) = if look.upright { (x - hang, y) } else { (x, y - hang) };
        let transform = if look.upright { FontTransform::Rotate270 } else { FontTransform::None };
        let weight = if look.bold { FontStyle::Bold } else { FontStyle::Normal };
        let font = ("Helvetica, Arial, sans-serif", look.size * 1.24 * UNITS).into_font();
        let colour = look.ink.colour();
        let style = TextStyle::from(font.style(weight).transform(transform))
            .color(&colour)
            .pos(Pos::new(horizontal, VPos::Top));
        let _ = self.backend.draw_text(text, &style, unit(x, y));
    }
}

fn unit(x: f64, y: f64) -> (i32, i32) {
    ((x * UNITS).round() as i32, (y * UNITS).round() as i32)
}

/// Estimates the width of a text; a digit of common fonts is 0.56 of the size wide.
pub(crate) fn text_width(text: &str, size: f64) -> f64 {
    text.chars().count() as f64 * size * 0.56
}

/// Gives the picture its size in pixels; until now it has that in units.
pub(crate) fn finish(svg: &str, width: f64, height: f64) -> String {
    let (right, bottom) = unit(width, height);
    let units = format!("<svg width=\"{right}\" height=\"{bottom}\"");
    svg.replacen(&units, &format!("<svg width=\"{width}\" height=\"{height}\""), 1)
}
