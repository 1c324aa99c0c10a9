//! Names of the exports of a plugin.
//!
//! `instance` functions take a handle from [`CREATE`]; lengths of `f64` buffers count elements, lengths of
//! byte buffers count bytes. See the specification in `docs/` for the full signatures.

/// The module's memory.
pub const MEMORY: &str = "memory";
/// `() -> u32`.
pub const ABI_VERSION: &str = "plugin_abi_version";
/// `() -> u64`.
pub const CAPABILITIES: &str = "plugin_capabilities";
/// `(size: u32) -> u32`.
pub const ALLOC: &str = "plugin_alloc";
/// `(pointer: u32, size: u32)`.
pub const DEALLOC: &str = "plugin_dealloc";
/// `(pointer: u32, length: u32) -> u32`.
pub const NAME: &str = "plugin_name";
/// `(pointer: u32, length: u32) -> u32`: JSON configuration to handle.
pub const CREATE: &str = "plugin_create";
/// `(handle: u32)`.
pub const FREE: &str = "plugin_free";
/// `(handle, t: f64, dt: f64, inputs: u32, inputs_length: u32, outputs: u32, outputs_length: u32) -> i32`.
pub const STEP: &str = "plugin_step";
/// `(handle, schedule: u32, schedule_length: u32, outputs: u32, outputs_length: u32) -> i32`.
pub const SIMULATE: &str = "plugin_simulate";
/// `(handle) -> u32`: bits of [`warning`](crate::warning) of the last simulation; optional.
pub const WARNINGS: &str = "plugin_warnings";
/// `(handle, out: u32) -> i32`: pointer and length of the manifest.
pub const GET_METADATA: &str = "plugin_get_metadata";
/// `(out: u32) -> i32`: pointer and length of a JSON error.
pub const LAST_ERROR: &str = "plugin_last_error";
/// `(handle, t: f64, inputs: u32, state: u32) -> i32`: writes initial values.
pub const INITIAL: &str = "plugin_initial";
/// `(handle, t: f64, state: u32, inputs: u32, out: u32) -> i32`.
pub const DERIVATIVES: &str = "plugin_derivatives";
/// `(handle, t: f64, state: u32, inputs: u32, matrix: u32, time_derivative: u32) -> i32`; the matrix is
/// dense, row by row: entry `row * states + column`.
pub const JACOBIAN: &str = "plugin_jacobian";
/// `(handle, t: f64, state: u32, inputs: u32, out: u32) -> i32`.
pub const OUTPUTS: &str = "plugin_outputs";
/// `(handle, t: f64, route: u32, inputs: u32, out: u32) -> i32`: writes lag, bioavailability, rate,
/// duration; a property that the model does not define is 0, 1, NaN and NaN in this order.
pub const ROUTE: &str = "plugin_route";

/// All exports that a module of version 1 must have.
pub const REQUIRED: &[&str] =
    &[MEMORY, ABI_VERSION, CAPABILITIES, ALLOC, DEALLOC, NAME, CREATE, FREE, STEP, GET_METADATA, LAST_ERROR];

/// Names by which the kernel imports and exports those of its own functions that not every model needs.
///
/// Each is imported from [`MODULE`](part::MODULE) by its name and exported under [`PREFIX`](part::PREFIX) and
/// the name, with the same type. The compiler makes one of the two where the model needs it, and puts a trap in
/// its place where the descriptor says that it is never called. One import may be met by [several](part::METHODS).
pub mod part {
    /// The module name of these imports.
    pub const MODULE: &str = "part";
    /// What stands before the name of an export.
    pub const PREFIX: &str = "part_";
    /// How time passes for what is not solved exactly: the first of [`METHODS`] that the model needs.
    pub const INTEGRATE: &str = "integrate";
    /// What [`INTEGRATE`] may be.
    pub const METHODS: &[&str] = &[SWEEP, STEP];
    /// Steps of the solvers for ordinary differential equations.
    pub const STEP: &str = "step";
    /// Large linear systems: sums where the matrix allows, else [`STEP`].
    pub const SWEEP: &str = "sweep";
    /// The exact solution of linear systems.
    pub const PROPAGATE: &str = "propagate";
    /// Random paths.
    pub const DISPERSE: &str = "disperse";
    /// Means and quantiles over random paths.
    pub const SUMMARISE: &str = "summarise";
    /// Options that only stochastic systems have.
    pub const CONFIGURE: &str = "configure";
    /// States that start in equilibrium.
    pub const BALANCE: &str = "balance";
    /// Where nothing changes: constant infusions that have always run, and states that start there.
    pub const EQUILIBRIUM: &str = "equilibrium";
    /// Linear systems of many states with few entries.
    pub const ELIMINATE: &str = "eliminate";
    /// Steady-state doses.
    pub const STEADY_STATE: &str = "steady_state";
    /// Events and switches: what happens at the present time.
    pub const RAISE_EVENTS: &str = "raise_events";
    /// Conditions of events: where in a step one becomes true.
    pub const WATCH_CONDITIONS: &str = "watch_conditions";
}

/// Names by which the kernel imports the model's functions, all from [`MODULE`](model::MODULE).
pub mod model {
    /// The module name of these imports.
    pub const MODULE: &str = "model";
    /// `() -> u32`: address of the [descriptor](crate::descriptor::RawDescriptor).
    pub const DESCRIPTOR: &str = "descriptor";
    /// `(frame: u32)`.
    pub const STAGE_PARAMETERS: &str = "stage_parameters";
    /// `(frame: u32)`.
    pub const STAGE_COVARIATES: &str = "stage_covariates";
    /// `(frame: u32)`.
    pub const STAGE_EVENT: &str = "stage_event";
    /// `(t: f64, frame: u32)`.
    pub const STAGE_INTERPOLATED: &str = "stage_interpolated";
    /// `(t: f64, frame: u32, state: u32)`.
    pub const INITIAL: &str = "initial";
    /// `(t: f64, frame: u32, state: u32, out: u32)`.
    pub const DERIVATIVES: &str = "derivatives";
    /// `(t: f64, frame: u32, state: u32, matrix: u32, time_derivative: u32)`; writes only entries that are
    /// not identically zero.
    pub const JACOBIAN: &str = "jacobian";
    /// `(t: f64, frame: u32, state: u32, out: u32)`.
    pub const OUTPUTS: &str = "outputs";
    /// `(t: f64, frame: u32, route: u32, property: u32) -> f64`.
    pub const ROUTE_PROPERTY: &str = "route_property";
    /// `(t: f64, frame: u32, out: u32)`: initial values of variables.
    pub const VARIABLES: &str = "variables";
    /// `(t: f64, frame: u32, out: u32)`: times of switches, then a start and an interval for each event; +∞ and
    /// 0 for one that has a condition.
    pub const EVENT_TIMES: &str = "event_times";
    /// `(t: f64, frame: u32, state: u32, out: u32)`: for each event 1 if its condition holds, else 0.
    pub const EVENT_CONDITIONS: &str = "event_conditions";
    /// `(t: f64, frame: u32, state: u32, event: u32, out: u32)`: writes what an event changes of states,
    /// variables, whether it stops, and for each dose route (−1 for none), amount, duration.
    pub const EVENT_EFFECTS: &str = "event_effects";
    /// `(t: f64, frame: u32, state: u32, out: u32)`: coefficients of the states' Wiener processes.
    pub const DIFFUSION: &str = "diffusion";
}
