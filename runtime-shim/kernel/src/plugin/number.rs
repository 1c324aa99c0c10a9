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
pub(super) fn parse(text: &[u8]) -> Option<(f64, usize)> {
    let negative = text.first() == Some(&b'-');
    let start = usize::from(negative);
    let mut scan = Scan { text, at: start };
    let whole = scan.digits();
    if whole == 0 || (1 < whole && text.get(start) == Some(&b'0')) {
        return None;
    }
    let mut exponent = 0;
    if scan.take(b'.') {
        let fraction = scan.digits();
        if fraction == 0 {
            return None;
        }
        exponent -= fraction.cast_signed() as i64;
    }
    let digits = text.get(start..scan.at)?;
    if scan.take(b'e') || scan.take(b'E') {
        let down = scan.take(b'-');
        if !down {
            scan.take(b'+');
        }
        let from = scan.at;
        if scan.digits() == 0 {
            return None;
        }
        let size = text.get(from..scan.at)?.iter().fold(0, |number, digit| append_limited(number, *digit));
        exponent += if down { -size } else { size };
    }
    let magnitude = convert(digits, exponent);
    Some((if negative { -magnitude } else { magnitude }, scan.at))
}

/// Appends a digit to an exponent, which stops growing where nothing can make up for it.
fn append_limited(number: i64, digit: u8) -> i64 {
    if number < 1_000_000_000 { number * 10 + i64::from(digit - b'0') } else { number }
}

/// A place in a text.
struct Scan<'a> {
    text: &'a [u8],
    at: usize,
}

impl Scan<'_> {
    /// Passes over digits and returns how many there were.
    fn digits(&mut self) -> usize {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += count;
        count
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.text.get(self.at) == Some(&byte);
        self.at += usize::from(found);
        found
    }
}

/// Returns the number nearest to decimal digits (a point among them is passed over) times a power of ten.
fn convert(digits: &[u8], mut exponent: i64) -> f64 {
    let mut significant = 0;
    let mut small = 0u64;
    let mut large = Natural::from(0);
    let mut sticky = false;
    for digit in digits.iter().filter(|byte| **byte != b'.').map(|byte| u32::from(byte - b'0')) {
        if significant == 0 && digit == 0 {
            continue;
        }
        significant += 1;
        if significant <= 15 {
            small = small * 10 + u64::from(digit);
        }
        if significant <= DIGITS {
            large.multiply_add(10, digit);
        } else {
            sticky |= digit != 0;
            exponent += 1;
        }
    }
    if significant <= 15 && (-22..=22).contains(&exponent) {
        return scale(small as f64, exponent);
    }
    let magnitude = exponent + significant.min(DIGITS).cast_signed() as i64;
    if magnitude < -330 || significant == 0 {
        return 0.0;
    }
    if 310 < magnitude {
        return f64::INFINITY;
    }
    if sticky {
        large.multiply_add(10, 1);
        exponent -= 1;
    }
    let mut divisor = Natural::from(1);
    let scaled = if exponent < 0 { &mut divisor } else { &mut large };
    for _ in 0..exponent.unsigned_abs() {
        scaled.multiply_add(5, 0);
    }
    divide(large, divisor, exponent)
}

/// Multiplies by a power of ten: one rounding, as the power up to 22 is exact.
fn scale(number: f64, exponent: i64) -> f64 {
    let power = (0..exponent.unsigned_abs()).fold(1.0, |power, _| power * 10.0);
    if exponent < 0 { number / power } else { number * power }
}

