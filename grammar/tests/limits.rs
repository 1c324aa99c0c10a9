//! No text is too large, too deep or too wrong to be answered with a diagnostic.

use pmc_grammar::{Parsed, dump, parse, print};

const NOTHING: [u16; 0] = [];
const UNEXPECTED_TEXT: u16 = 1;
const NESTED_TOO_DEEPLY: u16 = 7;
const TEXT_TOO_LONG: u16 = 8;
const TOO_MANY_TOKENS: u16 = 9;
const TOO_MANY_FINDINGS: u16 = 10;

#[test]
fn nesting_up_to_the_limit_parses() {
    assert_eq!(codes(&parse(&format!("x = {}1{}", "(".repeat(255), ")".repeat(255)))), NOTHING);
    assert_eq!(codes(&parse(&format!("x = {}1", "-".repeat(255)))), NOTHING);
    assert_eq!(codes(&parse(&format!("x = 1{}", " + 1".repeat(255)))), NOTHING);
}

#[test]
fn nesting_beyond_the_limit_is_one_error() {
    let many = 100_000;
    let texts = [
        format!("x = {}1{}", "(".repeat(many), ")".repeat(many)),
        format!("x = {}1", "(".repeat(many)),
        format!("x = {}1{}", "a[".repeat(many), "]".repeat(many)),
        format!("x = {}1{}", "[".repeat(many), "]".repeat(many)),
        format!("x = {}1{}", "f(".repeat(many), ")".repeat(many)),
        format!("x = {}1", "-".repeat(many)),
        format!("x = {}true", "!".repeat(many)),
        format!("x = a{}", "^a".repeat(many)),
        format!("x = a{}", "^-(a)".repeat(many)),
        format!("x = a{}", " + a".repeat(many)),
        format!("x = a{}", " * a".repeat(many)),
        format!("x = a{}", "[0]".repeat(many)),
        format!("x = {}1", "if (a) 1 else ".repeat(many)),
        format!("x = {}1", "if (a) { 1 } else ".repeat(many)),
        format!("{}1", "if (a) { x = 1 } else ".repeat(many)),
        format!("{}{}", "if (a) { ".repeat(many), "}".repeat(many)),
        format!("{}{}", "for i in 0..1 {".repeat(many), "}".repeat(many)),
        format!("model m {{ derive {{ {}", "if a { ".repeat(many)),
        format!("param a = {}1{}", "(".repeat(many), ")".repeat(many)),
    ];
    // The stack that a WebAssembly module has by default; walking and dropping the tree must fit, too.
    let small = std::thread::Builder::new().stack_size(1 << 20);
    let walk = move || {
        for text in texts {
            let parsed = parse(&text);
            let start = text.get(..40).unwrap_or(&text);
            assert_eq!(codes(&parsed), [NESTED_TOO_DEEPLY], "{start}…");
            let copy = parsed.file.clone();
            assert_eq!(dump(&copy), dump(&parsed.file));
            assert!(!print(&parsed.file).is_empty());
        }
    };
    assert!(small.spawn(walk).expect("a thread").join().is_ok());
}

#[test]
fn braces_without_a_keyword_are_an_error_however_deep() {
    assert_eq!(codes(&parse(&"{".repeat(100_000))), [UNEXPECTED_TEXT, NESTED_TOO_DEEPLY]);
}

#[test]
fn long_lists_and_many_statements_are_no_nesting() {
    let numbers = vec!["if (a) 1 else -1"; 1000].join(", ");
    assert_eq!(codes(&parse(&format!("x = [{numbers}]"))), NOTHING);
    assert_eq!(codes(&parse(&"x = 1\n".repeat(10_000))), NOTHING);
    assert_eq!(codes(&parse(&format!("derive {{ {} }}", "if (a) { x = 1 }\n".repeat(1000)))), NOTHING);
}

#[test]
fn a_text_beyond_the_limits_is_an_error() {
    assert_eq!(codes(&parse(&" ".repeat((16 << 20) + 1))), [TEXT_TOO_LONG]);
    assert_eq!(codes(&parse(&" ".repeat(16 << 20))), NOTHING);
    assert_eq!(codes(&parse(&"x = 1\n".repeat(400_000))), [TOO_MANY_TOKENS]);
}

#[test]
fn reading_stops_after_many_errors() {
    for wrong in [")", "x = 1 +\n", "$\n", "x = 1 y = 2\n", "(\nx = 1\n", "x = 1e999\n"] {
        let parsed = parse(&wrong.repeat(10_000));
        let found = codes(&parsed);
        assert!(found.len() <= 101, "{wrong:?} gives {} findings", found.len());
    }
    assert_eq!(codes(&parse(&")".repeat(1000))).last(), Some(&TOO_MANY_FINDINGS));
}

#[test]
fn a_long_wrong_statement_is_answered_quickly() {
    for wrong in ["a * / ", "a a ", "$ ", ", ", "= ", "a = "] {
        let text = format!("x = {}\ny = 1\n", wrong.repeat(100_000));
        let found = codes(&parse(&text));
        assert!((1..=2).contains(&found.len()), "{wrong:?}: {found:?}");
    }
}

fn codes(parsed: &Parsed) -> Vec<u16> {
    parsed.diagnostics.iter().map(|diagnostic| diagnostic.code.0).collect()
}
