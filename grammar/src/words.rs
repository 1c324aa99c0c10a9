//! How nodes are written: the words and symbols of the language.

use core::fmt::Write;

use crate::ast::{BinaryOperator, RouteKind, SectionKind, TargetKind, UnaryOperator, Unit};

/// Returns the word that opens a section.
pub(crate) fn section_word(kind: SectionKind) -> &'static str {
    match kind {
        SectionKind::Derive => "derive",
        SectionKind::Dynamics => "dynamics",
        SectionKind::Drift => "drift",
        SectionKind::Diffusion => "diffusion",
        SectionKind::Init => "init",
        SectionKind::Outputs => "outputs",
        SectionKind::Secondary => "secondary",
    }
}

/// Returns the word of a kind of route.
pub(crate) fn route_word(kind: RouteKind) -> &'static str {
    match kind {
        RouteKind::Bolus => "bolus",
        RouteKind::Infusion => "infusion",
        RouteKind::Dose => "dose",
    }
}

impl TargetKind {
    /// Returns the word before the parentheses of a target; of two with one meaning, the usual one.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Derivative => "ddt",
            Self::Noise => "noise",
            Self::Initial => "init",
            Self::Past => "past",
            Self::Output => "out",
            Self::Lag => "lag",
            Self::Bioavailability => "fa",
            Self::Rate => "rate",
            Self::Duration => "dur",
        }
    }
}

/// Returns the symbol of a prefix operator.
pub(crate) fn unary_symbol(operator: UnaryOperator) -> &'static str {
    match operator {
        UnaryOperator::Plus => "+",
        UnaryOperator::Negate => "-",
        UnaryOperator::Not => "!",
    }
}

/// Returns the symbol of an infix operator.
pub(crate) fn binary_symbol(operator: BinaryOperator) -> &'static str {
    match operator {
        BinaryOperator::Or => "||",
        BinaryOperator::And => "&&",
        BinaryOperator::Equal => "==",
        BinaryOperator::NotEqual => "!=",
        BinaryOperator::Less => "<",
        BinaryOperator::LessEqual => "<=",
        BinaryOperator::Greater => ">",
        BinaryOperator::GreaterEqual => ">=",
        BinaryOperator::Add => "+",
        BinaryOperator::Subtract => "-",
        BinaryOperator::Multiply => "*",
        BinaryOperator::Divide => "/",
        BinaryOperator::Power => "^",
    }
}

/// Returns a unit as written after `:`, without white space.
pub(crate) fn unit_text(unit: &Unit) -> String {
    let mut text = String::new();
    for (position, factor) in unit.factors.iter().enumerate() {
        let operator = match (position, factor.divided) {
            (0, _) => "",
            (_, true) => "/",
            (_, false) => "*",
        };
        text.push_str(operator);
        text.push_str(&factor.symbol);
        if factor.power != 1.0 {
            write_formatted(&mut text, format_args!("^{}", factor.power));
        }
    }
    text
}

/// Adds formatted text at the end.
pub(crate) fn write_formatted(text: &mut String, arguments: core::fmt::Arguments<'_>) {
    text.write_fmt(arguments).expect("writing to a string never fails");
}
