//! Numbers of 16 bits: a sign, five bits of exponent, ten of mantissa.

/// Returns the bits of a number of 16 bits that is exactly a given finite one, if there is any.
pub(super) fn from_single(number: f32) -> Option<u16> {
    let bits = number.to_bits();
    let sign = (bits >> 16) as u16 & 0x8000;
    let exponent = ((bits >> 23) & 0xff).cast_signed() - 127;
    let mantissa = bits & 0x007f_ffff;
    if number == 0.0 {
        return Some(sign);
    }
    if (-14..=15).contains(&exponent) {
        let is_exact = mantissa.trailing_zeros() >= 13;
        return is_exact.then(|| sign | ((exponent + 15) as u16) << 10 | (mantissa >> 13) as u16);
    }
    if (-24..-14).contains(&exponent) {
        // Without a leading one of its own: a multiple of 2⁻²⁴.
        let whole = mantissa | 0x0080_0000;
        let shift = (-1 - exponent) as u32;
        return (whole.trailing_zeros() >= shift).then(|| sign | (whole >> shift) as u16);
    }
    None
}

/// Returns a number of 16 bits.
pub(super) fn to_double(bits: u16) -> f64 {
    let exponent = (bits >> 10) & 0x1f;
    let mantissa = f64::from(bits & 0x03ff);
    let magnitude = match exponent {
        0 => mantissa * power_of_two(-24),
        31 if mantissa == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1024.0 + mantissa) * power_of_two(i32::from(exponent) - 25),
    };
    if bits & 0x8000 == 0 { magnitude } else { -magnitude }
}

/// Returns 2 to a power that a double holds in full.
fn power_of_two(exponent: i32) -> f64 {
    f64::from_bits(((1023 + exponent) as u64) << 52)
}