/// Returns the number nearest to a quotient times a power of two; ties go to even.
fn divide(mut dividend: Natural, mut divisor: Natural, mut exponent: i64) -> f64 {
    let excess = dividend.bits() - divisor.bits();
    let shorter = if excess < 0 { &mut dividend } else { &mut divisor };
    shorter.shift_left(excess.unsigned_abs() as usize);
    exponent += excess;
    if dividend.compare(&divisor).is_lt() {
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
        if dividend.compare(&divisor).is_ge() {
            dividend.subtract(&divisor);
            quotient |= 1;
        }
        dividend.shift_left(1);
    }
    let up = match dividend.compare(&divisor) {
        Ordering::Greater => true,
        Ordering::Equal => quotient & 1 == 1,
        Ordering::Less => false,
    };
    quotient += u64::from(up);
    // The leading bit of a normal number adds 1 to the exponent's field; a carry of rounding does so too.
    let field = if exponent < -1022 { 0 } else { (exponent + 1022) as u64 };
    f64::from_bits((field << 52) + quotient)
}

/// Most bytes that [`format`] writes.
pub(super) const TEXT: usize = 32;

/// Writes a finite number as JSON, rounded to 15 digits; returns the length.
///
/// Numbers that were written with 15 digits or fewer between 1e-7 and 1e36 come back as they were written.
pub(super) fn format(number: f64, text: &mut [u8; TEXT]) -> usize {
    let mut out = Out { text, length: 0 };
    if number < 0.0 {
        out.push(b'-');
    }
    let (mut digits, mut exponent) = decimal(number.abs());
    while digits != 0 && digits % 10 == 0 {
        digits /= 10;
        exponent += 1;
    }
    if 0 < exponent && exponent <= 6 {
        digits *= 10u64.pow(exponent.unsigned_abs());
        exponent = 0;
    }
    // Up to 20 digits after the point; further from it, an exponent is shorter.
    let point = if -20 <= exponent { exponent.min(0).unsigned_abs() } else { 0 };
    out.push_digits(digits, point);
    if point == 0 && exponent != 0 {
        out.push(b'e');
        if exponent < 0 {
            out.push(b'-');
        }
        out.push_digits(u64::from(exponent.unsigned_abs()), 0);
    }
    out.length
}

/// Returns digits and the power of ten that they are to be multiplied by; 15 digits, fewer below 1e-293.
fn decimal(number: f64) -> (u64, i32) {
    let mut power = 1.0;
    let mut exponent = 0;
    while number * power < 1e14 && -308 < exponent {
        power *= 10.0;
        exponent -= 1;
    }
    while 1e15 <= number / power {
        power *= 10.0;
        exponent += 1;
    }
    let scaled = if exponent < 0 { number * power } else { number / power };
    let digits = (scaled + 0.5) as u64;
    (digits, if digits == 0 { 0 } else { exponent })
}

/// A text under construction; what does not fit is dropped.
struct Out<'a> {
    text: &'a mut [u8; TEXT],
    length: usize,
}

impl Out<'_> {
    fn push(&mut self, byte: u8) {
        if let Some(place) = self.text.get_mut(self.length) {
            *place = byte;
            self.length += 1;
        }
    }

    /// Writes a whole number, or with a point so many digits from its end.
    fn push_digits(&mut self, number: u64, point: u32) {
        let mut place = point.max(number.checked_ilog10().unwrap_or(0)) + 1;
        while place != 0 {
            place -= 1;
            let unit = 10u64.checked_pow(place).unwrap_or(u64::MAX);
            self.push(b'0' + (number / unit % 10) as u8);
            if place == point && place != 0 {
                self.push(b'.');
            }
        }
    }
}

/// Words of a [`Natural`]: 800 digits or a power of five of the same size, and a word to shift into.
const WORDS: usize = 96;

/// A natural number below 2^3072, least significant word first; what goes beyond is lost.
#[derive(Clone, Copy)]
struct Natural {
    words: [u32; WORDS],
}

impl Natural {
    fn from(number: u64) -> Self {
        let mut words = [0; WORDS];
        words[0] = number as u32;
        words[1] = (number >> 32) as u32;
        Self { words }
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
    fn bits(&self) -> i64 {
        let top = self.words.iter().rposition(|word| *word != 0);
        top.map_or(0, |index| {
            32 * (index.cast_signed() as i64 + 1) - i64::from(self.words[index].leading_zeros())
        })
    }
}
