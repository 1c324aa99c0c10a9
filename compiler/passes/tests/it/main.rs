//! Passes: before and after, equal evaluation, derivatives against finite differences.

mod derivatives;
mod equality;
mod events;
mod holding;
mod hostile;
mod linearity;
mod powers;
mod random;
mod sketch;
mod snapshots;
mod staging;
