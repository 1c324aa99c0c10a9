use std::vec;
use std::vec::Vec;

use crate::plugin::heap::{Heap, Memory};

/// A memory of words that starts at some address and grows by pages of 256 bytes.
struct Words {
    words: Vec<u32>,
    limit: usize,
}

const START: u32 = 64;

impl Words {
    fn new(bytes: usize, limit: usize) -> Self {
        Self { words: vec![0; bytes / 4], limit: limit / 4 }
    }
}

impl Memory for Words {
    fn start(&self) -> u32 {
        START
    }

    fn end(&self) -> u32 {
        self.words.len() as u32 * 4
    }

    fn grow(&mut self, bytes: u32) -> bool {
        let words = self.words.len() + bytes.div_ceil(256) as usize * 64;
        let possible = words <= self.limit;
        if possible {
            self.words.resize(words, 0);
        }
        possible
    }

    fn load(&self, address: u32) -> u32 {
        self.words[address as usize / 4]
    }

    fn store(&mut self, address: u32, value: u32) {
        self.words[address as usize / 4] = value;
    }
}

#[test]
fn blocks_are_aligned_and_apart() {
    let mut memory = Words::new(1024, 1024);
    let mut heap = Heap::new();
    let mut blocks: Vec<(u32, u32)> = Vec::new();
    for size in [1, 8, 13, 100, 0, 24] {
        let block = heap.allocate(&mut memory, size).expect("room");
        assert_eq!(block % 8, 0);
        assert!(START < block && block + size <= memory.end());
        assert!(blocks.iter().all(|(other, length)| block + size <= *other || other + length <= block));
        blocks.push((block, size));
    }
}

#[test]
fn memory_grows_when_needed_and_within_its_limit() {
    let mut memory = Words::new(256, 1024);
    let mut heap = Heap::new();
    assert!(heap.allocate(&mut memory, 600).is_some());
    assert!(memory.end() <= 1024);
    assert_eq!(heap.allocate(&mut memory, 600), None);
    assert_eq!(heap.allocate(&mut memory, u32::MAX), None);
    assert_eq!(heap.allocate(&mut memory, u32::MAX - 20), None);
}

#[test]
fn freed_neighbours_become_one() {
    let mut memory = Words::new(1024, 1024);
    let mut heap = Heap::new();
    let blocks: Vec<u32> = (0..8).map(|_| heap.allocate(&mut memory, 100).expect("room")).collect();
    assert_eq!(heap.allocate(&mut memory, 400), None);
    // Not in the order of addresses.
    for index in [3, 5, 2, 4] {
        heap.free(&mut memory, blocks[index]);
    }
    assert_eq!(heap.allocate(&mut memory, 400), Some(blocks[2]));
}

#[test]
fn freeing_what_is_not_in_use_is_harmless() {
    let mut memory = Words::new(1024, 1024);
    let mut heap = Heap::new();
    heap.free(&mut memory, 72);
    let first = heap.allocate(&mut memory, 32).expect("room");
    let second = heap.allocate(&mut memory, 32).expect("room");
    for address in [0, 1, START, first + 8, 1024, u32::MAX, first + 4] {
        heap.free(&mut memory, address);
    }
    heap.free(&mut memory, first);
    heap.free(&mut memory, first);
    assert_eq!(heap.allocate(&mut memory, 32), Some(first));
    assert!(heap.allocate(&mut memory, 32).is_some_and(|third| third != first && third != second));
}

#[test]
fn a_heap_that_is_used_for_long_does_not_wear_out() {
    let mut memory = Words::new(4096, 4096);
    let mut heap = Heap::new();
    let mut live: Vec<u32> = Vec::new();
    for round in 0..5000u32 {
        if live.len() == 8 {
            let oldest = live.remove((round % 7) as usize);
            heap.free(&mut memory, oldest);
        }
        let size = round.wrapping_mul(2_654_435_761) % 200;
        live.push(heap.allocate(&mut memory, size).expect("room for eight small blocks"));
    }
    for block in live {
        heap.free(&mut memory, block);
    }
    assert!(heap.allocate(&mut memory, 4096 - START - 8).is_some());
}
