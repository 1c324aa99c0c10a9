//! The solvers from outside: published solutions, closed forms, failures.

mod binding;
mod classical;
mod closed_forms;
mod failures;
mod problems;
