//! What stands around a module.

use serde::Serialize;

use super::{Derived, Module, is_default};

/// What a document says it is.
pub(in crate::wire) const FORMAT: &str = "pmc-ir";

/// A model as a document of pmc-ir, version 1.0; `docs/ir.md` says what it means.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(title = "pmc-ir"))]
pub(in crate::wire) struct Envelope {
    /// What the document is.
    pub(in crate::wire) format: Format,
    /// Which version of the format.
    pub(in crate::wire) version: Version,
    /// What a reader must understand beyond the base; absent: nothing.
    #[serde(default)]
    pub(in crate::wire) features: Vec<String>,
    /// The model.
    pub(in crate::wire) module: Module,
    /// What passes have computed of it; absent: nothing.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) derived: Option<Derived>,
    /// Where it comes from; absent: not known.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) source: Option<Source>,
}

/// What of a document is read first.
pub(in crate::wire) struct Head {
    pub(in crate::wire) version: Version,
    pub(in crate::wire) features: Vec<String>,
}

/// The one word that says what a document is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(in crate::wire) enum Format {
    /// The intermediate representation of a model.
    #[serde(rename = "pmc-ir")]
    Ir,
}

/// A version of the format.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(in crate::wire) struct Version {
    /// Readers reject one that they do not know.
    pub(in crate::wire) major: u32,
    /// Readers accept newer ones and ignore what these add.
    pub(in crate::wire) minor: u32,
}

/// Where a module comes from.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(in crate::wire) struct Source {
    /// The place of each expression in the source text: first byte, and one past the last; may be shorter than
    /// the list of expressions.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) spans: Vec<(u32, u32)>,
}
