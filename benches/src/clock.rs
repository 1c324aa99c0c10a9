//! Medians of times.

use std::time::Instant;

/// Runs of each measurement, of which the median counts.
const RUNS: usize = 101;

/// Returns the median time of one call, in microseconds, over batches long enough for the clock.
pub fn microseconds(batch: usize, mut run: impl FnMut()) -> f64 {
    median((0..RUNS).map(|_| time(batch, &mut run)).collect())
}

/// Returns the median times of one call of each of two, in microseconds.
///
/// Their batches alternate, so that a machine that slows down for a while slows down both.
pub fn microseconds_of_both(batch: usize, mut one: impl FnMut(), mut other: impl FnMut()) -> [f64; 2] {
    let mut times = [Vec::with_capacity(RUNS), Vec::with_capacity(RUNS)];
    for _ in 0..RUNS {
        times[0].push(time(batch, &mut one));
        times[1].push(time(batch, &mut other));
    }
    times.map(median)
}

/// Returns the median times of one call of each, in microseconds, with alternating batches.
pub fn microseconds_of_all<const N: usize>(batch: usize, mut runs: [&mut dyn FnMut(); N]) -> [f64; N] {
    let mut times = [const { Vec::new() }; N];
    for _ in 0..RUNS {
        for (times, run) in times.iter_mut().zip(&mut runs) {
            times.push(time(batch, &mut **run));
        }
    }
    times.map(median)
}

fn time(batch: usize, run: &mut (impl FnMut() + ?Sized)) -> f64 {
    let start = Instant::now();
    for _ in 0..batch {
        run();
    }
    start.elapsed().as_secs_f64() * 1e6 / batch as f64
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
