//! The models of the project, as texts.

use crate::line::{project, read};

/// Returns all models that stand in files of their own and compile, by path.
///
/// # Panics
/// When a folder cannot be read.
pub fn all() -> Vec<(String, String)> {
    let examples = folders("examples").into_iter().flat_map(|folder| files(format!("examples/{folder}")));
    let others = ["tests/models", "grammar/fixtures/valid"].into_iter().flat_map(files);
    let texts = examples.chain(others).map(|path| (path.clone(), read(&path)));
    texts.filter(|(_, text)| pmc::compile(text, &pmc::CompileOptions::default()).is_ok()).collect()
}

/// Returns the models of the examples, by path.
///
/// # Panics
/// When a folder cannot be read.
pub fn examples() -> Vec<(String, String)> {
    all().into_iter().filter(|(path, _)| path.starts_with("examples/")).collect()
}

fn folders(folder: &str) -> Vec<String> {
    entries(folder).into_iter().filter(|name| !name.contains('.')).collect()
}

fn files(folder: impl AsRef<str>) -> Vec<String> {
    let folder = folder.as_ref();
    let names = entries(folder).into_iter().filter(|name| name.ends_with(".pk"));
    names.map(|name| format!("{folder}/{name}")).collect()
}

fn entries(folder: &str) -> Vec<String> {
    let entries = std::fs::read_dir(project(folder)).expect("the folder exists").filter_map(Result::ok);
    let mut names: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    names
}
