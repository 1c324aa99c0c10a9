//! Numbers as text: decimal to binary with exact rounding, and back for people.
//!
//! The hard cases of reading use integers of some thousand bits (Clinger 1990) instead of tables: slower by far,
//! but small, and configurations hold few numbers.

use core::cmp::Ordering;

/// Digits that matter for rounding; any beyond only break ties.
const DIGITS: usize = 800;

/// Reads the JSON number at the start of a text; returns it and its length.
///
/// Magnitudes beyond the range become infinite or zero. `None` if there is no number.
#[inline(never)]
pub(crate) fn parse(text: &[u8]) -> Option<(f64, usize)> {
    let digit = |at: usize| Some(digit(text, at)).filter(|digit| *digit < 10);
    let start = usize::from(text.first() == Some(&b'-'));
    if digit(start)? == 0 && digit(start + 1).is_some() {
        return None;
    }
    let mut at = start;
    let mut decimal = Decimal { digits: Natural::from(0), significant: 0, sticky: false, exponent: 0 };
    while let Some(digit) = digit(at) {
        decimal.push(digit);
        at += 1;
    }
    if text.get(at) == Some(&b'.') {
        at += 1;
        digit(at)?;
        while let Some(digit) = digit(at) {
            decimal.push(digit);
            decimal.exponent -= 1;
            at += 1;
        }
    }
    if let Some(b'e' | b'E') = text.get(at) {
        at += 1;
        let sign = text.get(at).copied();
        at += usize::from(matches!(sign, Some(b'-' | b'+')));
        digit(at)?;
        let mut size = 0;
        while let Some(digit) = digit(at) {
            // The exponent stops growing where no number of digits can make up for it.
            size = if size < 1_000_000_000 { size * 10 + i64::from(digit) } else { size };
            at += 1;
        }
        decimal.exponent += if sign == Some(b'-') { -size } else { size };
    }
    let magnitude = decimal.round();
    Some((if start == 1 { -magnitude } else { magnitude }, at))
}

/// Returns the digit at a place; something from 10 on if there is none.
#[inline(never)]
fn digit(text: &[u8], at: usize) -> u32 {
    text.get(at).map_or(10, |byte| u32::from(byte.wrapping_sub(b'0')))
}

/// Digits times a power of ten.
struct Decimal {
    /// The first [`DIGITS`] significant digits.
    digits: Natural,
    significant: usize,
    /// Whether digits beyond those are not all zero.
    sticky: bool,
    exponent: i64,
}

impl Decimal {
    fn push(&mut self, digit: u32) {
        self.significant += usize::from(self.significant != 0 || digit != 0);
        if self.significant <= DIGITS {
            self.digits.multiply_add(10, digit);
        } else {
            self.sticky |= digit != 0;
            self.exponent += 1;
        }
    }

    /// Returns the nearest number; ties go to even.
    fn round(&mut self) -> f64 {
        let exponent = self.exponent;
        if self.significant <= 15 && (-22..=22).contains(&exponent) {
            return scale(self.digits.small() as f64, exponent);
        }
        let magnitude = exponent + self.significant.min(DIGITS).cast_signed() as i64;
        if self.significant == 0 || magnitude < -330 {
            return 0.0;
        }
        if 310 < magnitude {
            return f64::INFINITY;
        }
        self.digits.multiply_add(10, u32::from(self.sticky));
        let exponent = exponent - 1;
        let mut divisor = Natural::from(1);
        let scaled = if exponent < 0 { &mut divisor } else { &mut self.digits };
        for _ in 0..exponent.unsigned_abs() {
            scaled.multiply_add(5, 0);
        }
        divide(&mut self.digits, &mut divisor, exponent)
    }
}

/// Multiplies by a power of ten: one rounding, as the power up to 22 is exact.
fn scale(number: f64, exponent: i64) -> f64 {
    let power = (0..exponent.unsigned_abs()).fold(1.0, |power, _| power * 10.0);
    if exponent < 0 { number / power } else { number * power }
}

