//! Reading `kernel.wasm`: a final module with the relocations that say what its functions refer to.
//!
//! Addresses are final. Indices are decoded from the instructions; the `reloc.*` sections are needed only to
//! tell an address in an instruction from a number.

use core::fmt;
use core::ops::Range;
use std::collections::BTreeMap;

use wasmparser::{
    DataKind, DefinedDataSymbol, Export, ExternalKind, FuncType, FunctionBody, KnownCustom, Linking,
    Operator, Parser, Payload, RelocSectionReader, SymbolInfo, TypeRef,
};

use wasm_encoder::ValType;

use pmc_abi::export::part;

use super::template::Template;
use crate::functions::ENTRIES;
use crate::types::value_type;

/// The name of the linker's symbol for the end of all data.
const HEAP_BASE: &str = "__heap_base";

/// Why a module is not a kernel.
#[derive(Debug)]
pub(crate) enum KernelError {
    /// It is not a WebAssembly module.
    Malformed(wasmparser::Error),
    /// It has something that the linker does not handle.
    Unsupported(String),
    /// It lacks something.
    Missing(&'static str),
}

impl From<wasmparser::Error> for KernelError {
    fn from(error: wasmparser::Error) -> Self {
        Self::Malformed(error)
    }
}

impl fmt::Display for KernelError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(error) => write!(formatter, "the kernel is not a module: {error}"),
            Self::Unsupported(what) => write!(formatter, "the kernel has {what}"),
            Self::Missing(what) => write!(formatter, "the kernel lacks {what}"),
        }
    }
}

/// A function that the kernel defines.
pub(crate) struct KernelFunction<'a> {
    /// The number of its type.
    pub type_index: u32,
    /// Its body.
    pub template: Template,
    /// Where its body stands in the kernel's file.
    range: Range<u64>,
    /// The data symbols whose addresses it holds.
    pub data: Vec<usize>,
    /// Its name, if the kernel says it.
    pub name: Option<&'a str>,
}

/// A global: a number of 32 bits.
#[derive(Clone, Copy)]
pub(crate) struct KernelGlobal {
    /// Whether it changes.
    pub mutable: bool,
    /// Its first value.
    pub initial: i32,
}

/// A function that a kernel imports.
#[derive(Clone)]
pub(crate) enum Import<'a> {
    /// A function of the model.
    Model {
        /// Its name.
        name: &'a str,
    },
    /// A function of its own that not every model needs.
    Part {
        /// The number of its type.
        type_index: u32,
        /// The functions that it may be, by name and index; the first that a model needs counts.
        exports: Vec<(&'a str, u32)>,
    },
}

/// A piece of the memory's first contents.
pub(crate) struct Segment<'a> {
    /// Where it starts in memory.
    pub address: u32,
    /// What it holds.
    pub bytes: &'a [u8],
    /// Where it starts in the data section.
    section_offset: usize,
}

/// A named range of the first contents.
pub(crate) struct DataSymbol {
    /// The range, in bytes of memory.
    pub range: Range<u32>,
    /// The data symbols whose addresses it holds.
    pub data: Vec<usize>,
}

/// The parts of a kernel.
pub(crate) struct Kernel<'a> {
    /// Types of functions.
    pub types: Vec<FuncType>,
    /// What it imports; these have the first indices.
    pub imports: Vec<Import<'a>>,
    /// Functions that it defines; their indices follow those of the imports.
    pub functions: Vec<KernelFunction<'a>>,
    /// Globals.
    pub globals: Vec<KernelGlobal>,
    /// Functions that it exports.
    pub exports: BTreeMap<&'a str, u32>,
    /// First contents of the memory.
    pub segments: Vec<Segment<'a>>,
    /// Data symbols; entries of other kinds are empty ranges.
    pub symbols: Vec<DataSymbol>,
    /// The address from which the memory is free.
    pub heap_base: u32,
}

impl<'a> Kernel<'a> {
    /// Reads a kernel.
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Self, KernelError> {
        let mut reader = Reader::default();
        for payload in Parser::new(0).parse_all(bytes) {
            reader.payload(payload?)?;
        }
        reader.finish()
    }

    /// Returns the number of a defined function; `None` for an import.
    pub(crate) fn defined(&self, index: u32) -> Option<usize> {
        (index as usize).checked_sub(self.imports.len())
    }
}

/// A relocation: an offset in a section and the symbol whose address or index stands there.
type Relocation = (usize, usize);

/// An import as it is written.
struct Imported<'a> {
    name: &'a str,
    is_part: bool,
    type_index: u32,
}

/// What has been read.
#[derive(Default)]
struct Reader<'a> {
    types: Vec<FuncType>,
    imports: Vec<Imported<'a>>,
    type_indices: Vec<u32>,
    functions: Vec<KernelFunction<'a>>,
    globals: Vec<KernelGlobal>,
    exports: BTreeMap<&'a str, u32>,
    heap_base: Option<u32>,
    segments: Vec<Segment<'a>>,
    symbols: Vec<Option<DefinedDataSymbol>>,
    heap_base_symbol: Option<usize>,
    names: BTreeMap<u32, &'a str>,
    code_start: usize,
    code_relocations: Vec<Relocation>,
    data_relocations: Vec<Relocation>,
}

