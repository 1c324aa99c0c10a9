//! The rules of the plugin contract that can be checked without running a module.

use pmc_abi::{capability, export};
use pmc_diagnostics::Diagnostics;

use crate::inspect::Inspection;
use crate::limits::Limits;

/// Module name of the imports that every host offers.
pub(crate) const HOST_MODULE: &str = "host";

/// The imports that every host offers, with their types.
pub(crate) const HOST_IMPORTS: &[(&str, &str)] = &[
    ("host_alloc", "(i32) -> i32"),
    ("host_free", "(i32, i32)"),
    ("host_log", "(i32, i32, i32)"),
    ("host_random_u32", "() -> i32"),
];

/// Types of the exports of version 1.
const SIGNATURES: &[(&str, &str)] = &[
    (export::MEMORY, "memory"),
    (export::ABI_VERSION, "() -> i32"),
    (export::CAPABILITIES, "() -> i64"),
    (export::ALLOC, "(i32) -> i32"),
    (export::DEALLOC, "(i32, i32)"),
    (export::NAME, "(i32, i32) -> i32"),
    (export::CREATE, "(i32, i32) -> i32"),
    (export::FREE, "(i32)"),
    (export::STEP, "(i32, f64, f64, i32, i32, i32, i32) -> i32"),
    (export::SIMULATE, "(i32, i32, i32, i32, i32) -> i32"),
    (export::WARNINGS, "(i32) -> i32"),
    (export::GET_METADATA, "(i32, i32) -> i32"),
    (export::LAST_ERROR, "(i32) -> i32"),
    (export::INITIAL, "(i32, f64, i32, i32) -> i32"),
    (export::DERIVATIVES, "(i32, f64, i32, i32, i32) -> i32"),
    (export::JACOBIAN, "(i32, f64, i32, i32, i32, i32) -> i32"),
    (export::OUTPUTS, "(i32, f64, i32, i32, i32) -> i32"),
    (export::ROUTE, "(i32, f64, i32, i32, i32) -> i32"),
];

/// Exports that go with a capability.
const CAPABILITY_EXPORTS: &[(u64, &str, &[&str])] = &[
    (capability::STEP, "step", &[export::STEP]),
    (capability::DERIVATIVES, "derivatives", &[export::INITIAL, export::DERIVATIVES]),
    (capability::JACOBIAN, "jacobian", &[export::JACOBIAN]),
    (capability::OUTPUTS, "outputs", &[export::OUTPUTS]),
    (capability::SIMULATE, "simulate", &[export::SIMULATE]),
    (capability::ROUTES, "routes", &[export::ROUTE]),
];

/// Names of the capabilities of version 1, in the order of their bits.
const CAPABILITY_NAMES: [&str; 10] = [
    "step",
    "derivatives",
    "jacobian",
    "outputs",
    "simulate",
    "routes",
    "sensitivities",
    "stochastic",
    "events",
    "lanes",
];

/// Size of a page of WebAssembly memory in bytes.
pub(crate) const PAGE: u64 = 65_536;

/// Checks all rules and reports each breach.
pub(crate) fn check(inspection: &Inspection, limits: &Limits, diagnostics: &mut Diagnostics) {
    if inspection.start {
        diagnostics.start_function();
    }
    check_imports(inspection, limits, diagnostics);
    check_exports(inspection, diagnostics);
    check_memory(inspection, limits, diagnostics);
    check_tables(inspection, limits, diagnostics);
}

/// Checks that each announced capability has its exports.
pub(crate) fn check_capabilities(inspection: &Inspection, bits: u64, diagnostics: &mut Diagnostics) {
    for (bit, name, exports) in CAPABILITY_EXPORTS {
        for export in exports.iter().filter(|_| bits & bit != 0) {
            if !inspection.exports.iter().any(|found| found.name == **export) {
                diagnostics.capability_without_export(name, export);
            }
        }
    }
}

/// Returns the names of the capabilities in a bit set; bits of later versions are left out.
pub(crate) fn capability_names(bits: u64) -> Vec<&'static str> {
    CAPABILITY_NAMES
        .iter()
        .enumerate()
        .filter(|(bit, _)| bits & (1 << bit) != 0)
        .map(|(_, name)| *name)
        .collect()
}

fn check_imports(inspection: &Inspection, limits: &Limits, diagnostics: &mut Diagnostics) {
    for import in &inspection.imports {
        let offered = HOST_IMPORTS
            .iter()
            .find(|(name, _)| import.module == HOST_MODULE && import.name == *name)
            .map(|(_, signature)| *signature);
        let granted = import.signature.starts_with('(') && limits.grants(&import.module, &import.name);
        match offered {
            Some(expected) if expected != import.signature => {
                diagnostics.import_type(&import.module, &import.name, &import.signature, expected);
            }
            None if !granted => diagnostics.forbidden_import(&import.module, &import.name),
            _ => {}
        }
    }
}

fn check_exports(inspection: &Inspection, diagnostics: &mut Diagnostics) {
    for (name, expected) in SIGNATURES {
        match inspection.exports.iter().find(|export| export.name == *name) {
            Some(export) if export.signature != *expected => {
                diagnostics.export_type(name, &export.signature, expected);
            }
            None if export::REQUIRED.contains(name) => diagnostics.missing_export(name),
            _ => {}
        }
    }
}

fn check_memory(inspection: &Inspection, limits: &Limits, diagnostics: &mut Diagnostics) {
    if inspection.imports.iter().any(|import| import.signature == "memory") {
        diagnostics.unacceptable_memory("is imported");
    }
    for memory in &inspection.memories {
        let limit = limits.memory_bytes as u64 / PAGE;
        match memory.maximum_pages {
            None => diagnostics.unacceptable_memory("has no declared maximum"),
            Some(_) if memory.minimum_pages > limit => diagnostics.unacceptable_memory(&format!(
                "starts with {} pages, the limit is {limit}",
                memory.minimum_pages
            )),
            Some(_) => {}
        }
    }
}

fn check_tables(inspection: &Inspection, limits: &Limits, diagnostics: &mut Diagnostics) {
    if inspection.tables.len() > limits.tables {
        diagnostics.unacceptable_table(&format!(
            "is one of {}, the limit is {}",
            inspection.tables.len(),
            limits.tables
        ));
    }
    for table in &inspection.tables {
        if table.minimum > limits.table_elements as u64 {
            diagnostics.unacceptable_table(&format!(
                "has {} elements, the limit is {}",
                table.minimum, limits.table_elements
            ));
        }
    }
}
