//! The descriptor: the constants of one model that the kernel reads at run time.
//!
//! In a module it is a table in the data of the memory ([`RawDescriptor`], little endian, 8-aligned), and
//! the import `descriptor` returns its address. Natively a model builds a [`Descriptor`] itself.

use crate::frame::FrameLayout;

/// Marks the absence of a destination.
pub const NO_STATE: u32 = u32::MAX;

/// What a route accepts, as bits.
pub mod input {
    /// Amounts given at once.
    pub const BOLUS: u32 = 1;
    /// Amounts given at a rate.
    pub const INFUSION: u32 = 2;
}

/// One route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct RouteDescriptor {
    /// Index of the state that a bolus enters, or [`NO_STATE`].
    pub destination: u32,
    /// Bits of [`input`].
    pub input: u32,
    /// Bit `p` is set where the model defines property `p` of [`crate::route_property`].
    pub properties: u32,
    /// Zero.
    pub reserved: u32,
}

/// How values of a covariate between records arise.
pub mod interpolation {
    /// The data decide (see [`crate::schedule`]).
    pub const DATA: u32 = 0;
    /// Straight lines between records.
    pub const LINEAR: u32 = 1;
    /// Last observation carried forward.
    pub const LAST_FORWARD: u32 = 2;
    /// Next observation carried backward.
    pub const NEXT_BACKWARD: u32 = 3;
    /// One value a subject.
    pub const CONSTANT: u32 = 4;
}

/// One covariate.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C)]
pub struct CovariateDescriptor {
    /// One of [`interpolation`].
    pub interpolation: u32,
    /// 1 if the model asks whether it is missing, else 0.
    pub tested_for_missing: u32,
    /// The value for subjects without data; NaN if there is none.
    pub default: f64,
}

/// Numerical settings.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C)]
pub struct SolverSettings {
    /// Relative tolerance, above 0.
    pub relative_tolerance: f64,
    /// Absolute tolerance, 0 or above.
    pub absolute_tolerance: f64,
    /// Largest step; infinity for none.
    pub maximum_step: f64,
    /// Most attempted steps between creation and end of a simulation.
    pub maximum_steps: f64,
    /// One of [`solver`].
    pub solver: u32,
    /// Number of particles of a stochastic system, from 1 to [`MOST_PARTICLES`]; else of no meaning.
    pub particles: u32,
    /// Seed of the random numbers of a stochastic system.
    pub seed: u64,
}

/// Most particles of a stochastic system.
pub const MOST_PARTICLES: u32 = 1_000_000;

/// Most quantiles of its outputs.
pub const MOST_QUANTILES: usize = 16;

/// Which solver.
pub mod solver {
    /// Explicit until the problem proves stiff, and back; of a stochastic system [`STRONG`].
    pub const AUTOMATIC: u32 = 0;
    /// Explicit only.
    pub const EXPLICIT: u32 = 1;
    /// Stiff only.
    pub const STIFF: u32 = 2;
    /// Euler's and Maruyama's method, for stochastic systems.
    pub const EULER_MARUYAMA: u32 = 3;
    /// The method of strong order 1.5, for stochastic systems.
    pub const STRONG: u32 = 4;
}

/// Fewest states for which linear systems are solved along a plan that leaves zeros alone; below, dense elimination
/// with its small loops is as fast.
pub const FEWEST_PLANNED_STATES: u32 = 12;

/// Most states of a linear system whose matrix is taken apart. Beyond, that takes longer than a solution by way of the
/// right-hand side.
pub const MOST_EXACT_STATES: u32 = 24;

/// What a model needs of the kernel beside solver and doses, as bits.
pub mod feature {
    /// Between events the right-hand side is a constant matrix times the states plus a constant vector, at
    /// least while no covariate is on a slope.
    pub const LINEAR: u32 = 1 << 0;
    /// The right-hand side may change while a covariate is on a slope.
    pub const SLOPED: u32 = 1 << 1;
    /// The right-hand side does not read time.
    pub const AUTONOMOUS: u32 = 1 << 2;
    /// States have diffusions.
    pub const STOCHASTIC: u32 = 1 << 3;
    /// As [`LINEAR`], but of more than [`MOST_EXACT_STATES`](super::MOST_EXACT_STATES) states; then [`LINEAR`] is not set.
    pub const LARGE: u32 = 1 << 4;
    /// Between changes of covariates, infusion rates and variables the right-hand side depends on the states alone: it
    /// reads neither time nor what is known of doses and events.
    pub const STANDING: u32 = 1 << 5;
}

