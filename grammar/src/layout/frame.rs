//! What the layout knows of the brackets that are open and of the statement that is being read.

use pmc_diagnostics::Span;

/// A bracket that is open, or the whole text.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    /// Which.
    pub(super) kind: FrameKind,
    /// The bracket.
    pub(super) opening: Span,
    /// How the current statement started; `None` between statements.
    pub(super) lead: Option<Lead>,
    /// Conditionals inside the current expression that still wait for their `else`.
    pub(super) open_conditionals: usize,
    /// All conditionals of the current statement, argument or element.
    pub(super) conditionals: usize,
    /// Prefix operators and powers in a row; they nest without brackets.
    pub(super) tight: usize,
    /// Whether the current entry has had its `->`.
    pub(super) after_arrow: bool,
}

impl Frame {
    /// Makes a frame in which nothing has been read.
    pub(super) fn new(kind: FrameKind, opening: Span) -> Self {
        Self {
            kind,
            opening,
            lead: None,
            open_conditionals: 0,
            conditionals: 0,
            tight: 0,
            after_arrow: false,
        }
    }

    /// Returns how many levels the frame adds to the nesting.
    pub(super) fn levels(&self) -> usize {
        1 + self.conditionals + self.tight
    }

    /// Forgets the statement that has ended.
    pub(super) fn end_statement(&mut self) {
        *self = Self::new(self.kind, self.opening);
    }
}

/// What a frame holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FrameKind {
    /// A text in the authoring spelling.
    AuthoringText,
    /// A text in the canonical spelling.
    CanonicalText,
    /// The braces of a canonical model.
    Model,
    /// Braces around statements.
    Statements,
    /// Braces around entries.
    Entries(Entries),
    /// Braces around a value or a set.
    Inline,
    /// Parentheses.
    Parentheses,
    /// Parentheses around arguments.
    Arguments,
    /// The parentheses of the condition of a conditional value.
    Condition,
    /// Square brackets.
    Brackets,
}

/// The entries of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entries {
    /// Declared names.
    Declarations,
    /// Routes.
    Routes,
    /// Properties of a route.
    Properties,
    /// The structure of a closed form.
    Structure,
}

impl FrameKind {
    /// Returns whether line ends separate what the frame holds.
    pub(super) fn has_lines(self) -> bool {
        self != Self::Inline && !self.is_round_or_square()
    }

    /// Returns whether the frame is closed by `)` or `]`.
    pub(super) fn is_round_or_square(self) -> bool {
        matches!(self, Self::Parentheses | Self::Arguments | Self::Condition | Self::Brackets)
    }
}

/// How a statement started, as far as the layout of its rest depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lead {
    /// In no way that matters.
    Plain,
    /// A list of plain names: `params = …`.
    Names,
    /// A list of names with details, or of settings: `param …`, `option …`.
    Declarations,
    /// Random effects, in which `per` is a keyword.
    Effects,
    /// `every`, in which `from` is a keyword.
    Every,
    /// Something that ends in a block.
    Block(FrameKind),
}
