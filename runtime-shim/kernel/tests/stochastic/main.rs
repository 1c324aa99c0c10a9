//! Stochastic systems against their closed forms, natively.

#![allow(clippy::disallowed_methods, reason = "the judge must not use the mathematics of the judged")]

mod moments;
mod order;
mod rules;
mod support;
