//! Models run by interpretation: each function of a program becomes a list of instructions over registers.
//!
//! 1. `translate`: from the graph of expressions to instructions; `fuse` joins operations, `registers` and
//!    `numbering` find room for values, `repeat` finds runs.
//! 2. `instruction`: what there is to do.
//! 3. `compute`: what each instruction computes, for one subject or for several side by side; `program` runs them: as a
//!    `chain` of functions or, in WebAssembly, as a `walk` over the instructions.
//! 4. `tape`: all functions of a model, made once and shared.
//! 5. `scalar`: the kernel's `Model` for one subject; `abreast`: the right-hand side of several.
//! 6. `session`: a model with its configuration and memory, what an instance is to a module.
//!
//! Everything that does not depend on the subject is decided when the tape is made; running allocates nothing and
//! recurses nowhere. The arithmetic is that of `pmc_ir`, the run time that of `pmc_kernel`, so the results have the bits
//! of a module compiled from the same program.
//!
//! Two other ways were weighed. Walking the graph costs a load of the operation and of its operands' handles a value,
//! and keeps all values alive. Trees of closures allocate a closure a value and keep what they read in it, so that they
//! cannot be shared by subjects.

mod abreast;
#[cfg(not(target_arch = "wasm32"))]
mod chain;
mod compute;
mod fuse;
mod instruction;
mod numbering;
mod program;
mod registers;
mod repeat;
mod scalar;
mod session;
mod tape;
#[cfg(test)]
mod tests;
mod translate;
#[cfg(any(target_arch = "wasm32", test))]
mod walk;

pub use abreast::LaneInterpreter;
/// What a step of a program costs, for hosts, which know nothing of programs.
pub use pmc_backend::effort;
pub use scalar::Interpreter;
pub use session::{Held, Session};
pub use tape::Tape;
pub use translate::TooLarge;
