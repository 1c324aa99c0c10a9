//! The error document.

use pmc_abi::Status;

use crate::Failure;
use crate::configuration::number;

/// Bytes of the longest document.
const SIZE: usize = 400;

/// Bytes of the longest name that a document repeats.
const NAME: usize = 128;

/// Numbers from here on are beyond all sense.
const SENSIBLE: f64 = 1e13;

/// The least number that is written as another one than 0.
const LEAST: f64 = 1e-6;

/// A JSON document about the last error, the same from modules and from native hosts.
pub struct Report {
    text: [u8; SIZE],
    length: usize,
}

impl Default for Report {
    fn default() -> Self {
        Self::new()
    }
}

impl Report {
    /// Makes an empty document.
    pub const fn new() -> Self {
        Self { text: [0; SIZE], length: 0 }
    }

    /// Returns the document; one that says success before the first error.
    pub fn text(&mut self) -> &[u8] {
        if self.length == 0 {
            self.write(&Failure::new(Status::Success, f64::NAN), b"");
        }
        self.text.get(..self.length).unwrap_or_default()
    }

    /// Writes the document of a failure; its time is left out if it is not finite or beyond
    /// all sense.
    ///
    /// `name` is the name at fault, escaped as JSON wants it; an empty or very long one is left out.
    pub fn write(&mut self, failure: &Failure, name: &[u8]) {
        self.length = 0;
        self.push(b"{\"code\":");
        self.push_number(f64::from(failure.status as i32));
        self.push(b",\"message\":\"");
        self.push(failure.status.message().as_bytes());
        if !name.is_empty() && name.len() <= NAME {
            self.push(b": `");
            self.push(name);
            self.push(b"`");
        }
        self.push(b"\"");
        if failure.time.abs() < SENSIBLE {
            self.push(b",\"time\":");
            self.push_number(failure.time);
        }
        if let Some(state) = failure.state() {
            self.push(b",\"state\":");
            self.push_number(f64::from(state));
        }
        if let Some(fault) = failure.fault() {
            self.push(b",\"route\":");
            self.push_number(f64::from(fault.route));
            self.push(b",\"property\":");
            self.push_number(f64::from(fault.property));
            let size = fault.value.abs();
            if size < SENSIBLE {
                self.push(b",\"value\":");
                let is_written = size == 0.0 || LEAST <= size;
                self.push_number(if is_written { fault.value } else { LEAST.copysign(fault.value) });
            }
        }
        if failure.is_imagined() {
            self.push(b",\"steady_state\":true");
        }
        self.push(b"}");
    }

    #[inline(never)]
    fn push_number(&mut self, number: f64) {
        let mut text = [0; number::TEXT];
        let start = number::format(number, &mut text);
        self.push(text.get(start..).unwrap_or_default());
    }

    #[inline(never)]
    fn push(&mut self, bytes: &[u8]) {
        if let Some(place) = self.text.get_mut(self.length..self.length + bytes.len()) {
            place.copy_from_slice(bytes);
            self.length += bytes.len();
        }
    }
}
