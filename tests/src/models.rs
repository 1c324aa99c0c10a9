//! The models of the project, as texts.

use crate::line::{project, read};

/// Returns all models that stand in files of their own and compile, by path.
///
/// # Panics
/// When a folder cannot be read.
pub fn all() -> Vec<(String, String)> {
    let examples = names("examples", "").into_iter().map(|name| format!("examples/{name}"));
    let others = ["tests/models", "grammar/fixtures/valid"].map(str::to_owned);
    let paths = examples
        .chain(others)
        .flat_map(|folder| names(&folder, ".pk").into_iter().map(move |name| format!("{folder}/{name}")));
    let texts = paths.map(|path| (path.clone(), read(&path)));
    texts.filter(|(_, text)| pmc::compile(text, &pmc::CompileOptions::default()).is_ok()).collect()
}

/// Returns the names in a folder of the project that end so, in order.
///
/// # Panics
/// When the folder cannot be read.
pub fn names(folder: &str, ending: &str) -> Vec<String> {
    let entries = std::fs::read_dir(project(folder)).expect("the folder exists").filter_map(Result::ok);
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let mut names: Vec<String> = names.filter(|name| name.ends_with(ending)).collect();
    names.sort();
    names
}
