//! What engines cost on the same models, those that need no other workspace; what a large population and what loading costs.
//!
//! `cargo xtask bench --engines` builds this with optimisation and runs it.

use anyhow::Result;
use pmc_benches::contest::{print_population, print_tables};
use pmc_benches::loading::print_loading;

fn main() -> Result<()> {
    let filter = std::env::args().nth(1).unwrap_or_default();
    print_tables(&filter, &|_, _| Ok(Vec::new()))?;
    print_population()?;
    print_loading()
}
