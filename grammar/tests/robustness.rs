//! What holds for every text: parsing never panics, and printing a good tree gives it back.

mod common;

use common::fixtures;
use pmc_grammar::{Parsed, dump, parse, print};

/// Words and signs of both spellings, and some that belong to neither.
const VOCABULARY: &[&str] = &[
    "x",
    "y",
    "n",
    "1",
    "2.5",
    "1e-3",
    "\"text\"",
    "+",
    "-",
    "*",
    "/",
    "^",
    "**",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ";",
    "\n",
    "\n",
    "=",
    "+=",
    "==",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "&&",
    "||",
    "!",
    ":",
    "@",
    "~",
    "->",
    "..",
    "%",
    "if",
    "else",
    "for",
    "in",
    "let",
    "true",
    "false",
    "model",
    "name",
    "kind",
    "ode",
    "structure",
    "analytical",
    "particles",
    "params",
    "parameters",
    "covariates",
    "states",
    "constants",
    "param",
    "cov",
    "state",
    "array",
    "const",
    "var",
    "derived",
    "outputs",
    "fun",
    "eta",
    "per",
    "option",
    "bolus",
    "infusion",
    "dose",
    "routes",
    "derive",
    "dynamics",
    "init",
    "secondary",
    "when",
    "at",
    "every",
    "from",
    "ddt",
    "out",
    "lag",
    "fa",
    "noise",
    "# comment\n",
    "&",
    "?",
    "\"open",
    "µ",
    "1..2",
    "x = 1\n",
    "ddt(x) = -x\n",
    "f(x)",
    "if (x) { y = 1 }",
    "if (x) 1 else 2",
    "param x : mg/L = 1\n",
    "bolus(x) -> y\n",
];

/// The xorshift generator of Marsaglia (2003), 64 bits.
struct Generator(u64);

impl Generator {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit as u64).expect("below a usize")
    }

    fn soup(&mut self) -> String {
        let start = if self.below(4) == 0 { "model m { " } else { "" };
        let length = self.below(60);
        let words: Vec<_> = (0..length).map(|_| VOCABULARY[self.below(VOCABULARY.len())]).collect();
        format!("{start}{}", words.join(" "))
    }

    fn bytes(&mut self) -> String {
        let length = self.below(200);
        let bytes: Vec<u8> = (0..length).map(|_| self.next().to_le_bytes()[0]).collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

#[test]
fn token_soup_never_panics_and_what_parses_prints_back() {
    let mut generator = Generator(0x9E37_79B9_7F4A_7C15);
    let mut good = 0;
    for _ in 0..20_000 {
        let source = generator.soup();
        let parsed = parse(&source);
        check_spans(&source, &parsed);
        let unread = dump(&parsed.file).contains("(error)");
        assert!(!unread || parsed.diagnostics.has_errors(), "an error node without a finding: {source}");
        if !parsed.diagnostics.has_errors() {
            check_round_trip(&source, &parsed);
            good += 1;
        }
    }
    assert!(100 < good, "only {good} texts were good enough to print");
}

#[test]
fn random_bytes_never_panic() {
    let mut generator = Generator(0xD1B5_4A32_D192_ED03);
    for _ in 0..5_000 {
        let source = generator.bytes();
        check_spans(&source, &parse(&source));
    }
}

#[test]
fn truncated_texts_never_panic() {
    for (_, source) in fixtures("valid").into_iter().chain(fixtures("invalid")) {
        for end in (0..source.len()).filter(|end| source.is_char_boundary(*end)) {
            let truncated = &source[..end];
            check_spans(truncated, &parse(truncated));
        }
    }
}

#[test]
fn texts_without_one_token_never_panic() {
    for (_, source) in fixtures("valid") {
        let words: Vec<_> = source.split_inclusive([' ', '\n', '(', ')', '{', '}', ',']).collect();
        for left_out in 0..words.len() {
            let kept = words.iter().enumerate().filter(|(position, _)| *position != left_out);
            let shortened: String = kept.map(|(_, word)| *word).collect();
            check_spans(&shortened, &parse(&shortened));
        }
    }
}

#[test]
fn printed_texts_parse_to_the_same_tree() {
    for (_, source) in fixtures("valid") {
        check_round_trip(&source, &parse(&source));
    }
}

fn check_round_trip(source: &str, parsed: &Parsed) {
    let printed = print(&parsed.file);
    let again = parse(&printed);
    assert!(!again.diagnostics.has_errors(), "{source}\n-- printed as\n{printed}\n{:?}", again.diagnostics);
    assert_eq!(dump(&parsed.file), dump(&again.file), "{source}\n-- printed as\n{printed}");
    assert_eq!(printed, print(&again.file), "{source}");
}

/// Every finding points into the text, at whole characters.
fn check_spans(source: &str, parsed: &Parsed) {
    for diagnostic in &parsed.diagnostics {
        let labels = diagnostic.primary.iter().chain(&diagnostic.secondary).map(|label| label.span);
        let edits = diagnostic.fixes.iter().flat_map(|fix| &fix.edits).map(|edit| edit.span);
        for span in labels.chain(edits) {
            assert!(source.get(span.range()).is_some(), "{span:?} of {source:?}: {diagnostic:?}");
        }
    }
}