impl<'a> Reader<'a> {
    /// Reads one part.
    fn payload(&mut self, payload: Payload<'a>) -> Result<(), KernelError> {
        match payload {
            Payload::TypeSection(section) => {
                for group in section.into_iter_err_on_gc_types() {
                    self.types.push(group?);
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    self.import(&import?)?;
                }
            }
            Payload::FunctionSection(section) => {
                for type_index in section {
                    self.type_indices.push(type_index?);
                }
            }
            Payload::GlobalSection(section) => {
                for global in section {
                    self.global(&global?)?;
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    self.export(export?);
                }
            }
            Payload::CodeSectionStart { unchecked_range, .. } => {
                self.code_start = unchecked_range.start as usize;
            }
            Payload::CodeSectionEntry(body) => self.function(&body)?,
            Payload::DataSection(section) => {
                let start = section.range().start as usize;
                for data in section {
                    self.segment(&data?, start)?;
                }
            }
            Payload::CustomSection(section) => self.custom(section.as_known())?,
            Payload::TableSection(_) | Payload::ElementSection(_) | Payload::StartSection { .. } => {
                return Err(unsupported("a table or a start function"));
            }
            _ => {}
        }
        Ok(())
    }

    /// Reads an import.
    fn import(&mut self, import: &wasmparser::Import<'a>) -> Result<(), KernelError> {
        let is_part = import.module == part::MODULE;
        let known = import.module == pmc_abi::export::model::MODULE
            && ENTRIES.iter().any(|entry| entry.name == import.name);
        match import.ty {
            TypeRef::Func(type_index) if known || is_part => {
                self.imports.push(Imported { name: import.name, is_part, type_index });
            }
            _ => return Err(unsupported(format!("the import `{}` of `{}`", import.name, import.module))),
        }
        Ok(())
    }

    /// Reads a global.
    fn global(&mut self, global: &wasmparser::Global<'a>) -> Result<(), KernelError> {
        let Operator::I32Const { value } = global.init_expr.get_operators_reader().read()? else {
            return Err(unsupported("a global that is not a constant of 32 bits"));
        };
        self.globals.push(KernelGlobal { mutable: global.ty.mutable, initial: value });
        Ok(())
    }

    /// Reads an export.
    fn export(&mut self, export: Export<'a>) {
        match export.kind {
            ExternalKind::Func => {
                self.exports.insert(export.name, export.index);
            }
            ExternalKind::Global if export.name == HEAP_BASE => {
                let global = self.globals.get(export.index as usize);
                self.heap_base = global.map(|global| global.initial.cast_unsigned());
            }
            _ => {}
        }
    }

    /// Reads a function.
    fn function(&mut self, body: &FunctionBody<'a>) -> Result<(), KernelError> {
        let type_index = self.type_indices.get(self.functions.len()).copied();
        let type_index = type_index.ok_or(KernelError::Missing("the type of a function"))?;
        let template = Template::read(body)?;
        let range = body.range();
        self.functions.push(KernelFunction { type_index, template, range, data: Vec::new(), name: None });
        Ok(())
    }

    /// Reads a segment of the data section, which starts at `section_start` in the file.
    fn segment(&mut self, data: &wasmparser::Data<'a>, section_start: usize) -> Result<(), KernelError> {
        let DataKind::Active { memory_index: 0, offset_expr } = &data.kind else {
            return Err(unsupported("a passive segment"));
        };
        let Operator::I32Const { value } = offset_expr.get_operators_reader().read()? else {
            return Err(unsupported("a segment without a fixed address"));
        };
        let section_offset = data.range.end as usize - data.data.len() - section_start;
        self.segments.push(Segment { address: value.cast_unsigned(), bytes: data.data, section_offset });
        Ok(())
    }

