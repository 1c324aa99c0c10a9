//! What the tests share.

use std::fs;
use std::path::PathBuf;

/// Reads all fixtures of a folder, sorted by name.
pub(crate) fn fixtures(folder: &str) -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(folder);
    let entries = fs::read_dir(&folder).expect("the folder of fixtures exists");
    let mut fixtures: Vec<_> = entries
        .map(|entry| {
            let path = entry.expect("a readable entry").path();
            let name = path.file_stem().expect("a file name").to_string_lossy().into_owned();
            (name, fs::read_to_string(&path).expect("a readable fixture"))
        })
        .collect();
    fixtures.sort();
    fixtures
}
