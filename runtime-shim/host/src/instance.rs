//! One instance of a module in its sandbox.

use pmc_abi::manifest::Manifest;
use pmc_abi::{Status, export};
use serde_json::Value as Json;

use crate::engine::{Code, Machine, Stop, Value};
use crate::error::RunError;
use crate::imports::LogLine;
use crate::limits::Limits;

/// Longest document that is read from a plugin, in bytes.
const DOCUMENT_BYTES: u32 = 16 << 20;

/// One instance of a module in its sandbox.
///
/// After an error whose [`RunError::ends_instance`] is true the owner must drop it.
pub(crate) struct Instance {
    machine: Box<dyn Machine>,
    fuel: u64,
}

/// What a function of the contract returns.
pub(crate) trait Returned: Sized {
    /// How many numbers that are.
    const COUNT: usize;

    /// Takes them, if they have the right type.
    fn take(results: &[Value]) -> Option<Self>;
}

impl Returned for () {
    const COUNT: usize = 0;

    fn take(_: &[Value]) -> Option<Self> {
        Some(())
    }
}

impl Returned for u32 {
    const COUNT: usize = 1;

    fn take(results: &[Value]) -> Option<Self> {
        if let [Value::I32(value)] = results { Some(*value) } else { None }
    }
}

impl Returned for i32 {
    const COUNT: usize = 1;

    fn take(results: &[Value]) -> Option<Self> {
        u32::take(results).map(u32::cast_signed)
    }
}

impl Returned for u64 {
    const COUNT: usize = 1;

    fn take(results: &[Value]) -> Option<Self> {
        if let [Value::I64(value)] = results { Some(*value) } else { None }
    }
}

impl Instance {
    /// Makes an instance.
    pub(crate) fn new(code: &dyn Code, limits: &Limits) -> Result<Self, RunError> {
        let machine = code.instantiate(limits).map_err(|stop| RunError::not_started(&stop.to_string()))?;
        Ok(Self { machine, fuel: limits.fuel_per_call })
    }

    /// Calls an exported function with a full budget of fuel.
    pub(crate) fn call<R: Returned>(&mut self, name: &str, parameters: &[Value]) -> Result<R, RunError> {
        self.call_with(self.fuel, name, parameters)
    }

    /// Calls an exported function with so much fuel.
    pub(crate) fn call_with<R: Returned>(
        &mut self,
        fuel: u64,
        name: &str,
        parameters: &[Value],
    ) -> Result<R, RunError> {
        let mut results = [Value::I32(0)];
        let results = &mut results[..R::COUNT];
        self.machine.call(name, fuel, parameters, results).map_err(|stop| match stop {
            Stop::Missing => RunError::missing_capability(name),
            Stop::OutOfFuel => RunError::out_of_fuel(name, fuel),
            Stop::Trap(_) | Stop::Refused(_) => RunError::trap(name, &stop.to_string()),
        })?;
        R::take(results).ok_or_else(|| RunError::missing_capability(name))
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
                .and_then(Json::as_i64)
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
            Some(handle) => self.call(name, &[handle.into(), out.into()])?,
            None => self.call(name, &[out.into()])?,
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
        let start: u32 = self.call(export::ALLOC, &[size.into()])?;
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
        self.call(export::DEALLOC, &[start.into(), size.into()])
    }

    /// Reads bytes of the plugin's memory.
    pub(crate) fn read(&self, start: u32, length: u32) -> Result<&[u8], RunError> {
        let start_index = start as usize;
        self.machine
            .memory()
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
        core::mem::take(&mut self.machine.sandbox().log)
    }

    fn bytes_mut(&mut self, start: u32, length: usize) -> Result<&mut [u8], RunError> {
        let start_index = start as usize;
        self.machine
            .memory_mut()
            .get_mut(start_index..start_index.saturating_add(length))
            .ok_or_else(|| outside(start, length as u32))
    }

    fn error_document(&mut self) -> Option<Json> {
        let bytes = self.document(export::LAST_ERROR, None).ok()?;
        serde_json::from_slice(&bytes).ok()
    }

    /// Adds the plugin's message, time and state to an error, as far as it gives them.
    fn explain(&mut self, error: RunError, manifest: &Manifest) -> RunError {
        match self.error_document() {
            Some(document) => error.with_document(&document, manifest),
            None => error,
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

fn outside(start: u32, length: u32) -> RunError {
    RunError::broken_contract(format!("{length} bytes at {start} lie outside the module's memory"))
}
