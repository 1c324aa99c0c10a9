//! The examples: folders with a model, its data and what is expected of them.

use crate::line::read;
use crate::models::names;

/// An example.
pub struct Example {
    /// Its folder within that of all examples.
    pub name: String,
    /// Its model.
    pub source: String,
    /// Its data.
    pub data: String,
}

/// Returns all examples, in the order of their names.
///
/// # Panics
/// When one is not complete.
pub fn all() -> Vec<Example> {
    names("examples", "").iter().map(|name| example(name)).collect()
}

/// Reads one example.
///
/// # Panics
/// When it has not one model and one file of data.
pub fn example(name: &str) -> Example {
    let folder = format!("examples/{name}");
    let models = names(&folder, ".pk");
    let data: Vec<String> =
        names(&folder, ".csv").into_iter().filter(|name| name != "expected.csv").collect();
    let ([model], [data]) = (&models[..], &data[..]) else {
        panic!("{name} has one model and one file of data: {models:?}, {data:?}")
    };
    let [source, data] = [model, data].map(|file| read(&format!("{folder}/{file}")));
    Example { name: name.to_owned(), source, data }
}
