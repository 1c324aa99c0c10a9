//! The dosing engine: doses, infusions, resets, covariates and the model's own events as a state machine around
//! a solver.
//!
//! Time moves in two ways only: [`Engine::advance`] lets it pass up to a time, with all that is pending on the
//! way; a dose, reset or change of inputs then acts at that time. Nothing allocates, and nothing depends on the
//! times at which somebody looks: the solver's steps end at jumps, never at observations.
//!
//! - `engine`: the machine and its motion.
//! - `doses`: the queues of pending doses and running infusions.
//! - `give`: what a dose record comes to.
//! - `steady_state`, `acceleration`: doses that have been given for ever.
//! - `equilibrium`: where nothing changes.
//! - `sweep`: large linear systems.
//! - `disperse`: particles of a stochastic system.
//! - `clock`, `watch`: events at times, events on conditions.
//! - `schedule`: reading of a schedule in place.
//! - `covariates`: their lines between records, and the next record at which something jumps.
//! - `inputs`: writing of rates and covariates that a host holds constant.
//! - `simulate`: running of a whole schedule.

mod acceleration;
mod clock;
mod covariates;
mod disperse;
mod doses;
mod engine;
mod equilibrium;
mod give;
mod inputs;
mod schedule;
mod simulate;
mod steady_state;
mod sweep;
mod watch;
mod workspace;

pub use covariates::Track;
pub use doses::{Doses, INFUSIONS, TRAINS};
pub use engine::Engine;
pub use give::{DoseRequest, History};
pub use inputs::{forget_doses, hold_inputs, stage_at};
pub use schedule::Schedule;
pub use simulate::{Outcome, Simulation, simulate};
pub use workspace::{Workspace, described};
