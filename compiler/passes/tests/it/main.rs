//! Passes: before and after, equal evaluation, derivatives against finite differences.

mod derivatives;
mod equality;
mod hostile;
mod powers;
mod random;
mod sketch;
mod snapshots;
mod staging;