/// What a model has beside states, routes and outputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dynamics<'a> {
    /// Bits of [`feature`].
    pub features: u32,
    /// Number of times at which the right-hand side jumps.
    pub switches: u32,
    /// Number of events.
    pub events: u32,
    /// The largest number of doses that one event gives.
    pub event_doses: u32,
    /// States that start where their derivative is zero.
    pub steady: &'a [u32],
    /// States that have a diffusion.
    pub diffusing: &'a [u32],
    /// States that no right-hand side reads, be it in a comparison: they only add up what others do.
    pub accumulators: &'a [u32],
}

impl Dynamics<'_> {
    /// A model that has nothing of it.
    pub const PLAIN: Self = Self {
        features: 0,
        switches: 0,
        events: 0,
        event_doses: 0,
        steady: &[],
        diffusing: &[],
        accumulators: &[],
    };

    /// Returns whether a bit of [`feature`] is set.
    pub const fn has(&self, bit: u32) -> bool {
        self.features & bit != 0
    }
}

/// The constants of a model, as the kernel uses them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Descriptor<'a> {
    /// Counts that fix the frame.
    pub layout: FrameLayout,
    /// Number of state components.
    pub states: u32,
    /// Number of outputs.
    pub outputs: u32,
    /// Routes, by index.
    pub routes: &'a [RouteDescriptor],
    /// Covariates, by index.
    pub covariates: &'a [CovariateDescriptor],
    /// What else there is.
    pub dynamics: Dynamics<'a>,
    /// Settings that the host may override.
    pub settings: SolverSettings,
}

/// The descriptor in a module's memory: addresses and lengths in bytes, all of it constant data.
///
/// Strings are UTF-8 without terminator. `names` is the address of `parameters + random_effects +
/// covariates` pairs of address and length (8 bytes each), in this order.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C)]
pub struct RawDescriptor {
    /// Counts that fix the frame.
    pub layout: FrameLayout,
    /// Number of state components.
    pub states: u32,
    /// Number of outputs.
    pub outputs: u32,
    /// Address of the [`RouteDescriptor`]s.
    pub routes: u32,
    /// Address of the [`CovariateDescriptor`]s, 8-aligned.
    pub covariates: u32,
    /// Address of one `f64` per parameter, 8-aligned: its default, NaN where there is none.
    pub defaults: u32,
    /// Address of the name table.
    pub names: u32,
    /// Address of the model's name.
    pub name: u32,
    /// Length of the model's name.
    pub name_length: u32,
    /// Address of the manifest.
    pub manifest: u32,
    /// Length of the manifest.
    pub manifest_length: u32,
    /// Bits of [`feature`].
    pub features: u32,
    /// Number of times at which the right-hand side jumps.
    pub switches: u32,
    /// Number of events.
    pub events: u32,
    /// The largest number of doses that one event gives.
    pub event_doses: u32,
    /// Address of the indices of states that start where their derivative is zero, one `u32` each.
    pub steady: u32,
    /// Number of such states.
    pub steady_length: u32,
    /// Address of the indices of states that have a diffusion, one `u32` each.
    pub diffusing: u32,
    /// Number of such states.
    pub diffusing_length: u32,
    /// Address of the indices of states that no right-hand side reads, one `u32` each.
    pub accumulators: u32,
    /// Number of such states.
    pub accumulators_length: u32,
    /// Address of the first byte after all constant data, 16-aligned: from here to the end of the memory
    /// everything is free for the kernel's workspace (the kernel's own `__heap_base` is too low, because
    /// the model's constants stand above it).
    pub heap_start: u32,
    /// Zero.
    pub reserved: u32,
    /// Settings (8-aligned: the twenty-eight words before it leave no gap).
    pub settings: SolverSettings,
}