/// Returns the number nearest to a quotient times a power of two; ties go to even.
fn divide(dividend: &mut Natural, divisor: &mut Natural, mut exponent: i64) -> f64 {
    let excess = dividend.bits() - divisor.bits();
    let shorter = if excess < 0 { &mut *dividend } else { &mut *divisor };
    shorter.shift_left(excess.unsigned_abs() as usize);
    exponent += excess;
    if dividend.compare(divisor).is_lt() {
        dividend.shift_left(1);
        exponent -= 1;
    }
    // Now the quotient lies between 1 and 2; below the normal range fewer bits of it have a place.
    let bits = if exponent < -1022 { 53 + 1022 + exponent } else { 53 };
    if bits < 0 {
        return 0.0;
    }
    if 1023 < exponent {
        return f64::INFINITY;
    }
    let mut quotient = 0u64;
    for _ in 0..bits {
        quotient <<= 1;
        if dividend.compare(divisor).is_ge() {
            dividend.subtract(divisor);
            quotient |= 1;
        }
        dividend.shift_left(1);
    }
    let up = match dividend.compare(divisor) {
        Ordering::Greater => true,
        Ordering::Equal => quotient & 1 == 1,
        Ordering::Less => false,
    };
    quotient += u64::from(up);
    // The leading bit of a normal number adds 1 to the exponent's field; a carry of rounding does so too.
    let field = if exponent < -1022 { 0 } else { (exponent + 1022) as u64 };
    f64::from_bits((field << 52) + quotient)
}

/// Most bytes that [`format`] writes: sign, 14 digits before the point and [`PLACES`] after it.
pub(crate) const TEXT: usize = 24;

/// Digits after the point that [`format`] writes at most.
const PLACES: u32 = 6;

/// Writes a number below 1e13 as JSON, rounded to [`PLACES`] after the point (from 1e9 on cut off at the
/// point); returns the place where it starts.
pub(crate) fn format(number: f64, text: &mut [u8; TEXT]) -> usize {
    let size = number.abs();
    // From 1e9 on, the digits after the point are at the end of what an `f64` holds.
    let mut digits = if size < 1e9 { (size * 1e6 + 0.5) as u64 } else { size as u64 * 1_000_000 };
    let mut start = TEXT;
    let mut place = 0;
    let mut push = |byte: u8| {
        start = start.saturating_sub(1);
        text[start] = byte;
    };
    let mut fraction = false;
    while digits != 0 || place <= PLACES {
        let digit = (digits % 10) as u8;
        if place == PLACES && fraction {
            push(b'.');
        }
        // Zeros at the end of a fraction say nothing.
        fraction |= digit != 0;
        if fraction || PLACES <= place {
            push(b'0' + digit);
        }
        digits /= 10;
        place += 1;
    }
    if number < 0.0 {
        push(b'-');
    }
    start
}

/// Words of a [`Natural`]: 800 digits or a power of five of the same size, and a word to shift into.
const WORDS: usize = 96;

/// A natural number below 2^3072, least significant word first; what goes beyond is lost.
#[derive(Clone, Copy)]
struct Natural {
    words: [u32; WORDS],
}

impl Natural {
    fn from(number: u32) -> Self {
        let mut words = [0; WORDS];
        words[0] = number;
        Self { words }
    }

    /// Returns the number modulo 2^64.
    fn small(&self) -> u64 {
        u64::from(self.words[1]) << 32 | u64::from(self.words[0])
    }

    #[inline(never)]
    fn multiply_add(&mut self, factor: u32, summand: u32) {
        let mut carry = u64::from(summand);
        for word in &mut self.words {
            carry += u64::from(*word) * u64::from(factor);
            *word = carry as u32;
            carry >>= 32;
        }
    }

    /// Subtracts a number that is not larger.
    #[inline(never)]
    fn subtract(&mut self, other: &Self) {
        let mut borrow = 0;
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            let difference = i64::from(*word) - i64::from(*other) + borrow;
            *word = difference as u32;
            borrow = difference >> 32;
        }
    }

    #[inline(never)]
    fn shift_left(&mut self, bits: usize) {
        for place in (0..WORDS).rev() {
            let word = |back: usize| place.checked_sub(back).map_or(0, |index| u64::from(self.words[index]));
            let pair = word(bits / 32) << 32 | word(bits / 32 + 1);
            self.words[place] = (pair << (bits % 32) >> 32) as u32;
        }
    }

    #[inline(never)]
    fn compare(&self, other: &Self) -> Ordering {
        self.words.iter().rev().cmp(other.words.iter().rev())
    }

    /// Returns the number of bits up to the highest that is set.
    #[inline(never)]
    fn bits(&self) -> i64 {
        let top = self.words.iter().rposition(|word| *word != 0);
        top.map_or(0, |index| {
            32 * (index.cast_signed() as i64 + 1) - i64::from(self.words[index].leading_zeros())
        })
    }
}
