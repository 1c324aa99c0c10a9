use std::collections::{BTreeMap, BTreeSet};

use wasm_encoder::{
    CodeSection, ConstExpr, CustomSection, DataSection, DataSymbolDefinition, Encode, EntityType, ExportKind,
    ExportSection, Function, FunctionSection, GlobalSection, GlobalType, ImportSection, LinkingSection,
    MemorySection, MemoryType, Module, SymbolTable, TypeSection, ValType,
};

use super::data::{Contents, live_data};
use super::kernel::Kernel;
use super::{Live, Numbering};

/// Where the data of the test kernel starts.
const DATA: u32 = 1024;

/// Data symbols of the test kernel: offset in its data, length.
const SYMBOLS: [(u32, u32); 4] = [TABLE, TEXT, LARGE, UNUSED];
const TABLE: (u32, u32) = (0, 8);
const TEXT: (u32, u32) = (8, 4);
const LARGE: (u32, u32) = (64, 32);
const UNUSED: (u32, u32) = (128, 16);

/// Type of relocations of `i32.const`.
const MEMORY_ADDRESS_SLEB: u8 = 4;
/// Type of relocations in data.
const MEMORY_ADDRESS_I32: u8 = 5;

/// What is different from the kernel that links.
#[derive(Default)]
struct Variation {
    import: Option<&'static str>,
    indirect: bool,
    without_heap_base: bool,
    without_relocations: bool,
}

/// Returns a kernel: `plugin_a` calls the model and a helper and reads a table that points to a text;
/// `math_sin` reads a large table; nothing reads the last symbol.
fn kernel(variation: &Variation) -> Vec<u8> {
    let mut types = TypeSection::new();
    types.ty().function([], [ValType::I32]);
    types.ty().function([ValType::I32, ValType::F64], [ValType::F64]);
    let mut imports = ImportSection::new();
    imports.import("model", variation.import.unwrap_or("descriptor"), EntityType::Function(0));
    let mut functions = FunctionSection::new();
    for of in [0, 0, 1] {
        functions.function(of);
    }
    let mut memories = MemorySection::new();
    let memory =
        MemoryType { minimum: 1, maximum: None, memory64: false, shared: false, page_size_log2: None };
    memories.memory(memory);
    let mut globals = GlobalSection::new();
    for (mutable, value) in [(true, 512), (false, 1168)] {
        let of = GlobalType { val_type: ValType::I32, mutable, shared: false };
        globals.global(of, &ConstExpr::i32_const(value));
    }
    let mut exports = ExportSection::new();
    exports.export("plugin_a", ExportKind::Func, 1);
    exports.export("math_sin", ExportKind::Func, 3);
    if !variation.without_heap_base {
        exports.export("__heap_base", ExportKind::Global, 1);
    }
    let mut data = DataSection::new();
    data.active(0, &ConstExpr::i32_const(DATA.cast_signed()), data_bytes());
    let code = code(variation);
    let mut module = Module::new();
    module.section(&types).section(&imports).section(&functions).section(&memories).section(&globals);
    module.section(&exports).section(&code).section(&data);
    module.section(&linking());
    if !variation.without_relocations {
        let of = |symbol: (u32, u32)| position(&code, &address(symbol));
        module.section(&relocations("reloc.CODE", 6, MEMORY_ADDRESS_SLEB, &[(of(TABLE), 0), (of(LARGE), 2)]));
        let pointer = position(&data, &(DATA + TEXT.0).to_le_bytes());
        module.section(&relocations("reloc.DATA", 7, MEMORY_ADDRESS_I32, &[(pointer, 1)]));
    }
    module.finish()
}

/// Returns the data: a pointer to the text, the text, and numbers.
fn data_bytes() -> Vec<u8> {
    let mut bytes = vec![0; 144];
    bytes[..4].copy_from_slice(&(DATA + TEXT.0).to_le_bytes());
    bytes[8..12].copy_from_slice(b"text");
    bytes[64..96].fill(7);
    bytes[128..144].fill(9);
    bytes
}

