//! Elementary functions that give the same bits on every machine.
//!
//! Pure Rust over `libm`, no host mathematics: the constant folder, the interpreter and the kernel inside
//! emitted modules all call these and nothing else.

#![no_std]
