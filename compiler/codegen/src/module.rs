//! The parts of a module, put together.

use std::collections::{BTreeMap, BTreeSet};

use pmc_abi::frame::FrameLayout;
use pmc_abi::manifest::Manifest;
use pmc_abi::{MANIFEST_SECTION, export};
use pmc_backend::Description;
use pmc_diagnostics::Diagnostics;
use pmc_ir as ir;
use wasm_encoder::{
    CodeSection, ConstExpr, CustomSection, DataSection, ExportKind, ExportSection, Function, FunctionSection,
    GlobalSection, GlobalType, MemorySection, MemoryType, Module, NameMap, NameSection, ProducersField,
    ProducersSection, ValType,
};

use crate::constants::{self, ALIGNMENT, Constants};
use crate::functions::{self, Mathematics, ModelFunctions, Places, TooLarge};
use crate::link::data::{live_data, trim};
use crate::link::{Import, Kernel, Live, Numbering};
use crate::types::Types;
use crate::{EmitOptions, Names, parts};

/// Bytes of a page of memory.
const PAGE: u64 = 1 << 16;

/// What exported functions of a plugin are called.
const PLUGIN: &str = "plugin_";

/// What exported functions of the kernel's mathematics are called.
const MATHEMATICS: &str = "math_";

/// Links a program with a kernel.
pub(crate) fn assemble(
    program: &ir::Program,
    manifest: &Manifest,
    kernel: &Kernel<'_>,
    options: &EmitOptions,
) -> Result<Vec<u8>, Diagnostics> {
    let description = Description::new(program);
    let layout = description.layout;
    let linked = Linked::new(program, layout, kernel);
    let manifest = constants::manifest_text(manifest);
    let start = kernel.heap_base.next_multiple_of(ALIGNMENT);
    let mut constants = Constants::new(&program.module.name, &description, &manifest, start);
    let places = Places {
        first_index: linked.numbering.number_of_functions(),
        mathematics: &linked.mathematics,
        descriptor: constants.address,
        scratch: constants.end().next_multiple_of(ALIGNMENT),
        most_code: options.maximum_module_bytes,
    };
    let model = functions::emit(program, layout, &places, |name| linked.calls(name)).map_err(|TooLarge| {
        let mut diagnostics = Diagnostics::new();
        diagnostics.module_code_exceeded();
        diagnostics
    })?;
    let heap_start = model.scratch_end.next_multiple_of(ALIGNMENT);
    constants.set_heap_start(heap_start);
    check_memory(program, layout, heap_start, options)?;
    Ok(Assembly { kernel, linked, model, constants, manifest, heap_start, options }.finish())
}

/// Returns the most pages that the memory may have.
fn maximum_pages(options: &EmitOptions) -> u64 {
    u64::from(options.maximum_memory_pages).min((1 << 32) / PAGE)
}

/// Checks that what the kernel needs at the very least has room.
fn check_memory(
    program: &ir::Program,
    layout: FrameLayout,
    heap_start: u32,
    options: &EmitOptions,
) -> Result<(), Diagnostics> {
    let mut diagnostics = Diagnostics::new();
    let states = program.module.states.len() as u64;
    let particles = u64::from(program.module.options.particles);
    let outputs = program.module.outputs.len() as u64;
    let numbers = u64::from(layout.len()) + states + particles * (states + outputs);
    let needed = u64::from(heap_start) + 8 * numbers;
    let maximum = maximum_pages(options) * PAGE;
    if maximum < needed {
        diagnostics.module_memory_exceeded(needed, maximum);
    }
    if diagnostics.is_empty() { Ok(()) } else { Err(diagnostics) }
}

/// What of the kernel a model needs.
struct Linked {
    live: Live,
    numbering: Numbering,
    mathematics: Mathematics,
    /// The functions of the model that are called.
    model: BTreeSet<String>,
    /// Exports of the module, with their new indices.
    exports: Vec<(String, u32)>,
}

impl Linked {
    /// Finds what of a kernel a program needs.
    fn new(program: &ir::Program, layout: FrameLayout, kernel: &Kernel<'_>) -> Self {
        let parts = parts::needed(program);
        let index_of = |name: &str| kernel.exports.get(name).copied();
        let plugin = kernel.exports.keys().filter(|name| name.starts_with(PLUGIN));
        let mut live = Live::default();
        live.walk(kernel, &parts, plugin.filter_map(|name| index_of(name)));
        let model: BTreeSet<String> = live
            .model
            .iter()
            .filter_map(|import| match &kernel.imports[*import] {
                Import::Model { name } => Some((*name).to_owned()),
                Import::Part { .. } => None,
            })
            .collect();
        let called = functions::functions_called(program, layout, |name| model.contains(name));
        let names: BTreeMap<ir::Function, String> = called
            .into_iter()
            .map(|function| (function, format!("{MATHEMATICS}{}", function.name())))
            .collect();
        live.walk(kernel, &parts, names.values().filter_map(|name| index_of(name)));
        let numbering = Numbering::new(&live);
        let index = |name: &str| {
            numbering
                .export(kernel, name)
                .unwrap_or_else(|| unreachable!("tested: the kernel exports `{name}`"))
        };
        let mathematics = names.iter().map(|(function, name)| (*function, index(name))).collect();
        let plugin = kernel.exports.keys().filter(|name| name.starts_with(PLUGIN));
        let exports = plugin.map(|name| ((*name).to_owned(), index(name))).collect();
        Self { live, numbering, mathematics, model, exports }
    }

