//! Files that other programs have marked, encoded or filled in their own way.

mod support;

use std::fs;

use support::Place;

const MODEL: &str = "name = a\nparam k = 1\nstate x\nbolus(i) -> x\nddt(x) = -k * x\nout(o) = x\n";
const DATA: &str = "ID,TIME,AMT\n1,0,100\n1,1,.\n";

/// Returns a text in UTF-16.
fn wide(text: &str, little: bool) -> Vec<u8> {
    let bytes = |unit: u16| if little { unit.to_le_bytes() } else { unit.to_be_bytes() };
    text.encode_utf16().flat_map(bytes).collect()
}

#[test]
fn byte_order_marks_are_passed_over() {
    let place = Place::new("marked", &[("a.pk", MODEL), ("d.csv", DATA)]);
    let expected = place.run("simulate a.pk --data d.csv", "").stdout;
    let json = place.run("compile a.pk --emit ir-json", "").stdout;
    let cbor = place.run("compile - --emit ir-cbor", MODEL).stdout;
    let mark = &b"\xef\xbb\xbf"[..];
    let files: [(&str, &[u8], &[u8]); 4] = [
        ("marked.pk", mark, MODEL.as_bytes()),
        ("marked.pkir.json", mark, &json),
        ("marked.pkir.cbor", b"\xd9\xd9\xf7", &cbor),
        ("marked.csv", mark, DATA.as_bytes()),
    ];
    for (name, mark, bytes) in files {
        fs::write(place.path.join(name), [mark, bytes].concat()).expect("the file can be written");
    }
    for model in ["marked.pk", "marked.pkir.json", "marked.pkir.cbor"] {
        let output = place.run(&format!("simulate {model} --data marked.csv"), "");
        assert_eq!(output.stdout, expected, "{model}: {}", String::from_utf8_lossy(&output.stderr));
        for command in ["check", "inspect", "compile"] {
            let output = place.run(&format!("{command} {model}"), "");
            assert!(output.status.success(), "{model}: {}", String::from_utf8_lossy(&output.stderr));
        }
    }
    assert!(place.exists("marked.wasm"));
}

#[test]
fn text_in_utf_16_is_refused_by_name() {
    let place = Place::new("wide", &[("a.pk", MODEL), ("d.csv", DATA)]);
    let json = String::from_utf8(place.run("compile a.pk --emit ir-json", "").stdout).expect("JSON is text");
    for (text, name) in [(MODEL, "w.pk"), (&*json, "w.json"), (DATA, "w.csv")] {
        for (little, mark) in [(true, "\u{feff}"), (false, "\u{feff}"), (true, ""), (false, "")] {
            let bytes = wide(&format!("{mark}{text}"), little);
            fs::write(place.path.join(name), bytes).expect("the file can be written");
            let (model, data) = if name == "w.csv" { ("a.pk", name) } else { (name, "d.csv") };
            let output = place.run(&format!("simulate {model} --data {data}"), "");
            assert_eq!(output.status.code(), Some(2), "{name}");
            let message = format!("error: cannot read `{name}`: it is text in UTF-16; save it as UTF-8\n");
            assert_eq!(str::from_utf8(&output.stderr), Ok(&*message));
        }
    }
}

#[test]
fn nothing_of_a_file_acts_on_the_terminal() {
    let place = Place::new("escapes", &[("a.pk", MODEL), ("d.csv", DATA)]);
    let json = String::from_utf8(place.run("compile a.pk --emit ir-json", "").stdout).expect("JSON is text");
    let evil = "\\u001b[31m\\n\\u009b2J\\r";
    let long = "x".repeat(100_000);
    let files = [
        ("kind.json", json.replace("\"ode\"", &format!("\"{evil}\""))),
        ("long.json", json.replace("\"ode\"", &format!("\"{long}\""))),
        ("feature.json", json.replace("\"features\": []", &format!("\"features\": [\"{evil}\"]"))),
        ("text.pk", "name = a\n\u{1b}[31m \u{9b}2J\nstate x".to_owned()),
        ("label.pk", MODEL.replace("k = 1", "k = 1 \"\u{1b}[31m\u{9b}2J\"")),
        ("id.csv", "ID,TIME,AMT\n\u{1b}[31m,x,1\n".to_owned()),
    ];
    for (name, text) in &files {
        fs::write(place.path.join(name), text).expect("the file can be written");
    }
    for arguments in [
        "check kind.json",
        "check long.json",
        "check feature.json",
        "check text.pk",
        "inspect label.pk",
        "simulate a.pk --data id.csv",
        "simulate a.pk --data d.csv --param \u{1b}[31m=1",
        "check \u{1b}[31m",
    ] {
        for format in ["human", "short", "json"] {
            let output = place.run(&format!("{arguments} --message-format {format}"), "");
            let shown = [output.stdout, output.stderr].concat();
            let shown = String::from_utf8(shown).expect("it is text");
            assert!(!shown.replace('\n', "").contains(char::is_control), "{arguments}: {shown:?}");
            assert!(shown.len() < 5_000 && !shown.is_empty(), "{arguments}: {} bytes", shown.len());
            if format == "short" && arguments.ends_with(".json") {
                assert_eq!(shown.lines().count(), 1, "{arguments}: {shown}");
            }
        }
    }
}
