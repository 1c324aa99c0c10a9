//! Checks of the tree that no compiler makes.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process::{output_of, root};

/// The longest source file.
const LINES: usize = 800;

/// Words that must not stand in source code, with the reason.
const FORBIDDEN: &[(&str, &str)] = &[
    (concat!("todo", "!("), "finish it or leave it out"),
    (concat!("unimplemented", "!("), "finish it or leave it out"),
    (concat!("dbg", "!("), "left over from debugging"),
    (concat!("#[ig", "nore"), "a test that does not run is no test"),
    (concat!("#[should_", "panic"), "assert the error instead"),
];

/// Starts of paths that only exist on somebody's machine.
const MACHINE_PATHS: &[&str] = &[concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/")];

/// Reports every violation at once.
pub(crate) fn run() -> Result<()> {
    let root = root();
    let listing = output_of(Command::new("git").args(["ls-files"]).current_dir(&root))
        .context("cannot list the files: this is not a git checkout")?;
    let mut findings = Vec::new();
    for path in listing.lines() {
        check_file(&mut findings, &root, path);
    }
    check_rooms(&mut findings, &root)?;
    check_links(&mut findings, &root, &listing);
    if findings.is_empty() {
        return Ok(());
    }
    bail!("the tree is not tidy:\n  {}", findings.join("\n  "))
}

fn check_file(findings: &mut Vec<String>, root: &Path, path: &str) {
    let Ok(text) = fs::read_to_string(root.join(path)) else {
        return;
    };
    let extension = Path::new(path).extension().and_then(|extension| extension.to_str()).unwrap_or("");
    if matches!(extension, "rs" | "lalrpop" | "mjs" | "js") {
        let lines = text.lines().count();
        if lines > LINES {
            findings.push(format!("{path}: {lines} lines, {LINES} allowed"));
        }
        for (word, reason) in FORBIDDEN {
            if text.contains(word) {
                findings.push(format!("{path}: `{word}`: {reason}"));
            }
        }
    }
    if extension != "lock" {
        for start in MACHINE_PATHS {
            if text.contains(start) {
                findings.push(format!("{path}: a machine path, `{start}…`"));
            }
        }
    }
}

/// Every member of the workspace must have its line in ARCHITECTURE.md.
fn check_rooms(findings: &mut Vec<String>, root: &Path) -> Result<()> {
    let manifest = fs::read_to_string(root.join("Cargo.toml")).context("cannot read Cargo.toml")?;
    let architecture =
        fs::read_to_string(root.join("ARCHITECTURE.md")).context("cannot read ARCHITECTURE.md")?;
    let members = manifest
        .lines()
        .skip_while(|line| !line.starts_with("members"))
        .skip(1)
        .take_while(|line| !line.starts_with(']'))
        .map(|line| line.trim().trim_matches(|character| character == '"' || character == ','));
    for member in members {
        if !architecture.contains(&format!("`{member}/`")) {
            findings.push(format!("ARCHITECTURE.md does not name the room `{member}/`"));
        }
    }
    Ok(())
}

/// Relative links in Markdown must lead somewhere.
fn check_links(findings: &mut Vec<String>, root: &Path, listing: &str) {
    for path in listing.lines().filter(|path| path.ends_with(".md")) {
        let Ok(text) = fs::read_to_string(root.join(path)) else {
            continue;
        };
        let folder = Path::new(path).parent().unwrap_or(Path::new(""));
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = target.split('#').next().unwrap_or("");
            if file.is_empty() || target.contains("://") || target.contains(' ') {
                continue;
            }
            if !root.join(folder).join(file).exists() {
                findings.push(format!("{path}: the link to `{target}` leads nowhere"));
            }
        }
    }
}
