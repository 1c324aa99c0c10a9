//! Reading of a schedule in place.

use pmc_abi::Status;
use pmc_abi::descriptor::{Descriptor, interpolation};
use pmc_abi::schedule::{Header, MAGIC, Record, event, flag, policy};

use crate::Failure;

/// Words of 8 bytes in a header.
const HEADER_WORDS: usize = size_of::<Header>() / 8;

/// Words of 8 bytes in a record without its covariates.
const RECORD_WORDS: usize = size_of::<Record>() / 8;

/// A schedule that has been checked: see [`pmc_abi::schedule`] for its layout.
#[derive(Clone, Copy, Debug)]
pub struct Schedule<'a> {
    /// All records, without the header.
    words: &'a [u64],
    /// Words of one record with its covariates.
    stride: usize,
    policy: u32,
    data_interpolation: u32,
    stream: u32,
    /// How many records ask for outputs.
    reports: usize,
}

impl<'a> Schedule<'a> {
    /// Checks a schedule for a model.
    ///
    /// Fails with [`Status::BadSchedule`] where it does not have the layout, [`Status::BadValue`] where a time is
    /// not finite or a covariate infinite, and [`Status::TimeReversed`] where times descend.
    pub fn new(words: &'a [u64], descriptor: &Descriptor<'_>) -> Result<Self, Failure> {
        let malformed = Failure::new(Status::BadSchedule, 0.0);
        let Some((&[first, second, third, _], rest)) = words.split_first_chunk::<HEADER_WORDS>() else {
            return Err(malformed);
        };
        let covariates = second as u32;
        let stride = RECORD_WORDS + descriptor.covariates.len();
        let (policy, data_interpolation, stream) = (high(second), third as u32, high(third));
        let mut schedule = Self { words: rest, stride, policy, data_interpolation, stream, reports: 0 };
        let known = policy::OBSERVATIONS_FIRST | policy::RESET_TO_ZERO;
        let sound = first as u32 == MAGIC
            && covariates as usize == descriptor.covariates.len()
            && rest.len() as u64 == u64::from(high(first)) * stride as u64
            && schedule.policy & !known == 0
            && matches!(schedule.data_interpolation, interpolation::LINEAR..=interpolation::CONSTANT);
        if !sound {
            return Err(malformed);
        }
        schedule.reports = schedule.check_records(descriptor)?;
        Ok(schedule)
    }

    /// Returns how many records there are.
    pub fn len(&self) -> usize {
        self.words.len() / self.stride
    }

    /// Returns whether there are no records.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Returns how many records ask for outputs.
    pub fn reports(&self) -> usize {
        self.reports
    }

    /// Returns a record, if there is one of this index.
    pub(super) fn record(&self, index: usize) -> Option<Record> {
        self.words.get(index * self.stride..).and_then(read)
    }

    /// Returns the value of a covariate on a record; NaN if there is none.
    #[inline(never)]
    pub(super) fn covariate(&self, record: usize, covariate: usize) -> f64 {
        let word = self.words.get(record * self.stride + RECORD_WORDS + covariate);
        word.map_or(f64::NAN, |word| f64::from_bits(*word))
    }

    /// Returns the time of a record; infinity after the last.
    #[inline(never)]
    pub(super) fn time(&self, record: usize) -> f64 {
        self.words.get(record * self.stride).map_or(f64::INFINITY, |word| f64::from_bits(*word))
    }

    /// Returns the interpolation of covariates whose mode the data decide.
    pub(super) fn data_interpolation(&self) -> u32 {
        self.data_interpolation
    }

    /// Returns which stream of random numbers a stochastic system takes.
    pub(super) fn stream(&self) -> u32 {
        self.stream
    }

    /// Returns whether a bit of [`policy`] is set.
    pub(super) fn has(&self, bit: u32) -> bool {
        self.policy & bit != 0
    }

    /// Checks all records; returns how many ask for outputs.
    fn check_records(&self, descriptor: &Descriptor<'_>) -> Result<usize, Failure> {
        let mut reports = 0;
        let mut before = f64::MIN;
        for words in self.words.chunks_exact(self.stride) {
            let Some((record, covariates)) = read(words).zip(words.get(RECORD_WORDS..)) else { continue };
            let known = flag::REPORT | flag::STEADY_STATE | flag::STEADY_STATE_ADDED;
            let is_sound = record.event <= event::RESET_AND_DOSE
                && record.flags & !known == 0
                && (!record.doses() || (record.route as usize) < descriptor.routes.len());
            // Neither an infinite time nor one that is not a number comes after another.
            let is_next = before <= record.time && record.time < f64::INFINITY;
            let is_infinite = covariates.iter().any(|value| f64::from_bits(*value).is_infinite());
            if !is_next || is_infinite || !is_sound {
                let status = if is_infinite || !record.time.is_finite() {
                    Status::BadValue
                } else if is_next {
                    Status::BadSchedule
                } else {
                    Status::TimeReversed
                };
                return Err(Failure::new(status, record.time));
            }
            before = record.time;
            reports += usize::from(record.reports());
        }
        Ok(reports)
    }
}

/// What a record asks for.
pub(super) trait Request {
    /// Whether it gives a dose.
    fn doses(&self) -> bool;
    /// Whether it resets the system.
    fn resets(&self) -> bool;
    /// Whether it asks for outputs.
    fn reports(&self) -> bool;
}

impl Request for Record {
    fn doses(&self) -> bool {
        is_among(self.event, 1 << event::DOSE | 1 << event::RESET_AND_DOSE)
    }

    fn resets(&self) -> bool {
        is_among(self.event, 1 << event::RESET | 1 << event::RESET_AND_DOSE)
    }

    fn reports(&self) -> bool {
        self.flags & flag::REPORT != 0
    }
}

/// Returns whether the bit of an event is set; a schedule has none beyond the last bit. What a comparison with each
/// becomes, a table of jumps, costs more than all else that is done about an observation on the way.
fn is_among(event: u32, bits: u32) -> bool {
    bits.wrapping_shr(event) & 1 != 0
}

/// Reads the record at the start of some words.
fn read(words: &[u64]) -> Option<Record> {
    let [time, amount, rate, interval, fifth, sixth] = *words.first_chunk::<RECORD_WORDS>()?;
    Some(Record {
        time: f64::from_bits(time),
        amount: f64::from_bits(amount),
        rate: f64::from_bits(rate),
        interval: f64::from_bits(interval),
        event: fifth as u32,
        route: high(fifth),
        additional: sixth as u32,
        flags: high(sixth),
    })
}

/// Returns the second `u32` of a word.
fn high(word: u64) -> u32 {
    (word >> 32) as u32
}
