//! Documents as CBOR, by RFC 8949.
//!
//! What is written is the core deterministic encoding of section 4.2.1: definite lengths, the shortest form of
//! every number, and the keys of a map in the bytewise order of their encodings. What is read need not be
//! that: any width of a number and any order of keys will do, but lengths must be definite, keys must be text,
//! and there are neither tags nor byte strings, none of which a document has a use for.
//!
//! Two short files of our own, because the libraries at hand read more than JSON could say (field numbers in
//! place of names, tags that are passed over, words with stray values behind them), and none sorts keys.

mod decode;
mod encode;
mod half;

#[cfg(test)]
mod tests;

pub(super) use decode::read;
pub(super) use encode::write;

/// The kinds of data item, by the three highest bits of their first byte.
mod major {
    pub(super) const UNSIGNED: u8 = 0;
    pub(super) const NEGATIVE: u8 = 1;
    pub(super) const BYTES: u8 = 2;
    pub(super) const TEXT: u8 = 3;
    pub(super) const ARRAY: u8 = 4;
    pub(super) const MAP: u8 = 5;
    pub(super) const TAG: u8 = 6;
}

/// First bytes of items of the last kind.
mod simple {
    pub(super) const FALSE: u8 = 0xf4;
    pub(super) const TRUE: u8 = 0xf5;
    pub(super) const NULL: u8 = 0xf6;
    pub(super) const HALF: u8 = 0xf9;
    pub(super) const SINGLE: u8 = 0xfa;
    pub(super) const DOUBLE: u8 = 0xfb;
}
