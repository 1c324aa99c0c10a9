//! The functions that a host offers to plugins.

use wasmi::{Caller, Error, Extern, ExternType, Linker, Memory, Module, StoreLimits, StoreLimitsBuilder};

use crate::check::{HOST_MODULE, PAGE};
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
    /// Limits that the engine asks for when memory or tables grow.
    pub(crate) limits: StoreLimits,
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
        let store_limits = StoreLimitsBuilder::new()
            .memory_size(limits.memory_bytes)
            .table_elements(limits.table_elements)
            .instances(1)
            .memories(1)
            .tables(limits.tables)
            .build();
        Self { limits: store_limits, log: Vec::new(), random: limits.seed, free: Vec::new() }
    }

    /// Returns the next number of the `SplitMix64` sequence (Steele, Lea and Flood 2014).
    fn random(&mut self) -> u32 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.random;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 32) as u32
    }
}

/// Defines the imports that hosts offer, and those that the caller granted to this module.
pub(crate) fn linker(module: &Module, limits: &Limits) -> Result<Linker<Sandbox>, Error> {
    let mut linker = Linker::new(module.engine());
    linker.func_wrap(HOST_MODULE, "host_alloc", host_alloc)?;
    linker.func_wrap(HOST_MODULE, "host_free", host_free)?;
    linker.func_wrap(HOST_MODULE, "host_log", host_log)?;
    linker.func_wrap(HOST_MODULE, "host_random_u32", |mut caller: Caller<'_, Sandbox>| {
        caller.data_mut().random()
    })?;
    let granted = |import: &wasmi::ImportType<'_>| {
        limits.grants.iter().any(|grant| grant.module == import.module() && grant.name == import.name())
    };
    for import in module.imports().filter(granted) {
        if let ExternType::Func(kind) = import.ty() {
            let message = format!("`{}.{}` is granted but not implemented", import.module(), import.name());
            linker.func_new(import.module(), import.name(), kind.clone(), move |_, _, _| {
                Err(Error::new(message.clone()))
            })?;
        }
    }
    Ok(linker)
}

/// Gives out memory of at least `size` bytes, 16-aligned, or 0.
fn host_alloc(mut caller: Caller<'_, Sandbox>, size: u32) -> u32 {
    let Some(size) = size.max(1).checked_next_multiple_of(16) else { return 0 };
    let free = &mut caller.data_mut().free;
    if let Some(position) = free.iter().position(|block| block.size >= size) {
        let block = &mut free[position];
        let start = block.start;
        block.start += size;
        block.size -= size;
        if block.size == 0 {
            free.remove(position);
        }
        return start;
    }
    let Some(memory) = exported_memory(&caller) else { return 0 };
    let pages = u64::from(size).div_ceil(PAGE);
    let Ok(old) = memory.grow(&mut caller, pages) else { return 0 };
    let Ok(start) = u32::try_from(old * PAGE) else { return 0 };
    let rest = (pages * PAGE) as u32 - size;
    if rest > 0 {
        caller.data_mut().free.push(Block { start: start + size, size: rest });
    }
    start
}

/// Takes memory back; a block that was never given out is ignored where it lies outside the memory.
fn host_free(mut caller: Caller<'_, Sandbox>, start: u32, size: u32) {
    let Some(size) = size.max(1).checked_next_multiple_of(16) else { return };
    let inside = exported_memory(&caller)
        .is_some_and(|memory| u64::from(start) + u64::from(size) <= memory.data_size(&caller) as u64);
    if start != 0 && inside {
        caller.data_mut().free.push(Block { start, size });
    }
}

/// Keeps a line of text; what lies outside the memory is not read.
fn host_log(mut caller: Caller<'_, Sandbox>, start: u32, length: u32, level: u32) {
    let Some(memory) = exported_memory(&caller) else { return };
    let mut bytes = vec![0; length.min(LOG_BYTES) as usize];
    if memory.read(&caller, start as usize, &mut bytes).is_err() {
        return;
    }
    let log = &mut caller.data_mut().log;
    if log.len() < LOG_LINES {
        log.push(LogLine { level, text: String::from_utf8_lossy(&bytes).into_owned() });
    }
}

fn exported_memory(caller: &Caller<'_, Sandbox>) -> Option<Memory> {
    caller.get_export(pmc_abi::export::MEMORY).and_then(Extern::into_memory)
}
