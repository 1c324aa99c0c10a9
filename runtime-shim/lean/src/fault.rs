//! Why a call failed.

use pmc_abi::Status;
use pmc_ir::wire::WireError;
use pmc_kernel::Failure;
use pmc_kernel::configuration::Refusal;
use pmc_kernel::report::Report;

/// The status of documents that are refused; far from those of plugins, which may become more.
pub const BAD_DOCUMENT: i32 = -100;

/// Most broken rules of a document that are told.
const TOLD: usize = 8;

/// Why a call failed.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// What can happen in plugins.
    Failed(Failure),
    /// What is wrong with a configuration.
    Refused {
        /// The status.
        status: Status,
        /// The name at fault, as it stands in the document; empty if none is.
        name: Vec<u8>,
    },
    /// What is wrong with a document of the intermediate representation.
    Document(String),
}

impl From<Status> for Fault {
    fn from(status: Status) -> Self {
        Self::Failed(Failure::new(status, f64::NAN))
    }
}

impl From<Failure> for Fault {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<Refusal<'_>> for Fault {
    fn from((status, name): Refusal<'_>) -> Self {
        Self::Refused { status, name: name.to_vec() }
    }
}

impl From<WireError> for Fault {
    fn from(error: WireError) -> Self {
        let WireError::Invalid(mut broken) = error else { return Self::Document(error.to_string()) };
        let more = broken.len().saturating_sub(TOLD);
        broken.truncate(TOLD);
        let told = WireError::Invalid(broken).to_string();
        Self::Document(if more == 0 { told } else { format!("{told}; and {more} more") })
    }
}

impl Fault {
    /// Returns the status.
    pub const fn status(&self) -> i32 {
        match self {
            Self::Failed(failure) => failure.status as i32,
            Self::Refused { status, .. } => *status as i32,
            Self::Document(_) => BAD_DOCUMENT,
        }
    }

    /// Returns the document that says all of it, as plugins do.
    pub fn to_json(&self) -> Vec<u8> {
        let mut report = Report::new();
        match self {
            Self::Failed(failure) => report.write(failure, b""),
            Self::Refused { status, name } => report.write(&Failure::new(*status, f64::NAN), name),
            Self::Document(message) => {
                let message = serde_json::to_string(message).unwrap_or_default();
                return format!("{{\"code\":{BAD_DOCUMENT},\"message\":{message}}}").into_bytes();
            }
        }
        report.text().to_vec()
    }
}
