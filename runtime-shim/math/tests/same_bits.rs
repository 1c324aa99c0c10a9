//! The same bits on every machine: the digest that a WebAssembly engine computes too.

#[path = "../examples/digest.rs"]
mod digest;

#[test]
fn results_have_the_bits_that_every_engine_computes() {
    assert_eq!(digest::digest(), 0xe0e7_eb55_00be_d915);
}
