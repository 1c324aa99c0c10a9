//! The bodies of the kernel's functions, ready to be given new indices.

use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{Encode, InstructionSink};
use wasmparser::{BlockType, FunctionBody, Operator};

use super::kernel::{KernelError, unsupported};

/// Something that has an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reference {
    /// A function, by its index in the kernel.
    Function(u32),
    /// A global, by its index in the kernel.
    Global(u32),
}

/// The body of a function with holes where indices stand.
#[derive(Debug)]
pub(crate) struct Template {
    bytes: Vec<u8>,
    /// Where an index goes, as an offset in the bytes, and which.
    holes: Vec<(usize, Reference)>,
}

/// Encoded instructions longer than this may hold numbers that the kernel's linker padded to five bytes.
const LONGEST_COPIED: usize = 5;

impl Template {
    /// Reads a body.
    pub(super) fn read(body: &FunctionBody<'_>) -> Result<Self, KernelError> {
        let raw = body.as_bytes();
        let mut reader = body.get_operators_reader()?;
        let offset = |position: u64| (position - body.range().start) as usize;
        let mut template =
            Self { bytes: raw[..offset(reader.original_position())].to_vec(), holes: Vec::new() };
        let mut last = Last::Other;
        while !reader.eof() {
            let start = offset(reader.original_position());
            let operator = reader.read()?;
            if last == Last::ComparedWithZero && matches!(operator, Operator::Select) {
                template.part_from_select();
            }
            last = last.then(&operator);
            template.add(operator, &raw[start..offset(reader.original_position())])?;
        }
        Ok(template)
    }

    /// Returns what the body refers to.
    pub(super) fn references(&self) -> impl Iterator<Item = Reference> + '_ {
        self.holes.iter().map(|(_, reference)| *reference)
    }

    /// Returns the body with the indices that `index_of` gives.
    pub(super) fn fill(&self, index_of: impl Fn(Reference) -> u32) -> Vec<u8> {
        let mut filled = Vec::with_capacity(self.bytes.len() + 2 * self.holes.len());
        let mut start = 0;
        for (end, reference) in &self.holes {
            filled.extend(&self.bytes[start..*end]);
            index_of(*reference).encode(&mut filled);
            start = *end;
        }
        filled.extend(&self.bytes[start..]);
        filled
    }

    /// Adds an instruction, of which `raw` are the bytes.
    fn add(&mut self, operator: Operator<'_>, raw: &[u8]) -> Result<(), KernelError> {
        match operator {
            Operator::Call { function_index } => self.hole(raw, Reference::Function(function_index)),
            Operator::GlobalGet { global_index } | Operator::GlobalSet { global_index } => {
                self.hole(raw, Reference::Global(global_index));
            }
            Operator::CallIndirect { .. } | Operator::RefFunc { .. } => {
                return Err(unsupported("an indirect call"));
            }
            Operator::MemoryInit { .. } | Operator::DataDrop { .. } => {
                return Err(unsupported("a passive segment"));
            }
            Operator::Block { blockty: BlockType::FuncType(_) }
            | Operator::Loop { blockty: BlockType::FuncType(_) }
            | Operator::If { blockty: BlockType::FuncType(_) } => {
                return Err(unsupported("a block with several results"));
            }
            _ if raw.len() <= LONGEST_COPIED => self.bytes.extend(raw),
            operator => RoundtripReencoder
                .instruction(operator)
                .map_err(|error| unsupported(error.to_string()))?
                .encode(&mut self.bytes),
        }
        Ok(())
    }

    /// Adds an instruction of one byte and an index.
    fn hole(&mut self, raw: &[u8], reference: Reference) {
        self.bytes.extend(raw.first());
        self.holes.push((self.bytes.len(), reference));
    }

    /// Adds an operation without effect between a comparison with zero and the `select` that consumes it.
    ///
    /// Without it wasmi 2.0.0 takes both for one instruction, drops the comparison and lets the `select` read
    /// a register that nothing has written.
    fn part_from_select(&mut self) {
        InstructionSink::new(&mut self.bytes).i32_const(1).i32_and();
    }
}

/// What the last instructions were, as far as it matters.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    /// The constant zero.
    Zero,
    /// A comparison of an integer with zero.
    ComparedWithZero,
    /// Anything else.
    Other,
}

impl Last {
    /// Returns what the last instructions are after one more.
    fn then(self, operator: &Operator<'_>) -> Self {
        match operator {
            Operator::I32Const { value: 0 } => Self::Zero,
            Operator::I32Eqz => Self::ComparedWithZero,
            Operator::I32Eq | Operator::I32Ne if self == Self::Zero => Self::ComparedWithZero,
            _ => Self::Other,
        }
    }
}
