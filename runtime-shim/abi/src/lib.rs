//! The plugin contract, version 1: names of exports, status codes, capability bits, memory layouts and the
//! manifest.
//!
//! Everything here is numbers and names that both sides of the border must agree on. The kernel builds
//! this crate without its `manifest` feature, so without an allocator.

#![no_std]

#[cfg(feature = "manifest")]
extern crate alloc;

pub mod descriptor;
pub mod export;
pub mod frame;
#[cfg(feature = "manifest")]
pub mod manifest;
pub mod schedule;
mod status;

pub use status::Status;

/// The version of the contract, as returned by `plugin_abi_version`.
pub const ABI_VERSION: u32 = 1;

/// Name of the custom section that holds the manifest.
pub const MANIFEST_SECTION: &str = "pmc.manifest";

/// The largest module that hosts load by default, in bytes; compilers make no larger ones.
pub const MODULE_BYTES: usize = 16 << 20;

/// Bits of `plugin_capabilities`; hosts ignore bits that they do not know.
pub mod capability {
    /// `plugin_step`.
    pub const STEP: u64 = 1 << 0;
    /// `plugin_initial` and `plugin_derivatives`.
    pub const DERIVATIVES: u64 = 1 << 1;
    /// `plugin_jacobian`.
    pub const JACOBIAN: u64 = 1 << 2;
    /// `plugin_outputs`.
    pub const OUTPUTS: u64 = 1 << 3;
    /// `plugin_simulate`.
    pub const SIMULATE: u64 = 1 << 4;
    /// `plugin_route`: lag, bioavailability, rate, duration.
    pub const ROUTES: u64 = 1 << 5;
    /// Sensitivities to parameters.
    pub const SENSITIVITIES: u64 = 1 << 6;
    /// Random paths: particles, seed and quantiles in the configuration, a stream in each schedule.
    pub const STOCHASTIC: u64 = 1 << 7;
    /// Events raised by the model itself.
    pub const EVENTS: u64 = 1 << 8;
    /// Several subjects abreast.
    pub const LANES: u64 = 1 << 9;
}

/// Bits of `plugin_warnings`: what happened in a simulation that the author of the data should know.
pub mod warning {
    /// A lag time was as long as the interval of a steady state or longer, and was reduced by whole intervals.
    pub const LAG_REDUCED: u32 = 1 << 0;
}

/// Bits that say which properties a route has, and their order as arguments of `route_property`.
pub mod route_property {
    /// Number of the lag time among the properties.
    pub const LAG: u32 = 0;
    /// Number of the bioavailability.
    pub const BIOAVAILABILITY: u32 = 1;
    /// Number of the modelled rate.
    pub const RATE: u32 = 2;
    /// Number of the modelled duration.
    pub const DURATION: u32 = 3;
}

/// What can be wrong with a dose, as numbers that error documents name (`property`); those of [`route_property`], and
/// these.
pub mod dose_property {
    /// The amount.
    pub const AMOUNT: u32 = 4;
    /// The time between doses.
    pub const INTERVAL: u32 = 5;
    /// The way in which it is given: the value is 0 for a bolus, else the rate of an infusion.
    pub const INPUT: u32 = 6;
}
