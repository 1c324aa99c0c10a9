//! Plugins in wasmtime: code compiled by Cranelift.
//!
//! No setting here may change a result. Fuel is counted by the compiled code itself, so that it ends at the same
//! instruction on every machine; a clock would not.

use wasmtime::{
    Caller, Config, Error, Extern, ExternType, Inlining, InstancePre, Linker, Memory, Module, OptLevel,
    Store, StoreLimits, StoreLimitsBuilder, Val,
};

use super::{Code, Machine, Stop, Trap, Value, effort};
use crate::check::HOST_MODULE;
use crate::imports::{self, Guest, Sandbox};
use crate::limits::Limits;

/// Bytes of the thread's stack for each call that [`Limits::call_depth`] allows: frames of compiled code differ in
/// size, and the engine counts bytes only. Deep frames of the largest functions take a few kilobytes, most take less
/// than a hundred bytes.
const FRAME_BYTES: usize = 512;

/// The least stack that code gets, so that a low limit of calls does not keep a large frame from fitting.
const LEAST_STACK: usize = 64 << 10;

/// What the engine keeps beside an instance.
struct Data {
    sandbox: Sandbox,
    /// What memory and tables may grow to.
    growth: StoreLimits,
}

struct Compiled {
    /// The module with its imports resolved, so that an instance costs no look-up.
    ready: InstancePre<Data>,
}

struct Running {
    store: Store<Data>,
    instance: wasmtime::Instance,
    memory: Option<Memory>,
}

/// Compiles a module.
pub(super) fn compile(bytes: &[u8], limits: &Limits) -> Result<Box<dyn Code>, String> {
    effort::check(bytes)?;
    let failed = |error: Error| format!("{error:#}");
    let engine = wasmtime::Engine::new(&config(limits)).map_err(failed)?;
    let module = Module::new(&engine, bytes).map_err(failed)?;
    let ready = linker(&module, limits).and_then(|linker| linker.instantiate_pre(&module)).map_err(failed)?;
    Ok(Box::new(Compiled { ready }))
}

fn config(limits: &Limits) -> Config {
    let mut config = Config::new();
    config.consume_fuel(true).wasm_backtrace_max_frames(None);
    let stack = limits.call_depth.saturating_mul(FRAME_BYTES).max(LEAST_STACK);
    // The second size is that of stacks that are never made, but must not be smaller than the first.
    config.max_wasm_stack(stack).async_stack_size(stack);
    // Inlining doubles the time to compile and gets no faster code: the kernel has been optimised once already.
    config.cranelift_opt_level(OptLevel::Speed).compiler_inlining(Inlining::No);
    config.cranelift_nan_canonicalization(false);
    // Nothing that the other engine does not have, whatever this one's defaults become.
    config.wasm_relaxed_simd(false).wasm_simd(false).wasm_tail_call(false).wasm_multi_memory(false);
    config.wasm_memory64(false).wasm_custom_page_sizes(false).wasm_wide_arithmetic(false);
    config
}

/// Defines the imports that hosts offer, and those that the caller granted to this module.
fn linker(module: &Module, limits: &Limits) -> Result<Linker<Data>, Error> {
    let mut linker = Linker::new(module.engine());
    linker.func_wrap(HOST_MODULE, "host_alloc", |mut caller: Caller<'_, Data>, size: u32| {
        imports::allocate(&mut caller, size)
    })?;
    linker.func_wrap(HOST_MODULE, "host_free", |mut caller: Caller<'_, Data>, start: u32, size: u32| {
        imports::free(&mut caller, start, size);
    })?;
    linker.func_wrap(
        HOST_MODULE,
        "host_log",
        |mut caller: Caller<'_, Data>, start: u32, length: u32, level: u32| {
            imports::log(&mut caller, start, length, level);
        },
    )?;
    linker.func_wrap(HOST_MODULE, "host_random_u32", |mut caller: Caller<'_, Data>| {
        caller.sandbox().random()
    })?;
    for import in module.imports().filter(|import| limits.grants(import.module(), import.name())) {
        if let ExternType::Func(kind) = import.ty() {
            let refusal = imports::refusal(import.module(), import.name());
            linker.func_new(import.module(), import.name(), kind, move |_, _, _| {
                Err(Error::msg(refusal.clone()))
            })?;
        }
    }
    Ok(linker)
}

