//! Medians of times, and shortest times.

use std::time::Instant;

/// Runs of each measurement.
const RUNS: usize = 101;

/// Runs of what takes so long that patience ends before.
const FEWEST_RUNS: usize = 3;

/// Microseconds that the runs of one may take together.
const PATIENCE: f64 = 1e6;

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

/// Returns the shortest times of one call of each, in microseconds, with alternating batches.
///
/// Not the median: what else the machine does comes on top of a time and takes nothing from it, and batches here are so
/// long that it hits many of them. What takes long is run less often, though some times at least.
pub fn microseconds_of_all(batch: usize, runs: &mut [&mut dyn FnMut()]) -> Vec<f64> {
    let mut shortest = vec![f64::INFINITY; runs.len()];
    let mut spent = vec![0.0; runs.len()];
    for round in 0..RUNS {
        for ((shortest, spent), run) in shortest.iter_mut().zip(&mut spent).zip(&mut *runs) {
            if round < FEWEST_RUNS || *spent < PATIENCE {
                let time = time(batch, &mut **run);
                *shortest = shortest.min(time);
                *spent += time * batch as f64;
            }
        }
    }
    shortest
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
