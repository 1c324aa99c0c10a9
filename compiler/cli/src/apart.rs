//! Outputs that would overwrite an input or one another, however their paths are written.

use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use anyhow::bail;
use same_file::Handle;

use crate::files;

/// Most links that are followed from one to the next, as systems do.
const LINKS: usize = 40;

/// What a path leads to.
#[derive(PartialEq)]
enum Place {
    /// A file that is there, whatever its names.
    File(Handle),
    /// A file that is there and cannot be opened, or one that is not there yet.
    Path(PathBuf),
}

/// Refuses to write over what is read, and to write two results to one place.
///
/// Files that are there are compared themselves, so that other spellings, symbolic and hard links and letter case do not
/// deceive; those that are not yet by their folder and name. Two new names that a file system takes for one show only when
/// the first has been written: who writes several results asks again before each.
pub(crate) fn keep_apart(inputs: &[&Path], outputs: &[&Path]) -> anyhow::Result<()> {
    let read: Vec<_> = inputs.iter().map(|path| (*path, place(path, Handle::stdin))).collect();
    let mut written: Vec<(&Path, Option<Place>)> = Vec::new();
    for output in outputs {
        let place = place(output, Handle::stdout);
        let is_same = |other: &Option<Place>| place.is_some() && *other == place;
        if let Some((input, _)) = read.iter().find(|(_, input)| is_same(input)) {
            let (output, input) = (shown(output), files::shown(input));
            bail!("the output {output} is the input `{input}` itself; name another file");
        }
        let is_other = |(path, other): &&(&Path, _)| {
            is_same(other) || (files::is_standard(path) && files::is_standard(output))
        };
        if let Some((other, _)) = written.iter().find(is_other) {
            bail!("two results go to one file, {} and {}; name another file", shown(other), shown(output));
        }
        written.push((output, place));
    }
    Ok(())
}

/// Returns a path to write to as messages show it.
fn shown(path: &Path) -> String {
    if files::is_standard(path) { "standard output".to_owned() } else { format!("`{}`", path.display()) }
}

/// Returns what a path leads to; nothing for terminals, pipes and devices, of which writing destroys nothing.
fn place(path: &Path, standard: fn() -> io::Result<Handle>) -> Option<Place> {
    if files::is_standard(path) {
        let handle = standard().ok()?;
        let is_file = handle.as_file().metadata().is_ok_and(|found| found.is_file());
        return is_file.then_some(Place::File(handle));
    }
    match fs::metadata(path).as_ref().map(Metadata::is_file) {
        // A pipe must not be opened: that waits for its other end.
        Ok(false) => None,
        Ok(true) => match Handle::from_path(path) {
            Ok(handle) => Some(Place::File(handle)),
            Err(_) => fs::canonicalize(path).ok().map(Place::Path),
        },
        Err(_) => new_place(path).map(Place::Path),
    }
}

/// Returns the whole path of a file that is not there yet, behind links that lead nowhere so far.
fn new_place(path: &Path) -> Option<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..LINKS {
        let Ok(target) = fs::read_link(&path) else { break };
        path = path.parent().unwrap_or(Path::new("")).join(target);
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = fs::canonicalize(folder.unwrap_or(Path::new("."))).ok()?;
    Some(folder.join(path.file_name()?))
}
