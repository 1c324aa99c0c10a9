//! Means and quantiles of outputs over particles.

use pmc_abi::Status;

use super::cloud::{Cloud, Parts};
use crate::{Model, System};

impl Cloud<'_> {
    /// Writes the means of the outputs, then for each quantile that of each output: [`Cloud::width`] numbers.
    ///
    /// Fails with [`Status::NotFinite`] if an output of a particle is not a number; infinite ones count as they are.
    pub(crate) fn summarise<M: Model>(
        &mut self,
        system: &mut System<'_, M>,
        time: f64,
        out: &mut [f64],
    ) -> Result<(), Status> {
        let (n, width, particles) = (self.states, self.outputs, self.particles);
        let Parts { probabilities, states, outputs, samples, .. } = self.cut();
        system.move_to(time);
        for particle in 0..particles {
            // A system without states has particles all the same.
            let state = states.get(particle * n..(particle + 1) * n).unwrap_or_default();
            system.model.outputs(time, system.frame, state, outputs);
            for (output, value) in outputs.iter().enumerate() {
                if value.is_nan() {
                    return Err(Status::NotFinite);
                }
                samples[output * particles + particle] = *value;
            }
        }
        for (output, sample) in samples.chunks_exact_mut(particles.max(1)).enumerate() {
            let mut places = out.iter_mut().skip(output).step_by(width);
            if let Some(place) = places.next() {
                *place = sample.iter().sum::<f64>() / particles as f64;
                if place.is_nan() {
                    return Err(Status::NotFinite);
                }
            }
            if !probabilities.is_empty() {
                sort(sample);
            }
            for (place, probability) in places.zip(probabilities) {
                *place = quantile(sample, *probability);
            }
        }
        Ok(())
    }
}

/// Returns a quantile of a sorted sample: type 7 of R. J. Hyndman and Y. Fan, Am. Stat. 50 (1996) 361, linear between
/// the order statistics, of which the first and the last are those of probability 0 and 1.
pub(super) fn quantile(sorted: &[f64], probability: f64) -> f64 {
    let place = probability * (sorted.len().saturating_sub(1)) as f64;
    let whole = pmc_math::floor(place);
    let lower = sorted.get(whole as usize).copied().unwrap_or(f64::NAN);
    match sorted.get(whole as usize + 1) {
        // Where both are infinite, or nothing is left of the step, there is nothing between them.
        Some(upper) if lower < *upper && whole < place => lower + (place - whole) * (upper - lower),
        _ => lower,
    }
}

/// Sorts numbers in place, ascending: heapsort (J. W. J. Williams, Comm. ACM 7 (1964) 347), which is small and needs
/// no room; the sample is sorted once a report, after thousands of evaluations of the model.
pub(super) fn sort(sample: &mut [f64]) {
    let mut end = sample.len();
    let mut root = end / 2;
    while 1 < end {
        if 0 < root {
            root -= 1;
        } else {
            end -= 1;
            sample.swap(0, end);
        }
        sift(sample, root, end);
    }
}

/// Moves a number down until no child is larger.
fn sift(sample: &mut [f64], mut root: usize, end: usize) {
    loop {
        let mut child = 2 * root + 1;
        if end <= child {
            return;
        }
        if child + 1 < end && sample[child] < sample[child + 1] {
            child += 1;
        }
        if sample[child] <= sample[root] {
            return;
        }
        sample.swap(root, child);
        root = child;
    }
}
