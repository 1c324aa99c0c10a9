//! The frame: everything that the model's functions read beside time and state, as one array of `f64`.
//!
//! The kernel owns and fills it; the model's stage functions add the values worth keeping. Codegen, kernel
//! and interpreter take the offsets from here.

/// Counts that fix the layout of a frame, and the offsets that follow from them.
///
/// Layout, in elements: `0` start of the current covariate segment; `1` time of the last dose on any
/// route (−∞ before the first); `2` number of doses given; `3` time of the last event of whatever kind; then
/// parameters, random effects, covariate values (at the start of the segment), covariate slopes (per unit of
/// time), covariate absences (1 where the data hold no value, else 0), infusion rates by route, times of the
/// last dose by route, variables, and last the staged values.
///
/// A covariate that is linear, or whose interpolation the data decide, has the value
/// `value + slope * (t - segment start)`; any other has `value`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct FrameLayout {
    /// Number of parameters.
    pub parameters: u32,
    /// Number of random effects.
    pub random_effects: u32,
    /// Number of covariates.
    pub covariates: u32,
    /// Number of routes.
    pub routes: u32,
    /// Number of variables that events assign.
    pub variables: u32,
    /// Number of staged values.
    pub staged: u32,
}

impl FrameLayout {
    /// Offset of the start of the covariate segment.
    pub const SEGMENT_START: u32 = 0;
    /// Offset of the time of the last dose on any route.
    pub const LAST_DOSE: u32 = 1;
    /// Offset of the number of doses.
    pub const DOSE_NUMBER: u32 = 2;
    /// Offset of the time of the last event.
    pub const EVENT_TIME: u32 = 3;

    /// Offset of the first parameter.
    pub const fn parameter(&self) -> u32 {
        4
    }

    /// Offset of the first random effect.
    pub const fn random_effect(&self) -> u32 {
        self.parameter() + self.parameters
    }

    /// Offset of the first covariate value.
    pub const fn covariate(&self) -> u32 {
        self.random_effect() + self.random_effects
    }

    /// Offset of the first covariate slope.
    pub const fn slope(&self) -> u32 {
        self.covariate() + self.covariates
    }

    /// Offset of the first mark of absence.
    pub const fn missing(&self) -> u32 {
        self.slope() + self.covariates
    }

    /// Offset of the first infusion rate.
    pub const fn rate(&self) -> u32 {
        self.missing() + self.covariates
    }

    /// Offset of the first time of a last dose on a route.
    pub const fn last_dose(&self) -> u32 {
        self.rate() + self.routes
    }

    /// Offset of the first variable.
    pub const fn variable(&self) -> u32 {
        self.last_dose() + self.routes
    }

    /// Offset of the first staged value.
    pub const fn staged(&self) -> u32 {
        self.variable() + self.variables
    }

    /// Number of elements of the whole frame.
    pub const fn len(&self) -> u32 {
        self.staged() + self.staged
    }

    /// Returns false: a frame always holds its fixed elements.
    pub const fn is_empty(&self) -> bool {
        false
    }
}
