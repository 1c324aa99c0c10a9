//! Writing of rates, covariates and dose history to a frame.

use pmc_abi::Status;
use pmc_abi::frame::FrameLayout;

use crate::Model;

/// Writes infusion rates and covariates that stay as they are, and brings staged values up to date.
///
/// A covariate that is NaN takes its default. Fails with [`Status::MissingCovariate`] if it has none and the model
/// does not ask whether it is missing, and with [`Status::BadValue`] if a rate is not finite or a covariate infinite.
/// Parameters must have been staged.
pub fn hold_inputs<M: Model>(
    model: &M,
    t: f64,
    frame: &mut [f64],
    rates: &[f64],
    covariates: &[f64],
) -> Result<(), Status> {
    let descriptor = model.descriptor();
    let layout = descriptor.layout;
    set(frame, FrameLayout::SEGMENT_START, t);
    if rates.iter().any(|rate| !rate.is_finite()) || covariates.iter().any(|value| value.is_infinite()) {
        return Err(Status::BadValue);
    }
    for (route, rate) in (0..layout.routes).zip(rates) {
        set(frame, layout.rate() + route, *rate);
    }
    for ((covariate, given), described) in (0..).zip(covariates).zip(descriptor.covariates) {
        let absent = given.is_nan();
        let value = if absent { described.default } else { *given };
        if value.is_nan() && described.tested_for_missing == 0 {
            return Err(Status::MissingCovariate);
        }
        set(frame, layout.covariate() + covariate, value);
        set(frame, layout.slope() + covariate, 0.0);
        set(frame, layout.missing() + covariate, f64::from(u8::from(absent)));
    }
    model.stage_covariates(frame);
    stage_at(model, t, frame);
    Ok(())
}

/// Brings staged values to a time at which somebody looks, as an event at that time does.
pub fn stage_at<M: Model>(model: &M, t: f64, frame: &mut [f64]) {
    set(frame, FrameLayout::EVENT_TIME, t);
    model.stage_event(frame);
    model.stage_interpolated(t, frame);
}

/// Writes that no dose has ever been given.
pub fn forget_doses(layout: &FrameLayout, frame: &mut [f64]) {
    set(frame, FrameLayout::LAST_DOSE, f64::NEG_INFINITY);
    set(frame, FrameLayout::DOSE_NUMBER, 0.0);
    for route in 0..layout.routes {
        set(frame, layout.last_dose() + route, f64::NEG_INFINITY);
    }
}

/// Writes one element of a frame.
#[inline(never)]
pub(super) fn set(frame: &mut [f64], offset: u32, value: f64) {
    if let Some(place) = frame.get_mut(offset as usize) {
        *place = value;
    }
}
