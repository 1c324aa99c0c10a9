//! What a dose record comes to.

use pmc_abi::descriptor::input;
use pmc_abi::frame::FrameLayout;
use pmc_abi::schedule::modelled;
use pmc_abi::{Status, dose_property, route_property, warning};

use super::Engine;
use super::doses::{Dose, Train};
use crate::{Failure, Fault, Model};

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
    #[inline(never)]
    pub fn dose(&mut self, request: &DoseRequest) -> Result<(), Status> {
        self.settle()?;
        if self.clock.has_stopped() {
            return Ok(());
        }
        self.state_jumped();
        let mut lag = self.lag(request.route)?;
        if request.history != History::Recorded {
            if self.is_stochastic() {
                return Err(Status::NotSupported);
            }
            if request.amount == 0.0 && request.rate != 0.0 {
                return M::steady_state(self, request, 0.0);
            }
            self.must_be_positive(request.route, dose_property::INTERVAL, request.interval)?;
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
        if repeats && !(start < second && second < f64::INFINITY) {
            return Err(self.blame(request.route, dose_property::INTERVAL, request.interval));
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
    pub(super) fn resolve(&mut self, request: &DoseRequest) -> Result<Dose, Status> {
        let route = request.route;
        let bioavailability = self.bioavailability(route)?;
        let amount = bioavailability * request.amount;
        // Where nothing is taken up, an infinite amount is none either.
        if !amount.is_finite() {
            return Err(self.blame(route, dose_property::AMOUNT, request.amount));
        }
        self.must_accept(route, request.rate)?;
        if request.rate == 0.0 {
            return Ok(Dose { route, amount, rate: 0.0, duration: 0.0 });
        }
        self.must_be_positive(route, dose_property::AMOUNT, request.amount)?;
        let (said, value) = if request.rate == modelled::DURATION {
            (route_property::DURATION, self.property(route, route_property::DURATION).unwrap_or(f64::NAN))
        } else {
            (route_property::RATE, self.rate_of(request))
        };
        self.must_be_positive(route, said, value)?;
        if amount == 0.0 {
            return Ok(Dose { route, amount, rate: 0.0, duration: 0.0 });
        }
        let follows = amount / value;
        self.must_be_positive(route, route_property::RATE + route_property::DURATION - said, follows)?;
        let (rate, duration) = if said == route_property::RATE { (value, follows) } else { (follows, value) };
        Ok(Dose { route, amount: 0.0, rate, duration })
    }

    /// Fails unless a route accepts boluses, where the rate is 0, or infusions.
    pub(super) fn must_accept(&mut self, route: u32, rate: f64) -> Result<(), Status> {
        let states = self.descriptor.states;
        let accepts = self.descriptor.routes.get(route as usize).is_some_and(|described| {
            if rate == 0.0 {
                described.input & input::BOLUS != 0 && described.destination < states
            } else {
                described.input & input::INFUSION != 0
            }
        });
        if accepts { Ok(()) } else { Err(self.blame(route, dose_property::INPUT, rate)) }
    }

    /// Fails unless something about a dose is above 0 and finite.
    #[inline(never)]
    pub(super) fn must_be_positive(&mut self, route: u32, property: u32, value: f64) -> Result<(), Status> {
        let is_positive = 0.0 < value && value < f64::INFINITY;
        if is_positive { Ok(()) } else { Err(self.blame(route, property, value)) }
    }

    /// Returns the lag time of a route; fails unless it is 0 or above, and finite.
    pub(super) fn lag(&mut self, route: u32) -> Result<f64, Status> {
        self.not_negative(route, route_property::LAG, 0.0)
    }

    /// Returns the bioavailability of a route; fails unless it is 0 or above, and finite.
    pub(super) fn bioavailability(&mut self, route: u32) -> Result<f64, Status> {
        self.not_negative(route, route_property::BIOAVAILABILITY, 1.0)
    }

    #[inline(never)]
    fn not_negative(&mut self, route: u32, property: u32, undefined: f64) -> Result<f64, Status> {
        let value = self.property(route, property).unwrap_or(undefined);
        // NaN is none either.
        let is_sensible = (0.0..f64::INFINITY).contains(&value);
        if is_sensible { Ok(value) } else { Err(self.blame(route, property, value)) }
    }

    /// Keeps what is wrong with a dose, and returns the status.
    #[inline(never)]
    fn blame(&mut self, route: u32, property: u32, value: f64) -> Status {
        self.trouble = Some(Failure::of_dose(self.time, Fault { route, property, value }));
        Status::BadDose
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
                return Err(self.blame(dose.route, route_property::DURATION, dose.duration));
            }
            self.doses.infuse(dose.route, dose.rate, end)?;
            self.set(layout.rate() + dose.route, self.rate_on(dose.route));
            self.event_happened();
        } else {
            self.add(dose.route, dose.amount);
            self.state_jumped();
        }
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