/// Returns the bodies of `plugin_a`, its helper and `math_sin`.
fn code(variation: &Variation) -> CodeSection {
    let mut first = Function::new([]);
    first.instructions().global_get(0).drop().call(0).drop();
    first.instructions().call(2).drop();
    if variation.indirect {
        first.instructions().i32_const(0).call_indirect(0, 0).drop();
    }
    first.raw([0x41]).raw(address(TABLE));
    first.instructions().end();
    let mut helper = Function::new([]);
    helper.instructions().i32_const(7).end();
    let mut sin = Function::new([]);
    sin.raw([0x41]).raw(address(LARGE));
    sin.instructions().drop().f64_const(0.5.into()).f64_const(1.5.into());
    sin.instructions().local_get(0).i32_eqz().select().end();
    let mut code = CodeSection::new();
    code.function(&first).function(&helper).function(&sin);
    code
}

/// Returns the address of a symbol as linkers write it: padded to five bytes.
fn address(symbol: (u32, u32)) -> [u8; 5] {
    let value = DATA + symbol.0;
    let part = |shift: u32| (value >> shift & 0x7f) as u8 | 0x80;
    [part(0), part(7), part(14), part(21), 0]
}

/// Returns the offset of bytes in the contents of a section.
fn position(section: &impl Encode, bytes: &[u8]) -> u32 {
    let mut encoded = Vec::new();
    section.encode(&mut encoded);
    let size = encoded.iter().position(|byte| *byte < 0x80).unwrap() + 1;
    encoded[size..].windows(bytes.len()).position(|part| part == bytes).unwrap() as u32
}

/// Returns the table of symbols.
fn linking() -> LinkingSection {
    let mut symbols = SymbolTable::new();
    for (offset, size) in SYMBOLS {
        symbols.data(0, "symbol", Some(DataSymbolDefinition { index: 0, offset, size }));
    }
    let mut linking = LinkingSection::new();
    linking.symbol_table(&symbols);
    linking
}

/// Returns relocations of one type: offsets and symbols.
fn relocations(name: &str, section: u32, of: u8, entries: &[(u32, u32)]) -> CustomSection<'static> {
    let mut data = Vec::new();
    section.encode(&mut data);
    (entries.len() as u32).encode(&mut data);
    for (offset, symbol) in entries {
        data.push(of);
        offset.encode(&mut data);
        symbol.encode(&mut data);
        0_i32.encode(&mut data);
    }
    CustomSection { name: name.to_owned().into(), data: data.into() }
}

/// Returns what is wrong with a kernel.
fn error(variation: &Variation) -> String {
    Kernel::parse(&kernel(variation)).err().unwrap().to_string()
}

/// Returns what is live from some functions, without parts.
fn walk<const N: usize>(kernel: &Kernel<'_>, roots: [u32; N]) -> Live {
    let mut live = Live::default();
    live.walk(kernel, &BTreeSet::new(), roots);
    live
}

#[test]
fn only_what_the_roots_reach_is_live() {
    let bytes = kernel(&Variation::default());
    let kernel = Kernel::parse(&bytes).unwrap();
    let live = walk(&kernel, [kernel.exports["plugin_a"]]);
    assert_eq!(live.functions.into_iter().collect::<Vec<_>>(), [0, 1]);
    assert_eq!(live.globals.into_iter().collect::<Vec<_>>(), [0]);
    assert_eq!(live.data.into_iter().collect::<Vec<_>>(), [0, 1]);
    let live = walk(&kernel, [kernel.exports["math_sin"]]);
    assert_eq!(live.functions.into_iter().collect::<Vec<_>>(), [2]);
    assert!(live.globals.is_empty());
    assert_eq!(live.data.into_iter().collect::<Vec<_>>(), [2]);
}

#[test]
fn live_data_keeps_its_addresses_and_near_ranges_merge() {
    let bytes = kernel(&Variation::default());
    let kernel = Kernel::parse(&bytes).unwrap();
    let live = walk(&kernel, [1, 3]);
    let mut head = vec![8, 4, 0, 0, 0, 0, 0, 0];
    head.extend(b"text");
    let expected = [
        Contents { address: DATA, bytes: head },
        Contents { address: DATA + LARGE.0, bytes: vec![7; LARGE.1 as usize] },
    ];
    assert_eq!(live_data(&kernel, &live), expected);
}