    /// Returns whether a function of the model is called.
    fn calls(&self, name: &str) -> bool {
        self.model.contains(name)
    }
}

/// Everything that goes into a module.
struct Assembly<'a> {
    kernel: &'a Kernel<'a>,
    linked: Linked,
    model: ModelFunctions,
    constants: Constants,
    manifest: String,
    heap_start: u32,
    options: &'a EmitOptions,
}

impl Assembly<'_> {
    /// Writes all sections.
    fn finish(&self) -> Vec<u8> {
        let mut types = Types::default();
        let functions = self.functions(&mut types);
        let code = self.code();
        let mut module = Module::new();
        module.section(&types.section());
        module.section(&functions);
        module.section(&self.memory());
        module.section(&self.globals());
        module.section(&self.exports());
        module.section(&code);
        module.section(&self.data());
        module.section(&self.names());
        module.section(&producers());
        module
            .section(&CustomSection { name: MANIFEST_SECTION.into(), data: self.manifest.as_bytes().into() });
        module.finish()
    }

    /// Returns the types of all functions: first the kernel's, then the model's.
    fn functions(&self, types: &mut Types) -> FunctionSection {
        let mut section = FunctionSection::new();
        for function in &self.linked.live.functions {
            let of = &self.kernel.types[self.kernel.functions[*function].type_index as usize];
            section.function(types.of_kernel(of));
        }
        for function in &self.model.functions {
            section.function(types.of(function.parameters, function.results));
        }
        for (_, type_index) in self.absent() {
            section.function(types.of_kernel(&self.kernel.types[type_index as usize]));
        }
        section
    }

    /// Returns the parts that are called but left out, by index among the kernel's imports, with their types.
    fn absent(&self) -> impl Iterator<Item = (usize, u32)> {
        let of = |import: usize| match self.kernel.imports[import] {
            Import::Part { type_index, .. } => Some((import, type_index)),
            Import::Model { .. } => None,
        };
        self.linked.live.absent.iter().filter_map(move |import| of(*import))
    }

    /// Returns the index of the first function that stands for an absent part.
    fn first_absent(&self) -> u32 {
        self.linked.numbering.number_of_functions() + self.model.functions.len() as u32
    }

    /// Returns the bodies of all functions.
    fn code(&self) -> CodeSection {
        let mut section = CodeSection::new();
        let absent = self.absent().map(|(import, _)| import).zip(self.first_absent()..).collect();
        self.linked.numbering.write(self.kernel, &self.model.imports, &absent, &mut section);
        for function in &self.model.functions {
            section.function(&function.body);
        }
        for _ in &absent {
            let mut trap = Function::new([]);
            trap.instructions().unreachable().end();
            section.function(&trap);
        }
        section
    }

    /// Returns the memory: large enough for all constants.
    fn memory(&self) -> MemorySection {
        let mut section = MemorySection::new();
        section.memory(MemoryType {
            minimum: u64::from(self.heap_start).div_ceil(PAGE),
            maximum: Some(maximum_pages(self.options)),
            memory64: false,
            shared: false,
            page_size_log2: None,
        });
        section
    }

    /// Returns the live globals of the kernel.
    fn globals(&self) -> GlobalSection {
        let mut section = GlobalSection::new();
        for global in &self.linked.live.globals {
            let global = self.kernel.globals[*global as usize];
            let of = GlobalType { val_type: ValType::I32, mutable: global.mutable, shared: false };
            section.global(of, &ConstExpr::i32_const(global.initial));
        }
        section
    }

    /// Returns the exports.
    fn exports(&self) -> ExportSection {
        let mut section = ExportSection::new();
        section.export(export::MEMORY, ExportKind::Memory, 0);
        for (name, index) in &self.linked.exports {
            section.export(name, ExportKind::Func, *index);
        }
        section
    }

    /// Returns the first contents of the memory.
    fn data(&self) -> DataSection {
        let mut section = DataSection::new();
        let constants = trim(self.constants.address, &self.constants.bytes);
        for contents in live_data(self.kernel, &self.linked.live).into_iter().chain(constants) {
            section.active(0, &ConstExpr::i32_const(contents.address.cast_signed()), contents.bytes);
        }
        section
    }

    /// Returns the names of functions.
    fn names(&self) -> NameSection {
        let mut names: BTreeMap<u32, &str> = BTreeMap::new();
        if self.options.names == Names::All {
            for (index, function) in (0..).zip(&self.linked.live.functions) {
                names.extend(self.kernel.functions[*function].name.map(|name| (index, name)));
            }
        }
        names.extend(self.linked.exports.iter().map(|(name, index)| (*index, name.as_str())));
        for (function, index) in &self.linked.mathematics {
            names.entry(*index).or_insert(function.name());
        }
        let first = self.linked.numbering.number_of_functions();
        names.extend((first..).zip(self.model.functions.iter().map(|function| function.name.as_str())));
        let mut map = NameMap::new();
        for (index, name) in names {
            map.append(index, name);
        }
        let mut section = NameSection::new();
        section.functions(&map);
        section
    }
}

/// Returns the section that says what made the module.
fn producers() -> ProducersSection {
    let mut field = ProducersField::new();
    field.value("pmc", env!("CARGO_PKG_VERSION"));
    let mut section = ProducersSection::new();
    section.field("processed-by", &field);
    section
}
