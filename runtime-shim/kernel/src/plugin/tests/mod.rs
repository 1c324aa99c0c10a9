//! Tests of what the entry points stand on.

mod heap;
