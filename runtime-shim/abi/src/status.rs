//! Status codes.

/// What an entry point returns: 0 for success, a negative number for each cause of failure.
///
/// The numbers are part of the contract and never change their meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Status {
    /// Done.
    Success = 0,
    /// The handle names no live instance.
    BadHandle = -1,
    /// A pointer or length lies outside the memory, or is misaligned.
    BadPointer = -2,
    /// The configuration is not the JSON that the specification describes.
    BadJson = -3,
    /// The configuration names a parameter that the model does not have.
    UnknownParameter = -4,
    /// A parameter without default got no value.
    MissingParameter = -5,
    /// No room for an instance or a buffer.
    OutOfMemory = -6,
    /// A state, derivative or output became infinite or not a number.
    NotFinite = -7,
    /// The solver's step fell below the resolution of time.
    StepTooSmall = -8,
    /// The limit of steps was reached.
    BudgetExceeded = -9,
    /// The module does not have what was asked for.
    NotSupported = -10,
    /// A schedule is malformed: wrong length, unknown event, route out of range.
    BadSchedule = -11,
    /// Time runs backwards in a schedule or step.
    TimeReversed = -12,
    /// More doses are pending or running than the stated limit.
    QueueFull = -13,
    /// The output buffer is too small; the needed length has been written.
    BufferTooSmall = -14,
    /// A covariate without default has no value and the model reads it.
    MissingCovariate = -15,
    /// A dose is impossible: negative rate, duration, lag or bioavailability, infusion of no length, non-finite amount,
    /// or a route that does not accept it.
    BadDose = -16,
    /// The configuration names a covariate or an option that the model does not have.
    UnknownName = -17,
    /// A parameter, covariate, tolerance or time is not a finite number.
    BadValue = -18,
    /// A steady state does not exist or was not found.
    NoSteadyState = -19,
    /// Events of the model follow one another without end at one time.
    Chattering = -20,
}

impl Status {
    /// Returns the status of a number that an entry point returned, if it is one of version 1.
    pub const fn from_code(code: i32) -> Option<Self> {
        Some(match code {
            0 => Self::Success,
            -1 => Self::BadHandle,
            -2 => Self::BadPointer,
            -3 => Self::BadJson,
            -4 => Self::UnknownParameter,
            -5 => Self::MissingParameter,
            -6 => Self::OutOfMemory,
            -7 => Self::NotFinite,
            -8 => Self::StepTooSmall,
            -9 => Self::BudgetExceeded,
            -10 => Self::NotSupported,
            -11 => Self::BadSchedule,
            -12 => Self::TimeReversed,
            -13 => Self::QueueFull,
            -14 => Self::BufferTooSmall,
            -15 => Self::MissingCovariate,
            -16 => Self::BadDose,
            -17 => Self::UnknownName,
            -18 => Self::BadValue,
            -19 => Self::NoSteadyState,
            -20 => Self::Chattering,
            _ => return None,
        })
    }

    /// Returns one line that says what happened, for people.
    pub const fn message(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::BadHandle => "the handle names no live instance",
            Self::BadPointer => "a pointer or length lies outside the memory",
            Self::BadJson => "the configuration is not valid",
            Self::UnknownParameter => "the model has no such parameter",
            Self::MissingParameter => "a parameter without default got no value",
            Self::OutOfMemory => "out of memory",
            Self::NotFinite => "a value became infinite or not a number",
            Self::StepTooSmall => "the solver's step became too small",
            Self::BudgetExceeded => "the limit of solver steps was reached",
            Self::NotSupported => "the module does not support this",
            Self::BadSchedule => "the schedule is malformed",
            Self::TimeReversed => "time runs backwards",
            Self::QueueFull => "too many doses are pending or running",
            Self::BufferTooSmall => "the output buffer is too small",
            Self::MissingCovariate => "a covariate without default has no value",
            Self::BadDose => "a dose is impossible",
            Self::UnknownName => "the configuration holds an unknown name",
            Self::BadValue => "a value is not a finite number or out of range",
            Self::NoSteadyState => "no steady state was found",
            Self::Chattering => "events follow one another without end",
        }
    }
}
