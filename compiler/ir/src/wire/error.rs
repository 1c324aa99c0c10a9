//! Why a document was refused.

use core::fmt;

#[cfg(feature = "diagnostics")]
use pmc_diagnostics::Diagnostics;

#[cfg(feature = "diagnostics")]
use super::FEATURES;
use super::VERSION;
use crate::IrError;

/// Why a document was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WireError {
    /// The bytes are no document, or one of another format.
    NotADocument(String),
    /// The document has more bytes than the caller allows.
    TooLarge {
        /// How many it has.
        bytes: usize,
        /// How many it may have.
        limit: usize,
    },
    /// The document has more values and names of fields than may be read.
    TooManyValues {
        /// How many it may have.
        limit: usize,
    },
    /// The document is not what its format says.
    Malformed {
        /// Where, by the names of fields and the numbers of items: `module.expressions[12]`; a lone dot for the
        /// document as a whole.
        path: String,
        /// What was found, with line and column of JSON or the byte of CBOR.
        message: String,
    },
    /// A major version that this reader does not know.
    UnknownVersion {
        /// Which.
        major: u32,
    },
    /// The document asks for something that this reader does not know.
    UnknownFeature(String),
    /// The document uses something that it does not name among its features.
    UndeclaredFeature(&'static str),
    /// The module, or what passes have computed of it, breaks rules.
    Invalid(Vec<IrError>),
}

#[cfg(feature = "diagnostics")]
impl WireError {
    /// Returns what there is to say to a user whose document was refused: codes `PK31xx`.
    pub fn to_diagnostics(&self) -> Diagnostics {
        let mut diagnostics = Diagnostics::new();
        match self {
            Self::NotADocument(reason) => diagnostics.not_a_document(reason),
            Self::TooLarge { bytes, limit } => diagnostics.document_too_large(*bytes, *limit),
            Self::TooManyValues { limit } => diagnostics.document_of_too_many_values(*limit),
            Self::Malformed { path, message } => diagnostics.malformed_document(path, message),
            Self::UnknownVersion { major } => diagnostics.document_version(*major, VERSION.0),
            Self::UnknownFeature(name) => diagnostics.document_feature(name, &FEATURES),
            Self::UndeclaredFeature(name) => diagnostics.undeclared_document_feature(name),
            Self::Invalid(broken) => {
                for error in broken {
                    diagnostics.invalid_document(&error.place.to_string(), &error.message);
                }
            }
        }
        diagnostics
    }
}

impl fmt::Display for WireError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotADocument(reason) => {
                write!(formatter, "not a document of the intermediate representation: {reason}")
            }
            Self::TooLarge { bytes, limit } => {
                write!(formatter, "the document has {bytes} bytes, the limit is {limit}")
            }
            Self::TooManyValues { limit } => {
                write!(formatter, "the document has more than {limit} values and names of fields")
            }
            Self::Malformed { path, message } if path == "." => formatter.write_str(message),
            Self::Malformed { path, message } => write!(formatter, "`{path}`: {message}"),
            Self::UnknownVersion { major } => {
                let known = VERSION.0;
                write!(formatter, "the document has version {major} of the format, known is {known}")
            }
            Self::UnknownFeature(name) => write!(formatter, "the document needs the feature {name:?}"),
            Self::UndeclaredFeature(name) => {
                write!(formatter, "the document uses `{name}` and does not name it among its features")
            }
            Self::Invalid(broken) => {
                let mut separator = "";
                for error in broken {
                    write!(formatter, "{separator}{error}")?;
                    separator = "; ";
                }
                Ok(())
            }
        }
    }
}

impl core::error::Error for WireError {}
