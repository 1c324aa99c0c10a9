//! Errors of loading and of running.

use core::fmt;

use pmc_abi::Status;
use pmc_abi::manifest::Manifest;
use pmc_diagnostics::{Code, Diagnostics, plain};
use serde_json::Value;

use crate::fault;

/// Longest message that is taken from a model, in characters.
const MESSAGE_CHARACTERS: usize = 400;

/// Why a module could not be loaded: all the rules that it breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadError {
    /// The findings, at least one of them an error (codes `PK30xx`).
    pub diagnostics: Diagnostics,
}

impl fmt::Display for LoadError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, diagnostic) in self.diagnostics.iter().enumerate() {
            let separator = if index == 0 { "" } else { "\n" };
            write!(formatter, "{separator}{}: {}", diagnostic.code, plain(&diagnostic.message))?;
        }
        Ok(())
    }
}

impl core::error::Error for LoadError {}

/// Why a computation could not go on.
#[derive(Clone, Debug, PartialEq)]
pub struct RunError {
    /// The stable code, `PK20xx`.
    pub code: Code,
    /// The plugin's status, where it returned one.
    pub status: Option<Status>,
    /// What happened, one line without a trailing dot.
    pub message: String,
    /// When, in model time.
    pub time: Option<f64>,
    /// The name of the state to blame.
    pub state: Option<String>,
    /// Whether it happened while the steady state of a dose was looked for; the time is then that of the dose.
    pub seeks_steady_state: bool,
}

impl RunError {
    /// Makes the error of a status code of the contract.
    pub fn from_status(status: Status) -> Self {
        let number = 2000 + (status as i32).unsigned_abs() as u16;
        Self { status: Some(status), ..Self::new(number, status.message()) }
    }

    /// The module trapped.
    pub fn trap(export: &str, reason: &str) -> Self {
        Self::new(2040, format!("`{export}` trapped: {reason}"))
    }

    /// A call used up its fuel.
    pub fn out_of_fuel(export: &str, fuel: u64) -> Self {
        Self::new(2041, format!("`{export}` used up its budget of {fuel} instructions"))
    }

    /// The module did what the contract forbids.
    pub fn broken_contract(message: impl Into<String>) -> Self {
        Self::new(2042, message)
    }

    /// The module does not have a function.
    pub fn missing_capability(export: &str) -> Self {
        Self::new(2043, format!("the module does not offer `{export}`"))
    }

    /// No instance could be made.
    pub fn not_started(reason: &str) -> Self {
        Self::new(2044, format!("the module could not be started: {reason}"))
    }

    /// A value that the caller gave is not usable.
    pub fn bad_value(message: impl Into<String>) -> Self {
        Self { message: message.into(), ..Self::from_status(Status::BadValue) }
    }

    /// Adds message, time and state of an error document of the contract, as far as it gives them.
    pub fn with_document(self, document: &Value, manifest: &Manifest) -> Self {
        let state = match document.get("state") {
            Some(Value::String(name)) => Some(clean(name)),
            Some(Value::Number(index)) => index
                .as_u64()
                .and_then(|index| manifest.states.get(usize::try_from(index).ok()?))
                .map(|state| state.name.clone()),
            _ => None,
        };
        let message = document.get("message").and_then(Value::as_str).map(clean);
        let message = message.filter(|text| !text.is_empty());
        Self {
            message: fault::describe(document, manifest).or(message).unwrap_or(self.message),
            time: document.get("time").and_then(Value::as_f64),
            state,
            seeks_steady_state: document.get("steady_state") == Some(&Value::Bool(true)),
            ..self
        }
    }

    /// The same error of a stochastic model that was asked for a steady state.
    pub(crate) fn of_stochastic_steady_state(self) -> Self {
        Self { message: "steady states of stochastic models are not computed".to_owned(), ..self }
    }

    /// Returns whether the instance that failed must not be used again.
    pub fn ends_instance(&self) -> bool {
        matches!(self.code.0, 2040..=2042 | 2044)
    }

    /// Returns what a user can do about it, where that is known.
    pub fn help(&self) -> Option<&'static str> {
        match self.status? {
            Status::NotFinite => {
                Some("look for a division by zero, a logarithm of a negative number, or growth without bound")
            }
            Status::StepTooSmall => {
                Some("look for growth without bound or a jump there; a larger tolerance may help")
            }
            Status::BudgetExceeded => Some(
                "look for a state that changes very fast; a larger tolerance or `option solver = stiff` may help",
            ),
            Status::MissingCovariate => {
                Some("give the covariate a value in the data or a default in the model")
            }
            Status::NotSupported => Some(
                "plugins differ in what they can do; for doses at steady state, start earlier and give those before by ADDL and II",
            ),
            Status::QueueFull => Some(
                "at most 128 doses can wait and 128 infusions run at one time, overlapping ones included",
            ),
            Status::NoSteadyState => Some(
                "look for a state that only fills, or an elimination slower than the doses; \
                 doses by ADDL and II need no steady state",
            ),
            Status::Chattering => Some(
                "look for events that set one another off, or one that happens again at once; \
                 an event at times needs an interval above 0",
            ),
            _ => None,
        }
    }

    fn new(code: u16, message: impl Into<String>) -> Self {
        Self {
            code: Code(code),
            status: None,
            message: message.into(),
            time: None,
            state: None,
            seeks_steady_state: false,
        }
    }
}

/// Shortens a text of a model and takes control characters out of it.
fn clean(text: &str) -> String {
    text.chars()
        .take(MESSAGE_CHARACTERS)
        .map(|character| if character.is_control() { ' ' } else { character })
        .collect()
}

impl fmt::Display for RunError {
    /// Writes the message with time and state, without the code.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.message)?;
        if self.seeks_steady_state {
            write!(formatter, " while looking for the steady state of the dose")?;
        }
        if let Some(time) = self.time {
            write!(formatter, " at time {time}")?;
        }
        if let Some(state) = &self.state {
            write!(formatter, " in state `{state}`")?;
        }
        Ok(())
    }
}

impl core::error::Error for RunError {}
