//! Doses that have been given for ever: the periodic solution of a dosing regimen.
//!
//! The state just before a dose is a fixed point of the map over one interval. It is found by accelerated
//! iteration, which is exact after as many intervals as there are states where the system is linear, and needs a
//! few more where it is not; no derivative of the map is needed. A constant infusion leads to an equilibrium (see
//! `equilibrium`) or is followed through time.
//!
//! Everything imagined happens at the times at which it would have happened, just before the record; covariates
//! are those of the record, and events of the model take no part. A state that only adds up what others do, and
//! that nothing reads, has no steady state and keeps its value.

use pmc_abi::Status;
use pmc_abi::descriptor::SolverSettings;

use super::acceleration::Acceleration;
use super::doses::Dose;
use super::give::ROUNDING;
use super::{DoseRequest, Engine, History};
use crate::Model;
use crate::slab::take;
use crate::solver::step::copy;

/// Most intervals that are tried.
const INTERVALS: u32 = 400;

/// Part of the tolerances with which a stepping solver works while it looks for a fixed point: its errors are
/// multiplied by the number of intervals that the slowest process takes.
const TIGHTER: f64 = 0.01;

/// Relative size of a step that is none, where the solution is exact.
const EXACT: f64 = 1e-11;

/// Longest accelerated step in terms of the change that it goes on from: as if doses went on for that many intervals.
/// What takes longer never comes to an end, and where it seems to, rounding has hidden the change.
const FARTHEST: f64 = 1e5;

/// Part of the first change that is little. Where a state only grows, changes become small in comparison with it, but
/// not in comparison with the first one.
const LITTLE: f64 = 0.01;

/// Intervals that are lived through without acceleration, where that has led to a point that states leave.
const PLAIN: u32 = 100;

/// Relative distance from a fixed point at which is asked whether states come back.
pub(super) const NEARBY: f64 = 1e-3;

/// Growth of that distance over an interval, twice in a row, that says that they do not.
const LEAVING: f64 = 1.01;

/// Returns the number of `f64`s that the search works in.
pub(super) const fn steady_state_length(states: usize, covariates: usize) -> usize {
    Acceleration::length(states) + 5 * states + covariates
}

/// The parts of a slab.
struct Slab<'a> {
    /// The state at the record.
    recorded: &'a mut [f64],
    point: &'a mut [f64],
    change: &'a mut [f64],
    weights: &'a mut [f64],
    /// The weights of the first change.
    first_weights: &'a mut [f64],
    slopes: &'a mut [f64],
    acceleration: &'a mut [f64],
}

impl<'a> Slab<'a> {
    fn cut(mut slab: &'a mut [f64], n: usize, covariates: usize) -> Self {
        let slab = &mut slab;
        Self {
            recorded: take(slab, n),
            point: take(slab, n),
            change: take(slab, n),
            weights: take(slab, n),
            first_weights: take(slab, n),
            slopes: take(slab, covariates),
            acceleration: take(slab, Acceleration::length(n)),
        }
    }
}

/// A dose and the time between two of it.
struct Regimen {
    dose: Dose,
    interval: f64,
    /// Infusions that run all the time.
    overlapping: f64,
    /// How long one more runs after each dose.
    rest: f64,
}

impl Regimen {
    fn new(dose: Dose, interval: f64) -> Self {
        let mut overlapping = pmc_math::floor(dose.duration / interval);
        let mut rest = dose.duration - overlapping * interval;
        if rest <= ROUNDING * interval {
            rest = 0.0;
        } else if interval - rest <= ROUNDING * interval {
            overlapping += 1.0;
            rest = 0.0;
        }
        Self { dose, interval, overlapping, rest }
    }
}

