//! One instance of a module in its sandbox.

use pmc_abi::manifest::Manifest;
use pmc_abi::{Status, export};
use serde_json::Value;
use wasmi::errors::{ErrorKind, FuelError, MemoryError, TableError};
use wasmi::{Error, Linker, Memory, Module, Store, TrapCode, WasmParams, WasmResults};

use crate::error::RunError;
use crate::fault;
use crate::imports::{LogLine, Sandbox};
use crate::limits::Limits;

/// Longest document that is read from a plugin, in bytes.
const DOCUMENT_BYTES: u32 = 16 << 20;

/// Longest message that is taken from a plugin, in characters.
const MESSAGE_CHARACTERS: usize = 400;

/// One instance of a module in its sandbox.
///
/// After an error whose [`RunError::ends_instance`] is true the owner must drop it.
pub(crate) struct Instance {
    store: Store<Sandbox>,
    exports: wasmi::Instance,
    memory: Memory,
    fuel: u64,
}

impl Instance {
    /// Makes an instance.
    pub(crate) fn new(module: &Module, linker: &Linker<Sandbox>, limits: &Limits) -> Result<Self, RunError> {
        let mut store = Store::new(module.engine(), Sandbox::new(limits));
        store.limiter(|sandbox| &mut sandbox.limits);
        let failed = |error: Error| RunError::not_started(&error.to_string());
        store.set_fuel(limits.fuel_per_call).map_err(failed)?;
        let instance = linker.instantiate_and_start(&mut store, module).map_err(failed)?;
        let memory = instance
            .get_memory(&store, export::MEMORY)
            .ok_or_else(|| RunError::broken_contract("the module exports no memory"))?;
        Ok(Self { store, exports: instance, memory, fuel: limits.fuel_per_call })
    }

    /// Calls an exported function with a full budget of fuel.
    pub(crate) fn call<P: WasmParams, R: WasmResults>(
        &mut self,
        name: &str,
        parameters: P,
    ) -> Result<R, RunError> {
        let function = self
            .exports
            .get_typed_func::<P, R>(&self.store, name)
            .map_err(|_| RunError::missing_capability(name))?;
        self.store.set_fuel(self.fuel).map_err(|error| RunError::not_started(&error.to_string()))?;
        function.call(&mut self.store, parameters).map_err(|error| {
            if is_out_of_fuel(&error) {
                RunError::out_of_fuel(name, self.fuel)
            } else {
                RunError::trap(name, &error.to_string())
            }
        })
    }

    /// Turns the number that a function returned into a result, with the plugin's own account of an error.
    pub(crate) fn status(&mut self, name: &str, code: i32, manifest: &Manifest) -> Result<(), RunError> {
        if code == 0 {
            return Ok(());
        }
        let error = status_error(name, code);
        Err(if error.ends_instance() { error } else { self.explain(error, manifest) })
    }

    /// Returns the error of a call that returned 0 instead of a handle.
    pub(crate) fn last_error(&mut self, otherwise: RunError, manifest: &Manifest) -> RunError {
        let base = match self.error_document() {
            Some(document) => document
                .get("status")
                .or_else(|| document.get("code"))
                .and_then(Value::as_i64)
                .and_then(|code| Status::from_code(i32::try_from(code).ok()?))
                .filter(|status| *status != Status::Success)
                .map_or(otherwise, RunError::from_status),
            None => otherwise,
        };
        self.explain(base, manifest)
    }

    /// Reads the document whose address and length a function of the contract writes.
    pub(crate) fn document(&mut self, name: &str, handle: Option<u32>) -> Result<Vec<u8>, RunError> {
        let out = self.allocate(8)?;
        let code: i32 = match handle {
            Some(handle) => self.call(name, (handle, out))?,
            None => self.call(name, out)?,
        };
        // The document is valid until the next call, so it is copied before the buffer goes back.
        let document = if code == 0 { self.document_at(name, out) } else { Err(status_error(name, code)) };
        self.release(out, 8)?;
        document
    }

    fn document_at(&self, name: &str, out: u32) -> Result<Vec<u8>, RunError> {
        let [start, length] = match self.read(out, 8)?.as_chunks::<4>().0 {
            [start, length] => [u32::from_le_bytes(*start), u32::from_le_bytes(*length)],
            _ => [0, 0],
        };
        if length > DOCUMENT_BYTES {
            return Err(RunError::broken_contract(format!(
                "`{name}` announced a document of {length} bytes"
            )));
        }
        Ok(self.read(start, length)?.to_vec())
    }

