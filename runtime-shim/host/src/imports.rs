//! The functions that a host offers to plugins, the same for every engine.

use crate::check::PAGE;
use crate::limits::Limits;

/// Most lines kept of what an instance logs.
const LOG_LINES: usize = 1_000;

/// Most bytes kept of one line.
const LOG_BYTES: u32 = 4_096;

/// One line that a plugin logged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// 0 error, 1 warning, 2 information, 3 and above detail.
    pub level: u32,
    /// The text; bytes that are not UTF-8 are replaced.
    pub text: String,
}

/// What the host keeps beside an instance.
pub(crate) struct Sandbox {
    /// Lines that the plugin logged, oldest first.
    pub(crate) log: Vec<LogLine>,
    random: u64,
    free: Vec<Block>,
}

/// A piece of memory that `host_alloc` owns.
#[derive(Clone, Copy)]
struct Block {
    start: u32,
    size: u32,
}

impl Sandbox {
    /// Makes the surroundings of a new instance.
    pub(crate) fn new(limits: &Limits) -> Self {
        Self { log: Vec::new(), random: limits.seed, free: Vec::new() }
    }

    /// Returns the next number of the `SplitMix64` sequence (Steele, Lea and Flood 2014): `host_random_u32`.
    pub(crate) fn random(&mut self) -> u32 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.random;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 32) as u32
    }

    /// Takes a piece out of the memory that was given back.
    fn reuse(&mut self, size: u32) -> Option<u32> {
        let position = self.free.iter().position(|block| block.size >= size)?;
        let block = &mut self.free[position];
        let start = block.start;
        block.start += size;
        block.size -= size;
        if block.size == 0 {
            self.free.remove(position);
        }
        Some(start)
    }
}

/// The instance that calls a function of the host, as an engine shows it.
pub(crate) trait Guest {
    /// Returns what the host keeps beside it.
    fn sandbox(&mut self) -> &mut Sandbox;

    /// Returns its exported memory; nothing if there is none.
    fn memory(&mut self) -> &[u8];

    /// Makes its exported memory larger and returns how many pages it had before, unless a limit forbids it.
    fn grow(&mut self, pages: u64) -> Option<u64>;
}

/// `host_alloc`: gives out memory of at least `size` bytes, 16-aligned, or 0.
pub(crate) fn allocate(guest: &mut impl Guest, size: u32) -> u32 {
    let Some(size) = size.max(1).checked_next_multiple_of(16) else { return 0 };
    if let Some(start) = guest.sandbox().reuse(size) {
        return start;
    }
    let pages = u64::from(size).div_ceil(PAGE);
    let Some(old) = guest.grow(pages) else { return 0 };
    let Ok(start) = u32::try_from(old * PAGE) else { return 0 };
    let rest = (pages * PAGE) as u32 - size;
    if rest > 0 {
        guest.sandbox().free.push(Block { start: start + size, size: rest });
    }
    start
}

/// `host_free`: takes memory back; a block that was never given out is ignored where it lies outside the memory.
pub(crate) fn free(guest: &mut impl Guest, start: u32, size: u32) {
    let Some(size) = size.max(1).checked_next_multiple_of(16) else { return };
    let inside = u64::from(start) + u64::from(size) <= guest.memory().len() as u64;
    if start != 0 && inside {
        guest.sandbox().free.push(Block { start, size });
    }
}

/// `host_log`: keeps a line of text; what lies outside the memory is not read.
pub(crate) fn log(guest: &mut impl Guest, start: u32, length: u32, level: u32) {
    let start = start as usize;
    let end = start.saturating_add(length.min(LOG_BYTES) as usize);
    let Some(text) = guest.memory().get(start..end).map(|bytes| String::from_utf8_lossy(bytes).into_owned())
    else {
        return;
    };
    let log = &mut guest.sandbox().log;
    if log.len() < LOG_LINES {
        log.push(LogLine { level, text });
    }
}

/// Returns what a function says that the caller granted and nobody wrote.
pub(crate) fn refusal(module: &str, name: &str) -> String {
    format!("`{module}.{name}` is granted but not implemented")
}
