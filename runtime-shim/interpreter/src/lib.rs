//! Models run by interpretation: each function of a program becomes a list of instructions over registers.
//!
//! 1. `translate`: from the graph of expressions to instructions; `fuse` joins operations, `registers` and
//!    `numbering` find room for values, `repeat` finds runs.
//! 2. `instruction`: what there is to do.
//! 3. `execute`: what each instruction computes, for one subject or for several side by side.
//! 4. `tape`: all functions of a model, made once and shared.
//! 5. `scalar`: the kernel's `Model` for one subject; `abreast`: the right-hand side of several.
//! 6. `session`: a model with its configuration and memory, what an instance is to a module.
//!
//! Everything that does not depend on the subject is decided when the tape is made; running allocates nothing and
//! recurses nowhere. The arithmetic is that of `pmc_ir`, the run time that of `pmc_kernel`, so the results have the bits
//! of a module compiled from the same program.
//!
//! Two other ways were weighed. Walking the graph costs a load of the operation and of its operands' handles a value,
//! and keeps all values alive. Closures that call one another need a jump an operation, which a processor
//! predicts no better than that of the loop here, and cannot be run for several subjects at once.

mod abreast;
mod execute;
mod fuse;
mod instruction;
mod numbering;
mod registers;
mod repeat;
mod scalar;
mod session;
mod tape;
mod translate;

pub use abreast::LaneInterpreter;
pub use scalar::Interpreter;
pub use session::{Held, Session};
pub use tape::Tape;
