//! Round numbers along an axis.

/// A range with round numbers in it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Scale {
    /// Value at the start of the axis.
    pub(crate) low: f64,
    /// Value at its end, above `low`.
    pub(crate) high: f64,
    /// The round numbers, with the texts for them.
    pub(crate) ticks: Vec<(f64, String)>,
}

/// Steps of hours that people count in.
const HOURS: [f64; 13] = [0.25, 0.5, 1.0, 2.0, 3.0, 6.0, 12.0, 24.0, 48.0, 72.0, 96.0, 120.0, 168.0];

impl Scale {
    /// Makes a scale of a quantity with some room above the highest value; it starts at 0 if none is below.
    pub(crate) fn of_values(low: f64, high: f64, most: usize) -> Self {
        let (low, high) = spread(low.min(0.0), high);
        let room = 0.06 * (high - low);
        let low = if low < 0.0 { low - room } else { low };
        let high = high + room;
        Self { low, high, ticks: ticks(low, high, round_step((high - low) / most as f64)) }
    }

    /// Makes a scale of time; hours get steps of days where they can.
    pub(crate) fn of_time(low: f64, high: f64, most: usize, unit: Option<&str>) -> Self {
        let (low, high) = spread(low, high);
        let least = (high - low) / most as f64;
        let hours = HOURS.into_iter().find(|step| least <= *step && unit == Some("h"));
        let tiny = least < HOURS[0] / 2.0;
        let step = hours.filter(|_| !tiny).unwrap_or_else(|| round_step(least));
        let room = 0.02 * (high - low);
        Self { low: low - room, high: high + room, ticks: ticks(low - room, high + room, step) }
    }

    /// Returns where a value lies: 0 at the start of the axis, 1 at its end.
    pub(crate) fn place(&self, value: f64) -> f64 {
        (value - self.low) / (self.high - self.low)
    }
}

/// Makes sure that a range has a length.
///
/// Values beyond the reach of a float's middle would make its length infinite; the axis ends before.
fn spread(low: f64, high: f64) -> (f64, f64) {
    const REACH: f64 = 1e300;
    let (low, high) = (low.clamp(-REACH, REACH), high.clamp(-REACH, REACH));
    if low < high { (low, high) } else { (low, low + low.abs().max(1.0)) }
}

/// Returns the smallest of 1, 2, 5 times a power of ten that is not below `least`.
fn round_step(least: f64) -> f64 {
    let mut power = 1.0;
    while power < least {
        power *= 10.0;
    }
    while least <= power / 10.0 && power > f64::MIN_POSITIVE {
        power /= 10.0;
    }
    [0.2, 0.5].into_iter().map(|part| part * power).find(|step| least <= *step).unwrap_or(power)
}

fn ticks(low: f64, high: f64, step: f64) -> Vec<(f64, String)> {
    let first = (low / step).ceil();
    let count = ((high - first * step) / step).floor().max(0.0) as usize;
    (0..=count).map(|index| step * (first + index as f64)).map(|value| (value, text(value, step))).collect()
}

/// Writes a tick with as many decimals as its step needs.
fn text(value: f64, step: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    if !(1e-4..1e5).contains(&step) {
        return format!("{:e}", (value / step).round() * step);
    }
    let mut decimals = 0;
    let mut rest = step;
    while decimals < 6 && (rest - rest.round()).abs() > 1e-9 {
        rest *= 10.0;
        decimals += 1;
    }
    format!("{value:.decimals$}").replace('-', "\u{2212}")
}
