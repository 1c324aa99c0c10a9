use std::format;
use std::string::String;

use crate::configuration::json::{Reader, says};

fn skips(text: &str) -> bool {
    let mut reader = Reader::new(text.as_bytes());
    reader.skip().and_then(|()| reader.finish()).is_some()
}

#[test]
fn any_value_can_be_passed_over() {
    let values = [
        "1",
        " -2.5e3 ",
        "true",
        "false",
        "null",
        r#""text \" \\ \u00e9 \ud83d\ude00""#,
        "[]",
        "{}",
        "[1, [2, {\"a\": []}], {}]",
        r#"{"a": 1, "b": [true, null], "c": {"d": "e"}}"#,
        "\t{ \"a\" : [ ] }\r\n",
    ];
    for value in values {
        assert!(skips(value), "{value}");
    }
}

#[test]
fn what_is_not_json_is_refused() {
    let broken = [
        "",
        "[",
        "]",
        "{",
        "[1",
        "[1,]",
        "[,1]",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}",
        "[1}",
        "{\"a\":1]",
        "1 2",
        "tru",
        "nulll",
        "\"",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\ud800\"",
        "\"\n\"",
        "[01]",
        "'a'",
        "NaN",
    ];
    for value in broken {
        assert!(!skips(value), "{value}");
    }
}

#[test]
fn nesting_is_bounded() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(skips(&nested(63)));
    assert!(!skips(&nested(100_000)));
    assert!(!skips(&"[".repeat(100_000)));
    let objects: String = "{\"a\":".repeat(60) + "1" + &"}".repeat(60);
    assert!(skips(&objects));
}

#[test]
fn names_are_compared_by_what_they_say() {
    assert!(says(b"cl", b"cl"));
    assert!(!says(b"cl", b"cl2"));
    assert!(!says(b"cl2", b"cl"));
    assert!(says(br"c\u006c", b"cl"));
    assert!(says(br"\u03b2\ud83d\ude00\/", "β😀/".as_bytes()));
    assert!(!says(br"c\u006d", b"cl"));
    assert!(says("β".as_bytes(), "β".as_bytes()));
    assert!(says(b"", b""));
}
