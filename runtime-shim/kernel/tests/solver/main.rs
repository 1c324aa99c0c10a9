//! The solvers from outside: published solutions, closed forms, failures.

mod binding;
mod classical;
mod closed_forms;
mod equations;
mod failures;
mod large;
mod population;
mod problems;
