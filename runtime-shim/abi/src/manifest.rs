//! The manifest: what a module says of itself, as JSON.
//!
//! It stands in the custom section `pmc.manifest`, and `plugin_get_metadata` returns the same document.
//! Readers ignore fields that they do not know.

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

/// The document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the contract.
    pub abi: AbiVersion,
    /// The model's name.
    pub name: String,
    /// `ode`, `analytical` or `sde`.
    pub kind: String,
    /// Parameters, in the order of the frame.
    pub parameters: Vec<Parameter>,
    /// Random effects, in the order of the frame.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub random_effects: Vec<Named>,
    /// Covariates, in the order of the frame.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub covariates: Vec<Covariate>,
    /// State components, in order.
    pub states: Vec<Quantity>,
    /// Routes, in order.
    #[serde(default)]
    pub routes: Vec<Route>,
    /// Outputs, in order.
    pub outputs: Vec<Quantity>,
    /// Numerical settings.
    pub solver: Solver,
    /// Unit of time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_unit: Option<String>,
}

/// A version of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AbiVersion {
    /// Changes when older hosts would misbehave.
    pub major: u32,
    /// Changes when something is added.
    pub minor: u32,
}

/// A parameter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Its unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Its value when the host gives none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<f64>,
    /// Its smallest sensible value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lower: Option<f64>,
    /// Its largest sensible value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upper: Option<f64>,
    /// `log` or `logit`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transform: Option<String>,
    /// Whether estimators should leave it alone.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub fixed: bool,
    /// A description for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

/// Something with a name only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Its name.
    pub name: String,
}

/// A covariate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Covariate {
    /// Its name, which is also the column in the data.
    pub name: String,
    /// Its unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// `linear`, `locf`, `nocb` or `const`; absent: the data decide.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interpolation: Option<String>,
    /// The value for subjects without data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<f64>,
    /// Whether the data may lack it because the model asks.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub may_be_missing: bool,
    /// The values that the data may have; empty: any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<f64>,
}

/// A state or an output.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quantity {
    /// Its name.
    pub name: String,
    /// Its unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
}

/// A route.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    /// The label by which data address it.
    pub label: String,
    /// `bolus`, `infusion` or `both`.
    pub input: String,
    /// Index of the state that it enters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub destination: Option<u32>,
    /// Which of `lag`, `bioavailability`, `rate`, `duration` the model defines.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub properties: Vec<String>,
    /// Whether events of the model give doses by it.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub given_by_events: bool,
    /// Whether it stands for a state that the model opened to any dose, not for a route of the text.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub implicit: bool,
}

/// Numerical settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Solver {
    /// `auto`, `explicit` or `stiff`.
    pub method: String,
    /// Relative tolerance.
    pub rtol: f64,
    /// Absolute tolerance.
    pub atol: f64,
    /// Largest step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hmax: Option<f64>,
    /// Where the equations are linear and solved exactly, without steps: `always` or `unless_sloped` (not while a
    /// covariate is on a slope); absent where they are not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub linear: Option<String>,
    /// Number of particles of a stochastic system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub particles: Option<u32>,
    /// What bounds a simulation; absent where only the host's budget does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effort: Option<Effort>,
}

/// What bounds a simulation.
///
/// A host allows as many steps as its budget of instructions has room for, if that is fewer, by the option
/// `maximum_steps`. So a run that takes too long ends at the same step wherever the model runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effort {
    /// Most steps unless the host says otherwise.
    pub steps: u64,
    /// Instructions that a step takes at most, about; of a stochastic system, for one particle.
    pub instructions: u64,
}