    /// Reads a custom section.
    fn custom(&mut self, section: KnownCustom<'a>) -> Result<(), KernelError> {
        match section {
            KnownCustom::Linking(linking) => {
                for part in linking {
                    if let Linking::SymbolTable(symbols) = part? {
                        for symbol in symbols {
                            self.symbol(&symbol?);
                        }
                    }
                }
            }
            KnownCustom::Reloc(section) => self.relocations(&section)?,
            KnownCustom::Name(names) => {
                for part in names {
                    if let wasmparser::Name::Function(map) = part? {
                        for naming in map {
                            let naming = naming?;
                            self.names.insert(naming.index, naming.name);
                        }
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Reads a symbol.
    fn symbol(&mut self, symbol: &SymbolInfo<'a>) {
        let mut defined = None;
        if let SymbolInfo::Data { symbol, name, .. } = symbol {
            defined = *symbol;
            if *name == HEAP_BASE {
                self.heap_base_symbol = Some(self.symbols.len());
            }
        }
        self.symbols.push(defined);
    }

    /// Reads the relocations of the code or the data section that refer to data.
    fn relocations(&mut self, section: &RelocSectionReader<'a>) -> Result<(), KernelError> {
        use wasmparser::RelocationType::{MemoryAddrI32, MemoryAddrLeb, MemoryAddrSleb};
        for entry in section.entries() {
            let entry = entry?;
            let relocation = (entry.offset as usize, entry.index as usize);
            match entry.ty {
                MemoryAddrLeb | MemoryAddrSleb => self.code_relocations.push(relocation),
                MemoryAddrI32 => self.data_relocations.push(relocation),
                _ => {}
            }
        }
        Ok(())
    }
}

impl<'a> Reader<'a> {
    /// Attaches relocations and names to what they belong to.
    fn finish(mut self) -> Result<Kernel<'a>, KernelError> {
        let heap_base = self.heap_base.ok_or(KernelError::Missing("the exported global `__heap_base`"))?;
        if self.code_relocations.is_empty() {
            return Err(KernelError::Missing("relocations; link it with `--emit-relocs`"));
        }
        let mut symbols = self.data_symbols()?;
        for (offset, symbol) in &self.data_relocations {
            let address = self.address_of(*offset).ok_or(KernelError::Missing("data under a relocation"))?;
            for owner in symbols.iter_mut().filter(|owner| owner.range.contains(&address)) {
                owner.data.push(*symbol);
            }
        }
        for (offset, symbol) in &self.code_relocations {
            if self.heap_base_symbol == Some(*symbol) {
                return Err(unsupported("its own `__heap_base`; the descriptor says where the heap starts"));
            }
            let position = (self.code_start + offset) as u64;
            let owner = self.functions.partition_point(|function| function.range.end <= position);
            let owner =
                self.functions.get_mut(owner).ok_or(KernelError::Missing("code under a relocation"))?;
            owner.data.push(*symbol);
        }
        for (index, function) in (self.imports.len() as u32..).zip(&mut self.functions) {
            function.name = self.names.get(&index).copied();
        }
        let imports = self.imports()?;
        Ok(Kernel {
            types: self.types,
            imports,
            functions: self.functions,
            globals: self.globals,
            exports: self.exports,
            segments: self.segments,
            symbols,
            heap_base,
        })
    }

    /// Returns the ranges of memory that symbols name.
    fn data_symbols(&self) -> Result<Vec<DataSymbol>, KernelError> {
        let range_of = |symbol: &DefinedDataSymbol| {
            let start = self.segments.get(symbol.index as usize)?.address.checked_add(symbol.offset)?;
            Some(start..start.checked_add(symbol.size)?)
        };
        let symbols = self.symbols.iter().map(|symbol| {
            let range = symbol.as_ref().map_or(Some(0..0), range_of);
            let range = range.ok_or(KernelError::Missing("the segment of a symbol"))?;
            Ok(DataSymbol { range, data: Vec::new() })
        });
        symbols.collect()
    }

    /// Returns the address of the memory that a byte of the data section fills.
    fn address_of(&self, offset: usize) -> Option<u32> {
        self.segments.iter().find_map(|segment| {
            let within = offset.checked_sub(segment.section_offset)?;
            (within < segment.bytes.len()).then(|| segment.address + within as u32)
        })
    }

    /// Checks that the kernel calls the model's functions and its own parts as they are.
    fn imports(&self) -> Result<Vec<Import<'a>>, KernelError> {
        self.imports.iter().map(|import| self.resolve(import)).collect()
    }

    /// Returns the index of a part that has a type.
    fn part(&self, name: &str, type_index: u32) -> Option<u32> {
        let export = *self.exports.get(format!("{}{name}", part::PREFIX).as_str())?;
        let found = self.functions.get((export as usize).checked_sub(self.imports.len())?)?;
        (found.type_index == type_index).then_some(export)
    }

    fn resolve(&self, import: &Imported<'a>) -> Result<Import<'a>, KernelError> {
        let Imported { name, is_part, type_index } = *import;
        let agrees = if is_part {
            let of_itself = [name];
            let names = if name == part::INTEGRATE { part::METHODS } else { &of_itself };
            let exports = names.iter().map(|name| Some((*name, self.part(name, type_index)?)));
            if let Some(exports) = exports.collect() {
                return Ok(Import::Part { type_index, exports });
            }
            false
        } else {
            let found = self.types.get(type_index as usize);
            let entry = ENTRIES.iter().find(|entry| entry.name == name);
            found.zip(entry).is_some_and(|(found, entry)| {
                same_types(found.params(), entry.parameters) && same_types(found.results(), entry.results)
            })
        };
        if agrees {
            return Ok(Import::Model { name });
        }
        Err(unsupported(format!("an import `{name}` of another type")))
    }
}

/// Returns whether parsed types are those of a signature.
fn same_types(found: &[wasmparser::ValType], expected: &[ValType]) -> bool {
    found.iter().map(|of| value_type(*of)).eq(expected.iter().copied())
}

/// Returns the error that the kernel has something that the linker does not handle.
pub(super) fn unsupported(what: impl Into<String>) -> KernelError {
    KernelError::Unsupported(what.into())
}
