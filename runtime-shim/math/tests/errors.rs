//! Errors of the elementary functions in units in the last place.
//!
//! The reference values come from `reference.py` and are known to a thousandth of a unit.

/// A function of up to two arguments.
#[derive(Clone, Copy)]
enum Function {
    One(fn(f64) -> f64),
    Two(fn(f64, f64) -> f64),
}

use Function::{One, Two};

/// Name, function and the largest error that it may have.
///
/// The bounds are the largest errors found among some millions of arguments, rounded up; half a unit is the least there is.
const FUNCTIONS: &[(&str, Function, f64)] = &[
    ("exp", One(pmc_math::exp), 0.53),
    ("expm1", One(pmc_math::expm1), 0.9),
    ("log", One(pmc_math::log), 0.57),
    ("log1p", One(pmc_math::log1p), 0.9),
    ("log2", One(pmc_math::log2), 0.76),
    ("log10", One(pmc_math::log10), 0.76),
    ("pow", Two(pmc_math::pow), 0.54),
    ("sqrt", One(pmc_math::sqrt), 0.5),
    ("cbrt", One(pmc_math::cbrt), 0.5),
    ("hypot", Two(pmc_math::hypot), 0.76),
    ("sin", One(pmc_math::sin), 0.82),
    ("cos", One(pmc_math::cos), 0.82),
    ("tan", One(pmc_math::tan), 0.9),
    ("asin", One(pmc_math::asin), 0.7),
    ("acos", One(pmc_math::acos), 0.7),
    ("atan", One(pmc_math::atan), 0.9),
    ("atan2", Two(pmc_math::atan2), 1.6),
    ("sinh", One(pmc_math::sinh), 0.55),
    ("cosh", One(pmc_math::cosh), 0.54),
    ("tanh", One(pmc_math::tanh), 0.85),
    ("erf", One(pmc_math::erf), 0.85),
    ("erfc", One(pmc_math::erfc), 1.4),
    ("tgamma", One(pmc_math::tgamma), 3.6),
    ("lgamma", One(pmc_math::lgamma), 3.0),
];

struct Case {
    arguments: [f64; 2],
    value: f64,
    /// What the truth lies above `value`, in units in its last place.
    rest: f64,
}

impl Case {
    /// Reads the words of a line after the name.
    fn read(words: &[&str]) -> Option<Self> {
        let double = |word: &str| u64::from_str_radix(word, 16).ok().map(f64::from_bits);
        let (arguments, rest) = words.split_last_chunk::<2>().map(|(arguments, [value, rest])| {
            (arguments, (double(value), rest.parse::<i16>().ok().map(|rest| f64::from(rest) / 1000.0)))
        })?;
        let first = double(arguments.first()?)?;
        let second = arguments.get(1).map_or(Some(0.0), |word| double(word))?;
        Some(Self { arguments: [first, second], value: rest.0?, rest: rest.1? })
    }

    fn error(&self, function: Function) -> f64 {
        let [x, y] = self.arguments;
        let found = match function {
            One(function) => function(x),
            Two(function) => function(x, y),
        };
        if found == self.value {
            return self.rest.abs();
        }
        ((found - self.value) / unit(self.value) - self.rest).abs()
    }
}

/// Returns one unit in the last place.
fn unit(x: f64) -> f64 {
    let size = x.abs();
    let exponent = size.to_bits() >> 52;
    if exponent <= 53 {
        return if exponent <= 1 { 5e-324 } else { f64::from_bits(1 << (exponent - 1)) };
    }
    f64::from_bits((exponent - 52) << 52)
}

fn cases(name: &str) -> Vec<Case> {
    include_str!("reference.txt")
        .lines()
        .filter_map(|line| {
            let words: Vec<&str> = line.split(' ').collect();
            (words[0] == name).then(|| Case::read(&words[1..]).expect("a line of the reference"))
        })
        .collect()
}

#[test]
fn errors_stay_within_their_bounds() {
    for &(name, function, bound) in FUNCTIONS {
        let cases = cases(name);
        assert!(cases.len() > 50, "{name} has {} references", cases.len());
        let errors = cases.iter().map(|case| (case.error(function), case));
        let (worst, case) = errors.max_by(|a, b| a.0.total_cmp(&b.0)).expect("there are cases");
        // The references are rounded to a thousandth.
        assert!(worst <= bound + 0.001, "{name} is off by {worst} units at {:?}", case.arguments);
    }
}

#[test]
fn every_reference_has_its_function() {
    let known: Vec<&str> = FUNCTIONS.iter().map(|function| function.0).collect();
    for line in include_str!("reference.txt").lines() {
        let name = line.split(' ').next().unwrap_or_default();
        assert!(known.contains(&name), "{line}");
    }
}

#[test]
fn units_are_the_distances_between_doubles() {
    for x in
        [1.0, 1.5, 1e300, f64::MIN_POSITIVE, 4.0 * f64::MIN_POSITIVE, 1e-300, 5e-324, 3e-310, f64::MAX / 2.0]
    {
        assert_eq!(unit(x), x.next_up() - x, "{x:e}");
    }
}
