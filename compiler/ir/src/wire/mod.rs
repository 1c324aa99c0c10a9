//! The wire format: modules as documents that other programs read and write.
//!
//! A document is an envelope that says what it is, in which version, and what a reader must understand;
//! in it the module, with what passes have computed of it if it is a program, and its places in the source.
//! It is written as JSON or as CBOR, and is the same value in both. `docs/ir.md` specifies it in full.
//!
//! 1. `types`: what documents are made of, apart from the types in memory.
//! 2. `from_module` and `into_module`: conversions.
//! 3. `json` and `cbor`: the two encodings.
//! 4. `tree` and `from_tree`: both encodings as one tree of values, and what is made of it.
//! 5. `locate`: line and column, or the byte, of what was wrong.
//! 6. [`read`]: from bytes that nobody vouches for to a valid module; after `Ok` nothing behind it panics.

mod cbor;
mod error;
mod features;
mod from_module;
mod from_tree;
mod into_module;
mod json;
mod locate;
mod tree;
mod types;

#[cfg(test)]
mod tests;

use self::tree::Tree;
use self::types::{Envelope, FORMAT, Format, Head, Source, Version};
use crate::validate::{validate_authored, validate_unstaged};
use crate::{IrError, Module, Place, Program, Rule, Staging, stage};

pub use self::error::WireError;
pub use self::features::{FEATURES, features_of};

/// The version that is written, major and minor.
pub const VERSION: (u32, u32) = (1, 0);

/// How deeply lists and objects may nest: as deeply as the library that reads JSON lets them. Documents of this version
/// need ten levels.
const DEPTH: usize = 127;

/// The relative tolerance of modules that name none.
const RELATIVE_TOLERANCE: f64 = 1e-6;

/// The absolute tolerance of modules that name none.
const ABSOLUTE_TOLERANCE: f64 = 1e-9;

/// What a document holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Document {
    /// A module as a front end makes it.
    Module(Module),
    /// A module with what passes have computed of it.
    Program(Program),
}

impl Document {
    /// Returns the module.
    pub const fn module(&self) -> &Module {
        match self {
            Self::Module(module) => module,
            Self::Program(program) => &program.module,
        }
    }
}

/// The encodings of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Text.
    Json,
    /// Bytes.
    Cbor,
}

impl Encoding {
    /// Tells by its first bytes how a document is encoded; nothing if it cannot be one.
    ///
    /// A module of WebAssembly never looks like a document, nor does the text of a model: it starts neither
    /// with a brace nor with a byte that cannot start a character.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        match bytes.trim_ascii_start().first() {
            Some(b'{') => Some(Self::Json),
            _ => match bytes.first() {
                Some(0xa0..=0xbf) => Some(Self::Cbor),
                _ => None,
            },
        }
    }
}

/// What a caller allows a document to be; the counts that a module may have are in
/// [`limits`](crate::limits).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most bytes.
    pub bytes: usize,
    /// The most expressions of a program, in which passes have added to those of the module.
    pub program_expressions: usize,
}

impl Limits {
    /// Returns limits beyond any model known to us: reading takes seconds and less than a gigabyte of memory, also of
    /// documents that are made to take as much as they can.
    pub const fn generous() -> Self {
        Self { bytes: 64 << 20, program_expressions: 2_000_000 }
    }

    /// Returns the most values and names of fields: one for every four bytes, less than which no large document takes, so
    /// that what is read is not many times as large as what it is read from. A million is not worth counting.
    const fn values(&self) -> usize {
        let values = self.bytes / 4;
        if values < 1 << 20 { 1 << 20 } else { values }
    }
}

/// Writes a document as JSON, with a line feed at its end; equal documents give equal bytes.
pub fn to_json(document: &Document) -> String {
    json::write(&envelope(document))
}

/// Writes a document as CBOR, in the core deterministic encoding of RFC 8949; equal documents give equal bytes.
pub fn to_cbor(document: &Document) -> Vec<u8> {
    cbor::write(&envelope(document))
}

/// Reads a document in either encoding, and checks all that passes and back ends rely on.
///
/// Stages of a program are not part of a document; they are computed here.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Document, WireError> {
    let bytes = without_mark(bytes);
    read_compactly(bytes, limits).map_err(|error| match (error, Encoding::of(bytes)) {
        (WireError::Malformed { path, message }, Some(encoding)) if path != "." => {
            let message = format!("{message}{}", locate::locate(bytes, encoding, &path));
            WireError::Malformed { path, message }
        }
        (error, _) => error,
    })
}