impl Code for Compiled {
    fn instantiate(&self, limits: &Limits) -> Result<Box<dyn Machine>, Stop> {
        let growth = StoreLimitsBuilder::new()
            .memory_size(limits.memory_bytes)
            .table_elements(limits.table_elements)
            .instances(1)
            .memories(1)
            .tables(limits.tables)
            .build();
        let data = Data { sandbox: Sandbox::new(limits), growth };
        let mut store = Store::new(self.ready.module().engine(), data);
        store.limiter(|data| &mut data.growth);
        store.set_fuel(limits.fuel_per_call).map_err(|error| stop(&error))?;
        let instance = self.ready.instantiate(&mut store).map_err(|error| stop(&error))?;
        let memory = instance.get_memory(&mut store, pmc_abi::export::MEMORY);
        Ok(Box::new(Running { store, instance, memory }))
    }
}

impl Machine for Running {
    fn call(
        &mut self,
        name: &str,
        fuel: u64,
        parameters: &[Value],
        results: &mut [Value],
    ) -> Result<(), Stop> {
        let function = self.instance.get_func(&mut self.store, name).ok_or(Stop::Missing)?;
        self.store.set_fuel(fuel).map_err(|error| stop(&error))?;
        let given: Vec<Val> = parameters.iter().copied().map(outward).collect();
        let mut returned = vec![Val::I32(0); results.len()];
        function.call(&mut self.store, &given, &mut returned).map_err(|error| stop(&error))?;
        for (result, value) in results.iter_mut().zip(&returned) {
            *result = inward(value).ok_or(Stop::Missing)?;
        }
        Ok(())
    }

    fn memory(&self) -> &[u8] {
        self.memory.as_ref().map_or(&[], |memory| memory.data(&self.store))
    }

    fn memory_mut(&mut self) -> &mut [u8] {
        self.memory.as_ref().map_or(&mut [], |memory| memory.data_mut(&mut self.store))
    }

    fn sandbox(&mut self) -> &mut Sandbox {
        &mut self.store.data_mut().sandbox
    }
}

impl Guest for Caller<'_, Data> {
    fn sandbox(&mut self) -> &mut Sandbox {
        &mut self.data_mut().sandbox
    }

    fn memory(&mut self) -> &[u8] {
        exported(self).map_or(&[], |memory| memory.data(&*self))
    }

    fn grow(&mut self, pages: u64) -> Option<u64> {
        exported(self)?.grow(self, pages).ok()
    }
}

fn exported(caller: &mut Caller<'_, Data>) -> Option<Memory> {
    caller.get_export(pmc_abi::export::MEMORY).and_then(Extern::into_memory)
}

fn outward(value: Value) -> Val {
    match value {
        Value::I32(value) => Val::I32(value.cast_signed()),
        Value::I64(value) => Val::I64(value.cast_signed()),
        Value::F64(value) => Val::F64(value.to_bits()),
    }
}

fn inward(value: &Val) -> Option<Value> {
    match value {
        Val::I32(value) => Some(Value::I32(value.cast_unsigned())),
        Val::I64(value) => Some(Value::I64(value.cast_unsigned())),
        Val::F64(bits) => Some(Value::F64(f64::from_bits(*bits))),
        _ => None,
    }
}

fn stop(error: &Error) -> Stop {
    let trap = match error.downcast_ref::<wasmtime::Trap>() {
        Some(wasmtime::Trap::OutOfFuel) => return Stop::OutOfFuel,
        Some(wasmtime::Trap::UnreachableCodeReached) => Trap::Unreachable,
        Some(wasmtime::Trap::MemoryOutOfBounds) => Trap::OutsideMemory,
        Some(wasmtime::Trap::TableOutOfBounds) => Trap::OutsideTable,
        Some(wasmtime::Trap::IndirectCallToNull) => Trap::NullFunction,
        Some(wasmtime::Trap::BadSignature) => Trap::OtherFunction,
        Some(wasmtime::Trap::IntegerDivisionByZero) => Trap::DivisionByZero,
        Some(wasmtime::Trap::IntegerOverflow) => Trap::IntegerOverflow,
        Some(wasmtime::Trap::BadConversionToInteger) => Trap::NoInteger,
        Some(wasmtime::Trap::StackOverflow) => Trap::TooDeep,
        _ => return Stop::Refused(error.root_cause().to_string()),
    };
    Stop::Trap(trap)
}
