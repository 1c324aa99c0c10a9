//! Addresses to slices, and the heap of the module.
#![allow(unsafe_code, reason = "addresses that hosts give become slices here, after checks")]

use core::arch::wasm32;
use core::cell::UnsafeCell;
use core::num::NonZeroU32;
use core::slice;

use pmc_abi::Status;

use super::heap::{Heap, Memory};
use super::linked::MODEL;

/// Size of a page of memory.
const PAGE: u64 = 65_536;

/// A static that entry points change.
pub(super) struct Global<T>(UnsafeCell<T>);

// SAFETY: a module without shared memory has one thread.
unsafe impl<T> Sync for Global<T> {}

impl<T> Global<T> {
    /// Makes a static with its first value.
    pub(super) const fn new(value: T) -> Self {
        Self(UnsafeCell::new(value))
    }

    /// Lets a function change the value; it must not come back here for the same static.
    pub(super) fn with<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        // SAFETY: one thread, and no function given here enters again.
        change(unsafe { &mut *self.0.get() })
    }
}

static HEAP: Global<Heap> = Global::new(Heap::new());

/// The memory of the module.
struct Linear;

impl Memory for Linear {
    fn start(&self) -> u32 {
        MODEL.raw().heap_start
    }

    fn end(&self) -> u32 {
        // The last bytes of 4 GiB stay unused, so that the end is an address.
        u32::try_from(size()).unwrap_or(u32::MAX - 7)
    }

    fn grow(&mut self, bytes: u32) -> bool {
        wasm32::memory_grow::<0>(bytes.div_ceil(PAGE as u32) as usize) != usize::MAX
    }

    fn load(&self, address: u32) -> u32 {
        // SAFETY: the heap stays between start and end, where nothing of Rust's own lives.
        unsafe { *(address as *const u32) }
    }

    fn store(&mut self, address: u32, value: u32) {
        // SAFETY: as above.
        unsafe { *(address as *mut u32) = value }
    }
}

/// Returns the address of a block of memory, 8-aligned; 0 if there is no room.
pub(super) fn allocate(size: u32) -> u32 {
    HEAP.with(|heap| heap.allocate(&mut Linear, size)).unwrap_or(0)
}

/// Frees a block.
pub(super) fn free(address: u32) {
    HEAP.with(|heap| heap.free(&mut Linear, address));
}

/// Returns the size of the memory in bytes.
fn size() -> u64 {
    wasm32::memory_size::<0>() as u64 * PAGE
}

/// Returns where elements of some size and alignment lie, if that is possible: not null, aligned, within the memory.
/// Where there are none, any place will do.
#[inline(never)]
fn locate(address: u32, length: u32, element: u32) -> Option<NonZeroU32> {
    if length == 0 {
        return NonZeroU32::new(element);
    }
    let end = u64::from(address) + u64::from(length) * u64::from(element);
    let sound = address.is_multiple_of(element) && end <= size();
    NonZeroU32::new(address).filter(|_| sound)
}

/// Types of which any bits are a value, with an alignment of their size.
pub(super) trait Plain: Copy {}
impl Plain for u8 {}
impl Plain for u32 {}
impl Plain for u64 {}
impl Plain for f64 {}

/// Returns what a host wants to be read.
pub(super) fn read<T: Plain>(address: u32, length: u32) -> Result<&'static [T], Status> {
    let place = locate(address, length, size_of::<T>() as u32).ok_or(Status::BadPointer)?.get();
    // SAFETY: checked above; the host leaves it alone during the call.
    Ok(unsafe { slice::from_raw_parts(place as *const T, length as usize) })
}

/// Returns where a host wants results.
pub(super) fn write<T: Plain>(address: u32, length: u32) -> Result<&'static mut [T], Status> {
    let place = locate(address, length, size_of::<T>() as u32).ok_or(Status::BadPointer)?.get();
    // SAFETY: checked above; a host that gives an address within a live instance gets nonsense, not more.
    Ok(unsafe { slice::from_raw_parts_mut(place as *mut T, length as usize) })
}
