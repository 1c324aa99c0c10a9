use std::format;
use std::string::String;
use std::vec::Vec;

use crate::configuration::number::{TEXT, format, parse};

fn written(number: f64) -> String {
    let mut text = [0; TEXT];
    let start = format(number, &mut text);
    String::from_utf8(text[start..].to_vec()).expect("ASCII")
}

/// Asserts that reading gives the bits that the standard library gives.
fn assert_read(text: &str) {
    let expected: f64 = text.parse().expect("a number");
    let (found, length) = parse(text.as_bytes()).expect("a number");
    assert_eq!(found.to_bits(), expected.to_bits(), "{text}: {found:e}, expected {expected:e}");
    assert_eq!(length, text.len());
}

/// Some bits that look random and are the same each time (`xorshift64`, Marsaglia 2003).
fn noise() -> impl Iterator<Item = u64> {
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    core::iter::repeat_with(move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    })
}

#[test]
fn easy_numbers_are_read_exactly() {
    for text in ["0", "-0", "0.0", "1", "-1.5", "12.5", "0.1", "1e22", "1e-22", "123456789012345e-20", "2E+3"]
    {
        assert_read(text);
    }
}

#[test]
fn hard_numbers_are_rounded_to_nearest_even() {
    let hard = [
        "9007199254740993",
        "9007199254740995",
        "1.7976931348623157e308",
        "1.7976931348623158e308",
        "2.2250738585072011e-308",
        "2.2250738585072012e-308",
        "4.9e-324",
        "2.4703282292062327e-324",
        "2.4703282292062328e-324",
        "2.47032822920623272e-324",
        "1e-400",
        "0.000000000000000000000000000000000000000000001e45",
        "6.02214076e23",
        "8.5e-17",
        "1090544144181609348835077142190",
        "7.2057594037927933e16",
        "89255.0000000000000000000000000000000000000000000000000000000000000000000000001e-22",
    ];
    for text in hard {
        assert_read(text);
    }
}

#[test]
fn digits_beyond_all_room_still_break_ties() {
    // The middle between the smallest number and zero has 752 digits.
    let mut middle =
        String::from("2470328229206232720882843964341106861825299013071623822127928412503377536351");
    middle.push_str("0437593264991818081799618989828234772285886546332835517796989819938739800539093906315");
    let low = format!("{middle}{}e-1200", "0".repeat(900));
    let high = format!("{middle}{}1e-1201", "0".repeat(900));
    assert_read(&low);
    assert_read(&high);
    assert_read(&format!("9007199254740993{}1e-902", "0".repeat(901)));
    assert_read(&format!("9007199254740993{}e-902", "0".repeat(902)));
}

#[test]
fn numbers_out_of_range_are_infinite_or_zero() {
    for (text, expected) in [
        ("1e400", f64::INFINITY),
        ("-1e400", f64::NEG_INFINITY),
        ("1e99999999999999999999", f64::INFINITY),
        ("1e-999999999999", 0.0),
    ] {
        assert_eq!(parse(text.as_bytes()), Some((expected, text.len())));
    }
    assert_eq!(parse(b"0e999999999999"), Some((0.0, 14)));
    assert_eq!(parse(b"1.7976931348623159e308").map(|(number, _)| number), Some(f64::INFINITY));
}

#[test]
fn what_json_does_not_allow_is_no_number() {
    for text in ["", "-", "+1", ".5", "1.", "01", "-01", "1e", "1e+", "e5", "nan", "inf", "0x10"] {
        let found = parse(text.as_bytes());
        let complete = found.is_some_and(|(_, length)| length == text.len());
        assert!(!complete, "{text} is {found:?}");
    }
}

#[test]
fn random_digits_are_read_exactly() {
    let mut noise = noise();
    for _ in 0..4_000 {
        let [first, second, third]: [u64; 3] =
            noise.by_ref().take(3).collect::<Vec<_>>().try_into().expect("three");
        let exponent = (third % 700).cast_signed() - 350;
        let text = match third >> 32 & 3 {
            0 => format!("{first}e{exponent}"),
            1 => format!("{}.{first}{second}e{exponent}", second % 10),
            2 => format!("{}.{:05}", first % 100_000, second % 100_000),
            _ => format!("-{first}{second}{third}e{exponent}"),
        };
        assert_read(&text);
    }
}

#[test]
fn numbers_are_written_with_six_places_at_most() {
    let expected = [
        (0.0, "0"),
        (-0.0, "0"),
        (1.0, "1"),
        (-7.0, "-7"),
        (12.5, "12.5"),
        (100.0, "100"),
        (0.1, "0.1"),
        (0.05, "0.05"),
        (-0.00025, "-0.00025"),
        (123_456.789, "123456.789"),
        (1.0 / 3.0, "0.333333"),
        (200.0 / 3.0, "66.666667"),
        (0.9999999, "1"),
        (1e-7, "0"),
        (9_999_999_999_999.0, "9999999999999"),
        (-9_999_999_999_999.5, "-9999999999999"),
    ];
    for (number, text) in expected {
        assert_eq!(written(number), text);
    }
}

#[test]
fn short_decimals_come_back_as_they_were_written() {
    for thousandth in (0..28_000).step_by(7) {
        let number = f64::from(thousandth) / 1000.0;
        let text = format!("{}.{:03}", thousandth / 1000, thousandth % 1000);
        assert_eq!(written(number), text.trim_end_matches('0').trim_end_matches('.'));
    }
}
