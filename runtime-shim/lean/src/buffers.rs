//! Memory that is shared with the host.

use pmc_abi::Status;

/// The buffers that the host has asked for and not given back, in the order of their addresses.
///
/// An address that a host gives must lie in one of them, so that nothing else can be read or written by a wrong one.
pub struct Buffers {
    buffers: Vec<Buffer>,
}

/// A piece of memory.
struct Buffer {
    address: u32,
    words: Box<[u64]>,
}

/// Bytes of a word.
const WORD: u32 = size_of::<u64>() as u32;

impl Default for Buffers {
    fn default() -> Self {
        Self::new()
    }
}

impl Buffers {
    /// Makes a set without buffers.
    pub const fn new() -> Self {
        Self { buffers: Vec::new() }
    }

    /// Makes a buffer with at least so many bytes, all of them 0.
    ///
    /// Returns its address, a multiple of 8, or 0 if there is no room.
    pub fn allocate(&mut self, size: u32) -> u32 {
        let length = size.div_ceil(WORD).max(1) as usize;
        let mut words = Vec::new();
        if words.try_reserve_exact(length).is_err() || self.buffers.try_reserve(1).is_err() {
            return 0;
        }
        words.resize(length, 0);
        let words = words.into_boxed_slice();
        let address = words.as_ptr() as usize as u32;
        let place = self.buffers.partition_point(|buffer| buffer.address < address);
        self.buffers.insert(place, Buffer { address, words });
        address
    }

    /// Takes a buffer back; an address that is not one of a buffer is ignored.
    pub fn free(&mut self, address: u32) {
        self.buffers.retain(|buffer| buffer.address != address);
    }

    /// Returns bytes that the host gives.
    pub fn bytes(&self, address: u32, length: u32) -> Result<Vec<u8>, Status> {
        if length == 0 {
            return Ok(Vec::new());
        }
        let (buffer, start) = self.find(address, length, 1).ok_or(Status::BadPointer)?;
        let end = start + length as usize;
        let words = buffer.words.get(start / 8..end.div_ceil(8)).unwrap_or_default();
        let mut bytes = Vec::with_capacity(8 * words.len());
        for word in words {
            bytes.extend_from_slice(&word.to_le_bytes());
        }
        bytes.drain(..start % 8);
        bytes.truncate(length as usize);
        Ok(bytes)
    }

    /// Returns words that the host gives.
    pub fn words(&self, address: u32, length: u32) -> Result<&[u64], Status> {
        if length == 0 {
            return Ok(&[]);
        }
        let size = length.checked_mul(WORD).ok_or(Status::BadPointer)?;
        let (buffer, start) = self.find(address, size, WORD).ok_or(Status::BadPointer)?;
        buffer.words.get(start / 8..start / 8 + length as usize).ok_or(Status::BadPointer)
    }

    /// Returns numbers that the host gives.
    pub fn numbers(&self, address: u32, length: u32) -> Result<Vec<f64>, Status> {
        Ok(self.words(address, length)?.iter().map(|word| f64::from_bits(*word)).collect())
    }

    /// Checks that there is room for numbers.
    pub fn has_room(&self, address: u32, length: u32) -> Result<(), Status> {
        self.words(address, length).map(|_| ())
    }

    /// Writes numbers to where the host wants them.
    pub fn write_numbers(&mut self, address: u32, numbers: &[f64]) -> Result<(), Status> {
        if numbers.is_empty() {
            return Ok(());
        }
        let size = u32::try_from(size_of_val(numbers)).map_err(|_| Status::BadPointer)?;
        let (buffer, start) = self.find_mut(address, size, WORD).ok_or(Status::BadPointer)?;
        let places = buffer.words.iter_mut().skip(start / 8);
        places.zip(numbers).for_each(|(place, number)| *place = number.to_bits());
        Ok(())
    }

    /// Writes address and length of a document to where the host wants them.
    pub fn write_pair(&mut self, address: u32, pair: [u32; 2]) -> Result<(), Status> {
        let (buffer, start) = self.find_mut(address, WORD, 4).ok_or(Status::BadPointer)?;
        for (half, value) in (start / 4..).zip(pair) {
            let word = buffer.words.get_mut(half / 2).ok_or(Status::BadPointer)?;
            let shift = 32 * (half % 2);
            *word = *word & !(u64::from(u32::MAX) << shift) | u64::from(value) << shift;
        }
        Ok(())
    }

    /// Returns the buffer that holds so many bytes, which have such an alignment, and where in it they start.
    fn find(&self, address: u32, size: u32, alignment: u32) -> Option<(&Buffer, usize)> {
        let number = self.number_of(address, size, alignment)?;
        let buffer = self.buffers.get(number)?;
        Some((buffer, (address - buffer.address) as usize))
    }

    /// Returns the same buffer, to be changed.
    fn find_mut(&mut self, address: u32, size: u32, alignment: u32) -> Option<(&mut Buffer, usize)> {
        let number = self.number_of(address, size, alignment)?;
        let buffer = self.buffers.get_mut(number)?;
        let start = (address - buffer.address) as usize;
        Some((buffer, start))
    }

    /// Returns the number of the buffer that holds so many bytes.
    fn number_of(&self, address: u32, size: u32, alignment: u32) -> Option<usize> {
        let number = self.buffers.partition_point(|buffer| buffer.address <= address).checked_sub(1)?;
        let buffer = self.buffers.get(number)?;
        let end = u64::from(address - buffer.address) + u64::from(size);
        let fits = end <= u64::from(WORD) * buffer.words.len() as u64;
        (fits && address.is_multiple_of(alignment)).then_some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_buffers_can_be_read_and_written() {
        let mut buffers = Buffers::new();
        let address = buffers.allocate(20);
        assert!(address != 0 && address.is_multiple_of(8));
        for (wrong, length) in [(0, 1), (address - 8, 1), (address, 4), (address + 24, 1), (address + 4, 1)] {
            assert_eq!(buffers.words(wrong, length), Err(Status::BadPointer), "{wrong} {length}");
            assert_eq!(buffers.write_numbers(wrong, &vec![0.0; length as usize]), Err(Status::BadPointer));
        }
        assert_eq!(buffers.words(address, u32::MAX), Err(Status::BadPointer));
        assert_eq!(buffers.bytes(address, u32::MAX), Err(Status::BadPointer));
        assert_eq!(buffers.write_pair(address + 2, [0, 0]), Err(Status::BadPointer));
        assert_eq!(buffers.words(1, 0), Ok(&[][..]));
        buffers.free(address);
        assert_eq!(buffers.bytes(address, 1), Err(Status::BadPointer));
        buffers.free(address);
    }

    #[test]
    fn bytes_may_start_anywhere() {
        let mut buffers = Buffers::new();
        let address = buffers.allocate(24);
        let numbers = [f64::from_le_bytes(*b"01234567"), f64::from_le_bytes(*b"89abcdef")];
        buffers.write_numbers(address + 8, &numbers).expect("there is room");
        assert_eq!(buffers.bytes(address + 11, 9).expect("there are so many"), b"3456789ab");
        buffers.write_pair(address + 12, [0x31313131, 0x32323232]).expect("there is room");
        assert_eq!(buffers.bytes(address + 8, 16).expect("there are so many"), b"012311112222cdef");
    }
}