impl<M: Model> Engine<'_, M> {
    /// Brings the state to where a dose record with a history finds it; the part behind
    /// [`Model::steady_state`].
    pub fn find_steady_state(&mut self, request: &DoseRequest, lag: f64) -> Result<(), Status> {
        let slab = core::mem::take(&mut self.steady_state);
        let found = self.search(request, lag, slab);
        self.steady_state = slab;
        found
    }

    fn search(&mut self, request: &DoseRequest, lag: f64, slab: &mut [f64]) -> Result<(), Status> {
        let layout = self.descriptor.layout;
        let mut slab = Slab::cut(slab, self.state.len(), layout.covariates as usize);
        let record = self.time;
        let dose = if request.amount == 0.0 { self.constant(request)? } else { self.resolve(request)? };
        copy(slab.recorded, self.state);
        self.hold_covariates(slab.slopes, true);
        let watching = self.clock.look_away();
        self.mark_accumulators();
        for route in 0..layout.routes {
            self.set(layout.rate() + route, 0.0);
        }
        self.event_happened();
        self.system.model.initial(record, self.system.frame, self.state);
        let regimen = Regimen::new(dose, request.interval);
        let destination =
            self.descriptor.routes.get(dose.route as usize).map(|route| route.destination as usize);
        let found = if destination.and_then(|state| self.system.mask.get(state)) == Some(&0.0) {
            // What the dose enters has no way out.
            Err(Status::NoSteadyState)
        } else if request.amount == 0.0 {
            self.set(layout.rate() + dose.route, dose.rate);
            self.event_happened();
            M::equilibrium(self, slab.acceleration)
        } else {
            let settings = tightened(*self.integrator.settings());
            let settings = self.integrator.exchange(settings);
            let found = self.find_fixed_point(&regimen, record + lag - regimen.interval, &mut slab);
            let found = found.and_then(|()| self.approach_record(&regimen, record, lag));
            self.integrator.exchange(settings);
            found
        };
        self.time = record;
        self.clock.watch(watching);
        self.combine(request.history, &slab);
        found.map_err(|status| self.report_imagined(status))?;
        self.take_over_infusions(request, &regimen, lag)?;
        self.hold_covariates(slab.slopes, false);
        self.set_rates();
        self.covariates_changed();
        Ok(())
    }

    /// Keeps that the search could not go on at a time that stands in no record, and returns the status.
    fn report_imagined(&mut self, status: Status) -> Status {
        if matches!(status, Status::NotFinite | Status::NoSteadyState) {
            return Status::NoSteadyState;
        }
        self.trouble = Some(self.explain(status).imagined(self.time));
        status
    }

    /// Returns the dose of an infusion that has always run: it ends at the record.
    fn constant(&mut self, request: &DoseRequest) -> Result<Dose, Status> {
        self.must_accept(request.route, request.rate)?;
        let rate = self.rate_of(request);
        self.must_be_positive(request.route, pmc_abi::route_property::RATE, rate)?;
        Ok(Dose { route: request.route, amount: 0.0, rate, duration: 0.0 })
    }

    /// Puts together what the record finds: the state that was found alone, or with what was there.
    fn combine(&mut self, history: History, slab: &Slab<'_>) {
        let added = history == History::SteadyStateAdded;
        for ((state, recorded), mask) in self.state.iter_mut().zip(&*slab.recorded).zip(&*self.system.mask) {
            if *mask == 0.0 {
                *state = *recorded;
            } else if added {
                *state += recorded;
            }
        }
        if !added {
            self.doses.clear();
        }
    }

    /// Returns whether a fixed point is one that states near it do not leave; changes are measured by weights.
    fn attracts(
        &mut self,
        regimen: &Regimen,
        start: f64,
        [point, weights]: [&[f64]; 2],
        change: &mut [f64],
    ) -> Result<bool, Status> {
        for (state, point) in self.state.iter_mut().zip(point) {
            *state = point * (1.0 + NEARBY);
        }
        let mut distances = [0.0; 3];
        for distance in &mut distances {
            self.live_through(regimen, start, regimen.interval)?;
            self.depart(point, change);
            *distance = size(change, weights);
        }
        let [first, second, third] = distances;
        Ok(third <= 1.0 || third <= LEAVING * second || second <= LEAVING * first)
    }

    /// Finds the state just before a dose at `start`, which the dose at the end of the interval finds again.
    fn find_fixed_point(&mut self, regimen: &Regimen, start: f64, slab: &mut Slab<'_>) -> Result<(), Status> {
        let mut acceleration = Acceleration::new(slab.acceleration, self.state.len());
        copy(slab.point, self.state);
        let (mut least, mut first) = (f64::INFINITY, 0.0);
        // Intervals that are lived through as they are, without acceleration.
        let mut plain = 0;
        for count in 0..INTERVALS {
            copy(self.state, slab.point);
            self.live_through(regimen, start, regimen.interval)?;
            self.measure(slab.point, slab.change, slab.weights);
            let residual = size(slab.change, slab.weights);
            if residual.is_nan() {
                return Err(Status::NoSteadyState);
            }
            if count == 0 {
                copy(slab.first_weights, slab.weights);
                first = residual;
            }
            let now = size(slab.change, slab.first_weights);
            let is_little = now <= 1.0 || now <= LITTLE * first;
            if residual > 10.0 * least {
                // The map is not what its past promised: go on from where it leads.
                acceleration.forget();
            }
            least = if residual < least { residual } else { least };
            if count >= plain {
                acceleration.step(slab.point, slab.change, slab.weights);
            }
            if size(slab.change, slab.weights) > FARTHEST * residual {
                self.depart(slab.point, slab.change);
            }
            for ((point, step), state) in slab.point.iter_mut().zip(&*slab.change).zip(&*self.state) {
                let next = *point + step;
                // Amounts that stay above zero by themselves are not led below it.
                let is_led_astray = next < 0.0 && *point >= 0.0 && *state >= 0.0;
                *point = if is_led_astray { *state } else { next };
            }
            let is_still = residual <= 1e-3 || (count > 0 && size(slab.change, slab.weights) <= 1.0);
            if is_still && is_little {
                if self.attracts(regimen, start, [slab.point, slab.first_weights], slab.change)? {
                    copy(self.state, slab.point);
                    return Ok(());
                }
                if plain > 0 {
                    return Err(Status::NoSteadyState);
                }
                // From the start again, and first as the doses themselves would lead there.
                plain = count + PLAIN;
                acceleration.forget();
                self.system.model.initial(self.time, self.system.frame, slab.point);
            }
        }
        Err(Status::NoSteadyState)
    }

    /// Writes the change since the point, and the weights by which it is measured.
    pub(super) fn measure(&self, point: &[f64], change: &mut [f64], weights: &mut [f64]) {
        let settings = self.integrator.settings();
        let is_exact = self.descriptor.dynamics.has(pmc_abi::descriptor::feature::LINEAR);
        self.depart(point, change);
        for ((weight, state), point) in weights.iter_mut().zip(&*self.state).zip(point) {
            let larger = if point.abs() < state.abs() { state.abs() } else { point.abs() };
            let unit = if is_exact {
                EXACT * larger
            } else {
                (settings.absolute_tolerance + settings.relative_tolerance * larger) / TIGHTER
            };
            *weight = if unit > 0.0 { 1.0 / unit } else { 0.0 };
        }
    }

    /// Writes how far the state is from a point, without what only adds up.
    fn depart(&self, point: &[f64], change: &mut [f64]) {
        let states = self.state.iter().zip(point).zip(&*self.system.mask);
        for (change, ((state, point), mask)) in change.iter_mut().zip(states) {
            *change = mask * (state - point);
        }
    }

    /// Gives a dose at `start` and lets time pass for a part of the interval, with what doses before it have left
    /// running.
    fn live_through(&mut self, regimen: &Regimen, start: f64, part: f64) -> Result<(), Status> {
        let place = self.descriptor.layout.rate() + regimen.dose.route;
        self.time = start;
        self.set_last_dose(regimen.dose.route, start);
        if regimen.dose.rate == 0.0 {
            self.add(regimen.dose.route, regimen.dose.amount);
        }
        let first = if regimen.rest < part { regimen.rest } else { part };
        for (infusions, end) in [(regimen.overlapping + 1.0, first), (regimen.overlapping, part)] {
            if regimen.dose.rate == 0.0 {
                self.state_jumped();
            } else {
                self.set(place, infusions * regimen.dose.rate);
                self.event_happened();
            }
            self.imagine(start + end)?;
        }
        Ok(())
    }

    /// Lets time pass to a time of the imagined past, with stops where the right-hand side changes its branch.
    fn imagine(&mut self, end: f64) -> Result<(), Status> {
        while self.time < end {
            let next = self.next_switch(end);
            self.count_stop()?;
            self.integrate(next, next)?;
            if next < end {
                self.event_happened();
            }
        }
        Ok(())
    }

    /// Goes from the state just before a dose to that of the record, at which the next dose is a lag away.
    fn approach_record(&mut self, regimen: &Regimen, record: f64, lag: f64) -> Result<(), Status> {
        if lag == 0.0 {
            return Ok(());
        }
        self.live_through(regimen, record + lag - regimen.interval, regimen.interval - lag)
    }

    /// Lets the infusions run on that an imagined past has left running.
    fn take_over_infusions(
        &mut self,
        request: &DoseRequest,
        regimen: &Regimen,
        lag: f64,
    ) -> Result<(), Status> {
        let dose = regimen.dose;
        if request.amount == 0.0 || dose.rate == 0.0 {
            return Ok(());
        }
        let mut left = dose.duration - (regimen.interval - lag);
        while left > ROUNDING * regimen.interval {
            self.doses.infuse(dose.route, dose.rate, self.time + left)?;
            left -= regimen.interval;
        }
        Ok(())
    }

    /// Keeps covariates at their values at the record for the imagined past, or lets them go on.
    fn hold_covariates(&mut self, slopes: &mut [f64], hold: bool) {
        let layout = self.descriptor.layout;
        let start = self.system.frame[pmc_abi::frame::FrameLayout::SEGMENT_START as usize];
        for (covariate, kept) in (0..).zip(slopes) {
            if hold {
                *kept = self.system.frame[(layout.slope() + covariate) as usize];
                let value = self.system.frame[(layout.covariate() + covariate) as usize];
                self.set(layout.covariate() + covariate, value + *kept * (self.time - start));
            }
            self.set(layout.slope() + covariate, if hold { 0.0 } else { *kept });
        }
        self.set(pmc_abi::frame::FrameLayout::SEGMENT_START, self.time);
        self.covariates_changed();
    }
}

/// Returns settings for a search.
pub(super) fn tightened(settings: SolverSettings) -> SolverSettings {
    SolverSettings {
        relative_tolerance: TIGHTER * settings.relative_tolerance,
        absolute_tolerance: TIGHTER * settings.absolute_tolerance,
        ..settings
    }
}

/// Returns the largest weighted component; NaN if one is.
#[inline(never)]
pub(super) fn size(vector: &[f64], weights: &[f64]) -> f64 {
    let mut largest = 0.0;
    for (component, weight) in vector.iter().zip(weights) {
        let weighted = (component * weight).abs();
        if weighted.is_nan() {
            return weighted;
        }
        largest = if weighted > largest { weighted } else { largest };
    }
    largest
}
