//! Engines: what compiles a module and runs its code.
//!
//! Everything that the host promises (which imports there are, what they do, fuel, limits, how traps are told) is
//! said once, here and beside; an engine only says how it is done with one library. `instance` knows engines by the
//! traits [`Code`] and [`Machine`] only.

#[cfg(feature = "wasmtime")]
mod effort;
mod wasmi;
#[cfg(feature = "wasmtime")]
mod wasmtime;

use core::fmt;

use crate::imports::Sandbox;
use crate::limits::Limits;

/// What runs a plugin.
///
/// A module gives the same bits in each of them. They differ in what the same budget of fuel buys, within a small
/// factor, and in what is fast: [`Engine::Wasmi`] starts at once, compiled code runs many times as fast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Engine {
    /// An interpreter; for one subject or a hundred, and wherever modules come from strangers.
    Wasmi,
    /// Compiled code, for large populations; only there with the feature `wasmtime`.
    ///
    /// Compilation takes a tenth of a second for an emitted module and is the one thing that no fuel limits, only
    /// [`Limits::module_bytes`] and a rule of its own: functions with very many branches over very many variables are
    /// refused. The engine reserves address space for each instance, and handles the process's signals
    /// for access outside a memory.
    #[cfg(feature = "wasmtime")]
    Wasmtime,
}

impl Engine {
    /// The engines of this build, the default first.
    pub const ALL: &[Self] = &[
        Self::Wasmi,
        #[cfg(feature = "wasmtime")]
        Self::Wasmtime,
    ];

    /// Returns its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Wasmi => "wasmi",
            #[cfg(feature = "wasmtime")]
            Self::Wasmtime => "wasmtime",
        }
    }

    /// Returns the engine of a name, if this build has it.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|engine| engine.name() == name)
    }

    /// Compiles a checked module.
    ///
    /// # Errors
    ///
    /// What the engine finds wrong with it, one line.
    pub(crate) fn compile(self, bytes: &[u8], limits: &Limits) -> Result<Box<dyn Code>, String> {
        match self {
            Self::Wasmi => wasmi::compile(bytes, limits),
            #[cfg(feature = "wasmtime")]
            Self::Wasmtime => wasmtime::compile(bytes, limits),
        }
    }
}

/// A compiled module with its imports, shared by all its instances.
pub(crate) trait Code: Send + Sync {
    /// Makes an instance in a sandbox of its own.
    fn instantiate(&self, limits: &Limits) -> Result<Box<dyn Machine>, Stop>;
}

/// An instance of a module.
pub(crate) trait Machine: Send {
    /// Calls an exported function with so much fuel, and writes what it returns.
    fn call(
        &mut self,
        name: &str,
        fuel: u64,
        parameters: &[Value],
        results: &mut [Value],
    ) -> Result<(), Stop>;

    /// Returns the exported memory; nothing if there is none.
    fn memory(&self) -> &[u8];

    /// Returns the exported memory to write to.
    fn memory_mut(&mut self) -> &mut [u8];

    /// Returns what the host keeps beside the instance.
    fn sandbox(&mut self) -> &mut Sandbox;
}

/// A number that crosses the border: the contract has no others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Value {
    /// A length, an address, a handle or a status.
    I32(u32),
    /// A set of bits.
    I64(u64),
    /// A number of the model.
    F64(f64),
}

impl From<u32> for Value {
    fn from(value: u32) -> Self {
        Self::I32(value)
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::F64(value)
    }
}

/// Why a call did not come back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// The module has no such function.
    Missing,
    /// The fuel is used up.
    OutOfFuel,
    /// The code did what cannot be done.
    Trap(Trap),
    /// A function of the host, or the engine itself, refused; the reason in one line.
    Refused(String),
}

impl fmt::Display for Stop {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => formatter.write_str("there is no such function"),
            Self::OutOfFuel => formatter.write_str("all fuel is used up"),
            Self::Trap(trap) => write!(formatter, "{trap}"),
            Self::Refused(reason) => formatter.write_str(reason),
        }
    }
}

/// What code did that cannot be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trap {
    Unreachable,
    OutsideMemory,
    OutsideTable,
    NullFunction,
    OtherFunction,
    DivisionByZero,
    IntegerOverflow,
    NoInteger,
    TooDeep,
}

impl fmt::Display for Trap {
    /// Writes the words of the specification's own tests, the same for every engine.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Unreachable => "unreachable",
            Self::OutsideMemory => "out of bounds memory access",
            Self::OutsideTable => "out of bounds table access",
            Self::NullFunction => "uninitialized element",
            Self::OtherFunction => "indirect call type mismatch",
            Self::DivisionByZero => "integer divide by zero",
            Self::IntegerOverflow => "integer overflow",
            Self::NoInteger => "invalid conversion to integer",
            Self::TooDeep => "call stack exhausted",
        })
    }
}
