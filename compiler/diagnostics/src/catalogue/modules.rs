//! `PK30xx`: loading of modules.

use crate::{Diagnostic, Diagnostics};

/// Titles of the codes of this family.
pub(crate) const TITLES: &[(u16, &str)] = &[
    (3001, "not a valid WebAssembly module"),
    (3002, "module too large"),
    (3003, "import that hosts do not offer"),
    (3004, "import of the wrong type"),
    (3005, "module with a start function"),
    (3006, "missing export"),
    (3007, "export of the wrong type"),
    (3008, "unacceptable memory"),
    (3009, "unknown version of the plugin contract"),
    (3010, "unreadable manifest"),
    (3011, "contradiction in a manifest"),
    (3012, "unacceptable table"),
    (3013, "capability without its exports"),
    (3014, "a plugin failed while it was loaded"),
];

impl Diagnostics {
    /// Bytes that are no module, or one that uses what hosts do not run.
    pub fn invalid_module(&mut self, reason: &str) {
        self.push(
            Diagnostic::error_without_span(3001, format!("not a valid WebAssembly module: {reason}"))
                .help("a plugin is a core WebAssembly module of version 1 without SIMD or threads"),
        );
    }

    /// A module beyond the limit of size.
    pub fn module_too_large(&mut self, bytes: usize, limit: usize) {
        self.push(Diagnostic::error_without_span(
            3002,
            format!("the module has {bytes} bytes, the limit is {limit}"),
        ));
    }

    /// An import that no host offers.
    pub fn forbidden_import(&mut self, module: &str, name: &str) {
        self.push(
            Diagnostic::error_without_span(3003, format!("the module imports `{module}.{name}`")).help(
                "hosts offer `host.host_alloc`, `host.host_free`, `host.host_log` and \
                 `host.host_random_u32`; anything else must be granted by the caller",
            ),
        );
    }

    /// An import that hosts offer with another type.
    pub fn import_type(&mut self, module: &str, name: &str, found: &str, expected: &str) {
        self.push(Diagnostic::error_without_span(
            3004,
            format!("the import `{module}.{name}` has type `{found}`, expected `{expected}`"),
        ));
    }

    /// A start function.
    pub fn start_function(&mut self) {
        self.push(
            Diagnostic::error_without_span(3005, "the module has a start function")
                .help("do the work in `plugin_create`; nothing of a plugin may run before it is checked"),
        );
    }

    /// An export that the contract asks for.
    pub fn missing_export(&mut self, name: &str) {
        self.push(Diagnostic::error_without_span(3006, format!("the module does not export `{name}`")));
    }

    /// An export with a type other than that of the contract.
    pub fn export_type(&mut self, name: &str, found: &str, expected: &str) {
        self.push(Diagnostic::error_without_span(
            3007,
            format!("the export `{name}` has type `{found}`, expected `{expected}`"),
        ));
    }

    /// A memory that hosts do not accept.
    pub fn unacceptable_memory(&mut self, reason: &str) {
        self.push(Diagnostic::error_without_span(3008, format!("the module's memory {reason}")).help(
            "a plugin has one memory of its own, exported as `memory`, with a declared maximum within the \
             host's limit",
        ));
    }

    /// A module of another version of the contract.
    pub fn abi_version(&mut self, found: u32, expected: u32) {
        self.push(Diagnostic::error_without_span(
            3009,
            format!(
                "the module follows version {found} of the plugin contract, this host version {expected}"
            ),
        ));
    }

    /// A manifest that cannot be read.
    pub fn unreadable_manifest(&mut self, reason: &str) {
        self.push(
            Diagnostic::error_without_span(3010, format!("the manifest cannot be read: {reason}"))
                .help("it is JSON in the custom section `pmc.manifest` or from `plugin_get_metadata`"),
        );
    }

    /// A manifest that contradicts itself or the module.
    pub fn contradictory_manifest(&mut self, reason: &str) {
        self.push(Diagnostic::error_without_span(3011, format!("the manifest is inconsistent: {reason}")));
    }

    /// A table beyond the limits.
    pub fn unacceptable_table(&mut self, reason: &str) {
        self.push(Diagnostic::error_without_span(3012, format!("a table of the module {reason}")));
    }

    /// A capability that the module announces without the functions for it.
    pub fn capability_without_export(&mut self, capability: &str, export: &str) {
        self.push(Diagnostic::error_without_span(
            3013,
            format!("the module announces `{capability}` but does not export `{export}`"),
        ));
    }

    /// A plugin that failed before it was loaded.
    pub fn failed_while_loading(&mut self, reason: &str) {
        self.push(Diagnostic::error_without_span(3014, format!("the module failed while loading: {reason}")));
    }
}
