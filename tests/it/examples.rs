//! Every example runs as its README says, and gives the committed predictions and picture.

use std::path::Path;

use pmc_tests::line::{project, read};

/// Compares a result with the committed file, or writes it when `PMC_BLESS` is set.
fn compare(path: &Path, found: &str) {
    if std::env::var_os("PMC_BLESS").is_some() {
        std::fs::write(path, found).expect("the examples can be written");
        return;
    }
    let expected = std::fs::read_to_string(path).unwrap_or_default();
    assert!(expected == found, "{} is out of date; `cargo xtask bless` renews it", path.display());
}
