//! Loading and running of models: plugins, which somebody compiled to a WebAssembly module, and documents of the
//! intermediate representation, which are interpreted.
//!
//! 1. `inspect` — what stands in the module, read without running it.
//! 2. `check` — the rules of the plugin contract that can be checked without running it.
//! 3. `plugin` — a checked and compiled module, [`Plugin`], shared between threads.
//! 4. `engine` — what compiles a module and runs its code: wasmi, and wasmtime with the feature of that name.
//! 5. `imports` — the functions that a host offers.
//! 6. `instance` — one instance in its sandbox: memory limit, fuel, checked pointers.
//! 7. `model` — the [`Model`] trait, the same for every engine; `wasm_model` implements it on an instance.
//! 8. `interpreted` — documents and programs, and the trait on a session of the interpreter.
//!
//! A hostile module can waste its budget and nothing else: it runs with metered fuel, its memory and tables are
//! limited, every pointer and length that it returns is checked, and an instance is dropped after a trap. Nothing
//! here knows the compiler.

mod check;
mod engine;
mod error;
mod fault;
mod imports;
mod inspect;
mod instance;
mod interpreted;
mod limits;
mod manifest;
mod model;
mod plugin;
mod schedule;
mod wasm_model;

pub use engine::Engine;
pub use error::{LoadError, RunError};
pub use imports::LogLine;
pub use inspect::{Export, Import, Inspection, Memory, Section, Table, inspect};
pub use interpreted::{Interpreted, interpret, load_from_ir};
pub use limits::{Grant, Limits};
pub use model::{Configuration, Inputs, Loaded, Model, RouteProperties, Simulated};
pub use plugin::{Plugin, load_wasm_plugin, load_wasm_plugin_with};
pub use schedule::{Schedule, ScheduleRecord, SteadyState};