    /// Gets a buffer from the plugin, 8-aligned and within its memory.
    pub(crate) fn allocate(&mut self, size: u32) -> Result<u32, RunError> {
        let start: u32 = self.call(export::ALLOC, size)?;
        if start == 0 {
            return Err(RunError::from_status(Status::OutOfMemory));
        }
        if !start.is_multiple_of(8) {
            return Err(RunError::broken_contract(format!(
                "`{}` returned the misaligned pointer {start}",
                export::ALLOC
            )));
        }
        self.read(start, size)?;
        Ok(start)
    }

    /// Gives a buffer back.
    pub(crate) fn release(&mut self, start: u32, size: u32) -> Result<(), RunError> {
        self.call(export::DEALLOC, (start, size))
    }

    /// Reads bytes of the plugin's memory.
    pub(crate) fn read(&self, start: u32, length: u32) -> Result<&[u8], RunError> {
        let start_index = start as usize;
        self.memory
            .data(&self.store)
            .get(start_index..start_index.saturating_add(length as usize))
            .ok_or_else(|| outside(start, length))
    }

    /// Writes bytes to the plugin's memory.
    pub(crate) fn write(&mut self, start: u32, bytes: &[u8]) -> Result<(), RunError> {
        let place = self.bytes_mut(start, bytes.len())?;
        place.copy_from_slice(bytes);
        Ok(())
    }

    /// Reads numbers of the plugin's memory.
    pub(crate) fn read_numbers(&self, start: u32, out: &mut [f64]) -> Result<(), RunError> {
        let bytes = self.read(start, (out.len() * 8) as u32)?;
        for (number, chunk) in out.iter_mut().zip(bytes.as_chunks::<8>().0) {
            *number = f64::from_le_bytes(*chunk);
        }
        Ok(())
    }

    /// Writes numbers to the plugin's memory.
    pub(crate) fn write_numbers(&mut self, start: u32, numbers: &[f64]) -> Result<(), RunError> {
        let place = self.bytes_mut(start, numbers.len() * 8)?;
        for (chunk, number) in place.as_chunks_mut::<8>().0.iter_mut().zip(numbers) {
            *chunk = number.to_le_bytes();
        }
        Ok(())
    }

    /// Takes the lines that the plugin logged since the last call.
    pub(crate) fn take_log(&mut self) -> Vec<LogLine> {
        core::mem::take(&mut self.store.data_mut().log)
    }

    fn bytes_mut(&mut self, start: u32, length: usize) -> Result<&mut [u8], RunError> {
        let start_index = start as usize;
        self.memory
            .data_mut(&mut self.store)
            .get_mut(start_index..start_index.saturating_add(length))
            .ok_or_else(|| outside(start, length as u32))
    }

    fn error_document(&mut self) -> Option<Value> {
        let bytes = self.document(export::LAST_ERROR, None).ok()?;
        serde_json::from_slice(&bytes).ok()
    }

    /// Adds the plugin's message, time and state to an error, as far as it gives them.
    fn explain(&mut self, error: RunError, manifest: &Manifest) -> RunError {
        let Some(document) = self.error_document() else { return error };
        let state = match document.get("state") {
            Some(Value::String(name)) => Some(clean(name)),
            Some(Value::Number(index)) => index
                .as_u64()
                .and_then(|index| manifest.states.get(usize::try_from(index).ok()?))
                .map(|state| state.name.clone()),
            _ => None,
        };
        let message = document.get("message").and_then(Value::as_str).map(clean);
        let message = message.filter(|text| !text.is_empty());
        RunError {
            message: fault::describe(&document, manifest).or(message).unwrap_or(error.message),
            time: document.get("time").and_then(Value::as_f64),
            state,
            seeks_steady_state: document.get("steady_state") == Some(&Value::Bool(true)),
            ..error
        }
    }
}

/// Returns the error of a number other than 0 that a function returned.
fn status_error(name: &str, code: i32) -> RunError {
    match Status::from_code(code) {
        Some(status) => RunError::from_status(status),
        None => RunError::broken_contract(format!("`{name}` returned the unknown status {code}")),
    }
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

/// Shortens a text of the plugin and takes control characters out of it.
fn clean(text: &str) -> String {
    text.chars()
        .take(MESSAGE_CHARACTERS)
        .map(|character| if character.is_control() { ' ' } else { character })
        .collect()
}

fn outside(start: u32, length: u32) -> RunError {
    RunError::broken_contract(format!("{length} bytes at {start} lie outside the module's memory"))
}
