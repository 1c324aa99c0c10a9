//! What people see of a module: sizes and text.

use core::fmt;

use pmc_abi::export;
use wasmparser::{Parser, Payload, Validator, WasmFeatures};

use crate::functions::ENTRIES;

/// The size of one section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SectionSize {
    /// Its name: that of the specification, or a custom section's own.
    pub name: String,
    /// Its bytes, without the header.
    pub bytes: usize,
}

/// The sizes of the sections of a module, in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SizeReport {
    /// The sections.
    pub sections: Vec<SectionSize>,
    /// The bytes of the whole module.
    pub total: usize,
}

impl fmt::Display for SizeReport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for SectionSize { name, bytes } in &self.sections {
            writeln!(formatter, "{name:<16}{bytes:>8}")?;
        }
        write!(formatter, "{:<16}{:>8}", "total", self.total)
    }
}

/// Why a module has no text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextError(String);

impl fmt::Display for TextError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "not a WebAssembly module: {}", self.0)
    }
}

impl core::error::Error for TextError {}

/// Returns the sizes of a module's sections. Fails if the bytes are no module.
pub fn size_report(module: &[u8]) -> Result<SizeReport, TextError> {
    let mut sections = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload.map_err(|error| TextError(error.to_string()))?;
        let name = match &payload {
            Payload::TypeSection(_) => "type",
            Payload::ImportSection(_) => "import",
            Payload::FunctionSection(_) => "function",
            Payload::TableSection(_) => "table",
            Payload::MemorySection(_) => "memory",
            Payload::GlobalSection(_) => "global",
            Payload::ExportSection(_) => "export",
            Payload::ElementSection(_) => "element",
            Payload::CodeSectionStart { .. } => "code",
            Payload::DataSection(_) => "data",
            Payload::CustomSection(section) => section.name(),
            _ => continue,
        };
        let bytes = payload.as_section().map_or(0, |(_, range)| (range.end - range.start) as usize);
        sections.push(SectionSize { name: name.to_owned(), bytes });
    }
    Ok(SizeReport { sections, total: module.len() })
}

/// Returns a module as text. Fails if the bytes are no module.
pub fn wat(module: &[u8]) -> Result<String, TextError> {
    wasmprinter::print_bytes(module).map_err(|error| TextError(error.to_string()))
}

/// Returns the text of the functions that the compiler wrote for the model, with expressions folded and
/// without whatever depends on the kernel: its functions, indices, the address of the descriptor. Fails if
/// the bytes are no module.
pub fn model_functions_wat(module: &[u8]) -> Result<String, TextError> {
    let mut all = String::new();
    wasmprinter::Config::new()
        .fold_instructions(true)
        .print(module, &mut wasmprinter::PrintFmtWrite(&mut all))
        .map_err(|error| TextError(error.to_string()))?;
    let mut wanted = false;
    let mut text = String::new();
    for line in all.lines() {
        if let Some(item) = line.strip_prefix("  (") {
            wanted = item.strip_prefix("func $").is_some_and(is_model_function);
        }
        if wanted {
            text.push_str(&without_indices(line.strip_prefix("  ").unwrap_or(line)));
            text.push('\n');
        }
    }
    Ok(text)
}

/// Returns the first line of a function without its index and that of its type, any other line as it is.
fn without_indices(line: &str) -> String {
    let Some((name, signature)) = line.split_once(" (;") else { return line.to_owned() };
    let Some((_, signature)) = signature.split_once(" (type ").filter(|_| name.starts_with("(func ")) else {
        return line.to_owned();
    };
    let after = signature.find(')').map_or("", |end| &signature[end + 1..]);
    format!("{name}{after}")
}

/// Returns whether a function is one of the model's, from the text after `(func $`.
fn is_model_function(text: &str) -> bool {
    let name = text.split_whitespace().next().unwrap_or_default();
    let name = name.split('.').next().unwrap_or_default();
    let written = ENTRIES.iter().filter(|entry| entry.name != export::model::DESCRIPTOR);
    written.map(|entry| entry.name).any(|entry| entry == name) || name.starts_with("route_")
}

/// Checks a module against the features that every engine has.
pub(crate) fn validate(module: &[u8]) -> Result<(), TextError> {
    let mut validator = Validator::new_with_features(WasmFeatures::LIME1);
    validator.validate_all(module).map(drop).map_err(|error| TextError(error.to_string()))
}
