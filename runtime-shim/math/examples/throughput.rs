//! Times every elementary function against the C library of the platform, in one process.
//!
//! `cargo run --release -p pmc-math --example throughput [name…]`. Throughput is the time of a call among
//! independent calls, latency that of a call whose argument waits for the result before it. Both sides are called
//! through a pointer, turn about, and the medians of the times and of the pairwise ratios are printed.

use std::hint::black_box;
use std::time::Instant;

/// Arguments in a batch: they and the results stay in the first cache.
const BATCH: usize = 1024;
/// Batches of each measurement, of which the median counts.
const RUNS: usize = 301;

mod platform {
    #[allow(unsafe_code)]
    // SAFETY: pure functions of the C library, defined for every argument.
    #[rustfmt::skip]
    unsafe extern "C" {
        pub(super) safe fn exp(x: f64) -> f64;
        pub(super) safe fn expm1(x: f64) -> f64;
        pub(super) safe fn log(x: f64) -> f64;
        pub(super) safe fn log1p(x: f64) -> f64;
        pub(super) safe fn log2(x: f64) -> f64;
        pub(super) safe fn log10(x: f64) -> f64;
        pub(super) safe fn sqrt(x: f64) -> f64;
        pub(super) safe fn cbrt(x: f64) -> f64;
        pub(super) safe fn sin(x: f64) -> f64;
        pub(super) safe fn cos(x: f64) -> f64;
        pub(super) safe fn tan(x: f64) -> f64;
        pub(super) safe fn asin(x: f64) -> f64;
        pub(super) safe fn acos(x: f64) -> f64;
        pub(super) safe fn atan(x: f64) -> f64;
        pub(super) safe fn sinh(x: f64) -> f64;
        pub(super) safe fn cosh(x: f64) -> f64;
        pub(super) safe fn tanh(x: f64) -> f64;
        pub(super) safe fn erf(x: f64) -> f64;
        pub(super) safe fn erfc(x: f64) -> f64;
        pub(super) safe fn tgamma(x: f64) -> f64;
        pub(super) safe fn lgamma(x: f64) -> f64;
        pub(super) safe fn pow(x: f64, y: f64) -> f64;
        pub(super) safe fn hypot(x: f64, y: f64) -> f64;
        pub(super) safe fn atan2(y: f64, x: f64) -> f64;
    }
}

/// How the arguments cover their interval.
#[derive(Clone, Copy)]
enum Spread {
    Even(f64, f64),
    /// Evenly on the logarithmic scale.
    Decades(f64, f64),
    /// Whole numbers, or halves of them.
    Multiples(f64, f64, f64),
}