/// Returns a document without what some programs write in front of one to say what it is: the byte order mark of UTF-8
/// before JSON, or the tag of self-described CBOR (RFC 8949, section 3.4.6). Other bytes stay as they are.
pub fn without_mark(bytes: &[u8]) -> &[u8] {
    let marks: [(&[u8], Encoding); 2] =
        [(b"\xef\xbb\xbf", Encoding::Json), (b"\xd9\xd9\xf7", Encoding::Cbor)];
    let unmarked = |(mark, encoding): &(&[u8], Encoding)| {
        bytes.strip_prefix(*mark).filter(|rest| Encoding::of(rest) == Some(*encoding))
    };
    marks.iter().find_map(unmarked).unwrap_or(bytes)
}

/// Reads what [`read`] reads, with less code linked, for programs whose size matters.
///
/// Errors name the path to what is wrong, but neither line nor byte.
pub fn read_compactly(bytes: &[u8], limits: &Limits) -> Result<Document, WireError> {
    let bytes = without_mark(bytes);
    let tree = tree::read(bytes, encoding_within(bytes, limits)?, limits.values())?;
    let head = head(&tree)?;
    let envelope: Envelope = tree::decode(&tree)?;
    // There is no need to hold both, and the module as well.
    drop(tree);
    let document = document(envelope, limits)?;
    features::check_declared(&head.features, document.module())?;
    Ok(document)
}

/// Returns how a document is encoded, unless it is too large or none.
fn encoding_within(bytes: &[u8], limits: &Limits) -> Result<Encoding, WireError> {
    if limits.bytes < bytes.len() {
        return Err(WireError::TooLarge { bytes: bytes.len(), limit: limits.bytes });
    }
    Encoding::of(bytes).ok_or_else(|| {
        let message = "it starts neither like JSON nor like CBOR";
        WireError::NotADocument(message.to_owned())
    })
}

/// Reads what a document says of itself, and refuses those that are none, or not known; of a version that is not known
/// nothing else can be.
fn head(tree: &Tree<'_>) -> Result<Head, WireError> {
    match tree.fields()?.find("format")? {
        Some(Tree::Text(format)) if **format == *FORMAT => {}
        Some(Tree::Text(format)) => {
            return Err(WireError::NotADocument(format!(
                "its format is {:?}, expected {FORMAT:?}",
                &**format
            )));
        }
        _ => return Err(WireError::NotADocument("the field `format` is missing".to_owned())),
    }
    let head: Head = tree::decode(tree)?;
    if head.version.major != VERSION.0 {
        return Err(WireError::UnknownVersion { major: head.version.major });
    }
    features::check_known(&head.features)?;
    Ok(head)
}

fn envelope(document: &Document) -> Envelope {
    let module = document.module();
    let spans = module.spans.iter().map(|span| (span.start, span.end)).collect();
    Envelope {
        format: Format::Ir,
        version: Version { major: VERSION.0, minor: VERSION.1 },
        features: features_of(module).into_iter().map(str::to_owned).collect(),
        module: from_module::module(module),
        derived: match document {
            Document::Module(_) => None,
            Document::Program(program) => Some(from_module::derived(program)),
        },
        source: Some(Source { spans }).filter(|source| !source.spans.is_empty()),
    }
}

fn document(envelope: Envelope, limits: &Limits) -> Result<Document, WireError> {
    let module = into_module::module(envelope.module, envelope.source);
    let Some(derived) = envelope.derived else {
        validate_authored(&module).map_err(WireError::Invalid)?;
        return Ok(Document::Module(module));
    };
    let found = module.expressions.len();
    if limits.program_expressions < found {
        let message = format!("{found} expressions, at most {} are allowed", limits.program_expressions);
        return Err(WireError::Invalid(vec![IrError { rule: Rule::Limit, place: Place::Module, message }]));
    }
    let (jacobian, linearity, events) = into_module::derived(derived);
    let mut program = Program { module, jacobian, staging: Staging::default(), linearity, events };
    validate_unstaged(&program).map_err(WireError::Invalid)?;
    program.staging = stage(&program.module, &program.jacobian);
    Ok(Document::Program(program))
}
