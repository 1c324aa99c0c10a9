//! The solvers from outside: published solutions, closed forms, failures.

mod classical;
mod closed_forms;
mod failures;
mod problems;
