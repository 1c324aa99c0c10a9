//! Plugins in wasmi, an interpreter.

use wasmi::errors::{ErrorKind, FuelError, MemoryError, TableError};
use wasmi::{
    Caller, Config, Error, Extern, ExternType, Linker, Memory, Module, Store, StoreLimits,
    StoreLimitsBuilder, TrapCode, Val,
};

use super::{Code, Machine, Stop, Trap, Value};
use crate::check::HOST_MODULE;
use crate::imports::{self, Guest, Sandbox};
use crate::limits::Limits;

/// What the engine keeps beside an instance.
struct Data {
    sandbox: Sandbox,
    /// What memory and tables may grow to.
    growth: StoreLimits,
}

struct Compiled {
    module: Module,
    linker: Linker<Data>,
}

struct Running {
    store: Store<Data>,
    instance: wasmi::Instance,
    memory: Option<Memory>,
}

/// Translates a module.
pub(super) fn compile(bytes: &[u8], limits: &Limits) -> Result<Box<dyn Code>, String> {
    let mut config = Config::default();
    config.consume_fuel(true).allow_start_fn(false).set_max_recursion_depth(limits.call_depth);
    config.wasm_multi_memory(false).wasm_tail_call(false);
    let failed = |error: Error| error.to_string();
    let module = Module::new(&wasmi::Engine::new(&config), bytes).map_err(failed)?;
    let linker = linker(&module, limits).map_err(failed)?;
    Ok(Box::new(Compiled { module, linker }))
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
            linker.func_new(import.module(), import.name(), kind.clone(), move |_, _, _| {
                Err(Error::new(refusal.clone()))
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
        let mut store = Store::new(self.module.engine(), data);
        store.limiter(|data| &mut data.growth);
        store.set_fuel(limits.fuel_per_call).map_err(|error| stop(&error))?;
        let instance =
            self.linker.instantiate_and_start(&mut store, &self.module).map_err(|error| stop(&error))?;
        let memory = instance.get_memory(&store, pmc_abi::export::MEMORY);
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
        let function = self.instance.get_func(&self.store, name).ok_or(Stop::Missing)?;
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

fn exported(caller: &Caller<'_, Data>) -> Option<Memory> {
    caller.get_export(pmc_abi::export::MEMORY).and_then(Extern::into_memory)
}

fn outward(value: Value) -> Val {
    match value {
        Value::I32(value) => Val::I32(value.cast_signed()),
        Value::I64(value) => Val::I64(value.cast_signed()),
        Value::F64(value) => Val::F64(value.into()),
    }
}

fn inward(value: &Val) -> Option<Value> {
    match value {
        Val::I32(value) => Some(Value::I32(value.cast_unsigned())),
        Val::I64(value) => Some(Value::I64(value.cast_unsigned())),
        Val::F64(value) => Some(Value::F64((*value).into())),
        _ => None,
    }
}

fn stop(error: &Error) -> Stop {
    let trap = match error.as_trap_code() {
        _ if is_out_of_fuel(error) => return Stop::OutOfFuel,
        Some(TrapCode::UnreachableCodeReached) => Trap::Unreachable,
        Some(TrapCode::MemoryOutOfBounds) => Trap::OutsideMemory,
        Some(TrapCode::TableOutOfBounds) => Trap::OutsideTable,
        Some(TrapCode::IndirectCallToNull) => Trap::NullFunction,
        Some(TrapCode::BadSignature) => Trap::OtherFunction,
        Some(TrapCode::IntegerDivisionByZero) => Trap::DivisionByZero,
        Some(TrapCode::IntegerOverflow) => Trap::IntegerOverflow,
        Some(TrapCode::BadConversionToInteger) => Trap::NoInteger,
        Some(TrapCode::StackOverflow) => Trap::TooDeep,
        _ => return Stop::Refused(error.to_string()),
    };
    Stop::Trap(trap)
}

fn is_out_of_fuel(error: &Error) -> bool {
    error.as_trap_code() == Some(TrapCode::OutOfFuel)
        || matches!(
            error.kind(),
            ErrorKind::Fuel(FuelError::OutOfFuel { .. })
                | ErrorKind::Memory(MemoryError::OutOfFuel { .. })
                | ErrorKind::Table(TableError::OutOfFuel { .. })
        )
}
