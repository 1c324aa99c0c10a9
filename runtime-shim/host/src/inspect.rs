//! What stands in a module, read without running it.

use wasmparser::types::{EntityType, Types, TypesRef};
use wasmparser::{FuncType, Parser, Payload, ValType, Validator, WasmFeatures};

/// What stands in a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspection {
    /// Sections, in order, with the bytes of their contents; custom sections by their own names.
    pub sections: Vec<Section>,
    /// Imports, in order.
    pub imports: Vec<Import>,
    /// Exports, in order.
    pub exports: Vec<Export>,
    /// Memories, in order.
    pub memories: Vec<Memory>,
    /// Tables, in order.
    pub tables: Vec<Table>,
    /// Whether the module has a start function.
    pub start: bool,
    /// The contents of the section `pmc.manifest`.
    pub manifest: Option<Vec<u8>>,
}

/// A section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Its name: `code`, `data`, … or that of a custom section.
    pub name: String,
    /// Size of its contents in bytes.
    pub bytes: u64,
}

/// An import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// The module that it comes from.
    pub module: String,
    /// Its name there.
    pub name: String,
    /// Its type: `(i32, f64) -> i32`, or `memory`, `table`, `global`, `tag`.
    pub signature: String,
}

/// An export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// Its name.
    pub name: String,
    /// Its type, as of [`Import::signature`].
    pub signature: String,
}

/// A memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory {
    /// Size at the start, in pages of 64 KiB.
    pub minimum_pages: u64,
    /// Largest size, in pages of 64 KiB.
    pub maximum_pages: Option<u64>,
}

/// A table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Table {
    /// Number of elements at the start.
    pub minimum: u64,
    /// Most elements.
    pub maximum: Option<u64>,
}

/// What every engine runs: WebAssembly 2.0 without SIMD and without `externref`, with extended constant expressions.
///
/// Nothing crosses the border but numbers, so there is no use for references to what is outside; an engine that has them
/// needs a garbage collector.
const FEATURES: WasmFeatures = WasmFeatures::WASM2
    .difference(WasmFeatures::SIMD)
    .difference(WasmFeatures::GC_TYPES)
    .union(WasmFeatures::EXTENDED_CONST);

/// Validates a module and reads what stands in it.
///
/// # Errors
///
/// One line that says why the bytes are not a valid module.
pub fn inspect(bytes: &[u8]) -> Result<Inspection, String> {
    let types = Validator::new_with_features(FEATURES).validate_all(bytes).map_err(|e| e.to_string())?;
    let mut inspection = Inspection {
        sections: Vec::new(),
        imports: Vec::new(),
        exports: Vec::new(),
        memories: memories(&types),
        tables: tables(&types),
        start: false,
        manifest: None,
    };
    for payload in Parser::new(0).parse_all(bytes) {
        let payload = payload.map_err(|error| error.to_string())?;
        read_payload(&payload, types.as_ref(), &mut inspection).map_err(|error| error.to_string())?;
    }
    Ok(inspection)
}

fn read_payload(
    payload: &Payload<'_>,
    types: TypesRef<'_>,
    inspection: &mut Inspection,
) -> wasmparser::Result<()> {
    if let Some((id, range)) = payload.as_section() {
        let name = match payload {
            Payload::CustomSection(section) => section.name().to_owned(),
            _ => section_name(id).to_owned(),
        };
        inspection.sections.push(Section { name, bytes: range.end - range.start });
    }
    match payload {
        Payload::ImportSection(section) => {
            for import in section.clone().into_imports() {
                let import = import?;
                inspection.imports.push(Import {
                    module: import.module.to_owned(),
                    name: import.name.to_owned(),
                    signature: signature(types, types.entity_type_from_import(&import)),
                });
            }
        }
        Payload::ExportSection(section) => {
            for export in section.clone() {
                let export = export?;
                inspection.exports.push(Export {
                    name: export.name.to_owned(),
                    signature: signature(types, types.entity_type_from_export(&export)),
                });
            }
        }
        Payload::StartSection { .. } => inspection.start = true,
        Payload::CustomSection(section) if section.name() == pmc_abi::MANIFEST_SECTION => {
            inspection.manifest.get_or_insert_with(|| section.data().to_vec());
        }
        _ => {}
    }
    Ok(())
}

fn memories(types: &Types) -> Vec<Memory> {
    let types = types.as_ref();
    (0..types.memory_count())
        .map(|index| types.memory_at(index))
        .map(|memory| Memory { minimum_pages: memory.initial, maximum_pages: memory.maximum })
        .collect()
}

fn tables(types: &Types) -> Vec<Table> {
    let types = types.as_ref();
    (0..types.table_count())
        .map(|index| types.table_at(index))
        .map(|table| Table { minimum: table.initial, maximum: table.maximum })
        .collect()
}

fn signature(types: TypesRef<'_>, entity: Option<EntityType>) -> String {
    match entity {
        Some(EntityType::Func(id) | EntityType::FuncExact(id)) => {
            types.get(id).map_or_else(String::new, |kind| function(kind.unwrap_func()))
        }
        Some(EntityType::Memory(_)) => "memory".to_owned(),
        Some(EntityType::Table(_)) => "table".to_owned(),
        Some(EntityType::Global(_)) => "global".to_owned(),
        Some(EntityType::Tag(_)) => "tag".to_owned(),
        None => String::new(),
    }
}

/// Writes a function type as `(i32, f64) -> i32`.
fn function(kind: &FuncType) -> String {
    let list = |types: &[ValType]| types.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let parameters = list(kind.params());
    match kind.results() {
        [] => format!("({parameters})"),
        results => format!("({parameters}) -> {}", list(results)),
    }
}

/// Returns the name of a section of the WebAssembly specification, section 5.5.2.
fn section_name(id: u8) -> &'static str {
    const NAMES: [&str; 14] = [
        "custom",
        "type",
        "import",
        "function",
        "table",
        "memory",
        "global",
        "export",
        "start",
        "element",
        "code",
        "data",
        "data count",
        "tag",
    ];
    NAMES.get(usize::from(id)).copied().unwrap_or("unknown")
}
