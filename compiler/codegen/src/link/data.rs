//! The first contents of the memory that a module carries.

use super::kernel::Kernel;
use super::live::Live;

/// Gaps up to this many bytes are cheaper carried than skipped: about the header of a segment.
const MERGED_GAP: u32 = 8;

/// Contents for an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Contents {
    /// Where they start.
    pub address: u32,
    /// The bytes; neither the first nor the last is zero.
    pub bytes: Vec<u8>,
}

/// Returns the live data of a kernel at its original addresses, without what is zero anyway.
pub(crate) fn live_data(kernel: &Kernel<'_>, live: &Live) -> Vec<Contents> {
    let ranges = live.data.iter().map(|symbol| kernel.symbols[*symbol].range.clone());
    let mut pieces: Vec<Contents> =
        ranges.filter_map(|range| contents_of(kernel, range.start, range.end)).collect();
    pieces.sort_by_key(|piece| piece.address);
    let mut contents: Vec<Contents> = Vec::new();
    for piece in pieces {
        match contents.last_mut() {
            Some(last) if piece.address <= last.end() + MERGED_GAP => last.merge(&piece),
            _ => contents.push(piece),
        }
    }
    contents
}

/// Returns bytes for an address without the zeros at both ends; `None` if nothing is left.
pub(crate) fn trim(address: u32, bytes: &[u8]) -> Option<Contents> {
    let first = bytes.iter().position(|byte| *byte != 0)?;
    let last = bytes.iter().rposition(|byte| *byte != 0)?;
    Some(Contents { address: address + first as u32, bytes: bytes[first..=last].to_vec() })
}

/// Returns what a kernel puts into a range of its memory.
fn contents_of(kernel: &Kernel<'_>, start: u32, end: u32) -> Option<Contents> {
    kernel.segments.iter().find_map(|segment| {
        let first = start.checked_sub(segment.address)? as usize;
        let last = end.checked_sub(segment.address)? as usize;
        trim(start, segment.bytes.get(first..last)?)
    })
}

impl Contents {
    /// Returns the address one past the last byte.
    fn end(&self) -> u32 {
        self.address + self.bytes.len() as u32
    }

    /// Adds contents that start at the same address or later.
    fn merge(&mut self, other: &Self) {
        let start = (other.address - self.address) as usize;
        let length = self.bytes.len().max(start + other.bytes.len());
        self.bytes.resize(length, 0);
        self.bytes[start..start + other.bytes.len()].copy_from_slice(&other.bytes);
    }
}
