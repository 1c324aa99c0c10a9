use core::marker::PhantomData;

use super::super::WireError;
use super::{decode, encode, half};

/// Reads what the library makes of a value.
fn read<'de, T: serde::Deserialize<'de>>(bytes: &'de [u8]) -> Result<T, WireError> {
    decode::read(bytes, PhantomData)
}

fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
    digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}

/// Reads and returns the message of an error.
fn refused<'de, T: serde::Deserialize<'de>>(bytes: &'de [u8]) -> String {
    match read::<T>(bytes) {
        Ok(_) => "(accepted)".to_owned(),
        Err(WireError::Malformed { message, .. }) => message,
        Err(other) => other.to_string(),
    }
}

#[test]
fn numbers_take_the_shortest_form_of_the_standard() {
    // Appendix A of RFC 8949.
    let reals = [
        (0.0_f64, "f90000"),
        (-0.0, "f98000"),
        (1.0, "f93c00"),
        (1.1, "fb3ff199999999999a"),
        (1.5, "f93e00"),
        (65504.0, "f97bff"),
        (100_000.0, "fa47c35000"),
        (3.402_823_466_385_288_6e38, "fa7f7fffff"),
        (1.0e300, "fb7e37e43c8800759c"),
        (5.960_464_477_539_063e-8, "f90001"),
        (0.000_061_035_156_25, "f90400"),
        (-4.0, "f9c400"),
        (-4.1, "fbc010666666666666"),
    ];
    for (number, expected) in reals {
        let bytes = encode::encode(&number);
        assert_eq!(hex(&bytes), expected, "{number}");
        let read: f64 = read(&bytes).unwrap();
        assert_eq!(read.to_bits(), number.to_bits());
    }
    let whole = [
        (0_u64, "00"),
        (23, "17"),
        (24, "1818"),
        (100, "1864"),
        (1000, "1903e8"),
        (1_000_000, "1a000f4240"),
        (1_000_000_000_000, "1b000000e8d4a51000"),
        (u64::MAX, "1bffffffffffffffff"),
    ];
    for (number, expected) in whole {
        let bytes = encode::encode(&number);
        assert_eq!(hex(&bytes), expected, "{number}");
        assert_eq!(read::<u64>(&bytes).unwrap(), number);
    }
}

#[test]
fn every_number_of_16_bits_comes_back() {
    for bits in 0..=u16::MAX {
        let number = half::to_double(bits);
        if number.is_finite() {
            assert_eq!(half::from_single(number as f32), Some(bits), "{number}");
        }
    }
    for neighbour in [65_520.0_f32, 65_536.0, 2.0_f32.powi(-25), 1.000_976_6 - 0.000_488_3] {
        assert_eq!(half::from_single(neighbour), None, "{neighbour}");
    }
}

#[test]
fn numbers_of_any_width_are_read() {
    for bytes in [&[0x18, 1][..], &[0x19, 0, 1], &[0x1a, 0, 0, 0, 1], &[0x1b, 0, 0, 0, 0, 0, 0, 0, 1]] {
        assert_eq!(read::<u32>(bytes).unwrap(), 1);
        assert_eq!(read::<f64>(bytes).unwrap(), 1.0);
    }
    assert_eq!(read::<f64>(&[0x20]).unwrap(), -1.0);
}

#[test]
fn keys_are_sorted_by_their_bytes() {
    #[derive(serde::Serialize)]
    struct Keys {
        zz: u32,
        a: u32,
        bbb: u32,
        ab: u32,
    }
    let bytes = encode::encode(&Keys { zz: 1, a: 2, bbb: 3, ab: 4 });
    assert_eq!(hex(&bytes), "a461610262616204627a7a016362626203");
}

#[test]
fn what_documents_do_not_hold_is_refused() {
    assert_eq!(refused::<u32>(&[]), "the bytes end within an item at byte 0");
    assert_eq!(refused::<u32>(&[0x19, 0]), "the bytes end within an item at byte 1");
    assert_eq!(refused::<u32>(&[0x1c]), "the byte 0x1c starts no item at byte 1");
    assert_eq!(refused::<Vec<u32>>(&[0x9f, 0xff]), "an item of indefinite length at byte 1");
    assert_eq!(refused::<u32>(&[0xc2, 0x41, 1]), "a tag at byte 1");
    assert_eq!(refused::<String>(&[0x41, b'a']), "a byte string at byte 1");
    assert_eq!(refused::<String>(&[0x61, 0xff]), "a text is not UTF-8 at byte 2");
    assert_eq!(refused::<u32>(&[1, 1]), "trailing bytes at byte 1");
    assert_eq!(refused::<(u32, u32)>(&[0x83, 1, 2, 3]), "1 items too many at byte 3");
    assert_eq!(refused::<bool>(&[0xf8, 20]), "the byte 0xf8 starts no item of a document at byte 2");
    let huge = [0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1];
    assert_eq!(refused::<Vec<u32>>(&huge), "the bytes end within an item at byte 10");
    let deep = vec![0x81; 100_000];
    assert_eq!(refused::<serde::de::IgnoredAny>(&deep), "nested deeper than 127 levels at byte 128");
}

#[test]
fn keys_are_texts() {
    type Keys = std::collections::BTreeMap<String, u32>;
    assert_eq!(refused::<Keys>(&[0xa1, 0, 1]), "a key is not a text at byte 2");
    assert_eq!(refused::<Keys>(&[0xa1, 0x61, b'a', 1]), "(accepted)");
}

#[test]
fn whole_numbers_beyond_64_bits_are_rounded_once() {
    let most = [0x3b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
    assert_eq!(read::<f64>(&most).unwrap(), -18_446_744_073_709_551_616.0);
    // −(2⁶³ + 2¹⁰ + 1), just beyond the middle between two numbers of 64 bits.
    let odd = [0x3b, 0x80, 0, 0, 0, 0, 0, 4, 0];
    assert_eq!(read::<f64>(&odd).unwrap(), -9_223_372_036_854_777_856.0);
}
