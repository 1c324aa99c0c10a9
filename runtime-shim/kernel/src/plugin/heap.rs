//! A small allocator: blocks side by side, each behind a header of its size and whether it is in use.
//!
//! The first free block that is large enough is taken; free neighbours become one when a search meets them.

/// The memory that a heap lives in.
pub(super) trait Memory {
    /// Returns the first address that the heap may use, a multiple of 16.
    fn start(&self) -> u32;
    /// Returns the address after the last, a multiple of 8.
    fn end(&self) -> u32;
    /// Makes the memory larger by at least some bytes; returns whether that was possible.
    fn grow(&mut self, bytes: u32) -> bool;
    /// Reads the word at a multiple of 4.
    fn load(&self, address: u32) -> u32;
    /// Writes the word at a multiple of 4.
    fn store(&mut self, address: u32, value: u32);
}

/// Bytes of a header: the size of the block with its header, then the mark.
const HEADER: u32 = 8;

/// The mark of a block in use; free ones have 0.
const USED: u32 = u32::from_le_bytes(*b"used");

/// The state of a heap; all zero before its first use.
pub(super) struct Heap {
    /// The end of the last block, or 0 before the first use.
    end: u32,
}

impl Heap {
    /// Makes a heap that has not been laid out.
    pub(super) const fn new() -> Self {
        Self { end: 0 }
    }

    /// Returns the address of a block of some bytes, a multiple of 8; `None` if there is no room.
    pub(super) fn allocate(&mut self, memory: &mut impl Memory, size: u32) -> Option<u32> {
        let needed = size.max(1).checked_next_multiple_of(8)?.checked_add(HEADER)?;
        if self.end == 0 {
            self.end = memory.start();
            self.append(memory);
        }
        if let Some(block) = self.find(memory, needed) {
            return Some(block);
        }
        if !memory.grow(needed) {
            return None;
        }
        self.append(memory);
        self.find(memory, needed)
    }

    /// Frees a block; an address that no block in use starts at is ignored.
    pub(super) fn free(&self, memory: &mut impl Memory, address: u32) {
        let least = memory.start() + HEADER;
        if address.is_multiple_of(8)
            && least <= address
            && address < self.end
            && memory.load(address - 4) == USED
        {
            memory.store(address - 4, 0);
        }
    }

    /// Turns what the memory has beyond the last block into a free one.
    fn append(&mut self, memory: &mut impl Memory) {
        let end = memory.end();
        if self.end + HEADER < end {
            memory.store(self.end, end - self.end);
            memory.store(self.end + 4, 0);
            self.end = end;
        }
    }

    fn find(&self, memory: &mut impl Memory, needed: u32) -> Option<u32> {
        let mut block = memory.start();
        while block < self.end {
            let mut size = memory.load(block);
            if memory.load(block + 4) != USED {
                size = self.join(memory, block, size);
                if needed <= size {
                    take(memory, block, size, needed);
                    return Some(block + HEADER);
                }
            }
            block += size;
        }
        None
    }

    /// Joins a free block with the free ones behind it; returns its size.
    fn join(&self, memory: &mut impl Memory, block: u32, mut size: u32) -> u32 {
        while block + size < self.end && memory.load(block + size + 4) != USED {
            size += memory.load(block + size);
        }
        memory.store(block, size);
        size
    }
}

/// Takes the first part of a free block, and leaves the rest free if it is worth it.
fn take(memory: &mut impl Memory, block: u32, size: u32, needed: u32) {
    let mut taken = size;
    if needed + HEADER < size {
        taken = needed;
        memory.store(block + taken, size - taken);
        memory.store(block + taken + 4, 0);
    }
    memory.store(block, taken);
    memory.store(block + 4, USED);
}
