//! What the documentation shows must be true.

use std::path::Path;

use pmc_diagnostics::{Code, describe_code};
use pmc_tests::line::{compile, project, read};

/// Returns the fenced blocks of a Markdown text that are marked with a language.
fn blocks(markdown: &str, language: &str) -> Vec<String> {
    let fence = format!("```{language}\n");
    markdown.split(&fence).skip(1).filter_map(|rest| rest.split("```").next()).map(str::to_owned).collect()
}

fn markdown_files(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("the folder exists");
    let mut files: Vec<String> = entries
        .filter_map(Result::ok)
        .filter(|entry| entry.path().extension().is_some_and(|extension| extension == "md"))
        .filter_map(|entry| std::fs::read_to_string(entry.path()).ok())
        .collect();
    files.push(read("README.md"));
    files
}

#[test]
fn every_model_in_the_documentation_compiles() {
    let models: Vec<String> =
        markdown_files(&project("docs")).iter().flat_map(|text| blocks(text, "pk")).collect();
    assert!(models.len() >= 5, "only {} models found", models.len());
    for model in models {
        compile(&model);
    }
}

#[test]
fn the_readme_shows_the_theophylline_example() {
    let shown = blocks(&read("README.md"), "pk").concat();
    let example = read("examples/theophylline/theophylline.pk");
    let lines = shown.lines().filter(|line| !line.trim().is_empty());
    for line in lines {
        assert!(example.lines().any(|other| other == line), "the example has no line `{line}`");
    }
}

#[test]
fn the_table_of_diagnostics_lists_every_code() {
    let text = read("docs/diagnostics.md");
    let listed: Vec<(u16, &str)> = text
        .lines()
        .filter_map(|line| line.strip_prefix("| PK"))
        .filter_map(|line| Some((line.get(..4)?.parse().ok()?, line.get(4..)?.trim_matches([' ', '|']))))
        .collect();
    for (number, title) in &listed {
        assert_eq!(describe_code(Code(*number)), Some(*title), "PK{number:04}");
    }
    let known = (0..10_000).filter(|number| describe_code(Code(*number)).is_some());
    for number in known {
        assert!(listed.iter().any(|(other, _)| *other == number), "docs/diagnostics.md lacks PK{number:04}");
    }
    assert!(listed.is_sorted_by_key(|(number, _)| *number));
}