type One = (&'static str, fn(f64) -> f64, extern "C" fn(f64) -> f64, Spread);
type Two = (&'static str, fn(f64, f64) -> f64, extern "C" fn(f64, f64) -> f64, Spread, Spread);

use Spread::{Decades, Even, Multiples};

const OF_ONE: &[One] = &[
    ("exp", pmc_math::exp, platform::exp, Even(-20.0, 2.0)),
    ("exp", pmc_math::exp, platform::exp, Even(-700.0, 700.0)),
    ("expm1", pmc_math::expm1, platform::expm1, Even(-1.0, 1.0)),
    ("expm1", pmc_math::expm1, platform::expm1, Even(-20.0, 10.0)),
    ("log", pmc_math::log, platform::log, Decades(1e-6, 1e6)),
    ("log", pmc_math::log, platform::log, Even(0.5, 2.0)),
    ("log1p", pmc_math::log1p, platform::log1p, Even(-0.9, 3.0)),
    ("log1p", pmc_math::log1p, platform::log1p, Decades(1e-6, 1e6)),
    ("log2", pmc_math::log2, platform::log2, Decades(1e-6, 1e6)),
    ("log10", pmc_math::log10, platform::log10, Decades(1e-6, 1e6)),
    ("sqrt", pmc_math::sqrt, platform::sqrt, Decades(1e-6, 1e6)),
    ("cbrt", pmc_math::cbrt, platform::cbrt, Decades(1e-6, 1e6)),
    ("sin", pmc_math::sin, platform::sin, Even(-7.0, 7.0)),
    ("sin", pmc_math::sin, platform::sin, Even(0.0, 1000.0)),
    ("sin", pmc_math::sin, platform::sin, Decades(1e6, 1e12)),
    ("cos", pmc_math::cos, platform::cos, Even(-7.0, 7.0)),
    ("cos", pmc_math::cos, platform::cos, Even(0.0, 1000.0)),
    ("cos", pmc_math::cos, platform::cos, Decades(1e6, 1e12)),
    ("tan", pmc_math::tan, platform::tan, Even(-7.0, 7.0)),
    ("tan", pmc_math::tan, platform::tan, Even(0.0, 1000.0)),
    ("asin", pmc_math::asin, platform::asin, Even(-1.0, 1.0)),
    ("acos", pmc_math::acos, platform::acos, Even(-1.0, 1.0)),
    ("atan", pmc_math::atan, platform::atan, Even(-5.0, 5.0)),
    ("sinh", pmc_math::sinh, platform::sinh, Even(-5.0, 5.0)),
    ("cosh", pmc_math::cosh, platform::cosh, Even(-5.0, 5.0)),
    ("tanh", pmc_math::tanh, platform::tanh, Even(-3.0, 3.0)),
    ("erf", pmc_math::erf, platform::erf, Even(-3.0, 3.0)),
    ("erfc", pmc_math::erfc, platform::erfc, Even(-3.0, 6.0)),
    ("tgamma", pmc_math::tgamma, platform::tgamma, Even(0.5, 20.0)),
    ("lgamma", pmc_math::lgamma, platform::lgamma, Even(0.5, 20.0)),
    ("lgamma", pmc_math::lgamma, platform::lgamma, Decades(1e-3, 1e6)),
];

const OF_TWO: &[Two] = &[
    ("pow", pmc_math::pow, platform::pow, Decades(0.01, 100.0), Even(-4.0, 4.0)),
    ("pow", pmc_math::pow, platform::pow, Decades(0.5, 2.0), Even(0.5, 1.0)),
    ("pow whole", pmc_math::pow, platform::pow, Decades(0.01, 100.0), Multiples(1.0, -4.0, 4.0)),
    ("pow halves", pmc_math::pow, platform::pow, Decades(0.01, 100.0), Multiples(0.5, -4.0, 4.0)),
    ("pow -1", pmc_math::pow, platform::pow, Decades(0.01, 100.0), Even(-1.0, -1.0)),
    ("pow 0.5", pmc_math::pow, platform::pow, Decades(0.01, 100.0), Even(0.5, 0.5)),
    ("pow 2", pmc_math::pow, platform::pow, Decades(0.01, 100.0), Even(2.0, 2.0)),
    ("pow 3", pmc_math::pow, platform::pow, Decades(0.01, 100.0), Even(3.0, 3.0)),
    ("pow -2.5", pmc_math::pow, platform::pow, Decades(0.01, 100.0), Even(-2.5, -2.5)),
    ("pow 4", pmc_math::pow, platform::pow, Decades(0.01, 100.0), Even(4.0, 4.0)),
    ("hypot", pmc_math::hypot, platform::hypot, Even(-10.0, 10.0), Even(-10.0, 10.0)),
    ("atan2", pmc_math::atan2, platform::atan2, Even(-10.0, 10.0), Even(-10.0, 10.0)),
];

/// A linear congruential generator (Knuth's MMIX constants): the same arguments in every run.
struct Random(u64);

impl Random {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn draw(&mut self, spread: Spread) -> f64 {
        let unit = self.unit();
        match spread {
            Even(low, high) => low + (high - low) * unit,
            Decades(low, high) => low * pmc_math::exp(pmc_math::log(high / low) * unit),
            Multiples(step, low, high) => pmc_math::round((low + (high - low) * unit) / step) * step,
        }
    }
}

/// Returns nanoseconds a call and a result that keeps the calls alive.
fn batch(arguments: &[(f64, f64)], mut call: impl FnMut((f64, f64)) -> f64) -> f64 {
    let start = Instant::now();
    let mut results = [0.0; BATCH];
    for (result, &argument) in results.iter_mut().zip(arguments) {
        *result = call(argument);
    }
    black_box(&results);
    start.elapsed().as_secs_f64() * 1e9 / BATCH as f64
}

/// Returns nanoseconds a call, each waiting for the one before.
fn chain(arguments: &[(f64, f64)], mut call: impl FnMut((f64, f64)) -> f64) -> f64 {
    // A mask of no bits that the optimiser does not know: it ties the argument to the last result.
    let mask = black_box(0_u64);
    let start = Instant::now();
    let mut last = 0.0_f64;
    for &(x, y) in arguments {
        last = call((f64::from_bits(x.to_bits() | (last.to_bits() & mask)), y));
    }
    black_box(last);
    start.elapsed().as_secs_f64() * 1e9 / BATCH as f64
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Returns the medians of both times and of their ratio.
fn compare(mut ours: impl FnMut() -> f64, mut theirs: impl FnMut() -> f64) -> [f64; 3] {
    let times: Vec<(f64, f64)> = (0..RUNS).map(|_| (ours(), theirs())).collect();
    [
        median(times.iter().map(|time| time.0).collect()),
        median(times.iter().map(|time| time.1).collect()),
        median(times.iter().map(|time| time.0 / time.1).collect()),
    ]
}

#[expect(clippy::print_stdout, reason = "a benchmark is a shell")]
fn show(
    name: &str,
    arguments: &[(f64, f64)],
    ours: impl Fn((f64, f64)) -> f64 + Copy,
    theirs: impl Fn((f64, f64)) -> f64 + Copy,
) {
    let [our_time, their_time, ratio] = compare(|| batch(arguments, ours), || batch(arguments, theirs));
    print!("{name:<12} {our_time:>8.2} {their_time:>8.2} {ratio:>6.2} ×");
    let [our_time, their_time, ratio] = compare(|| chain(arguments, ours), || chain(arguments, theirs));
    println!("  {our_time:>8.2} {their_time:>8.2} {ratio:>6.2} ×");
}

#[expect(clippy::print_stdout, reason = "a benchmark is a shell")]
fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|one| name.starts_with(one.as_str()));
    println!("{:<12} {:^28}  {:^28}", "ns", "throughput: ours, theirs", "latency: ours, theirs");
    let mut random = Random(1);
    for &(name, ours, theirs, spread) in OF_ONE.iter().filter(|case| is_wanted(case.0)) {
        let arguments: Vec<(f64, f64)> = (0..BATCH).map(|_| (random.draw(spread), 0.0)).collect();
        let (ours, theirs) = (black_box(ours), black_box(theirs));
        show(name, &arguments, |(x, _)| ours(x), |(x, _)| theirs(x));
    }
    for &(name, ours, theirs, first, second) in OF_TWO.iter().filter(|case| is_wanted(case.0)) {
        let arguments: Vec<(f64, f64)> =
            (0..BATCH).map(|_| (random.draw(first), random.draw(second))).collect();
        let (ours, theirs) = (black_box(ours), black_box(theirs));
        show(name, &arguments, |(x, y)| ours(x, y), |(x, y)| theirs(x, y));
    }
}
