//! Rules that every emitted module keeps.

use std::fmt::Write;

use pmc_tests::line::{compile, read};
use wasmparser::{Payload, Validator, WasmFeatures};

const EXAMPLES: [&str; 4] = [
    "examples/theophylline/theophylline.pk",
    "examples/two-compartment-iv/two-compartment-iv.pk",
    "examples/tmdd/tmdd.pk",
    "examples/transit/transit.pk",
];

/// Largest size of each example's module, in bytes; lower a number when a module shrinks.
const BUDGETS: [usize; 4] = [54_600, 54_700, 56_800, 55_400];

fn payloads(wasm: &[u8]) -> Vec<Payload<'_>> {
    wasmparser::Parser::new(0)
        .parse_all(wasm)
        .collect::<Result<_, _>>()
        .expect("an emitted module is well formed")
}

#[test]
fn modules_import_nothing_and_start_nothing() {
    for example in EXAMPLES {
        let wasm = compile(&read(example));
        for payload in payloads(&wasm) {
            let forbidden = matches!(payload, Payload::ImportSection(_) | Payload::StartSection { .. });
            assert!(!forbidden, "{example}");
        }
    }
}

#[test]
fn hosts_load_the_largest_modules_that_are_made() {
    let made = pmc::CompileOptions::default().emit;
    let loaded = pmc_host::Limits::generous();
    assert!(made.maximum_module_bytes <= loaded.module_bytes);
    assert!(made.maximum_memory_pages as usize * (64 << 10) <= loaded.memory_bytes);
}

#[test]
fn modules_validate_under_lime1() {
    for example in EXAMPLES {
        let wasm = compile(&read(example));
        let mut validator = Validator::new_with_features(WasmFeatures::LIME1);
        if let Err(error) = validator.validate_all(&wasm) {
            panic!("{example}: {error}");
        }
    }
}

#[test]
fn modules_keep_their_size_budgets() {
    for (example, budget) in EXAMPLES.into_iter().zip(BUDGETS) {
        let size = compile(&read(example)).len();
        assert!(size <= budget, "{example}: {size} bytes, {budget} allowed");
    }
}

#[test]
fn memory_has_a_declared_maximum() {
    for example in EXAMPLES {
        let wasm = compile(&read(example));
        let maximum = payloads(&wasm).into_iter().find_map(|payload| match payload {
            Payload::MemorySection(section) => section.into_iter().next()?.ok()?.maximum,
            _ => None,
        });
        assert!(maximum.is_some_and(|pages| pages <= 1024), "{example}: {maximum:?}");
    }
}

#[test]
fn the_same_text_gives_the_same_bytes() {
    for example in EXAMPLES {
        let source = read(example);
        assert_eq!(compile(&source), compile(&source), "{example}");
    }
}

#[test]
fn sections_have_the_sizes_of_the_snapshot() {
    let mut summary = String::new();
    for example in EXAMPLES {
        let wasm = compile(&read(example));
        let inspection = pmc_host::inspect(&wasm).expect("an emitted module can be read");
        let _ = writeln!(summary, "{example}: {} bytes", wasm.len());
        for section in inspection.sections {
            let _ = writeln!(summary, "  {:<14}{:>7}", section.name, section.bytes);
        }
    }
    insta::with_settings!({
        snapshot_path => "../../snapshots/wat",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_snapshot!("sizes_of_the_examples", summary);
    });
}
