//! The command line `pmc`.

fn main() {}
