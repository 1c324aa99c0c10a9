//! Where panels stand.

/// Space between panels, numbers aside, and above each for its title.
const GAP: f64 = 18.0;
const STRIP: f64 = 32.0;

/// Room above all panels, below them and to the right.
const TOP: f64 = 42.0;
const BOTTOM: f64 = 54.0;
const RIGHT: f64 = 22.0;

/// Sizes in pixels.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Layout {
    /// Size of the picture.
    pub(crate) width: f64,
    pub(crate) height: f64,
    /// Left edge of the first panel.
    pub(crate) left: f64,
    /// Room to the right of the last one.
    pub(crate) right: f64,
    panels: usize,
    columns: usize,
    panel_width: f64,
    panel_height: f64,
    gap: f64,
    numbers: Numbers,
}

/// Which panels have numbers beside them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Numbers {
    /// The first of each row; all have the same.
    OfRow,
    /// Each has its own.
    OfPanel,
}

/// The inside of a panel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Frame {
    pub(crate) left: f64,
    pub(crate) right: f64,
    pub(crate) top: f64,
    pub(crate) bottom: f64,
    /// Whether numbers stand to its left.
    pub(crate) numbers_left: bool,
    /// Whether numbers stand below.
    pub(crate) numbers_below: bool,
}

impl Layout {
    /// Lays out panels; `label` is the width of the widest number beside them.
    pub(crate) fn new(panels: usize, label: f64, numbers: Numbers) -> Self {
        let panels = panels.max(1);
        let columns = (1..4).find(|columns| panels <= columns * columns).unwrap_or(4);
        let (panel_width, panel_height) = match columns {
            1 => (560.0, 340.0),
            2 => (340.0, 220.0),
            3 => (250.0, 165.0),
            _ => (200.0, 135.0),
        };
        let rows = panels.div_ceil(columns);
        let left = 42.0 + label;
        let gap = match numbers {
            Numbers::OfRow => GAP,
            Numbers::OfPanel => GAP + label,
        };
        let across = columns as f64 * panel_width + (columns - 1) as f64 * gap;
        let down = rows as f64 * (panel_height + STRIP);
        Self {
            width: left + across + RIGHT,
            height: TOP + down + BOTTOM,
            left,
            right: RIGHT,
            panels,
            columns,
            panel_width,
            panel_height,
            gap,
            numbers,
        }
    }

    /// Returns the place of a panel.
    pub(crate) fn frame(&self, index: usize) -> Frame {
        let (row, column) = (index / self.columns, index % self.columns);
        let left = self.left + column as f64 * (self.panel_width + self.gap);
        let top = TOP + row as f64 * (self.panel_height + STRIP) + STRIP;
        Frame {
            left,
            right: left + self.panel_width,
            top,
            bottom: top + self.panel_height,
            numbers_left: column == 0 || self.numbers == Numbers::OfPanel,
            numbers_below: index + self.columns >= self.panels,
        }
    }

    /// Returns the middle of all panels, sideways.
    pub(crate) fn middle_x(&self) -> f64 {
        f64::midpoint(self.left, self.width - RIGHT)
    }

    /// Returns the middle of all panels, downwards.
    pub(crate) fn middle_y(&self) -> f64 {
        f64::midpoint(TOP + STRIP, self.height - BOTTOM)
    }
}
