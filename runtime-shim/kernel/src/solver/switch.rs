//! The choice between the methods.

use pmc_abi::descriptor::solver;

use super::tableau::Method;

/// Product of step size and largest eigenvalue beyond which stability and not accuracy limits the steps of the
/// explicit method. A component that decays this fast would alone make an error of 0.03 of itself in a step, far
/// more than tolerances allow, so it must have decayed long ago; the border of stability is at 3.5. At tight
/// tolerances the step-size control settles well below the border.
const STABILITY: f64 = 2.0;

/// The same product below which the stiff method is not worth its cost: the explicit one would need two or three
/// of its steps, which cost a third of a stiff one or less.
const COMFORT: f64 = 6.0;

/// Steps limited by stability that prove a problem stiff.
const EVIDENCE_FOR_STIFF: u32 = 10;

/// Comfortable steps that prove that it is no longer, the first time. A fast transient after a dose takes fewer.
const EVIDENCE_FOR_EXPLICIT: u32 = 25;

/// Most that [`EVIDENCE_FOR_EXPLICIT`] is multiplied by.
const MOST_PATIENCE: u32 = 8;

/// Which method comes next, and what speaks for the other one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Switch {
    /// Method of the next step.
    pub(super) method: Method,
    /// Whether it may change.
    pub(super) automatic: bool,
    /// Steps that spoke for the other method; one that does not halves it.
    evidence: u32,
    /// Multiplies the evidence for the explicit method; doubles with every return to it, so that a problem which
    /// is stiff again after every dose stays with the stiff method. To err on that side costs a factor, to err on
    /// the other may cost everything.
    patience: u32,
}

impl Switch {
    /// Starts with what the settings say.
    pub(super) const fn new(setting: u32) -> Self {
        let method = if setting == solver::STIFF { Method::Stiff } else { Method::Explicit };
        Self { method, automatic: setting == solver::AUTOMATIC, evidence: 0, patience: 1 }
    }

    /// Takes note of a step, given the product of its size and an estimate of the largest eigenvalue; returns
    /// whether the method changes.
    pub(super) fn observe(&mut self, product: f64) -> bool {
        let (other, speaks_for_it, enough) = match self.method {
            Method::Explicit => (Method::Stiff, product > STABILITY, EVIDENCE_FOR_STIFF),
            Method::Stiff => (Method::Explicit, product < COMFORT, EVIDENCE_FOR_EXPLICIT * self.patience),
        };
        self.evidence = if speaks_for_it { self.evidence + 1 } else { self.evidence / 2 };
        if self.evidence < enough {
            return false;
        }
        if other == Method::Explicit && self.patience < MOST_PATIENCE {
            self.patience *= 2;
        }
        self.method = other;
        self.evidence = 0;
        true
    }
}
