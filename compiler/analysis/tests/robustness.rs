//! Damaged texts: the analysis never panics, and a module is sound or not there.

use std::fs;
use std::path::Path;

/// The code that says that the compiler contradicts itself.
const COMPILER_MISTAKE: u16 = 890;

fn check(source: &str) {
    let parsed = pmc_grammar::parse(source);
    for model in &parsed.file.models {
        let (module, diagnostics) = pmc_analysis::analyse(model, parsed.file.spelling);
        let sound = !parsed.diagnostics.has_errors();
        assert!(!(diagnostics.has_errors() && module.is_some()), "{source}");
        assert!(!sound || diagnostics.has_errors() == module.is_none(), "{source}");
        let mistaken = diagnostics.iter().any(|diagnostic| diagnostic.code.0 == COMPILER_MISTAKE);
        assert!(!(sound && mistaken), "{source}");
        if let Some(module) = module
            && let Err(error) = pmc_ir::validate(&module)
        {
            panic!("{error:?} in\n{source}");
        }
    }
}

fn sources() -> Vec<String> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = Vec::new();
    for folder in [here.join("fixtures"), here.join("../../grammar/fixtures/valid")] {
        let mut paths: Vec<_> = fs::read_dir(folder)
            .expect("folder exists")
            .map(|entry| entry.expect("folder is readable").path())
            .collect();
        paths.retain(|path| !is_slow(path));
        paths.sort();
        sources.extend(paths.iter().map(|path| fs::read_to_string(path).expect("file is readable")));
    }
    sources
}

/// Fixtures that meet a limit take long by design.
fn is_slow(path: &Path) -> bool {
    let name = path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    name.starts_with("too_") || name == "nested_too_deep"
}

#[test]
fn texts_without_one_line_never_panic() {
    for source in sources() {
        let lines: Vec<&str> = source.lines().collect();
        for missing in 0..lines.len() {
            let kept: Vec<&str> = lines
                .iter()
                .enumerate()
                .filter(|(index, _)| *index != missing)
                .map(|(_, line)| *line)
                .collect();
            check(&kept.join("\n"));
        }
    }
}

#[test]
fn texts_with_two_lines_exchanged_never_panic() {
    for source in sources() {
        let mut lines: Vec<&str> = source.lines().collect();
        for index in 1..lines.len() {
            lines.swap(index - 1, index);
            check(&lines.join("\n"));
        }
    }
}

#[test]
fn texts_with_names_replaced_never_panic() {
    let words =
        ["k", "x", "1", "ddt", "bolus(x)", "infusion(r)", "(", "true", "[1, 2]", "t", "x[1]", "if (k > 1)"];
    for source in sources() {
        let places: Vec<usize> = source
            .match_indices(|character: char| character.is_ascii_alphabetic())
            .map(|(place, _)| place)
            .filter(|place| {
                !source[..*place].ends_with(|last: char| last.is_ascii_alphanumeric() || last == '_')
            })
            .collect();
        for place in places {
            let length = source[place..]
                .find(|character: char| !(character.is_ascii_alphanumeric() || character == '_'))
                .unwrap_or(source.len() - place);
            for word in words {
                check(&format!("{}{word}{}", &source[..place], &source[place + length..]));
            }
        }
    }
}

#[test]
fn long_sums_do_not_exhaust_the_stack() {
    let sum = vec!["x"; 20_000].join(" + ");
    check(&format!("states = x\nddt(x) = {sum}\nout(y) = x\n"));
}

#[test]
fn deep_texts_do_not_exhaust_the_stack() {
    let equation = |right: &str| check(&format!("params = k\nstates = x\nddt(x) = {right}\nout(y) = x\n"));
    equation(&format!("{}x{}", "(".repeat(250), ")".repeat(250)));
    equation(&format!("{}x{}", "exp(-".repeat(120), ")".repeat(120)));
    equation(&format!("{}0", "if (x > k) 1 else ".repeat(200)));
    let branches: Vec<String> = (0..240).map(|level| format!("if (k > {level}) {{ a = {level} }}")).collect();
    let chain = branches.join(" else ");
    check(&format!("params = k\nstates = x\n{chain} else {{ a = 1 }}\nddt(x) = a\nout(y) = x\n"));
    let nested = format!("{}a = 1{}", "if (k > 0) { ".repeat(240), " }".repeat(240));
    check(&format!("params = k\nstates = x\na = 0\n{nested}\nddt(x) = a\nout(y) = x\n"));
}