#[test]
fn calls_of_the_model_become_calls_of_its_functions() {
    let bytes = kernel(&Variation::default());
    let kernel = Kernel::parse(&bytes).unwrap();
    let live = walk(&kernel, [1]);
    let numbering = Numbering::new(&live);
    assert_eq!(numbering.number_of_functions(), 2);
    assert_eq!(numbering.export(&kernel, "plugin_a"), Some(0));
    assert_eq!(numbering.export(&kernel, "math_sin"), None);
    let mut code = CodeSection::new();
    numbering.write(&kernel, &BTreeMap::from([("descriptor", 17)]), &BTreeMap::new(), &mut code);
    let mut expected = Function::new([]);
    expected.instructions().global_get(0).drop().call(17).drop();
    expected.instructions().call(1).drop().i32_const(DATA.cast_signed()).end();
    let mut helper = Function::new([]);
    helper.instructions().i32_const(7).end();
    let mut expected_code = CodeSection::new();
    expected_code.function(&expected).function(&helper);
    let encoded = |section: &CodeSection| {
        let mut bytes = Vec::new();
        section.encode(&mut bytes);
        bytes
    };
    assert_eq!(encoded(&code), encoded(&expected_code));
}

#[test]
fn kernels_that_cannot_be_linked_are_refused() {
    let unknown = Variation { import: Some("clock"), ..Variation::default() };
    assert_eq!(error(&unknown), "the kernel has the import `clock` of `model`");
    let other_type = Variation { import: Some("initial"), ..Variation::default() };
    assert_eq!(error(&other_type), "the kernel has an import `initial` of another type");
    let indirect = Variation { indirect: true, ..Variation::default() };
    assert_eq!(error(&indirect), "the kernel has an indirect call");
    let no_heap = Variation { without_heap_base: true, ..Variation::default() };
    assert_eq!(error(&no_heap), "the kernel lacks the exported global `__heap_base`");
    let stripped = Variation { without_relocations: true, ..Variation::default() };
    assert_eq!(error(&stripped), "the kernel lacks relocations; link it with `--emit-relocs`");
    assert!(Kernel::parse(b"text").is_err());
}

#[test]
fn the_kernel_of_this_compiler_links_and_has_all_functions() {
    let kernel = &*super::KERNEL;
    for function in pmc_ir::Function::ALL {
        let name = format!("math_{}", function.name());
        assert!(kernel.exports.contains_key(name.as_str()), "{name}");
    }
    for required in pmc_abi::export::REQUIRED.iter().filter(|name| **name != pmc_abi::export::MEMORY) {
        assert!(kernel.exports.contains_key(required), "{required}");
    }
}

/// Runs the body of `math_sin` for both values of its condition in wasmi.
fn run_select(body: &[u8]) -> [f64; 2] {
    let mut types = TypeSection::new();
    types.ty().function([ValType::I32, ValType::F64], [ValType::F64]);
    let mut functions = FunctionSection::new();
    functions.function(0);
    let mut exports = ExportSection::new();
    exports.export("f", ExportKind::Func, 0);
    let mut code = CodeSection::new();
    code.raw(body);
    let mut module = Module::new();
    module.section(&types).section(&functions).section(&exports).section(&code);
    let engine = wasmi::Engine::default();
    let module = wasmi::Module::new(&engine, module.finish()).unwrap();
    let mut store = wasmi::Store::new(&engine, ());
    let instance = wasmi::Linker::new(&engine).instantiate_and_start(&mut store, &module).unwrap();
    let function = instance.get_typed_func::<(u32, f64), f64>(&store, "f").unwrap();
    [0, 1].map(|condition| function.call(&mut store, (condition, 0.0)).unwrap())
}

#[test]
fn a_select_on_a_comparison_with_zero_runs_right_in_wasmi() {
    let bytes = kernel(&Variation::default());
    let kernel = Kernel::parse(&bytes).unwrap();
    assert_eq!(run_select(&kernel.functions[2].template.fill(|_| 0)), [0.5, 1.5]);
}

#[test]
fn wasmi_still_takes_a_comparison_with_zero_and_a_select_for_one() {
    let mut body = Function::new([]);
    body.instructions().f64_const(0.5.into()).f64_const(1.5.into());
    body.instructions().local_get(0).i32_eqz().select().end();
    // FIXME: [0.5, 1.5] is right. Once wasmi gives it, `Template::part_from_select` can go.
    assert_eq!(run_select(&body.into_raw_body()), [0.5, 0.5]);
}
