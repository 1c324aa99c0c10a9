//! What a dose record comes to.

use pmc_abi::descriptor::input;
use pmc_abi::frame::FrameLayout;
use pmc_abi::schedule::modelled;
use pmc_abi::{Status, route_property, warning};

use super::Engine;
use super::doses::{Dose, Train};
use crate::Model;

/// Relative difference of times that is rounding.
pub(super) const ROUNDING: f64 = 1e-12;

/// What a dose record asks for, before the model has had its say.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DoseRequest {
    /// Index of the route.
    pub route: u32,
    /// The amount, without bioavailability.
    pub amount: f64,
    /// 0 for a bolus, above 0 for an infusion at this rate, or one of [`modelled`].
    pub rate: f64,
    /// Time between additional doses, and of those of a steady state.
    pub interval: f64,
    /// Number of additional doses.
    pub additional: u32,
    /// What went before.
    pub history: History,
}

/// What went before a dose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum History {
    /// What the schedule says.
    Recorded,
    /// The same dose for ever, and nothing else (SS = 1).
    SteadyState,
    /// The same dose for ever, beside what the schedule says (SS = 2).
    SteadyStateAdded,
}

impl<M: Model> Engine<'_, M> {
    /// Gives a dose now, or later where the model says so, and expects its repetitions.
    ///
    /// Fails with [`Status::BadDose`], [`Status::QueueFull`] or, where a steady state is asked for,
    /// [`Status::NoSteadyState`]; a stochastic system, which has no such state, with [`Status::NotSupported`].
    pub fn dose(&mut self, request: &DoseRequest) -> Result<(), Status> {
        self.settle()?;
        if self.clock.has_stopped() {
            return Ok(());
        }
        self.event_happened();
        let mut lag = self.property(request.route, route_property::LAG).unwrap_or(0.0);
        // NaN is no lag either.
        if !(0.0..f64::INFINITY).contains(&lag) {
            return Err(Status::BadDose);
        }
        if request.history != History::Recorded {
            if self.is_stochastic() {
                return Err(Status::NotSupported);
            }
            if request.amount == 0.0 && request.rate != 0.0 {
                return M::steady_state(self, request, 0.0);
            }
            if !(0.0 < request.interval && request.interval < f64::INFINITY) {
                return Err(Status::BadDose);
            }
            if request.interval <= lag {
                self.warnings |= warning::LAG_REDUCED;
                lag = remainder(lag, request.interval);
            }
            M::steady_state(self, request, lag)?;
        }
        self.expect(request, lag)
    }

    /// Gives a dose after a lag, and expects its repetitions.
    pub(super) fn expect(&mut self, request: &DoseRequest, lag: f64) -> Result<(), Status> {
        let dose = self.resolve(request)?;
        let start = self.time + lag;
        let repeats = request.additional != 0;
        let second = start + request.interval;
        // An interval that rounding swallows would give all doses at once.
        let regular = !repeats || (start < second && second.is_finite());
        if !(start.is_finite() && regular) {
            return Err(Status::BadDose);
        }
        let now = start <= self.time;
        if !now || repeats {
            let (interval, additional) = (request.interval, request.additional);
            let train = Train { dose, start, interval, given: u32::from(now), additional };
            self.doses.expect(train)?;
        }
        if now {
            self.give(&dose)?;
        }
        Ok(())
    }

    /// Evaluates what the model says of a dose that is recorded now.
    pub(super) fn resolve(&self, request: &DoseRequest) -> Result<Dose, Status> {
        let route = request.route;
        let Some(described) = self.descriptor.routes.get(route as usize) else {
            return Err(Status::BadDose);
        };
        let bioavailability = self.property(route, route_property::BIOAVAILABILITY).unwrap_or(1.0);
        let amount = bioavailability * request.amount;
        if !amount.is_finite() || !request.amount.is_finite() {
            return Err(Status::BadDose);
        }
        if request.rate == 0.0 {
            let accepted =
                described.input & input::BOLUS != 0 && described.destination < self.descriptor.states;
            let dose = Dose { route, amount, rate: 0.0, duration: 0.0 };
            return if accepted { Ok(dose) } else { Err(Status::BadDose) };
        }
        let (rate, duration) = if request.rate == modelled::DURATION {
            let duration = self.property(route, route_property::DURATION).unwrap_or(f64::NAN);
            (amount / duration, duration)
        } else {
            let rate = self.rate_of(request);
            (rate, amount / rate)
        };
        let nothing = bioavailability == 0.0 && 0.0 < request.amount;
        let sensible = (0.0 < rate && 0.0 < duration) || (nothing && 0.0 <= rate && 0.0 <= duration);
        let accepted = described.input & input::INFUSION != 0;
        if accepted && sensible && rate.is_finite() && duration.is_finite() {
            Ok(Dose { route, amount: 0.0, rate, duration: if nothing { 0.0 } else { duration } })
        } else {
            Err(Status::BadDose)
        }
    }

    /// Returns the rate of an infusion whose duration follows from it; NaN if the model should say it and
    /// does not.
    pub(super) fn rate_of(&self, request: &DoseRequest) -> f64 {
        if request.rate == modelled::RATE {
            self.property(request.route, route_property::RATE).unwrap_or(f64::NAN)
        } else {
            request.rate
        }
    }

    /// Gives a dose now.
    pub(super) fn give(&mut self, dose: &Dose) -> Result<(), Status> {
        let layout = self.descriptor.layout;
        self.set_last_dose(dose.route, self.time);
        if let Some(number) = self.system.frame.get_mut(FrameLayout::DOSE_NUMBER as usize) {
            *number += 1.0;
        }
        if 0.0 < dose.duration {
            let end = self.time + dose.duration;
            // Times are rounded: an infusion so short that this changes what is given is refused, not falsified.
            if (end - self.time - dose.duration).abs() > 1e-6 * dose.duration {
                return Err(Status::BadDose);
            }
            self.doses.infuse(dose.route, dose.rate, end)?;
            self.set(layout.rate() + dose.route, self.rate_on(dose.route));
        } else {
            self.add(dose.route, dose.amount);
        }
        self.event_happened();
        Ok(())
    }

    /// Adds an amount to the destination of a route.
    pub(super) fn add(&mut self, route: u32, amount: f64) {
        if let Some(route) = self.descriptor.routes.get(route as usize)
            && let Some(place) = self.state.get_mut(route.destination as usize)
        {
            *place += amount;
        }
    }

    /// Writes that a dose was given on a route.
    pub(super) fn set_last_dose(&mut self, route: u32, time: f64) {
        self.set(FrameLayout::LAST_DOSE, time);
        self.set(self.descriptor.layout.last_dose() + route, time);
    }

    /// Returns a property of a route at the present time, if the model defines it.
    pub(super) fn property(&self, route: u32, property: u32) -> Option<f64> {
        let described = self.descriptor.routes.get(route as usize)?;
        let defined = described.properties & (1 << property) != 0;
        defined.then(|| self.system.model.route_property(self.time, self.system.frame, route, property))
    }
}

/// Returns what whole intervals leave of a lag time; nothing where it is a multiple of them but for rounding, else a
/// dose would be put off by nearly an interval.
fn remainder(lag: f64, interval: f64) -> f64 {
    let rest = lag - pmc_math::floor(lag / interval) * interval;
    let rounding = ROUNDING * lag;
    if rounding < rest && rest < interval - rounding { rest } else { 0.0 }
}
