//! Covariates between records: which line each follows, and where the next change is.

use pmc_abi::Status;
use pmc_abi::descriptor::{CovariateDescriptor, interpolation};
use pmc_abi::frame::FrameLayout;

use super::inputs::set;
use super::schedule::{Request, Schedule};
use crate::Failure;

/// The line that a covariate follows from some record on.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Track {
    /// One of [`interpolation`], never `DATA`.
    mode: u32,
    /// Index of the record on which the line ends; the number of records if it goes on for ever.
    next: usize,
    /// Where the line starts.
    time: f64,
    /// Its value there.
    value: f64,
    /// Its slope.
    slope: f64,
}

/// Looks ahead through a schedule to the next record at which something jumps.
///
/// Its tracks are those after that record, so that the engine takes them over when it gets there.
pub(super) struct Scout<'a, 's> {
    tracks: &'a mut [Track],
    schedule: Schedule<'s>,
    /// The record at which something changes; the number of records if nothing does any more.
    record: usize,
    /// Whether a covariate changes as soon as the record before has been left (next value backward).
    departure: bool,
    /// Whether something changes when the record is reached.
    arrival: bool,
    /// The time of the next jump of anything; infinity if there is none.
    barrier: f64,
}

impl<'a, 's> Scout<'a, 's> {
    /// Stands at the first record, and writes the values of covariates there to a frame.
    pub(super) fn new(
        tracks: &'a mut [Track],
        schedule: Schedule<'s>,
        descriptors: &[CovariateDescriptor],
        layout: &FrameLayout,
        frame: &mut [f64],
    ) -> Result<Self, Failure> {
        let mut scout =
            Self { tracks, schedule, record: 0, departure: true, arrival: true, barrier: f64::INFINITY };
        for (covariate, descriptor) in descriptors.iter().enumerate() {
            let first = scout.find(covariate, 0);
            let absent = first == schedule.len();
            let value = if absent { descriptor.default } else { schedule.covariate(first, covariate) };
            if absent && value.is_nan() && descriptor.tested_for_missing == 0 {
                return Err(Failure::new(Status::MissingCovariate, schedule.time(0)));
            }
            let mode = match descriptor.interpolation {
                interpolation::DATA => schedule.data_interpolation(),
                mode => mode,
            };
            if let Some(track) = scout.tracks.get_mut(covariate) {
                *track = Track { mode, next: first, time: schedule.time(0), value, slope: 0.0 };
            }
            set(frame, layout.missing() + covariate as u32, f64::from(u8::from(absent)));
        }
        for covariate in 0..descriptors.len() {
            scout.turn(covariate, 0);
        }
        scout.depart(0, layout, frame);
        scout.arrive(0, layout, frame);
        Ok(scout)
    }

    /// Returns whether something may change on the way to a record or when it is reached.
    pub(super) fn is_at(&self, record: usize) -> bool {
        self.record == record
    }

    /// Returns the time of the next jump of anything; infinity if there is none.
    pub(super) fn barrier(&self) -> f64 {
        self.barrier
    }

    /// Writes the covariates that change on the way to a record; returns whether there are any.
    #[inline(never)]
    pub(super) fn depart(&mut self, record: usize, layout: &FrameLayout, frame: &mut [f64]) -> bool {
        if self.record != record || !self.departure {
            return false;
        }
        self.departure = false;
        self.barrier = self.schedule.time(record);
        for (covariate, track) in self.tracks.iter().enumerate() {
            if track.mode == interpolation::NEXT_BACKWARD {
                write(covariate, track.value, 0.0, layout, frame);
            }
        }
        if !self.arrival {
            self.run(record + 1);
        }
        true
    }

    /// Writes the covariates that change at a record; returns whether there may be any.
    #[inline(never)]
    pub(super) fn arrive(&mut self, record: usize, layout: &FrameLayout, frame: &mut [f64]) -> bool {
        if self.record != record {
            return false;
        }
        let time = self.schedule.time(record);
        set(frame, FrameLayout::SEGMENT_START, time);
        for (covariate, track) in self.tracks.iter().enumerate() {
            if track.mode != interpolation::NEXT_BACKWARD {
                let value = if track.slope == 0.0 {
                    track.value
                } else {
                    track.value + track.slope * (time - track.time)
                };
                write(covariate, value, track.slope, layout, frame);
            }
        }
        self.run(record + 1);
        true
    }

    /// Goes on from a record to the next change.
    fn run(&mut self, from: usize) {
        let mut next = from;
        let mut departure = false;
        while let Some(record) = self.schedule.record(next) {
            let mut arrival = record.doses() || record.resets();
            for covariate in 0..self.tracks.len() {
                if self.turn(covariate, next) {
                    let track = self.tracks.get(covariate);
                    let backward = track.is_some_and(|track| track.mode == interpolation::NEXT_BACKWARD);
                    departure |= backward;
                    arrival |= !backward;
                }
            }
            if arrival || departure {
                self.arrival = arrival;
                break;
            }
            next += 1;
        }
        (self.record, self.departure) = (next, departure);
        self.barrier = self.schedule.time(if departure { next.saturating_sub(1) } else { next });
    }

    /// Brings a track to a record; returns whether it turns there.
    fn turn(&mut self, covariate: usize, record: usize) -> bool {
        let value = self.schedule.covariate(record, covariate);
        let Some(before) = self.tracks.get(covariate).copied() else { return false };
        let mut track = before;
        match track.mode {
            interpolation::LINEAR if !value.is_nan() => {
                track = Track { next: self.find(covariate, record + 1), value, slope: 0.0, ..before };
                track.time = self.schedule.time(record);
                let length = self.schedule.time(track.next) - track.time;
                if 0.0 < length && track.next < self.schedule.len() {
                    track.slope = (self.schedule.covariate(track.next, covariate) - value) / length;
                }
            }
            interpolation::LAST_FORWARD if !value.is_nan() => track.value = value,
            interpolation::NEXT_BACKWARD if before.next < record => {
                track.next = self.find(covariate, record);
                if track.next < self.schedule.len() {
                    track.value = self.schedule.covariate(track.next, covariate);
                }
            }
            _ => return false,
        }
        let turns = track.slope != before.slope || (track.slope == 0.0 && track.value != before.value);
        if !turns {
            // The line goes on: keep its start, so that a record on it changes no bit.
            track = Track { next: track.next, ..before };
        }
        if let Some(place) = self.tracks.get_mut(covariate) {
            *place = track;
        }
        turns
    }

    /// Returns the first record from an index on that holds a value; the number of records if none does.
    fn find(&self, covariate: usize, from: usize) -> usize {
        let mut records = from..self.schedule.len();
        records
            .find(|record| !self.schedule.covariate(*record, covariate).is_nan())
            .unwrap_or(self.schedule.len())
    }
}

/// Returns whether some covariate is on a slope in a frame.
pub(super) fn sloped(layout: &FrameLayout, frame: &[f64]) -> bool {
    let slopes = frame.get(layout.slope() as usize..layout.missing() as usize);
    slopes.unwrap_or_default().iter().any(|slope| *slope != 0.0)
}

/// Writes value and slope of a covariate.
fn write(covariate: usize, value: f64, slope: f64, layout: &FrameLayout, frame: &mut [f64]) {
    set(frame, layout.covariate() + covariate as u32, value);
    set(frame, layout.slope() + covariate as u32, slope);
}
