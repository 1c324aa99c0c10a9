//! How the kernel says that a simulation could not go on.

use pmc_abi::Status;

/// The cause of an early end, with the time and, where one state is to blame, its index.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Failure {
    /// The cause.
    pub status: Status,
    /// When, in model time.
    pub time: f64,
    /// The state to blame.
    pub state: Option<u32>,
}

impl Failure {
    /// Makes a failure that no single state is to blame for.
    pub const fn new(status: Status, time: f64) -> Self {
        Self { status, time, state: None }
    }
}
